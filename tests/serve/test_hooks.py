"""Every hook of Flagger and the web metric of Argo Rollouts, for every verdict: what is promoted, and what is rolled back."""

import json
import re
import unittest

import gate
import hook
from hook import flagger_advances

PROMOTING = ["confirm-rollout", "pre-rollout", "rollout", "confirm-traffic-increase", "confirm-promotion", "post-rollout"]
# state, or gate: (status of the hooks that promote, status of the rollback hook, verdict in words, Argo's status and result)
VERDICTS = {
    "good": (200, 412, "PASS checkout: ", 200, "pass"),
    "meh": (200, 412, "WARN checkout: ", 200, "pass"),
    "bad": (412, 200, "FAIL checkout: ", 200, "fail"),
    "none": (425, 425, "INCONCLUSIVE checkout: ", 200, "inconclusive"),
    "broken": (424, 424, "ERROR checkout: ", 424, "error"),
    "later": (425, 425, "PENDING later: ", 200, "inconclusive"),
    "wrong": (422, 422, "UNUSABLE: error[RG0104]: ", 422, "error"),
}


def metadata_of(state):
    if state == "later":
        return {"gate": "later", "deployed_at": "now"}
    if state == "wrong":
        return {"gate": "wrong"}
    return {"vars.state": state}


