"""Files as a source, through the program: what is computed equals what Python computes from the same rows."""

import datetime
import json
import statistics

import gate
from file_rows import DEPLOYED, HEAD, FileTest, stamp


class FileValues(FileTest):
    def test_mean_of_rows(self):
        metric = self.metric("""[metrics.m]
source = "requests"
value  = "ms"
where  = { route = "/pay" }
unit   = "ms"
aggregate = "mean"
fail   = { increase_over = "10%" }
""")
        for side in ("baseline", "candidate"):
            rows = self.side(side, lambda row: row["route"] == "/pay")
            self.assertAlmostEqual(metric[side]["value"], statistics.fmean(row["ms"] for row in rows), delta=1e-9)
            self.assertEqual(metric[side]["samples"], len(rows))
        self.assertEqual(metric["verdict"], "fail")
        self.assertIn("rows averaged in 30 batches of 1 min", metric["notes"])

    def test_ratio_of_rows(self):
        metric = self.metric("""[metrics.m]
source = "requests"
kind   = "ratio"
where  = { env = "prod" }
events = { where = { status = ["500", "502", "503"] } }
total  = {}
fail   = { increase_over = "0.5pp" }
""")
        for side in ("baseline", "candidate"):
            rows = self.side(side, lambda row: row["env"] == "prod")
            self.assertAlmostEqual(metric[side]["value"], sum(row["status"] == "500" for row in rows) / len(rows), delta=1e-12)
            self.assertEqual(metric[side]["samples"], 30)
        self.assertEqual(metric["verdict"], "fail")

    def test_sums_and_counts(self):
        metric = self.metric("""[metrics.m]
source = "requests"
kind   = "count"
events = { where = { status = { ge = 500 } } }
exposure = { sum = "n" }
fail   = { increase_over = "10%" }
""")
        for side in ("baseline", "candidate"):
            rows = self.side(side)
            self.assertAlmostEqual(metric[side]["value"], sum(r["status"] == "500" for r in rows) / sum(r["n"] for r in rows), delta=1e-12)

    def test_count_over_time_with_a_step_that_does_not_divide_the_window(self):
        metric = self.metric("""[metrics.m]
source = "requests"
kind   = "count"
unit   = "1/min"
step   = "7m"
events = {}
fail   = { increase_over = "10%" }
""")
        for side in ("baseline", "candidate"):
            self.assertAlmostEqual(metric[side]["value"], len(self.side(side)) / 30, delta=1e-9)
            self.assertEqual(metric[side]["samples"], 4)

    def test_aggregates_of_a_value(self):
        def quantile(values, share):
            values = sorted(values)
            place = share * (len(values) - 1)
            low = int(place)
            high = min(low + 1, len(values) - 1)
            return values[low] + (place - low) * (values[high] - values[low])

        expected = {"mean": statistics.fmean, "median": statistics.median, "p95": lambda v: quantile(v, 0.95), "min": min, "max": max,
                    "sum": sum, "count": len, "last": lambda v: v[-1]}
        for name, compute in expected.items():
            with self.subTest(name):
                metric = self.metric(f"""[metrics.m]
source = "requests"
kind   = "value"
value  = "ms"
where  = {{ route = {{ matches = "^/p" }} }}
aggregate = "{name}"
fail   = {{ increase_over = "50%" }}
""")
                for side in ("baseline", "candidate"):
                    values = [row["ms"] for row in self.side(side, lambda row: row["route"] == "/pay")]
                    self.assertAlmostEqual(metric[side]["value"], compute(values), delta=1e-6)

    def test_empty_cells(self):
        rows = ["time,ms"]
        for i in range(3600):
            time = DEPLOYED + datetime.timedelta(seconds=i - 1800)
            rows.append(f"{stamp(time)},{'' if i % 4 == 0 else 8}")
        self.write("logs/empty.csv", "\n".join(rows))
        expected = {"drop": (8, 1350, 450), "zero": (6, 1800, 0)}
        for on_nan, (value, samples, dropped) in expected.items():
            with self.subTest(on_nan):
                metric = self.metric(f"""[sources.empty]
type = "file"
path = "logs/empty.csv"
[metrics.m]
source = "empty"
value  = "ms"
on_nan = "{on_nan}"
fail   = {{ increase_over = "10%" }}
""")
                for side in ("baseline", "candidate"):
                    self.assertEqual(tuple(metric[side][key] for key in ("samples", "dropped")), (samples, dropped))
                    self.assertAlmostEqual(metric[side]["value"], value, delta=1e-12)

    def test_distinct_and_in(self):
        self.write("eligible.jsonl", "".join(json.dumps({"who": {"id": f"u{i}"}, "plan": i % 2}) + "\n" for i in range(0, 300, 3)))
        metric = self.metric("""[sources.eligible]
type = "file"
path = "eligible.jsonl"
[metrics.m]
source = "requests"
kind   = "value"
distinct = "user"
in     = { source = "eligible", column = "who.id", key = "user", where = { plan = 1 } }
fail   = { decrease_over = "50%" }
""")
        eligible = {f"u{i}" for i in range(0, 300, 3) if i % 2 == 1}
        for side in ("baseline", "candidate"):
            self.assertEqual(metric[side]["value"], len({row["user"] for row in self.side(side)} & eligible))

    def test_active_among_the_eligible(self):
        self.write("eligible.csv", "id\n" + "".join(f"u{i}\n" for i in range(0, 400, 2)))
        metric = self.metric("""[sources.eligible]
type = "file"
path = "eligible.csv"
time = false
[metrics.m]
source = "requests"
kind   = "ratio"
events = { distinct = "user", in = { source = "eligible", column = "id", key = "user" } }
total  = { source = "eligible", distinct = "id" }
fail   = { decrease_over = "20pp" }
""")
        eligible = {f"u{i}" for i in range(0, 400, 2)}
        for side in ("baseline", "candidate"):
            self.assertEqual(metric[side]["value"], len({row["user"] for row in self.side(side)} & eligible) / 200)

    def test_each_column_value_is_judged(self):
        _, report = self.check(HEAD + """[metrics.m]
source = "requests"
kind   = "ratio"
each   = "route"
events = { where = { status = "500" } }
total  = {}
fail   = { increase_over = "0.5pp" }
""")
        found = {one["id"]: one for one in report["metrics"]}
        for route in ("/pay", "/cart"):
            for side in ("baseline", "candidate"):
                rows = self.side(side, lambda row: row["route"] == route)
                self.assertAlmostEqual(found[f"m[route={route}]"][side]["value"], sum(r["status"] == "500" for r in rows) / len(rows), delta=1e-12)

    def test_each_without_events_on_a_side_is_zero(self):
        metric = self.metric("""[metrics.m]
source = "requests"
kind   = "ratio"
each   = "route"
where  = { route = "/pay" }
events = { where = { status = { ge = 500 }, ms = { gt = 1e6 } } }
total  = {}
fail   = { increase_over = "2pp" }
""", "m[route=/pay]")
        self.assertEqual((metric["baseline"]["value"], metric["candidate"]["value"], metric["verdict"]), (0, 0, "pass"))

    def test_tracks_side_by_side(self):
        lines = ["time,track,ms"]
        for i in range(1800):
            lines.append(f"{stamp(DEPLOYED + datetime.timedelta(seconds=i))},{'canary' if i % 3 else 'stable'},{i % 7 + (5 if i % 3 else 0)}")
        self.write("tracks.csv", "\n".join(lines))
        _, report = self.check("""version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[compare]
design = "side-by-side"
[sources.log]
type = "file"
path = "tracks.csv"
[metrics.m]
source = "log"
value  = "ms"
where  = { track = "{{track}}" }
fail   = { increase_over = "10%" }
""")
        metric = report["metrics"][0]
        self.assertEqual((metric["baseline"]["samples"], metric["candidate"]["samples"], metric["verdict"]), (600, 1200, "fail"))

    def test_snapshots_of_two_files(self):
        self.write("runs/stable.json", json.dumps({"data": {"rows": [{"t": {"ms": i % 10}, "ok": True} for i in range(400)]}}))
        self.write("runs/canary.json", json.dumps({"data": {"rows": [{"t": {"ms": i % 10 + 3}, "ok": i % 4 > 0} for i in range(400)]}}))
        code, report = self.check("""version = 1
[compare]
design = "snapshot"
[sources.run]
type  = "file"
path  = "runs/{{track}}.json"
items = "/data/rows"
[metrics.latency]
source = "run"
value  = "t.ms"
unit   = "ms"
fail   = { increase_over = "10%" }
[metrics.failed]
source = "run"
kind   = "ratio"
events = { where = { ok = false } }
total  = {}
fail   = { increase_over = "1pp" }
[metrics.same]
source = "run"
kind   = "ratio"
baseline  = { path = "runs/canary.json" }
candidate = { path = "runs/canary.json" }
events = { where = { ok = false } }
total  = {}
fail   = { increase_over = "10pp" }
""")
        metrics = {one["id"]: one for one in report["metrics"]}
        self.assertEqual(code, 1)
        self.assertEqual([metrics["latency"][side]["value"] for side in ("baseline", "candidate")], [4.5, 7.5])
        self.assertEqual([metrics["failed"][side]["value"] for side in ("baseline", "candidate")], [0, 0.25])
        self.assertEqual([metrics["same"][side]["value"] for side in ("baseline", "candidate")], [0.25, 0.25])
        self.assertEqual(metrics["same"]["verdict"], "pass")

    def test_events_of_a_file_over_exposure_of_prometheus(self):
        def answer(request):
            if "query" not in request.form:
                return 404, {}, ""
            start, end, step = (float(request.form[key]) for key in ("start", "end", "step"))
            points = [[start + i * step, "120"] for i in range(int((end - start) / step) + 1)]
            return 200, {}, json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": points}]}})

        with gate.Server(answer) as server:
            metric = self.metric(f"""[sources.prom]
type = "prometheus"
url  = "{server.url}"
[metrics.m]
source   = "requests"
kind     = "count"
events   = {{ where = {{ status = "500" }} }}
exposure = {{ source = "prom", query = "sum(increase(sessions[{{{{step}}}}]))" }}
fail     = {{ increase_over = "10%" }}
""")
        for side in ("baseline", "candidate"):
            events = len(self.side(side, lambda row: row["status"] == "500"))
            self.assertAlmostEqual(metric[side]["value"], events / (30 * 120), delta=1e-12)


if __name__ == "__main__":
    gate.main()
