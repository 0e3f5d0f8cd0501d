"""Slack, Teams and the signed webhook."""

import base64
import hashlib
import hmac
import json
import re
import time

import gate
from publish_case import RUN_URL, PublishTest, metric, report_of
import chat  # noqa: I001
from double import answer

HOSTILE = "<!channel> <@U123> *bold* `code` _x_ <https://evil.test|click> & https://evil.test [x](https://evil.test)"


def hostile_report():
    report = json.loads(report_of("fail"))
    report["headline"], report["certainty"], report["next"] = HOSTILE, None, HOSTILE
    report["metrics"][0]["title"] = HOSTILE
    report["override"] = {"reason": HOSTILE, "actor": HOSTILE}
    return json.dumps(report)


def texts_in(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield value
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


class Slack(PublishTest):
    def message(self, report):
        self.chat.messages.clear()
        self.publish("slack", report)
        self.assertEqual([which for which, _ in self.chat.messages], ["slack"])
        return self.chat.messages[0][1]

    def test_a_failure(self):
        message = self.message(self.another("fail"))
        self.assertTrue(message["text"].startswith("✗ FAIL  checkout-api 1.42.0: p99 latency +"), message["text"])
        self.assertEqual([block["type"] for block in message["blocks"]], ["header", "section", "section", "context"])
        self.assertEqual(message["blocks"][0]["text"], {"type": "plain_text", "text": "✗ FAIL  checkout-api 1.42.0", "emoji": False})
        self.assertRegex(message["blocks"][2]["text"]["text"], r"^✗ \*p99 latency\*  \d+ → \d+ ms · \+[\d.]+ % \[.*\] worse · limit \+10 %\n$")
        self.assertTrue(message["blocks"][3]["elements"][0]["text"].endswith(f"<{RUN_URL}|full report>"))

    def test_a_pass_has_no_rows(self):
        self.assertEqual([block["type"] for block in self.message(self.another("pass"))["blocks"]], ["header", "section", "context"])

    def test_text_from_outside_is_inert(self):
        message = self.message(self.write("hostile.json", hostile_report()))
        for text in texts_in(message):
            if text.get("type") != "plain_text":
                shown = text["text"].replace(f"<{RUN_URL}|full report>", "")
                self.assertIsNone(re.search(r"<(?!/)|`code`|\*bold\*", shown), shown)
                self.assertTrue(text.get("verbatim", "blocks" in text))
        self.assertIn("&lt;!channel&gt;", message["text"])

    def test_many_metrics_are_counted(self):
        report = json.loads(report_of("fail"))
        report["metrics"] = [{**report["metrics"][0], "id": f"m{i}", "title": "x" * 200} for i in range(60)]
        message = self.message(self.write("many.json", json.dumps(report)))
        self.assertIn("\nand 52 more\n", message["blocks"][2]["text"]["text"])


class Teams(PublishTest):
    def test_a_card(self):
        self.publish("teams", self.another("fail"))
        (which, card), = self.chat.messages
        self.assertEqual((which, card["type"], card["version"]), ("teams", "AdaptiveCard", "1.5"))
        lines = ["".join(run["text"] for run in line["inlines"]) for line in card["body"]]
        self.assertEqual(lines[0], "✗ FAIL  checkout-api 1.42.0")
        self.assertTrue(lines[1].startswith("p99 latency +"), lines)
        self.assertRegex(lines[3], r"^✗ p99 latency  \d+ → \d+ ms · ")
        self.assertEqual(card["actions"], [{"type": "Action.OpenUrl", "title": "Full report", "url": RUN_URL}])

    def test_text_from_outside_stands_in_runs_that_know_no_markup(self):
        self.publish("teams", self.write("hostile.json", hostile_report()))
        kinds = {text["type"] for text in texts_in(self.chat.messages[0][1])}
        self.assertEqual(kinds, {"TextRun"})

    def test_a_large_report_fits(self):
        report = json.loads(report_of("fail"))
        report["headline"], report["certainty"], report["next"] = "ü" * 9000, None, "ü" * 9000
        report["metrics"] = [{**report["metrics"][0], "id": f"m{i}", "title": "ü" * 2000, "brief": "ü" * 3000} for i in range(200)]
        self.publish("teams", self.write("large.json", json.dumps(report)))
        self.assertEqual(len(self.chat.messages), 1)


class Webhook(PublishTest):
    def deliver(self, report, secret, key):
        self.publish("webhook", report, RELEASE_GATE_WEBHOOK_SECRET=secret)
        request = self.chat.messages[-1][1]
        identity, sent, signature = (request.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        self.assertLess(abs(time.time() - int(sent)), 60)
        signed = f"{identity}.{sent}.".encode() + request.body
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        self.assertTrue(hmac.compare_digest(signature, "v1," + wanted))
        return request

    def test_the_signature_is_verified_by_another_program(self):
        self.deliver(self.another(), "hmac-secret-of-the-test", b"hmac-secret-of-the-test")
        key = bytes(range(32))
        self.deliver(self.another(), "whsec_" + base64.b64encode(key).decode(), key)

    def test_the_verification_of_the_docs(self):
        page = (gate.ROOT / "docs/publish.md").read_text(encoding="utf-8")
        code = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
        scope = {}
        exec(code, scope)  # noqa: S102
        request = self.deliver(self.another(), "hmac-secret-of-the-test", b"hmac-secret-of-the-test")
        self.assertTrue(scope["verify"]("hmac-secret-of-the-test", request.headers, request.body))
        self.assertFalse(scope["verify"]("another", request.headers, request.body))
        self.assertFalse(scope["verify"]("hmac-secret-of-the-test", request.headers, request.body + b" "))
        old = {**dict(request.headers.items()), "webhook-timestamp": str(int(time.time()) - 3600)}
        self.assertFalse(scope["verify"]("hmac-secret-of-the-test", old, request.body))

    def test_the_body_is_the_report_as_it_was_written(self):
        self.check(metric("worse") + metric("steady"), "--report", "json=report.json", code=1)
        request = self.deliver(self.folder / "report.json", "secret-of-the-test", b"secret-of-the-test")
        self.assertEqual(request.body.decode(), (self.folder / "report.json").read_text())

    def test_a_repetition_has_the_same_id(self):
        self.chat.fail(chat.WEBHOOK_PATH, answer(503, ""), 2)
        report = self.another()
        self.publish("webhook", report)
        self.publish("webhook", report)
        identities = {request.headers["webhook-id"] for request in self.chat.requests}
        self.assertEqual((len(self.chat.requests), len(identities)), (4, 1))


class Trouble(PublishTest):
    def test_a_message_is_never_sent_twice_on_a_guess(self):
        for target, path in (("slack", chat.SLACK_PATH), ("teams", chat.TEAMS_PATH)):
            with self.subTest(target):
                self.chat.requests.clear()
                self.chat.fail(path, answer(500, "server_error"))
                result = self.publish(target, self.another(), code=4)
                self.assertIn(f"warning[RG1150]: {target}: ", result.stderr)
                self.assertEqual(len(self.chat.requests), 1)

    def test_refusals_change_no_exit_code_and_show_no_address(self):
        cases = (("slack", chat.SLACK_PATH, chat.plain(403, "action_prohibited"), "RG1103"),
                 ("slack", chat.SLACK_PATH, chat.plain(404, "no_service " + chat.SLACK_PATH), "RG1104"),
                 ("slack", chat.SLACK_PATH, chat.plain(400, "invalid_payload"), "RG1100"),
                 ("slack", chat.SLACK_PATH, chat.plain(200, "<html>log in</html>"), "RG1130"),
                 ("teams", chat.TEAMS_PATH, answer(401, {"error": {"code": "DirectApiAuthorizationRequired"}}), "RG1101"),
                 ("teams", chat.TEAMS_PATH, answer(200, "Webhook message delivery failed with error: 413"), "RG1130"),
                 ("webhook", chat.WEBHOOK_PATH, answer(401, {"path": chat.WEBHOOK_PATH}), "RG1101"))
        for target, path, ordered, code in cases:
            with self.subTest(target=target, said=ordered[2]):
                self.chat.fail(path, ordered)
                result = self.check(metric("worse"), "--publish", target, code=1)
                self.assertIn(f"warning[{code}]: {target}: ", result.stderr)

    def test_limits(self):
        self.chat.fail(chat.SLACK_PATH, chat.plain(429, "rate_limited", {"Retry-After": "1"}))
        self.publish("slack", self.another())
        self.assertEqual(len(self.chat.messages), 1)
        self.chat.fail(chat.SLACK_PATH, chat.plain(429, "rate_limited", {"Retry-After": "600"}))
        result = self.publish("slack", self.another(), code=4)
        self.assertIn("warning[RG1040]", result.stderr)

    def test_addresses_that_cannot_be_used(self):
        for address, words in (("hooks.slack.com/services/T0/B0/sssssssssssssssssss", "is no address"),
                               ("http://hooks.slack.test/services/T0/B0/sssssssssssss", "is not encrypted"),
                               ("ftp://hooks.slack.test/services", "is no address"), ("https://user:pw@hooks.slack.test/x", "is no address")):
            with self.subTest(address):
                result = self.check(metric("worse"), "--publish", "slack", code=1, SLACK_WEBHOOK_URL=address)
                self.assertIn("warning[RG3002]: slack: SLACK_WEBHOOK_URL " + words, result.stderr)
                self.assertNotIn("ssss", result.stderr)

    def test_one_that_fails_keeps_no_other_back(self):
        self.chat.fail(chat.SLACK_PATH, chat.plain(404, "no_service"))
        result = self.publish("slack,teams,webhook,github,gitlab", self.another(), code=4)
        self.assertEqual(sorted(which for which, _ in self.chat.messages), ["teams", "webhook"])
        self.assertEqual((len(self.github.comments), len(self.github.checks), len(self.gitlab.notes)), (1, 1, 1))
        self.assertEqual(result.stderr.count("warning["), 1)


if __name__ == "__main__":
    gate.main()
