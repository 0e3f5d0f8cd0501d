#!/usr/bin/env python3
"""The systems of this example, on loopback, with the data of one release: prints where they are as NAME=value lines, then serves until
its standard input ends. Python's standard library and the doubles of this repository, nothing else."""

import contextlib
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "doubles"))
import datadog  # noqa: E402
import jira  # noqa: E402
import prometheus  # noqa: E402
import sonarqube  # noqa: E402

RELEASED = 1773748800  # 2026-03-17T12:00:00Z
PROMETHEUS_TOKEN = "token-of-the-example"
DELAYS = {"prometheus": 0.06, "datadog": 0.3, "sonarqube": 0.05, "jira": 0.04}  # seconds that every answer takes


def noise(moment, seed, height):
    """From -height to +height: no two minutes are alike, and every run is."""
    mixed = (int(moment) // 60 * 2654435761 + seed * 40503) & 0xFFFFFFFF
    mixed = ((mixed ^ mixed >> 16) * 0x45D9F3B) & 0xFFFFFFFF
    return height * (((mixed ^ mixed >> 16) & 0xFFFF) / 0x7FFF - 1)


def fill_prometheus(double):
    """The checkout itself is as it was."""
    double.answers = [
        ("histogram_quantile(0.99", lambda t: 0.412 + noise(t, 1, 0.02)),
        ('code=~"5.."', lambda t: 3 + round(noise(t, 2, 2.4))),
        ("http_requests_total", lambda t: 2400 + round(noise(t, 3, 120))),
    ]


def fill_datadog(double):
    """Payments got slower by a fifth, and fail no more often than before."""
    tags = {"service": "payment", "env": "prod"}

    def latencies(bucket, _):
        slower = 1.2 if bucket >= RELEASED else 1.0
        return [slower * (0.17 + 0.004 * ((bucket // 60 * 7 + i * i) % 41) + noise(bucket, 4, 0.01)) for i in range(60)]

    double.metrics["trace.http.request"] = [(tags, latencies)]
    double.metrics["trace.http.request.hits"] = [(tags, lambda bucket, length: 9 * length + bucket // 60 % 11)]
    double.metrics["trace.http.request.errors"] = [(tags, lambda bucket, _: 2 + bucket // 60 % 3 if bucket // 60 % 4 else None)]


def fill_sonarqube(double):
    """New code is covered well enough, and the debt grew a little."""
    double.main["measures"].update({"new_coverage": "84.2", "new_violations": "2", "sqale_debt_ratio": "1.4"})
    double.main["gate"] = {"status": "OK", "ignoredConditions": False, "conditions": [
        sonarqube.condition("OK", "new_coverage", "LT", "80", "84.2"), sonarqube.condition("OK", "new_violations", "GT", "5", "2")]}
    double.history["sqale_debt_ratio"] = [("2026-03-14T08:00:00+0000", "1.2"), ("2026-03-17T12:10:00+0000", "1.4")]


def fill_jira(double):
    """Three bugs in two days before and after; stories take a day longer."""
    release = datetime.datetime.fromtimestamp(RELEASED, datetime.timezone.utc)
    for day in range(-28, 28):
        noon = release + datetime.timedelta(days=day, hours=3)
        for bug in range(1 + (day * 5) % 2):
            double.add(noon + datetime.timedelta(hours=bug), kind="Bug")
        for story in range(2):
            lead = 4 + (day * 3 + story) % 5 + (1 if day >= 0 else 0)
            double.add(noon - datetime.timedelta(days=lead), kind="Story", resolved=noon, status="5")


def main():
    systems = {"prometheus": (prometheus.Prometheus(token=PROMETHEUS_TOKEN), fill_prometheus, "PROMETHEUS_URL"),
               "datadog": (datadog.Datadog(), fill_datadog, "DATADOG_URL"),
               "sonarqube": (sonarqube.SonarQube(), fill_sonarqube, "SONAR_HOST_URL"), "jira": (jira.Jira(), fill_jira, "JIRA_URL")}
    with contextlib.ExitStack() as running:
        for name, (double, fill, variable) in systems.items():
            fill(double)
            double.delay = DELAYS[name]
            running.enter_context(double)
            print(f"{variable}={double.url}")
        print(f"PROMETHEUS_TOKEN={PROMETHEUS_TOKEN}\nDD_API_KEY={datadog.API_KEY}\nDD_APP_KEY={datadog.APP_KEY}\nSONAR_TOKEN={sonarqube.TOKEN}")
        print(f"JIRA_EMAIL={jira.EMAIL}\nJIRA_API_TOKEN={jira.TOKEN}\nSLOWEST_MS={round(1000 * max(DELAYS.values()))}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
