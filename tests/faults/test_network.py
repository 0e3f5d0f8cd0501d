"""Faults below HTTP and in its timing: nobody there, nobody answers, too slow, cut off."""

import time

import gate
import hostile
from hostile import answer


class Unreachable(hostile.FaultTest):
    def test_connection_refused(self):
        port = hostile.closed_port()
        result = self.fault(
            "connection refused",
            f"http://127.0.0.1:{port}",
            "RG1004",
            [f"127.0.0.1:{port}", "connection refused", "4 attempts"],
        )
        self.assertGreaterEqual(result.seconds, 0.0)

    def test_hint_names_the_variable_the_url_came_from(self):
        port = hostile.closed_port()
        keys = "retries = 0"
        for env, hint in (
            ({}, "is BAD_URL set? the URL came from its default"),
            ({"BAD_URL": f"http://127.0.0.1:{port}"}, "is BAD_URL right?"),
        ):
            with self.subTest(hint):
                text = hostile.gate_text("X", self.good.url, keys).replace(
                    '"X"', f'{{ env = "BAD_URL", default = "http://127.0.0.1:{port}" }}'
                )
                file = self.write("gate.toml", text)
                _, report = gate.report(file, "--now", hostile.NOW, env={"PLANTED_TOKEN": hostile.TOKEN, **env})
                self.assertIn(hint, report["metrics"][0]["error"]["hint"])

    def test_dns_failure(self):
        self.fault(
            "name that cannot be resolved",
            "https://metrics.invalid",
            "RG1006",
            ["metrics.invalid"],
            bad_keys="retries = 1",
            deadline=8.0,
        )

    def test_unreachable_proxy(self):
        port = hostile.closed_port()
        self.fault(
            "unreachable proxy",
            "https://192.0.2.1:9090",
            "RG1007",
            ["proxy", str(port), "connection refused"],
            bad_keys=f'proxy = "http://127.0.0.1:{port}"\nretries = 1',
        )

    def test_unreachable_proxy_of_the_environment(self):
        port = hostile.closed_port()
        self.fault(
            "unreachable proxy (HTTPS_PROXY)",
            "https://192.0.2.1:9090",
            "RG1007",
            ["HTTPS_PROXY"],
            bad_keys="retries = 0",
            env={
                "HTTPS_PROXY": f"http://someone:{hostile.urllib.parse.quote(hostile.TOKEN, safe='')}@127.0.0.1:{port}"
            },
        )

    def test_proxy_that_refuses_the_tunnel(self):
        leak = hostile.LEAK.replace("\r", "")
        with hostile.Hostile(
            hostile.saying(answer(leak, "407 Proxy Authentication Required", [f"X-Echo: {leak}"]))
        ) as proxy:
            self.fault(
                "proxy answers 407", "https://192.0.2.1:9090", "RG1007", ["407"], bad_keys=f'proxy = "{proxy.url}"'
            )

    def test_proxy_that_answers_503(self):
        with hostile.Hostile(hostile.saying(answer("", "503 Service Unavailable"))) as proxy:
            result = self.fault(
                "proxy answers 503",
                "https://192.0.2.1:9090",
                "RG1007",
                ["503", "2 attempts"],
                bad_keys=f'proxy = "{proxy.url}"\nretries = 1',
            )
            self.assertIsNotNone(result)

    def test_loopback_ignores_the_proxy_of_the_environment(self):
        proxy = f"http://127.0.0.1:{hostile.closed_port()}"
        with hostile.Hostile(hostile.saying(answer())) as server:
            self.heals(
                "HTTP_PROXY does not catch loopback",
                server.url,
                env={"http_proxy": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy},
            )


