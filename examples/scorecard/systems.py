#!/usr/bin/env python3
"""The systems of this example, on loopback, with the data of one release: prints where they are as NAME=value lines, then serves until
its standard input ends. Python's standard library and the doubles of this repository, nothing else."""

import contextlib
import datetime
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "doubles"), str(pathlib.Path(__file__).resolve().parents[1] / "four-systems")]
import jira  # noqa: E402
import mixpanel  # noqa: E402
import pagerduty  # noqa: E402
import prometheus  # noqa: E402
import sonarqube  # noqa: E402
import zendesk  # noqa: E402
from systems import noise  # noqa: E402

RELEASED = 1773748800  # 2026-03-17T12:00:00Z


def fill_prometheus(double):
    """As fast and as reliable as before; a request costs a sixth more CPU."""
    def after(t):
        return t > RELEASED

    def requests(t):
        return 2400 + round(noise(t, 7, 119))

    def failed(t):
        return 3 + round(noise(t, 6, 2.4))

    double.answers = [
        ("histogram_quantile(0.50", lambda t: 0.081 + noise(t, 1, 0.004)),
        ("histogram_quantile(0.95", lambda t: 0.236 + noise(t, 2, 0.012)),
        ("histogram_quantile(0.99", lambda t: 0.412 + noise(t, 3, 0.02)),
        ('le="0.25"', lambda t: 0.93 + noise(t, 4, 0.01)),
        ("1 - ", lambda t: 0.6 + noise(t, 5, 0.1)),
        ('code=~"5.."', failed),
        ('code!~"5.."', lambda t: requests(t) - failed(t)),
        ("container_spec_cpu_quota", lambda t: 48 + noise(t, 8, 5)),
        ("container_cpu_usage", lambda t: (4.9 if after(t) else 4.2) + noise(t, 9, 0.25)),
        ("container_memory", lambda t: 9.1e6 + noise(t, 10, 2e5)),
        ("container_network", lambda t: 18400 + noise(t, 11, 600)),
        ("process_cpu", lambda t: 0.31 + noise(t, 12, 0.02)),
        ("process_resident", lambda t: 1.81e8 + noise(t, 13, 2e6)),
        ("process_open_fds", lambda t: 0.07 + noise(t, 14, 0.01)),
        ("process_start_time", lambda t: 0),
        ("avg(up", lambda t: 1),
        ("sum(rate(http_requests_total", lambda t: 40 + noise(t, 15, 2)),
        ("sum(increase(http_requests_total", requests),
    ]


def fill_sonarqube(double):
    """New code is covered, all code is a little more in debt."""
    double.main["measures"].update({"new_coverage": "86.4", "new_violations": "0", "new_duplicated_lines_density": "1.1", "sqale_debt_ratio": "2.1",
                                    "sqale_rating": "1.0", "reliability_rating": "1.0", "security_rating": "1.0"})
    double.main["gate"] = {"status": "OK", "ignoredConditions": False, "conditions": [
        sonarqube.condition("OK", "new_coverage", "LT", "80", "86.4")]}
    for measure, value in (("sqale_debt_ratio", "1.3"), ("sqale_rating", "1.0"), ("reliability_rating", "1.0"), ("security_rating", "1.0")):
        double.history[measure] = [("2026-03-14T08:00:00+0000", value), ("2026-03-17T12:10:00+0000", double.main["measures"][measure])]


