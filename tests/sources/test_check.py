"""`release-gate sources --check`: what works is said, and each way to fail has a sentence of its own; exit 4, or 2 when the file is wrong."""

import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

import gate
import jsonschema
from gate import ROOT, GateTest, free_port, main, run

sys.path[:0] = [str(ROOT / "tests" / "doubles"), str(ROOT / "tests" / "faults")]
import datadog  # noqa: E402
import jira  # noqa: E402

TOKEN = "pr0m-t0ken-of-the-test"
CLOCK = re.compile(r"\d\d:\d\d:\d\d UTC")
ENV = {"PROM_TOKEN": TOKEN, "DD_API_KEY": datadog.API_KEY, "DD_APP_KEY": datadog.APP_KEY, "JIRA_EMAIL": jira.EMAIL,
       "JIRA_API_TOKEN": jira.TOKEN}
SECRETS = [TOKEN, datadog.API_KEY, datadog.APP_KEY, jira.TOKEN, jira.EXPIRED]
VECTOR = json.dumps({"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "1"]}]}})
VALIDATOR = jsonschema.Draft202012Validator(json.loads(run("schema", "sources").stdout))
JSON = {"Content-Type": "application/json"}


def prometheus(request):
    """A Prometheus behind a proxy that wants a token."""
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return 401, {}, "who are you?"
    if request.route == "/api/v1/query":
        return 200, JSON, VECTOR
    if request.route == "/api/v1/status/buildinfo":
        return 200, JSON, json.dumps({"status": "success", "data": {"version": "2.42.0"}})
    return 404, {}, "404 page not found"


def saying(status, body="", headers=None):
    return lambda request: (status, {**JSON, **(headers or {})}, body)


class Check(GateTest):
    def gate(self, *sources, metrics=""):
        asked = metrics or f'[metrics.m]\nsource = "{sources[0][0]}"\nquery = "up"\nwarn = {{ above = 1 }}\n'
        text = "version = 1\n" + "".join(f"[sources.{name}]\n{keys}\n" for name, keys in sources) + asked
        return self.write("gate.toml", text)

    def check(self, *sources, metrics="", env=ENV, options=()):
        """The entries by source; no secret is in any output."""
        file = self.gate(*sources, metrics=metrics)
        result = run("sources", "--check", file, "--format", "json", *options, env=env)
        text = run("sources", "--check", file, "--verbose", *options, env=env)
        self.exit_code, self.text = result.returncode, text.stdout
        self.assertEqual(text.returncode, result.returncode)
        for secret in SECRETS:
            self.assertNotIn(secret, result.stdout + result.stderr + text.stdout + text.stderr)
        answer = json.loads(result.stdout)
        VALIDATOR.validate(answer)
        self.assertEqual(answer["exit_code"], result.returncode)
        return {entry["id"]: entry for entry in answer["sources"]}

    def prom(self, url, more=""):
        return "prom", f'type = "prometheus"\nurl = "{url}"\ntoken = {{ env = "PROM_TOKEN" }}\nretries = 0\n{more}'

    def dd(self, double, more=""):
        return "dd", (f'type = "datadog"\nurl = "{double.url}"\nsite = "datadoghq.eu"\napi_key = {{ env = "DD_API_KEY" }}\n'
                      f'app_key = {{ env = "DD_APP_KEY" }}\nretries = 0\n{more}')

    def jira(self, double, more=""):
        return "jira", (f'type = "jira"\nurl = "{double.url}"\nemail = {{ env = "JIRA_EMAIL" }}\n'
                        f'token = {{ env = "JIRA_API_TOKEN" }}\nretries = 0\n{more}')

    def refused(self, source, code, *words, metrics="", env=ENV, options=(), **standing):
        """One source that cannot be asked."""
        entry = next(iter(self.check(source, metrics=metrics, env=env, options=options).values()))
        self.assertEqual(self.exit_code, 4)
        self.assertFalse(entry["ok"])
        error = entry["error"]
        self.assertEqual(error["code"], code, error)
        said = " | ".join([error["message"], *error["context"], error["hint"]])
        for word in words:
            self.assertIn(word, said)
        for name, value in standing.items():
            self.assertEqual(entry[name], value, name)
        # Two runs, which a second may part.
        self.assertIn(CLOCK.sub("", f"error[{code}]: {error['message']}"), CLOCK.sub("", self.text))
        self.assertIn("0 of 1 source can be asked", self.text)
        return error["message"]


class Works(Check):
    def test_all_sources_at_once(self):
        self.write("rows.csv", "time,value\n2026-03-17T12:00:00Z,1\n")
        metrics = """
[metrics.latency]
source = "prom"
query  = "up"
warn   = { above = 1 }
[metrics.slo]
source = "dd"
kind   = "value"
slo    = "abc"
warn   = { below = 99 }
[metrics.bugs]
source = "jira"
kind   = "count"
jql    = "project = SHOP"
warn   = { above = 5 }
"""
        with gate.Server(prometheus) as server, datadog.Datadog() as dd, jira.Jira() as tracker:
            found = self.check(self.prom(server.url), self.dd(dd), self.jira(tracker), ("rows", 'type = "file"\npath = "*.csv"'),
                               metrics=metrics)
        self.assertEqual(self.exit_code, 0)
        self.assertEqual([(one["id"], one["ok"], one["reachable"], one["authenticated"], one["permitted"], one["system"],
                           one["identity"]) for one in found.values() if one["id"] != "rows"],
                         [("prom", True, True, True, True, "Prometheus 2.42.0", ""),
                          ("dd", True, True, True, True, "Datadog (datadoghq.eu)", ""),
                          ("jira", True, True, True, True, "Jira Cloud 1001.0.0-SNAPSHOT", "as Release Gate")])
        rows = found["rows"]
        self.assertRegex(rows["system"], r"^1 file, 34 B, newest changed \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual((rows["ok"], rows["reachable"], rows["authenticated"], rows["permitted"]), (True, None, None, True))
        for name in ("prom", "dd", "jira"):
            self.assertGreater(found[name]["latency_ms"], 0)
            self.assertEqual(found[name]["clock_skew_ms"], 0)
        self.assertIn("times in the zone Etc/UTC", found["jira"]["notes"])
        self.assertIn("4 of 4 sources can be asked", self.text)
        self.assertIn("/mypermissions?permissions=BROWSE_PROJECTS&projectKey=SHOP → 200", self.text)

    def test_they_are_asked_together(self):
        def slow(request):
            time.sleep(0.4)
            return prometheus(request)

        with gate.Server(slow) as server:
            file = self.gate(*[(f"p{i}", self.prom(server.url)[1]) for i in range(8)])
            result = run("sources", "--check", file, env=ENV)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertLess(result.seconds, 8 * 0.4)

    def test_only_one_of_them(self):
        with gate.Server(prometheus) as server:
            sources = [self.prom(server.url), ("gone", f'type = "prometheus"\nurl = "http://127.0.0.1:{free_port()}"')]
            self.assertEqual(list(self.check(*sources, options=("--only", "prom"))), ["prom"])
            self.assertEqual(self.exit_code, 0)
            result = run("sources", "--check", self.folder / "gate.toml", "--only", "prim", env=ENV)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0006]: there is no source `prim` in the gate file\n   = did you mean `prom`?", result.stderr)

    def test_one_that_fails_hides_none_of_the_others(self):
        with gate.Server(prometheus) as server:
            found = self.check(self.prom(server.url), ("gone", f'type = "prometheus"\nurl = "http://127.0.0.1:{free_port()}"'))
        self.assertEqual(self.exit_code, 4)
        self.assertEqual({name: one["ok"] for name, one in found.items()}, {"prom": True, "gone": False})
        self.assertIn("1 of 2 sources can be asked", self.text)

    def test_a_clock_that_is_off_is_a_warning(self):
        with gate.Server(prometheus) as server:
            server.server.RequestHandlerClass.date_time_string = lambda self, timestamp=None: time.strftime(
                "%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 600))
            found = self.check(self.prom(server.url))["prom"]
        self.assertEqual(self.exit_code, 0)
        self.assertLess(found["clock_skew_ms"], -590_000)
        self.assertEqual(len(found["warnings"]), 1)
        self.assertRegex(found["warnings"][0], r"^the server's clock is .* behind ours; the windows follow ours$")
        self.assertIn("warn   prom  prometheus", self.text)

    def test_a_server_that_wants_no_credential(self):
        with gate.Server(saying(200, VECTOR)) as server:
            keys = f'type = "prometheus"\nurl = "{server.url}"\nheaders = {{ "X-Scope-OrgID" = "team-7" }}'
            found = self.check(("prom", keys))["prom"]
        self.assertEqual((found["ok"], found["authenticated"], found["permitted"]), (True, None, True))
        self.assertIn("no credential was sent, and none was asked for", found["notes"])

    def test_a_signal_ends_it(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            process = subprocess.Popen([gate.PROGRAM, "sources", "--check", self.gate(self.prom(url))], env=gate.environment(ENV),
                                       stdout=subprocess.PIPE, encoding="utf-8")
            with silent.accept()[0]:  # it is asking
                process.send_signal(signal.SIGINT)
                text = process.communicate(timeout=10)[0]
        self.assertEqual(process.returncode, 130)
        self.assertIn("error[RG1003]: prom: interrupted", text)

    def test_no_time_of_deployment_is_needed(self):
        with gate.Server(prometheus) as server:
            metrics = ('[release]\ndeployed_at = { env = "DEPLOYED_AT" }\n'
                       '[metrics.m]\nsource = "prom"\nquery = "up"\nfail = { increase_over = "10%" }\n')
            self.check(self.prom(server.url), metrics=metrics)
        self.assertEqual(self.exit_code, 0)

    def test_a_variable_by_set(self):
        with gate.Server(prometheus) as server:
            self.check(("prom", 'type = "prometheus"\nurl = "{{where}}"\ntoken = { env = "PROM_TOKEN" }'),
                       metrics='[vars]\nwhere = "http://127.0.0.1:1"\n[metrics.m]\nsource = "prom"\nquery = "up"\nwarn = { above = 1 }\n',
                       options=("--set", f"where={server.url}"))
        self.assertEqual(self.exit_code, 0)


class Transport(Check):
    """Nobody answers."""

    def test_each_failure_has_its_own_sentence(self):
        said = [
            self.refused(self.prom(f"http://127.0.0.1:{free_port()}"), "RG1004", "connection refused", reachable=False,
                         authenticated=None, latency_ms=None),
            self.refused(self.prom("https://metrics.invalid"), "RG1006", "the host name metrics.invalid cannot be resolved",
                         reachable=False),
            self.refused(self.prom(self.tls()), "RG1011", "is self-signed", "ca_file", reachable=False),
        ]
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            said.append(self.refused(self.prom(url, 'timeout = "700ms"'), "RG1001", "no complete answer", reachable=False))
            said.append(self.refused(self.prom(url), "RG1002", "before the deadline (1s)", "raise --deadline",
                                     options=("--deadline", "1s"), reachable=None))
        self.assertEqual(len(set(said)), len(said))

    def tls(self):
        """A server whose certificate nobody knows."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
                        "-days", "30", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                       cwd=self.folder, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        server = gate.Server(prometheus)
        server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server.url.replace("http://", "https://")


class Refusals(Check):
    """Somebody answers, and not with what was wanted."""

    def test_each_refusal_has_its_own_sentence(self):
        cases = [
            (saying(401, "no"), "RG1101", ["does not accept the credential", "env PROM_TOKEN"], {"authenticated": False}),
            (saying(403, "no"), "RG1103", ["refuses permission", "env PROM_TOKEN"], {"permitted": False}),
            (saying(404, "404 page not found"), "RG1104", ["knows no such address", "check `url`"], {}),
            (saying(200, "<html><title>Sign in</title></html>", {"Content-Type": "text/html"}), "RG1202", ["a web page"], {}),
            (saying(502, "<html>Bad Gateway</html>", {"Content-Type": "text/html"}), "RG1150", ["failed (HTTP 502)"], {}),
            (saying(200, "{}"), "RG1203", [], {}),
            (saying(200, VECTOR[:-9]), "RG1201", [], {}),
        ]
        said = []
        for behave, code, words, standing in cases:
            with self.subTest(code=code), gate.Server(behave) as server:
                said.append(self.refused(self.prom(server.url), code, *words, reachable=True, **standing))
        with gate.Server(saying(429, "", {"Retry-After": "3600"})) as server:
            said.append(self.refused(self.prom(server.url), "RG1040", "rate-limited until", reachable=True))
        with gate.Server(prometheus) as server:
            said.append(self.refused(self.prom(server.url), "RG1102", "wants a credential, and env PROM_TOKEN is not set",
                                     env={}, authenticated=False))
            self.assertIn("note: token: PROM_TOKEN is not set, so requests go without it", self.text)
            said.append(self.refused(self.prom(server.url + "/wrong"), "RG1104", "HTTP 404"))
        self.assertEqual(len(set(said)), len(said) - 1)

    def test_what_the_server_repeats_of_the_token_is_not_shown(self):
        with gate.Server(saying(401, f"bad token {TOKEN}", {"X-Echo": TOKEN})) as server:
            self.refused(self.prom(server.url), "RG1101", "it said: bad token ***")

    def test_a_short_rate_limit_is_waited_for(self):
        seen = []

        def once(request):
            seen.append(time.monotonic())
            return (429, {"Retry-After": "1"}, "") if len(seen) == 1 else prometheus(request)

        with gate.Server(once) as server:
            keys = self.prom(server.url)[1].replace("retries = 0", "retries = 1")
            result = run("sources", "--check", self.gate(("prom", keys)), env=ENV)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertGreaterEqual(seen[1] - seen[0], 1.0)


class DatadogRefusals(Check):
    SLO = '[metrics.availability]\nsource = "dd"\nkind = "value"\nslo = "abc"\nwarn = { below = 99 }\n'
    QUERY = '[metrics.latency]\nsource = "dd"\nquery = "avg:x{*}.rollup(avg, 60)"\nwarn = { above = 1 }\n'
    MONITOR = '[metrics.pages]\nsource = "dd"\nkind = "status"\nmonitor = 12\n'

    def test_keys(self):
        with datadog.Datadog() as double:
            self.refused(self.dd(double), "RG1620", "the API key (env DD_API_KEY) is not valid at datadoghq.eu", metrics=self.QUERY,
                         env={**ENV, "DD_API_KEY": "x" * 32}, authenticated=False)
            self.refused(self.dd(double), "RG1620", "there is no API key", "env DD_API_KEY is not set", metrics=self.QUERY,
                         env={}, authenticated=False)
            self.refused(self.dd(double), "RG1620", "the application key (env DD_APP_KEY) may not read anything",
                         metrics=self.QUERY, env={**ENV, "DD_APP_KEY": "y" * 40})
            self.refused(self.dd(double), "RG1620", "there is no application key", "env DD_APP_KEY is not set",
                         metrics=self.QUERY, env={"DD_API_KEY": datadog.API_KEY})

    def test_keys_that_the_file_does_not_name(self):
        with datadog.Datadog() as double:
            bare = ("dd", f'type = "datadog"\nurl = "{double.url}"')
            self.refused(bare, "RG1620", "there is no API key", 'say api_key = { env = "DD_API_KEY" } in the source',
                         metrics=self.QUERY)
            self.refused((bare[0], bare[1] + '\napi_key = { env = "DD_API_KEY" }'), "RG1620", "there is no application key",
                         'say app_key = { env = "DD_APP_KEY" } in the source', metrics=self.QUERY)

    def test_the_scope_that_a_question_needs(self):
        for scope, metric, name in (("timeseries_query", self.QUERY, "latency"), ("slos_read", self.SLO, "availability")):
            with self.subTest(scope=scope), datadog.Datadog() as double:
                double.scopes = {"timeseries_query", "monitors_read", "slos_read"} - {scope}
                self.refused(self.dd(double), "RG1620", f"lacks the scope `{scope}`, needed by {name} (HTTP 403)",
                             f"give env DD_APP_KEY the scope `{scope}`", metrics=metric, authenticated=True, permitted=False)

    def test_several_scopes(self):
        with datadog.Datadog() as double:
            double.scopes = {"monitors_read"}
            self.refused(self.dd(double), "RG1620", "lacks the scopes `slos_read` and `timeseries_query`, needed by availability and latency",
                         metrics=self.QUERY + self.SLO)

    def test_a_scope_that_no_question_needs_is_a_note(self):
        with datadog.Datadog() as double:
            double.scopes = {"timeseries_query"}
            found = self.check(self.dd(double), metrics=self.QUERY)["dd"]
        self.assertEqual(self.exit_code, 0)
        self.assertEqual(found["notes"], ["the application key lacks the scope `monitors_read`, which metrics with a `monitor` need",
                                          "the application key lacks the scope `slos_read`, which metrics with an `slo` need"])

    def test_a_server_that_is_none_of_datadog(self):
        with datadog.Datadog() as double:
            double.fail("/validate", (200, {"Content-Type": "text/html"}, "<html>Log in</html>"), 9)
            self.refused(self.dd(double), "RG1612", "a web page", metrics=self.QUERY)
        with datadog.Datadog() as double:
            double.fail("/validate", datadog.errors(404, "Not found"), 9)
            self.refused(self.dd(double), "RG1623", metrics=self.QUERY)


class JiraRefusals(Check):
    BUGS = '[metrics.bugs]\nsource = "jira"\nkind = "count"\njql = "project in (SHOP, PAY)"\nwarn = { above = 5 }\n'

    def test_an_expired_token_and_a_wrong_one_are_told_apart(self):
        for seraph in (True, False):
            with self.subTest(seraph=seraph), jira.Jira() as double:
                double.seraph = seraph
                self.refused(self.jira(double), "RG1702", "not for the user whose credential was sent",
                             "is env JIRA_API_TOKEN expired or revoked", metrics=self.BUGS,
                             env={**ENV, "JIRA_API_TOKEN": jira.EXPIRED}, authenticated=False, reachable=True)
        with jira.Jira() as double:
            self.refused(self.jira(double), "RG1101", "does not accept the credential", "env JIRA_API_TOKEN", metrics=self.BUGS,
                         env={**ENV, "JIRA_API_TOKEN": "wrong-token"}, authenticated=False)

    def test_a_token_that_is_not_set(self):
        with jira.Jira() as double:
            self.refused(self.jira(double), "RG1102", "wants a credential, and env JIRA_API_TOKEN is not set", metrics=self.BUGS,
                         env={"JIRA_EMAIL": jira.EMAIL}, authenticated=False)

    def test_permission_to_browse(self):
        with jira.Jira() as double:
            double.browses = False
            self.refused(self.jira(double), "RG1714", "may not browse the project PAY", "Browse projects", metrics=self.BUGS,
                         authenticated=True, permitted=False)
        with jira.Jira() as double:
            double.projects = {"SHOP"}
            self.refused(self.jira(double), "RG1714", "may not browse the project PAY", metrics=self.BUGS)

    def test_the_other_deployment(self):
        with jira.Jira("data-center") as double:
            double.fail("/rest/api/3/myself", jira.Jira.myself(double, "user"), 9)
            double.fail("/rest/api/3/mypermissions", (200, JSON, '{"permissions":{}}'), 9)
            double.fail("/rest/api/3/serverInfo", (200, JSON, '{"version":"9.12.4","deploymentType":"Server"}'), 9)
            self.refused(self.jira(double), "RG1715", 'write `deployment = "data-center"`', metrics=self.BUGS)


class Files(Check):
    ROWS = '[metrics.m]\nsource = "rows"\nkind = "value"\naggregate = "mean"\nwarn = { above = 1 }\n'

    def test_files(self):
        source = ("rows", 'type = "file"\npath = "log/*.csv"')
        self.refused(source, "RG1403", 'no file matches "log/*.csv"', metrics=self.ROWS)
        self.write("log/a.csv", "time,value\n")
        (self.folder / "log/b.csv").mkdir()
        self.refused(source, "RG1401", "cannot read", "no regular file", metrics=self.ROWS)
        self.refused(("rows", 'type = "file"\npath = "gate.toml"'), "RG1402", metrics=self.ROWS)


class WrongFile(Check):
    def test_a_wrong_file_or_command_line_is_exit_2(self):
        self.write("gate.toml", "version = 1\n[sources.p]\ntype = 'promethues'\n")
        cases = [
            (("--check", self.folder / "gate.toml"), "did you mean `prometheus`?"),
            (("--check", self.folder / "none.toml"), "error[RG0002]"),
            (("--check", self.folder / "gate.toml", "--deadline", "0s"), "error[RG0005]"),
            (("--check", self.folder / "gate.toml", "--format", "xml"), "error[RG0001]"),
            (("prometheus", "--check", self.folder / "gate.toml"), "error[RG0001]"),
            (("--format", "json"), "error[RG0001]"),
        ]
        for arguments, words in cases:
            with self.subTest(arguments=arguments):
                result = run("sources", *arguments)
                self.assertEqual(result.returncode, 2)
                self.assertIn(words, result.stderr)


if __name__ == "__main__":
    main()
