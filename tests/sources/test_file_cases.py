"""The cases that every source of files has, for each of them: what is there, nothing there, zero, and a file that breaks off. Credentials,
rate limits and pages are cases of servers (api_case.SevenCases)."""

import json
import pathlib
import tempfile
import unittest

from gate import report

TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
FROM_1230 = [f"2026-03-17T12:{minute:02}:30Z" for minute in range(1, 60)]


def lighthouse(milliseconds):
    return json.dumps({"lighthouseVersion": "12.6.1", "requestedUrl": "http://h/", "finalDisplayedUrl": "http://h/", "fetchTime": "2026-03-17T12:30:00.000Z",
                       "categories": {"performance": {"score": 0.9}}, "configSettings": {"formFactor": "mobile"},
                       "audits": {"largest-contentful-paint": {"numericValue": milliseconds, "numericUnit": "millisecond", "score": 0.9}}})


def sarif(*rules):
    results = [{"ruleId": rule, "level": "error", "message": {"text": "m"},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.c"}, "region": {"startLine": 1}}}]} for rule in rules]
    return json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "scanner"}}, "results": results}]})


def trivy(*ids):
    found = [{"VulnerabilityID": one, "PkgName": "p", "InstalledVersion": "1", "Severity": "HIGH"} for one in ids]
    return json.dumps({"SchemaVersion": 2, "ArtifactName": "a", "Results": [{"Target": "t", "Class": "os-pkgs", "Vulnerabilities": found}]})


def osv(*ids):
    packages = [{"package": {"name": "p", "version": "1", "ecosystem": "npm"}, "vulnerabilities": [{"id": one} for one in ids],
                 "groups": [{"ids": [one], "max_severity": "8.1"} for one in ids]}]
    return json.dumps({"results": [{"source": {"path": "package-lock.json", "type": "lockfile"}, "packages": packages}]})


def cyclonedx(*ids):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [{"type": "library", "name": "p", "bom-ref": "p"}],
                       "vulnerabilities": [{"id": one, "ratings": [{"severity": "high"}], "affects": [{"ref": "p"}]} for one in ids]})


def junit(*tests):
    cases = "".join(f'<testcase classname="c" name="{name}" time="0.1">{"<failure message=&quot;m&quot;/>".replace("&quot;", chr(34)) if bad else ""}</testcase>'
                    for name, bad in tests)
    return f'<testsuite name="s" tests="{len(tests)}">{cases}</testsuite>'


def lcov(*hits):
    return "SF:a.c\n" + "".join(f"DA:{line},{count}\n" for line, count in enumerate(hits, 1)) + "end_of_record\n"


def jtl(*labels):
    head = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n"
    return head + "".join(f"{1773750000000 + i},100,l,{200 if good else 500},OK,t 1-1,text,{'true' if good else 'false'},,10,10,1,1,http://h/,50,0,1\n"
                          for i, good in enumerate(labels))


def locust(requests, failures):
    head = ("Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,"
            "Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\n")
    numbers = f"{requests},{failures},10,10,1,20,5,1,0.1,10,11,12,13,14,15,16,17,18,19,20\n"
    return head + f"GET,/x,{numbers},Aggregated,{numbers}"


def k6(rate):
    return json.dumps({"metrics": {"http_reqs": {"type": "counter", "contains": "default", "values": {"count": 100, "rate": 10}},
                                   "http_req_failed": {"type": "rate", "contains": "default",
                                                       "values": {"rate": rate, "passes": int(100 * rate), "fails": 100 - int(100 * rate)}},
                                   "http_req_duration": {"type": "trend", "contains": "time", "values": {"avg": 1, "med": 1, "p(95)": 2, "max": 3, "min": 1}}},
                       "state": {"testRunDurationMs": 10000}})


def audit(*statuses):
    return "id,result\n" + "".join(f"c{i},{status}\n" for i, status in enumerate(statuses))


def scores(*values):
    return "time,score\n" + "".join(f"{time},{value}\n" for time, value in zip(FROM_1230, values))


def events(*names):
    return "".join(json.dumps({"time": time, "user_id": f"u{i}", "event": name}) + "\n" for i, (time, name) in enumerate(zip(FROM_1230, names)))


def rows(*values):
    return "time,value\n" + "".join(f"{time},{value}\n" for time, value in zip(FROM_1230, values))


