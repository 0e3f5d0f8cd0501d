#!/usr/bin/env python3
"""A million rows of CSV: seconds and peak memory of one ratio and one latency metric, beside `wc -l` and Python's csv reader.

Usage: RELEASE_GATE=build/release/release-gate python3 tests/bench/csv_rows.py [rows]
The target (docs: performance): at most 1 s, memory constant in rows. Every figure is the best of three runs in this process's children.
"""

import csv
import datetime
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ.get("RELEASE_GATE", "build/release/release-gate"))
DEPLOYED = datetime.datetime(2026, 3, 17, 12, 0)
GATE = """version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[compare]
baseline  = { window = "1h" }
candidate = { window = "1h" }
[sources.requests]
type = "file"
path = "rows.csv"
time = { column = "ts", format = "rfc3339" }
[metrics.latency]
source = "requests"
value  = "latency_ms"
where  = { route = "/pay" }
unit   = "ms"
aggregate = "mean"
fail   = { increase_over = "10%" }
[metrics.errors]
source = "requests"
kind   = "ratio"
events = { where = { status = ["500", "502", "503"] } }
total  = {}
fail   = { increase_over = "0.5pp" }
"""
READER = "import csv, sys\nfor row in csv.DictReader(open(sys.argv[1], newline='')): float(row['latency_ms'])\n"


def write_rows(path, count):
    draw = random.Random(1)
    step = datetime.timedelta(hours=2) / count
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["ts", "route", "method", "status", "latency_ms", "user_id"])
        for i in range(count):
            time = DEPLOYED - datetime.timedelta(hours=1) + step * i
            rows.writerow([time.isoformat(timespec="milliseconds") + "Z", "/pay", "GET", "500" if draw.random() < 0.01 else "200",
                           f"{draw.lognormvariate(4.4, 0.3):.1f}", f"u{draw.randrange(100_000)}"])


def measure(command, folder):
    """Seconds and peak memory in MiB: the best of three."""
    figures = []
    for _ in range(3):
        output = folder / "time.txt"
        subprocess.run(["/usr/bin/time", "-o", output, "-f", "%e %M", *map(str, command)], check=True, stdout=subprocess.DEVNULL)
        seconds, kilobytes = output.read_text(encoding="utf-8").split()[-2:]
        figures.append((float(seconds), int(kilobytes) / 1024))
    return min(figures)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="release-gate-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "gate.toml").write_text(GATE, encoding="utf-8")
        for count in (rows // 10, rows):
            write_rows(folder / "rows.csv", count)
            size = (folder / "rows.csv").stat().st_size / 1e6
            print(f"{count} rows, {size:.1f} MB")
            for label, command in (("release-gate check", [PROGRAM, "check", folder / "gate.toml", "--quiet"]),
                                   ("wc -l", ["wc", "-l", folder / "rows.csv"]),
                                   ("Python csv.DictReader", [sys.executable, "-c", READER, folder / "rows.csv"])):
                seconds, mebibytes = measure(command, folder)
                print(f"  {label:<22} {seconds:6.2f} s  {mebibytes:7.1f} MiB")


if __name__ == "__main__":
    main()
