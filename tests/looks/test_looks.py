"""The page as a person opens it, in headless Chromium: nothing is complained about, nothing is asked for, nothing scrolls sideways, and
what can be pressed works. Its markup is checked by html5lib (Debian: python3-html5lib), and its sizes against what docs/cli.md promises.
"""

import html.parser
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import pages
from chromium import Chromium

VOID = {"meta", "link", "br", "input", "img", "hr"}
# Debian's own Python has the package python3-html5lib, whichever one runs the tests.
STRICT = "import html5lib, sys; [html5lib.HTMLParser(strict=True).parse(open(path, 'rb')) for path in sys.argv[1:]]"


class Outline(html.parser.HTMLParser):
    """Checks that tags close in their order; collects ids, links to them, addresses and the words of verdicts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.fragments, self.addresses, self.wrong, self.tags = [], [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src", "action", "xlink:href", "data", "poster", "srcset"):
                (self.fragments if value.startswith("#") else self.addresses).append(value)
            elif name.startswith("on") or name == "style":
                self.wrong.append(f"{tag} {name}")
        if len({name for name, _ in attributes}) != len(attributes):
            self.wrong.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")


class Looks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="release-gate-looks-")))
        made = {"release": pages.release, "calm": lambda work: pages.many(work, 12), "hostile": pages.hostile,
                "twenty": lambda work: pages.many(work, 20, worse=20), "many": lambda work: pages.many(work, 200, worse=60)}
        cls.reports = {}
        for name, make in made.items():
            (folder / name).mkdir()
            cls.reports[name] = make(folder / name)
        cls.browser = cls.enterClassContext(Chromium())

    def text(self, name):
        return self.reports[name]["html"].read_text(encoding="utf-8")

    def report(self, name):
        return json.loads(self.reports[name]["json"].read_text(encoding="utf-8"))

    def open(self, name, **how):
        self.browser.open(pages.url_of(self.reports[name]["html"]), **how)

    def quiet(self, name):
        """Nothing was complained about, and the page was all that was asked for."""
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual([url for url in self.browser.requests() if not url.startswith("data:")],
                         [pages.url_of(self.reports[name]["html"])])

    def test_every_page_at_every_width_in_light_and_dark(self):
        for name in self.reports:
            # The large pages are more of the same: the narrow and the wide screen will do.
            views = ((390, False), (1280, False)) if name in ("many", "twenty") else ((390, False), (760, True), (1280, False), (1280, True))
            for width, dark in views:
                with self.subTest(page=name, width=width, dark=dark):
                    self.open(name, width=width, dark=dark)
                    self.browser.value("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                    self.assertEqual(self.browser.value("document.documentElement.scrollWidth"), width)
                    spilled = self.browser.value("""[...document.querySelectorAll('main *:not(svg *)')].filter((one) => {
                      if (one.closest('.scroll')) return false;
                      const box = one.getBoundingClientRect();
                      return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5);
                    }).map((one) => one.outerHTML.slice(0, 120))""")
                    self.assertEqual(spilled, [])
                    self.quiet(name)

    def test_labels_of_charts_stay_in_their_cards(self):
        for width in (390, 1280):
            self.open("release", width=width)
            spilled = self.browser.value("""[...document.querySelectorAll('.card svg.chart text')].filter((one) => {
              const card = one.closest('.card').getBoundingClientRect(), box = one.getBoundingClientRect();
              return box.right > card.right || box.left < card.left;
            }).map((one) => one.textContent)""")
            self.assertEqual(spilled, [], width)

    def test_style_and_script_are_at_work(self):
        self.open("release")
        self.assertEqual(self.browser.value("getComputedStyle(document.querySelector('.seal')).backgroundColor"), "rgb(179, 38, 30)")
        self.open("release", dark=True)
        self.assertEqual(self.browser.value("getComputedStyle(document.body).backgroundColor"), "rgb(18, 20, 24)")

    def test_a_query_is_copied(self):
        self.open("release")
        origin = "file://"
        for name in ("clipboardReadWrite", "clipboardSanitizedWrite"):
            self.browser.send("Browser.setPermission", permission={"name": {"clipboardReadWrite": "clipboard-read",
                              "clipboardSanitizedWrite": "clipboard-write"}[name]}, setting="granted", origin=origin)
        self.browser.value("document.querySelector('#metric-latency_p99 .how').open = true")
        box = self.browser.value("""(() => { const one = document.querySelector('#metric-latency_p99 .copy');
          one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2]; })()""")
        self.browser.press(*box)
        said = self.browser.value("""new Promise((done) => { const look = (left) => {
          const text = document.querySelector('#metric-latency_p99 .copy').textContent;
          text !== 'Copy query' || !left ? done(text) : setTimeout(look, 50, left - 1); }; look(60); })""")
        self.assertEqual(said, "Copied")
        query, = {one["text"] for metric in self.report("release")["metrics"] if metric["id"] == "latency_p99" for one in metric["queries"]}
        self.assertIn("\n", query)
        self.assertEqual(self.browser.value("navigator.clipboard.readText()"), query)
        self.quiet("release")

    def test_the_value_under_the_pointer_is_told(self):
        self.open("release")
        box = self.browser.value("""(() => { const one = document.querySelector('#metric-latency_p99 svg.series');
          one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })()""")
        reading = "document.querySelector('#metric-latency_p99 .reading').textContent"
        self.assertEqual(self.browser.value(reading), "30 points before, 25 after")
        self.browser.move(box[0] + box[2] - 2, box[1] + box[3] / 2)
        self.assertRegex(self.browser.value(reading), r"^12:34 UTC · 4\d\d ms · after$")
        self.browser.move(box[0] + 2, box[1] + box[3] / 2)
        self.assertRegex(self.browser.value(reading), r"^11:3\d UTC · \d\d\d ms · before$")
        self.browser.move(2, 2)
        self.assertEqual(self.browser.value(reading), "30 points before, 25 after")
        self.browser.value("document.querySelector('#metric-latency_p99 svg.series').focus()")
        for _ in range(2):
            self.browser.send("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight")
        self.assertRegex(self.browser.value(reading), r"^11:\d\d UTC · \d\d\d ms · before$")
        self.quiet("release")

    def test_a_mark_leads_to_its_metric_and_opens_it(self):
        self.open("release")
        self.assertFalse(self.browser.value("document.querySelector('#metric-memory').open"))
        self.browser.value("document.querySelector('.marks a[href=\"#metric-memory\"]').click()")
        self.assertTrue(self.browser.value("new Promise((done) => setTimeout(() => done(document.querySelector('#metric-memory').open), 200))"))

    def test_nothing_from_outside_is_at_work(self):
        self.open("hostile")
        self.assertTrue(self.browser.value("document.title").startswith("FAIL · checkout-api 1.42.1"))
        self.assertEqual(self.browser.value("document.querySelectorAll('main img, main script, main style, [onerror], [onfocus], [autofocus]').length"), 0)
        outline = Outline(self.text("hostile"))
        self.assertEqual(outline.wrong, [])
        self.assertNotIn("img", outline.tags)
        self.quiet("hostile")

    def test_it_is_sound_markup(self):
        for name in self.reports:
            with self.subTest(page=name):
                outline = Outline(self.text(name))
                self.assertEqual((outline.wrong, outline.open), ([], []))
                self.assertEqual(len(outline.ids), len(set(outline.ids)))
                self.assertLessEqual({one[1:] for one in outline.fragments}, set(outline.ids))
                for address in outline.addresses:
                    self.assertRegex(address, r"^(https?://|data:image/svg\+xml,)")
        paths = [str(self.reports[name]["html"]) for name in ("release", "calm", "hostile")]
        checked = subprocess.run(["/usr/bin/python3", "-c", STRICT, *paths], capture_output=True, text=True, check=False)
        self.assertEqual((checked.returncode, checked.stderr[-600:]), (0, ""))

    def test_it_says_what_the_json_report_says(self):
        words = {"fail": "FAIL", "error": "ERROR", "inconclusive": "INCONCLUSIVE", "warn": "WARN", "pass": "PASS", "skipped": "SKIPPED"}
        for name in self.reports:
            report = self.report(name)
            self.open(name)
            shown = self.browser.value("""Object.fromEntries([...document.querySelectorAll('.card, details.row')].map((one) =>
              [one.id, one.querySelector('.tag').innerText.split('\\n').pop().trim()]))""")
            expected = {"metric-" + metric["id"]: "PENDING" if metric["evidence"] == "pending" else words[metric["verdict"]]
                        for metric in report["metrics"]}
            self.assertEqual({key: value.lstrip("✗!?…▲✓- ") for key, value in shown.items()}, expected)
            self.assertEqual(self.browser.value("document.querySelector('.word').textContent"), words[report["verdict"]])
            self.assertEqual(self.browser.value("document.querySelectorAll('.score tbody tr').length"), 10)

    def test_what_is_not_measured_is_not_green(self):
        self.open("release")
        rows = self.browser.value("""[...document.querySelectorAll('.score tbody tr')].map((one) =>
          [one.querySelector('.name').firstChild.textContent, one.querySelector('.tag').lastChild.textContent])""")
        self.assertEqual(rows, [["Adoption", "PENDING"], ["Performance", "FAIL"], ["Scalability", "INCONCLUSIVE"],
                                ["Experience", "Not measured"], ["Reliability", "ERROR"], ["Security", "Not measured"],
                                ["Business", "PASS"], ["Maintainability", "FAIL"], ["Delivery", "Not measured"], ["Support", "PASS"]])

    def test_what_is_wrong_is_seen(self):
        text = self.text("calm")
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.html"
            page.write_text(text.replace('"use strict";', '"use strict" ;'), encoding="utf-8")
            self.browser.open(pages.url_of(page))
            self.assertIn("Content Security Policy", " ".join(self.browser.complaints()))
            page.write_text("<!doctype html><title>x</title><img src='https://gone.example/x.png' width=900><script>throw new Error('thrown')</script>",
                            encoding="utf-8")
            self.browser.open(pages.url_of(page), width=390)
            self.assertIn("thrown", " ".join(self.browser.complaints()))
            self.assertIn("https://gone.example/x.png", self.browser.requests())
            self.assertGreater(self.browser.value("document.documentElement.scrollWidth"), 390)

    def test_the_images_of_the_readme(self):
        readme = (pages.gate.ROOT / "README.md").read_text(encoding="utf-8")
        images = set(re.findall(r"docs/images/[a-z-]+\.png", readme))
        self.assertEqual(images, {str(path.relative_to(pages.gate.ROOT)) for path in (pages.gate.ROOT / "docs" / "images").glob("*.png")})
        for image in images:
            self.assertLess((pages.gate.ROOT / image).stat().st_size, 300_000, image)

    def test_sizes(self):
        self.assertLess(len(self.text("twenty").encode()), 300_000)
        self.assertLess(len(self.text("many").encode()), 2_000_000)
        self.assertIn("the lowest and highest of each slice of time", self.text("many"))


if __name__ == "__main__":
    pages.gate.main()
