#!/usr/bin/env python3
"""Writes the data of this example anew: an hour of requests around each of two deployments, and the table of deployments.

The same seed gives the same bytes. 1.42.0 is the bad release: slower, with more errors; 1.43.0 is the good one.
"""

import datetime
import pathlib
import random

HERE = pathlib.Path(__file__).parent
RELEASES = {"1.42.0": (datetime.datetime(2026, 3, 17, 12, 4), 1.25, 0.04), "1.43.0": (datetime.datetime(2026, 3, 18, 9, 30), 1.0, 0.008)}


def main():
    draw = random.Random(42)
    deploys = ["version,deployed_at"]
    for version, (deployed, slower, errors) in RELEASES.items():
        deploys.append(f"{version},{deployed.isoformat()}Z")
        lines = ["ts,route,status,latency_ms"]
        for second in range(-1800, 1800, 2):
            time = deployed + datetime.timedelta(seconds=second)
            late = second >= 0
            latency = draw.lognormvariate(4.6, 0.35) * (slower if late else 1.0)
            failed = draw.random() < (errors if late else 0.008)
            status = draw.choice(["500", "502", "503"]) if failed else "200"
            lines.append(f"{time.isoformat()}Z,{draw.choice(['/pay', '/pay', '/cart'])},{status},{latency:.1f}")
        (HERE / f"requests-{version}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (HERE / "deploys.csv").write_text("\n".join(deploys) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
