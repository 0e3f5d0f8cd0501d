"""Gate files that nobody vouches for: which files, servers and variables they reach."""

import json
import unittest

from gate import report, run
from untrusted import ROWS, SECRET, TIMES, UntrustedTest


class Files(UntrustedTest):
    def gate(self, path):
        return self.write("gate.toml", f'''version = 1
[sources.rows]
type = "file"
path = "{path}"
format = "csv"
[metrics.m]
source = "rows"
design = "none"
fail   = {{ above = 5 }}
''')

    def test_files_are_read_inside_of_the_folder_alone(self):
        (self.outside / "secret.csv").write_text(ROWS)
        (self.outside / "data").mkdir()
        (self.outside / "data" / "a.csv").write_text(ROWS)
        self.write("rows.csv", ROWS)
        (self.folder / "link.csv").symlink_to(self.outside / "secret.csv")
        (self.folder / "inner.csv").symlink_to("rows.csv")
        (self.folder / "linked").symlink_to(self.outside / "data")
        for path in ("rows.csv", "*ws.csv", "inner.csv", "../checkout/rows.csv"):
            with self.subTest(path=path):
                self.assertEqual(self.code_of(self.gate(path), "--untrusted"), (0, None))
        for path in ("../secret.csv", str(self.outside / "secret.csv"), "link.csv", "l*k.csv", "linked/a.csv", "*/a.csv", "../*.csv"):
            with self.subTest(path=path):
                self.assertEqual(self.code_of(self.gate(path)), (0, None))
                self.assertEqual(self.code_of(self.gate(path), "--untrusted"), (4, "RG1501"))

    def test_whether_a_file_outside_is_there_is_not_told(self):
        self.assertEqual(self.code_of(self.gate("../nothing.csv")), (4, "RG1403"))
        self.assertEqual(self.code_of(self.gate("../nothing.csv"), "--untrusted"), (4, "RG1501"))

    def test_the_environment_of_the_process_is_no_file(self):
        self.assertEqual(self.code_of(self.gate("/proc/self/environ"), "--untrusted", env={"SECRET": SECRET}), (4, "RG1501"))
        (self.folder / "environ").symlink_to("/proc/self/environ")
        status, found = report(self.gate("environ"), *TIMES, "--untrusted", env={"SECRET": SECRET})
        self.assertEqual(status, 4)
        self.assertNotIn(SECRET, json.dumps(found))

    def test_reports_logs_surveys_and_the_scanner_s_task(self):
        (self.outside / "junit.xml").write_text('<testsuite name="s" tests="1"><testcase name="a" classname="b"/></testsuite>')
        (self.outside / "events.jsonl").write_text('{"time":"2026-03-17T12:10:00Z","user_id":"u","event":"e"}\n')
        (self.outside / "users.csv").write_text("user_id\nu\n")
        (self.outside / "nps.csv").write_text("time,score\n2026-03-17T12:10:00Z,9\n")
        (self.outside / "report-task.txt").write_text("serverUrl=http://127.0.0.1:1\nceTaskId=AX\nprojectKey=p\n")
        self.write("events.jsonl", (self.outside / "events.jsonl").read_text())
        sources = {
            "junit": ('type = "junit"\npath = "junit.xml"\nroot = ".."', 'measure = "failed"'),
            "event-log": ('type = "event-log"\npath = "events.jsonl"\nroot = ".."', 'kind = "count"\nevents = { measure = "events" }'),
            "eligible": ('type = "event-log"\nroot = ".."\npath = "checkout/events.jsonl"\neligible = "users.csv"', 'measure = "active_users"\nkind = "value"'),
            "survey": (f'type = "survey"\npath = "nps.csv"\nroot = "{self.outside}"', 'measure = "nps"'),
            "sonarqube": ('type = "sonarqube"\nurl = "http://127.0.0.1:1"\nproject = "p"\nretries = 0\nreport_task = "../report-task.txt"',
                          'measure = "coverage"'),
        }
        for name, (source, metric) in sources.items():
            with self.subTest(source=name):
                gate = self.write("gate.toml", f'version = 1\n[sources.s]\n{source}\n[metrics.m]\nsource = "s"\n{metric}\ndesign = "none"\n'
                                               "fail = { above = 1000 }\n")
                self.assertNotEqual(self.code_of(gate)[1], "RG1501")
                self.assertEqual(self.code_of(gate, "--untrusted"), (4, "RG1501"))

    def test_hidden_files_are_not_read(self):
        (self.folder / ".git").mkdir()
        (self.folder / ".git" / "rows.csv").write_text(ROWS)
        self.write(".rows.csv", ROWS)
        for path in (".git/rows.csv", ".rows.csv", ".git/*.csv"):
            with self.subTest(path=path):
                self.assertEqual(self.code_of(self.gate(path)), (0, None))
                self.assertEqual(self.code_of(self.gate(path), "--untrusted"), (4, "RG1501"))

    def test_the_gate_file_itself_is_no_link(self):
        (self.outside / "outside.toml").write_text("secret = 'sk-4471'\nversion = [")
        link = self.folder / "gate.toml"
        for target in ("/proc/self/environ", self.outside / "outside.toml"):
            link.unlink(missing_ok=True)
            link.symlink_to(target)
            for command in (("check", link, *TIMES), ("validate", link), ("plan", link, *TIMES), ("sources", "--check", link)):
                with self.subTest(target=target, command=command[0]):
                    found = run(*command, "--untrusted", env={"SECRET": SECRET})
                    self.assertEqual(found.returncode, 2)
                    self.assertIn("RG1501", found.stderr + found.stdout)
                    self.assertNotIn(SECRET, found.stderr + found.stdout)
                    self.assertNotIn("sk-4471", found.stderr + found.stdout)
        (self.folder / "linked").symlink_to(self.outside)
        found = run("check", "linked/outside.toml", *TIMES, "--untrusted", cwd=self.folder)
        self.assertEqual((found.returncode, "sk-4471" in found.stderr), (2, False))
        self.assertIn("RG1501", found.stderr)

    def test_variables_that_grow_end_at_once(self):
        doubling = "".join(f'v{i} = "{{{{v{i + 1}}}}}{{{{v{i + 1}}}}}"\n' for i in range(40)) + 'v40 = "x"\n'
        chain = "".join(f'v{i} = "{{{{v{i + 1}}}}}"\n' for i in range(20000)) + 'v20000 = "x"\n'
        for variables in (doubling, chain):
            gate = self.gate("rows.csv")
            gate.write_text(gate.read_text().replace("[metrics.m]", '[metrics.m]\ntitle = "{{v0}}"') + "[vars]\n" + variables)
            found = run("validate", gate, "--untrusted", timeout=20)
            self.assertEqual(found.returncode, 2)
            self.assertIn("RG0417", found.stderr)

    def test_files_of_certificates_are_refused(self):
        for key in ('ca_file = "x.pem"', 'client_cert = "x.pem"', 'client_key = "x.pem"', "google_metadata = true"):
            with self.subTest(key=key):
                kind = "prometheus" if "google" in key else "http-json"
                gate = self.write("gate.toml", f'version = 1\n[sources.s]\ntype = "{kind}"\nurl = "https://h"\n{key}\n'
                                               '[metrics.m]\nsource = "s"\npath = "/"\nvalue = "/n"\ndesign = "none"\nfail = { above = 1 }\n')
                found = run("validate", gate, "--untrusted")
                self.assertEqual(found.returncode, 2)
                self.assertIn("RG1961", found.stderr)


