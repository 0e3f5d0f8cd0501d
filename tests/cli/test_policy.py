"""A gate file that nobody vouches for under a policy that is trusted: what it may add, and that it makes nothing better."""

import unittest

from gate import report, run
from untrusted import ROWS, SECRET, TIMES, UntrustedTest

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
        self.write("rows.csv", ROWS)

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
