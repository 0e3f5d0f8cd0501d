"""What the tests of publishing share: reports of each verdict, the variables of a pipeline, and what must hold of every run."""

import base64
import functools
import json
import pathlib
import sys
import tempfile
import urllib.parse

import gate

sys.path[:0] = [str(gate.ROOT / "tests" / folder) for folder in ("scenarios", "doubles")]
import chat  # noqa: E402
import github  # noqa: E402
import gitlab  # noqa: E402
from prometheus_double import answer_from  # noqa: E402

WHEN = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z")
STEADY = {"mean": 0.3, "spread": 0.01}
RULES = [
    {"match": ["steady"], "series": [{"before": STEADY, "after": STEADY}]},
    {"match": ["worse"], "series": [{"before": STEADY, "after": {"mean": 0.4, "spread": 0.01}}]},
    {"match": ["refused"], "status": 403, "raw": "no"},
    {"match": ["absent"], "series": []},
]
HEAD = """version = 1
name    = "checkout-api"

[release]
version = "1.42.0"

[compare]
candidate = { window = "25m", settle = "5m" }

[sources.prom]
type    = "prometheus"
url     = { env = "PROMETHEUS_URL" }
retries = 0
"""
OF_VERDICT = {"pass": "steady", "fail": "worse", "error": "refused", "inconclusive": "absent"}
MERGE = "feedfacefeedfacefeedfacefeedfacefeedface"
OLDER = "0123456789abcdef0123456789abcdef01234567"
RUN_URL = f"https://github.com/{github.REPOSITORY}/actions/runs/42"
SECRETS = [github.TOKEN, gitlab.TOKEN, chat.SLACK_PATH, chat.SLACK_PATH.rsplit("/", 1)[1], chat.TEAMS_SIGNATURE, chat.WEBHOOK_PATH, "hmac-secret-of-the-test"]


def metric(name, title="", level="fail", more=""):
    return f"""
[metrics.{name}]
title  = "{title or name}"
source = "prom"
query  = "{name.split("_")[0]}_seconds"
unit   = "s"
{level}   = {{ increase_over = "10%" }}
{more}"""


def measured(text, *arguments, env=None, cwd=None):
    """`check` of a gate file with `text` against the double of Prometheus; the program's answer."""
    with tempfile.TemporaryDirectory(prefix="release-gate-publish-") as folder, gate.Server(answer_from(RULES)) as server:
        path = pathlib.Path(cwd or folder) / "gate.toml"
        path.write_text(text, encoding="utf-8")
        return gate.run("check", "gate.toml", *WHEN, *arguments, env={"PROMETHEUS_URL": server.url, **(env or {})}, cwd=path.parent)


@functools.cache
def report_of(verdict):
    """The text of a JSON report of one metric."""
    result = measured(HEAD + metric(OF_VERDICT[verdict], "p99 latency"), "--format", "json")
    assert json.loads(result.stdout)["verdict"] == verdict, result.stderr
    return result.stdout


def forms(secret):
    """How a secret could show itself."""
    yield secret
    yield urllib.parse.quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")[:-2]


class PublishTest(gate.GateTest):
    """A double of each service, and `publish()` and `check()` in the pipeline of a pull request."""

    def setUp(self):
        super().setUp()
        self.github, self.gitlab, self.chat = github.Github(), gitlab.Gitlab(), chat.Chat()
        for double in (self.github, self.gitlab, self.chat):
            double.__enter__()
            self.addCleanup(double.__exit__)
        self.runs = 0
        self.summary, self.output = self.write("summary.md", ""), self.write("output.txt", "")
        self.event(github.REPOSITORY)

    def event(self, head_repository, **more):
        """The payload of pull_request, from a branch of `head_repository`."""
        pull = {"number": 7, "head": {"sha": github.HEAD, "repo": {"full_name": head_repository}},
                "base": {"repo": {"full_name": github.REPOSITORY}}}
        self.payload = self.write("event.json", json.dumps({"action": "synchronize", "pull_request": pull, **more}))

    def pipeline(self, **changes):
        """Variables of GitHub Actions, GitLab CI and the webhooks; None takes one away."""
        given = {
            "GITHUB_ACTIONS": "true", "GITHUB_TOKEN": github.TOKEN, "GITHUB_REPOSITORY": github.REPOSITORY, "GITHUB_SHA": MERGE,
            "GITHUB_REF": "refs/pull/7/merge", "GITHUB_EVENT_PATH": str(self.payload), "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": self.github.url + "/graphql", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42",
            "GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(self.output), "GITHUB_WORKSPACE": str(self.folder),
            "GITLAB_TOKEN": gitlab.TOKEN, "CI_API_V4_URL": self.gitlab.url, "CI_PROJECT_ID": gitlab.PROJECT,
            "CI_MERGE_REQUEST_IID": str(gitlab.MERGE_REQUEST), "CI_COMMIT_SHA": gitlab.HEAD, "CI_PIPELINE_ID": "99",
            "SLACK_WEBHOOK_URL": self.chat.slack, "TEAMS_WEBHOOK_URL": self.chat.teams, "RELEASE_GATE_WEBHOOK_URL": self.chat.webhook,
            "RELEASE_GATE_WEBHOOK_SECRET": "hmac-secret-of-the-test", **changes,
        }
        return {name: value for name, value in given.items() if value is not None}

    def another(self, verdict="fail"):
        """A report like report_of(), of another run."""
        self.runs += 1
        report = json.loads(report_of(verdict))
        report["duration_ms"] = 1000 + self.runs
        return self.write(f"report-{self.runs}.json", json.dumps(report))

    def publish(self, to, report, *arguments, code=0, **changes):
        """`release-gate publish` of the file `report`."""
        result = gate.run("publish", report, "--to", to, *arguments, env=self.pipeline(**changes), cwd=self.folder)
        self.assertEqual(result.returncode, code, result.stderr)
        self.nothing_leaks(result)
        return result

    def check(self, text, *arguments, code, **changes):
        result = measured(HEAD + text, *arguments, env=self.pipeline(**changes), cwd=self.folder)
        self.assertEqual(result.returncode, code, result.stderr)
        self.nothing_leaks(result)
        return result

    def nothing_leaks(self, result):
        shown = result.stdout + result.stderr + self.summary.read_text() + self.output.read_text()
        for secret in SECRETS:
            for form in forms(secret):
                self.assertNotIn(form, shown)

    def comment(self):
        """The only comment that there is."""
        self.assertEqual(len(self.github.comments), 1, [one["body"][:80] for one in self.github.comments])
        return self.github.comments[0]["body"]

    def writes(self, double=None):
        return [one for one in (double or self.github).requests if one.method != "GET" and not one.path.endswith("/graphql")]
