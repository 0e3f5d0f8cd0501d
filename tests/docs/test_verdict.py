"""docs/verdict.md: its tables of the JSON report are made from the JSON Schema, and its exit codes are those of the program.

After a change of the schema: RELEASE_GATE_UPDATE_GOLDEN=1 writes the tables anew; read what changed.
"""

import json
import os
import re
import unittest

import gate

PATH = gate.ROOT / "docs/verdict.md"
PAGE = PATH.read_text(encoding="utf-8")
SCHEMA = json.loads(gate.run("schema", "report").stdout)
MARK = "<!-- made from the schema: tests/docs/test_verdict.py -->\n"
SECTIONS = [("The report", SCHEMA)] + [
    (title, SCHEMA["definitions"][name])
    for title, name in (("A metric", "metric"), ("A side: `baseline`, `candidate`", "side"), ("`change`", "change"),
                        ("`history`", "history"), ("A release of the history", "past_release"), ("Findings", "findings"), ("`placebo`", "placebo"), ("An earlier day of a placebo", "placebo_day"), ("A criterion", "criterion"), ("A goal", "goal"), ("A window of a burn rate", "burn_window"), ("A request", "request"), ("An error", "error"), ("A watch", "watch"))
]


def form(node):
    """What a value is, in a few words."""
    if "$ref" in node:
        return node["$ref"].rsplit("/", 1)[1].replace("_or_null", " or null")
    if "const" in node:
        return f'`{node["const"]}`'
    if "enum" in node:
        return ", ".join("null" if one is None else f"`{one}`" for one in node["enum"])
    kinds = node.get("type") or [one.get("type") or one["$ref"].rsplit("/", 1)[1].removeprefix("past_") for one in node["anyOf"]]
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)


def rows(node, prefix=""):
    for key, value in node.get("properties", {}).items():
        yield f"| `{prefix}{key}` | {form(value)} | {value['description']} |\n"
        yield from rows(value, f"{prefix}{key}.")
        if isinstance(value.get("items"), dict):
            yield from rows(value["items"], f"{prefix}{key}[].")


def tables():
    out = MARK
    for title, node in SECTIONS:
        out += f"\n### {title}\n\n| key | is | says |\n|---|---|---|\n" + "".join(rows(node))
    return out


class Page(unittest.TestCase):
    def test_tables_are_those_of_the_schema(self):
        before, mark, _ = PAGE.partition(MARK)
        self.assertTrue(mark, "the mark is missing")
        if os.environ.get("RELEASE_GATE_UPDATE_GOLDEN"):
            PATH.write_text(before + tables(), encoding="utf-8")
            return
        self.assertEqual(PAGE, before + tables())

    def test_exit_codes_are_those_of_the_command_page(self):
        pages = {name: (gate.ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("verdict", "cli")}
        found = {}
        for name, page in pages.items():
            section = page.split("## Exit codes\n")[1].split("\n## ")[0]
            cells = re.findall(r"^\| ([\d, /]+) \|", section, re.MULTILINE)
            found[name] = [code for cell in cells for code in re.findall(r"\d+", cell)]
        self.assertEqual(found["verdict"], ["0", "1", "2", "3", "4", "5", "130", "143"])
        self.assertEqual(found["cli"], found["verdict"])
        self.assertEqual([str(code) for code in SCHEMA["properties"]["exit_code"]["enum"]], [code for code in found["verdict"] if code != "2"])


if __name__ == "__main__":
    gate.main()
