"""The sources that read reports of tools, through the program: both sides, what is wrong before anything is read, the evidence."""

import os

from gate import GateTest, main, report, run

JUNIT = '<testsuite timestamp="2026-03-17T12:00:00Z"><testcase name="a"/><testcase name="b">{}</testcase></testsuite>'
WHEN = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z")


class Reports(GateTest):
    def gate(self, metric, source='type = "junit"\npath = "junit.xml"\n', top=""):
        return self.write("gate.toml", f'version = 1\n{top}\n[sources.tests]\n{source}\n[metrics.m]\nsource = "tests"\n{metric}\n')

    def one(self, *arguments, when=WHEN):
        self.exit_code, self.report = report(self.gate(*arguments), *when)
        return self.report["metrics"][0]

    def test_the_kind_and_the_unit_are_known(self):
        self.write("junit.xml", JUNIT.format("<failure/>"))
        metric = self.one('measure = "pass_rate"\nbetter = "higher"\nfail = { below = "60%" }')
        self.assertEqual((metric["kind"], metric["unit"], metric["candidate"]["value"], metric["candidate"]["at"]),
                         ("value", "%", 50, "2026-03-17T12:00:00Z"))
        self.assertEqual((metric["verdict"], self.exit_code), ("fail", 1))

    def test_a_missing_report_fails_closed(self):
        metric = self.one('measure = "failed"\nfail = { above = 0 }')
        self.assertEqual((metric["error"]["code"], metric["candidate"]["value"], self.exit_code), ("RG1403", None, 4))

    def test_no_test_is_no_data(self):
        self.write("junit.xml", "<testsuites/>")
        metric = self.one('measure = "failed"\nfail = { above = 0 }')
        self.assertEqual((metric["evidence"], metric["verdict"], self.exit_code), ("none", "inconclusive", 3))
        self.assertIn("no test ran", metric["headline"])

    def test_the_baseline_is_a_file_of_its_own(self):
        self.write("junit.xml", JUNIT.format("<failure/>"))
        self.write("main.xml", JUNIT.format(""))
        change = 'measure = "pass_rate"\nbetter = "higher"\nfail = { decrease_over = "1pp" }\n'
        both = 'type = "junit"\npath = "junit.xml"\nbaseline_path = "main.xml"\n'
        for when in (WHEN, WHEN[2:]):  # the time of the deployment has no meaning for files
            metric = self.one(change, both, when=when)
            self.assertEqual((metric["baseline"]["value"], metric["candidate"]["value"], metric["verdict"]), (100, 50, "fail"))

    def test_two_tracks_are_two_files(self):
        self.write("junit-canary.xml", JUNIT.format("<failure/>"))
        self.write("junit-stable.xml", JUNIT.format(""))
        metric = self.one('measure = "failed"\nbaseline = { path = "junit-stable.xml" }\nfail = { increase_over = 0 }',
                          'type = "junit"\npath = "junit-canary.xml"\n', '[compare]\ndesign = "snapshot"')
        self.assertEqual((metric["baseline"]["value"], metric["candidate"]["value"], metric["verdict"]), (0, 1, "fail"))

    def test_a_change_without_a_baseline_is_no_data(self):
        self.write("junit.xml", JUNIT.format(""))
        metric = self.one('measure = "failed"\nfail = { increase_over = 0 }')
        self.assertEqual((metric["evidence"], self.exit_code), ("none", 3))
        self.assertIn("a file has no past, and no `baseline_path` names", metric["headline"])

    def test_mistakes_are_found_before_anything_is_read(self):
        table = {
            'measure = "faild"': ("RG1505", "did you mean `failed`?"),
            'title = "x"': ("RG1505", "no `measure` says what is asked"),
            'measure = "new_failed"': ("RG1507", "compares with the version before"),
            'measure = "pass_rate"\nunit = "s"': ("RG0213", 'comes in "%"'),
            'measure = "failed"\nkind = "samples"': ("RG0235", "only the newest value is known"),
        }
        for metric, (code, words) in table.items():
            with self.subTest(metric):
                done = run("validate", self.gate(metric + "\nfail = { above = 0 }"))
                self.assertEqual(done.returncode, 2)
                self.assertIn(f"error[{code}]", done.stderr)
                self.assertIn(words, done.stderr)

    def test_links_out_of_the_workspace_are_not_followed(self):
        outside = self.write("elsewhere/junit.xml", JUNIT.format(""))
        (self.folder / "ws").mkdir()
        os.symlink(outside, self.folder / "ws" / "junit.xml")
        metric = self.one('measure = "failed"\nfail = { above = 0 }', 'type = "junit"\npath = "junit.xml"\nroot = "ws"\n')
        self.assertEqual(metric["error"]["code"], "RG1501")

    def test_the_evidence_replays_without_the_files(self):
        path = self.write("junit.xml", JUNIT.format("<failure/>"))
        gate = self.gate('measure = "failed"\nfail = { above = 0 }')
        evidence = self.folder / "evidence"
        self.assertEqual(report(gate, *WHEN, "--record", evidence)[0], 1)
        path.unlink()
        code, replayed = report(gate, *WHEN, "--replay", evidence)
        self.assertEqual((code, replayed["metrics"][0]["candidate"]["value"]), (1, 1))

    def test_check_and_plan(self):
        self.write("junit.xml", JUNIT.format(""))
        gate = self.gate('measure = "failed"\nfail = { above = 0 }')
        self.assertRegex(run("sources", "--check", gate).stdout, r"ok +tests +junit +1 file, newest changed 20")
        planned = run("plan", gate).stdout
        self.assertIn("READ junit.xml (1 file)  failed of junit.xml", planned)
        (self.folder / "junit.xml").unlink()
        self.assertIn("no file matches", run("sources", "--check", gate).stdout)


if __name__ == "__main__":
    main()
