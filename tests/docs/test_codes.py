"""Every error code of the source is asserted by some test: in a golden text, or in a line of a test that expects it."""

import re
import unittest

import gate

SKIPPED = {"test_codes.py"}


def codes_in(folder, patterns):
    found = {}
    for pattern in patterns:
        for path in folder.rglob(pattern):
            if path.is_file() and path.name not in SKIPPED:
                for code in re.findall(r"RG\d{4}", path.read_text(encoding="utf-8", errors="replace")):
                    found.setdefault(code, set()).add(str(path.relative_to(gate.ROOT)))
    return found


class Codes(unittest.TestCase):
    def test_every_code_is_triggered_by_a_test(self):
        source = codes_in(gate.ROOT / "src", ["*.cpp", "*.h"])
        tests = codes_in(gate.ROOT / "tests", ["*.py", "*.cpp", "*.txt", "*.json", "*.md"])
        missing = sorted(set(source) - set(tests))
        self.assertEqual(missing, [], "no test triggers these: " + ", ".join(f"{code} ({min(source[code])})" for code in missing))

    def test_no_test_expects_a_code_that_is_gone(self):
        source = codes_in(gate.ROOT / "src", ["*.cpp", "*.h"])
        tests = codes_in(gate.ROOT / "tests", ["*.py", "*.cpp", "*.txt"])
        gone = {code: files for code, files in tests.items() if code not in source and code not in ("RG9999", "RG1234")}
        self.assertEqual(gone, {})


if __name__ == "__main__":
    gate.main()
