"""Which test shows which case of a source: what is there, no data, zero, a refused credential, a rate limit, the end of pages, a malformed
answer. Those behind HTTP derive from api_case.SevenCases, those of files stand in test_file_cases.py; the four that are older than both say
here which test is meant. `None`: there is no such case, since nothing is asked of a server, or it gives no pages."""

import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ("happy_path", "no_data", "zero", "auth_failure", "rate_limit", "paging_end", "malformed")
OF_FILES = ("happy_path", "no_data", "zero", "malformed")
HERE = "tests/sources/test_"

NAMED = {
    "prometheus": {"happy_path": "tests/live/test_figures.py::test_mean_of_a_gauge",
                   "no_data": "tests/live/test_figures.py::test_zero_is_a_number_and_no_series_is_none",
                   "zero": "tests/live/test_figures.py::test_zero_is_a_number_and_no_series_is_none",
                   "auth_failure": "tests/faults/test_statuses.py::test_statuses",
                   "rate_limit": "tests/faults/test_statuses.py::test_waits_what_was_asked", "paging_end": None,
                   "malformed": "tests/faults/test_bodies.py::test_json_that_is_none"},
    "datadog": {"happy_path": HERE + "datadog.py::test_samples", "no_data": HERE + "datadog.py::test_empty_series_is_no_data",
                "zero": HERE + "datadog.py::test_zero_is_zero", "auth_failure": HERE + "datadog_refusals.py::test_403_of_the_api_key",
                "rate_limit": HERE + "datadog_refusals.py::test_429_with_a_reset_soon", "paging_end": HERE + "datadog.py::test_long_windows_are_asked_in_pieces",
                "malformed": HERE + "datadog_refusals.py::test_answers_that_are_broken"},
    "sonarqube": {"happy_path": HERE + "sonarqube.py::test_a_measure_is_one_value_of_its_analysis", "no_data": HERE + "sonarqube.py::test_absent_is_no_data",
                  "zero": HERE + "sonarqube.py::test_zero_is_zero", "auth_failure": HERE + "sonarqube_refusals.py::test_401_has_an_empty_body",
                  "rate_limit": HERE + "sonarqube_refusals.py::test_429_with_a_reset_soon_is_waited_for",
                  "paging_end": HERE + "sonarqube.py::test_history_is_paged", "malformed": HERE + "sonarqube_refusals.py::test_json_that_ends_early"},
    "jira": {"happy_path": HERE + "jira.py::test_counts_stand_at_the_end_of_their_slice_and_empty_slices_are_zero",
             "no_data": HERE + "jira.py::test_samples_of_no_issues_are_no_data",
             "zero": HERE + "jira.py::test_a_window_without_issues_is_zero_and_not_no_data", "auth_failure": HERE + "jira.py::test_a_wrong_token_is_refused",
             "rate_limit": HERE + "jira_trouble.py::test_429_with_a_second_is_waited_for",
             "paging_end": HERE + "jira.py::test_ten_thousand_issues_in_a_hundred_pages_are_counted_exactly",
             "malformed": HERE + "jira_trouble.py::test_a_broken_answer_is_never_a_shorter_count"},
    "command": {case: f"{HERE}command.py::test_{case}" if case in OF_FILES else None for case in CASES},
}


def names_in(path):
    return set(re.findall(r"^    def (test_\w+)\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE))


def bases_in(path):
    """The classes that those of the file derive from."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {base.id for group in tree.body if isinstance(group, ast.ClassDef) for base in group.bases if isinstance(base, ast.Name)}


def file_types():
    """The types that test_file_cases.py has, by the keys of its table."""
    tree = ast.parse((ROOT / "tests/sources/test_file_cases.py").read_text(encoding="utf-8"))
    table = next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "SOURCES")
    return {key.value.replace("-", "_") for key in table.keys}


def cases_of(system):
    """Case -> True (a test shows it), False (none does) or None (there is no such case)."""
    if system in NAMED:
        return {case: None if NAMED[system][case] is None else NAMED[system][case].split("::")[1] in names_in(NAMED[system][case].split("::")[0])
                for case in CASES}
    if system in file_types():
        return {case: True if case in OF_FILES else None for case in CASES}
    path = f"{HERE}{system}.py"
    has_all = (ROOT / path).is_file() and "SevenCases" in bases_in(path)
    return dict.fromkeys(CASES, has_all)
