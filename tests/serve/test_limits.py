"""What a client may cost: sizes, times, numbers; and how the server stops."""

import base64
import concurrent.futures
import json
import re
import signal
import subprocess
import time
import unittest
import urllib.request

import gate
import hook
from hook import TOKEN

REQUEST_SECONDS = 5  # Limits::request
HEAD = f"POST /flagger/rollout HTTP/1.1\r\nHost: hook\r\nAuthorization: Bearer {TOKEN}\r\n"
PAYLOAD = json.dumps({"name": "checkout", "namespace": "shop", "phase": "Progressing"})


class Tokens(hook.HookTest):
    def test_who_may_ask(self):
        guarded = self.start_gates()
        right = base64.b64encode(f"flagger:{TOKEN}".encode()).decode()
        wrong = base64.b64encode(f"{TOKEN}:flagger".encode()).decode()
        for header, status in ((f"Bearer {TOKEN}", 200), (f"bearer   {TOKEN}", 200), (f"Basic {right}", 200), (None, 401), ("", 401),
                               ("Bearer", 401), ("Bearer ", 401), (f"Bearer {TOKEN}x", 401), (f"Bearer {TOKEN[:-1]}", 401),
                               (f"Bearer {TOKEN.upper()}", 401), (TOKEN, 401), (f"Token {TOKEN}", 401), (f"Basic {wrong}", 401),
                               ("Basic %%%", 401), (f"Basic {base64.b64encode(TOKEN.encode()).decode()}", 401)):
            with self.subTest(header):
                headers = [] if header is None else [f"Authorization: {header}"]
                for kind in ("rollout", "rollback"):
                    answer = guarded.flagger(kind, {"vars.state": "good" if kind == "rollout" else "bad"}, token=None)
                    self.assertEqual(answer.status, 401)
                    answer = guarded.ask("POST", "/flagger/rollout", PAYLOAD, token=None, headers=headers)
                self.assertEqual(answer.status, status)
                if status == 401:
                    self.assertEqual(answer.headers["www-authenticate"], 'Bearer realm="release-gate"')
        # Without it nothing is told, not even which paths there are; nor is a body waited for.
        self.assertEqual(guarded.ask("GET", "/none", token=None).status, 401)
        answer = guarded.raw(b"POST /flagger/rollout HTTP/1.1\r\nContent-Length: 60000\r\n\r\n", timeout=3)
        self.assertEqual(answer.status, 401)

    def test_nothing_secret_is_logged(self):
        guarded = self.start_gates()
        basic = base64.b64encode(f"x:{TOKEN}".encode()).decode()
        guarded.ask("GET", f"/{TOKEN}")
        guarded.ask("GET", f"/argo-rollouts?token={TOKEN}")
        guarded.ask("GET", f"/{TOKEN}", token=None, headers=[f"Authorization: Basic {basic}"])
        guarded.flagger("rollout", {TOKEN: TOKEN})
        guarded.flagger("rollout", {"vars.state": TOKEN})
        guarded.ask(TOKEN, "/")
        self.assertEqual(guarded.stop(), 0)
        log = guarded.log()
        self.assertNotIn(TOKEN, log)
        self.assertNotIn(basic, log)
        self.assertEqual(log.count(" 404 "), 3)

    def test_one_printable_line_a_request(self):
        guarded = self.start_gates()
        guarded.raw(b"GET /\x1b[31m\xff%0a::error::x HTTP/1.1\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n\r\n")
        guarded.ask("GET", "/::error::x")
        guarded.ask("GET", "/" + "x" * 4000)
        guarded.flagger("rollout", {"vars.state": "bad"})
        guarded.ask("GET", "/healthz")
        self.assertEqual(guarded.stop(), 0)
        lines = guarded.log().splitlines()
        lines = lines[next(i for i, line in enumerate(lines) if "listening" in line) + 1:]
        self.assertEqual(len(lines), 6)
        for line in lines:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT[\d:.]+Z (127\.0\.0\.1 \S+ \S+ \d{3} \d+\.\d{3}s|stopping)")
            self.assertTrue(line.isprintable() and len(line) < 1000, line)
        self.assertRegex(lines[3], r"POST /flagger/rollout 412 \S+ canary=shop/checkout gate=checkout verdict=fail FAIL checkout: level")


