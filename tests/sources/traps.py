#!/usr/bin/env python3
"""Prints the list trap → test: every test of tests/sources/test_*.py whose docstring begins with `Trap:`, and every test case in C++
under tests/unit/sources that stands below a comment `// Trap: …`."""

import ast
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
CPP = re.compile(r'// Trap: (?P<trap>[^\n]+(?:\n// [^\n]+)*)\nTEST_CASE\("(?P<test>[^"]+)"')


def python_traps(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            if text.startswith("Trap:"):
                yield " ".join(text[len("Trap:"):].split()), node.name


def cpp_traps(path):
    for match in CPP.finditer(path.read_text(encoding="utf-8")):
        yield " ".join(match["trap"].replace("\n// ", " ").split()), match["test"]


def main():
    root = HERE.parents[1]
    files = [(path, python_traps) for path in sorted(HERE.glob("test_*.py"))]
    files += [(path, cpp_traps) for path in sorted((root / "tests" / "unit" / "sources").rglob("*.cpp"))]
    count = 0
    for path, read in files:
        found = list(read(path))
        if found:
            print(path.relative_to(root))
        for trap, test in found:
            print(f"  {trap}\n    → {test}")
        count += len(found)
    print(f"{count} traps")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
