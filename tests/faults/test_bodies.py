"""Answers that lie, break off, swell or are no answer: a clear error for that metric, in bounded memory."""

import gzip
import json

import gate
import hostile
from hostile import LEAK, answer, saying, vector

MiB = 1 << 20


def result_of(series):
    return '{"status":"success","data":{"resultType":"vector","result":' + series + "}}"


class Broken(hostile.FaultTest):
    def one(self, row, data, code, words=(), close=True, **options):
        def behave(peer, request):
            peer.sendall(data)
            return False if close else None

        with self.subTest(row), hostile.Hostile(behave) as server:
            return self.fault(row, server.url, code, words, **options)

    def test_framing(self):
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        zipped = gzip.compress(vector().encode())
        changed = bytearray(zipped)
        changed[-6] ^= 1
        cases = [
            ("cut body", answer()[:-10], "RG1021", ["cut off"]),
            ("Content-Length too long", answer(length=500), "RG1021", ["cut off"]),
            ("Content-Length too short", answer(length=40), "RG1201", ["cut off"]),
            ("Content-Length no number", b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n{}", "RG1024", []),
            ("chunk garbage", chunked + b"zz\r\n" + LEAK.encode() + b"\r\n", "RG1022", ["cannot be decoded"]),
            ("chunk cut", chunked + b"ff\r\n{}", "RG1021", ["cut off"]),
            ("gzip cut", answer(zipped[:20], headers=["Content-Encoding: gzip"]), "RG1022", ["has no end"]),
            ("gzip without its checksum", answer(zipped[:-8], headers=["Content-Encoding: gzip"]), "RG1022", ["has no end"]),
            ("gzip with a wrong checksum", answer(bytes(changed), headers=["Content-Encoding: gzip"]), "RG1022", ["damaged"]),
            ("gzip garbage", answer(LEAK, headers=["Content-Encoding: gzip"]), "RG1022", ["cannot be decoded"]),
            ("unknown encoding", answer(headers=["Content-Encoding: rot13"]), "RG1022", []),
            ("HTTP/0.9", b"hello " + LEAK.encode(), "RG1024", ["does not answer in HTTP"]),
        ]
        for row, data, code, words in cases:
            self.one(row, data, code, words, bad_keys="retries = 0")

    def test_json_that_is_none(self):
        cases = [
            ("empty body", b"", "RG1201"),
            ("half a JSON", vector()[:-20].encode(), "RG1201"),
            ("text", f"Prometheus is starting up: {LEAK}".encode(), "RG1201"),
            (
                "invalid UTF-8",
                b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"\xff\xfe"},"value":[1,"1"]}]}}',
                "RG1201",
            ),
            ("UTF-16", vector().encode("utf-16"), "RG1201"),
            ("byte order mark", b"\xef\xbb\xbf" + vector().encode(), "RG1201"),
            ("NUL bytes", b"\0" * 100, "RG1201"),
            ("two answers in one", (vector() + vector()).encode(), "RG1203"),
            ("nesting 10^5", result_of("[" * 100_000 + "]" * 100_000).encode(), ("RG1201", "RG1203")),
            (
                "nesting 10^5 where nobody looks",
                b'{"status":"success","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
                ("RG1201", "RG1203"),
            ),
        ]
        for row, body, code in cases:
            self.one(row, answer(body), code)

    def test_a_port_of_another_service(self):
        said = [": the answer (11 bytes) is not JSON, or it was cut off", "does `url` lead to a Prometheus?", "it said: up 1\\n# EOF"]
        self.one("metrics of an exporter", answer(b"up 1\n# EOF\n"), "RG1201", said)
        cut = self.one("half a JSON of a Prometheus", answer(vector()[:-20].encode()), "RG1201", ["a proxy between"])
        self.assertNotIn("it said", cut.out)

    def test_json_of_another_kind(self):
        cases = [
            ("{}", "{}", "RG1203"),
            ("[]", "[]", "RG1203"),
            ("null", "null", "RG1203"),
            ("a number", "42", "RG1203"),
            ("a string", f'"{hostile.TOKEN}"', "RG1203"),
            ("status is a number", '{"status":1}', "RG1203"),
            ("no data", '{"status":"success"}', "RG1203"),
            ("data is null", '{"status":"success","data":null}', "RG1203"),
            ("data is an array", '{"status":"success","data":[]}', "RG1203"),
            ("result is a string", result_of('"x"'), "RG1203"),
            ("series is a number", result_of("[1]"), "RG1203"),
            ("value is a number", result_of('[{"metric":{},"value":[1,1]}]'), "RG1203"),
            ("time is a string", result_of('[{"metric":{},"value":["1","1"]}]'), "RG1203"),
            ("point of three", result_of('[{"metric":{},"value":[1,"1",2]}]'), "RG1203"),
            ("value is text", result_of(f'[{{"metric":{{}},"value":[1,{json.dumps(hostile.TOKEN)}]}}]'), "RG1313"),
            ("value beyond double", result_of('[{"metric":{},"value":[1,"1e999"]}]'), "RG1313"),
            ("time beyond all", result_of('[{"metric":{},"value":[1e300,"1"]}]'), "RG1203"),
            (
                "huge integer as time",
                result_of('[{"metric":{},"value":[' + "9" * 400 + ',"1"]}]'),
                ("RG1203", "RG1201"),
            ),
            ("label is a number", result_of('[{"metric":{"a":1},"value":[1,"1"]}]'), "RG1203"),
            ("a string as result", '{"status":"success","data":{"resultType":"string","result":[1,"x"]}}', "RG1310"),
            ("unknown resultType", vector().replace("vector", "tensor"), "RG1203"),
        ]
        for row, body, code in cases:
            self.one(row, answer(body), code, close=False)

    def test_duplicate_keys(self):
        cases = [
            (
                "status twice",
                '{"status":"error","status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}',
            ),
            ("data twice", vector()[:-1] + ',"data":{"resultType":"vector","result":[]}}'),
            ("result twice", vector().replace('"result":', '"result":[],"result":')),
            ("resultType twice", vector().replace('"result":', '"resultType":"matrix","result":')),
            ("value twice", vector().replace('"value":', '"value":[1,"99"],"value":')),
            ("label twice", vector().replace('"metric": {}', '"metric":{"a":"1","a":"2"}')),
        ]
        for row, body in cases:
            self.one(row, answer(body), "RG1203", ["twice"], close=False)


