"""The Markdown comment, rendered as GitHub renders it: tables with all their cells, nothing that text from outside opened, and a
length that GitHub takes, whatever the metrics are."""

import json
import pathlib
import random
import re
import time
import unittest

import comment
import gate
import one_run

MOST = 65_536 - 2_048
PIECES = ["|", "\\", "`", "``", "*", "**", "_", "__", "~", "~~", "[", "]", "(", ")", "![", "](", "]:", "<", ">", "<b>", "</details>", "<!--", "-->",
          "&", "&lt;", "&#64;", "@all", "@octocat", "a@b.org", "#12", "o/r#1", "GH-7", "!3", "$4", "~bug", "%v1", "&5", "^alert#6", "[epic:7]",
          "*iteration:8", ":tada:", ":+1:", "http://evil.test", "https://evil.test/x)", "www.evil.test", "mailto:a@b.org", "ftp://evil.test",
          "javascript:alert(1)", "# ", "- ", "+ ", "1. ", "> ", "---", "===", "    ", "\t", "\n", "\r", "\x1b[31m", "\u202e", "\u200b",
          "::error::x", "##[group]x", "##vso[x]y", "{}", "}", "$", "$$", "=", "é", "▁", "😀", " ", "a", "7", "/close", "x_y", '"', "'"]


def rows(values):
    """A CSV of a minute a row from 11:34 to 12:33 UTC: `values` before and after 12:04."""
    lines = ["time,value"]
    for minute in range(60):
        value = values[0 if minute < 30 else 1] * (1 + 0.002 * (minute * 7 % 11 - 5))
        lines.append(f"2026-03-17T{11 + (34 + minute) // 60:02}:{(34 + minute) % 60:02}:00Z,{value:.6f}")
    return "\n".join(lines) + "\n"


HEAD = """version = 1
name    = "two hundred"

[compare]
baseline  = { window = "30m" }
candidate = { window = "30m" }

[sources.files]
type = "file"
time = "time"
"""
FATES = {"pass": ((1.0, 1.001), 'fail = { increase_over = "10%" }'), "fail": ((1.0, 1.3), 'fail = { increase_over = "10%" }'),
         "warn": ((1.0, 1.3), 'warn = { increase_over = "10%" }'), "error": (None, 'fail = { increase_over = "10%" }'),
         "inconclusive": ((1.0, 1.3), 'min_samples = 50\nfail = { increase_over = "10%" }')}


def metric(name, fate, title):
    file = "missing" if fate == "error" else fate
    return f'\n[metrics.{name}]\ntitle  = {gate.toml_text(title)}\nsource = "files"\npath   = "{file}.csv"\nvalue  = "value"\nunit   = "s"\nbetter = "lower"\n{FATES[fate][1]}\n'