class Sizes(hook.HookTest):
    def test_bodies_and_headers(self):
        guarded = self.start_gates()
        padded = PAYLOAD[:-1] + ', "padding": "' + "x" * 65000 + '"}'
        for data, status in (
                (HEAD + f"Content-Length: {len(padded)}\r\n\r\n" + padded, 200),
                (HEAD + "Content-Length: 65537\r\n\r\n" + "x" * 65537, 413),
                (HEAD + "Content-Length: 999999999999\r\n\r\n", 413),
                (HEAD + "Content-Length: 1000000\r\n\r\n" + "x" * 1000000, 413),
                (HEAD + "Transfer-Encoding: chunked\r\n\r\n" + "8000\r\n" + "x" * 0x8000 + "\r\n8000\r\n" + "x" * 0x8000 + "\r\n8000\r\n", 413),
                (HEAD + f"Transfer-Encoding: chunked\r\n\r\n{len(PAYLOAD):x}\r\n{PAYLOAD}\r\n0\r\n\r\n", 200),
                (HEAD + "X: " + "y" * 9000 + "\r\n\r\n", 431),
                (HEAD + "X: y\r\n" * 3000 + "\r\n", 431),
                ("GET /" + "x" * 9000 + " HTTP/1.1\r\n\r\n", 431),
                (HEAD + "Content-Length: x\r\n\r\n", 400),
                (HEAD + "Content-Length: -1\r\n\r\n", 400),
                (HEAD + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
                ("nonsense\r\n\r\n", 400),
                ("GET / HTTP/9.9\r\n\r\n", 400),
                ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\r\n" * 3, 400)):
            with self.subTest(data[:80] + data[len(HEAD):len(HEAD) + 60]):
                self.assertEqual(guarded.raw(data.encode("latin-1")).status, status)
        # One request a connection: what follows is not looked at.
        twice = guarded.raw((HEAD + f"Content-Length: {len(PAYLOAD)}\r\n\r\n" + PAYLOAD).encode() * 2)
        self.assertEqual((twice.status, twice.body.count(b"HTTP/1.1")), (200, 0))

    def test_a_thousand_pieces(self):
        guarded = self.start_gates()
        with guarded.connect() as peer:
            for byte in (HEAD + f"Content-Length: {len(PAYLOAD)}\r\n\r\n" + PAYLOAD).encode():
                peer.sendall(bytes([byte]))
            self.assertEqual(hook.Answer(hook.read_all(peer)).status, 200)


class Times(hook.HookTest):
    def test_slow_clients_are_cut_off_and_stop_nobody(self):
        guarded = self.start_gates()
        begun = time.monotonic()
        silent = [guarded.connect() for _ in range(100)]
        halves = [guarded.connect() for _ in range(100)]
        for peer in halves:
            peer.sendall(HEAD.encode() + b"Content-Length: 100\r\n\r\n{")
        loris = guarded.connect()
        answer = guarded.flagger("rollout", timeout=REQUEST_SECONDS)
        self.assertEqual(answer.status, 200)
        self.assertLess(time.monotonic() - begun, REQUEST_SECONDS)
        sent = 0
        try:
            while time.monotonic() - begun < 3 * REQUEST_SECONDS:
                loris.sendall(HEAD[sent % len(HEAD)].encode())
                sent += 1
                time.sleep(0.1)
        except ConnectionError:
            pass
        lasted = time.monotonic() - begun
        self.assertGreater(lasted, REQUEST_SECONDS - 1)
        self.assertLess(lasted, REQUEST_SECONDS + 3)
        for peer in [*silent, *halves, loris]:
            self.assertEqual(hook.read_all(peer), b"")
            peer.close()
        self.assertEqual(guarded.stop(), 0)
        # Silence is no request.
        self.assertEqual(guarded.log().count(" 408 "), 101)

    def test_more_connections_than_there_may_be(self):
        guarded = self.start_gates()
        peers = [guarded.connect() for _ in range(700)]
        begun = time.monotonic()
        self.assertEqual(guarded.flagger("rollout").status, 200)
        self.assertLess(time.monotonic() - begun, REQUEST_SECONDS)
        for peer in peers:
            peer.close()

    def test_an_evaluation_ends_at_its_deadline(self):
        guarded = self.start_gates("--deadline", "1s")
        begun = time.monotonic()
        answer = guarded.flagger("confirm-promotion", {"vars.state": "slow"})
        self.assertEqual((answer.status, answer.text.split(":")[0]), (424, "ERROR checkout"))
        self.assertLess(time.monotonic() - begun, 3)


class Numbers(hook.HookTest):
    def test_fifty_at_once_share_one_evaluation(self):
        guarded = self.start_gates("--concurrency", "1", "--deadline", "30s")
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            kinds = ["rollout", "rollback", "confirm-promotion", "confirm-rollout", "pre-rollout"] * 10
            asked = [pool.submit(guarded.flagger, kind, {"vars.state": "slow"}) for kind in kinds]
            until = time.monotonic() + 20
            while guarded.ask("GET", "/healthz").status == 200 and not self.prometheus.asked:
                self.assertLess(time.monotonic(), until)
            time.sleep(0.5)
            # Another question has no place, and is told when to come again.
            busy = guarded.flagger("rollout", {"vars.state": "good"})
            self.assertEqual((busy.status, busy.headers["retry-after"]), (503, "5"))
            self.prometheus.release.set()
            statuses = [one.result().status for one in asked]
        self.assertEqual(statuses, [412 if kind == "rollback" else 200 for kind in kinds])
        self.assertEqual(self.prometheus.asked, ["slow"])
        self.assertEqual(guarded.flagger("rollout", {"vars.state": "good"}).status, 200)
        guarded.stop()
        self.assertEqual(len(re.findall("verdict=pass shared", guarded.log())), 49)

    def test_as_many_as_may(self):
        guarded = self.start_gates("--concurrency", "2", "--deadline", "30s")
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(guarded.flagger, "rollout", {"vars.state": f"slow{i}"}) for i in range(20)]
            until = time.monotonic() + 20
            while sum(one.done() for one in asked) < 18 or len(self.prometheus.asked) < 2:
                self.assertLess(time.monotonic(), until)
                time.sleep(0.02)
            self.assertEqual([one.result().status for one in asked if one.done()], [503] * 18)
            self.prometheus.release.set()
        self.assertEqual(sorted(one.result().status for one in asked), [200] * 2 + [503] * 18)


class Stopping(hook.HookTest):
    def begin(self, *arguments):
        guarded = self.start_gates(*arguments)
        peer = guarded.connect()
        self.addCleanup(peer.close)
        body = json.dumps({"name": "checkout", "namespace": "shop", "metadata": {"vars.state": "slow"}})
        peer.sendall((HEAD + f"Content-Length: {len(body)}\r\n\r\n" + body).encode())
        until = time.monotonic() + 20
        while not self.prometheus.asked:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        return guarded, peer

    def test_what_runs_is_finished(self):
        guarded, peer = self.begin("--deadline", "30s")
        with guarded.connect() as idle:
            guarded.process.send_signal(signal.SIGTERM)
            guarded.wait_for_line(r"stopping: \d+ connections? (is|are) open")
            self.assertEqual(hook.read_all(idle), b"")
        with self.assertRaises(ConnectionRefusedError):
            guarded.connect()
        self.prometheus.release.set()
        self.assertEqual(hook.Answer(hook.read_all(peer)).status, 200)
        peer.close()
        self.assertEqual(guarded.process.wait(10), 0)

    def test_but_not_for_ever(self):
        guarded, peer = self.begin("--deadline", "1s")
        begun = time.monotonic()
        guarded.process.send_signal(signal.SIGTERM)
        self.assertEqual(hook.Answer(hook.read_all(peer)).status, 424)
        peer.close()
        self.assertEqual(guarded.process.wait(10), 0)
        self.assertLess(time.monotonic() - begun, 5)

    def test_a_second_signal_ends_it(self):
        guarded, peer = self.begin("--deadline", "30s")
        begun = time.monotonic()
        guarded.process.send_signal(signal.SIGTERM)
        guarded.wait_for_line("stopping")
        guarded.process.send_signal(signal.SIGTERM)
        self.assertEqual(guarded.process.wait(10), 143)
        self.assertLess(time.monotonic() - begun, 3)
        answer = hook.Answer(hook.read_all(peer))
        self.assertEqual((answer.status, answer.text.split(":")[0]), (424, "UNFINISHED"))

    def test_the_log_may_lose_its_reader(self):
        with subprocess.Popen([gate.PROGRAM, "serve-hook", str(self.gates / "checkout.toml"), "--listen", "127.0.0.1:0"],
                              env=gate.environment(), stderr=subprocess.PIPE, encoding="utf-8") as process:
            port = int(re.search(r"listening on http://127.0.0.1:(\d+)\n", process.stderr.readline() + process.stderr.readline()).group(1))
            process.stderr.close()
            for _ in range(3):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/argo-rollouts", timeout=10) as answer:
                    self.assertEqual(json.load(answer)["result"], "pass")
            process.terminate()
            self.assertEqual(process.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
