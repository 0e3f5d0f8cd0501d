"""Random faults: whatever the server does, no crash, no overrun, no pass without a good answer.

RELEASE_GATE_FAULT_RUNS (300) and RELEASE_GATE_FAULT_SEED (1) choose how many runs and which; a failure names its own.
"""

import concurrent.futures
import gzip
import json
import os
import random
import time

import gate
import hostile
from hostile import answer, vector

RUNS = int(os.environ.get("RELEASE_GATE_FAULT_RUNS", "300"))
SEED = int(os.environ.get("RELEASE_GATE_FAULT_SEED", "1"))
DEADLINE = 2.0
STATUSES = [
    "400 Bad Request",
    "401 Unauthorized",
    "403 Forbidden",
    "404 Not Found",
    "405 Method Not Allowed",
    "408 Request Timeout",
    "418 I'm a teapot",
    "429 Too Many Requests",
    "500 Internal Server Error",
    "501 Not Implemented",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "599 Odd",
]
SCRAPS = [
    b"",
    b"null",
    b"{}",
    b"[]",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\\",
    b"\0",
    b"NaN",
    b"1e999",
    b"-",
    b"[" * 2000,
    b"<html>",
    b"\x1b[2J",
    b"::error::x",
]


def is_good(body):
    """Whether an independent reader finds an answer with one finite number in `body`."""
    try:
        document = json.loads(body.decode("utf-8"))
        data = document["data"]
        series = data["result"]
        number = float(series[0]["value"][1])
        return (
            document["status"] == "success"
            and data["resultType"] in ("vector", "matrix", "scalar")
            and len(series) == 1
            and isinstance(series[0]["value"][1], str)
            and abs(number) < float("inf")
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, UnicodeDecodeError):
        return False


def mutated(chance, body):
    """`body` with one to four small damages."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        how = chance.randrange(4)
        if how == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del data[at:]
        elif how == 2:
            data[at:at] = chance.choice(SCRAPS)
        else:
            other = chance.randrange(len(data) + 1)
            data[min(at, other) : max(at, other)] = b""
        if not data:
            break
    return bytes(data)


class Script:
    """What the server does in one run, drawn as it is asked. `good` tells whether a good answer was given."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.good = False
        self.log = []

    def __call__(self, server, peer):
        chance = self.chance
        kind = chance.choice(
            [
                "good",
                "good",
                "mutated",
                "mutated",
                "mutated",
                "status",
                "status",
                "cut",
                "length",
                "chunks",
                "gzip",
                "raw",
                "close",
                "slow",
                "hang",
                "redirect",
                "limit",
            ]
        )
        self.log.append(kind)
        body = vector(chance.choice(["1", "2.5", "-3", "0", "NaN", "+Inf", "1e-300", "x", ""])).encode()
        if kind in ("good", "slow"):
            if kind == "slow":
                time.sleep(chance.uniform(0.0, 0.4))
            self.good = self.good or is_good(body) and b"NaN" not in body
            return peer.sendall(answer(body))
        if kind == "mutated":
            body = mutated(chance, body)
            self.good = self.good or is_good(body)
            return peer.sendall(answer(body))
        if kind == "status":
            return peer.sendall(
                answer(chance.choice([b"", body, b"<html>no</html>", hostile.TOKEN.encode()]), chance.choice(STATUSES))
            )
        if kind == "limit":
            return peer.sendall(
                answer(
                    "",
                    "429 Too Many Requests",
                    [f"Retry-After: {chance.choice(['0', '1', '99', 'soon', '-1', '1e400', ''])}"],
                )
            )
        if kind == "gzip":
            packed = gzip.compress(body)
            whole = chance.random() < 0.5
            self.good = self.good or whole and is_good(body) and b"NaN" not in body
            return peer.sendall(
                answer(packed if whole else mutated(chance, packed), headers=["Content-Encoding: gzip"])
            )
        if kind == "redirect":
            return peer.sendall(
                answer(
                    "",
                    "302 Found",
                    [f"Location: {chance.choice(['/x', '/', '', 'http://127.0.0.1:1/', '//', 'x' * 3000])}"],
                )
            )
        if kind == "hang":
            server.hang(chance.uniform(0.0, 1.0))
            return False
        # Damage below HTTP: whatever the program makes of it, it cannot be sure of an answer, unless the cut is behind its end.
        data = {
            "cut": answer(body)[: chance.randrange(len(answer(body)))],
            "length": answer(body, length=len(body) + chance.randint(1, 99)),
            "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + mutated(chance, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
            "raw": mutated(chance, answer(body)),
            "close": b"",
        }[kind]
        self.good = self.good or kind in ("chunks", "raw")
        peer.sendall(data)
        return False


class Random(hostile.FaultTest):
    def one(self, number):
        script = Script(SEED * 1_000_003 + number)
        with hostile.Hostile(lambda peer, request: script(server, peer)) as server:
            file = self.write(
                f"gate{number}.toml", hostile.gate_text(server.url, self.good.url, "retries = 2", timeout="300ms")
            )
            result = gate.run(
                "check",
                file,
                "--now",
                hostile.NOW,
                "--deadline",
                f"{DEADLINE:g}s",
                "--format",
                "json",
                env=hostile.WITH_TOKEN,
            )
        where = f"run {number} of seed {SEED}: {script.log}\n{result.stdout}{result.stderr}"
        self.assertIn(result.returncode, (0, 3, 4), where)
        self.assertLess(result.seconds, DEADLINE + 1.0, where)
        report = json.loads(result.stdout)
        broken, healthy = report["metrics"]
        self.assertEqual("pass", healthy["verdict"], where)
        if not script.good:
            self.assertNotEqual("pass", report["verdict"], where)
            self.assertNotEqual("pass", broken["verdict"], where)
        if broken["verdict"] == "pass":
            self.assertIsNotNone(broken["candidate"]["value"], where)
        for form in hostile.forms():
            self.assertNotIn(form, result.stdout + result.stderr, where)
        return report["verdict"]

    def test_random_faults(self):
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            verdicts = list(pool.map(self.one, range(RUNS)))
        print(
            f"{RUNS} random faults (seed {SEED}) in {time.monotonic() - begun:.0f} s:",
            ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in sorted(set(verdicts))),
        )
        self.assertIn("error", verdicts)
        self.assertIn("pass", verdicts)


if __name__ == "__main__":
    gate.main()
