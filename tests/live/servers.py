"""Real servers for the tests: Debian's Prometheus and VictoriaMetrics on loopback ports, in temporary folders, stopped by process id.

`Prometheus` and `VictoriaMetrics` are context managers that take OpenMetrics text; Prometheus may scrape instead. `Independent` asks a
server's API with nothing but the standard library, so that what the program reports can be held against another client's figures.
"""

import contextlib
import json
import math
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

import gate

ATTEMPTS = 5


class Process(contextlib.AbstractContextManager):
    """A server that is started on a free port and is ready when `ready` answers."""

    ready = "/"

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="release-gate-live-")
        self.folder = pathlib.Path(self._folder.name)
        self.process = None
        self.url = None

    def command(self, address):
        raise NotImplementedError

    def _answers(self):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(self.url + self.ready, timeout=5) as answer:
                return answer.status == 200
        return False

    def _start_once(self):
        port = gate.free_port()
        self.url = f"http://127.0.0.1:{port}"
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.command(f"127.0.0.1:{port}"), stdout=log, stderr=log, cwd=self.folder)
        for _ in range(600):
            if self.process.poll() is not None:
                return False
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def __enter__(self):
        # Another process may take the port between the probe and the start.
        for _ in range(ATTEMPTS):
            if self._start_once():
                return self
            self.stop()
        raise AssertionError((self.folder / "log").read_text(errors="replace"))

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __exit__(self, *_):
        self.stop()
        self._folder.cleanup()


class Prometheus(Process):
    ready = "/-/ready"

    def __init__(self, openmetrics=None, config="global: {}\n"):
        super().__init__()
        (self.folder / "prometheus.yml").write_text(config)
        if openmetrics is None:
            return
        (self.folder / "data.om").write_text(openmetrics)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", "data.om", "data"], cwd=self.folder, check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def command(self, address):
        return ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--storage.tsdb.retention.time=100y",
                f"--web.listen-address={address}", "--log.level=error"]


class VictoriaMetrics(Process):
    ready = "/health"

    def __init__(self, openmetrics):
        super().__init__()
        self._openmetrics = openmetrics

    def command(self, address):
        return ["victoria-metrics", f"-httpListenAddr={address}", "-storageDataPath=data", "-retentionPeriod=100y",
                "-loggerLevel=ERROR"]

    def __enter__(self):
        super().__enter__()
        lines = [json.dumps({"metric": {"__name__": name, **labels}, "values": values, "timestamps": times})
                 for (name, labels), (times, values) in series_of(self._openmetrics).items()]
        request = urllib.request.Request(self.url + "/api/v1/import", data="\n".join(lines).encode(), method="POST")
        urllib.request.urlopen(request, timeout=30).close()
        urllib.request.urlopen(self.url + "/internal/force_flush", timeout=30).close()
        return self


class HashableLabels(dict):
    def __hash__(self):
        return hash(tuple(sorted(self.items())))


def series_of(openmetrics):
    """{(name, labels): ([milliseconds], [values])} of OpenMetrics text with time stamps; NaN samples are left out."""
    out = {}
    for line in openmetrics.splitlines():
        if line.startswith("#") or not line:
            continue
        name, labels, value, stamp = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+) (\S+)", line).groups()
        pairs = HashableLabels(re.findall(r'(\w+)="([^"]*)"', labels or ""))
        if math.isnan(float(value)):
            continue
        times, values = out.setdefault((name, pairs), ([], []))
        times.append(round(float(stamp) * 1000))
        values.append(float(value))
    return out


class Independent:
    """Asks the HTTP API with urllib; nothing here is shared with the program under test."""

    def __init__(self, url):
        self.url = url

    def _ask(self, path, **parameters):
        body = urllib.parse.urlencode(parameters).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body), timeout=30) as answer:
            return json.load(answer)["data"]["result"]

    def range(self, query, start, end, step):
        """The only series as {time: value}, or {} when there is none."""
        result = self._ask("/api/v1/query_range", query=query, start=start, end=end, step=step, nocache=1)
        assert len(result) <= 1, result
        return {t: float(v) for t, v in result[0]["values"]} if result else {}

    def many(self, query, start, end, step, label):
        result = self._ask("/api/v1/query_range", query=query, start=start, end=end, step=step, nocache=1)
        return {one["metric"][label]: {t: float(v) for t, v in one["values"]} for one in result}

    def instant(self, query, at):
        result = self._ask("/api/v1/query", query=query, time=at, nocache=1)
        assert len(result) <= 1, result
        return float(result[0]["value"][1]) if result else None
