"""Statuses, rate limits and redirects: who is asked again, when, and who never."""

import email.utils
import json
import threading
import time

import gate
import hostile
from hostile import LEAK, answer, saying


def refusal(status, headers=(), body=None):
    return answer(body if body is not None else f"no: {LEAK}", status, headers)


class Refusals(hostile.FaultTest):
    """Never asked again."""

    CASES = [
        # status, code, words of the sentence
        ("400 Bad Request", "RG1100", ["refuses the request"]),
        ("401 Unauthorized", "RG1101", ["env PLANTED_TOKEN", "valid and not expired"]),
        ("403 Forbidden", "RG1103", ["env PLANTED_TOKEN", "read permission"]),
        ("404 Not Found", "RG1104", ["path prefix"]),
        ("410 Gone", "RG1100", ["HTTP 410"]),
        ("204 No Content", "RG1201", ["not JSON"]),
    ]

    def test_statuses(self):
        for status, code, words in self.CASES:
            with self.subTest(status), hostile.Hostile(saying(refusal(status, [f"X-Echo: {LEAK}"]))) as server:
                self.fault(f"{status}", server.url, code, words)
                self.assertEqual(1, len(server.requests))

    def test_words_of_prometheus_do_not_hide_what_is_wrong_with_the_credential(self):
        body = json.dumps({"status": "error", "errorType": "unauthorized", "error": f"bad token {hostile.TOKEN}"})
        for status, code in (("401 Unauthorized", "RG1101"), ("403 Forbidden", "RG1103")):
            with self.subTest(status), hostile.Hostile(saying(refusal(status, body=body))) as server:
                self.fault(f"{status} in JSON", server.url, code, ["env PLANTED_TOKEN"])

    def test_bad_query(self):
        body = json.dumps(
            {
                "status": "error",
                "errorType": "bad_data",
                "error": f'invalid parameter "query": 1:3: parse error: {LEAK}',
            }
        )
        with hostile.Hostile(saying(refusal("400 Bad Request", body=body))) as server:
            result = self.fault("400 bad_data", server.url, "RG1301", ["rejects the query", "***"])
            self.assertIn("  ^", "\n".join(result.metric("broken")["error"]["context"]))

    def test_without_a_credential(self):
        for status, words in (("401 Unauthorized", "none is configured"), ("403 Forbidden", "has no credential")):
            with self.subTest(status), hostile.Hostile(saying(refusal(status))) as server:
                file = self.write(
                    "gate.toml",
                    hostile.gate_text(server.url, self.good.url).replace('token = { env = "PLANTED_TOKEN" }', ""),
                )
                _, report = gate.report(file, "--now", hostile.NOW)
                self.assertIn(words, report["metrics"][0]["error"]["hint"])

    def test_login_page(self):
        for status, code, words in (
            ("200 OK", "RG1202", "web page"),
            ("401 Unauthorized", "RG1101", "web page"),
            ("502 Bad Gateway", "RG1150", "web page"),
        ):
            with self.subTest(status):
                page = f"<!DOCTYPE html><html><script>alert('{LEAK}')</script></html>"
                with hostile.Hostile(saying(answer(page, status, ["Content-Type: text/html"]))) as server:
                    result = self.fault(f"web page at {status[:3]}", server.url, code, [words], bad_keys="retries = 0")
                    self.assertNotIn("<script>", result.out + result.err + result.markdown)