HTTP = '''version = 1
[sources.api]
type  = "http-json"
url   = "{url}"
token = {{ env = "{token}" }}
retries = 0
[metrics.m]
source = "api"
path   = "/x"
value  = "/n"
{more}
design = "none"
fail   = {{ above = 1 }}
'''


class Servers(UntrustedTest):
    def gate(self, url, token="TOKEN", more=""):
        return self.write("gate.toml", HTTP.format(url=url, token=token, more=more))

    def test_only_the_allowed_servers_are_asked(self):
        api, other = self.api(), self.api()
        gate = self.gate(api.url)
        self.assertEqual(self.code_of(gate, "--untrusted", "--allow-host", api.url), (0, None))
        self.assertEqual(self.code_of(gate, "--untrusted", "--allow-host", other.url, "--allow-host", api.url + "/"), (0, None))
        self.assertEqual(self.code_of(gate, "--untrusted", "--allow-host", api.url, env={"http_proxy": other.url, "no_proxy": ""}), (0, None))
        asked = len(api.requests)
        for hosts in ((other.url,), (api.url.replace("http", "https"),), (api.url.replace("127.0.0.1", "localhost"),), ("http://127.0.0.1",)):
            with self.subTest(hosts=hosts):
                self.assertEqual(self.code_of(gate, "--untrusted", *(word for host in hosts for word in ("--allow-host", host))), (4, "RG1055"))
        self.assertEqual(len(api.requests), asked)
        self.assertEqual(other.requests, [])
        checked = run("sources", "--check", gate, "--untrusted", "--allow-host", other.url)
        self.assertEqual(checked.returncode, 4, checked.stdout)
        self.assertIn("RG1055", checked.stdout + checked.stderr)
        self.assertEqual(len(api.requests), asked)

    def sent(self, api):
        return [request.headers.get("Authorization") for request in api.requests]

    def test_a_variable_goes_to_its_key_and_its_server_alone(self):
        api, thief = self.api(), self.api()
        allowed = ("--untrusted", "--allow-host", api.url, "--allow-env", "TOKEN=sources.api.token")
        env = {"TOKEN": SECRET, "OTHER": "tk-other-9911"}
        self.assertEqual(self.code_of(self.gate(api.url), *allowed, env=env), (0, None))
        self.assertEqual(self.sent(api), ["Bearer " + SECRET])
        api.requests.clear()
        self.assertEqual(self.code_of(self.gate(thief.url), *allowed, env=env), (4, "RG1055"))
        self.assertEqual(thief.requests, [])
        self.assertEqual(self.code_of(self.gate(api.url, token="OTHER"), *allowed, env=env), (0, None))
        self.assertEqual(self.sent(api), [None])
        self.assertEqual(self.code_of(self.gate(api.url), "--untrusted", "--allow-host", api.url, env=env), (0, None))
        self.assertEqual(self.sent(api), [None, None])

    def test_a_variable_is_no_title_no_address_and_no_other_source_s(self):
        api = self.api()
        allowed = ("--untrusted", "--allow-host", api.url, "--allow-env", "TOKEN=sources.api.token")
        text = HTTP.format(url=api.url, token="TOKEN", more='title = "{{t}}"') + '[vars]\nt = { env = "TOKEN" }\n'
        found = run("check", self.write("gate.toml", text), *TIMES, *allowed, env={"TOKEN": SECRET})
        self.assertEqual(found.returncode, 2)
        self.assertIn("RG0402", found.stderr)
        url = HTTP.format(url="@", token="TOKEN", more="").replace('"@"', f'{{ env = "TOKEN", default = "{api.url}" }}')
        self.assertEqual(self.code_of(self.write("gate.toml", url), *allowed, env={"TOKEN": "http://127.0.0.1:1"}), (0, None))
        api.requests.clear()
        renamed = HTTP.format(url=api.url, token="TOKEN", more="").replace("sources.api", "sources.b").replace('"api"', '"b"')
        self.assertEqual(self.code_of(self.write("gate.toml", renamed), *allowed, env={"TOKEN": SECRET}), (0, None))
        self.assertEqual(self.sent(api), [None])

    def test_a_recording_is_replayed_with_what_was_allowed(self):
        api = self.api()
        allowed = ("--untrusted", "--allow-host", api.url, "--allow-env", "TOKEN=sources.api.token")
        recording = self.folder / "evidence"
        first = report(self.gate(api.url), *TIMES, *allowed, "--record", recording, env={"TOKEN": SECRET})
        again = report("--replay", recording)
        self.assertEqual((first[0], first[1]["verdict"], first[1]["metrics"]), (again[0], again[1]["verdict"], again[1]["metrics"]))
        self.assertEqual(json.loads((recording / "run.json").read_text())["trust"]["allow_host"], [api.url])
        for file in recording.rglob("*"):
            self.assertTrue(file.is_dir() or SECRET not in file.read_text(), file)

    def test_options_that_say_nothing_usable(self):
        gate = self.gate("http://127.0.0.1:1")
        for options, words in ((("--allow-env", "TOKEN=sources.api.token"), "without --allow-host"),
                               (("--allow-env", "TOKEN=sources.api.token", "--allow-host", "http://h", "--allow-host", "http://g"), "several"),
                               (("--allow-env", "TOKEN", "--allow-host", "http://h"), "one key of one source"),
                               (("--allow-env", "TOKEN=vars.t", "--allow-host", "http://h"), "one key of one source"),
                               (("--allow-env", "TOKEN=sources.api", "--allow-host", "http://h"), "one key of one source"),
                               (("--allow-env", "TOKEN=sources.api.headers.X", "--allow-host", "http://h"), "one key of one source"),
                               (("--allow-host", "h.example.com"), "no http or https address"),
                               (("--allow-host", "https://h/api"), "more than a scheme")):
            with self.subTest(options=options):
                found = run("check", gate, *TIMES, "--untrusted", *options)
                self.assertEqual(found.returncode, 2)
                self.assertIn("RG0015", found.stderr)
                self.assertIn(words, found.stderr)
        for options in (("--allow-host", "http://h"), ("--allow-env", "T=sources.a.token"), ("--policy", "p.toml"),
                        ("--untrusted", "--policy", "p.toml", "--allow-host", "http://h")):
            with self.subTest(options=options):
                found = run("check", gate, *TIMES, *options)
                self.assertEqual(found.returncode, 2)
                self.assertIn("RG0001", found.stderr)


class Proxies(UntrustedTest):
    def test_no_proxy_of_the_environment_looks_up_names_for_an_untrusted_file(self):
        """It would connect to 169.254.169.254 where the program itself refuses to."""
        proxy = self.api()
        gate = self.write("gate.toml", HTTP.format(url="http://169.254.169.254", token="TOKEN", more=""))
        self.assertEqual(self.code_of(gate, "--untrusted", env={"http_proxy": proxy.url}), (4, "RG1053"))
        self.assertEqual(proxy.requests, [])
        self.assertEqual(self.code_of(gate, env={"http_proxy": proxy.url}), (0, None))
        self.assertEqual(len(proxy.requests), 1)


if __name__ == "__main__":
    unittest.main()
