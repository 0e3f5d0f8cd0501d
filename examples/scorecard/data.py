#!/usr/bin/env python3
"""Writes what the tools of a team left in its workspace, six weeks after a release: `python3 data.py FOLDER`. The same bytes every time.

Events of people (JSON Lines), who could use the feature, answers of a survey (CSV), three Lighthouse reports before and after, a scan of
Trivy before and after with its waivers, summaries of k6 before and after, and the audited controls."""

import csv
import datetime
import json
import pathlib
import random
import sys

RELEASED = datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
ELIGIBLE = 4000
PLANS = ("free", "team", "enterprise")


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_events(folder, chance):
    """Three in ten of the eligible people come on a day, and more of them use the quick checkout after the release than before."""
    people = [f"u{number:05d}" for number in range(ELIGIBLE)]
    with (folder / "eligible-users.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["user_id", "plan"])
        rows.writerows([person, PLANS[number % 3]] for number, person in enumerate(people))
    with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
        for day in range(-15, 42):
            for number, person in enumerate(people):
                if chance.random() >= 0.05:
                    continue
                moment = RELEASED + day * DAY + datetime.timedelta(seconds=chance.randrange(86400))
                line = {"time": stamp(moment), "user_id": person, "plan": PLANS[number % 3]}
                file.write(json.dumps({**line, "event": "visit"}) + "\n")
                variant = "treatment" if number % 2 else "control"
                if 0 <= day < 14:
                    file.write(json.dumps({**line, "event": "exposure", "variant": variant}) + "\n")
                if chance.random() < (0.34 if day < 0 else 0.56 if number % 2 else 0.48):
                    file.write(json.dumps({**line, "event": "checkout", "variant": variant}) + "\n")


def write_answers(folder, chance):
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["submitted_at", "user_id", "score"])
        for day in range(-14, 14):
            for number in range(14):
                score = chance.choices((1, 2, 3, 4, 5), (3, 6, 16, 40, 35) if day < 0 else (3, 5, 15, 41, 36))[0]
                rows.writerow([stamp(RELEASED + day * DAY + datetime.timedelta(minutes=number * 97)), f"u{(day * 14 + number) % ELIGIBLE:05d}", score])


def write_pages(folder, chance):
    """As Lighthouse 12 writes it, of all audits those that are looked at."""
    for side, moment, paint in (("main", RELEASED - DAY, 2260), (".", RELEASED + datetime.timedelta(hours=1), 1890)):
        for run in range(3):
            lcp, tbt = paint + chance.randrange(-90, 90), 120 + chance.randrange(-15, 15)
            audits = {"first-contentful-paint": lcp * 0.6, "interactive": lcp * 1.4, "largest-contentful-paint": lcp,
                      "total-blocking-time": tbt, "cumulative-layout-shift": 0.03}
            report = {"lighthouseVersion": "12.6.1", "requestedUrl": "https://shop.example/cart", "finalDisplayedUrl": "https://shop.example/cart",
                      "fetchTime": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "configSettings": {"formFactor": "mobile"},
                      "categories": {"performance": {"id": "performance", "score": round(0.97 - lcp / 40000, 2)}},
                      "audits": {name: {"id": name, "numericValue": value, "numericUnit": "unitless" if "shift" in name else "millisecond"}
                                 for name, value in audits.items()}}
            path = folder / side / f"lhr-{run}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(report), encoding="utf-8")


def vulnerability(number, package, severity):
    return {"VulnerabilityID": number, "PkgName": package, "InstalledVersion": "1.0", "FixedVersion": "1.1", "Severity": severity,
            "Title": f"a fault in {package}"}


def write_scans(folder):
    """One finding was mended, and one is new: it is waived, since nobody can reach it."""
    old = [vulnerability("CVE-2025-1111", "libxml2", "MEDIUM"), vulnerability("CVE-2025-2222", "zlib1g", "LOW")]
    new = [old[0], vulnerability("CVE-2026-3333", "libssl3", "HIGH")]
    for name, found in (("main/trivy.json", old), ("trivy.json", new)):
        report = {"SchemaVersion": 2, "CreatedAt": stamp(RELEASED - DAY), "ArtifactName": "shop/checkout", "ArtifactType": "container_image",
                  "Results": [{"Target": "shop/checkout (debian 12.9)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": found}]}
        (folder / name).write_text(json.dumps(report), encoding="utf-8")
    (folder / "waivers.csv").write_text("id,reason,until,where\nCVE-2026-3333,the server mode is not used,2026-06-30,libssl3\n", encoding="utf-8")


def write_controls(folder):
    (folder / "controls.csv").write_text(
        "id,title,result,where,severity,waived_until,due\n"
        "AC-2,accounts are reviewed,passed,shop,high,,\nAC-7,logins are limited,passed,shop,high,,\n"
        "AU-9,logs cannot be changed,waived,db-1,medium,2026-06-30,\nSC-8,traffic is encrypted,passed,shop,critical,,\n", encoding="utf-8")


def write_load_tests(folder):
    for name, rate, p95 in (("main/k6.json", 412.0, 231.0), ("k6.json", 409.5, 236.0)):
        trend = {"avg": p95 / 2, "min": 11.0, "med": p95 / 2.2, "max": p95 * 3, "p(90)": p95 * 0.9, "p(95)": p95}
        summary = {"metrics": {"http_reqs": {"count": rate * 600, "rate": rate}, "http_req_duration": trend,
                               "http_req_failed": {"passes": 40, "fails": int(rate * 600) - 40, "value": 40 / (rate * 600)},
                               "iterations": {"count": 9000, "rate": 15.0}}, "root_group": {}}
        (folder / name).write_text(json.dumps(summary), encoding="utf-8")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main").mkdir(exist_ok=True)
    chance = random.Random(20260317)
    write_events(folder, chance)
    write_answers(folder, chance)
    write_pages(folder, chance)
    write_scans(folder)
    write_controls(folder)
    write_load_tests(folder)


if __name__ == "__main__":
    main()
