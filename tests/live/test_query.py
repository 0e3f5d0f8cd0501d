"""`query` asks a real Prometheus for one metric and prints its numbers and a chart."""

import re
import statistics

import demo
import gate
import servers

GATE = f"""
version = 1
name    = "live"
[release]
deployed_at = "{demo.DEPLOYED_TEXT}"
[compare]
baseline  = {{ window = "10m" }}
candidate = {{ window = "30m" }}
[sources.prom]
type = "prometheus"
url  = {{ env = "PROMETHEUS_URL" }}
[metrics.canary]
source = "prom"
design = "side-by-side"
query  = 'track_latency_seconds{{track="{{{{track}}}}"}}'
unit   = "s"
[metrics.constant]
source = "prom"
query  = 'latency_seconds * 0 + 5'
[metrics.each]
source = "prom"
each   = "shard"
query  = 'queue_length{{shard=~"a|b"}}'
[metrics.fine]
source = "prom"
step   = "1s"
query  = 'latency_seconds'
[metrics.empty]
source = "prom"
query  = 'no_such_metric'
[metrics.wrong]
source = "prom"
query  = 'rate(latency_seconds)'
"""


class Query(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        server = servers.Prometheus(demo.openmetrics())
        server.__enter__()
        cls.addClassCleanup(server.__exit__, None, None, None)
        cls.server = server
        cls.api = servers.Independent(server.url)

    def query(self, metric):
        self.write("gate.toml", GATE)
        result = gate.run("query", "gate.toml", metric, "--now", demo.NOW_TEXT, cwd=self.folder,
                          env={"PROMETHEUS_URL": self.server.url})
        return result.returncode, result.stdout + result.stderr

    def test_numbers_chart_and_a_gap(self):
        code, text = self.query("canary")
        self.assertEqual(code, 0)
        points = [float(value) for value in re.findall(r"^    2026-\S+  (\S+)$", text, re.M)]
        asked = [self.api.range(f'track_latency_seconds{{track="{track}"}}', demo.DEPLOYED_AT + 15, demo.DEPLOYED_AT + 1800, 15)
                 for track in ("stable", "canary")]
        self.assertEqual(points, [value for side in asked for value in side.values()])
        self.assertIn(f"  candidate  {statistics.fmean(asked[1].values()) * 1000:>9.0f} ms  {len(asked[1])} samples, "
                      f"{120 - len(asked[1])} dropped  [2026-03-17T12:04:00Z, 2026-03-17T12:34:00Z)\n", text)
        rows = [line[15:] for line in text.splitlines() if re.match(r"^.{15}\|.{32}\|.{32}\|$", line)]
        self.assertEqual(len(rows), 11)
        self.assertTrue(all(row[1:33].strip() == "" for row in rows[:7]), "the stable track is low all the time")
        starred = {column for row in rows for column, mark in enumerate(row[34:66]) if mark == "*"}
        self.assertEqual(starred, set(range(16)), "the canary was there for 15 of 30 minutes")
        self.assertIn("12:04                      12:34 12:04                      12:34 UTC", text)
        self.assertIn(f"  graph: {self.server.url}/graph?", text)

    def test_constant(self):
        code, text = self.query("constant")
        self.assertEqual(code, 0)
        self.assertIn("          5.50 |", text)
        self.assertIn("             5 |********************************|********************************|", text)

    def test_each(self):
        code, text = self.query("each")
        self.assertEqual(code, 0)
        self.assertIn("each[shard=a]  prom  in 1", text)
        self.assertIn("each[shard=b]  prom  in 1", text)

    def test_many_points_are_cut(self):
        code, text = self.query("fine")
        self.assertEqual(code, 0)
        self.assertIn("    … and 400 more: check --format json has them all", text)
        self.assertIn("    … and 1600 more: check --format json has them all", text)

    def test_no_data(self):
        code, text = self.query("empty")
        self.assertEqual(code, 0)
        self.assertIn("  candidate             –  0 samples, 120 dropped", text)
        self.assertNotIn("|", text)

    def test_wrong_query(self):
        code, text = self.query("wrong")
        self.assertEqual(code, 4)
        self.assertIn("  error[RG1301]: prom: the server rejects the query", text)
        self.assertIn("    query: rate(latency_seconds)\n                ^\n", text)
        self.assertIn("    = next: mend `query` in the gate file\n", text)

    def test_no_such_metric(self):
        code, text = self.query("canari")
        self.assertEqual(code, 2)
        self.assertIn("did you mean `canary`?", text)


if __name__ == "__main__":
    gate.main()
