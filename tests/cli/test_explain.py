"""`explain` and docs/errors.md: a section for every code of the source, and none for codes that are gone."""

import re
import unittest

import gate

TEXT = (gate.ROOT / "docs/errors.md").read_text(encoding="utf-8")
SECTIONS = {part[:6]: part for part in re.split(r"\n## ", TEXT)[1:]}


def codes_of_the_source():
    found = set()
    for path in (gate.ROOT / "src").rglob("*"):
        if path.suffix in (".cpp", ".h"):
            found |= set(re.findall(r"RG\d{4}", path.read_text(encoding="utf-8")))
    return found


class Explain(unittest.TestCase):
    def test_every_code_has_one_section_and_every_section_a_code(self):
        headings = re.findall(r"^## (\S+)", TEXT, re.MULTILINE)
        self.assertEqual(sorted(headings), [f"{code}:" for code in sorted(codes_of_the_source())])
        self.assertEqual(headings, sorted(headings))

    def test_every_section_says_what_happens_and_how_it_is_mended(self):
        for code, section in SECTIONS.items():
            with self.subTest(code):
                self.assertRegex(section, r"^RG\d{4}: [^\n]{5,70}\n\n\*\*What happens\.\*\* \S")
                self.assertRegex(section, r"\n\n\*\*Fix\.\*\* \S")
                self.assertNotIn("**Wrong**\n\n**", section)

    def test_prints_the_section_as_it_stands(self):
        for code, section in SECTIONS.items():
            with self.subTest(code):
                result = gate.run("explain", code)
                self.assertEqual((result.returncode, result.stdout, result.stderr), (0, section.rstrip("\n") + "\n", ""))

    def test_lower_case_will_do(self):
        self.assertEqual(gate.run("explain", "rg0307").stdout, gate.run("explain", "RG0307").stdout)

    def test_numbers_that_do_not_add_up_name_every_system_that_refuses_them(self):
        section = gate.run("explain", "RG1942").stdout
        for system in ("New Relic", "OpenSearch", "Dynatrace", "Google Analytics"):
            self.assertIn(system, section)

    def test_without_a_code_lists_all(self):
        result = gate.run("explain")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stdout.splitlines(), [section.split("\n")[0] for section in SECTIONS.values()])

    def test_unknown_code(self):
        result = gate.run("explain", "RG9999")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr, "error[RG0006]: there is no code `RG9999`\n   = all codes: release-gate explain\n")
        self.assertEqual(gate.run("explain", "\x1b[31m").stderr,
                         "error[RG0006]: there is no code `\\x1b[31m`\n   = all codes: release-gate explain\n")


if __name__ == "__main__":
    gate.main()
