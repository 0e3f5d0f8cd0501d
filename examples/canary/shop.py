"""A shop of two versions behind a splitter, on loopback: `shop.py good|bad SEED REQUESTS_PER_SECOND`.

Its customers are a thread of the same process, so that a laptop can serve thousands of requests a second: each is given to the
canary with the chance that the splitter has, is slow or fails by chance, and is counted. The sequence of chances follows from SEED; how
many of them fall into a second is the clock's. Serves GET / (one more request), GET /metrics and POST /weight (a number, in per
cent); prints its port, and ends with its standard input.
"""

import http.server
import random
import sys
import threading
import time

STABLE, CANARY = "1.42.0", "1.43.0"
FAILS, SLOW = 0.01, 0.02  # of a version that is well
# The bad canary keeps too few connections to its database: up to a fifth of the traffic nobody notices.
CROWDED = 0.20
CROWDED_FAILS, CROWDED_SLOW = 0.10, 0.20


class Shop:
    def __init__(self, kind, seed):
        self.draw = random.Random(f"{kind}/{seed}").random
        self.is_bad = kind == "bad"
        self.weight = 0.0
        self.lock = threading.Lock()
        self.requests = {(version, code): 0 for version in (STABLE, CANARY) for code in (200, 500)}
        self.slow = {STABLE: 0, CANARY: 0}

    def serve(self):
        """One request: (version, code)."""
        version = CANARY if self.draw() < self.weight else STABLE
        is_crowded = self.is_bad and version == CANARY and self.weight > CROWDED
        code = 500 if self.draw() < (CROWDED_FAILS if is_crowded else FAILS) else 200
        self.requests[version, code] += 1
        self.slow[version] += self.draw() < (CROWDED_SLOW if is_crowded else SLOW)
        return version, code

    def customers(self, per_second):
        begun, served = time.monotonic(), 0
        while True:
            due = int((time.monotonic() - begun) * per_second)
            with self.lock:
                for _ in range(due - served):
                    self.serve()
            served = due
            time.sleep(0.01)

    def metrics(self):
        with self.lock:
            lines = ["# TYPE shop_requests_total counter"]
            lines += [f'shop_requests_total{{version="{version}",code="{code}"}} {n}' for (version, code), n in self.requests.items()]
            lines += ["# TYPE shop_slow_requests_total counter"]
            lines += [f'shop_slow_requests_total{{version="{version}"}} {n}' for version, n in self.slow.items()]
            lines += ["# TYPE shop_canary_weight gauge", f"shop_canary_weight {self.weight}"]
        return "\n".join(lines) + "\n"


def handler(shop):
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, code, text):
            self.send_response(code)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def do_GET(self):
            if self.path == "/metrics":
                self.answer(200, shop.metrics())
            elif self.path == "/":
                with shop.lock:
                    version, code = shop.serve()
                self.answer(code, f"{version}\n")
            else:
                self.answer(404, "not here\n")

        def do_POST(self):
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if self.path != "/weight" or not text.isdigit() or int(text) > 100:
                self.answer(400, "POST /weight takes a number from 0 to 100\n")
                return
            with shop.lock:
                shop.weight = int(text) / 100
            self.answer(200, f"{text} %\n")

        def log_message(self, *_):
            pass

    return Handler


def main():
    kind, seed, per_second = sys.argv[1], sys.argv[2], float(sys.argv[3])
    shop = Shop(kind, seed)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(shop))
    server.daemon_threads = True
    threading.Thread(target=shop.customers, args=(per_second,), daemon=True).start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
