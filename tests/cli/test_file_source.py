"""Files as a source, through the program: windows, reductions, diagnostics, evidence."""

import datetime
import json
import random
import shutil
import statistics
import subprocess

import gate

START = datetime.datetime(2026, 3, 17, 11, 0, tzinfo=datetime.timezone.utc)
DEPLOYED = START + datetime.timedelta(hours=1)

HEAD = """version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.requests]
type = "file"
path = "logs/requests-*.csv"
time = { column = "ts", format = "rfc3339" }
"""


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class FileTest(gate.GateTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(7)
        self.rows = []
        for i in range(7200):
            time = START + datetime.timedelta(seconds=i, milliseconds=draw.randrange(1000) if i % 600 else 0)
            late = time >= DEPLOYED
            self.rows.append({
                "ts": time, "route": draw.choice(["/pay", "/cart"]), "env": draw.choice(["prod", "test"]),
                "status": "500" if draw.random() < (0.06 if late else 0.01) else "200",
                "ms": round(draw.lognormvariate(4.4, 0.3) * (1.3 if late else 1.0), 1), "n": draw.randrange(5),
                "user": f"u{draw.randrange(300)}"})
        for name, part in (("logs/requests-1.csv", self.rows[:4000]), ("logs/requests-2.csv", self.rows[4000:])):
            lines = ["ts,route,env,status,ms,n,user"]
            lines += [",".join([stamp(r["ts"]), r["route"], r["env"], r["status"], str(r["ms"]), str(r["n"]), r["user"]]) for r in part]
            self.write(name, "\r\n".join(lines) + "\r\n")

    def side(self, name, keep=lambda row: True):
        """The rows of a window of half an hour before or after the release."""
        start = DEPLOYED - datetime.timedelta(minutes=30) if name == "baseline" else DEPLOYED
        end = start + datetime.timedelta(minutes=30)
        return [row for row in self.rows if start <= row["ts"] < end and keep(row)]

    def check(self, text, *more):
        path = self.write("gate.toml", text)
        return gate.report(path, *more)

    def metric(self, text, metric="m"):
        _, report = self.check(HEAD + text)
        found = [one for one in report["metrics"] if one["id"] == metric]
        self.assertEqual(len(found), 1, report)
        self.assertIsNone(found[0]["error"], found[0]["error"])
        return found[0]

    def diagnostics(self, text):
        path = self.write("gate.toml", text)
        result = gate.run("validate", path, "--format", "json")
        return [(one["line"], one["column"], one["code"], one["message"], one["hint"]) for one in json.loads(result.stdout)]

    # What is computed equals what Python computes from the same rows.

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

    # Evidence and plan.

    def test_a_replay_needs_no_file(self):
        text = HEAD + """[metrics.m]
source = "requests"
value  = "ms"
fail   = { increase_over = "10%" }
[metrics.typo]
source = "requests"
value  = "mss"
fail   = { increase_over = "10%" }
"""
        path = self.write("gate.toml", text)
        code, recorded = gate.report(path, "--record", self.folder / "evidence")
        shutil.rmtree(self.folder / "logs")
        again, replayed = gate.report(path, "--replay", self.folder / "evidence")
        self.assertEqual((again, replayed), (code, recorded))
        kept = [json.loads(file.read_text()) for file in (self.folder / "evidence" / "exchanges").iterdir()]
        self.assertEqual(len(kept), 4)
        self.assertEqual({len(one["answer"]["files"][0]["sha256"]) for one in kept}, {64})

    def test_plan_reads_nothing(self):
        path = self.write("gate.toml", HEAD.replace("logs/", "nowhere/") + """[metrics.m]
source = "requests"
kind   = "ratio"
events = { where = { status = "500" } }
total  = {}
fail   = { increase_over = "1pp" }
""")
        result = gate.run("plan", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("baseline  READ nowhere/requests-*.csv (0 files)  count of rows where status is 500\n", result.stdout)
        self.assertIn("2 requests to 1 source; nothing was sent.", result.stdout)

    def test_query_prints_the_numbers(self):
        path = self.write("gate.toml", HEAD + """[metrics.m]
source = "requests"
value  = "ms"
fail   = { increase_over = "10%" }
""")
        result = gate.run("query", path, "m")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("  baseline value: ms\n", result.stdout)
        self.assertIn(f"{len(self.side('candidate'))} samples, 0 dropped", result.stdout)

    def test_the_example_runs(self):
        result = subprocess.run(["bash", gate.ROOT / "examples/csv/run.sh"], env=gate.environment({"RELEASE_GATE": gate.PROGRAM}),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("✗ FAIL  checkout-csv: mean latency of /pay +21.7 % (limit +10%), at least +17 % at 95 %", result.stdout)
        self.assertIn("✓ PASS  checkout-csv: all 3 metrics shown to be within their limits", result.stdout)

    # What goes wrong.

    def error(self, text, *more):
        code, report = self.check(text, *more)
        self.assertEqual(code, 4)
        error = report["metrics"][0]["error"]
        return error["code"], error["message"].replace(str(self.folder) + "/", "").replace(str(self.folder), "FOLDER")

    def test_errors_name_the_file_and_the_line(self):
        metric = '[metrics.m]\nsource = "requests"\nvalue = "ms"\nfail = { increase_over = "10%" }\n'
        self.assertEqual(self.error(HEAD.replace("logs/", "lgos/") + metric), ("RG1403", 'no file matches "lgos/requests-*.csv" in FOLDER'))
        self.assertEqual(self.error(HEAD.replace('"ts"', '"tz"') + metric), ("RG1408", "logs/requests-1.csv has no column `tz`"))
        with open(self.folder / "logs/requests-2.csv", "a", encoding="utf-8") as file:
            file.write('2026-03-17T12:29:00Z,/pay,prod,200,"1,234",1,u1\r\n')
        self.assertEqual(
            self.error(HEAD + metric),
            ("RG1405", "logs/requests-2.csv:3202: `ms` is \"1,234\", which is no number: write numbers without separators, "
                       "with a point for decimals"))
        metric = self.metric('on_bad_row = "drop"\n' + metric)
        self.assertEqual((metric["candidate"]["dropped"], metric["baseline"]["dropped"]), (1, 0))
        self.assertIn("1 bad rows were left out", metric["notes"])

    def test_no_row_in_the_window_is_no_data(self):
        path = self.write("gate.toml", HEAD.replace("12:00:00Z", "18:00:00Z") + """[metrics.m]
source = "requests"
kind   = "ratio"
events = { where = { status = "500" } }
total  = {}
fail   = { increase_over = "1pp" }
""")
        code, report = gate.report(path)
        metric = report["metrics"][0]
        self.assertEqual((code, metric["verdict"], metric["evidence"]), (3, "inconclusive", "none"))
        self.assertIn("no row lies in the window: they are from 2026-03-17T11:00:00Z to 2026-03-17T12:59:59", " ".join(metric["notes"]))

    def test_the_deadline_ends_the_reading(self):
        row = f"{stamp(DEPLOYED)},/pay,prod,200,1,1,u1\n"
        self.write("logs/requests-0.csv", "ts,route,env,status,ms,n,user\n" + row * 1_000_000)
        metric = '[metrics.m]\nsource = "requests"\nvalue = "ms"\nfail = { increase_over = "10%" }\n'
        path = self.write("gate.toml", HEAD + metric)
        result = gate.run("check", path, "--deadline", "5ms", "--format", "json")
        self.assertEqual(json.loads(result.stdout)["metrics"][0]["error"]["code"], "RG1002")
        self.assertLess(result.seconds, 2)

    def test_diagnostics(self):
        self.assertEqual(self.diagnostics("""version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.a]
type = "file"
pth  = "x.csv"
time = { colum = "ts", format = "unixms" }
on_bad_row = "skip"
[metrics.m]
source = "a"
valu   = "ms"
where  = { status = { gte = 500 } }
fail   = { increase_over = "10%" }
[metrics.n]
source = "a"
kind   = "ratio"
events = "status=500"
total  = { path = "x.csv", in = { source = "b", column = "id" } }
fail   = { increase_over = "1pp" }
[metrics.o]
source = "a"
path   = "x.csv"
value  = "ms"
sum    = "n"
kind   = "value"
fail   = { above = "1" }
"""), [
            (6, 1, "RG0104", "unknown key `pth` in [sources.a]", "did you mean `path`?"),
            (9, 1, "RG1403", "no `path` says which files are read", "add it to the source, or to the metric"),
            (11, 1, "RG0104", "unknown key `valu` in [metrics.m]", "did you mean `value`?"),
            (12, 23, "RG0104", "unknown key `gte` in `where.status`", "did you mean `ge`?"),
            (17, 10, "RG0512", '`events` must be a table: a source of type "file" has no query text', "write events = { … } with its keys"),
            (18, 44, "RG0511", "there is no [sources.b]", "did you mean `a`?"),
            (24, 1, "RG1413", "`value` and `sum` exclude each other",
             "value is a measurement a row, sum adds up rows that are counts, distinct counts different values"),
        ])

    def test_diagnostics_of_values(self):
        self.assertEqual(self.diagnostics("""version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.a]
type = "file"
time = { colum = "ts", format = "unixms" }
on_bad_row = "skip"
[metrics.m]
source = "a"
where  = { status = { gte = 500 } }
fail   = { increase_over = "10%" }
[metrics.n]
source = "a"
path   = "x.csv"
kind   = "value"
fail   = { above = "1" }
"""), [
            (6, 10, "RG0104", "unknown key `colum` in `time`", "did you mean `column`?"),
            (6, 33, "RG1411", '"unixms" is no format of times: it is rfc3339, unix, unix_ms or a strptime pattern', 'did you mean "unix_ms"?'),
            (7, 14, "RG1415", '`on_bad_row` is "error" or "drop", not "skip"', ""),
            (8, 1, "RG1403", "no `path` says which files are read", "add it to the source, or to the metric"),
            (10, 23, "RG0104", "unknown key `gte` in `where.status`", "did you mean `ge`?"),
        ])
        self.assertEqual([one[2] for one in self.diagnostics(HEAD + """[metrics.n]
source = "requests"
kind   = "value"
fail   = { above = "1" }
[metrics.o]
source = "requests"
kind   = "samples"
distinct = "user"
fail   = { above = "1" }
""")], ["RG0310", "RG0312"])


if __name__ == "__main__":
    gate.main()
