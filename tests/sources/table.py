#!/usr/bin/env python3
"""Prints system × kind of test × number of tests, for every line of src/sources/registry.def; ends with 1 when a system has neither a
recording, nor a double, nor a real server, nor files in its own form.

  python3 tests/sources/table.py

A second table says which of the seven cases (cases.py) a test shows for each of them; it ends with 1 when one is missing.

A test is a TEST_CASE or a method called test_…. A real server is also the tool itself, run by the test that reads its files. Which file
holds tests of which kind and system is said below; a pattern behind the file chooses among tests that it shares with others, by their
class and name.
"""

import ast
import pathlib
import re
import sys

from cases import CASES, cases_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = ("recording", "double", "real server", "files", "unit", "scenario")
UNIT, HERE, LIVE = "tests/unit/sources", "tests/sources", "tests/live"
REPORTS = f"{UNIT}/reports"

TESTS = {
    "prometheus": {"real server": [f"{LIVE}/test_{name}.py" for name in (
        "backtest", "canary", "figures", "histograms", "packs", "placebo", "pushgateway", "query", "quickstart", "refusals")],
                   "double": [f"{LIVE}/test_{name}.py" for name in ("identity", "protocol", "wait")], "recording": [f"{LIVE}/test_payloads.py"],
                   "unit": [f"{UNIT}/prometheus/*.cpp"]},
    "file": {"files": [f"{UNIT}/file/test_file_source.cpp", f"{UNIT}/file/test_file_csv.cpp", f"{UNIT}/file/test_file_json.cpp",
                       f"{UNIT}/file/test_file_exposition.cpp"], "unit": [f"{UNIT}/file/*.cpp"]},
    "datadog": {"recording": [f"{UNIT}/datadog/*recordings.cpp"], "double": [f"{HERE}/test_datadog*.py"],
                "unit": [f"{UNIT}/datadog/*.cpp"]},
    "sonarqube": {"recording": [f"{UNIT}/sonarqube/*recordings.cpp"], "double": [f"{HERE}/test_*sonarqube*.py"],
                  "unit": [f"{UNIT}/sonarqube/*.cpp"]},
    "jira": {"recording": [f"{UNIT}/jira/*recordings.cpp"], "double": [f"{HERE}/test_jira*.py"], "unit": [f"{UNIT}/jira/*.cpp"]},
    "junit": {"files": [f"{HERE}/test_reports.py", f"{REPORTS}/test_junit.cpp", f"{REPORTS}/test_xml.cpp"],
              "unit": [f"{REPORTS}/test_report_source.cpp"]},
    "coverage": {"files": [f"{REPORTS}/test_coverage.cpp"]},
    "lighthouse": {"recording": [f"{HERE}/test_recordings.py::^Lighthouse"], "files": [f"{REPORTS}/test_lighthouse.cpp"],
                   "real server": [f"{LIVE}/test_lighthouse.py"]},
    "jmeter": {"recording": [f"{HERE}/test_recordings.py::_jmeter"], "files": [f"{REPORTS}/test_load.cpp::^JMeter"]},
    "locust": {"recording": [f"{HERE}/test_recordings.py::_locust"], "files": [f"{REPORTS}/test_load.cpp::^Locust"],
               "real server": [f"{LIVE}/test_locust.py"]},
    "k6": {"files": [f"{REPORTS}/test_load.cpp::^k6"]},
    "sarif": {"recording": [f"{HERE}/test_recordings.py::_sarif|_severities|_every_recording"],
              "files": [f"{REPORTS}/test_findings.cpp::^SARIF"]},
    "trivy": {"recording": [f"{HERE}/test_recordings.py::_trivy|_every_recording"],
              "files": [f"{REPORTS}/test_findings.cpp::^(?!SARIF|OSV|Cyclone)"]},
    "osv": {"recording": [f"{HERE}/test_recordings.py::_osv"], "files": [f"{REPORTS}/test_findings.cpp::^OSV"]},
    "cyclonedx": {"recording": [f"{HERE}/test_recordings.py::_every_recording"],
                  "files": [f"{REPORTS}/test_findings.cpp::^CycloneDX"]},
    "audit": {"files": [f"{HERE}/test_audit.py"]},
    "survey": {"files": [f"{HERE}/test_survey.py", f"{REPORTS}/test_survey.cpp"]},
    "event_log": {"files": [f"{HERE}/test_event_log.py", f"{HERE}/test_event_users.py"], "unit": [f"{UNIT}/file/test_hyperloglog.cpp"]},
    "pagerduty": {"recording": [f"{HERE}/test_pagerduty.py::_recording"], "double": [f"{HERE}/test_pagerduty.py"]},
    "zendesk": {"recording": [f"{HERE}/test_zendesk.py::_recording"], "double": [f"{HERE}/test_zendesk.py"]},
    "mixpanel": {"recording": [f"{HERE}/test_mixpanel.py::_every_example"], "double": [f"{HERE}/test_mixpanel.py"]},
    "zigpoll": {"double": [f"{HERE}/test_zigpoll.py"]},
    "tableau": {"double": [f"{HERE}/test_tableau.py"], "unit": [f"{UNIT}/api/test_displayed.cpp"]},
    "http_json": {"double": [f"{HERE}/test_http_json.py"], "unit": [f"{UNIT}/api/*.cpp"]},
    "command": {"files": [f"{HERE}/test_command.py"]},
    "github_deployments": {"double": [f"{HERE}/test_github_deployments.py"], "unit": [f"{UNIT}/api/test_deployments.cpp"]},
    "gitlab_deployments": {"double": [f"{HERE}/test_gitlab_deployments.py"]},
    "unleash": {"recording": [f"{HERE}/test_unleash.py::^Recording"], "double": [f"{HERE}/test_unleash.py"],
                "real server": [f"{LIVE}/test_unleash.py"]},
    "launchdarkly": {"double": [f"{HERE}/test_launchdarkly.py"]},
    "event_log": {"files": [f"{HERE}/test_event_log.py"]},
    "tableau": {"double": [f"{HERE}/test_tableau.py"]},
    "cost_explorer": {"double": [f"{HERE}/test_cost_explorer.py"], "unit": [f"{HERE}/test_sigv4.py"]},
    "google_monitoring": {"double": [f"{HERE}/test_google_monitoring.py"], "unit": [f"{UNIT}/cloud/test_google_monitoring.cpp"]},
    "influxdb": {"recording": [f"{HERE}/test_influxdb.py::^Recording"], "double": [f"{HERE}/test_influxdb.py"],
                 "real server": [f"{LIVE}/test_influxdb.py"]},
    "graphite": {"recording": [f"{HERE}/test_graphite.py::^Recording"], "double": [f"{HERE}/test_graphite.py"],
                 "real server": [f"{LIVE}/test_graphite.py"], "unit": [f"{UNIT}/cloud/test_graphite.cpp"]},
    "dynatrace": {"recording": [f"{HERE}/test_dynatrace_description.py"], "double": [f"{HERE}/test_dynatrace.py"],
                  "unit": [f"{UNIT}/cloud/test_dynatrace.cpp"]},
    "dynatrace_problems": {"double": [f"{HERE}/test_dynatrace_problems.py"]},
    "opensearch": {"double": [f"{HERE}/test_opensearch.py"], "unit": [f"{UNIT}/cloud/test_opensearch.cpp"]},
    "new_relic": {"double": [f"{HERE}/test_new_relic.py"], "unit": [f"{UNIT}/cloud/test_new_relic.cpp"]},
    "google_analytics": {"double": [f"{HERE}/test_google_analytics.py"]},
    "cloudwatch": {"recording": [f"{HERE}/test_cloudwatch.py::^Recording"], "double": [f"{HERE}/test_cloudwatch.py"],
                   "unit": [f"{HERE}/test_sigv4.py", f"{UNIT}/cloud/test_cloudwatch.cpp"]},
}


