"""The command line of publishing: what is found before anything is asked, and reports that are read back."""

import json
import pathlib
import signal
import subprocess
import time

import gate
from publish_case import HEAD, WHEN, PublishTest, measured, metric, report_of
import chat  # noqa: I001

SCENARIOS = gate.ROOT / "tests" / "scenarios"


class CommandLine(PublishTest):
    def refused(self, *arguments, code="RG0001"):
        result = measured(HEAD + metric("worse"), *arguments, env=self.pipeline())
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertIn(f"error[{code}]", result.stderr)
        for double in (self.github, self.gitlab, self.chat):
            self.assertEqual(double.requests, [])
        return result.stderr

    def test_unknown_targets(self):
        self.assertIn("did you mean `github`?", self.refused("--publish", "slack,githib", code="RG0008"))
        self.refused("--publish", "slack,", code="RG0008")
        result = gate.run("publish", self.another(), "--to", "pager", env=self.pipeline())
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0008]", result.stderr)

    def test_options_that_mean_nothing(self):
        self.refused("--publish-required")
        self.refused("--pull-request", "7")
        self.refused("--publish", "github", "--pull-request", "-1")
        self.refused("--publish", "github", "--head-sha", "main")
        self.refused("--publish", "github", "--comment", "never")
        self.refused("--publish", "github", "--publish-deadline", "soon", code="RG0005")

    def test_a_replay_publishes_nothing(self):
        self.assertIn("--replay excludes --publish", self.refused("--publish", "github", "--replay", str(self.folder)))

    def test_what_is_missing_is_told_first_and_changes_nothing(self):
        cases = (("github", "GITHUB_TOKEN", "`GITHUB_TOKEN` or `GH_TOKEN`"), ("github", "GITHUB_REPOSITORY", "GITHUB_REPOSITORY"),
                 ("gitlab", "CI_API_V4_URL", "CI_API_V4_URL"), ("gitlab", "CI_PROJECT_ID", "CI_PROJECT_ID"), ("gitlab", "CI_COMMIT_SHA", "CI_COMMIT_SHA"),
                 ("slack", "SLACK_WEBHOOK_URL", "`SLACK_WEBHOOK_URL`"), ("teams", "TEAMS_WEBHOOK_URL", "`TEAMS_WEBHOOK_URL`"),
                 ("webhook", "RELEASE_GATE_WEBHOOK_URL", "`RELEASE_GATE_WEBHOOK_URL`"), ("webhook", "RELEASE_GATE_WEBHOOK_SECRET", "`RELEASE_GATE_WEBHOOK_SECRET`"))
        for target, name, shown in cases:
            with self.subTest(target=target, name=name):
                result = self.check(metric("worse"), "--publish", target, code=1, **{name: None})
                self.assertIn(f"warning[RG3001]: {target}: {shown} is not set, so nothing is published there\n", result.stderr)
        self.assertIn("No comment: it could not be written", self.summary.read_text())

    def test_what_is_missing_and_required_ends_the_run_before_anything_is_asked(self):
        result = self.check(metric("worse"), "--publish", "slack", "--publish-required", code=2, SLACK_WEBHOOK_URL=None)
        self.assertIn("error[RG3007]", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_what_was_interrupted_is_not_published(self):
        with gate.Server(lambda _: (time.sleep(20), (200, {}, "{}"))[1]) as server:
            self.write("gate.toml", HEAD + metric("worse"))
            run = subprocess.Popen([gate.PROGRAM, "check", "gate.toml", *WHEN, "--publish", "github,slack"], cwd=self.folder, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, env=gate.environment({**self.pipeline(), "PROMETHEUS_URL": server.url}), text=True)
            while not server.requests:
                time.sleep(0.05)
            run.send_signal(signal.SIGTERM)
            told = run.communicate(timeout=30)[1]
        self.assertEqual(run.returncode, 143)
        self.assertIn("interrupted: nothing is published\n", told)
        self.assertEqual((self.github.requests, self.chat.requests), ([], []))

    def test_quiet(self):
        result = self.publish("slack", self.another(), "--quiet")
        self.assertEqual(result.stderr, "")
        self.chat.fail(chat.SLACK_PATH, chat.plain(404, "no_service"))
        self.assertIn("warning[RG1104]", self.publish("slack", self.another(), "--quiet", code=4).stderr)

    def test_plain_http_takes_no_token_elsewhere(self):
        result = self.check(metric("worse"), "--publish", "github-status", code=1, GITHUB_API_URL="http://github.test/api/v3")
        self.assertIn("warning[RG1050]: github: a credential would be sent unencrypted", result.stderr)

    def test_the_addresses_of_enterprise_server(self):
        result = self.publish("github-comment", self.another(), code=4, GITHUB_API_URL=self.github.url + "/api/v3", GITHUB_GRAPHQL_URL=None)
        self.assertIn("POST", result.stderr)
        self.assertEqual(self.github.requests[0].path, "/api/graphql")


class Reports(PublishTest):
    def refused(self, text, words):
        path = self.write("bad.json", text)
        result = gate.run("publish", path, "--to", "github", env=self.pipeline())
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("error[RG3005]", result.stderr)
        self.assertIn(words, result.stderr)
        self.assertEqual(self.github.requests, [])

    def changed(self, change):
        report = json.loads(report_of("fail"))
        change(report)
        return json.dumps(report)

    def test_what_is_no_report(self):
        self.refused("", "")
        self.refused("[]", "no JSON object")
        self.refused("{}", 'it has no "schema"')
        self.refused('{"schema": "release-gate/report/v2"}', "its schema is not release-gate/report/v1")
        self.refused("[" * 100000, "")
        missing = gate.run("publish", self.folder / "absent.json", "--to", "github", env=self.pipeline())
        self.assertIn("absent.json cannot be read", missing.stderr)
        self.assertEqual(missing.returncode, 2)

    def test_values_of_another_form(self):
        cases = (
            (lambda r: r.pop("verdict"), 'has no "verdict"'),
            (lambda r: r.update(verdict="great"), "verdict is none of the words"),
            (lambda r: r.update(exit_code=1e99), "exit_code is no whole number"),
            (lambda r: r.update(exit_code=2**64 - 1), "exit_code is out of range"),
            (lambda r: r.update(started_at="yesterday"), "started_at is no time"),
            (lambda r: r["tool"].update(version="<b>@all"), "tool.version is no plain word"),
            (lambda r: r["metrics"][0].update(kind="[x](https://evil.test)"), "metrics[0].kind is no plain word"),
            (lambda r: r["metrics"][0].update(unit="\u0000"), "metrics[0].unit is no unit"),
            (lambda r: r["metrics"][0].update(deciding=7), "metrics[0].deciding names no criterion"),
            (lambda r: r["metrics"][0]["criteria"][0].update(line=-1), "metrics[0].criteria[0].line is out of range"),
            (lambda r: r["metrics"][0]["series"].update(candidate=[[1e300, 1]]), "is no time"),
            (lambda r: r["metrics"][0]["queries"][0].update(part="a|b"), "queries[0].part is no plain word"),
        )
        for change, words in cases:
            with self.subTest(words):
                self.refused(self.changed(change), words)

    def test_an_older_report_has_fewer_keys(self):
        def older(report):
            del report["certainty"]
            for one in report["metrics"]:
                del one["deciding"]
                for criterion in one["criteria"]:
                    del criterion["within"], criterion["relative"]
        self.publish("github-comment", self.write("older.json", self.changed(older)))
        self.assertIn("run 1: FAIL", self.comment())


class RoundTrip(PublishTest):
    """A report of every scenario comes out as it went in; their goldens have their series cut, which is done to both."""

    def test_goldens(self):
        def full(report):
            for key, value in (("started_at", "2026-03-17T12:50:00Z"), ("finished_at", "2026-03-17T12:50:00Z"), ("duration_ms", 5)):
                report[key] = value
            for one in report["metrics"]:
                one["series"] = {side: cut["ends"] for side, cut in one["series"].items()}
            return report

        paths = sorted(SCENARIOS.glob("*/report.json"))
        self.assertGreater(len(paths), 50)
        for path in paths:
            given = full(json.loads(path.read_text(encoding="utf-8")))
            self.publish("webhook", self.write("golden.json", json.dumps(given)))
            taken = json.loads(self.chat.messages[-1][1].body)
            with self.subTest(pathlib.Path(path).parent.name):
                self.assertEqual(taken, given)

    def test_earlier_releases_and_looks(self):
        """What no scenario has: the history of a metric, and a watch."""
        report = json.loads((SCENARIOS / "release_report" / "report.json").read_text(encoding="utf-8"))
        for key, value in (("started_at", "2026-03-17T12:50:00Z"), ("finished_at", "2026-03-17T12:50:00Z"), ("duration_ms", 5)):
            report[key] = value
        for one in report["metrics"]:
            one["series"] = {side: cut["ends"] for side, cut in one["series"].items()}
        release = {"run": "r1", "version": "1.2.0", "released_at": "2026-03-01T12:00:00Z", "value": 0.25, "samples": 30}
        report["metrics"][0]["history"] = {"releases": [release, {**release, "run": "r2", "version": None}], "left_out": 1, "anchor": release,
                                           "anchor_decides": True}
        seen = {"id": report["metrics"][0]["id"], "verdict": "fail", "evidence": "enough", "level": 0.9987, "observed": 0.31, "interval": [0.02, None]}
        report["watch"] = {"looks": 30, "taken": 1, "every_seconds": 60, "for_seconds": 1800, "min_seconds": 900, "opened_at": "2026-03-17T12:04:00Z",
                           "past": False, "boundary": "Lan-DeMets", "ended": "harm", "decided_at_look": 7,
                           "history": [{"look": 7, "at": "2026-03-17T12:11:00Z", "verdict": "fail",
                                        "metrics": [seen, {**seen, "observed": None, "interval": None}]}]}
        self.publish("webhook", self.write("made.json", json.dumps(report)))
        self.assertEqual(json.loads(self.chat.messages[-1][1].body), report)
        report["watch"]["ended"] = "tired"
        refused = self.publish("webhook", self.write("made.json", json.dumps(report)), code=2)
        self.assertIn("watch.ended is none of the words it can be", refused.stderr)


if __name__ == "__main__":
    gate.main()
