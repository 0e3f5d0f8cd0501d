"""Debian's Pushgateway between the program and Prometheus: its own report on the way that docs/publish.md tells, and the numbers of jobs,
of which the Pushgateway keeps the last one for ever."""

import re
import subprocess
import threading
import time
import tomllib
import unittest
import urllib.request
import urllib.request

import gate
from servers import Independent, Process, Prometheus

FRESH = 4  # seconds; in life, somewhat more than the time between two runs of the job


class Pushgateway(Process):
    ready = "/-/ready"

    def command(self, address):
        return ["prometheus-pushgateway", f"--web.listen-address={address}", "--log.level=error"]

    def push(self, job, text):
        request = urllib.request.Request(f"{self.url}/metrics/job/{job}", data=text.encode(), method="PUT")
        urllib.request.urlopen(request, timeout=10).close()


class Job:
    """A batch job that pushes another number twice a second until it is stopped."""

    def __init__(self, server, name):
        self.server, self.name, self.pushed = server, name, 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.stopped.wait(0.5):
            self.pushed += 1
            self.server.push(self.name, f"orders_exported {1000 + self.pushed}\n")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


def page(name):
    return (gate.ROOT / "docs" / name).read_text(encoding="utf-8")


def setUpModule():
    start = time.monotonic()
    scrape, = re.findall(r"^```yaml\n(scrape_configs:.*?)^```", page("publish.md"), re.MULTILINE | re.DOTALL)
    Pushed.pushgateway = unittest.enterModuleContext(Pushgateway())
    config = "global: { scrape_interval: 500ms }\n" + scrape.replace("pushgateway:9091", Pushed.pushgateway.url.removeprefix("http://"))
    Pushed.prometheus = unittest.enterModuleContext(Prometheus(config=config))
    Pushed.independent = Independent(Pushed.prometheus.url)
    print(f"Pushgateway and Prometheus started in {time.monotonic() - start:.1f} s")


class Pushed(gate.GateTest):
    def until(self, query, value):
        """Waits until Prometheus' answer to `query` is `value`; None for no series."""
        deadline = time.monotonic() + 30
        while (found := self.independent.instant(query, time.time())) != value:
            self.assertLess(time.monotonic(), deadline, f"{query} is {found}, not {value}")
            time.sleep(0.2)

    def ask(self, **metrics):
        """The answers of Prometheus through the program, now: (value, verdict) of each metric, and the exit code."""
        text = (f'version = 1\n[compare]\ndesign = "none"\ncandidate = {{ window = "1s" }}\n'
                f'[sources.prom]\ntype = "prometheus"\nurl = "{self.prometheus.url}"\n')
        for name, keys in metrics.items():
            text += f'[metrics.{name}]\nsource = "prom"\nkind = "value"\ningest_delay = "0s"\n{keys}\n'
        now = time.time()
        code, report = gate.report(self.write("asked.toml", text), "--deployed-at", f"{now - 1:.3f}", "--now", f"{now:.3f}")
        self.assertEqual([metric["error"] for metric in report["metrics"]], [None] * len(metrics))
        return code, {metric["id"]: ((metric["candidate"] or {}).get("value"), metric["verdict"]) for metric in report["metrics"]}