def names_in(path):
    """The tests of a file: what a TEST_CASE says, or Class.test_name."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".cpp":
        return re.findall(r'TEST_CASE\(\s*"([^"]+)"', text)
    return [f"{group.name}.{one.name}" for group in ast.parse(text).body if isinstance(group, ast.ClassDef)
            for one in group.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]


def tests_of(entries):
    """(file, name) of every test that the entries choose. A file that is named and not there is a mistake in the list above."""
    found = set()
    for entry in entries:
        pattern, _, chosen = entry.partition("::")
        paths = sorted(ROOT.glob(pattern))
        if not paths:
            raise SystemExit(f"table.py: no file matches {pattern}")
        found |= {(path, name) for path in paths for name in names_in(path) if re.search(chosen, name)}
    return found


def scenarios_of(system):
    kind = system.replace("_", "-")
    return sum(f'type = "{kind}"' in re.sub(r" +", " ", gate.read_text(encoding="utf-8"))
               for gate in ROOT.glob("tests/scenarios/*/gate.toml"))


def row_of(system):
    """How many tests of each kind. One that is of a kind of its own is no mere unit test."""
    counts, known = {}, set()
    for kind in KINDS[:-1]:
        found = tests_of(TESTS[system].get(kind, [])) - known
        known |= found
        counts[kind] = len(found)
    counts["scenario"] = scenarios_of(system)
    return counts


def main():
    systems = re.findall(r"^GATE_SOURCE\((\w+)\)", (ROOT / "src/sources/registry.def").read_text(encoding="utf-8"), re.MULTILINE)
    unsaid = sorted(set(systems) ^ set(TESTS))
    if unsaid:
        print(f"table.py says nothing of, or too much about: {', '.join(unsaid)}", file=sys.stderr)
        return 1
    rows = {system: row_of(system) for system in systems}
    width = max(map(len, systems))
    print("  ".join(["system".ljust(width), *KINDS, "all"]))
    for system, counts in rows.items():
        cells = [str(counts[kind] or "–").rjust(len(kind)) for kind in KINDS]
        print("  ".join([system.ljust(width), *cells, str(sum(counts.values())).rjust(3)]))
    print()
    print("  ".join(["system".ljust(width), *CASES]))
    shown = {system: cases_of(system) for system in systems}
    for system, found in shown.items():
        cells = [{True: "yes", False: "MISSING", None: "–"}[found[case]].rjust(len(case)) for case in CASES]
        print("  ".join([system.ljust(width), *cells]))
    lacking = [f"{system} ({case})" for system, found in shown.items() for case in CASES if found[case] is False]
    if lacking:
        print(f"without a test of the case: {', '.join(lacking)}", file=sys.stderr)
    bare = [system for system, counts in rows.items() if not any(counts[kind] for kind in KINDS[:4])]
    if bare:
        print(f"without a recording, a double, a server or files of their own: {', '.join(bare)}", file=sys.stderr)
    return 1 if bare or lacking else 0


if __name__ == "__main__":
    sys.exit(main())
