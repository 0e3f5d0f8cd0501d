"""The one-way street of docs/architecture.md, read from the includes: what each module may know, and no more."""

import re
import unittest

from gate import ROOT, main

MAY_INCLUDE = {
    "core": set(),
    "stats": set(),
    "http": {"core"},
    "config": {"core"},
    "history": {"core"},
    "convert": {"core"},
    "plan": {"core", "config"},
    "sources": {"core", "http"},
    "measure": {"core", "config", "http", "plan", "sources", "stats"},
    "judge": {"core", "config", "stats"},
    "report": {"core"},
    "publish": {"core", "http", "report"},
    "serve": {"core", "http"},
    "cli": {"core", "config", "convert", "history", "http", "judge", "measure", "plan", "publish", "report", "serve", "sources", "stats"},
}
OWN = re.compile(r'^\s*#include "([a-z_]+)/', re.MULTILINE)
SYSTEM = re.compile(r"^\s*#include <([^>]+)>", re.MULTILINE)
STANDARD = re.compile(r"^[a-z_]+$")
FILES = sorted(path for path in (ROOT / "src").rglob("*") if path.suffix in {".h", ".cpp", ".def"})


class Layering(unittest.TestCase):
    def test_every_module_is_in_the_table(self):
        modules = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
        self.assertEqual(modules, set(MAY_INCLUDE))

    def test_includes_follow_the_street(self):
        seen = 0
        for path in FILES:
            module = path.relative_to(ROOT / "src").parts[0]
            if module == "main.cpp":
                continue
            for included in OWN.findall(path.read_text(encoding="utf-8")):
                seen += 1
                with self.subTest(file=str(path.relative_to(ROOT)), includes=included):
                    self.assertIn(included, MAY_INCLUDE[module] | {module})
        self.assertGreater(seen, 100)

    def test_the_table_has_no_circle(self):
        order = list(MAY_INCLUDE)
        for module, allowed in MAY_INCLUDE.items():
            for other in allowed:
                self.assertLess(order.index(other), order.index(module), f"{module} and {other}")

    def test_statistics_know_the_standard_library_and_boost_math_alone(self):
        for path in FILES:
            if path.relative_to(ROOT / "src").parts[0] != "stats":
                continue
            for header in SYSTEM.findall(path.read_text(encoding="utf-8")):
                self.assertTrue(STANDARD.match(header) or header.startswith("boost/math/"), f"{path.name}: {header}")

    def test_each_library_is_known_to_few(self):
        homes = {
            "curl/": {"src/http"},
            "sqlite3": {"src/history"},
            "libpq": {"src/history"},
            "toml++/": {"src/config"},
            "simdjson": {"src/sources"},
            "CLI/": {"src/cli"},
            "boost/asio": {"src/serve"},
            "boost/beast": {"src/serve"},
        }
        for path in FILES:
            for header in SYSTEM.findall(path.read_text(encoding="utf-8")):
                for prefix, folders in homes.items():
                    if header.startswith(prefix):
                        with self.subTest(file=str(path.relative_to(ROOT)), header=header):
                            self.assertTrue(any(str(path.relative_to(ROOT)).startswith(folder) for folder in folders))


if __name__ == "__main__":
    main()
