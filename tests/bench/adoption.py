#!/usr/bin/env python3
"""Adoption (active of eligible users) from many lines of an event log, counted exactly and by HyperLogLog: seconds, memory, and whether the
numbers are those of the program that wrote the log. $1: lines (10,000,000)."""

import json
import os
import pathlib
import random
import sys
import tempfile
import time

import gate

USERS = 2_000_000
DAY = 86_400
START = 1_773_619_200  # 2026-03-16T00:00:00Z
TIMES = ("--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-03-18T00:00:00Z")
GATE = """version = 1
[sources.usage]
type     = "event-log"
path     = "events.jsonl"
time     = {{ column = "ts", format = "unix" }}
eligible = "eligible.csv"
max_bytes = "4GiB"
[metrics.adoption]
source    = "usage"
kind      = "ratio"
events    = {{ measure = "active_users", event = "checkout", counting = "{counting}" }}
total     = {{ measure = "eligible_users", counting = "{counting}" }}
unit      = "%"
better    = "higher"
ingest_delay = "0s"
baseline  = {{ window = "1d" }}
candidate = {{ window = "1d" }}
fail      = {{ decrease_over = "50pp" }}
"""


def write_log(folder, lines):
    """Two days of events; the share of the eligible who did the one that counts, on each day."""
    chance = random.Random(7)
    eligible = {user for user in range(USERS) if user % 3}
    active = (set(), set())
    with open(folder / "events.jsonl", "w", encoding="ascii") as file:
        for at in range(lines):
            second = START + at * 2 * DAY // lines
            user = int(chance.random() ** 2 * USERS)
            event = "checkout" if chance.random() < 0.3 else "view"
            file.write(f'{{"ts":{second},"user_id":"u{user}","event":"{event}"}}\n')
            if event == "checkout" and user in eligible:
                active[(second - START) // DAY].add(user)
    with open(folder / "eligible.csv", "w", encoding="ascii") as file:
        file.write("user_id\n" + "".join(f"u{user}\n" for user in eligible))
    return [len(day) / len(eligible) for day in active]


def run(folder, counting):
    """The two shares, seconds of processor time, and the peak of memory in MiB."""
    (folder / "gate.toml").write_text(GATE.format(counting=counting), encoding="utf-8")
    output = os.open(folder / "report.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    arguments = [gate.PROGRAM, "check", str(folder / "gate.toml"), *TIMES, "--deadline", "10m", "--format", "json"]
    start = time.monotonic()
    child = os.posix_spawn(gate.PROGRAM, arguments, gate.environment(), file_actions=[(os.POSIX_SPAWN_DUP2, output, 1)])
    _, status, usage = os.wait4(child, 0)
    os.close(output)
    metric = json.loads((folder / "report.json").read_text(encoding="utf-8"))["metrics"][0]
    if metric["error"]:
        raise SystemExit(f"{counting}: {metric['error']}")
    shares = [metric[side]["value"] / 100 if metric["unit"] == "%" else metric[side]["value"] for side in ("baseline", "candidate")]
    return shares, time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(lines):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        truth = write_log(folder, lines)
        size = (folder / "events.jsonl").stat().st_size / 2**20
        print(f"| {lines:,} lines, {size:,.0f} MiB | before | after | off by | s | CPU s | MiB |\n|---|---|---|---|---|---|---|")
        print(f"| as written | {truth[0]:.6f} | {truth[1]:.6f} | | | | |")
        missed = []
        for counting, most in (("exact", 0.0), ("hyperloglog", 0.02)):
            shares, seconds, cpu, memory = run(folder, counting)
            off = max(abs(ours / theirs - 1) for ours, theirs in zip(shares, truth))
            print(f"| {counting} | {shares[0]:.6f} | {shares[1]:.6f} | {off:.2%} | {seconds:.1f} | {cpu:.1f} | {memory:.0f} |")
            if off > most + 1e-12:
                missed.append(counting)
    print(f"\n{'MISSED: ' + ', '.join(missed) if missed else 'exact is exact, and HyperLogLog within 2 %'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000))
