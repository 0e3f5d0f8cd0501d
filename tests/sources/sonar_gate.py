"""What the tests of the sonarqube source share: one metric `m` asked of the double, released at 12:04 UTC of 17 March 2026."""

import json

from api_case import MetricTest
from gate import report, run

import sonarqube as api

TIMES = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:30:00Z")
COVERAGE = 'measure = "coverage"\nfail = { below = "80%" }\n'
GATE = "quality_gate = true\n"
TASK = "report_task = \"report-task.txt\"\n"


class SonarTest(MetricTest):
    def setUp(self):
        super().setUp()
        self.double = api.SonarQube()
        self.double.__enter__()
        self.addCleanup(self.double.__exit__)

    def gate(self, metric, source=""):
        project = "" if "project" in source else 'project = "checkout"\n'
        return self.write("gate.toml", f"""version = 1
[sources.sonar]
type  = "sonarqube"
url   = "{self.double.url}"
token = {{ env = "SONAR_TOKEN" }}
{project}{source}
[metrics.m]
source = "sonar"
{metric}
""")

    def report_task(self, project="checkout", task="ceTaskId=AYx"):
        self.write("report-task.txt", f"""projectKey={project}
serverUrl=http://sonar.invalid
serverVersion=10.4.1.88267
dashboardUrl=http://sonar.invalid/dashboard?id={project}
{task}
ceTaskUrl=http://sonar.invalid/api/ce/task?id=AYx
""")

    def ask(self, metric=COVERAGE, source="", times=TIMES, token=api.TOKEN, deadline="30s"):
        """All metrics that came of `m`."""
        self.exit_code, self.report = report(self.gate(metric, source), *times, "--deadline", deadline, env={"SONAR_TOKEN": token})
        self.assertNotIn(token, json.dumps(self.report))
        return self.report["metrics"]

    def validate(self, metric, source=""):
        return run("validate", self.gate(metric, source), env={"SONAR_TOKEN": api.TOKEN})

    def plan(self, metric, source="", times=TIMES):
        return run("plan", self.gate(metric, source), *times, env={"SONAR_TOKEN": api.TOKEN})
