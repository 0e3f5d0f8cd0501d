"""What nothing from outside may do in a report of each format: `check(test, name, text, …)` reads it as the programs that show it do."""

import csv
import html.parser
import json
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree

import comment

HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
COMMANDS = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[", re.M)
GITHUB = re.compile(r"::(error|warning) file=([^:,\n]*),(?:line=(\d+),)?title=((?:FAIL|ERROR|INCONCLUSIVE|PENDING|WARN) [^:,\n]*)::([^\n]*)")
AZURE = re.compile(r"##vso\[task\.logissue type=(error|warning);sourcepath=([^;\]\n]*);(?:linenumber=(\d+);)?\]([^\n]*)")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# SARIF 2.1.0, 3.11.5 and 3.11.6.
SARIF_LINK = re.compile(r"(?<!\\)\[(?:[^\]\\]|\\.)*\]\(")
SARIF_PLACEHOLDER = re.compile(r"(?<!\{)\{\d+\}")
JUNIT_TAGS = {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}


def lines(test, text):
    """Text for a terminal or a log: nothing hidden, no controls, no command of a pipeline."""
    for what, pattern in (("hidden or control character", HIDDEN), ("command", COMMANDS)):
        found = pattern.search(text)
        test.assertIsNone(found, f"{what}: {text[max(0, found.start() - 60):found.end() + 60]!r}" if found else "")


def job_log(test, text, pipeline=None):
    """A log as the runner reads it: the program's own commands, whole, and no others; how many there are of each kind."""
    own = {"github": GITHUB, "azure": AZURE}.get(pipeline)
    rest, kinds = [], []
    for line in text.split("\n"):
        command = own.fullmatch(line) if own else None
        if command:
            kinds.append(command[1])
            test.assertNotRegex(line[2:], r"##vso\[|##\[")
            line = command[0].removeprefix("::").removeprefix("##")
        rest.append(line)
    lines(test, "\n".join(rest))
    return kinds.count("error"), kinds.count("warning")


def json_text(test, text):
    lines(test, text)
    return json.loads(text)


def junit(test, text):
    lines(test, text)
    test.assertNotIn("<!", text)
    test.assertEqual(text.count("<?"), 1)
    root = ElementTree.fromstring(text)
    test.assertLessEqual({element.tag for element in root.iter()}, JUNIT_TAGS)
    allowed = {"name", "classname", "time", "tests", "failures", "errors", "skipped", "message", "type"}
    test.assertLessEqual({key for element in root.iter() for key in element.keys()}, allowed)
    return root


def sarif(test, text):
    document = json_text(test, text)
    for one in document["runs"][0]["results"]:
        said = one["message"]["text"]
        test.assertEqual(set(one["message"]), {"text"})
        test.assertNotRegex(said, SARIF_LINK)
        test.assertNotRegex(said, SARIF_PLACEHOLDER)
        test.assertNotRegex(said, HIDDEN)
        test.assertNotIn("\n", said)
        for place in one["locations"]:
            uri = urllib.parse.urlsplit(place["physicalLocation"]["artifactLocation"]["uri"])
            test.assertEqual((uri.scheme, uri.netloc, uri.query, uri.fragment), ("", "", "", ""))
            test.assertRegex(uri.path, r"^(?:[A-Za-z0-9._~-]|/(?!/)|%[0-9A-F]{2})+$")
    return document


def codequality(test, text):
    findings = json_text(test, text)
    for one in findings:
        for said in (one["description"], one["fingerprint"], one["location"]["path"]):
            test.assertNotRegex(said, HIDDEN)
            test.assertNotIn("\n", said)
        test.assertRegex(one["check_name"], r"^[a-z_]+$")
    return findings


def table(test, text):
    """CSV for a spreadsheet of any locale: no cell is a formula, even where a semicolon ends cells."""
    test.assertNotRegex(text.replace("\r\n", "\n"), HIDDEN)
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    test.assertEqual({len(row) for row in rows}, {len(rows[0])})
    for row in rows[1:]:
        for cell in row:
            for piece in [cell, *cell.split(";")]:
                if not re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell):
                    test.assertFalse(piece.lstrip(" ").startswith(FORMULAS), cell)
    lines(test, text.replace("\r\n", "\n"))
    return rows


def metrics(test, text):
    lines(test, text)
    for line in text.splitlines():
        test.assertRegex(line, r'^(# (HELP|TYPE) release_gate_\w+ .*|# EOF|release_gate_\w+\{(\w+="[^"\\#\' `]*",?)+\} -?[0-9.e+-]+)$')


class Page(html.parser.HTMLParser):
    """The skeleton of a page: elements with the names of their attributes, scripts and styles, and where links lead."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.elements, self.code, self.links, self.text = set(), [], set(), []
        self.inside = None

    def handle_starttag(self, tag, attributes):
        self.elements.add((tag, tuple(sorted(name for name, _ in attributes))))
        self.inside = tag if tag in ("script", "style") else None
        self.links.update(value or "" for name, value in attributes if name in ("href", "src", "action", "xlink:href", "srcset", "formaction"))

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        (self.code if self.inside else self.text).append(data)


def page(test, text, plain, links):
    """An HTML page, held against the page of the same gate with plain words in every place: the same elements with the same
    attributes, the same scripts, and links to nothing else than `links` begin with."""
    test.assertNotRegex(text.replace("\t", " "), HIDDEN)  # a query keeps its tabs, to be copied
    found, expected = Page(), Page()
    found.feed(text)
    expected.feed(plain)
    test.assertLessEqual(found.elements, expected.elements)
    test.assertEqual(found.code, expected.code)
    for tag, attributes in found.elements:
        test.assertFalse(tag in ("iframe", "object", "embed", "form", "base", "img") or [one for one in attributes if one.startswith("on")])
    for link in found.links:
        test.assertTrue(link in expected.links or link.startswith(("#", *links)), link)
    test.assertNotRegex("".join(found.text), r"^\s*::")


def check(test, name, text, plain, links):
    """`plain`: the report of the same gate with plain words everywhere."""
    checks = {"json": json_text, "junit": junit, "sarif": sarif, "gitlab-codequality": codequality, "csv": table, "openmetrics": metrics,
              "terminal": lines, "scorecard": lines, "markdown": lambda *one: comment.check(*one, links=links),
              "html": lambda *one: page(*one, plain=plain, links=links)}
    return checks[name](test, text)
