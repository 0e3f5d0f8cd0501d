"""Nothing from outside is more than text, in any format or in the job's log: metric titles, labels, categories, queries, names, versions,
reasons, and what a server says, each full of markup, mentions, escapes, commands and formulas."""

import json
import pathlib
import re
import tempfile
import unittest

import gate
import inert

NASTY = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", ";=1", "＝1+1",
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "<!-- --> -->", "]]><b>x</b>", "\"><svg/onload=alert(1)>", "&lt;b&gt;&#64;all",
    "|*_`~ a|b `c|d` **e** __f__", "[x](https://evil.test) ![y](http://evil.test/z)", "[x]: https://evil.test", "[a](1) {0}",
    "@all @octocat a@b.org", "#12 o/r#1 GH-7 !3 $4 ~bug %v1 &5 [epic:7] :tada:", "www.evil.test https://evil.test javascript:alert(1)",
    "# x\n\n- y\n/close\n> z", "    code", "1. x", "\x1b[31mred\x1b[0m \x1b]8;;http://evil.test\x07y", "a\x00b\x07c\x7fd\x85e", "\u202eevil\u2066x\u200b\ufeff",
    "::error::x", "x\n::set-output name=verdict::pass", "##[error]x", "##vso[task.complete result=Succeeded]", "##teamcity[buildStatus status='SUCCESS']",
    "%0A::error::x %25 %3A", "', \"quoted\" \\", "\\\" } ] , {", "{\"a\": [1}", "é😀▁",
]
GATE = """version = 1
name    = {name}

[release]
version          = {version}
previous_version = {previous}

[compare]
baseline  = {{ window = "10m" }}
candidate = {{ window = "10m" }}

[sources.prom]
type    = "prometheus"
url     = "{url}"
retries = 0
"""
METRIC = """
[metrics.{id}]
title    = {text}
category = {text}
source   = "prom"
query    = {query}
{keys}
"""
WAYS = ["slower", "refused", "broken", "moved", "series", "warned", "gone"]
MODES = {"plain": {}, "ci": {"CI": "true"}, "github": {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": ""}, "azure": {"TF_BUILD": "True"}}
FILES = {"json": "r.json", "markdown": "r.md", "junit": "r.xml", "sarif": "r.sarif", "openmetrics": "r.txt", "csv": "r.csv",
         "gitlab-codequality": "c.json", "terminal": "t.txt", "html": "r.html", "scorecard": "s.txt"}
SERVED = {"Content-Type": "application/json"}


def matrix(request, labels, level):
    form = {**request.query, **request.form}
    start, end, step = (float(form[key]) for key in ("start", "end", "step"))
    values = [[start + i * step, str(level + 0.01 * (i % 3))] for i in range(int((end - start) / step) + 1)]
    return {"resultType": "matrix", "result": [{"metric": one, "values": values} for one in labels]}


def answer(texts):
    """The server: a query ends in a way and the number of a text, and gets an answer that holds the text."""

    def to(request):
        query = {**request.query, **request.form}.get("query")
        if request.route.endswith("buildinfo"):
            return 200, SERVED, json.dumps({"status": "success", "data": {"version": texts[0]}})
        if query is None:
            return 404, {}, "none"
        way, number = re.search(r'way="(\w+)_(\d+)"', query).groups()
        text = texts[int(number)]
        header = re.sub("[^ -~]", "", text)
        after = float({**request.query, **request.form}["start"]) >= 1773749040
        if way == "refused":
            return 422, SERVED, json.dumps({"status": "error", "errorType": text, "error": text})
        if way == "broken":
            return 500, {"Content-Type": "text/html", "X-Note": header, "Retry-After": header, "WWW-Authenticate": header}, text
        if way == "moved":
            return 302, {"Location": "https://evil.test/" + header}, text
        data = {"resultType": "matrix", "result": []}
        if way == "series":
            data = matrix(request, [{"pod": text, text or "x": "y"}, {"pod": "b" + text}], 1.0)
        elif way != "gone":
            data = matrix(request, [{}], 2.0 if after else 1.0)
        return 200, SERVED, json.dumps({"status": "success", "data": data, "warnings": [text] if way == "warned" else []})

    return to


class Inert(gate.GateTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.formats = re.findall("`([^`]+)`", gate.run("check", "--report", "?=x").stderr.splitlines()[0])
        self.assertLessEqual(set(self.formats), set(FILES), "a format that this test does not know")

    def gate(self, url, texts, mode):
        """A metric for every text in every way; what is of the whole gate holds a share of the texts in each mode."""
        share = " ".join(texts[list(MODES).index(mode)::len(MODES)])
        text = GATE.format(url=url, name=gate.toml_text(share), version=gate.toml_text(share[::-1]), previous=gate.toml_text(share[:60]))
        for number, one in enumerate(texts):
            for way in {WAYS[number % len(WAYS)]: 0, WAYS[(number // 2 + 3) % len(WAYS)]: 0}:
                keys = 'each = "pod"\n' if way == "series" else ""
                keys += "fail = { increase_over = \"10%\" }" if (number + len(way)) % 3 else "warn = { increase_over = \"10%\" }"
                keys += f"\nlink = {gate.toml_text(one)}"
                quoted = one.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                query = f'up{{text="{quoted}", way="{way}_{number}"}}'
                text += METRIC.format(id=f"{way}_{number}", text=gate.toml_text(one), query=gate.toml_text(query), keys=keys)
        return text, share

    def run_it(self, texts, mode, name):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="release-gate-test-")))
        with gate.Server(answer(texts)) as server:
            text, share = self.gate(server.url, texts, mode)
            (folder / name).write_text(text, encoding="utf-8")
            reports = [word for one in self.formats for word in ("--report", f"{one}={FILES[one]}")]
            env = {**MODES[mode], "USER": share.replace("\0", "")}
            result = gate.run("check", name, "--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z", "--verbose",
                              "--override", share.replace("\0", "").lstrip("-"), *reports, cwd=folder, env=env)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            return result, {one: (folder / FILES[one]).read_bytes().decode("utf-8") for one in self.formats}, server.url

    def test_every_format_and_the_log(self):
        for number, mode in enumerate(MODES):
            name = ["gate.toml", "a <b>@all|x.toml", "::error::x #12.toml", "b];type=x,c=1%0A\n##vso[x].toml"][number]
            plain = [f"word {i}" for i in range(len(NASTY))]
            result, texts, url = self.run_it(NASTY, mode, name)
            _, plain_texts, plain_url = self.run_it(plain, mode, "gate.toml")
            report = json.loads(texts["json"])
            verdicts = [one["verdict"] for one in report["metrics"]]
            self.assertTrue({"fail", "error", "inconclusive", "warn"} <= set(verdicts), verdicts)
            # Nothing is lost: the JSON report holds every title as it was written.
            self.assertTrue({re.sub(r"\s+", " ", one.strip()) for one in NASTY} <= {re.sub(r"\s+", " ", one["title"].strip()) for one in report["metrics"]})
            for one in self.formats:
                with self.subTest(f"{one}, {mode}"):
                    self.assertIn("evil", texts[one], "nothing from outside is in it")
                    inert.check(self, one, texts[one], plain_texts[one].replace(plain_url, url), links=(url,))
            with self.subTest(f"standard output, {mode}"):
                shown = inert.job_log(self, result.stdout, mode if mode in ("github", "azure") else None)
                loud = sum(verdict in ("fail", "error") for verdict in verdicts)
                quiet = sum(verdict in ("inconclusive", "warn") for verdict in verdicts)
                self.assertEqual(shown, (min(loud, 10), min(quiet, 10)) if mode in ("github", "azure") else (0, 0))

    def test_the_checks_see_what_they_look_for(self):
        """A report that holds what it must not is refused, by the check that is meant to."""
        _, texts, url = self.run_it([f"word {i}" for i in range(len(WAYS))], "plain", "gate.toml")
        for name, there, instead in [
                ("terminal", "word 1", "word \x1b[1m"), ("terminal", "\n", "\n ::error::x\n"), ("terminal", "word 1", "##vso[x]"),
                ("terminal", "word 1", "\u202e"), ("scorecard", "word ", "\x1b[1m"), ("scorecard", "\n", "\n ::error::x\n"), ("json", "word 1", "\u202e"), ("json", "word 1", "##[error]"),
                ("markdown", "word 1", "<b>x</b>"), ("markdown", "word 1", "[x](https://evil.test)"), ("markdown", "word 1", "a | b"),
                ("markdown", "word 1", "![x](y)"), ("markdown", "word 1", "@all"), ("markdown", "word 1", "https://evil.test"),
                ("markdown", "word 1", "#12"), ("markdown", "word 1", ":tada:"), ("markdown", "word 1", "_x_"), ("markdown", "- **", "- # **"),
                ("markdown", "\n- ", "\n/close\n- "), ("markdown", "word 1", "<!-- x -->"), ("markdown", f"]({url}", "](https://evil.test"),
                ("junit", ">\n", "><!-- x -->\n"), ("junit", "<testcase ", '<testcase onload="x" '), ("junit", "<testsuite ", "<script/><testsuite "),
                ("sarif", '"text": "word', '"text": "[x](1) word'), ("sarif", '"text": "word', '"text": "{0} word'),
                ("sarif", '"uri": "', '"uri": "https://evil.test/'), ("gitlab-codequality", '"check_name": "', '"check_name": "<b>'),
                ("gitlab-codequality", '"description": "', '"description": "x\\n'), ("csv", "word 1", "=1+1"), ("csv", "word 1", "x;=1"),
                ("csv", "word 1", "x,y"), ("openmetrics", 'metric="', 'metric="a b'), ("openmetrics", 'metric="', 'metric="#'),
                ("html", "word 1", "<script>x</script>"), ("html", "word 1", "<img src=x onerror=y>"), ("html", "word 1", "\u202e"),
                ("html", "word 1", '<a href="https://evil.test">x</a>'), ("html", "word 1", '<b onclick="x">y</b>')]:
            if name not in texts:
                continue
            with self.subTest(f"{name}: {instead!r}"):
                self.assertIn(there, texts[name])
                with self.assertRaises(AssertionError):
                    inert.check(self, name, texts[name].replace(there, instead, 1), texts.get("html", ""), (url,))
        for log, pipeline in [("::error::x", None), ("::error::x", "github"), ("::warning file=a,title=FAIL x::y\n::set-output name=x::y", "github"),
                              ("##vso[task.logissue type=error;sourcepath=x;]##vso[task.complete]", "azure"), ("##[error]x", "azure")]:
            with self.subTest(log), self.assertRaises(AssertionError):
                inert.job_log(self, log, pipeline)

    def test_units_are_words(self):
        """What a unit may be leaves no room for more."""
        for one in NASTY:
            if one.strip() == "code":
                continue
            self.write("gate.toml", GATE.format(url="http://127.0.0.1:1", name='"x"', version='"1"', previous='"0"') +
                       METRIC.format(id="m", text='"m"', query='"x"', keys=f"unit = {gate.toml_text(one)}"))
            result = gate.run("validate", "gate.toml", cwd=self.folder)
            self.assertEqual(result.returncode, 2, one)
            self.assertIn("RG0210", result.stderr + result.stdout, one)
            inert.lines(self, result.stdout + result.stderr)


if __name__ == "__main__":
    gate.main()