FINDINGS = 'measure = "total"'
# type: (name of the file, keys of the metric, a file and what it comes to, a file of zero, where a whole file is cut)
SOURCES = {
    "file": ("rows.csv", 'kind = "samples"', rows(*[1, 2] * 20), 1.5, rows(*[0] * 40), 0.97),
    "junit": ("junit.xml", 'measure = "failed"', junit(("a", True), ("b", False)), 1, junit(("a", False)), 0.6),
    "coverage": ("lcov.info", 'measure = "uncovered_lines"', lcov(1, 0, 0), 2, lcov(1, 1), 0.5),
    "lighthouse": ("lhr.json", 'measure = "lcp"', lighthouse(2100), 2100, lighthouse(0), 0.6),
    "jmeter": ("run.jtl", 'measure = "errors"', jtl(True, False), 1, jtl(True, True), 0.9),
    "locust": ("run_stats.csv", 'measure = "errors"', locust(50, 3), 3, locust(50, 0), 0.9),
    "k6": ("summary.json", 'measure = "error_rate"\nunit = "%"', k6(0.25), 25, k6(0), 0.6),
    "sarif": ("scan.sarif", FINDINGS, sarif("r1", "r2"), 2, sarif(), 0.6),
    "trivy": ("trivy.json", FINDINGS, trivy("CVE-2026-0001"), 1, trivy(), 0.6),
    "osv": ("osv.json", FINDINGS, osv("GHSA-1", "GHSA-2"), 2, json.dumps({"results": []}), 0.6),
    "cyclonedx": ("bom.json", FINDINGS, cyclonedx("CVE-2026-0001"), 1, cyclonedx(), 0.6),
    "audit": ("controls.csv", 'measure = "failed"', audit("failed", "passed"), 1, audit("passed"), 0.9),
    "survey": ("nps.csv", 'measure = "nps"', scores(*[9, 10, 7, 9] * 10), 75, scores(*[7, 8] * 20), 0.995),
    "event-log": ("events.jsonl", 'kind = "value"\nmeasure = "active_users"\nevent = "e"', events("e", "e", "x"), 2, events("x"), 0.95),
}


class FileCases(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def metric(self, kind, text):
        name, keys = SOURCES[kind][:2]
        (self.folder / name).unlink(missing_ok=True)
        if text is not None:
            (self.folder / name).write_text(text)
        gate = self.folder / "gate.toml"
        gate.write_text(f'version = 1\n[sources.s]\ntype = "{kind}"\npath = "{name}"\n[metrics.m]\nsource = "s"\n{keys}\ndesign = "none"\nrequired = true\n'
                        "candidate = { window = \"1h\" }\nfail = { above = 1e9 }\n")
        code, found = report(gate, *TIMES)
        return code, found["metrics"][0]

    def each(self, check):
        """Calls `check` with each type and what SOURCES says of it."""
        for kind, (_, _, *rest) in SOURCES.items():
            with self.subTest(kind=kind):
                check(kind, *rest)

    def test_happy_path(self):
        def check(kind, text, value, *_):
            code, metric = self.metric(kind, text)
            self.assertEqual((code, metric["candidate"]["value"], metric["error"]), (0, value, None))

        self.each(check)

    def test_no_data(self):
        def check(kind, *_):
            code, metric = self.metric(kind, None)
            self.assertEqual((code, metric["error"]["code"]), (4, "RG1403"))
            code, metric = self.metric(kind, "")
            self.assertIn((code, metric["evidence"]), ((3, "none"), (4, "error")))

        self.each(check)

    def test_zero(self):
        def check(kind, _text, _value, zero, _cut):
            code, metric = self.metric(kind, zero)
            self.assertEqual((code, metric["candidate"]["value"]), (0, 0), metric["error"])

        self.each(check)

    def test_malformed(self):
        def check(kind, text, _value, _zero, cut):
            code, metric = self.metric(kind, text[:int(len(text) * cut)])
            self.assertEqual(code, 4, metric["headline"])
            self.assertIn(metric["error"]["code"][:4], ("RG14", "RG15"))
            self.assertIn(SOURCES[kind][0], metric["error"]["message"])

        self.each(check)


if __name__ == "__main__":
    unittest.main()
