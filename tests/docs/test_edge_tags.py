"""docs/statistics.md names the edge cases of the statistics by the tags of their tests: each is there, and no other."""

import re
import unittest

import gate

TESTS = gate.ROOT / "tests/unit/stats"
TAG = re.compile(r"\[[a-z-]+\]")


def tags_of_tests():
    """{tag: names} over the tests tagged [edge]."""
    out = {}
    for path in sorted(TESTS.glob("test_*.cpp")):
        for name, tags in re.findall(r'TEST_CASE\("([^"]+)", "(\[edge\][^"]+)"\)', path.read_text(encoding="utf-8")):
            for tag in TAG.findall(tags):
                out.setdefault(tag, []).append(name)
    return out


class EdgeTags(unittest.TestCase):
    def test_documented_are_the_tags_of_tests(self):
        page = (gate.ROOT / "docs/statistics.md").read_text(encoding="utf-8")
        section = re.search(r"(?ms)^## How the rest is checked\n(.*?)^## ", page).group(1)
        self.assertEqual(set(re.findall(r'[`"](\[[a-z-]+\])[`"]', section)), set(tags_of_tests()))

    def test_each_edge_is_asked_of_more_than_one_kind(self):
        for tag, names in tags_of_tests().items():
            with self.subTest(tag=tag):
                self.assertGreaterEqual(len(names), 2, names)


if __name__ == "__main__":
    gate.main()
