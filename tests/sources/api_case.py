"""What the tests of sources behind a vendor's API share: one metric `m` asked of a double, released at 12:04 UTC of 17 March 2026, and
the cases that every such source must have.

A test class derives from ApiTest and SevenCases and says: DOUBLE (the class of its double), TYPE (of the source), SOURCE (more keys of
it, in TOML), SECRETS (environment variables with credentials), METRIC (the keys of a metric that passes with the double as it is) and
PATH (a part of the path of the request that METRIC's number comes from). It writes test_happy_path, test_no_data, test_zero and
test_paging_end itself; the other three follow from what it said.
"""

import datetime
import json
import pathlib
import sys

from gate import ROOT, GateTest, report, run

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
from double import answer  # noqa: E402

TIMES = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T13:00:00Z")
SHARED = pathlib.Path(ROOT).parent / "shared" / "payloads"


class MetricTest(GateTest):
    """A test class derives from it and has ask(), which answers with all metrics that came of one, and keeps `exit_code`."""

    def one(self, *arguments, **keywords):
        metric = self.ask(*arguments, **keywords)[0]
        self.assertIsNone(metric["error"], metric["error"])
        return metric

    def error(self, *arguments, **keywords):
        """The code of the error that the metric ended with; `text` holds its words."""
        metric = self.ask(*arguments, **keywords)[0]
        error = metric["error"]
        self.assertIsNotNone(error, metric)
        self.assertEqual(self.exit_code, 4)
        self.text = " | ".join([error["message"], *error["context"], error["hint"] or ""])
        return error["code"]

    def values(self, metric):
        return [side["value"] if side else None for side in (metric["baseline"], metric["candidate"])]


class ApiTest(MetricTest):
    DOUBLE = None
    TYPE = ""
    SOURCE = ""
    SECRETS = {}
    METRIC = ""
    PATH = ""

    def setUp(self):
        super().setUp()
        self.double = self.DOUBLE()
        self.double.__enter__()
        self.addCleanup(self.double.__exit__)

    def gate(self, metric=None, source=None, more=""):
        return self.write("gate.toml", f"""version = 1
[sources.api]
type = "{self.TYPE}"
url  = "{self.double.url}"
{self.SOURCE if source is None else source}
[metrics.m]
source = "api"
{self.METRIC if metric is None else metric}
{more}""")

    def ask(self, metric=None, source=None, times=TIMES, secrets=None, deadline="30s", more=""):
        """All metrics that came of `m`; no secret of SECRETS is in the report."""
        secrets = self.SECRETS if secrets is None else secrets
        self.exit_code, self.report = report(self.gate(metric, source, more), *times, "--deadline", deadline, env=secrets)
        for secret in secrets.values():
            if len(secret) >= 4:
                self.assertNotIn(secret, json.dumps(self.report))
        return self.report["metrics"]

    def validate(self, metric=None, source=None, secrets=None):
        return run("validate", self.gate(metric, source), env=self.SECRETS if secrets is None else secrets)

    def refused(self, metric, source, code, words):
        """These keys are refused before anything is asked."""
        with self.subTest(words=words):
            found = self.validate(metric, source)
            self.assertEqual(found.returncode, 2)
            self.assertIn(code, found.stderr)
            self.assertIn(words, found.stderr)

    def plan(self, metric=None, source=None, times=TIMES):
        return run("plan", self.gate(metric, source), *times, env=self.SECRETS)

    def healthy(self, metric=None, source=None):
        """What `sources --check` says, which finds nothing wrong."""
        checked = run("sources", "--check", self.gate(metric, source), env=self.SECRETS)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        return checked.stdout


class SevenCases:
    """Mixed into an ApiTest."""

    CASES = ("happy_path", "no_data", "zero", "auth_failure", "rate_limit", "paging_end", "malformed")

    def test_all_seven_cases_are_there(self):
        missing = [case for case in self.CASES if not callable(getattr(self, f"test_{case}", None))]
        self.assertEqual(missing, [])

    def test_auth_failure(self):
        for status, code in ((401, "RG1101"), (403, "RG1103")):
            with self.subTest(status=status):
                self.double.fail(self.PATH, answer(status, {"error": "no"}))
                self.assertEqual(self.error(), code)
                for variable in self.SECRETS:
                    if variable in self.text:
                        break
                else:
                    self.assertEqual(self.SECRETS, {}, f"the message names no credential: {self.text}")
        unset = dict.fromkeys(self.SECRETS, "")
        if unset:
            self.double.fail(self.PATH, answer(401, {}))
            self.assertIn(self.error(secrets=unset), ("RG1101", "RG1102"))
            self.assertIn("is not set", self.text)

    def test_rate_limit(self):
        self.double.fail(self.PATH, answer(429, {}, {"Retry-After": "1"}))
        self.assertEqual(self.one()["verdict"], "pass")
        self.double.fail(self.PATH, answer(429, {}, {"Retry-After": "3600"}), times=9)
        self.assertEqual(self.error(deadline="5s"), "RG1040")

    def test_malformed(self):
        for body, codes in (('{"data": [{"val', ("RG1901",)), ("<html><body>Log in</body></html>", ("RG1903",)),
                            ('"so what"', ("RG1902",)), ("", ("RG1901",))):
            with self.subTest(body=body):
                self.double.fail(self.PATH, answer(200, body))
                self.assertIn(self.error(), codes)


def events_of(metric):
    """How many events each side of a count had: its values are rates in 1/s."""
    out = []
    for side in (metric["baseline"], metric["candidate"]):
        start, end = (datetime.datetime.fromisoformat(side["window"][key].replace("Z", "+00:00")) for key in ("start", "end"))
        out.append(None if side["value"] is None else round(side["value"] * (end - start).total_seconds(), 6))
    return out


def recording(name):
    """The text of a recorded answer, or None where the recordings are not at hand."""
    path = SHARED / name
    return path.read_text(encoding="utf-8") if path.exists() else None
