"""Gate files that nobody vouches for: which files, servers and variables they reach, and what they may add to a policy."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "doubles"))
from double import Double, answer  # noqa: E402
from gate import report, run  # noqa: E402

TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
SECRET = "tk-5a1b9c77d0e2"


class Api(Double):
    """Answers every question with {"n": 1}."""

    def handle(self, request):
        return answer(200, {"n": 1})


class UntrustedTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.outside = pathlib.Path(folder.name)
        self.folder = self.outside / "checkout"
        self.folder.mkdir()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def api(self):
        api = Api()
        self.enterContext(api)
        return api

    def code_of(self, *arguments, **keywords):
        status, found = report(*arguments, *TIMES, "--deadline", "10s", **keywords)
        error = found["metrics"][0]["error"]
        return status, error and error["code"]


class Files(UntrustedTest):
    ROWS = "time,value\n" + "".join(f"2026-03-17T12:{minute:02}:30Z,{1 + minute % 2}\n" for minute in range(59))

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
        (self.outside / "secret.csv").write_text(self.ROWS)
        (self.outside / "data").mkdir()
        (self.outside / "data" / "a.csv").write_text(self.ROWS)
        self.write("rows.csv", self.ROWS)
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
        (self.folder / ".git" / "rows.csv").write_text(self.ROWS)
        self.write(".rows.csv", self.ROWS)
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


POLICY = '''version = 1
name = "shop"
[vars]
app    = "shop"
hidden = {{ env = "HIDDEN" }}
deeper = "x-{{{{hidden}}}}"
[sources.api]
type  = "http-json"
url   = "{url}"
token = {{ env = "TOKEN" }}
retries = 0
[sources.rows]
type = "file"
path = "rows.csv"
[metrics.errors]
source = "api"
path   = "/errors"
value  = "/n"
design = "none"
required = true
fail   = {{ above = {limit} }}
'''
ENV = {"TOKEN": SECRET, "HIDDEN": "hd-77"}
ADDED = '''[metrics.added]
source = "rows"
kind   = "samples"
design = "none"
fail   = { above = 5 }
'''


class Policy(UntrustedTest):
    def setUp(self):
        super().setUp()
        self.served = self.api()
        self.write("rows.csv", Files.ROWS)

    def policy(self, limit=1, more=""):
        self.text = POLICY.format(url=self.served.url, limit=limit) + more
        return self.write("policy.toml", self.text)

    def check(self, fork, *more, policy=None):
        policy = policy or self.policy()
        return report(self.write("fork.toml", fork), *TIMES, "--untrusted", "--policy", policy, *more,
                      env=ENV)

    def refused(self, fork, code):
        found = run("check", self.write("fork.toml", fork), *TIMES, "--untrusted", "--policy", self.policy(), env=ENV)
        self.assertEqual(found.returncode, 2, found.stdout)
        self.assertIn(code, found.stderr)
        self.assertNotIn("hd-77", found.stderr + found.stdout)
        self.assertEqual(self.served.requests, [])
        return found.stderr

    def test_the_same_file_says_nothing_new(self):
        self.policy()
        found = run("check", self.write("fork.toml", self.text), *TIMES, "--untrusted", "--policy", self.folder / "policy.toml",
                    env=ENV)
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertNotIn("RG0416", found.stderr)
        self.assertEqual(self.served.requests[0].headers.get("Authorization"), "Bearer " + SECRET)

    def test_what_the_policy_says_stands(self):
        thief = self.api()
        policy = self.policy(limit=0)
        for old, new in (("above = 0", "above = 100"), ("required = true", "required = false"), (self.served.url, thief.url),
                         ("version = 1", "version = 1\n[verdict]\non_error = \"pass\"\n"), ('value  = "/n"', 'value  = "/n"\nenabled = false'),
                         ('path   = "/errors"', 'path   = "/other"')):
            with self.subTest(new=new):
                self.served.requests.clear()
                fork = self.text.replace(old, new)
                self.assertNotEqual(fork, self.text)
                found = run("check", self.write("fork.toml", fork), *TIMES, "--untrusted", "--policy", policy, env=ENV)
                self.assertEqual(found.returncode, 1, found.stderr)
                self.assertIn("RG0416", found.stderr)
                self.assertEqual([request.path for request in self.served.requests], ["/errors"])
        self.assertEqual(thief.requests, [])

    def test_metrics_of_new_names_are_added_and_judged(self):
        status, found = self.check(self.policy().read_text() + ADDED)
        self.assertEqual((status, [metric["id"] for metric in found["metrics"]]), (0, ["errors", "added"]))
        self.assertEqual(found["metrics"][1]["verdict"], "pass")
        self.assertTrue(any("`added` is from" in note and "not trusted" in note for note in found["notes"]), found["notes"])
        self.assertEqual(found["gate"]["file"], str(self.folder / "policy.toml"))
        status, found = self.check(ADDED.replace("above = 5", "above = 0"))
        self.assertEqual((status, found["metrics"][1]["verdict"]), (1, "fail"))

    def test_added_metrics_do_not_make_a_verdict_better(self):
        policy = self.policy(limit=0, more="[verdict]\npass_score = 50\n")
        text = policy.read_text().replace("required = true", "required = false")
        policy.write_text(text)
        many = "".join(ADDED.replace("added", f"added{i}") for i in range(20)).replace("design", "weight = 100\ndesign")
        status, found = self.check(many, policy=policy)
        self.assertEqual((status, found["score"]), (1, 0.0))

    def test_an_added_metric_is_no_required_metric_that_was_judged(self):
        for criterion in ("required = false\nfail   = { above = 0 }", "warn   = { above = 0 }"):
            with self.subTest(criterion=criterion):
                policy = self.policy(limit=0)
                policy.write_text(policy.read_text().replace("required = true\nfail   = { above = 0 }", criterion))
                alone = self.check("version = 1\n", policy=policy)
                status, found = self.check(ADDED, policy=policy)
                self.assertEqual((alone[0], status, found["verdict"]), (3, 3, "inconclusive"))
                self.assertEqual(found["metrics"][1]["verdict"], "pass")

    def test_added_metrics_are_no_part_of_the_policy_s_correction(self):
        rows = ["time,value"] + [f"2026-03-17T{11 + (i >= 12)}:{i % 12 * 5:02}:30Z,{100 + (i * 7) % 5 + (4 if i >= 12 else 0)}" for i in range(24)]
        self.write("rows.csv", "\n".join(rows) + "\n")
        metric = '[metrics.%s]\nsource = "rows"\nstep = "5m"\nbaseline = { window = "1h" }\ncandidate = { window = "1h" }\nfail = { increase_over = "0%%" }\n'
        family = '[verdict]\nfamily = "holm"\n' + metric % "own" + metric % "second"
        many = "".join(metric % f"more{i}" for i in range(30))
        p_values = []
        for own, fork in ((family, "version = 1\n"), (family, many), (family + many, "version = 1\n")):
            _, found = self.check(fork, policy=self.policy(more=own))
            own = next(metric for metric in found["metrics"] if metric["id"] == "own")
            p_values.append((own["verdict"], own["criteria"][0]["p_value"]))
        self.assertEqual(p_values[0], p_values[1])
        self.assertLess(p_values[0][1], p_values[2][1])

    def test_what_an_added_metric_must_not_do(self):
        self.refused(ADDED.replace('kind ', 'path = "/etc/passwd"\nkind '), "RG1961")
        self.refused(ADDED.replace('"rows"', '"api"').replace('kind   = "samples"', 'path = "/admin"\nvalue = "/n"'), "RG1961")
        self.refused(ADDED.replace('kind ', 'title = "{{hidden}}"\nkind '), "RG0402")
        self.refused(ADDED.replace('kind ', 'title = "{{deeper}}"\nkind '), "RG0402")
        self.refused(ADDED.replace('kind ', 'title = { env = "HIDDEN" }\nkind '), "RG")
        self.refused(ADDED.replace('kind ', 'delimiter = ";"\nkind '), "RG")
        self.refused(ADDED.replace('"rows"', '"mine"') + '[sources.mine]\ntype = "file"\npath = "rows.csv"\n', "RG0")
        self.refused("[metrics", "RG0101")
        status, found = self.check(ADDED.replace("kind ", 'title = "{{app}}"\nkind '))
        self.assertEqual((status, found["metrics"][1]["title"]), (0, "shop"))

    def test_what_comes_with_the_command_or_the_tracks_is_not_the_guest_s(self):
        tracks = '[compare.tracks]\nbaseline = { ver = { env = "HIDDEN" }, app2 = "a" }\ncandidate = { ver = "y", app2 = "b" }\n'
        for text, more in (('title = "{{ver}}"', ()), ('value = "v{{ver}}"', ()), ('title = "{{app}}"', ("--set", "app=hd-77"))):
            with self.subTest(text=text):
                fork = self.write("fork.toml", ADDED.replace("kind ", f"{text}\nkind "))
                found = run("check", fork, *TIMES, "--untrusted", "--policy", self.policy(more=tracks), *more, env=ENV)
                self.assertEqual(found.returncode, 2, found.stdout)
                self.assertIn("RG0402", found.stderr)
                self.assertNotIn("hd-77", found.stderr + found.stdout)

    def test_an_added_metric_asks_no_other_repository(self):
        policy = self.policy(more=f'[sources.hub]\ntype = "github-deployments"\nurl = "{self.served.url}"\nrepository = "own/repo"\ntoken = {{ env = "TOKEN" }}\n'
                                  'environment = "production"\n')
        metric = '[metrics.added]\nsource = "hub"\nkind = "count"\nrepository = "other/private"\nevents = { measure = "deployments" }\nwarn = { decrease_over = "50%" }\n'
        found = run("check", self.write("fork.toml", metric), *TIMES, "--untrusted", "--policy", policy, env=ENV)
        self.assertEqual(found.returncode, 2, found.stdout)
        self.assertIn("RG1961", found.stderr)
        self.assertEqual(self.served.requests, [])

    def test_an_added_metric_starts_no_program_of_the_policy(self):
        policy = self.policy(more='[sources.tool]\ntype = "command"\n')
        fork = self.write("fork.toml", '[metrics.run]\nsource = "tool"\ncommand = ["touch", "started"]\ndesign = "none"\nfail = { above = 1 }\n')
        found = run("check", fork, *TIMES, "--untrusted", "--policy", policy, env=ENV)
        self.assertEqual(found.returncode, 2)
        self.assertIn("RG1960", found.stderr)
        self.assertFalse((self.folder / "started").exists())

    def test_a_recording_is_replayed_under_its_policy(self):
        recording = self.folder / "evidence"
        policy = self.policy()
        first = self.check(ADDED, "--record", recording, policy=policy)
        policy.unlink()
        (self.folder / "fork.toml").unlink()
        again = report("--replay", recording)
        self.assertEqual((first[0], first[1]["metrics"], first[1]["notes"]), (again[0], again[1]["metrics"], again[1]["notes"]))
        for file in recording.rglob("*"):
            self.assertTrue(file.is_dir() or SECRET not in file.read_text(), file)

    def test_validate_and_plan_know_the_policy(self):
        policy = self.policy()
        fork = self.write("fork.toml", ADDED)
        for command in (("validate", fork), ("plan", fork, *TIMES)):
            with self.subTest(command=command[0]):
                found = run(*command, "--untrusted", "--policy", policy, env=ENV)
                self.assertEqual(found.returncode, 0, found.stderr)
        self.assertIn("added", found.stdout)
        self.assertEqual(self.served.requests, [])


if __name__ == "__main__":
    unittest.main()
