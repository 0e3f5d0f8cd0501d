"""What the loopback doubles of the vendors' APIs share: a server of one's own, its log of requests, and faults to order."""

import argparse
import dataclasses
import http.server
import json
import threading
import time
import urllib.parse


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: object
    body: bytes
    pairs: list = dataclasses.field(default_factory=list)  # the query as it came, for keys that come more than once

    def all(self, key):
        return [value for name, value in self.pairs if name == key]

    def json(self):
        return json.loads(self.body or b"{}")


def answer(status, body=None, headers=None):
    """(status, headers, body) with `body` as JSON unless it is text already."""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    return status, {"Content-Type": "application/json;charset=UTF-8", **(headers or {})}, text


class Double:
    """A server on 127.0.0.1: `handle(request) -> answer(…)` is the double's own. Use it as a context manager.

    `requests` holds every request. `fail(path, answer)` orders an answer for the next request whose path holds `path`. Every answer
    takes `delay` seconds, however many are under way.
    """

    def __init__(self, port=0):
        self.requests = []
        self.delay = 0
        self._faults = []
        self._lock = threading.Lock()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def serve(self):
                parts = urllib.parse.urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
                request = Request(self.command, urllib.parse.unquote(parts.path), dict(pairs), self.headers, body, pairs)
                time.sleep(owner.delay)
                owner.arrive(request)
                status, headers, text = owner._answer(request)
                data = text if isinstance(text, bytes) else text.encode()
                # A double whose clock is part of the test says the date itself.
                (self.send_response_only if "Date" in headers else self.send_response)(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                try:
                    self.end_headers()
                    self.wfile.write(data)
                except ConnectionError:
                    self.close_connection = True  # the client did not wait

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def _answer(self, request):
        with self._lock:
            self.requests.append(request)
            for fault in self._faults:
                if fault[0] in request.path:
                    self._faults.remove(fault)
                    return fault[1]
            return self.handle(request)

    def fail(self, path, ordered, times=1):
        self._faults.extend([(path, ordered)] * times)

    def arrive(self, request):
        """Called before a request is counted, by all that are under way at once: for what has to wait for others."""

    def handle(self, request):
        raise NotImplementedError

    def asked(self, path):
        """The requests whose path ends with `path`."""
        return [request for request in self.requests if request.path.endswith(path)]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def serve(make, description):
    """`python3 DOUBLE.py --port N`: serves until it is interrupted."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0)
    double = make(parser.parse_args().port)
    print(double.url, flush=True)
    try:
        double._server.serve_forever()
    except KeyboardInterrupt:
        pass
