"""What the tests of the jira source share: a gate file with one metric, judged against the double of tests/doubles/jira.py."""

import datetime
import sys

from gate import ROOT, GateTest, report

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
import jira as api  # noqa: E402

UTC = datetime.timezone.utc
DAY = datetime.datetime(2026, 3, 17, tzinfo=UTC)
END = DAY + datetime.timedelta(days=1)
SECONDS = datetime.timedelta(seconds=1)
HOURS = datetime.timedelta(hours=1)

CLOUD = 'type = "jira"\nemail = { env = "JIRA_EMAIL" }\ntoken = { env = "JIRA_API_TOKEN" }\nretries = 1\n'
DATA_CENTER = 'type = "jira"\ndeployment = "data-center"\ntoken = { env = "JIRA_PAT" }\nretries = 1\n'
COUNT = 'kind = "count"\njql = "project = SHOP"\nunit = "1/d"\nstep = "1h"\nfail = { above = "5/d" }\n'


def at(hours=0, seconds=0):
    return DAY + hours * HOURS + seconds * SECONDS


class JiraTest(GateTest):
    """One metric `m` over 2026-03-17, UTC, judged some days later."""

    def gate(self, jira, metric, source=CLOUD, days=1, path=""):
        self.write("gate.toml", f"""version = 1
[sources.jira]
url = "{jira.url}{path}"
{source}
[compare]
design = "none"
candidate = {{ window = "{days}d" }}
[metrics.m]
source = "jira"
{metric}
""")
        return self.folder / "gate.toml"

    def ask(self, jira, metric=COUNT, source=CLOUD, days=1, path="", token=api.TOKEN, deadline="30s"):
        env = {"JIRA_EMAIL": api.EMAIL, "JIRA_API_TOKEN": token, "JIRA_PAT": token if token != api.TOKEN else api.PAT}
        exit_code, result = report(
            self.gate(jira, metric, source, days, path), "--deployed-at", "2026-03-17T00:00:00Z", "--now",
            "2026-06-01T00:00:00Z", "--deadline", deadline, env=env)
        self.exit_code = exit_code
        return result["metrics"][0]

    def value(self, jira, *arguments, **keywords):
        metric = self.ask(jira, *arguments, **keywords)
        self.assertIsNone(metric["error"], metric["error"])
        return round(metric["candidate"]["value"], 9)

    def error(self, jira, code, *arguments, **keywords):
        metric = self.ask(jira, *arguments, **keywords)
        self.assertIsNotNone(metric["error"], metric)
        self.assertEqual(metric["error"]["code"], code, metric["error"])
        self.assertEqual(self.exit_code, 4)
        return metric["error"]

    def one(self, metric):
        """A value with an aggregate over rows."""
        return f'kind = "value"\njql = "project = SHOP"\nfail = {{ above = 1000 }}\n{metric}'
