"""The JSON Schema of the gate language, held against an independent validator, the examples, the packs, and wrong files."""

import copy
import json
import pathlib
import re
import tomllib
import unittest

import gate
import jsonschema

SCHEMA = json.loads(gate.run("schema").stdout)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DIAGNOSTICS = gate.ROOT / "tests/cli/diagnostics"

# What a schema can know by itself: keys, types, words, forms. Not: names that must exist elsewhere, units, meaning.
KNOWN_TO_A_SCHEMA = {"RG0102", "RG0104", "RG0105", "RG0106", "RG0107", "RG0202", "RG0209", "RG0222", "RG0406", "RG0412", "RG0501",
                     "RG0510"}
# Files whose mistake of such a code lies where a schema cannot see it.
BEYOND = {
    "mistake_in_a_pack",        # in another file
    "ten_mistakes",             # fails for other reasons, too, which is what counts below
}


def parse(path):
    return tomllib.loads(path.read_text(encoding="utf-8").lstrip("\ufeff"))


def plain(value):
    """TOML's dates as text: JSON has none."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


class Schema(unittest.TestCase):
    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        self.assertEqual(SCHEMA["$schema"], "https://json-schema.org/draft/2020-12/schema")

    def test_accepts_packs_and_examples(self):
        files = [*gate.ROOT.glob("gates/*.toml"), *gate.ROOT.glob("examples/**/gate*.toml")]
        self.assertGreaterEqual(len(files), 3)
        for path in files:
            with self.subTest(path.name):
                VALIDATOR.validate(plain(parse(path)))

    def test_agrees_with_the_reader_on_the_diagnostics(self):
        refused = accepted = 0
        for path in sorted(DIAGNOSTICS.glob("*.toml")):
            expected = path.with_suffix(".txt").read_text(encoding="utf-8")
            codes = set(re.findall(r"error\[(RG\d{4})\]", expected))
            if "RG0101" in codes or path.stem in BEYOND:
                continue
            with self.subTest(path.stem):
                valid = VALIDATOR.is_valid(plain(parse(path)))
                if codes & KNOWN_TO_A_SCHEMA:
                    self.assertFalse(valid, f"the reader finds {codes}")
                    refused += 1
                elif not codes:
                    VALIDATOR.validate(plain(parse(path)))
                    accepted += 1
        self.assertGreaterEqual(refused, 20)
        self.assertGreaterEqual(accepted, 2)

    def test_accepts_what_the_reader_accepts(self):
        base = {"version": 1, "sources": {"p": {"type": "prometheus", "url": "http://localhost"}}}
        for metric in (
            {"query": "q", "kind": "{{kind}}", "step": "{{len}}"},
            {"query": {"env": "Q"}, "title": {"file": "t"}},
            {"kind": "ratio", "events": "a", "total": {"metric": "m"}},
            {"kind": "count", "events": {"source": "p", "query": "a"}, "exposure": {"query": "b"}},
            {"baseline": {"query": "a", "window": "1h"}, "candidate": "b"},
            {"query": "q", "fail": {"above": ["1s", 2], "from": "2026-01-01T00:00:00Z"}, "on_unproven": {"within": "pass"}},
            {"query": "q", "aggregate": "p99.9"},
            {"query": "q", "aggregate": "median", "method": "median", "cluster": "user"},
            {"kind": "histogram", "quantile": 0.99, "buckets": {"query": "b"}, "dispersion": "none"},
            {"enabled": False},
            {"kind": "slo", "objective": "99.9%", "events": "a", "total": "b", "period": "7d", "windows": ["1h"],
             "fail": [{"burn_over": 14.4, "windows": ["1h", "5m"]}, {"burn_over": 6}], "warn": {"budget_left_below": "10%"}},
            {"kind": "derived", "formula": "1000 * cost / requests", "unit": "EUR"},
        ):
            with self.subTest(metric):
                VALIDATOR.validate({**base, "metrics": {"m": metric}})

    def test_refuses_what_the_reader_refuses(self):
        good = {"version": 1, "sources": {"p": {"type": "prometheus", "url": "http://localhost"}},
                "metrics": {"m": {"source": "p", "query": "q"}}}
        VALIDATOR.validate(good)
        for where, value in (
            (("version",), "1"), (("nmae",), "x"), (("use",), 5), (("vars",), {"step": "5s"}), (("compare",), {"placebo": {"every": 5}}),
            (("compare",), {"design": "after-before"}), (("compare",), {"baseline": {"settle": "5m"}}),
            (("verdict",), {"confidence": 95}), (("verdict",), {"pass_score": 101}), (("verdict",), {"on_pending": "pass"}),
            (("sources", "p", "token"), "abc"), (("sources", "p", "token"), {"env": "A", "file": "b"}),
            (("sources", "p", "token"), {"file": "b", "default": "c"}), (("sources", "p", "type"), "promethues"),
            (("sources", "p", "timeout"), 10), (("sources", "a b"), {"type": "prometheus", "url": "u"}),
            (("metrics", "m", "kind"), "histograms"), (("metrics", "m", "step"), "1.5h"), (("metrics", "m", "step"), ""),
            (("metrics", "m", "fail"), {}), (("metrics", "m", "fail"), {"goals": []}), (("metrics", "m", "fail"), {"above": []}),
            (("metrics", "m", "fail"), [{"above": 1}]), (("metrics", "m", "fail"), {"burn_over": 2, "windows": []}),
            (("metrics", "m", "windows"), ["1 hour"]), (("metrics", "m", "formula"), 5),
            (("metrics", "m", "required"), "yes"), (("metrics", "m", "weight"), -1), (("metrics", "m", "aggregate"), "avg"),
            (("metrics", "m", "events"), {"metric": "x", "query": "y"}), (("metrics", "m", "cluster"), 5), (("metrics", "m", "quantile"), "p99"),
            (("metrics", "m", "query"), 5), (("metrics", "m", "baseline"), {"settle": "5m"}), (("metrics", "p99 latency"), {}),
        ):
            with self.subTest(f"{where} = {value}"):
                file = copy.deepcopy(good)
                table = file
                for key in where[:-1]:
                    table = table[key]
                table[where[-1]] = value
                self.assertFalse(VALIDATOR.is_valid(file))


if __name__ == "__main__":
    gate.main()