class Large(hostile.FaultTest):
    def test_one_gigabyte(self):
        def flood(peer, request):
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n")
            piece = b" " * MiB
            for _ in range(1024):
                peer.sendall(piece)

        with hostile.Hostile(flood) as server:
            result = self.fault(
                "1 GB answer", server.url, "RG1020", ["max_response_bytes (67108864)"], deadline=10.0, timeout="8s"
            )
            self.assertLess(result.peak, 64 * MiB + 64 * MiB)
            self.assertEqual(1, len(server.requests))

    def test_small_cap(self):
        for row, data in (
            ("answer above max_response_bytes", answer(" " * 5000)),
            ("gzip bomb", answer(gzip.compress(b" " * (256 * MiB)), headers=["Content-Encoding: gzip"])),
        ):
            with self.subTest(row), hostile.Hostile(saying(data)) as server:
                result = self.fault(
                    row,
                    server.url,
                    "RG1020",
                    ["larger than max_response_bytes (4096)"],
                    bad_keys='max_response_bytes = "4KiB"',
                )
                self.assertLess(result.peak, 40 * MiB)

    def test_exactly_the_cap_is_allowed(self):
        body = vector().ljust(4096)
        with hostile.Hostile(saying(answer(body))) as server:
            self.heals("answer of max_response_bytes", server.url, bad_keys='max_response_bytes = "4KiB"')

    def test_gzip_is_read(self):
        body = gzip.compress(vector("6").encode())
        with hostile.Hostile(saying(answer(body, headers=["Content-Encoding: gzip"]))) as server:
            self.heals("gzip", server.url, value=6.0)

    def test_chunks_without_end(self):
        def flood(peer, request):
            peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not server.closing.is_set():
                peer.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")

        with hostile.Hostile(flood) as server:
            result = self.fault("chunks without end", server.url, "RG1020", bad_keys='max_response_bytes = "1MiB"')
            self.assertLess(result.peak, 40 * MiB)

    def test_headers_without_end(self):
        def flood(peer, request):
            peer.sendall(b"HTTP/1.1 200 OK\r\n")
            count = 0
            while not server.closing.is_set():
                count += 1
                peer.sendall(f"X-{count}: {'y' * 8000}\r\n".encode())

        with hostile.Hostile(flood) as server:
            result = self.fault("headers without end", server.url, "RG1020", ["headers"])
            self.assertLess(result.peak, 40 * MiB)

    def test_one_header_without_end(self):
        def flood(peer, request):
            peer.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not server.closing.is_set():
                peer.sendall(b"y" * 65536)

        with hostile.Hostile(flood) as server:
            result = self.check(server.url, bad_keys="retries = 0")
            hostile.ROWS.append(("one header without end", result.code, result.seconds))
            self.assertEqual(4, result.code)
            self.assertLess(result.peak, 40 * MiB)

    def test_interim_answers_without_end(self):
        def flood(peer, request):
            while not server.closing.is_set():
                peer.sendall(b"HTTP/1.1 102 Processing\r\nX-Y: z\r\n\r\n" * 100)

        with hostile.Hostile(flood) as server:
            self.fault("interim answers without end", server.url, "RG1020", ["headers"])

    def test_a_million_series(self):
        series = ",".join('{"metric":{"i":"%d"},"value":[1767618000,"1"]}' % i for i in range(1_000_000))
        with hostile.Hostile(saying(answer(result_of("[" + series + "]")))) as server:
            result = self.fault("10^6 series", server.url, "RG1204", ["series"], deadline=12.0, timeout="10s")
            # The evidence of an answer of 53 MB is made of a few copies of it.
            self.assertLess(result.peak, 8 * 53 * MiB)


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
