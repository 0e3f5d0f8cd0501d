"""The source `locust` against Debian's Locust: what the server counted and the script noted for each request, the program must say."""

import collections
import concurrent.futures
import csv
import json
import math
import re
import statistics
import subprocess
import threading
import time

import gate

USERS = 4
SIDES = {"baseline": (0.02, 10, False), "candidate": (0.06, 4, True)}  # seconds an answer takes; one in so many fails; is the script broken?
# The script of the test, with what docs/sources/locust.md says so that the last second is written; it also notes each response time.
SCRIPT = """
import json
from locust import HttpUser, constant, events, task


class Shopper(HttpUser):
    wait_time = constant(0.01)

    @task(3)
    def cart(self):
        self.client.get("/cart")

    @task(1)
    def order(self):
        self.client.post("/cart")
        if BROKEN:
            raise ValueError("no such article, and a comma")


@events.request.add_listener
def note(request_type, response_time, start_time, **_):
    with open("notes.jsonl", "a", encoding="utf-8") as file:
        print(json.dumps([request_type, response_time, start_time]), file=file)


"""


class Shop(gate.Server):
    """Answers after a known time, and counts what it answered with which status by method."""

    def __init__(self, seconds, one_in):
        super().__init__(self.serve)
        self.seconds, self.one_in = seconds, one_in
        self.counts = collections.Counter()
        self.lock = threading.Lock()

    def serve(self, request):
        with self.lock:
            status = 500 if (self.counts.total() + 1) % self.one_in == 0 else 200
            self.counts[request.method, status] += 1
        time.sleep(self.seconds)
        return status, {}, ""


