"""Damaged gate files, files of rows and answers: whatever a few flipped bytes make of them, no crash and no hang.

RELEASE_GATE_MUTATIONS (200 of each kind) and RELEASE_GATE_FAULT_SEED (1) choose how many runs and which; a failure names its own.
Most telling on a build with sanitizers (RELEASE_GATE=build/asan/release-gate), whose reports fail the test.
"""

import concurrent.futures
import json
import os
import pathlib
import random

import gate
import hostile

RUNS = int(os.environ.get("RELEASE_GATE_MUTATIONS", "200"))
SEED = int(os.environ.get("RELEASE_GATE_FAULT_SEED", "1"))
SCRAPS = [b"\0", b"\xff", b"\xf4\x90\x80\x80", b'"', b"'''", b"\n", b"{{", b"}}", b"[[", b"=", b"-", b"1e999", b"9" * 40, b"nan", b"\\u0041",
          b"0x", b"{" * 300, b"[" * 300, b"w" * 5000, "é".encode(), b"\r", b",", b";", b"#", b"%"]
START = 1767614400
ROWS = [(START - 900 + 30 * i, 1 + i % 7) for i in range(120)]
FILES = {
    "csv": "time,value,pod\n" + "".join(f'{time},{value},"a ""b"""\n' for time, value in ROWS),
    "jsonl": "".join(json.dumps({"time": time, "value": value, "pod": "a"}) + "\n" for time, value in ROWS),
    "json": json.dumps({"rows": [{"time": time, "value": str(value), "pod": "a"} for time, value in ROWS]}),
    "openmetrics": "".join(f'value{{pod="a\\"b"}} {value} {time}\n' for time, value in ROWS) + "# EOF\n",
    "prometheus-api": json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [
        {"metric": {"pod": "a"}, "values": [[time, str(value)] for time, value in ROWS]}]}}),
}
GATE = """version = 1
[release]
deployed_at = "2026-01-05T12:00:00Z"
[compare]
baseline = { window = "15m" }
candidate = { window = "40m" }
[sources.rows]
type = "file"
path = "rows"
format = "FORMAT"
ITEMS
on_bad_row = "BAD"
time = { column = "time", format = "unix" }
[metrics.rows]
source = "rows"
value = "value"
fail = { increase_over = "50%", above = 100 }
"""


def damaged(chance, data):
    """`data` with one to three small damages."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(out) + 1)
        how = chance.randrange(6)
        if how == 0 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif how == 1 and at < len(out):
            out[at] = chance.randrange(256)
        elif how == 2:
            out[at:at] = chance.choice(SCRAPS)
        elif how == 3:
            del out[at : at + chance.choice((1, 3, 50))]
        elif how == 4:
            out[at:at] = out[chance.randrange(len(out) + 1) :][: chance.choice((2, 20, 200))]
        elif chance.random() < 0.2:
            del out[at:]
    return bytes(out)


class Mutations(hostile.FaultTest):
    def hold(self, kind, one, codes):
        """Runs `one(number, chance)` RUNS times; counts the exit codes."""
        def checked(number):
            result = one(number, random.Random(f"{kind} {SEED} {number}"))
            where = f"{kind}, run {number} of seed {SEED}: exit {result.returncode}\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}"
            self.assertIn(result.returncode, codes, where)
            for words in ("Sanitizer", "runtime error", "RG9000", "RG9001"):
                self.assertNotIn(words, result.stdout + result.stderr, where)
            return result.returncode

        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            found = list(pool.map(checked, range(RUNS)))
        print(f"{RUNS} damaged {kind}:", ", ".join(f"{found.count(code)} exit {code}" for code in sorted(set(found))))

    def test_gate_files(self):
        root = gate.ROOT
        seeds = sorted([*root.glob("gates/*.toml"), *root.glob("tests/scenarios/*/gate.toml"), *root.glob("examples/**/*.toml")])
        self.assertGreater(len(seeds), 20)

        def one(number, chance):
            path = self.folder / f"gate{number}.toml"
            path.write_bytes(damaged(chance, chance.choice(seeds).read_bytes()))
            if chance.random() < 0.5:
                return gate.run("validate", path)
            return gate.run("plan", path, "--deployed-at", "2026-01-05T12:00:00Z", "--now", hostile.NOW)

        self.hold("gate files", one, (0, 2))

    def test_rows(self):
        for form, text in FILES.items():
            def one(number, chance, form=form, text=text):
                folder = pathlib.Path(self.folder / f"{form}{number}")
                folder.mkdir()
                (folder / "rows").write_bytes(damaged(chance, text.encode()))
                gate_text = GATE.replace("FORMAT", form).replace("BAD", chance.choice(("error", "drop")))
                (folder / "gate.toml").write_text(gate_text.replace("ITEMS", 'items = "rows"' if form == "json" else ""))
                return gate.run("check", folder / "gate.toml", "--now", hostile.NOW, "--verbose")

            with self.subTest(form):
                self.hold(form, one, (0, 1, 3, 4))

    def test_answers(self):
        points = json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [
            {"metric": {"pod": pod, "__name__": "x"}, "values": [[START + 15 * i, f"{i % 5}.5"] for i in range(1, 121)]} for pod in "ab"]},
            "warnings": None, "infos": ["some"]}).encode()

        def one(number, chance):
            body = damaged(chance, points)
            with hostile.Hostile(hostile.saying(hostile.answer(body))) as server:
                text = hostile.gate_text(server.url, self.good.url, "retries = 0", chance.choice(('each = "pod"', 'combine = "max"', "")))
                path = self.write(f"answer{number}.toml", text.replace('query = "broken"\nkind = "value"', 'query = "broken"'))
                return gate.run("check", path, "--now", hostile.NOW, "--format", "json", env=hostile.WITH_TOKEN)

        self.hold("answers", one, (0, 1, 3, 4))


if __name__ == "__main__":
    gate.main()
