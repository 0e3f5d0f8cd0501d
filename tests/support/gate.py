"""What every test of the whole program shares: running it, loopback servers, golden files.

Tests are Python unittest files, run by ctest with RELEASE_GATE naming the program. `tests/run.sh --update-golden` sets
RELEASE_GATE_UPDATE_GOLDEN, which rewrites golden files instead of comparing.
"""

import contextlib
import copy
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = os.path.abspath(os.environ.get("RELEASE_GATE", "build/release/release-gate"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
UPDATE = os.environ.get("RELEASE_GATE_UPDATE_GOLDEN") == "1"


def environment(extra=None):
    """A small, fixed environment: nothing of the machine's own tokens or locale reaches the program."""
    base = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            base[name] = os.environ[name]
    base.update(extra or {})
    return base


def run(*arguments, env=None, cwd=None, timeout=60, input=None):
    """Runs the program; standard output and error as text, `seconds` on the result."""
    start = time.monotonic()
    result = subprocess.run(
        [PROGRAM, *map(str, arguments)], env=environment(env), cwd=cwd, timeout=timeout, input=input,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", check=False)
    result.seconds = time.monotonic() - start
    return result


def report(*arguments, **keywords):
    """Runs `check --format json`; the exit code and the decoded report."""
    result = run("check", *arguments, "--format", "json", **keywords)
    if not result.stdout:
        raise AssertionError(f"no report, exit {result.returncode}: {result.stderr}")
    return result.returncode, json.loads(result.stdout)


def toml_text(text):
    """`text` as a TOML string, whatever it holds but surrogates."""
    plain = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(plain.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def golden(test, path, text):
    """Compares `text` with the file at `path`, or writes it there under --update-golden."""
    path = pathlib.Path(path)
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    test.assertTrue(path.exists(), f"{path} is missing: run tests/run.sh --update-golden and review the diff")
    test.maxDiff = None
    test.assertEqual(text, path.read_text(encoding="utf-8"), f"differs from {path.relative_to(ROOT)}")


class Server:
    """A loopback HTTP server for one test: `answer(request) -> (status, headers, body)`.

    `request` has method, path, query (dict), form (dict), headers, body. Every request is kept in `requests`.
    """

    def __init__(self, answer, port=0):
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                import urllib.parse

                length = int(self.headers.get("Content-Length") or 0)
                self.body = self.rfile.read(length)
                parts = urllib.parse.urlsplit(self.path)
                self.method = self.command
                self.route = parts.path
                self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
                self.form = dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
                seen = copy.copy(self)  # a connection that is kept alive uses one handler for all its requests
                owner.requests.append(seen)
                status, headers, body = answer(seen)
                data = body if isinstance(body, bytes) else body.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                with contextlib.suppress(ConnectionError):  # the program may have been stopped while it waited
                    self.end_headers()
                    self.wfile.write(data)

            do_GET = do_POST = serve

            def log_message(self, *_):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            request_queue_size = 64  # with the usual 5, some of many connections at once wait a second to be tried again

        self.server = Listener(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class GateTest(unittest.TestCase):
    """A test with a folder of its own and helpers to write gate files into it."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="release-gate-test-")
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=1)
