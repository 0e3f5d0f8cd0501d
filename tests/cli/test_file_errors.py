"""Files as a source, through the program: evidence, plan, and what goes wrong."""

import json
import shutil
import subprocess

import gate
from file_rows import DEPLOYED, HEAD, FileTest, stamp


class FileErrors(FileTest):
    def diagnostics(self, text):
        path = self.write("gate.toml", text)
        result = gate.run("validate", path, "--format", "json")
        return [(one["line"], one["column"], one["code"], one["message"], one["hint"]) for one in json.loads(result.stdout)]

    def error(self, text, *more):
        code, report = self.check(text, *more)
        self.assertEqual(code, 4)
        error = report["metrics"][0]["error"]
        return error["code"], error["message"].replace(str(self.folder) + "/", "").replace(str(self.folder), "FOLDER")

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
        self.assertIn("READ nowhere/requests-*.csv (0 files)  count of rows where status is 500\n", result.stdout)
        self.assertIn("2 requests to 1 source; nothing was sent.", result.stdout)

    def test_query_prints_the_numbers(self):
        path = self.write("gate.toml", HEAD + """[metrics.m]
source = "requests"
value  = "ms"
fail   = { increase_over = "10%" }
""")
        result = gate.run("query", path, "m")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("value: ms\n", result.stdout)
        self.assertIn(f"{len(self.side('candidate'))} samples, 0 dropped", result.stdout)

    def test_the_example_runs(self):
        result = subprocess.run(["bash", gate.ROOT / "examples/csv/run.sh"], env=gate.environment({"RELEASE_GATE": gate.PROGRAM}),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("✗ FAIL  checkout-csv: mean latency of /pay +21.7 % (limit +10 %), at least +17 % at 95 %", result.stdout)
        self.assertIn("✓ PASS  checkout-csv: all 3 metrics shown to be within their limits", result.stdout)

    # What goes wrong.

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

    def test_diagnostics_of_a_question(self):
        found = self.diagnostics("""version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.a]
type = "file"
path = "x.csv"
[metrics.m]
source = "a"
valu   = "ms"
fail   = { increase_over = "10%" }
[metrics.n]
source = "a"
where  = { status = { gte = 500 } }
fail   = { increase_over = "10%" }
[metrics.o]
source = "a"
kind   = "ratio"
events = "status=500"
total  = { in = { source = "b", column = "id" } }
fail   = { increase_over = "1pp" }
[metrics.p]
source = "a"
value  = "ms"
sum    = "n"
kind   = "value"
aggregate = "mean"
fail   = { above = "1" }
""")
        self.assertEqual([one[:4] for one in found], [
            (9, 1, "RG0104", "unknown key `valu` in [metrics.m]"),
            (13, 23, "RG0104", "unknown key `gte` in `where.status`"),
            (18, 10, "RG0512", '`events` must be a table: a source of type "file" has no query text'),
            (19, 28, "RG0511", "there is no [sources.b]"),
            (24, 1, "RG1413", "`value` and `sum` exclude each other"),
        ])
        self.assertEqual([found[i][4] for i in (0, 1, 3)], ["did you mean `value`?", "did you mean `ge`?", "did you mean `a`?"])

    def test_unknown_keys_say_what_lists_the_keys_of_a_source(self):
        hints = {message: hint for _, _, _, message, hint in self.diagnostics("""version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.os]
type = "opensearch"
url = "https://localhost:9200"
index = "logs"
zzzzzzzzz = 1
[metrics.m]
source = "os"
qqqqqqqqq = 1
fail   = { increase_over = "10%" }
""")}
        self.assertEqual(hints, {"unknown key `zzzzzzzzz` in [sources.os]": "all keys: release-gate sources opensearch",
                                 "unknown key `qqqqqqqqq` in [metrics.m]":
                                 "all keys: docs/gate-file.md, and those of its question: release-gate sources opensearch"})

    def test_diagnostics_of_a_source(self):
        self.assertEqual(self.diagnostics("""version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.a]
type = "file"
time = { colum = "ts", format = "unixms" }
on_bad_row = "skip"
[metrics.m]
source = "a"
fail   = { increase_over = "10%" }
"""), [
            (6, 10, "RG0104", "unknown key `colum` in `time`", "did you mean `column`?"),
            (6, 33, "RG1411", '"unixms" is no format of times: it is rfc3339, unix, unix_ms or a strptime pattern', 'did you mean "unix_ms"?'),
            (7, 14, "RG1415", '`on_bad_row` is "error" or "drop", not "skip"', ""),
            (8, 1, "RG1403", "no `path` says which files are read", "add it to the source, or to the metric"),
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