class Silent(hostile.FaultTest):
    def test_accepts_and_never_answers(self):
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            self.fault(
                "accepts and never answers",
                server.url,
                "RG1001",
                ["1s", "`timeout`", "2 attempts"],
                bad_keys="retries = 1",
            )

    def test_the_deadline_ends_what_has_no_timeout(self):
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            text = self.fault(
                "never answers within the deadline",
                server.url,
                "RG1002",
                ["deadline (2s)"],
                deadline=2.0,
                bad_keys="retries = 10",
            )
            self.assertGreater(text.seconds, 1.9)

    def test_listens_and_never_accepts(self):
        with hostile.socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
            port = listening.getsockname()[1]
            fill = [hostile.socket.socket() for _ in range(4)]
            try:
                for one in fill:
                    one.setblocking(False)
                    one.connect_ex(("127.0.0.1", port))
                self.fault(
                    "connection never accepted",
                    f"http://127.0.0.1:{port}",
                    "RG1001",
                    ["no connection", "firewall"],
                    bad_keys="retries = 0",
                )
            finally:
                for one in fill:
                    one.close()

    def test_one_byte_a_second(self):
        def drip(peer, request):
            for byte in answer():
                peer.sendall(bytes([byte]))
                if server.closing.wait(1.0):
                    return False
            return None

        with hostile.Hostile(drip) as server:
            self.fault("one byte a second", server.url, "RG1001", ["no complete answer"], bad_keys="retries = 1")

    def test_stalls_after_the_headers(self):
        def stall(peer, request):
            peer.sendall(answer(length=100000)[:150])
            server.hang()

        with hostile.Hostile(stall) as server:
            result = self.fault(
                "stalls after the headers", server.url, "RG1001", ["no complete answer"], bad_keys="retries = 0"
            )
            self.assertLess(result.seconds, 2.0)

    def test_first_attempt_hangs_and_the_second_answers(self):
        def once(peer, request):
            if len(server.requests) == 1:
                server.hang()
                return False
            return peer.sendall(answer(hostile.vector("7")))

        with hostile.Hostile(once) as server:
            self.heals("hangs once, then answers", server.url, value=7.0)
            self.assertEqual(2, len(server.requests))


class Closing(hostile.FaultTest):
    def closing_after(self, data):
        def behave(peer, request):
            peer.sendall(data)
            return False

        return hostile.Hostile(behave)

    def test_closes_without_a_word(self):
        with self.closing_after(b"") as server:
            self.fault("closes without a word", server.url, "RG1023", ["without an answer", "4 attempts"])

    def test_not_http(self):
        with self.closing_after(b"SSH-2.0-OpenSSH_9.2p1 " + hostile.LEAK.encode() + b"\r\n") as server:
            self.fault("not HTTP", server.url, "RG1024", ["does not answer in HTTP"])

    def test_plain_http_where_tls_was_meant(self):
        with hostile.Hostile(hostile.saying(answer("", "400 Bad Request")), raw=True) as server:
            self.fault("https asked where plain http is", server.url.replace("http:", "https:"), "RG1013", ["TLS"])

    def test_tls_that_never_begins(self):
        with hostile.Hostile(lambda peer, request: server.hang(), raw=True) as server:
            self.fault(
                "TLS handshake never answered",
                server.url.replace("http:", "https:"),
                "RG1001",
                ["no connection", "nobody speaks TLS"],
                bad_keys="retries = 0",
            )

    def test_heals_after_two_cuts(self):
        def behave(peer, request):
            if len(server.requests) <= 2:
                peer.sendall(answer()[:-10])
                return False
            return peer.sendall(answer())

        with hostile.Hostile(behave) as server:
            self.heals("cut off twice, then whole", server.url)


class Deadline(hostile.FaultTest):
    def test_many_metrics_on_a_silent_server(self):
        """The deadline holds for two hundred questions, too, and the healthy source's are all judged."""
        metrics = "".join(
            f'[metrics.{name}{i}]\nsource = "{source}"\nquery = "q{i}"\nkind = "value"\nfail = {{ above = 10 }}\n'
            for i in range(100)
            for name, source in (("b", "bad"), ("g", "good"))
        )
        with hostile.Hostile(lambda peer, request: server.hang()) as server:
            text = hostile.gate_text(server.url, self.good.url) + metrics
            file = self.write("gate.toml", text.replace('timeout = "1s"', 'timeout = "30s"'))
            begun = time.monotonic()
            code, report = gate.report(file, "--now", hostile.NOW, "--deadline", "2s", env=hostile.WITH_TOKEN)
            seconds = time.monotonic() - begun
        hostile.ROWS.append(("200 questions, half to a silent server", code, seconds))
        self.assertEqual(4, code)
        self.assertLess(seconds, 3.0)
        verdicts = [metric["verdict"] for metric in report["metrics"]]
        self.assertEqual([101, 101], [verdicts.count("error"), verdicts.count("pass")])


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