class RateLimits(hostile.FaultTest):
    def limited(self, *headers, times=1, status="429 Too Many Requests"):
        """Refuses the first `times` questions."""
        lock = threading.Lock()
        seen = []

        def behave(peer, request):
            with lock:
                seen.append(time.monotonic())
                refuse = len(seen) <= times
            peer.sendall(refusal(status, [*headers, f"X-Echo: {LEAK}"]) if refuse else answer(hostile.vector("3")))

        server = hostile.Hostile(behave)
        server.seen = seen
        return server

    def test_waits_what_was_asked(self):
        cases = [
            ("429 Retry-After: seconds", ["Retry-After: 1"], 1.0),
            ("429 Retry-After: date", ["Retry-After: {date}"], 0.9),
            ("429 X-RateLimit-Reset", ["X-RateLimit-Reset: 1"], 1.0),
            ("429 RateLimit-Reset", ["RateLimit-Reset: 1"], 1.0),
            ("429 without a word", [], 0.0),
            ("503 Retry-After: seconds", ["Retry-After: 1"], 1.0),
        ]
        for row, headers, least in cases:
            status = "503 Service Unavailable" if row.startswith("503") else "429 Too Many Requests"
            date = email.utils.formatdate(time.time() + 2.1, usegmt=True)
            headers = [header.format(date=date) for header in headers]
            with self.subTest(row), self.limited(*headers, status=status) as server:
                self.heals(row, server.url, value=3.0)
                self.assertEqual(2, len(server.seen))
                self.assertGreaterEqual(server.seen[1] - server.seen[0], least)
                self.assertLess(server.seen[1] - server.seen[0], least + 2.2)

    def test_longer_than_the_deadline_ends_at_once(self):
        hour = int(time.time()) + 3600
        cases = [
            ("429 for an hour", ["Retry-After: 3600"], "429 Too Many Requests", "rate-limited until "),
            (
                "429 until a date in an hour",
                [f"Retry-After: {email.utils.formatdate(hour, usegmt=True)}"],
                "429 Too Many Requests",
                "rate-limited until ",
            ),
            (
                "429 X-RateLimit-Reset in an hour",
                [f"X-RateLimit-Reset: {hour}"],
                "429 Too Many Requests",
                "rate-limited until ",
            ),
            ("503 for an hour", ["Retry-After: 3600"], "503 Service Unavailable", "unavailable until "),
        ]
        for row, headers, status, words in cases:
            with self.subTest(row), self.limited(*headers, times=99, status=status) as server:
                self.fault(row, server.url, "RG1040", [words, "UTC, after the deadline at"], seconds=1.5)
                self.assertEqual(1, len(server.seen))

    def test_a_clock_that_is_wrong_by_an_hour_does_not_lengthen_the_wait(self):
        wrong = time.time() + 3600
        headers = [
            f"Date: {email.utils.formatdate(wrong, usegmt=True)}",
            f"Retry-After: {email.utils.formatdate(wrong + 1, usegmt=True)}",
        ]
        with self.limited(*headers) as server:
            self.heals("429 by a clock an hour ahead", server.url, value=3.0)

    def test_retries_end(self):
        for status, code in (
            ("429 Too Many Requests", "RG1129"),
            ("503 Service Unavailable", "RG1150"),
            ("500 Internal Server Error", "RG1150"),
        ):
            with self.subTest(status), self.limited(times=99, status=status) as server:
                self.fault(
                    f"{status} again and again",
                    server.url,
                    code,
                    [f"HTTP {status[:3]}", "3 attempts"],
                    bad_keys="retries = 2",
                )
                self.assertEqual(3, len(server.seen))

    def test_bursts_that_heal(self):
        for status in (
            "503 Service Unavailable",
            "502 Bad Gateway",
            "504 Gateway Timeout",
            "500 Internal Server Error",
            "408 Request Timeout",
        ):
            with self.subTest(status), self.limited(times=2, status=status) as server:
                self.heals(f"{status} twice, then an answer", server.url, value=3.0)

    def test_a_limit_is_everybodys_and_nobody_comes_back_in_a_herd(self):
        """Forty questions, the first of them limited for a second: the others wait, too, and do not all return at one moment."""
        metrics = "".join(
            f'[metrics.m{i}]\nsource = "bad"\nquery = "q{i}"\nkind = "value"\nfail = {{ above = 10 }}\n'
            for i in range(39)
        )
        with self.limited("Retry-After: 1") as server:
            file = self.write("gate.toml", hostile.gate_text(server.url, self.good.url, "concurrency = 4") + metrics)
            code, _ = gate.report(file, "--now", hostile.NOW, env=hostile.WITH_TOKEN)
            self.assertEqual(0, code)
            first = server.seen[0]
            waited = [at - first for at in server.seen if at - first > 0.5]
            self.assertGreaterEqual(min(waited), 1.0)
            self.assertGreaterEqual(len(waited), 33)
            self.assertLessEqual(len(server.seen), 44)