class Comments(gate.GateTest):
    def ask(self, metrics):
        """Runs a gate of `metrics`: (fate, title) each; the comment and the JSON report."""
        for fate, (values, _) in FATES.items():
            if values:
                self.write(f"{fate}.csv", rows(values))
        self.write("gate.toml", HEAD + "".join(metric(f"m{i}", *one) for i, one in enumerate(metrics)))
        page = ["--report", "html=c.html"] if "html" in one_run.names() else []
        start = time.monotonic()
        result = gate.run("check", "--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z", "--report", "markdown=c.md",
                          "--report", "json=c.json", *page, "--quiet", cwd=self.folder)
        seconds = time.monotonic() - start
        self.assertIn(result.returncode, (0, 1, 3, 4), result.stderr)
        text = (self.folder / "c.md").read_text(encoding="utf-8")
        return text, json.loads((self.folder / "c.json").read_text(encoding="utf-8")), seconds

    def test_the_comments_of_the_scenarios(self):
        found = sorted((gate.ROOT / "tests/scenarios").glob("*/report.md"))
        self.assertGreater(len(found), 10)
        for path in [*found, gate.ROOT / "examples/four-systems/report.md"]:
            with self.subTest(path.parent.name):
                text = path.read_text(encoding="utf-8")
                tree = comment.check(self, text, links=("http://", "https://"))
                kept = path.with_name("report.json")
                if not kept.exists():
                    continue
                report = json.loads(kept.read_text(encoding="utf-8"))
                shown = {}
                for table in comment.tables(tree):
                    for row in table[1:]:
                        shown.setdefault(row[1], []).append(row[0])
                signs = {"fail": "✗", "error": "!", "inconclusive": "?…", "warn": "▲", "pass": "✓"}
                judged = [one for one in report["metrics"] if one["verdict"] != "skipped"]
                self.assertEqual(sum(map(len, shown.values())), len(judged))
                for one in judged:
                    self.assertTrue(any(sign in signs[one["verdict"]] for sign in shown[one["title"]]), one["title"])

    def test_titles_of_random_markup(self):
        random.seed(20260317)
        fates = list(FATES)
        metrics = [(fates[i % 5], "".join(random.choices(PIECES, k=random.randint(1, 12))) + f" t{i}") for i in range(100)]
        text, report, _ = self.ask(metrics)
        tree = comment.check(self, text)
        shown = [row[1].replace("\u200b", "") for table in comment.tables(tree) for row in table[1:]]
        self.assertEqual(sum(one["verdict"] == "error" for one in report["metrics"]), 20)
        for one in report["metrics"]:
            number = re.search(r"t(\d+)$", one["title"])[0]
            self.assertEqual(sum(title.endswith(f" {number}") for title in shown), 1, one["title"])
        # A title with no hidden character reads as it was written.
        plain = [one["title"] for one in report["metrics"] if one["title"].isprintable() and "\u200b" not in one["title"]]
        self.assertGreater(len(plain), 20)
        for title in plain:
            self.assertIn(re.sub(r"\s+", " ", title).strip(), [re.sub(r"\s+", " ", one).strip() for one in shown])

    def check_counts(self, text, report):
        """Every failing and erring metric has a row, and what has none is counted."""
        tree = comment.check(self, text)
        signs = [row[0] for table in comment.tables(tree) for row in table[1:]]
        verdicts = [one["verdict"] for one in report["metrics"]]
        self.assertEqual((signs.count("✗"), signs.count("!")), (verdicts.count("fail"), verdicts.count("error")))
        folded = {word: int(count) for line in re.findall(r"^plus (.*) in the full report$", text, re.M)
                  for count, word in re.findall(r"(\d+) (\w+)", line)}
        for sign, verdict in (("?", "inconclusive"), ("▲", "warn"), ("✓", "pass")):
            self.assertEqual(signs.count(sign) + folded.get(verdict, 0), verdicts.count(verdict), verdict)
        self.assertLessEqual(len(text), MOST)
        self.assertLessEqual(len(text.encode()), 262_144 - 2_048)
        return folded

    def test_two_hundred_metrics(self):
        many = ["fail"] * 9 + ["error"] * 4 + ["inconclusive"] * 45 + ["warn"] * 12 + ["pass"] * 130
        long_title = "p99 latency of the checkout of the shop, region "
        for name, metrics in {
                "a mix": [(fate, f"metric {i}") for i, fate in enumerate(many)],
                "a mix of long titles": [(fate, long_title * 4 + str(i)) for i, fate in enumerate(many)],
                "all failing": [("fail", f"metric {i}") for i in range(200)],
                "all failing, with long titles": [("fail", long_title * 6 + str(i)) for i in range(200)],
                "all failing, with titles of markup": [("fail", "|*_<&@x#1" * 25 + str(i)) for i in range(200)],
                "all passing": [("pass", f"metric {i}") for i in range(200)]}.items():
            with self.subTest(name):
                text, report, seconds = self.ask(metrics)
                folded = self.check_counts(text, report)
                said = ", ".join(f"{count} {word}" for word, count in folded.items()) or "nothing"
                page = self.folder / "c.html"
                size = page.stat().st_size if page.exists() else 0
                self.assertLess(size, 2_000_000)
                print(f"200 metrics, {name}: {len(text):,} characters, {len(text.encode()):,} bytes, folded away: {said}; "
                      f"HTML {size:,} bytes; the run took {seconds:.2f} s")
                if name == "a mix":
                    self.assertEqual(folded, {"inconclusive": 5, "warn": 12})
                if name.startswith("all failing"):
                    self.assertEqual(folded, {})


if __name__ == "__main__":
    print(f"rendered by {comment.version()}")
    gate.main()
