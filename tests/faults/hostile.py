"""A loopback server that misbehaves on demand, and the check that every fault goes through.

`Hostile(behave)` accepts connections and hands each request to `behave(peer, request)`, which writes what it likes, byte for
byte.
`FaultTest.fault(…)` runs a gate with one metric on such a server and one on a healthy server, and asserts what holds for every
fault: the gate never passes, never outlives the deadline by more than a second, never shows the planted token in any form in any
output, judges the healthy metric all the same, and says the same on replay.
"""

import base64
import contextlib
import json
import pathlib
import socket
import subprocess
import threading
import time
import urllib.parse

import gate

TOKEN = "cANARY/9f+3 7b&e21==d0"  # has what the encodings change
WITH_TOKEN = {"PLANTED_TOKEN": TOKEN}
NOW = "2026-01-05T13:00:00Z"
INSTANT = 1767616200  # the end of the window that gate_text() asks for
ROWS = []


def forms(token=TOKEN):
    """How a token may show itself."""
    found = {
        token,
        urllib.parse.quote(token, safe=""),
        urllib.parse.quote(token),
        urllib.parse.quote_plus(token),
        json.dumps(token)[1:-1],
        token.replace("/", "\\/"),
        token.replace("=", "\\u003d").replace("&", "\\u0026").replace("+", "\\u002b"),
        token.replace("&", "&amp;"),
    }
    for prefix in ("", "x", "ab", "Bearer ", "user:"):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode((prefix + token).encode()).decode()
            # The ends hang on what stands beside the token.
            found.add(text[(len(prefix) * 8 + 5) // 6 : (len(prefix) + len(token)) * 8 // 6])
    return found


LEAK = " | ".join(sorted(forms()))


def vector(value="1", labels=None, at=INSTANT):
    series = [{"metric": labels or {}, "value": [at, value]}]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": series}})


def answer(body=None, status="200 OK", headers=(), length=None):
    """A whole HTTP answer; `length` lies about the body's."""
    data = vector() if body is None else body
    data = data if isinstance(data, bytes) else data.encode()
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        *headers,
        f"Content-Length: {len(data) if length is None else length}",
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body


def read_request(peer):
    """The next request of a connection; None when there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += peer.recv(65536)
    return Request(first.split()[0], first.split()[1], headers, body)


class Hostile:
    """`behave` may return False to have the connection closed; it is kept for further requests otherwise. `raw`: it is called
    at once, before anything was read."""

    def __init__(self, behave, tls=None, raw=False):
        self.behave, self.tls, self.raw = behave, tls, raw
        self.requests = []
        self.connections = 0
        self.closing = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def _accept(self):
        while not self.closing.is_set():
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        with contextlib.suppress(OSError), peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                peer = self.tls.wrap_socket(peer, server_side=True)
            with peer:
                while not self.closing.is_set():
                    if self.raw:
                        self.behave(peer, None)
                        return
                    request = read_request(peer)
                    if request is None:
                        return
                    # A probe of the server's version must not count as a question.
                    if "/buildinfo" in request.target:
                        peer.sendall(answer("{}", "404 Not Found"))
                        continue
                    self.requests.append(request)
                    if self.behave(peer, request) is False:
                        return

    def hang(self, seconds=60):
        """Holds a connection without a word until the test is over."""
        self.closing.wait(seconds)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def saying(data):
    """A behaviour: always this answer."""
    return lambda peer, request: peer.sendall(data)


class Run:
    """What one run of the program left behind."""

    def __init__(self, code, seconds, out, err, report, markdown, evidence, peak):
        self.code, self.seconds, self.out, self.err = code, seconds, out, err
        self.report, self.markdown, self.evidence, self.peak = report, markdown, evidence, peak

    def metric(self, name):
        return next(metric for metric in self.report["metrics"] if metric["id"] == name)


def peak_memory(process, peaks):
    """Follows the high-water mark of a running process: that of wait4 would count this interpreter's memory before exec."""
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration, ValueError):
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peaks.append(int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024)
        time.sleep(0.005)


def run_measured(arguments, env, timeout):
    """(exit code, seconds, stdout, stderr, peak memory in bytes)"""
    begun = time.monotonic()
    with subprocess.Popen(
        [gate.PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:
        peaks = [0]
        follower = threading.Thread(target=peak_memory, args=(process, peaks))
        follower.start()
        out, err = process.communicate(timeout=timeout)
        seconds = time.monotonic() - begun
        follower.join()
    return process.returncode, seconds, out, err, max(peaks)


def gate_text(bad_url, good_url, bad_keys="", metric_keys="", timeout="1s"):
    return f"""
version = 1
name = "faults"
[release]
deployed_at = "2026-01-05T12:00:00Z"
[compare]
design = "none"
candidate = {{ window = "30m" }}
[sources.bad]
type = "prometheus"
url = "{bad_url}"
token = {{ env = "PLANTED_TOKEN" }}
timeout = "{timeout}"
{bad_keys}
[sources.good]
type = "prometheus"
url = "{good_url}"
[metrics.broken]
source = "bad"
query = "broken"
kind = "value"
fail = {{ above = 10 }}
{metric_keys}
[metrics.healthy]
source = "good"
query = "healthy"
kind = "value"
fail = {{ above = 10 }}
"""


class FaultTest(gate.GateTest):
    """Base of all tests of faults."""

    @classmethod
    def setUpClass(cls):
        cls.good = Hostile(saying(answer()))
        cls.good.__enter__()
        cls.addClassCleanup(cls.good.__exit__)

    def check(self, bad_url, deadline=4.0, bad_keys="", metric_keys="", timeout="1s", env=None, arguments=()):
        """Runs the gate with all its outputs, checks what holds whatever happens, and returns the Run."""
        self.runs = getattr(self, "runs", 0) + 1
        folder = self.folder / f"run{self.runs}"
        folder.mkdir()
        file = self.write(f"gate{self.runs}.toml", gate_text(bad_url, self.good.url, bad_keys, metric_keys, timeout))
        evidence = folder / "evidence"
        command = [
            "check",
            str(file),
            "--now",
            NOW,
            "--deadline",
            f"{deadline:g}s",
            "--record",
            str(evidence),
            "--verbose",
            "--report",
            f"json={folder}/report.json",
            "--report",
            f"markdown={folder}/report.md",
            *arguments,
        ]
        environment = gate.environment({"PLANTED_TOKEN": TOKEN, **(env or {})})
        code, seconds, out, err, peak = run_measured(command, environment, timeout=deadline + 30)
        self.assertLess(seconds, deadline + 1.0, f"outlived its deadline\n{out.decode()}\n{err.decode()}")
        self.assertTrue((folder / "report.json").exists(), f"exit {code}\n{out.decode()}\n{err.decode()}")
        report = json.loads((folder / "report.json").read_text())
        result = Run(
            code, seconds, out.decode(), err.decode(), report, (folder / "report.md").read_text(), evidence, peak
        )
        self.assert_no_leak(result, folder)
        self.assertEqual(result.code, report["exit_code"])
        self.assert_same_on_replay(result, folder)
        return result

    def assert_no_leak(self, result, folder):
        texts = {"stdout": result.out, "stderr": result.err}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                texts[str(path.relative_to(folder))] = path.read_text(encoding="utf-8", errors="replace")
        for name, text in texts.items():
            for form in forms():
                self.assertNotIn(form.lower(), text.lower(), f"the planted token shows in {name}")

    def assert_same_on_replay(self, result, folder):
        again = folder / "again.json"
        shown = gate.run("check", "--replay", str(result.evidence), "--report", f"json={again}", "--quiet", env={})
        self.assertEqual(shown.returncode, result.code, shown.stderr)
        self.assertEqual(again.read_text(), (folder / "report.json").read_text())

    def fault(self, row, bad_url, code, words=(), seconds=None, **options):
        """The metric on the bad server ends in the error `code` (or one of several), whose text has all of `words`; the other
        one passes."""
        result = self.check(bad_url, **options)
        ROWS.append((row, result.code, result.seconds))
        broken = result.metric("broken")
        self.assertEqual("error", broken["verdict"], result.out)
        self.assertEqual("error", result.report["verdict"])
        self.assertEqual(4, result.code)
        self.assertIn(broken["error"]["code"], [code] if isinstance(code, str) else code, broken["error"])
        text = " ".join([broken["error"]["message"], broken["error"]["hint"] or "", *broken["error"]["context"]])
        for word in words:
            self.assertIn(word, text)
        self.assertEqual("pass", result.metric("healthy")["verdict"], result.out)
        if seconds is not None:
            self.assertLess(result.seconds, seconds)
        return result

    def heals(self, row, bad_url, value=1.0, **options):
        """Both metrics are judged in the end, and on the right value."""
        result = self.check(bad_url, **options)
        ROWS.append((row, result.code, result.seconds))
        self.assertEqual(0, result.code, result.out)
        self.assertEqual(value, result.metric("broken")["candidate"]["value"])
        return result


def print_rows():
    """For tearDownModule: what the run showed, a line a fault."""
    for row, code, seconds in ROWS:
        print(f"fault: {row:<60} exit {code}  {seconds:5.2f} s")


def closed_port():
    """A port of this machine that nobody listens on."""
    return gate.free_port()