def fill_jira(double):
    """Stories are done faster, and a version goes out every other day as before; one in each four weeks fails."""
    release = datetime.datetime.fromtimestamp(RELEASED, datetime.timezone.utc)
    day_long = datetime.timedelta(days=1)
    for day in range(-28, 28):
        noon = release + day * day_long + datetime.timedelta(hours=3)
        for bug in range(1 + (day * 5) % 2):
            double.add(noon + datetime.timedelta(hours=bug), kind="Bug")
        for story in range(2):
            lead = 5 + (day * 3 + story) % 5 - (2 if day >= 0 else 0)
            double.add(noon - lead * day_long, kind="Story", resolved=noon, status="5")
        if day % 2 == 0:
            number = str(1000 + day)
            double.versions.append({"id": number, "name": f"2.{day}", "released": True, "archived": False,
                                    "releaseDate": (release + day * day_long).strftime("%Y-%m-%d")})
            if day in (-10, 12):
                double.add(noon, kind="Incident", affects=[number])
    double.boards = [{"id": 5, "type": "scrum"}]
    for number in range(12):
        closed = release + ((number - 6) * 14 + 10) * day_long
        double.sprints.append({"id": number + 1, "state": "closed", "name": f"S {number + 1}", "completeDate": jira.stamp(closed)})
        for points in (5.0 + number % 2, 8.0, 8.0 - number % 3):
            double.add(closed - 9 * day_long, kind="Chore", points=points, sprints=[number + 1], moves=[(closed - day_long, "1", "5")])


def fill_mixpanel(double):
    """As many buy, and a day brings a little more; as many come back."""
    release = datetime.date(2026, 3, 17)
    days = [(release + datetime.timedelta(days=i)) for i in range(-20, 30)]
    double.events = {"visit": {day.isoformat(): ["somebody"] for day in days}}
    double.funnels = {"7509": (1000, 400)}
    double.reports = {"41318": {"Revenue": {day.isoformat(): round(11800 + (900 if day >= release else 0) + noise(day.toordinal() * 60, 17, 900), 2)
                                            for day in days}}}
    double.cohorts = {"visit": (900, [900, 420, 380, 360, 350, 340, 330, 322])}
    double.active, double.computed_at = [], "2026-04-20T00:00:00.250000+00:00"


def fill_pagerduty(double):
    """Seven times in two weeks somebody was paged, before and after."""
    double.incidents = []
    for day in range(-14, 14, 2):
        created = datetime.datetime.fromtimestamp(RELEASED, datetime.timezone.utc) + datetime.timedelta(days=day, hours=5)
        double.add(created.strftime("%Y-%m-%dT%H:%M:%SZ"), 1500 + abs(day) * 90)


def fill_zendesk(double):
    """Twice the tickets, of people who are a few more than before: the release made something hard to understand."""
    double.tickets, double.ratings = [], []
    release = datetime.datetime.fromtimestamp(RELEASED, datetime.timezone.utc)
    for day in range(-14, 14):
        for number in range(14 if day >= 0 else 5):
            created = release + datetime.timedelta(days=day, minutes=100 * number + 7)
            text = created.strftime("%Y-%m-%dT%H:%M:%SZ")
            double.add(text, reply=35 + (number * 7 + day) % 40, taken=300 + (number * 97 + day * 31) % 600)
            if number % 2 == 0:
                double.ratings.append({"created": created + datetime.timedelta(hours=9), "score": "bad" if (number + day) % 9 == 0 else "good"})


SYSTEMS = {"PROMETHEUS_URL": (prometheus.Prometheus, fill_prometheus), "SONAR_HOST_URL": (sonarqube.SonarQube, fill_sonarqube),
           "JIRA_URL": (jira.Jira, fill_jira), "MIXPANEL_URL": (mixpanel.Mixpanel, fill_mixpanel),
           "PAGERDUTY_URL": (pagerduty.PagerDuty, fill_pagerduty), "ZENDESK_URL": (zendesk.Zendesk, fill_zendesk)}


def main():
    with contextlib.ExitStack() as running:
        for variable, (make, fill) in SYSTEMS.items():
            double = make()
            fill(double)
            running.enter_context(double)
            print(f"{variable}={double.url}")
        print(f"SONAR_TOKEN={sonarqube.TOKEN}\nJIRA_EMAIL={jira.EMAIL}\nJIRA_API_TOKEN={jira.TOKEN}")
        print(f"MIXPANEL_USERNAME={mixpanel.USER}\nMIXPANEL_SECRET={mixpanel.SECRET}\nMIXPANEL_PROJECT={mixpanel.PROJECT}\nPAGERDUTY_TOKEN={pagerduty.TOKEN}")
        print(f"ZENDESK_EMAIL={zendesk.EMAIL}\nZENDESK_TOKEN={zendesk.TOKEN}\nREADY=yes", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
