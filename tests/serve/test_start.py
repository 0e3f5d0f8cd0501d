"""What is wrong is told before anybody is served: exit code 2, a code, and what to do."""

import os
import signal
import socket
import time
import unittest

import gate
import hook

REFUSED = 2


class Start(hook.HookTest):
    def refused(self, code, *arguments, env=None):
        done = gate.run("serve-hook", *arguments, env=env, timeout=20)
        self.assertEqual(done.returncode, REFUSED, done.stderr)
        self.assertIn(f"error[{code}]", done.stderr)
        self.assertNotIn("listening", done.stderr)
        return done.stderr

    def test_addresses(self):
        file = self.gates / "checkout.toml"
        for address in ("127.0.0.1", "localhost:80", "127.0.0.1:65536", "127.0.0.1:x", ":80", "::1:80", "[127.0.0.1]:80", "127.0.0.1:"):
            with self.subTest(address):
                self.refused("RG0030", file, "--listen", address)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.refused("RG0030", file, "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
        self.refused("RG0030", file, "--listen", "192.0.2.1:0", "--allow-anonymous")  # documentation's network: not ours

    def test_a_token_where_others_can_connect(self):
        file = self.gates / "checkout.toml"
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:80", "[::ffff:192.0.2.1]:80"):
            with self.subTest(address):
                self.assertIn("RELEASE_GATE_HOOK_TOKEN", self.refused("RG0031", file, "--listen", address))
        with hook.Hook(file, "--allow-anonymous", listen="0.0.0.0:0") as anonymous:
            self.assertIn("no token is asked for", anonymous.log())
            anonymous.address = ("127.0.0.1", anonymous.address[1])
            self.assertEqual(anonymous.flagger("rollout", token=None).status, 200)
        with hook.Hook(file, env={"RELEASE_GATE_HOOK_TOKEN": hook.TOKEN}, listen="0.0.0.0:0") as guarded:
            guarded.address = ("127.0.0.1", guarded.address[1])
            self.assertEqual(guarded.flagger("rollout", token=None).status, 401)

    def test_tokens(self):
        file = self.gates / "checkout.toml"
        for text in ("tooFew", "has blanks in it, twice", "tökentökentökentöken"):
            said = self.refused("RG0032", file, env={"RELEASE_GATE_HOOK_TOKEN": text})
            self.assertNotIn(text, said)
        self.refused("RG0032", file, "--token-env", "NOT_SET")
        self.refused("RG0032", file, "--token-file", self.folder / "none")
        self.refused("RG0032", file, "--token-file", self.write("empty", " \n"))
        self.refused("RG0001", file, "--token-file", "x", "--token-env", "Y")
        for arguments, env in ((["--token-file", self.write("token", hook.TOKEN + "\n")], None), (["--token-env", "MINE"], {"MINE": hook.TOKEN})):
            with hook.Hook(file, *arguments, env=env) as guarded:
                self.assertEqual(guarded.flagger("rollout").status, 200)
                self.assertEqual(guarded.flagger("rollout", token="x" * 20).status, 401)

    def test_keys_that_cannot_be_accepted(self):
        for key in ("gate", "now", "vars.", "vars.a b", "vars.a=b", "exit-zero", "--deployed-at"):
            with self.subTest(key):
                self.refused("RG0001" if key.startswith("--") else "RG0033", self.gates / "checkout.toml", "--accept", key)

    def test_gates(self):
        self.refused("RG0002", self.folder / "none.toml")
        self.refused("RG0104", self.write("wrong.toml", "version = 1\nnaem = 'x'\n"))
        self.refused("RG0301", self.gates / "later.toml")  # no request may tell the time
        self.refused("RG0034", "--gates", self.folder / "none")
        self.refused("RG0034", "--gates", self.write("wrong/a.toml", "naem = 'x'\n").parent)
        self.refused("RG0001", self.gates / "checkout.toml", "--gates", self.gates)
        self.refused("RG0005", self.gates / "checkout.toml", "--deadline", "x")
        self.write("gates/Upper.toml", "version = 1\n")
        self.write("gates/broken.toml", "version = 1\nnaem = 'x'\n")
        some = self.start_gates()
        self.assertIn("Upper.toml: nobody can ask for it", some.log())
        self.assertIn("error[RG0104]", some.log())
        self.assertEqual(some.flagger("rollout").status, 200)
        self.assertEqual(some.flagger("rollout", name="broken").status, 422)

    def test_ipv6_and_a_signal(self):
        with hook.Hook(self.gates / "checkout.toml", listen="[::1]:0") as six:
            self.assertEqual(six.flagger("rollout", token=None).status, 200)
            self.assertEqual(six.stop(signal.SIGINT), 0)
            self.assertRegex(six.log(), r"stopping: 0 connections are open\n$")

    def test_evaluations_do_not_get_the_token(self):
        self.write("gates/leak.toml", hook.GATE.format(url=self.prometheus.url).replace(
            'state = "good"', 'state = { env = "RELEASE_GATE_HOOK_TOKEN", default = "good" }'))
        leak = self.start_gates()
        self.assertEqual(leak.flagger("rollout", name="leak").status, 200)
        self.assertEqual(self.prometheus.asked, ["good"])

    def test_children_hold_no_socket(self):
        one = self.start_gates("--deadline", "20s")
        with one.connect() as idle:
            idle.sendall(b"POST /")
            with one.connect() as peer:
                peer.sendall(f"GET /argo-rollouts?gate=checkout&vars.state=slow HTTP/1.1\r\nAuthorization: Bearer {hook.TOKEN}\r\n\r\n".encode())
                until = 200
                while not self.prometheus.asked and until:
                    until -= 1
                    time.sleep(0.05)
                with open(f"/proc/{one.process.pid}/task/{one.process.pid}/children", encoding="ascii") as file:
                    children = file.read().split()
                self.assertEqual(len(children), 1)
                folder = f"/proc/{children[0]}/fd"
                links = {fd: os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder)}
                ours = {os.readlink(f"/proc/{one.process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{one.process.pid}/fd")}
                shared = {link for fd, link in links.items() if link in ours and link.startswith("socket:")}
                self.assertEqual(shared, set())
                self.prometheus.release.set()
                self.assertEqual(hook.Answer(hook.read_all(peer)).status, 200)


if __name__ == "__main__":
    unittest.main()
