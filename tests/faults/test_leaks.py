"""Ways by which a credential could show itself: through what a server says, what an author slips, and what is recorded."""

import json

import gate
import hostile
from hostile import answer, saying, vector

SECRET = "Hunter2/hunter+2"
SOURCE = '[sources.prom]\ntype = "prometheus"\nretries = 0\n'
METRIC = '[metrics.m]\nsource = "prom"\nquery = "x"\nkind = "value"\nfail = { above = 10 }\n'
HEAD = 'version = 1\n[release]\ndeployed_at = "2026-01-05T12:00:00Z"\n[compare]\ndesign = "none"\ncandidate = { window = "30m" }\n'


def escaped(text):
    """Every character as JSON may write it, too."""
    return "".join(f"\\u{ord(c):04x}" for c in text)


class Echoes(hostile.FaultTest):
    """The planted token in every place of an answer: FaultTest looks for it in all outputs, and compares with a replay."""

    def test_escaped_json(self):
        token = escaped(hostile.TOKEN)
        series = '{"status":"success","data":{"resultType":"vector","result":[%s]}}'
        point = '"value":[%d,"1"]' % hostile.INSTANT
        cases = [
            ("a label's value", series % ('{"metric":{"pod":"%s"},%s}' % (token, point)), "200 OK", 'each = "pod"'),
            (
                "labels of several series",
                series % ('{"metric":{"pod":"%s"},%s},{"metric":{"pod":"b"},%s}' % (token, point, point)),
                "200 OK",
                "",
            ),
            (
                "a label's name",
                series % ('{"metric":{"%s":"a"},%s},{"metric":{"pod":"b"},%s}' % (token, point, point)),
                "200 OK",
                "",
            ),
            ("the type of an error", '{"status":"error","errorType":"%s","error":"x"}' % token, "400 Bad Request", ""),
            ("an error", '{"status":"error","errorType":"bad_data","error":"%s"}' % token, "400 Bad Request", ""),
            ("a body that is no JSON", "oops " + token, "500 Oops", ""),
            ("a warning", vector()[:-1] + ',"warnings":["%s"]}' % token, "200 OK", ""),
        ]
        for name, body, status, keys in cases:
            with self.subTest(name), hostile.Hostile(saying(answer(body, status))) as server:
                result = self.check(server.url, metric_keys=keys)
                for text in (result.out, result.markdown, json.dumps(result.report)):
                    self.assertNotIn(token, text)

    def test_hexadecimal(self):
        token = hostile.TOKEN.encode().hex()
        for form in (token, token.upper()):
            with hostile.Hostile(saying(answer("oops " + form, "500 Oops"))) as server:
                result = self.check(server.url)
            self.assertNotIn(token, (result.out + result.markdown).lower())

    def test_a_header_named_by_the_token(self):
        token = "Canary12345"
        with hostile.Hostile(saying(answer(headers=[f"X-{token}: 1"]))) as server:
            self.check(server.url, env={"PLANTED_TOKEN": token})
        for path in self.folder.rglob("*.json"):
            self.assertNotIn(token.lower(), path.read_text().lower(), path.name)


