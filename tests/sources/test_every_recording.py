"""Every recording of ../shared/payloads (or RELEASE_GATE_PAYLOADS), and the test that decodes it: one without an entry fails.

Without the recordings everything is skipped, but for the table itself.
"""

import fnmatch
import os
import pathlib
import sys
import unittest

from gate import ROOT, GateTest, main, report
from table import names_in

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
from double import Double, answer  # noqa: E402

PAYLOADS = pathlib.Path(os.environ.get("RELEASE_GATE_PAYLOADS") or ROOT.parent / "shared" / "payloads")
HERE, UNIT = "tests/sources", "tests/unit/sources"
REPORTS = f"{HERE}/test_recordings.py"
FINDINGS = f"{REPORTS}::Findings.test_every_recording_is_read_or_ends_in_its_error"
SELF = f"{HERE}/test_every_recording.py"

# Which test decodes it: a pattern of recordings → file::test. A whole folder is named only where its test walks the folder itself.
DECODED = {
    "aws/cloudwatch-GetMetricData-shapes.json": f"{HERE}/test_cloudwatch.py::Recording.test_the_shapes_are_those_of_the_services_description",
    "cyclonedx-vex/Case-1-vex-affected.json": FINDINGS,
    "cyclonedx-vex/Case-1-vex-not_affected.json": FINDINGS,
    "cyclonedx-vex/Case-3-vex.json": FINDINGS,
    "cyclonedx-vex/Case-4-vex.json": FINDINGS,
    "datadog/*": f"{UNIT}/datadog/test_datadog_recordings.cpp::datadog: every recording decodes or ends in the designed error",
    "dynatrace/metrics-openapi.yml": f"{HERE}/test_dynatrace_description.py::Recording.test_requests_and_the_double_fit_the_description",
    "graphite/render.json": f"{HERE}/test_graphite.py::Recording.test_json",
    "graphite/render-empty.json": f"{HERE}/test_graphite.py::Recording.test_json_of_no_match",
    "graphite/render.csv": f"{HERE}/test_graphite.py::Recording.test_csv",
    "influxdb/query-groupby.json": f"{SELF}::Others.test_influxdb",
    "influxdb/query-null-buckets.json": f"{SELF}::Others.test_influxdb",
    "influxdb/query-empty.http": f"{SELF}::Others.test_influxdb",
    "influxdb/query-db-not-found.http": f"{SELF}::Others.test_influxdb",
    "influxdb/query-parse-error.http": f"{SELF}::Others.test_influxdb",
    "influxdb/query.csv": f"{SELF}::Others.test_influxdb_csv",
    "jira/*": f"{UNIT}/jira/test_jira_recordings.cpp::every recording decodes or ends in the designed error",
    "jmeter/rg-header.csv.jtl": f"{REPORTS}::LoadTests.test_jmeter_csv",
    "jmeter/rg-default-noheader.jtl": f"{REPORTS}::LoadTests.test_jmeter_csv_without_header",
    "jmeter/rg-xml.jtl": f"{REPORTS}::LoadTests.test_jmeter_xml",
    "jmeter/plan.jmx": f"{REPORTS}::LoadTests.test_jmeter_what_is_no_result_file",
    "jmeter/summariser-stdout.txt": f"{REPORTS}::LoadTests.test_jmeter_what_is_no_result_file",
    "lighthouse/127_0_0_1--2026_11_23_20_17_55.report.json": f"{REPORTS}::Lighthouse.test_medians_of_runs",
    "lighthouse/127_0_0_1--2026_11_23_20_18_12.report.json": f"{REPORTS}::Lighthouse.test_medians_of_runs",
    "lighthouse/manifest.json": f"{REPORTS}::Lighthouse.test_the_run_that_lighthouse_ci_calls_representative",
    "lighthouse/lhr-trimmed.json": f"{REPORTS}::Lighthouse.test_all_categories",
    "lighthouse/lh1.report.csv": f"{REPORTS}::Lighthouse.test_what_is_no_report",
    "lighthouse/assertion-results.json": f"{REPORTS}::Lighthouse.test_what_is_no_report",
    "lighthouse/lighthouserc.json": f"{REPORTS}::Lighthouse.test_what_is_no_report",
    "locust/rg_stats.csv": f"{REPORTS}::LoadTests.test_locust",
    "locust/rg_stats_history.csv": f"{REPORTS}::LoadTests.test_locust",
    "locust/rg_failures.csv": f"{REPORTS}::LoadTests.test_locust",
    "locust/rg_exceptions.csv": f"{REPORTS}::LoadTests.test_locust",
    "mixpanel/query.openapi.yaml": f"{HERE}/test_mixpanel.py::Recordings.test_every_example_decodes",
    "osv/osv-scanner-results.json": f"{REPORTS}::Findings.test_osv",
    "osv/vuln-results-a.json": f"{REPORTS}::Findings.test_osv",
    "pagerduty/examples.json": f"{HERE}/test_pagerduty.py::Recordings.test_every_recording_decodes",
    "prometheus/*": "tests/live/test_payloads.py::Payloads.test_no_recording_is_forgotten",
    "pushgateway/metrics.txt": f"{SELF}::Others.test_pushgateway_metrics",
    "pushgateway/api-v1-metrics.json": f"{SELF}::Others.test_pushgateway_api",
    "sarif/Baseline.sarif": FINDINGS,
    "sarif/DefaultRuleConfiguration.sarif": FINDINGS,
    "sarif/Notifications.sarif": FINDINGS,
    "sarif/RuleMetadata.sarif": FINDINGS,
    "sarif/sarif-schema-2.1.0.json": FINDINGS,
    "sonarqube/*": f"{UNIT}/sonarqube/test_sonarqube_recordings.cpp::every recording of SonarQube decodes",
    "trivy/alpine-310.gitlab-codequality.json": FINDINGS,
    "trivy/alpine-310.gitlab.json": FINDINGS,
    "trivy/alpine-310.sarif.json": f"{REPORTS}::Findings.test_sarif",
    "trivy/debian-buster-ignore-unfixed.json": FINDINGS,
    "trivy/dockerfile.json": FINDINGS,
    "trivy/gomod-vex.json": f"{REPORTS}::Findings.test_trivy",
    "trivy/secrets.json": FINDINGS,
    "unleash/admin-feature.json": f"{HERE}/test_unleash.py::Recording.test_every_recording_decodes",
    "unleash/metrics-raw.json": f"{HERE}/test_unleash.py::Recording.test_every_recording_decodes",
    "unleash/err-401.http": f"{HERE}/test_unleash.py::Recording.test_refusals",
    "unleash/err-404.http": f"{HERE}/test_unleash.py::Recording.test_refusals",
    "victoriametrics/*": "tests/live/test_payloads.py::Payloads.test_no_recording_is_forgotten",
    "zendesk/search_count_ticket.json": f"{HERE}/test_zendesk.py::Recordings.test_every_recording_decodes",
    "zendesk/search_ticket.json": f"{HERE}/test_zendesk.py::Recordings.test_every_recording_decodes",
    "zendesk/views_ticket_count.json": f"{HERE}/test_zendesk.py::Recordings.test_every_recording_decodes",
}

