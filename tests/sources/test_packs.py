"""The packs against doubles of Datadog and Jira: every metric has the value that its convention says, computed here by itself, and a
release that broke something fails."""

import datetime
import math
import statistics
import sys

from gate import ROOT, GateTest, main, report, run

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
import datadog  # noqa: E402
import jira  # noqa: E402

RELEASED = 1773748800  # 2026-03-17T12:00:00Z
BEFORE, AFTER = (RELEASED - 1800, RELEASED), (RELEASED, RELEASED + 1800)
KEYS = {"DD_API_KEY": datadog.API_KEY, "DD_APP_KEY": datadog.APP_KEY}


class Service:
    """What a service does in a minute that starts at `bucket`."""

    def __init__(self, slower=1.0, failing=2):
        self.slower, self.failing = slower, failing

    def latencies(self, bucket, _):
        slower = self.slower if bucket >= RELEASED else 1.0
        return [slower * (0.1 + 0.002 * ((bucket // 60 * 7 + i * i) % 53)) for i in range(40)]

    def hits(self, bucket, length):
        return 10 * length + bucket // 60 % 7

    def errors(self, bucket, length):
        """Nothing at all in every third minute."""
        failing = self.failing if bucket >= RELEASED else 2
        return failing + bucket // 60 % 2 if bucket // 60 % 3 else None

    def apdex(self, bucket, _):
        return 0.95 - 0.01 * (bucket // 60 % 4)

    def cpu(self, bucket, _):
        return 2.5e8 + 1e6 * (bucket // 60 % 5)

    def memory(self, bucket, _):
        return 2.0e8 + 1e5 * (bucket // 60 % 3)

    def serve(self, double, span="http.request", tags=None):
        tags = tags or {"service": "checkout", "env": "prod"}
        names = {f"trace.{span}": self.latencies, f"trace.{span}.hits": self.hits, f"trace.{span}.errors": self.errors,
                 f"trace.{span}.apdex": self.apdex, "container.cpu.usage": self.cpu, "container.memory.usage": self.memory}
        for name, value in names.items():
            double.metrics.setdefault(name, []).append((tags, value))

    def expected(self, side):
        """Every metric of the packs over a window."""
        minutes = range(*side, 60)
        hits = sum(self.hits(t, 60) for t in minutes)
        errors = sum(self.errors(t, 60) or 0 for t in minutes)

        def mean(value):
            return statistics.fmean(value(t, 60) for t in minutes)

        def percentile(share):
            return statistics.fmean(sorted(self.latencies(t, 60))[math.ceil(40 * share) - 1] for t in minutes)

        return {"latency_p50": percentile(0.5), "latency_p95": percentile(0.95), "latency_p99": percentile(0.99),
                "error_ratio": 100 * errors / hits, "throughput": hits / 1800, "apdex": mean(self.apdex),
                "cpu": mean(self.cpu) / 1e9, "memory": mean(self.memory), "availability": 100 * (hits - errors) / hits,
                "budget_burn": errors / hits / 0.001}


class Packs(GateTest):
    def gate(self, use, source, variables=""):
        return self.write("gate.toml", f"version = 1\nuse = {use}\n[vars]\n{variables}\n{source}")

    def by_id(self, path, *arguments, env=None):
        self.exit_code, found = report(path, *arguments, env=env)
        return {metric["id"]: metric for metric in found["metrics"]}


class FromDatadog(Packs):
    def ask(self, service, *settings, filter_text="service:checkout,env:prod", span="http.request"):
        with datadog.Datadog() as double:
            service.serve(double, span)
            Service(slower=9.0, failing=99).serve(double, span, {"service": "other", "env": "prod"})
            source = (f'[sources.dd]\ntype = "datadog"\nurl = "{double.url}"\napi_key = {{ env = "DD_API_KEY" }}\n'
                      'app_key = { env = "DD_APP_KEY" }\n')
            path = self.gate('["performance", "reliability"]', source, f'system = "datadog"\nfilter = "{filter_text}"')
            options = [text for one in settings for text in ("--set", one)]
            return self.by_id(path, "--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z", *options, env=KEYS)

    def test_every_metric_has_the_value_of_its_convention(self):
        service = Service()
        metrics = self.ask(service)
        self.assertEqual(set(metrics), set(service.expected(BEFORE)))
        self.assertEqual({(one["id"], one["evidence"], str(one["error"])) for one in metrics.values()},
                         {(name, "enough", "None") for name in metrics})
        for side, window in (("baseline", BEFORE), ("candidate", AFTER)):
            for name, expected in service.expected(window).items():
                self.assertAlmostEqual(metrics[name][side]["value"] / expected, 1, places=9, msg=f"{name} {side}")
        self.assertEqual(self.exit_code, 0)

    def test_the_bad_release_fails_on_what_it_broke(self):
        metrics = self.ask(Service(slower=1.5, failing=20))
        failed = {name for name, one in metrics.items() if one["verdict"] == "fail"}
        self.assertEqual(failed, {"latency_p95", "latency_p99", "error_ratio", "availability", "budget_burn"})
        self.assertEqual(metrics["latency_p50"]["verdict"], "warn")
        self.assertEqual(self.exit_code, 1)

    def test_other_names(self):
        usual = self.ask(Service())
        other = self.ask(Service(), "span=servlet.request", "filter=service:checkout", span="servlet.request")
        self.assertEqual({name: one["candidate"] for name, one in other.items()},
                         {name: one["candidate"] for name, one in usual.items()})

    def test_a_service_that_is_not_there_has_no_values(self):
        metrics = self.ask(Service(), filter_text="service:nobody")
        self.assertEqual({one["evidence"] for one in metrics.values()}, {"none"})
        self.assertEqual(self.exit_code, 3)

    def test_the_bounds_are_those_of_the_other_system(self):
        def bounds(system, source):
            path = self.gate('["performance", "reliability"]', source, f'system = "{system}"')
            found = run("plan", path, "--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
            self.assertEqual(found.returncode, 0, found.stderr)
            ids = None
            said = {}
            for line in found.stdout.splitlines():
                if line and line[0].isalpha():
                    ids = line.split()[0]
                elif line.strip().startswith(("fails", "warns")):
                    said[ids] = line.strip()
            return said

        datadogs = bounds("datadog", '[sources.dd]\ntype = "datadog"\n')
        prometheus = bounds("prometheus", '[sources.prom]\ntype = "prometheus"\nurl = "http://localhost:9090"\n')
        self.assertEqual(len(datadogs), 10)
        self.assertEqual(datadogs, {name: prometheus[name] for name in datadogs})
        self.assertEqual(set(prometheus) - set(datadogs), {"file_descriptors", "instances_up", "restarts"})


class FromJira(Packs):
    DAY = datetime.timedelta(days=1)
    RELEASE = datetime.datetime(2026, 3, 17, tzinfo=datetime.timezone.utc)
    ENV = {"JIRA_EMAIL": jira.EMAIL, "JIRA_API_TOKEN": jira.TOKEN, "JIRA_PROJECT": "SHOP"}

    def fill(self, double, slower=1.0, failing=1, rolled_back=0):
        """A version every other day and two issues done a day, four weeks on each side; `failing` of the 14 versions of the later weeks
        have an incident, `rolled_back` were rolled back."""
        for day in range(-28, 28):
            late = slower if day >= 0 else 1.0
            done = self.RELEASE + day * self.DAY + datetime.timedelta(hours=9)
            for lead in (2 + day % 5, 3 + day % 3):
                double.add(done - late * lead * self.DAY, kind="Story", resolved=done, status="5")
            double.add(done - self.DAY, kind="Bug", resolved=done, status="5")
            if day % 2 == 0:
                number = str(1000 + day)
                double.versions.append({"id": number, "name": f"1.{day}", "released": True, "archived": False,
                                        "releaseDate": (self.RELEASE + day * self.DAY).strftime("%Y-%m-%d")})
                order = day // 2 * 5 % 14  # neither all at first nor all at last
                if day >= 0 and order < failing or day == -2:
                    double.add(done, kind="Incident", affects=[number])
                if day >= 0 and order < rolled_back:
                    double.add(done, kind="Task", labels=["rollback"], affects=[number])

        # Twelve sprints of two weeks, on two boards that both show them; twenty points a sprint, and thirteen that were not done.
        double.boards = [{"id": 5, "type": "scrum"}, {"id": 6, "type": "scrum"}, {"id": 7, "type": "kanban"}]
        for number in range(12):
            closed = self.RELEASE + (number - 6) * 14 * self.DAY + 10 * self.DAY
            double.sprints.append({"id": number + 1, "state": "closed", "name": f"S {number + 1}", "completeDate": jira.stamp(closed)})
            for points in (5.0 + number % 2, 7.0, 8.0 - number % 2):
                double.add(closed - 9 * self.DAY, kind="Chore", points=points, sprints=[number + 1],
                           moves=[(closed - self.DAY, "1", "5")])
            double.add(closed - 9 * self.DAY, kind="Chore", points=13.0, sprints=[number + 1])
            double.add(closed - 9 * self.DAY, kind="Chore", points=13.0, sprints=[number + 1], project="PAY",
                       moves=[(closed - self.DAY, "1", "5")])

    def ask(self, double, *arguments, env=None, now="2026-07-01T00:00:00Z"):
        source = (f'[sources.jira]\ntype = "jira"\nurl = "{double.url}"\nemail = {{ env = "JIRA_EMAIL" }}\n'
                  'token = { env = "JIRA_API_TOKEN" }\n')
        path = self.gate('["delivery"]', source)
        return self.by_id(path, "--deployed-at", "2026-03-17T00:00:00Z", "--now", now, *arguments, env=env or self.ENV)

    def test_every_metric_has_the_value_of_its_convention(self):
        with jira.Jira() as double:
            self.fill(double)
            metrics = self.ask(double)
        leads = [lead for day in range(28) for lead in (2 + day % 5, 3 + day % 3)]
        expected = {"lead_time": statistics.median(leads), "deployment_frequency": 3.5,
                    "issues_done": 14, "velocity": 20, "change_failure_rate": 100 / 14, "rollback_rate": 0}
        self.assertEqual(set(metrics), set(expected))
        for name, value in expected.items():
            self.assertIsNone(metrics[name]["error"], metrics[name]["error"])
            self.assertEqual(metrics[name]["evidence"], "enough")
            self.assertAlmostEqual(metrics[name]["candidate"]["value"], value, places=9, msg=name)
        self.assertEqual({name: one["unit"] for name, one in metrics.items()},
                         {"lead_time": "d", "deployment_frequency": "1/w", "issues_done": "1/w",
                          "velocity": "1", "change_failure_rate": "%", "rollback_rate": "%"})
        self.assertEqual({name for name, one in metrics.items() if one["verdict"] == "fail"}, set())

    def test_a_project_without_sprints_has_no_velocity_and_passes(self):
        with jira.Jira() as double:
            self.fill(double)
            double.boards = [{"id": 7, "type": "kanban"}]
            metrics = self.ask(double)
        self.assertEqual((metrics["velocity"]["verdict"], metrics["velocity"]["evidence"]), ("pass", "none"))
        self.assertIn("project SHOP has no Scrum board, and so no velocity", metrics["velocity"]["notes"])
        self.assertEqual(self.exit_code, 0)

    def test_a_team_that_got_slower_and_fails_more_often(self):
        with jira.Jira() as double:
            self.fill(double, slower=2.0, failing=12, rolled_back=11)
            metrics = self.ask(double)
        self.assertEqual(self.exit_code, 1)
        self.assertEqual({name for name, one in metrics.items() if one["verdict"] == "fail"},
                         {"lead_time", "change_failure_rate", "rollback_rate"})
        self.assertAlmostEqual(metrics["rollback_rate"]["candidate"]["value"], 100 * 11 / 14)

    def test_right_after_the_release_they_are_left_out(self):
        with jira.Jira() as double:
            self.fill(double)
            metrics = self.ask(double, now="2026-03-17T01:00:00Z")
            self.assertEqual({one["verdict"] for one in metrics.values()}, {"skipped"})
            self.assertEqual(double.asked("/search/jql"), [])

    def test_the_project_must_be_named(self):
        with jira.Jira() as double:
            source = f'[sources.jira]\ntype = "jira"\nurl = "{double.url}"\nemail = {{ env = "JIRA_EMAIL" }}\ntoken = {{ env = "JIRA_API_TOKEN" }}\n'
            path = self.gate('["delivery"]', source)
            result = run("validate", path, env={"JIRA_EMAIL": "a", "JIRA_API_TOKEN": "b"})
            self.assertEqual(result.returncode, 2)
            self.assertIn("environment variable JIRA_PROJECT is not set", result.stderr)
            self.assertEqual(run("validate", path, "--set", "jira_project=SHOP", env=self.ENV).returncode, 0)


if __name__ == "__main__":
    main()
