"""Certificates: wrong ones are errors that name what is wrong, and never a reason to go without."""

import pathlib
import ssl
import subprocess
import tempfile

import gate
import hostile
from hostile import answer, saying


class Authority:
    """Certificates made by openssl in a folder of the test's own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-days",
            "30",
            "-subj",
            "/CN=Test CA",
        )

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def issue(self, name, subject, days=30, begin=None, end=None):
        """A certificate for the alternative name `subject` ("IP:127.0.0.1"), signed by the authority."""
        self.openssl(
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.csr",
            "-subj",
            f"/CN={name}",
        )
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={subject}\n")
        if end is None:
            self.openssl(
                "x509",
                "-req",
                "-in",
                f"{name}.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                str(days),
                "-extfile",
                f"{name}.ext",
                "-out",
                f"{name}.pem",
            )
            return
        (self.folder / "index.txt").write_text("")
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n"
        )
        self.openssl(
            "ca",
            "-batch",
            "-config",
            "ca.cnf",
            "-in",
            f"{name}.csr",
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-notext",
            "-outdir",
            ".",
            "-startdate",
            begin,
            "-enddate",
            end,
            "-extfile",
            f"{name}.ext",
            "-out",
            f"{name}.pem",
        )

    def self_signed(self, name):
        self.openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.pem",
            "-days",
            "30",
            "-subj",
            f"/CN={name}",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        )

    def context(self, name, **versions):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        for key, value in versions.items():
            setattr(context, key, value)
        return context


class Tls(hostile.FaultTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="release-gate-tls-")
        cls.addClassCleanup(folder.cleanup)
        cls.authority = Authority(folder.name)
        cls.authority.issue("good", "IP:127.0.0.1,DNS:localhost")
        cls.authority.issue("other", "DNS:other.example")
        cls.authority.issue("expired", "IP:127.0.0.1", begin="200101000000Z", end="200201000000Z")
        cls.authority.issue("future", "IP:127.0.0.1", begin="20900101000000Z", end="20910101000000Z")
        cls.authority.self_signed("self")
        cls.trust = f'ca_file = "{folder.name}/ca.pem"'

    def server(self, certificate, behave=saying(answer()), **versions):
        return hostile.Hostile(behave, tls=self.authority.context(certificate, **versions))

    def test_trusted(self):
        with self.server("good") as server:
            self.heals("certificate of a given authority", server.url, bad_keys=self.trust)

    def test_certificates_that_prove_nothing(self):
        cases = [
            ("expired certificate", "expired", self.trust, "RG1010", ["has expired"]),
            ("certificate not yet valid", "future", self.trust, "RG1010", ["not valid yet"]),
            ("self-signed certificate", "self", "", "RG1011", ["self-signed", "ca_file"]),
            ("unknown authority", "good", "", "RG1011", ["not trusted here", "ca_file"]),
            ("certificate of another host", "other", self.trust, "RG1012", ["another host"]),
        ]
        for row, certificate, keys, code, words in cases:
            with self.subTest(row), self.server(certificate) as server:
                self.fault(row, server.url, code, words, bad_keys=keys)
                self.assertEqual([], server.requests)
                # The question and the probe of the version: a certificate that is wrong now will be wrong in a second.
                self.assertEqual(2, server.connections)

    def test_insecure_is_said_in_every_report(self):
        with self.server("self") as server:
            result = self.heals("insecure = true", server.url, bad_keys="insecure = true")
            for text in (result.out, result.markdown, str(result.report["notes"])):
                self.assertIn("insecure = true", text)

    def test_old_tls_is_refused(self):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context = self.authority.context(
                "good", minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1
            )
            context.set_ciphers("ALL:@SECLEVEL=0")
        with hostile.Hostile(saying(answer()), tls=context) as server:
            self.fault("TLS 1.1", server.url, "RG1013", ["TLS"], bad_keys=self.trust)
            self.assertEqual([], server.requests)

    def test_tls_1_2_is_enough(self):
        with self.server("good", maximum_version=ssl.TLSVersion.TLSv1_2) as server:
            self.heals("TLS 1.2", server.url, bad_keys=self.trust)

    def test_downgrade_is_refused(self):
        with hostile.Hostile(saying(answer())) as plain:
            location = answer("", "302 Found", [f"Location: {plain.url}/"])
            with self.server("good", saying(location)) as server:
                self.fault("redirect https → http", server.url, "RG1030", ["not encrypted"], bad_keys=self.trust)
            self.assertEqual(0, plain.connections)

    def test_client_certificate(self):
        context = self.authority.context("good", verify_mode=ssl.CERT_REQUIRED)
        context.load_verify_locations(self.authority.folder / "ca.pem")
        own = f'{self.trust}\nclient_cert = "{self.authority.folder}/other.pem"\nclient_key = "{self.authority.folder}/other.key"'
        with hostile.Hostile(saying(answer()), tls=context) as server:
            self.heals("client certificate", server.url, bad_keys=own)
            result = self.check(server.url, bad_keys=self.trust + "\nretries = 0")
            hostile.ROWS.append(("client certificate missing", result.code, result.seconds))
            self.assertEqual("error", result.metric("broken")["verdict"])
            self.assertEqual("pass", result.metric("healthy")["verdict"])

    def test_files_that_cannot_be_used(self):
        with self.server("good") as server:
            for row, keys in (
                ("ca_file missing", 'ca_file = "nowhere.pem"'),
                ("client_cert missing", f'{self.trust}\nclient_cert = "no.pem"\nclient_key = "no.key"'),
            ):
                with self.subTest(row):
                    self.fault(row, server.url, "RG1014", ["certificate file", "ca_file"], bad_keys=keys)


class Plaintext(hostile.FaultTest):
    def test_a_credential_is_not_sent_in_the_clear(self):
        file = self.write("gate.toml", hostile.gate_text("http://192.0.2.1:9090", self.good.url))
        result = gate.run("check", file, "--now", hostile.NOW, env=hostile.WITH_TOKEN)
        self.assertEqual(2, result.returncode)
        self.assertIn("RG0523", result.stderr)
        self.assertIn("allow_plaintext = true", result.stderr)

    def test_a_credential_in_a_header_counts(self):
        text = hostile.gate_text(
            "http://192.0.2.1:9090", self.good.url, 'headers = { X-Api-Key = { env = "PLANTED_TOKEN" } }'
        )
        file = self.write("gate.toml", text.replace('token = { env = "PLANTED_TOKEN" }\n', ""))
        result = gate.run("check", file, "--now", hostile.NOW, env=hostile.WITH_TOKEN)
        self.assertEqual(2, result.returncode)
        self.assertIn("RG0523", result.stderr)

    def test_allowed_or_without_a_credential_it_is_asked(self):
        dead = "http://127.0.0.1.nip.invalid:9090"
        for keys, drop in (
            ("allow_plaintext = true\nretries = 0", ""),
            ('headers = { X-Scope-OrgID = "team-a" }\nretries = 0', 'token = { env = "PLANTED_TOKEN" }\n'),
        ):
            with self.subTest(keys):
                text = hostile.gate_text(dead, self.good.url, keys)
                file = self.write("gate.toml", text.replace(drop, "") if drop else text)
                _, report = gate.report(file, "--now", hostile.NOW, env=hostile.WITH_TOKEN)
                self.assertEqual("RG1006", report["metrics"][0]["error"]["code"])

    def test_urls_that_are_refused_before_anything_is_asked(self):
        for url in (
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            f"https://user:{hostile.urllib.parse.quote(hostile.TOKEN, safe='')}@127.0.0.1/",
            "//127.0.0.1",
            "127.0.0.1:9090",
        ):
            with self.subTest(url):
                file = self.write("gate.toml", hostile.gate_text(url, self.good.url))
                result = gate.run("check", file, "--now", hostile.NOW, env=hostile.WITH_TOKEN)
                self.assertEqual(2, result.returncode, result.stderr)
                self.assertIn("RG0520", result.stderr)

    def test_literal_secrets_are_refused(self):
        for token in ('"literal"', '{ env = "UNSET", default = "literal" }'):
            with self.subTest(token):
                text = hostile.gate_text("http://127.0.0.1:1", self.good.url).replace(
                    '{ env = "PLANTED_TOKEN" }', token
                )
                result = gate.run("check", self.write("gate.toml", text), "--now", hostile.NOW)
                self.assertEqual(2, result.returncode)
                self.assertIn("RG0501", result.stderr)

    def test_a_secret_used_as_plain_text_is_refused(self):
        cases = [
            ('[vars]\nt = { env = "PLANTED_TOKEN" }\n', "sources.bad.token"),
            ('[release]\nversion = { env = "PLANTED_TOKEN" }\n', "sources.bad.token"),
        ]
        for extra, key in cases:
            with self.subTest(extra):
                text = hostile.gate_text("http://127.0.0.1:1", self.good.url)
                text = text.replace("[release]\n", extra) if "release" in extra else text + extra
                result = gate.run("check", self.write("gate.toml", text), "--now", hostile.NOW, env=hostile.WITH_TOKEN)
                self.assertEqual(2, result.returncode)
                self.assertIn(f"error[RG0505]: env PLANTED_TOKEN is a secret (`{key}`)", result.stderr)
                self.assertNotIn(hostile.TOKEN, result.stderr)
        text = hostile.gate_text('{ env = "PLANTED_TOKEN" }', self.good.url).replace(
            '"{ env = "PLANTED_TOKEN" }"', '{ env = "PLANTED_TOKEN" }'
        )
        result = gate.run(
            "check", self.write("gate.toml", text), "--now", hostile.NOW, env={"PLANTED_TOKEN": "http://127.0.0.1:1"}
        )
        self.assertIn("RG0505", result.stderr)


def tearDownModule():
    hostile.print_rows()


if __name__ == "__main__":
    gate.main()
