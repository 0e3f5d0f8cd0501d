"""A metric whose window is not over is pending and not asked; `--wait` waits for it, at most as long as it is told to."""

import time

import gate
from double import answer_queries, json_answer, matrix, source

HEAD = """
version = 1
name    = "wait"
[compare]
ingest_delay = "0s"
baseline  = { window = "10s" }
candidate = { window = "10s" }
step      = "1s"
[metrics.m]
source = "prom"
query  = 'up'
fail   = { above = 1 }
"""
WINDOW = 10
LEFT = 3


class Wait(gate.GateTest):
    def check(self, *options):
        """`check` of a release whose window is over in LEFT seconds; when that is, when it was asked, and what came of it."""
        asked = []

        def query(request):
            asked.append(time.time())
            return json_answer(200, matrix(request))
        path = self.write("gate.toml", HEAD + source())
        deployed = int(time.time()) + LEFT - WINDOW
        with gate.Server(answer_queries(query)) as server:
            code, report = gate.report(path, "--deployed-at", str(deployed), *options, env={"PROMETHEUS_URL": server.url})
        return deployed + WINDOW, asked, code, report["metrics"][0]

    def test_pending_without_wait(self):
        _, asked, code, metric = self.check()
        self.assertEqual((code, metric["verdict"], metric["evidence"], asked), (3, "inconclusive", "pending", []))

    def test_waits_until_it_is_due(self):
        due, asked, code, metric = self.check("--wait=1m")
        self.assertEqual((code, metric["verdict"], metric["candidate"]["samples"]), (0, "pass", 10))
        self.assertEqual(len(asked), 2)
        self.assertGreaterEqual(min(asked), due)

    def test_waits_no_longer_than_it_may(self):
        _, asked, code, metric = self.check("--wait=1s")
        self.assertEqual((code, metric["evidence"], asked), (3, "pending", []))

    def test_a_release_that_is_now_stays_where_it_was(self):
        head = HEAD.replace('"10s"', '"2s"').replace("[compare]", '[release]\ndeployed_at = "now"\n[compare]')
        path = self.write("gate.toml", head + 'min_samples = 1\n' + source())
        with gate.Server(answer_queries(lambda request: json_answer(200, matrix(request)))) as server:
            code, report = gate.report(path, "--wait=1m", env={"PROMETHEUS_URL": server.url})
        self.assertEqual((code, report["metrics"][0]["verdict"]), (0, "pass"), report["metrics"][0])


if __name__ == "__main__":
    gate.main()
