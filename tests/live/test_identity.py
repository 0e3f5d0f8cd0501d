"""Requests that prove who asks: signatures of AWS and tokens of Google, checked by other means than the program's own."""

import base64
import hashlib
import hmac
import json
import subprocess
import urllib.parse

import gate
from double import HEAD, NOW, DoubleTest, json_answer, matrix, source


class Amazon(DoubleTest):
    KEY, SECRET, SESSION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session-token-9"

    def signature(self, request):
        """AWS Signature Version 4 from the request as it arrived, by the steps of the reference and nothing of the program's.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html"""
        fields = dict(part.split("=", 1) for part in request.headers["Authorization"].split(" ", 1)[1].replace(" ", "").split(","))
        key, date, region, service, end = fields["Credential"].split("/")
        self.assertEqual((key, region, service, end), (self.KEY, "eu-west-1", "aps", "aws4_request"))
        signed = fields["SignedHeaders"].split(";")
        self.assertLessEqual(set(signed), {name.lower() for name in request.headers}, "only what is sent may be signed")
        parts = urllib.parse.urlsplit(request.path)
        query = "&".join(sorted(f"{urllib.parse.quote(k, safe='~')}={urllib.parse.quote(v, safe='~')}"
                                for k, v in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)))
        headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in signed)
        canonical = "\n".join([request.method, parts.path, query, headers, ";".join(signed),
                               hashlib.sha256(request.body).hexdigest()])
        stamp = request.headers["X-Amz-Date"]
        scope = f"{date}/{region}/{service}/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        secret = ("AWS4" + self.SECRET).encode()
        for piece in (date, region, service, "aws4_request"):
            secret = hmac.new(secret, piece.encode(), hashlib.sha256).digest()
        return fields["Signature"], hmac.new(secret, text.encode(), hashlib.sha256).hexdigest(), signed

    def signed_run(self, query):
        return self.ask(query, aws_region='"eu-west-1"', aws_access_key='{ env = "AWS_ACCESS_KEY_ID" }',
                        aws_secret_key='{ env = "AWS_SECRET_ACCESS_KEY" }', aws_session_token='{ env = "AWS_SESSION_TOKEN" }',
                        environment={"AWS_ACCESS_KEY_ID": self.KEY, "AWS_SECRET_ACCESS_KEY": self.SECRET,
                                     "AWS_SESSION_TOKEN": self.SESSION})

    def test_signature(self):
        for allowed in ("POST", "GET"):
            with self.subTest(allowed):
                code, metric = self.signed_run(
                    lambda request, a=allowed: json_answer(200, matrix(request)) if request.method == a else (405, {}, ""))
                self.assertEqual(code, 0, metric)
                for request in self.requests:
                    theirs, ours, signed = self.signature(request)
                    self.assertEqual(theirs, ours)
                    self.assertEqual(request.headers["X-Amz-Security-Token"], self.SESSION)
                    self.assertLessEqual({"host", "x-amz-date", "x-amz-security-token"}, set(signed))
                self.assertIsNone(metric["graph_url"])


