"""The output of programs: numbers, JSON, JSON Lines; and the programs that fail, hang, flood, fork, or must not be started."""

import json
import os
import pathlib
import time
import unittest

from api_case import TIMES, MetricTest, events_of
from gate import report, run

SECRET = "s3cret-0123456789"


def alive(pid):
    """Whether a process is there and has not ended; one that was told to end gets a moment for it."""
    for _ in range(100):
        try:
            if pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in ("Z", "X"):
                return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.05)
    return True


class CommandTest(MetricTest):
    def script(self, text, name="ask.sh"):
        path = self.write(name, "#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)
        return path

    def gate(self, metric, source="", more=""):
        return self.write("gate.toml", f'version = 1\n[sources.ours]\ntype = "command"\n{source}\n[metrics.m]\nsource = "ours"\n{metric}\n{more}')

    def ask(self, metric, *options, source="", env=None, more=""):
        self.exit_code, self.report = report(self.gate(metric, source, more), *TIMES, *options, env=env)
        return self.report["metrics"]


NUMBER = 'command = ["./ask.sh", "{{start|unix}}", "{{end|unix}}"]\nfail = { increase_over = "50%" }'
NOW = 'command = ["./ask.sh"]\ndesign = "none"\nfail = { above = 100 }'


class Numbers(CommandTest):
    def test_happy_path(self):
        self.script('echo "$1 $2" >> asked; echo $(( ($2 - $1) / 60 ))')
        metric = self.one(NUMBER)
        self.assertEqual(self.values(metric), [30, 30])
        self.assertEqual(metric["kind"], "value")
        # It ran where the gate file is, with the window of each side.
        self.assertEqual(sorted((self.folder / "asked").read_text().split("\n")),
                         ["", "1773747240 1773749040", "1773749040 1773750840"])

    def test_zero(self):
        self.script("echo 0")
        self.assertEqual(self.values(self.one(NUMBER)), [0, 0])

    def test_no_data(self):
        self.script('echo "{\\"n\\": null}"')
        metric = self.one('command = ["./ask.sh", "{{start}}"]\nvalue = "/n"\nfail = { increase_over = "50%" }')
        self.assertEqual(self.values(metric), [None, None])

    def test_malformed(self):
        for text, words in (("echo lots", "the output is no number"), ("true", "the output is no number"), ("echo 1 2", "no number"),
                            ("echo NaN", "no number"), ("printf '\\377'", "no text in UTF-8")):
            with self.subTest(text=text):
                self.script(text)
                self.assertEqual(self.error(NUMBER), "RG1970")
                self.assertIn(words, self.text)

    def test_a_question_about_now_has_no_past(self):
        self.script("echo 7")
        self.assertEqual(self.one(NOW)["candidate"]["value"], 7)
        self.assertEqual(self.error('command = ["./ask.sh"]\nfail = { increase_over = "50%" }'), "RG1965")

    def test_no_shell(self):
        self.script('printf "%s" "$1" > argument; echo 1')
        self.one('command = ["./ask.sh", "$(touch /tmp/no); `x` && {{end}} *"]\nfail = { increase_over = "50%" }')
        self.assertEqual((self.folder / "argument").read_text()[:32], "$(touch /tmp/no); `x` && 2026-03")

    def test_the_same_program_runs_once(self):
        self.script('echo x >> runs; echo 5')
        both = '[metrics.n]\nsource = "ours"\ncommand = ["./ask.sh"]\ndesign = "none"\nfail = { above = 9 }'
        self.one(NOW, more=both)
        self.assertEqual((self.folder / "runs").read_text(), "x\n")


class Json(CommandTest):
    def test_by_pointer(self):
        self.script('echo "{\\"data\\": [{\\"n\\": \\"12.5\\"}]}"')
        metric = self.one('command = ["./ask.sh", "{{end}}"]\nvalue = "/data/0/n"\nfail = { increase_over = "50%" }')
        self.assertEqual(self.values(metric), [12.5, 12.5])
        self.assertEqual(self.error('command = ["./ask.sh", "{{end}}"]\nvalue = "/data/1/n"\nfail = { increase_over = "50%" }'), "RG1963")
        self.assertEqual(self.error('command = ["./ask.sh", "{{end}}"]\nvalue = "/data"\nfail = { increase_over = "50%" }'), "RG1971")
        self.script("echo '{\"data\": '")
        self.assertEqual(self.error('command = ["./ask.sh", "{{end}}"]\nvalue = "/data"\nfail = { increase_over = "50%" }'), "RG1970")

    def test_lines(self):
        lines = [{"at": 1773749040 + 60 * i, "ms": abs(i)} for i in range(-40, 40)]
        self.write("rows.jsonl", "\n".join(map(json.dumps, lines)) + "\n\n")
        self.script("cat rows.jsonl")
        keys = 'command = ["./ask.sh"]\nformat = "json-lines"\ntime = "/at"\ntime_format = "unix"\n'
        metric = self.one(keys + 'fail = { increase_over = "300%" }')
        self.assertEqual([metric["kind"], *events_of(metric)], ["count", 30, 30])
        amounts = self.one(keys + 'value = "/ms"\nfail = { increase_over = "300%" }')
        self.assertEqual([amounts["kind"], *self.values(amounts)], ["samples", 15.5, 14.5])
        self.write("rows.jsonl", '{"at": 1773749040}\n{"at": \n')
        self.assertEqual(self.error(keys + 'fail = { increase_over = "300%" }'), "RG1970")
        self.assertIn("line 2", self.text)


class Trouble(CommandTest):
    def test_exit_code(self):
        self.script(f'echo 5; echo "cannot log in with $TOKEN" >&2; exit 3')
        source = 'environment = { TOKEN = { env = "OURS_TOKEN" }, MODE = "fast" }'
        self.assertEqual(self.error(NUMBER, source=source, env={"OURS_TOKEN": SECRET}), "RG1967")
        self.assertIn("exit code 3", self.text)
        self.assertIn("cannot log in with ***", self.text)
        self.assertNotIn(SECRET, json.dumps(self.report))
        self.script("kill -9 $$")
        self.assertEqual(self.error(NUMBER), "RG1967")
        self.assertIn("exit code 137", self.text)

    def test_not_there(self):
        self.assertEqual(self.error(NUMBER), "RG1966")
        self.assertIn("No such file", self.text)
        self.write("ask.sh", "echo 1")
        self.assertEqual(self.error(NUMBER), "RG1966")
        self.assertIn("Permission denied", self.text)
        checked = run("sources", "--check", self.gate(NUMBER))
        self.assertEqual(checked.returncode, 4)
        self.assertIn("RG1966", checked.stdout + checked.stderr)
        self.script("touch started; echo 1")
        checked = run("sources", "--check", self.gate(NUMBER))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertFalse((self.folder / "started").exists())

    def test_timeout_ends_everything_that_was_started(self):
        self.script('sleep 600 & echo $! > child; echo $$ > own; wait')
        start = time.monotonic()
        self.assertEqual(self.error('command = ["./ask.sh"]\ndesign = "none"\nfail = { above = 1 }', source='timeout = "300ms"'), "RG1968")
        self.assertLess(time.monotonic() - start, 20)
        for name in ("child", "own"):
            self.assertFalse(alive(int((self.folder / name).read_text())), name)

    def test_one_that_does_not_listen_is_killed(self):
        self.script("trap '' TERM; echo $$ > own; while :; do sleep 0.05; done")
        self.assertEqual(self.error(NOW, source='timeout = "300ms"'), "RG1968")
        self.assertFalse(alive(int((self.folder / "own").read_text())))

    def test_what_it_leaves_behind_holds_nobody_up(self):
        self.script("sleep 600 & echo $! > child; echo 4")
        self.assertEqual(self.one(NOW)["candidate"]["value"], 4)
        self.assertFalse(alive(int((self.folder / "child").read_text())))

    def test_the_deadline_ends_it(self):
        self.script("echo $$ > own; exec sleep 600")
        self.assertEqual(self.error(NOW, "--deadline", "1s", source='timeout = "1h"'), "RG1002")
        self.assertFalse(alive(int((self.folder / "own").read_text())))

    def test_a_flood_is_ended(self):
        self.script("echo $$ > own; exec yes")
        self.assertEqual(self.error(NOW, source='max_output = "64KiB"'), "RG1969")
        self.assertFalse(alive(int((self.folder / "own").read_text())))

    def test_the_environment_is_what_was_given(self):
        self.script("env | cut -d= -f1 | sort | tr '\\n' ' ' > names; echo 1")
        self.one(NOW, source='environment = { MODE = "fast" }', env={"SECRET_OF_CI": "x", "LANG": "C.UTF-8"})
        names = set((self.folder / "names").read_text().split()) - {"PWD", "OLDPWD", "SHLVL", "_"}
        self.assertEqual(names, {"HOME", "LANG", "MODE", "PATH"})

    def test_a_credential_must_come_from_outside(self):
        found = run("validate", self.gate(NUMBER, 'environment = { API_TOKEN = "abc" }'))
        self.assertEqual(found.returncode, 2)
        self.assertIn("RG0501", found.stderr)

    def test_what_is_written_to_standard_output_is_redacted(self):
        self.script('echo "$TOKEN"')
        source = 'environment = { TOKEN = { env = "OURS_TOKEN" } }'
        self.assertEqual(self.error(NUMBER, source=source, env={"OURS_TOKEN": SECRET}), "RG1970")
        self.assertNotIn(SECRET, json.dumps(self.report))


class Evidence(CommandTest):
    def test_recorded_and_replayed(self):
        self.script('echo x >> runs; echo 8')
        folder = self.folder / "evidence"
        first = self.one(NUMBER, "--record", folder)
        self.assertEqual((self.folder / "runs").read_text(), "x\nx\n")
        os.remove(self.folder / "ask.sh")
        again = report("--replay", folder)[1]["metrics"][0]
        self.assertEqual(again, first)
        self.script("echo broken >&2; exit 1")
        failed = self.folder / "failed"
        self.assertEqual(self.error(NUMBER, "--record", failed), "RG1967")
        self.assertEqual(report("--replay", failed)[1]["metrics"][0]["error"]["code"], "RG1967")


class Trust(CommandTest):
    def test_an_untrusted_file_starts_nothing(self):
        self.script("touch started; echo 1")
        for command in (("check",), ("plan",), ("query",), ("watch", "--for", "1s", "--every", "1s")):
            with self.subTest(command=command):
                more = ("m",) if command[0] == "query" else ()
                found = run(command[0], self.gate(NUMBER), *more, *TIMES[:2], *command[1:], "--untrusted")
                self.assertEqual(found.returncode, 2, found.stderr)
                self.assertIn("RG1960", found.stderr)
        self.assertFalse((self.folder / "started").exists())

    def test_an_untrusted_file_gets_nothing_of_the_environment(self):
        text = '''version = 1
[sources.api]
type = "http-json"
url = { env = "SECRET_URL", default = "http://127.0.0.1:9" }
%s
[metrics.m]
source = "api"
path = "/x"
value = "/n"
design = "none"
fail = { above = 1 }
'''
        plain = run("plan", self.write("gate.toml", text % ""), *TIMES, "--untrusted", env={"SECRET_URL": "http://127.0.0.1:8/secret"})
        self.assertEqual(plain.returncode, 0, plain.stderr)
        self.assertNotIn("secret", plain.stdout)
        self.write("token.txt", SECRET)
        for line, code in (('token = { file = "token.txt" }', "RG1961"), ('headers = { X = "1" }', "RG1961"),
                           ('proxy = "http://127.0.0.1:3128"', "RG1961"), ("insecure = true", "RG1961")):
            with self.subTest(line=line):
                found = run("plan", self.write("gate.toml", text % line), *TIMES, "--untrusted")
                self.assertEqual(found.returncode, 2)
                self.assertIn(code, found.stderr)
                self.assertNotIn(SECRET, found.stderr)

    def test_an_untrusted_file_does_not_reach_where_clouds_hand_out_credentials(self):
        text = '''version = 1
[sources.api]
type = "http-json"
url = "http://169.254.169.254"
retries = 0
[metrics.m]
source = "api"
path = "/latest/meta-data"
value = "/n"
design = "none"
fail = { above = 1 }
'''
        code, found = report(self.write("gate.toml", text), *TIMES, "--untrusted", "--deadline", "5s")
        self.assertEqual(code, 4)
        self.assertEqual(found["metrics"][0]["error"]["code"], "RG1053")


class Keys(CommandTest):
    def test_keys_that_do_not_fit(self):
        for metric, words in (("fail = { above = 1 }", "no `command` says what is started"),
                              ('command = []\nfail = { above = 1 }', "no `command` says what is started"),
                              ('command = ["x", "{{start|week}}"]\nfail = { above = 1 }', "there is no form `week`"),
                              ('command = ["x"]\nformat = "xml"\nfail = { above = 1 }', "`format` is number, json or json-lines"),
                              ('command = ["x"]\nformat = "number"\nvalue = "/n"\nfail = { above = 1 }', "no meaning for format"),
                              ('command = ["x"]\nformat = "json"\nfail = { above = 1 }', "neither `value` nor `items`"),
                              ('command = ["x"]\nformat = "json-lines"\nfail = { increase_over = "9%" }', "items without `time`")):
            with self.subTest(metric=metric):
                found = run("validate", self.gate(metric))
                self.assertEqual(found.returncode, 2, found.stdout)
                self.assertIn("RG1910", found.stderr)
                self.assertIn(words, found.stderr)


if __name__ == "__main__":
    unittest.main()
