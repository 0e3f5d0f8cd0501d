"""docs/gate-file.md, held against the schema: every key of the language stands in the tables of its section, and no other."""

import json
import re
import unittest

import gate

PAGE = (gate.ROOT / "docs/gate-file.md").read_text(encoding="utf-8")
SCHEMA = json.loads(gate.run("schema").stdout)
METRIC = SCHEMA["$defs"]["metric"]["properties"]
COMPARE = SCHEMA["properties"]["compare"]["properties"]
VERDICT = SCHEMA["properties"]["verdict"]["properties"]
# Keys of one type of source: `release-gate sources TYPE` is their reference.
OWN = {
    found["properties"]["type"]["const"]: found["properties"]
    for found in SCHEMA["properties"]["sources"]["additionalProperties"]["anyOf"]
}


def keys_of_page(heading):
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE)


def with_inner(properties, *tables):
    keys = list(properties)
    for table in tables:
        schema = properties[table]
        for option in [schema, *schema.get("anyOf", [])]:
            keys += [f"{table}.{key}" for key in option.get("properties", {})]
    return keys


class Reference(unittest.TestCase):
    def check(self, heading, keys):
        self.assertEqual(sorted(keys_of_page(heading)), sorted(keys))

    def test_top_level(self):
        self.check("Top level", SCHEMA["properties"])

    def test_release(self):
        self.check("`[release]`", SCHEMA["properties"]["release"]["properties"])

    def test_compare(self):
        self.check("`[compare]`", with_inner(COMPARE, "baseline", "candidate", "placebo", "tracks"))

    def test_verdict(self):
        self.check("`[verdict]`", with_inner(VERDICT, "on_unproven"))

    def test_publish(self):
        self.check("`[publish]`", SCHEMA["properties"]["publish"]["properties"])

    def test_bounds(self):
        self.check("Bounds: `fail` and `warn`", SCHEMA["$defs"]["criteria"]["properties"])

    def test_sources(self):
        named = keys_of_page("`[sources.NAME]`")
        self.assertLessEqual(set(named), set(OWN["prometheus"]))
        listed = gate.run("sources", "prometheus").stdout
        for key in OWN["prometheus"]:
            self.assertTrue(key in named or f"  {key} " in listed, key)

    def test_metrics(self):
        elsewhere = set(COMPARE) | set(VERDICT)
        questions = set()
        for kind in OWN:
            listed = gate.run("sources", kind).stdout.split("in [metrics.ID]")[1].split("example:")[0]
            questions |= set(re.findall(r"^  (\w+) ", listed, re.MULTILINE))
        named = set(keys_of_page("`[metrics.ID]`"))
        self.assertEqual(named - set(METRIC), set())
        self.assertEqual(set(METRIC) - named - elsewhere - questions, set())
        self.assertEqual(set(COMPARE) - {"tracks"} - set(METRIC), set())
        self.assertEqual(set(VERDICT) - {"pass_score", "family"} - set(METRIC), set())


if __name__ == "__main__":
    gate.main()