class Redirects(hostile.FaultTest):
    def redirecting(self, location, status="302 Found", body=""):
        return hostile.Hostile(
            lambda peer, request: peer.sendall(
                answer(body, status, [f"Location: {location(request)}", f"X-Echo: {LEAK}"])
            )
        )

    def test_on_the_same_origin_is_followed(self):
        for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):

            def behave(peer, request, status=status):
                if request.target.startswith("/new"):
                    return peer.sendall(answer(hostile.vector("5")))
                return peer.sendall(answer("", status, [f"Location: /new{request.target}"]))

            with self.subTest(status), hostile.Hostile(behave) as server:
                self.heals(f"{status[:3]} on the same origin", server.url, value=5.0)
                self.assertEqual(["POST", "POST"], [request.method for request in server.requests])
                self.assertIn(b"query=broken", server.requests[1].body)
                self.assertEqual(f"Bearer {hostile.TOKEN}", server.requests[1].headers["authorization"])

    def test_to_another_origin_is_refused_and_gets_no_credential(self):
        with hostile.Hostile(saying(answer())) as other:
            for row, location in (
                ("redirect to another port", other.url),
                ("redirect to another host", other.url.replace("127.0.0.1", "localhost")),
                ("redirect http → https", other.url.replace("http:", "https:")),
                ("redirect //host", other.url[5:]),
            ):
                with self.subTest(row), self.redirecting(
                    lambda request, location=location: f"{location}/login?token={hostile.urllib.parse.quote(hostile.TOKEN)}"
                ) as server:
                    self.fault(row, server.url, "RG1030", ["another origin", str(other.port)])
            self.assertEqual([], other.requests)
            self.assertEqual(0, other.connections)

    def test_host_made_of_the_token_is_not_shown(self):
        with self.redirecting(
            lambda request: "https://"
            + hostile.base64.urlsafe_b64encode(hostile.TOKEN.encode()).decode().strip("=")
            + ".example/"
        ) as server:
            self.fault("redirect to a host named as the token", server.url, "RG1030", ["***"])

    def test_loops(self):
        cases = [
            ("redirect to itself", lambda request: request.target, "in a loop"),
            ("redirect to and fro", lambda request: "/a" if request.target == "/b" else "/b", "in a loop"),
            ("redirect without end", lambda request: request.target + "x", "more than 5 times"),
        ]
        for row, location, words in cases:
            with self.subTest(row), self.redirecting(location) as server:
                self.fault(row, server.url, "RG1031", [words])
                self.assertLessEqual(len(server.requests), 6)

    def test_without_a_usable_location(self):
        for row, location in (
            ("redirect to nowhere", ""),
            ("redirect to file://", "file:///etc/passwd"),
            ("redirect to gopher://", "gopher://127.0.0.1/"),
        ):
            with self.subTest(row), self.redirecting(lambda request, location=location: location) as server:
                self.fault(row, server.url, "RG1032", ["without a usable Location"])

    def test_see_other_ends_as_a_question_without_a_body(self):
        def behave(peer, request):
            if request.target == "/result":
                return peer.sendall(answer(hostile.vector("8")))
            return peer.sendall(answer("", "303 See Other", ["Location: /result"]))

        with hostile.Hostile(behave) as server:
            self.heals("303 See Other", server.url, value=8.0)
            self.assertEqual(["POST", "GET"], [request.method for request in server.requests])
            self.assertEqual(b"", server.requests[1].body)


class Skew(hostile.FaultTest):
    def test_note(self):
        for row, seconds, note in (
            ("clock of the server 2 min ahead", 120, "ahead of ours"),
            ("clock of the server 2 min behind", -120, "behind ours"),
            ("clock of the server 10 s behind", -10, None),
        ):
            date = email.utils.formatdate(time.time() + seconds, usegmt=True)
            with self.subTest(row), hostile.Hostile(saying(answer(headers=[f"Date: {date}"]))) as server:
                result = self.heals(row, server.url)
                notes = [text for text in result.report["notes"] if "clock" in text]
                self.assertEqual(0 if note is None else 1, len(notes), result.report["notes"])
                if note:
                    self.assertIn("bad: the server's clock is ", notes[0])
                    self.assertIn(note, notes[0])


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
