"""The packs that the program carries: each validates for every system that it can be asked of, is listed, and has its page."""

import itertools
import os
import re
import unittest

import gate

PACKS = gate.ROOT / "gates"
PAGES = gate.ROOT / "docs" / "packs"
# Variables of packs without a default: what only the user knows.
KNOWN = {"JIRA_PROJECT": "SHOP"}


def listed():
    """{pack: {variable: [values]}}, as `release-gate packs` prints it."""
    found, current = {}, None
    for line in gate.run("packs").stdout.split("\n\n")[0].splitlines():
        choice = re.fullmatch(r" +(\w+) = (.*) \((.*)\)", line)
        if choice:
            values = re.findall(r"`([^`]+)`", choice[2])
            assert choice[3] in values, line
            found[current][choice[1]] = values
        else:
            current = line.split()[0]
            found[current] = {}
    return found


def systems(pack):
    """Every combination of systems that the pack can be asked of."""
    choices = listed()[pack]
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values))


def metrics_of(pack):
    """The ids of the metrics of a pack and all its questions."""
    text = "".join(path.read_text(encoding="utf-8") for path in PACKS.glob(f"{pack}*.toml"))
    return sorted(set(re.findall(r"^\[metrics\.(\w+)\]", text, re.M)))


class EveryPack(gate.GateTest):
    def validated(self, packs, settings):
        options = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        made = gate.run("init", "--pack", ",".join(packs), *options, "--force", cwd=self.folder)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        checked = gate.run("validate", cwd=self.folder, env=KNOWN)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""), f"{packs} {settings}")
        return int(re.search(r"valid, (\d+) metric", checked.stdout)[1])

    def test_validates_for_every_system(self):
        for pack in listed():
            for settings in systems(pack):
                with self.subTest(pack=pack, **settings):
                    self.assertGreater(self.validated([pack], settings), 0)

    def test_all_of_them_in_one_file(self):
        count = self.validated(list(listed()), {})
        self.assertGreaterEqual(count, 4 * len(listed()))

    def test_plans_without_a_request(self):
        for pack in listed():
            for settings in systems(pack):
                with self.subTest(pack=pack, **settings):
                    self.validated([pack], settings)
                    done = gate.run("plan", "--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-11-17T00:00:00Z",
                                    cwd=self.folder, env=KNOWN)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertIn("nothing was sent", done.stdout)

    def test_every_metric_is_of_the_pack_s_category_and_says_what_it_is(self):
        for pack in listed():
            for path in PACKS.glob(f"{pack}*.toml"):
                text = path.read_text(encoding="utf-8")
                for category in re.findall(r'^category += "(.*)"', text, re.M):
                    self.assertEqual(category, pack, path.name)
            text = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKS.glob(f"{pack}*.toml")))
            for metric in metrics_of(pack):
                tables = re.findall(rf"^\[metrics\.{metric}\]\n((?:(?!\[).*\n?)*)", text, re.M)
                self.assertTrue(any(re.search(r"^title +=", table, re.M) for table in tables), f"{pack}: {metric} has no title")

    def test_has_a_page(self):
        for pack in listed():
            page = PAGES / f"{pack}.md"
            with self.subTest(pack):
                text = page.read_text(encoding="utf-8")
                for heading in ("## What is good, and who says so", "## What it does not tell"):
                    self.assertIn(heading, text)
                self.assertEqual([metric for metric in metrics_of(pack) if f"`{metric}`" not in text], [])
                for variable, values in listed()[pack].items():
                    for value in values:
                        self.assertIn(f"`{value}`", text, f"{variable} = {value}")
                self.assertRegex(text, r"https://")

    def test_every_file_is_reached(self):
        """A pack that no other names and that is not listed would be dead."""
        texts = {path.stem: path.read_text(encoding="utf-8") for path in PACKS.glob("*.toml")}
        reached = set(listed())
        for text in texts.values():
            for used in re.findall(r'"([^"]*)"', (re.search(r"^use += \[(.*)\]", text, re.M) or ["", ""])[1]):
                pattern = re.sub(r"\\{\\{\w+\\}\\}", "[a-z0-9-]+", re.escape(used))
                reached |= {name for name in texts if re.fullmatch(pattern, name)}
        self.assertEqual(sorted(set(texts) - reached), [])


class Init(gate.GateTest):
    def test_the_file_names_the_packs_their_variables_and_their_sources(self):
        text = gate.run("init", "--pack", "performance", "--pack", "reliability", "--set", "system=datadog", "-o", "-").stdout
        self.assertIn('use     = ["performance", "reliability"]\n\n[vars]\nsystem = "datadog"\n', text)
        self.assertIn('# of the pack performance-datadog, as they are without a line here:\n# datadog ', text)
        self.assertNotIn("# system", text)
        self.assertEqual(re.findall(r"^\[sources\.(\w+)\]", text, re.M), ["dd"])
        self.assertNotIn("[metrics.", text)

    def test_a_source_of_ones_own_comes_along(self):
        text = gate.run("init", "--pack", "performance", "--source", "jira", "-o", "-").stdout
        self.assertEqual(re.findall(r"^\[(sources|metrics)\.(\w+)\]", text, re.M),
                         [("sources", "prom"), ("sources", "jira"), ("metrics", "jira_example")])

    def test_what_is_not_there(self):
        for options, words in ((["--pack", "performnce"], "error[RG0409]: there is no pack `performnce`"),
                               (["--pack", "performance", "--set", "system=datadig"], "error[RG0414]"),
                               (["--pack", "performance", "--set", "system"], "error[RG0003]")):
            with self.subTest(options):
                done = gate.run("init", *options, cwd=self.folder)
                self.assertEqual((done.returncode, os.listdir(self.folder)), (2, []))
                self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