class Hooks(hook.HookTest):
    def setUp(self):
        super().setUp()
        self.write("gates/wrong.toml", "version = 1\nnaem = 'x'\n")
        self.hook = self.start_gates()

    def test_flagger(self):
        seen = 0
        for state, (promoting, rollback, words, _, _) in VERDICTS.items():
            for kind in [*PROMOTING, "rollback"]:
                with self.subTest(f"{kind} {state}"):
                    answer = self.hook.flagger(kind, metadata_of(state))
                    self.assertEqual(answer.status, rollback if kind == "rollback" else promoting, answer.text)
                    lead = {200: "rollback: "}.get(answer.status, "no rollback: ") if kind == "rollback" else ""
                    self.assertTrue(answer.text.startswith(lead + words), answer.text)
                    self.assertEqual(answer.text.count("\n"), 1)
                    self.assertTrue(answer.text.endswith("\n"))
                    self.assertEqual(answer.headers["connection"], "close")
                    seen += 1
        self.assertEqual(seen, 49)
        print(f"{seen} calls of Flagger: 7 hooks by 7 verdicts")

    def test_only_a_proven_failure_rolls_back_and_nothing_unproven_promotes(self):
        for state in VERDICTS:
            promoted = flagger_advances(self.hook.flagger("confirm-promotion", metadata_of(state)))
            rolled_back = flagger_advances(self.hook.flagger("rollback", metadata_of(state)))
            self.assertEqual(promoted, state in ("good", "meh"), state)
            self.assertEqual(rolled_back, state == "bad", state)

    def test_argo(self):
        for state, (_, _, words, status, result) in VERDICTS.items():
            fields = {"gate": "checkout", **metadata_of(state)}
            query = "?" + "&".join(f"{key}={value}" for key, value in fields.items())
            for answer in (self.hook.argo(fields), self.hook.argo(query=query)):
                with self.subTest(state):
                    self.assertEqual(answer.status, status, answer.text)
                    self.assertEqual(answer.headers["content-type"], "application/json")
                    body = answer.json()
                    self.assertEqual(body["result"], result)
                    self.assertEqual(body["verdict"].upper(), words.split()[0].rstrip(":"))
                    self.assertEqual(list(body), ["result", "verdict", "gate", "headline", "exit_code", "metrics", "due"])
                    self.assertEqual(body["due"] is not None, state == "later")
                    self.assertEqual(body["metrics"], [] if state == "wrong" else ["level"])

    def test_the_table_of_the_page(self):
        page = (gate.ROOT / "docs/serve-hook.md").read_text(encoding="utf-8")
        rows = re.findall(r'^\| ([A-Z, ]+?)(?::[^|]*)? \| \d \| \**(\d+)\** \| \**(\d+)[^|]* \| (\d+) `"result":"(\w+)"`', page, re.MULTILINE)
        told = {word: (int(promoting), int(rollback), int(status), result) for words, promoting, rollback, status, result in rows for word in words.split(", ")}
        done = {words.split()[0].rstrip(":"): (promoting, rollback, status, result)
                for promoting, rollback, words, status, result in VERDICTS.values()}
        self.assertEqual({word: told[word] for word in done}, done)
        self.assertEqual(set(told) - set(done), {"UNFINISHED"})

    def test_the_headline_is_the_reports(self):
        answer = self.hook.flagger("rollout", {"vars.state": "bad"})
        code, report = gate.report(self.gates / "checkout.toml", "--set", "state=bad")
        self.assertEqual(code, 1)
        self.assertEqual(answer.text, f"FAIL checkout: {report['headline']}\n")

    def test_by_name_and_namespace(self):
        self.write("gates/shop.cart.toml", hook.GATE.format(url=self.prometheus.url).replace('"good"', '"bad"'))
        self.write("gates/cart.toml", hook.GATE.format(url=self.prometheus.url))
        self.assertEqual(self.hook.flagger("rollout", name="cart").status, 412)
        self.assertEqual(self.hook.flagger("rollout", name="cart", namespace="test").status, 200)
        answer = self.hook.flagger("rollout", name="basket")
        self.assertEqual((answer.status, answer.text),
                         (422, "there is no such gate: looked for shop.basket.toml and basket.toml\n"))

    def test_names_are_never_paths(self):
        self.write("secret.toml", hook.GATE.format(url=self.prometheus.url))
        wrong = ["../secret", "..", ".", "/etc/passwd", "a/b", "a\\b", "a.b", "A", "ä", "", " ", "a\u0000b", "-a", "a-", "a" * 64,
                 "%2e%2e%2fsecret", "~", "a\nb", "$(id)", "--help"]
        for name in wrong:
            with self.subTest(name):
                self.assertEqual(self.hook.flagger("rollout", name=name).status, 400)
                self.assertEqual(self.hook.flagger("rollout", namespace=name).status, 400)
                self.assertEqual(self.hook.flagger("rollout", {"gate": name}).status, 400)
                self.assertEqual(self.hook.argo({"gate": name}).status, 400)
        for query in ("gate=..%2Fsecret", "gate=%2Fetc%2Fpasswd", "gate=checkout%00", "gate=checkout%2"):
            self.assertEqual(self.hook.argo(query="?" + query).status, 400)
        self.assertEqual(self.prometheus.asked, [])

    def test_only_what_is_accepted_may_be_set(self):
        for key, value in (("vars.other", "x"), ("stage", "canary"), ("exit-zero", ""), ("--exit-zero", ""), ("now", "0"),
                           ("vars.", "x"), ("token", "x")):
            with self.subTest(key):
                answer = self.hook.flagger("rollout", {key: value})
                self.assertEqual(answer.status, 400)
                self.assertEqual(answer.text, f"`{key}` is not accepted from requests; what may be set is named with --accept\n")
        for key, value in (("deployed_at", "--exit-zero"), ("deployed_at", "now; id"), ("vars.state", "a\nb"), ("vars.state", "x" * 1025),
                           ("vars.state", "a\u0000")):
            self.assertEqual(self.hook.flagger("rollout", {key: value}).status, 400, (key, value))
        # What looks like an option is a value, and what would break a query is refused by the gate.
        self.assertEqual(self.hook.flagger("rollout", {"vars.state": "--exit-zero"}).status, 200)
        self.assertEqual(self.prometheus.asked, ["--exit-zero"])
        answer = self.hook.flagger("rollout", {"vars.state": 'x"} or vector(1)'})
        self.assertEqual(answer.status, 422)
        self.assertIn("RG0403", answer.text)

    def test_payloads_that_are_none(self):
        good = json.dumps({"name": "checkout", "namespace": "shop"})
        for body in ("", "{", "nonsense", "[]", "null", "1", '"x"', "{}", good[:-1], '{"name":"checkout"}', '{"namespace":"shop"}',
                     '{"name":1,"namespace":"shop"}', '{"name":"checkout","namespace":null}',
                     '{"name":"checkout","namespace":"shop","metadata":[]}', '{"name":"checkout","namespace":"shop","metadata":"x"}',
                     '{"name":"checkout","namespace":"shop","metadata":{"vars.state":1}}', "[" * 20000,
                     '{"a":' * 5000, "\ufeff" + "x"):
            with self.subTest(body[:60]):
                self.assertEqual(self.hook.ask("POST", "/flagger/confirm-promotion", body).status, 400)
                self.assertEqual(self.hook.ask("POST", "/flagger/rollback", body).status, 400)
        self.assertEqual(self.hook.ask("POST", "/flagger/rollout", good).status, 200)
        for body in ("", "[]", "{}", '{"gate":1}', '{"gate":"checkout","more":"x"}'):
            self.assertEqual(self.hook.ask("POST", "/argo-rollouts", body).status, 400, body)

    def test_routes_and_methods(self):
        for method, target, status, allow in (
                ("GET", "/healthz", 200, None), ("HEAD", "/healthz", 200, None), ("POST", "/healthz", 405, "GET, HEAD"),
                ("GET", "/", 404, None), ("GET", "/flagger", 404, None), ("POST", "/flagger/", 404, None),
                ("POST", "/flagger/event", 404, None), ("POST", "/flagger/rollout/", 404, None), ("POST", "/flagger/../healthz", 404, None),
                ("GET", "/flagger/rollout", 405, "POST"), ("HEAD", "/flagger/rollout", 405, "POST"), ("PUT", "/flagger/rollback", 405, "POST"),
                ("HEAD", "/argo-rollouts", 405, "GET, POST"), ("DELETE", "/argo-rollouts", 405, "GET, POST"),
                ("BREW", "/argo-rollouts", 405, "GET, POST"), ("POST", "/flagger/rollout?x=1", 400, None)):
            with self.subTest(f"{method} {target}"):
                answer = self.hook.ask(method, target)
                self.assertEqual(answer.status, status)
                self.assertEqual(answer.headers.get("allow"), allow)
                self.assertEqual(answer.text == "", method == "HEAD")
        self.assertEqual(self.hook.ask("GET", "/healthz", token=None).text, "ok\n")
        self.assertEqual(self.prometheus.asked, [])


class OneGate(hook.HookTest):
    def test_the_gate_it_was_started_with(self):
        one = self.start("checkout.toml", "--accept", "vars.state", cwd=self.gates)
        self.assertEqual(one.flagger("rollout").status, 200)
        self.assertEqual(one.flagger("rollback", {"vars.state": "bad"}, name="anything").status, 200)
        self.assertEqual(one.argo().json()["result"], "pass")
        # Which gate is not for requests to say.
        self.assertEqual(one.flagger("rollout", {"gate": "later"}).status, 400)
        self.assertEqual(one.argo({"gate": "later"}).status, 400)

    def test_the_gate_is_read_anew(self):
        one = self.start(self.gates / "checkout.toml")
        self.assertEqual(one.flagger("rollout").status, 200)
        self.write("gates/checkout.toml", "version = 1\nnaem = 'x'\n")
        answer = one.flagger("rollout")
        self.assertEqual((answer.status, answer.text[:24]), (422, "UNUSABLE: error[RG0104]:"))
        (self.gates / "checkout.toml").unlink()
        self.assertEqual(one.flagger("rollout").status, 422)


if __name__ == "__main__":
    unittest.main()
