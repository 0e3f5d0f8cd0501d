"""What the tests of serve-hook share: the server as a process, a Prometheus whose answers are chosen by name, and both controllers.

`ask` is a client on a socket of its own, so that nothing but what a test writes is sent. `flagger` plays Flagger's webhook client,
`argo` Argo Rollouts' web metric.
"""

import json
import re
import signal
import socket
import subprocess
import threading
import time

import gate

TOKEN = "s3cr3t-token-0123456789abcdef"
PORT = 9720
GATE = """
version = 1
name    = "checkout"

[vars]
state = "good"

[sources.prom]
type    = "prometheus"
url     = "{url}"
retries = 0
timeout = "30s"

[metrics.level]
source = "prom"
kind   = "value"
query  = "{{{{state}}}}"
design = "none"
anchor = "now"
fail   = {{ above = 90 }}
warn   = {{ above = 40 }}
"""
LATER = """
version = 1
name    = "later"

[sources.prom]
type = "prometheus"
url  = "{url}"

[metrics.level]
source = "prom"
kind   = "value"
query  = "good"
design = "none"
fail   = {{ above = 90 }}
"""
VALUES = {"good": "1", "meh": "50", "bad": "100", "none": None}


class Prometheus(gate.Server):
    """Answers `good`, `meh`, `bad` and `none`; `broken` is a 400, `slow` waits until `release` is set and is then good."""

    def __init__(self):
        self.release = threading.Event()
        self.asked = []
        super().__init__(self.answer)

    def answer(self, request):
        if not request.route.endswith("/query"):
            return 404, {}, "{}"
        query = {**request.query, **request.form}
        self.asked.append(query["query"])
        if query["query"] == "broken":
            return 400, {}, json.dumps({"status": "error", "errorType": "bad_data", "error": "no such thing"})
        if query["query"].startswith("slow"):
            self.release.wait(60)
        value = VALUES.get(query["query"], "1")
        result = [] if value is None else [{"metric": {}, "value": [float(query["time"]), value]}]
        return 200, {}, json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}})

    def __exit__(self, *stop):
        self.release.set()
        super().__exit__(*stop)


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if raw else None
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        self.text = self.body.decode("utf-8")

    def json(self):
        return json.loads(self.text)


class Hook:
    """`release-gate serve-hook` on a free port; standard error is its log."""

    def __init__(self, *arguments, env=None, cwd=None, listen="127.0.0.1:0"):
        self.process = subprocess.Popen(
            [gate.PROGRAM, "serve-hook", "--listen", listen, *map(str, arguments)], env=gate.environment(env), cwd=cwd,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
        self.lines = []
        self.address = None
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r"listening on http://\[?([0-9a-f.:]+?)\]?:(\d+)$", line.strip())
            if found:
                self.address = (found.group(1), int(found.group(2)))
                break
        else:
            raise AssertionError("".join(self.lines))
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(10)
        self.process.stderr.close()

    def stop(self, number=signal.SIGTERM, timeout=20):
        """The exit code after `number`."""
        self.process.send_signal(number)
        code = self.process.wait(timeout)
        self.reader.join(10)
        return code

    def log(self):
        return "".join(self.lines)

    def wait_for_line(self, pattern, seconds=10):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in list(self.lines):
                if re.search(pattern, line):
                    return line
            time.sleep(0.02)
        raise AssertionError(f"no line like {pattern}:\n{self.log()}")

    def connect(self, timeout=30):
        return socket.create_connection(self.address, timeout=timeout)

    def raw(self, data, timeout=30):
        """Sends bytes, reads until the server closes."""
        with self.connect(timeout) as peer:
            try:
                peer.sendall(data)
            except ConnectionError:
                pass  # the answer may have come before all was sent
            return Answer(read_all(peer))

    def ask(self, method, target, body=b"", token=TOKEN, headers=(), timeout=30):
        data = body.encode() if isinstance(body, str) else body
        lines = [f"{method} {target} HTTP/1.1", "Host: hook", *headers]
        if token is not None:
            lines.append(f"Authorization: Bearer {token}")
        if data:
            lines.append(f"Content-Length: {len(data)}")
        return self.raw("\r\n".join([*lines, "", ""]).encode() + data, timeout)

    def flagger(self, hook, metadata=None, name="checkout", namespace="shop", phase="Progressing", **more):
        """Flagger's POST: what pkg/controller/webhook.go sends, metadata left out where there is none."""
        payload = {"name": name, "namespace": namespace, "phase": phase, "checksum": "85d557f47b"}
        if metadata is not None:
            payload["metadata"] = metadata
        return self.ask("POST", f"/flagger/{hook}", json.dumps(payload), headers=["Content-Type: application/json"], **more)

    def argo(self, body=None, query="", **more):
        """Argo Rollouts' GET, or its POST with a jsonBody."""
        if body is None:
            return self.ask("GET", "/argo-rollouts" + query, **more)
        return self.ask("POST", "/argo-rollouts", json.dumps(body), headers=["Content-Type: application/json"], **more)


def read_all(peer):
    out = b""
    try:
        while block := peer.recv(65536):
            out += block
    except ConnectionResetError:
        pass
    return out


def flagger_advances(answer):
    """Flagger takes up to 202 for success (pkg/controller/webhook.go)."""
    return answer.status <= 202


class HookTest(gate.GateTest):
    """A folder with `checkout.toml` and `later.toml`, and the Prometheus that both ask."""

    def setUp(self):
        super().setUp()
        self.prometheus = self.enterContext(Prometheus())
        self.gates = self.folder / "gates"
        self.write("gates/checkout.toml", GATE.format(url=self.prometheus.url))
        self.write("gates/later.toml", LATER.format(url=self.prometheus.url))

    def start(self, *arguments, env=None, **options):
        return self.enterContext(Hook(*arguments, env={"RELEASE_GATE_HOOK_TOKEN": TOKEN, **(env or {})}, **options))

    def start_gates(self, *arguments, **options):
        return self.start("--gates", self.gates, "--accept", "vars.state", "--accept", "deployed_at", *arguments, **options)
