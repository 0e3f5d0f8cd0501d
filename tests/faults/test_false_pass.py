"""Answers that look well and prove nothing: none of them may let a required metric pass."""

import json
import urllib.parse

import gate
import hostile
from hostile import answer

DEPLOYED = 1773749040
HEAD = """
version = 1
[release]
deployed_at = "2026-03-17T12:04:00Z"
[compare]
baseline = { window = "30m" }
candidate = { window = "30m" }
step = "15s"
[sources.prom]
type = "prometheus"
url = "URL"
retries = 0
[metrics.m]
source = "prom"
"""
NOW = ("--now", "2026-03-17T13:00:00Z")
SAMPLES = 'query = "x"\n'
VALUE = SAMPLES + 'kind = "value"\nfail = { above = 1 }\n'
EACH = SAMPLES + 'each = "pod"\n'


def asked(request):
    return {name: values[0] for name, values in urllib.parse.parse_qs(request.body.decode()).items()}


def points(request, value):
    """The points that were asked for; `value` of a point's number."""
    start, end, step = (float(asked(request)[name]) for name in ("start", "end", "step"))
    return [[start + k * step, value(k)] for k in range(int((end - start) / step) + 1)]


def is_candidate(request):
    return float(asked(request)["end"]) > DEPLOYED


def success(kind, series, **more):
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": series}, **more})


def matrix(request, value, labels=({},), **more):
    return success("matrix", [{"metric": one, "values": points(request, value)} for one in labels], **more)


def at(seconds, **more):
    return success("vector", [{"metric": {}, "value": [seconds, "0.5"]}], **more)


class FalsePass(gate.GateTest):
    def judge(self, metric, body, status="200 OK"):
        """(exit code, report) of a gate whose one metric is `metric` and whose server says `body(request)`."""
        with hostile.Hostile(lambda peer, request: peer.sendall(answer(body(request), status))) as server:
            file = self.write("gate.toml", HEAD.replace("URL", server.url) + metric)
            return gate.report(file, *NOW)

    def judges(self, metric, body, code, evidence, error=None, **options):
        status, report = self.judge(metric, body, **options)
        one = report["metrics"][0]
        found = (status, one["evidence"], one["error"] and one["error"]["code"])
        self.assertEqual((code, evidence, error), found, report["headline"])
        return one

    def test_numbers_whose_sum_is_no_number(self):
        ratio = 'kind = "ratio"\nevents = "e[{{step}}]"\ntotal = "t[{{step}}]"\n'
        count = 'kind = "count"\nevents = "e[{{step}}]"\nexposure = "t[{{step}}]"\n'
        cases = [
            ("a sum", SAMPLES + 'kind = "value"\naggregate = "sum"\nfail = { below = 1 }\n'),
            ("a ratio's value", ratio + 'fail = { above = "1%" }\n'),
            ("a ratio's change", ratio + 'fail = { increase_over = "1pp" }\n'),
            ("a rate's value", count + "fail = { above = 0.5 }\n"),
            ("a rate's change", count + 'fail = { increase_over = "1%" }\n'),
        ]
        for name, metric in cases:
            with self.subTest(name):
                self.judges(metric, lambda request: matrix(request, lambda k: "1.7e308"), 3, "none")

    def test_less_than_everything(self):
        partial = {"status": "success", "isPartial": True}
        data = json.loads(at(DEPLOYED + 1800))["data"]
        cases = [
            ("isPartial of VictoriaMetrics", json.dumps({**partial, "data": data}), "200 OK", "RG1305"),
            ("isPartial behind the data", json.dumps({"status": "success", "data": data, "isPartial": True}), "200 OK", "RG1305"),
            ("isPartial is no boolean", json.dumps({**partial, "isPartial": "yes", "data": data}), "200 OK", "RG1203"),
            (
                "warnings that come twice",
                '{"status":"success","warnings":["a shard is down"],"warnings":[],"data":%s}' % json.dumps(data),
                "200 OK",
                "RG1203",
            ),
            ("partial content that nobody asked for", json.dumps({"status": "success", "data": data}), "206 Partial Content", "RG1130"),
        ]
        for name, body, status, code in cases:
            with self.subTest(name):
                self.judges(VALUE, lambda request, body=body: body, 4, "error", code, status=status)

    def test_partial_that_the_author_accepts(self):
        metric = self.judges(VALUE + 'on_partial = "note"\n', lambda request: at(DEPLOYED + 1800, isPartial=True), 0, "enough")
        self.assertIn("the server warns: isPartial", metric["notes"])

    def test_a_number_of_another_time(self):
        """A cache that does not look at the time, or a server that gives what it has."""
        for name, seconds in (("1970", 12345), ("the version before", DEPLOYED - 1), ("later", DEPLOYED + 1801)):
            with self.subTest(name):
                metric = self.judges(VALUE, lambda request, seconds=seconds: at(seconds), 3, "none")
                self.assertIn("1 points outside of the asked range were left out", metric["notes"])
        for seconds in (DEPLOYED, DEPLOYED + 1800):
            with self.subTest(inside=seconds):
                self.judges(VALUE, lambda request, seconds=seconds: at(seconds), 0, "enough")

    def test_the_same_series_twice(self):
        body = lambda request: matrix(request, lambda k: "0.5", ({"pod": "a"}, {"pod": "a"}))  # noqa: E731
        for metric in (SAMPLES + 'combine = "min"\nfail = { above = 1 }\n', EACH + "fail = { above = 1 }\n"):
            with self.subTest(metric):
                self.judges(metric, body, 4, "error", "RG1203")

    def test_all_series_of_one_side_are_missing(self):
        """Nothing was said of that side: that is no series that came or went."""
        pods = ({"pod": "a"}, {"pod": "b"})
        for name, present in (("the candidate is gone", False), ("there was no baseline", True)):
            with self.subTest(name):
                code, report = self.judge(
                    EACH + 'fail = { increase_over = "10%" }\n',
                    lambda request, present=present: matrix(
                        request, lambda k: "0.5", pods if is_candidate(request) == present else ()
                    ),
                )
                self.assertEqual((3, "inconclusive"), (code, report["verdict"]), report["headline"])
                self.assertEqual({"none"}, {metric["evidence"] for metric in report["metrics"]})

    def test_a_new_series_is_held_to_what_needs_no_baseline(self):
        code, report = self.judge(
            EACH + 'fail = { above = 1, increase_over = "10%" }\n',
            lambda request: success(
                "matrix",
                [
                    {"metric": {"pod": pod}, "values": points(request, lambda k, pod=pod: "500" if pod == "c" else f"0.5{k % 2}")}
                    for pod in ("abc" if is_candidate(request) else "ab")
                ],
            ),
        )
        self.assertEqual((1, "fail"), (code, report["verdict"]), report["headline"])
        self.assertEqual(["pass", "pass", "fail"], [metric["verdict"] for metric in report["metrics"]])


if __name__ == "__main__":
    gate.main()