class Reports(Pushed):
    """The report `openmetrics`, pushed as docs/publish.md says."""

    def judge(self, metrics, limit):
        """One run over files: {name: [[values of the candidate], [of the baseline]]}. The exit code, which the documented lines end
        with, too, and the JSON report."""
        text = 'version = 1\nname = "checkout"\n[compare]\ndesign = "snapshot"\n[sources.csv]\ntype = "file"\ntime = false\n'
        for name, values in metrics.items():
            text += (f'[metrics.{name}]\nsource = "csv"\nkind = "value"\nvalue = "v"\naggregate = "mean"\nunit = "ms"\n'
                     f'fail = {{ above = {limit} }}\n')
            for side, numbers in zip(("candidate", "baseline"), values):
                self.write(f"{side}-{name}.csv", "v\n" + "".join(f"{number}\n" for number in numbers))
                text += f'{side} = {{ path = "{side}-{name}.csv" }}\n'
        code, report = gate.report(self.write("gate.toml", text))
        lines, = re.findall(r"^```sh\n(rm -f metrics.txt\nrelease-gate check gate.toml .*?)^```", page("publish.md"), re.MULTILINE | re.DOTALL)
        self.assertIn("http://pushgateway:9091/", lines)
        self.documented_lines = lines.replace("release-gate check", f"{gate.PROGRAM} check")
        done = self.shell(self.pushgateway.url)
        self.assertEqual((done.stderr, done.returncode), ("", code))
        return code, report

    def shell(self, url):
        """The documented lines as pipelines run them: `-e` ends at the first that fails."""
        lines = self.documented_lines.replace("http://pushgateway:9091", url).replace("--retry 3", "--retry 0")
        return subprocess.run(["bash", "-e", "-c", lines], cwd=self.folder, env=gate.environment(), capture_output=True, text=True, check=False)

    def times_of_pushes(self):
        with urllib.request.urlopen(f"{self.pushgateway.url}/metrics") as answer:
            return re.findall(r"^push_time_seconds.*", answer.read().decode(), re.MULTILINE)

    def test_what_goes_wrong_beside_the_verdict(self):
        code, _ = self.judge({"latency": [[140, 150, 145], [100, 110.5, 105]]}, 120)
        self.assertEqual(code, 1)
        down = self.shell(f"http://127.0.0.1:{gate.free_port()}")
        self.assertEqual(down.returncode, 1)
        self.assertIn("the Pushgateway did not take the figures of this run", down.stderr)
        pushed = self.times_of_pushes()
        self.assertTrue(pushed)
        self.write("gate.toml", "version = 2\n")
        self.assertEqual(self.shell(self.pushgateway.url).returncode, 2)
        self.assertFalse((self.folder / "metrics.txt").exists(), "the figures of the run before would be pushed again")
        self.assertEqual(self.times_of_pushes(), pushed)

    def test_a_report_comes_back_as_it_went(self):
        code, report = self.judge({"latency": [[140, 150, 145], [100, 110.5, 105]], "queue": [[7, 9, 9], [7, 8, 9]]}, 200)
        self.assertEqual((code, report["verdict"]), (0, "pass"))
        self.until('release_gate_verdict{job="release-gate",gate="checkout",verdict="pass"}', 1)
        asked, expected = {}, {}
        for metric in report["metrics"]:
            for side in ("baseline", "candidate"):
                name = f"{metric['id']}_{side}"
                asked[name] = (f"query = 'release_gate_value{{gate=\"checkout\",metric=\"{metric['id']}\",side=\"{side}\"}}'\n"
                               'fail = { above = 1000 }')
                expected[name] = (metric[side]["value"], "pass")
            asked[f"{metric['id']}_change"] = (f"query = 'release_gate_change_ratio{{metric=\"{metric['id']}\"}}'\nfail = {{ above = 1000 }}")
            expected[f"{metric['id']}_change"] = (metric["change"]["relative"], "pass")
        self.assertEqual(expected["latency_candidate"][0], 145)
        self.assertEqual(self.ask(**asked), (0, expected))

        # What a later run no longer has is gone, and a failing run is pushed, too.
        code, report = self.judge({"latency": [[140, 150, 145], [0, 0, 0]]}, 120)  # nothing is a share of 0
        self.assertEqual((code, report["verdict"]), (1, "fail"))
        self.until('release_gate_verdict{gate="checkout",verdict="fail"}', 1)
        self.until('count({__name__=~"release_gate_change_ratio|release_gate_value",metric="queue"})', None)
        self.until("count(release_gate_change_ratio)", None)
        self.assertEqual(self.ask(failing=self.documented("does it fail?", "fail = { above = 0 }"),
                                  silent=self.documented("has it not been run for a day?", "fail = { above = 0 }"),
                                  latency=self.documented("the candidate's latency", "fail = { above = 200 }")),
                         (1, {"failing": (1, "fail"), "silent": (None, "inconclusive"), "latency": (145, "pass")}))

    def documented(self, question, keys):
        query, = re.findall(rf"^\| {re.escape(question)}[^|]*\| `([^`]+)` \|$", page("publish.md"), re.MULTILINE)
        return f"query = '{query}'\n{keys}"


class Jobs(Pushed):
    """The recipe of docs/sources/prometheus.md: a job that is broken keeps its last number in the Pushgateway."""

    def recipe(self, job):
        """The metrics of the page with `job` for its job, and seconds for its hours."""
        blocks = [block for block in re.findall(r"^```toml fragment\n(.*?)^```", page("sources/prometheus.md"), re.MULTILINE | re.DOTALL) if "push_time_seconds" in block]
        self.assertEqual(len(blocks), 1)
        for old, new in (('job="export"', f'job="{job}"'), ("< 93600", f"< {FRESH}"), ('"26h"', f'"{FRESH}s"')):
            self.assertIn(old, blocks[0])
            blocks[0] = blocks[0].replace(old, new)
        metrics = tomllib.loads(blocks[0])["metrics"]
        return {name: "\n".join(f"{key} = {toml(value)}" for key, value in keys.items() if key not in ("source", "kind"))
                for name, keys in metrics.items()}

    def test_a_job_that_no_longer_pushes_does_not_pass(self):
        self.pushgateway.push("broken", "orders_exported 5000\n")
        broken_since = time.time()
        with Job(self.pushgateway, "export") as alive:
            self.until('orders_exported{job="broken"}', 5000)
            while time.time() < broken_since + FRESH + 1:
                time.sleep(0.1)
            self.assertEqual(self.ask(naive='query = \'orders_exported{job="broken"}\'\nbetter = "higher"\nfail = { below = 1000 }'),
                             (0, {"naive": (5000, "pass")}))
            code, broken = self.ask(**self.recipe("broken"))
            self.assertEqual((code, broken["orders_exported"]), (1, (None, "inconclusive")))
            age, verdict = broken["export_age"]
            self.assertEqual(verdict, "fail")
            self.assertAlmostEqual(age, time.time() - broken_since, delta=3)
            code, export = self.ask(**self.recipe("export"))
            self.assertEqual((code, export["orders_exported"][1], export["export_age"][1]), (0, "pass", "pass"))
            self.assertGreater(export["orders_exported"][0], 1000)
            self.assertLess(export["export_age"][0], FRESH)
            code, never = self.ask(**self.recipe("never"))
            self.assertEqual((code, never), (3, {"orders_exported": (None, "inconclusive"), "export_age": (None, "inconclusive")}))
        self.assertGreater(alive.pushed, FRESH)


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    return gate.toml_text(value) if isinstance(value, str) else repr(value)


if __name__ == "__main__":
    gate.main()