class Google(DoubleTest):
    def key_file(self, token_url):
        pem = self.folder / "private.pem"
        subprocess.run(["openssl", "genrsa", "-out", pem, "2048"], check=True, stderr=subprocess.DEVNULL)
        key = {"type": "service_account", "client_email": "gate@project.iam.gserviceaccount.com", "private_key_id": "key-7",
               "private_key": pem.read_text(), "token_uri": token_url}
        self.write("key.json", json.dumps(key, indent=2))
        return pem

    def verify(self, pem, assertion):
        """The signature by openssl's command line, the claims by hand."""
        public = self.folder / "public.pem"
        subprocess.run(["openssl", "rsa", "-in", pem, "-pubout", "-out", public], check=True, stderr=subprocess.DEVNULL)
        header, claims, signature = assertion.split(".")
        decode = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        (self.folder / "signature").write_bytes(decode(signature))
        checked = subprocess.run(["openssl", "dgst", "-sha256", "-verify", public, "-signature", self.folder / "signature"],
                                 input=f"{header}.{claims}".encode(), stdout=subprocess.PIPE, check=False)
        self.assertEqual(checked.stdout, b"Verified OK\n")
        self.assertEqual(json.loads(decode(header)), {"alg": "RS256", "typ": "JWT", "kid": "key-7"})
        return json.loads(decode(claims))

    def answer(self, request):
        """Google's token endpoint, its metadata server and its Prometheus in one double."""
        if request.route == "/token" or request.route.startswith("/computeMetadata/"):
            self.token_requests.append(request)
            return json_answer(*self.token_answer)
        if request.headers.get("Authorization") != "Bearer ya29.planted-token":
            return json_answer(401, {"error": {"code": 401}})
        if request.route.endswith("buildinfo"):
            return json_answer(404, {})
        return json_answer(200, matrix(request))

    def setUp(self):
        super().setUp()
        self.token_requests = []
        self.token_answer = (200, {"access_token": "ya29.planted-token", "expires_in": 3599, "token_type": "Bearer"})

    def run_with_key(self, *more):
        with gate.Server(self.answer) as server:
            pem = self.key_file(server.url + "/token")
            path = self.write("gate.toml", HEAD + source(google_key='{ file = "key.json" }'))
            result = gate.run("check", path, *NOW, "--format", "json", *more, env={"PROMETHEUS_URL": server.url})
        return pem, result, path

    def test_service_account(self):
        pem, result, _ = self.run_with_key()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(len(self.token_requests), 1, "one token for all questions")
        request = self.token_requests[0]
        self.assertEqual(request.form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer")
        claims = self.verify(pem, request.form["assertion"])
        self.assertEqual(claims["iss"], "gate@project.iam.gserviceaccount.com")
        self.assertEqual(claims["scope"], "https://www.googleapis.com/auth/monitoring.read")
        self.assertTrue(claims["aud"].endswith("/token"))
        self.assertEqual(claims["exp"] - claims["iat"], 3600)
        self.assertIsNone(json.loads(result.stdout)["metrics"][0]["graph_url"])

    def test_nothing_secret_is_recorded_and_a_replay_needs_no_key(self):
        pem, result, path = self.run_with_key("--record", self.folder / "evidence")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        kept = "".join(one.read_text() for one in (self.folder / "evidence").rglob("*") if one.is_file())
        secret_line = pem.read_text().splitlines()[5]
        for secret in ("ya29.planted-token", self.token_requests[0].form["assertion"], secret_line):
            self.assertNotIn(secret, kept + result.stdout + result.stderr)
        (self.folder / "key.json").unlink()
        again = gate.run("check", path, "--format", "json", "--replay", self.folder / "evidence",
                         env={"PROMETHEUS_URL": "http://127.0.0.1:1"})
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(json.loads(again.stdout)["metrics"][0]["candidate"], json.loads(result.stdout)["metrics"][0]["candidate"])

    def test_metadata_server(self):
        path = self.write("gate.toml", HEAD + source(google_metadata="true"))
        with gate.Server(self.answer) as server:
            code, report = gate.report(path, *NOW, env={"PROMETHEUS_URL": server.url,
                                                        "GCE_METADATA_HOST": server.url.removeprefix("http://")})
        self.assertEqual(code, 0, report)
        self.assertEqual(len(self.token_requests), 1)
        request = self.token_requests[0]
        self.assertEqual(request.route, "/computeMetadata/v1/instance/service-accounts/default/token")
        self.assertEqual(request.headers["Metadata-Flavor"], "Google")
        self.assertEqual(request.query, {"scopes": "https://www.googleapis.com/auth/monitoring.read"})

    def test_no_metadata_server(self):
        path = self.write("gate.toml", HEAD + source(google_metadata="true"))
        with gate.Server(self.answer) as server:
            code, report = gate.report(path, *NOW, env={"PROMETHEUS_URL": server.url,
                                                        "GCE_METADATA_HOST": f"127.0.0.1:{gate.free_port()}"})
        error = report["metrics"][0]["error"]
        self.assertEqual((code, error["code"]), (4, "RG1004"))
        self.assertIn("google_key", error["hint"])
        self.assertIn("while asking for an access token of Google", error["context"])

    def test_token_refused(self):
        self.token_answer = (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
        _, result, _ = self.run_with_key()
        error = json.loads(result.stdout)["metrics"][0]["error"]
        self.assertEqual((result.returncode, error["code"]), (4, "RG1330"))
        self.assertIn("Invalid JWT Signature.", " ".join(error["context"]))

    def test_answer_without_a_token(self):
        for answer in ({}, {"access_token": "", "expires_in": 9}, {"access_token": "x"}, [], {"access_token": 3, "expires_in": 9}):
            with self.subTest(str(answer)):
                self.token_answer = (200, answer)
                _, result, _ = self.run_with_key()
                self.assertEqual((result.returncode, json.loads(result.stdout)["metrics"][0]["error"]["code"]), (4, "RG1331"))

    def test_key_files_that_cannot_be_used(self):
        for text, why in (('{"type": "authorized_user"}', '`type` is not "service_account"'),
                          ('{"type": "service_account"}', "no `client_email`"),
                          ('{"type": "service_account", "client_email": "a", "private_key": "b", "token_uri": "http://a.example"}',
                           "`token_uri` is no https address"),
                          ('{"type": ', "not a JSON object")):
            with self.subTest(why):
                self.write("key.json", text)
                path = self.write("gate.toml", HEAD + source(google_key='{ file = "key.json" }'))
                result = gate.run("validate", path, env={"PROMETHEUS_URL": "https://prom.example"})
                self.assertEqual(result.returncode, 2)
                self.assertIn("RG0527", result.stderr)
                self.assertIn(why, result.stderr)

    def test_key_that_is_no_rsa_key(self):
        key = {"type": "service_account", "client_email": "a", "private_key": "b", "token_uri": "https://a.example"}
        self.write("key.json", json.dumps(key))
        path = self.write("gate.toml", HEAD + source(google_key='{ file = "key.json" }'))
        code, report = gate.report(path, *NOW, env={"PROMETHEUS_URL": "https://prom.example"})
        self.assertEqual((code, report["metrics"][0]["error"]["code"]), (4, "RG0527"))


if __name__ == "__main__":
    gate.main()