def documented():
    """The lines of the page that let Locust write its last second."""
    block, = re.findall(r"^```python\n(.*?)^```", (gate.ROOT / "docs/sources/locust.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return block


def run_locust(folder, seconds, one_in, broken, length="4s", ends_well=True):
    """One run with its files in `folder`: what the server counted by method and status."""
    folder.mkdir()
    (folder / "locustfile.py").write_text(SCRIPT.replace("BROKEN", str(broken)) + (documented() if ends_well else ""), encoding="utf-8")
    with Shop(seconds, one_in) as shop:
        # The system's Python: Debian's module is installed for no other.
        done = subprocess.run(["/usr/bin/python3", "-m", "locust", "--headless", "--only-summary", "--csv", "load", "--csv-full-history",
                               "--users", str(USERS), "--spawn-rate", str(USERS), "--run-time", length, "--stop-timeout", "5",
                               "--host", shop.url], cwd=folder, env=gate.environment(), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 1:  # Locust's own: some requests have failed
        raise AssertionError(f"{done.returncode}: {done.stderr[-2000:]}")
    return shop.counts


def rounded(milliseconds):
    """As Locust keeps response times: https://docs.locust.io/en/stable/api.html, two digits from 100 ms on."""
    for limit, digits in ((100, 0), (1000, -1), (10000, -2), (math.inf, -3)):
        if milliseconds < limit:
            return round(milliseconds, digits)


def quantile(times, share):
    """By Locust's rule: what `share` of the requests, cut to a whole number, were faster than."""
    return sorted(map(rounded, times))[int(share * len(times))]


class Locust(gate.GateTest):
    @classmethod
    def setUpClass(cls):
        cls.shared = cls()
        cls.shared.setUp()
        cls.addClassCleanup(cls.shared.doCleanups)
        cls.home = cls.shared.folder
        start = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            runs = {side: pool.submit(run_locust, cls.home / side, *how) for side, how in SIDES.items()}
            runs["hasty"] = pool.submit(run_locust, cls.home / "hasty", 0.02, 10, False, "2s", False)
        cls.counted = {side: run.result() for side, run in runs.items()}
        print(f"{len(runs)} runs of Locust in {time.monotonic() - start:.1f} s: " + str({side: count.total() for side, count in cls.counted.items()}))
        cls.noted = {side: [json.loads(line) for line in (cls.home / side / "notes.jsonl").read_text(encoding="utf-8").splitlines()]
                     for side in runs}

    def runTest(self):
        """For the instance that holds the folder of all tests."""

    def ask(self, *metrics, sides=("baseline", "candidate")):
        text = (f'version = 1\n[sources.load]\ntype = "locust"\nroot = "{self.home}"\npath = "{self.home}/{sides[1]}/load_*.csv"\n'
                f'baseline_path = "{self.home}/{sides[0]}/load_*.csv"\n')
        for i, keys in enumerate(metrics):
            text += f'[metrics.m{i}]\nsource = "load"\n{keys}\n'
        code, report = gate.report(self.write("gate.toml", text), "--deployed-at", "now")
        return code, report["metrics"]

    def sides(self, metric):
        self.assertIsNone(metric["error"], metric["error"])
        return [(metric[side] or {}).get("value") for side in ("baseline", "candidate")]

    def both(self, compute):
        return [compute(side) for side in SIDES]

    def times(self, side, method=None):
        return [taken for of, taken, _ in self.noted[side] if method in (None, of)]

    def failed(self, side):
        return sum(number for (_, status), number in self.counted[side].items() if status == 500)

    def test_counts_are_those_of_the_server(self):
        _, metrics = self.ask('measure = "requests"', 'measure = "errors"', 'measure = "error_rate"', 'measure = "failure_kinds"',
                              'measure = "exceptions"', *(f'measure = "requests"\nname = "/cart"\nrequest_type = "{one}"' for one in ("GET", "POST")))
        total = self.both(lambda side: self.counted[side].total())
        self.assertGreater(min(total), 50)
        self.assertEqual(self.sides(metrics[0]), total)
        self.assertEqual(self.sides(metrics[1]), self.both(self.failed))
        for said, side in zip(self.sides(metrics[2]), SIDES):
            self.assertAlmostEqual(said, 100 * self.failed(side) / self.counted[side].total(), places=9)
        self.assertEqual(self.sides(metrics[3]), [2, 2])
        self.assertEqual(self.sides(metrics[4]), [0, self.counted["candidate"]["POST", 200] + self.counted["candidate"]["POST", 500]])
        self.assertIn("no such article, and a comma", " ".join(metrics[0]["notes"]))
        for metric, method in zip(metrics[5:], ("GET", "POST")):
            self.assertEqual(self.sides(metric), self.both(lambda side: self.counted[side][method, 200] + self.counted[side][method, 500]))

    def test_response_times_are_those_that_the_script_noted(self):
        shares = {"median": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
        others = {"mean": statistics.fmean, "min": min, "max": max}
        _, metrics = self.ask(*(f'measure = "{measure}"' for measure in (*shares, *others)), 'measure = "p95"\nname = "/cart"\nrequest_type = "POST"')
        for metric, (measure, share) in zip(metrics, shares.items()):
            with self.subTest(measure):
                self.assertEqual(self.sides(metric), self.both(lambda side: quantile(self.times(side), share)))
        for metric, (measure, compute) in zip(metrics[len(shares):], others.items()):
            with self.subTest(measure):
                for said, side in zip(self.sides(metric), SIDES):
                    self.assertAlmostEqual(said, compute(self.times(side)), places=6)
        self.assertEqual(self.sides(metrics[-1]), self.both(lambda side: quantile(self.times(side, "POST"), 0.95)))
        for said, (seconds, *_) in zip(self.sides(metrics[0]), SIDES.values()):
            self.assertGreaterEqual(said, 1000 * seconds)

    def test_rates_and_peaks(self):
        def rows(side, which):
            with open(self.home / side / f"load_{which}.csv", encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))

        def worst(side, name, method):
            return max(int(row["95%"]) for row in rows(side, "stats_history")
                       if (row["Name"], row["Type"]) == (name, method) and row["95%"] not in ("N/A", "0"))

        _, metrics = self.ask('measure = "throughput"', 'measure = "peak_users"', 'measure = "peak_p95"',
                              'measure = "peak_p95"\nname = "/cart"\nrequest_type = "GET"')
        for said, side in zip(self.sides(metrics[0]), SIDES):
            parts = sum(float(row["Requests/s"]) for row in rows(side, "stats") if row["Name"] != "Aggregated")
            self.assertAlmostEqual(said, parts, places=6)
            length = max(start + taken / 1000 for _, taken, start in self.noted[side]) - min(start for *_, start in self.noted[side])
            self.assertAlmostEqual(said, self.counted[side].total() / length, delta=0.05 * said)
        self.assertEqual(self.sides(metrics[1]), [USERS, USERS])
        self.assertEqual(self.sides(metrics[2]), self.both(lambda side: worst(side, "Aggregated", "")))
        self.assertEqual(self.sides(metrics[3]), self.both(lambda side: worst(side, "/cart", "GET")))

    def test_the_verdict(self):
        code, metrics = self.ask('measure = "p95"\nfail = { increase_over = "10%" }', 'measure = "error_rate"\nfail = { increase_over = "5pp" }',
                                 'measure = "error_rate"\nfail = { above = "50%" }', 'measure = "throughput"\nbetter = "higher"\nfail = { decrease_over = "20%" }',
                                 'measure = "exceptions"\nfail = { above = 0 }')
        self.assertEqual((code, [metric["verdict"] for metric in metrics]), (1, ["fail", "fail", "pass", "fail", "fail"]))

    def test_two_methods_of_one_name(self):
        _, metrics = self.ask('measure = "p95"\nname = "/cart"')
        self.assertEqual(metrics[0]["error"]["code"], "RG1504")

    def test_a_run_that_ends_before_it_is_written(self):
        _, metrics = self.ask('measure = "peak_users"\nfail = { below = 1 }', 'measure = "requests"', sides=("baseline", "hasty"))
        self.assertEqual((self.sides(metrics[0]), metrics[0]["verdict"]), ([USERS, None], "inconclusive"))
        self.assertLess(self.sides(metrics[1])[1] or 0, self.counted["hasty"].total())


if __name__ == "__main__":
    gate.main()
