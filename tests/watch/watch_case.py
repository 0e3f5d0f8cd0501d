"""What the tests of `release-gate watch` share: a double of Prometheus with a release in its data, and gates over it."""

import json
import math
import random
import sys

import gate

sys.path.insert(0, str(gate.ROOT / "tests/doubles"))
import prometheus  # noqa: E402
from double import answer  # noqa: E402,F401

RELEASE = 1773749040  # 2026-03-17T12:04:00Z
DEPLOYED = "2026-03-17T12:04:00Z"

HEAD = """version = 1
name = "checkout-api"
[compare]
baseline = { window = "30m" }
candidate = { window = "30m" }
step = "15s"
ingest_delay = "0s"
[sources.prom]
type = "prometheus"
url = "URL"
retries = 0
"""
LATENCY = """
[metrics.latency]
title = "latency"
source = "prom"
query = "latency"
unit = "s"
better = "lower"
fail = { increase_over = "10%" }
"""


def noise(moment, seed=1):
    """Standard normal, the same for the same time."""
    return random.Random(f"{seed} {int(moment)}").gauss(0, 1)


def latency(change=0.0, spread=0.1, since=RELEASE, seed=1):
    """0.2 s with noise, times 1 + change since `since`."""
    return lambda moment: 0.2 * math.exp(spread * noise(moment, seed)) * (1 + change if moment > since else 1)


class WatchCase(gate.GateTest):
    def setUp(self):
        super().setUp()
        self.prometheus = self.enterContext(prometheus.Prometheus())
        self.prometheus.answers = [("latency", latency())]

    def gate(self, text=LATENCY, head=HEAD):
        return self.write("gate.toml", head.replace("URL", self.prometheus.url) + text)

    def watch(self, *options, text=LATENCY, head=HEAD, code=None, env=None):
        """`watch --format json`: its report, and what was told on standard error."""
        done = gate.run("watch", self.gate(text, head), "--format", "json", *options, env=env)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stderr + done.stdout[:300])
        return json.loads(done.stdout), done.stderr

    def past(self, *options, **keywords):
        """The looks at the release of DEPLOYED."""
        return self.watch("--past", "--deployed-at", DEPLOYED, *options, **keywords)

    def ended(self, report):
        """(why, at which look): of a watch."""
        return report["watch"]["ended"], report["watch"]["decided_at_look"]
