"""Every ```toml block of the documentation is a gate file that `validate` accepts; ```toml fragment is a piece of one.

A fragment is TOML at least. Blocks of the same page that a block `use`s can be named by a first line `# file: NAME`.
"""

import pathlib
import re
import tempfile
import tomllib
import unittest

import gate

PAGES = [page for page in [gate.ROOT / "README.md", *sorted((gate.ROOT / "docs").rglob("*.md"))] if page.exists()]
BLOCK = re.compile(r"^```toml([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page):
    text = page.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        yield text[: match.start()].count("\n") + 1, match.group(1).strip(), match.group(2)


class TomlBlocks(unittest.TestCase):
    def test_blocks(self):
        whole = fragments = 0
        for page in PAGES:
            with tempfile.TemporaryDirectory(prefix="release-gate-test-") as folder:
                for line, kind, text in blocks(page):
                    with self.subTest(f"{page.relative_to(gate.ROOT)}:{line}"):
                        self.assertIn(kind, ("", "fragment"))
                        name = re.match(r"# file: (\S+)\n", text)
                        if kind == "fragment":
                            fragments += 1
                            self.assert_fragment(page, text)
                        elif name:
                            pathlib.Path(folder, name.group(1)).write_text(text, encoding="utf-8")
                        else:
                            whole += 1
                            path = pathlib.Path(folder, "gate.toml")
                            path.write_text(text, encoding="utf-8")
                            result = gate.run("validate", "gate.toml", cwd=folder)
                            self.assertEqual((result.returncode, result.stderr), (0, ""))
        print(f"{whole} gate files validated, {fragments} fragments parsed, {len(PAGES)} pages")
        self.assertGreaterEqual(whole, 2)

    def assert_fragment(self, page, text):
        """TOML, except where a page about mistakes shows one that is none."""
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            self.assertEqual(page.name, "errors.md")


if __name__ == "__main__":
    gate.main()