# What is no answer to a question, and why.
NO_ANSWERS = {
    "PROVENANCE.md": "says where the recordings are from",
    "locust/locustfile.py": "the program of the load test",
    "unleash/client-features.json": "what an SDK is told; the source asks the admin API",
    "unleash/create.json": "the answer to making a flag; the source only reads",
    "unleash/metrics.json": "the sums of an hour of /metrics; the source asks for the rows behind them, /metrics/raw",
    "zendesk/satisfaction-ratings-openapi.yml": "a description of the API, by others than Zendesk",
    "zendesk/search-openapi.yml": "a description of the API, by others than Zendesk",
    "zendesk/ticket-metrics-openapi.yml": "a description of the API, by others than Zendesk",
}


class Table(unittest.TestCase):
    def test_every_test_is_there(self):
        """Each entry names a test that exists, in a file that names the recording, or its folder."""
        for pattern, test in DECODED.items():
            with self.subTest(pattern):
                file, _, name = test.partition("::")
                self.assertIn(name, names_in(ROOT / file))
                folder, _, recorded = pattern.partition("/")
                self.assertIn(f'"{folder}"' if recorded == "*" else recorded, (ROOT / file).read_text(encoding="utf-8"))

    def test_nothing_is_said_twice(self):
        self.assertEqual(set(DECODED) & set(NO_ANSWERS), set())

    @unittest.skipUnless(PAYLOADS.is_dir(), f"the recordings are not here ({PAYLOADS})")
    def test_every_recording_has_an_entry(self):
        there = {str(path.relative_to(PAYLOADS)) for path in PAYLOADS.rglob("*") if path.is_file()}
        known = [*DECODED, *NO_ANSWERS]
        self.assertEqual([name for name in sorted(there) if not any(fnmatch.fnmatchcase(name, one) for one in known)], [])
        self.assertEqual([one for one in known if not fnmatch.filter(there, one)], [], "entries of what is not there")