class Slips(gate.GateTest):
    def validate(self, text, env=None):
        self.write("gate.toml", text)
        shown = [gate.run("validate", *more, "gate.toml", cwd=self.folder, env=env) for more in ((), ("--format", "json"))]
        for result in shown:
            self.assertNotIn("hunter", (result.stdout + result.stderr).lower())
        return shown[0]

    def test_urls_that_are_none(self):
        for url in (
            "http://user:Hunter2/x@host/",
            "http://user:Hunter2 x@host/",
            "http://user:Hunter2?x@host/",
            "http://user:Hunter2#x@host/",
            "http://user:Hunter2@x@host/",
            "http://user:Hunter2@/",
            "user:Hunter2@host",
        ):
            for name, value in (("variable", '{ env = "URL" }'), ("literal", f'"{url}"')):
                with self.subTest(url, name=name):
                    result = self.validate(f"{HEAD}{SOURCE}url = {value}\n{METRIC}", {"URL": url})
                    self.assertIn("error[RG0520]", result.stderr)

    def test_a_secret_where_something_else_belongs(self):
        """The value is quoted as none of what was expected; the author must not find it in the log."""
        secret = '{ env = "TOKEN" }'
        source = f'{SOURCE}url = "http://localhost:1"\ntoken = {secret}\n'
        cases = [
            ("a duration", HEAD + source + f"timeout = {secret}\n" + METRIC),
            ("a bound", HEAD + source + METRIC.replace("above = 10", f"above = {secret}")),
            ("a time", HEAD.replace('"2026-01-05T12:00:00Z"', secret) + source + METRIC),
            ("a source's name", HEAD + source + METRIC.replace('source = "prom"', f"source = {secret}")),
            ("a word", HEAD + source + METRIC.replace('kind = "value"', f"kind = {secret}")),
            ("a variable", HEAD + f"[vars]\nv = {secret}\n" + source + METRIC.replace('kind = "value"', 'kind = "{{v}}"')),
        ]
        for name, text in cases:
            with self.subTest(name):
                result = self.validate(text, {"TOKEN": SECRET})
                self.assertIn("error[RG0505]", result.stderr)
                self.assertEqual(2, result.returncode)

    def test_literals_that_are_credentials(self):
        url = 'url = "http://localhost:1"\n'
        for keys, code in (
            (url + 'proxy = "http://user:Hunter2@127.0.0.1:9"\n', "RG0501"),
            (url + 'proxy = { env = "PROXY", default = "http://user:Hunter2@127.0.0.1:9" }\n', "RG0501"),
            (url + 'headers = { X-Auth = "Hunter2" }\n', "RG0501"),
            (url + 'headers = { X-Session-Id = "Hunter2" }\n', "RG0501"),
            ('url = "http://localhost:1/?auth=Hunter2"\n', "RG0520"),
            ('url = "http://localhost:1/?pass=Hunter2"\n', "RG0520"),
        ):
            with self.subTest(keys):
                self.assertIn(f"error[{code}]", self.validate(HEAD + SOURCE + keys + METRIC).stderr)


class Records(gate.GateTest):
    """What --record keeps."""

    def record(self, text, env=None, folder="evidence"):
        self.write("gate.toml", text)
        result = gate.run(
            "check", "gate.toml", "--now", hostile.NOW, "--record", folder, "--verbose", cwd=self.folder, env=env
        )
        self.assertIn(result.returncode, (0, 4), result.stderr)
        texts = [path.read_text() for path in (self.folder / folder).rglob("*") if path.is_file()]
        for text in (*texts, result.stdout, result.stderr):
            self.assertNotIn("hunter", text.lower())
        again = gate.run("check", "--replay", folder, "--verbose", cwd=self.folder)
        self.assertEqual((result.returncode, result.stdout), (again.returncode, again.stdout), again.stderr)
        return result

    def test_a_secret_file_beside_a_pack(self):
        self.write("packs/token", SECRET + "\n")
        self.write("packs/prom.toml", f'version = 1\n{SOURCE}url = "http://127.0.0.1:1"\ntoken = {{ file = "token" }}\n')
        self.record('use = "./packs/prom.toml"\n' + HEAD + METRIC)

    def test_a_proxy_with_a_password(self):
        text = HEAD + SOURCE + 'url = "http://127.0.0.1:1"\nproxy = { env = "PROXY" }\n' + METRIC
        for number, password in enumerate((SECRET.replace("/", "%2F"), SECRET)):
            self.record(text, {"PROXY": f"http://user:{password}@127.0.0.1:9"}, f"evidence{number}")
        text = text.replace('proxy = { env = "PROXY" }', "").replace("127.0.0.1:1", "localhost.invalid")
        self.record(text, {"http_proxy": f"http://user:{SECRET}@127.0.0.1:9"}, "evidence-of-the-environment")


if __name__ == "__main__":
    gate.main()