class Fixed(Double):
    """Gives `text` with `status` to every request."""

    status, text = 200, ""

    def handle(self, request):
        return answer(self.status, self.text)


@unittest.skipUnless(PAYLOADS.is_dir(), f"the recordings are not here ({PAYLOADS})")
class Others(GateTest):
    """Recordings of systems that have no source of their own, by those for any file and any JSON."""

    def one(self, source, metric):
        gate = self.write("gate.toml", f'version = 1\n[compare]\ndesign = "none"\n[sources.s]\n{source}\n[metrics.m]\nsource = "s"\n'
                                       f"{metric}\nfail = {{ above = 1e12 }}\n")
        return report(gate, "--deployed-at", "2026-11-23T20:00:00Z", "--now", "2026-11-23T22:00:00Z")[1]["metrics"][0]

    def value(self, source, metric):
        found = self.one(source, metric)
        return found["error"]["code"] if found["error"] else found["candidate"]["value"]

    def by_json(self, name, pointer):
        """The value, or the code of the error; an .http recording brings its own status line and headers."""
        text, status = (PAYLOADS / name).read_text(encoding="utf-8"), 200
        if name.endswith(".http"):
            head, _, text = text.replace("\r", "").partition("\n\n")
            status = int(head.split()[1])
        with Fixed() as double:
            double.text, double.status = text, status
            return self.value(f'type = "http-json"\nurl = "{double.url}"', f'path = "/"\nvalue = "{pointer}"')

    def by_file(self, name, form, metric):
        self.write("recorded", (PAYLOADS / name).read_text(encoding="utf-8"))
        return self.value(f'type = "file"\npath = "recorded"\nformat = "{form}"\ntime = false', f'kind = "value"\naggregate = "last"\n{metric}')

    def test_influxdb(self):
        """Nothing is 0: an error inside of an answer of HTTP 200 and an empty answer are errors, a null bucket is no data."""
        expected = {"query-groupby.json": 102.9, "query-null-buckets.json": None, "query-empty.http": "RG1963",
                    "query-db-not-found.http": "RG1963", "query-parse-error.http": "RG1100"}
        found = {name: self.by_json(f"influxdb/{name}", "/results/0/series/0/values/0/1") for name in expected}
        self.assertEqual(found, expected)
        self.assertEqual(self.by_json("influxdb/query-null-buckets.json", "/results/0/series/0/values/6/1"), 103)

    def test_influxdb_csv(self):
        self.assertEqual(self.by_file("influxdb/query.csv", "csv", 'value = "mean"'), 102.9)

    def test_pushgateway_metrics(self):
        for name, value in (("release_p95_seconds", 0.231), ("release_checkout_errors_total", 3), ("push_failure_time_seconds", 0)):
            with self.subTest(name):
                self.assertEqual(self.by_file("pushgateway/metrics.txt", "prometheus-text", f'where = {{ __name__ = "{name}" }}'), value)

    def test_pushgateway_api(self):
        self.assertEqual(self.by_json("pushgateway/api-v1-metrics.json", "/data/0/push_failure_time_seconds/metrics/0/value"), 0)


if __name__ == "__main__":
    main()
