"""Cost Explorer against its double, which checks the signature of every request."""

import json

from api_case import ApiTest, SevenCases, answer
from cost_explorer import KEY, SECRET, TOKEN, CostExplorer, refusal
from gate import main

WEEKS = 'baseline = { window = "7d" }\ncandidate = { window = "7d" }\n'
EC2 = "Amazon Elastic Compute Cloud - Compute"


class CostTest(ApiTest):
    DOUBLE = CostExplorer
    TYPE = "cost-explorer"
    SOURCE = """access_key = { env = "AWS_ACCESS_KEY_ID" }
secret_key = { env = "AWS_SECRET_ACCESS_KEY" }
session_token = { env = "AWS_SESSION_TOKEN" }"""
    SECRETS = {"AWS_SECRET_ACCESS_KEY": SECRET, "AWS_ACCESS_KEY_ID": KEY, "AWS_SESSION_TOKEN": TOKEN}
    METRIC = WEEKS + """measure = "unblended_cost"
kind = "value"
aggregate = "sum"
unit = "USD"
better = "lower"
fail = { increase_over = "60%" }"""
    PATH = "/"
    TIMES = ("--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-03-27T00:00:00Z")

    def setUp(self):
        super().setUp()
        self.double.costs = [({"SERVICE": EC2, "REGION": "eu-west-1", "tag:app": "shop"}, lambda day: 10.25 if day < "2026-03-17" else 12.5),
                             ({"SERVICE": "AWS Lambda", "REGION": "eu-west-1"}, lambda day: 0.5),
                             ({"SERVICE": "AWS Lambda", "RECORD_TYPE": "Credit"}, lambda day: -0.25)]

    def ask(self, metric=None, source=None, times=TIMES, secrets=None, deadline="30s", more=""):
        return super().ask(metric, source, times, secrets, deadline, more)

    def bodies(self, operation="GetCostAndUsage"):
        """What was asked, the baseline first: both sides are under way at once."""
        found = [request.json() for request in self.double.requests if request.headers["X-Amz-Target"].endswith(operation)]
        return sorted(found, key=lambda body: body["TimePeriod"]["Start"])


class Cases(SevenCases, CostTest):
    def test_happy_path(self):
        metric = self.one()
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [7 * 10.5, 7 * 12.75]))
        self.assertEqual([body["TimePeriod"] for body in self.bodies()],
                         [{"Start": "2026-03-10", "End": "2026-03-17"}, {"Start": "2026-03-17", "End": "2026-03-24"}])
        notes = " ".join(metric["notes"])
        self.assertIn("from the days 2026-03-17 to 2026-03-23 (7 whole days, UTC)", notes)
        self.assertIn("amounts in USD", notes)
        self.assertIn("1 requests to Cost Explorer, which bills USD 0.01 for each", notes)

    def test_no_data(self):
        """A value that was never billed looks like 0: it is looked up, and is no data."""
        metric = self.one(self.METRIC + '\nwhere = { SERVICE = "Amazon EC2" }')
        self.assertEqual((metric["verdict"], self.values(metric)), ("inconclusive", [None, None]))
        self.assertIn("nothing was billed under SERVICE Amazon EC2 in these days", json.dumps(metric))
        self.assertEqual(self.bodies("GetDimensionValues")[0]["SearchString"], "Amazon EC2")
        metric = self.one(self.METRIC + '\nwhere = { "tag:app" = "shopp" }')
        self.assertEqual(self.values(metric), [None, None])

    def test_zero(self):
        """A value that is known, and cost nothing in these days, is 0."""
        self.double.costs.append(({"SERVICE": "AWS Glue"}, lambda day: 0.0))
        metric = self.one(self.METRIC.replace('increase_over = "60%"', "above = 1") + '\nwhere = { SERVICE = "AWS Glue" }')
        self.assertEqual((metric["verdict"], self.values(metric)), ("pass", [0, 0]))

    def test_paging_end(self):
        self.double.days_a_page = 3
        metric = self.one()
        self.assertEqual(self.values(metric), [7 * 10.5, 7 * 12.75])
        self.assertEqual([body.get("NextPageToken") for body in self.bodies()].count("page-6"), 2)
        self.assertIn("3 requests to Cost Explorer", " ".join(metric["notes"]))
        self.double.fail("/", answer(200, {"ResultsByTime": [], "NextPageToken": "page-0"}), times=9)
        self.assertEqual(self.error(), "RG1904")


class Unset(CostTest):
    def test_keys_that_are_not_set(self):
        self.assertEqual(self.error(secrets=dict.fromkeys(self.SECRETS, "")), "RG1102")
        self.assertIn("env AWS_ACCESS_KEY_ID is not set", self.text)


class Traps(CostTest):
    def test_amounts_are_strings(self):
        """Trap: amounts are strings; one that is no number is an error, not 0."""
        day = {"TimePeriod": {"Start": "2026-03-17", "End": "2026-03-18"}, "Total": {"UnblendedCost": {"Amount": "n/a", "Unit": "USD"}}}
        self.double.fail("/", answer(200, {"ResultsByTime": [day]}), times=2)
        self.assertEqual(self.error(), "RG1902")
        self.assertIn("/ResultsByTime/0/Total/UnblendedCost/Amount", self.text)

    def test_estimates_are_said(self):
        """Trap: days of a month that is not closed are estimates, restated until it is."""
        self.double.estimated_from = "2026-03-20"
        metric = self.one()
        self.assertIn("4 days are estimates, which AWS restates until the month is closed", metric["notes"])

    def test_the_end_is_exclusive_and_days_are_utc(self):
        """Trap: End is exclusive, and days are those of UTC: a day that the window cuts is left out."""
        times = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-28T00:00:00Z")
        metric = self.one(times=times)
        self.assertEqual([body["TimePeriod"] for body in self.bodies()],
                         [{"Start": "2026-03-11", "End": "2026-03-17"}, {"Start": "2026-03-18", "End": "2026-03-24"}])
        self.assertEqual(self.values(metric), [6 * 10.5, 6 * 12.75])

    def test_two_days_are_waited_for(self):
        """Trap: yesterday's costs are not all there: the window must be over for two days."""
        metric = self.ask(times=("--deployed-at", "2026-03-17T00:00:00Z", "--now", "2026-03-25T00:00:00Z"))[0]
        self.assertEqual((metric["due"], metric["candidate"]["value"]), ("2026-03-26T00:00:00Z", None))
        self.assertEqual(self.double.requests, [])

    def test_a_window_without_a_whole_day(self):
        hours = self.METRIC.replace('"7d"', '"12h"')
        metric = self.ask(hours)[0]
        self.assertEqual(self.values(metric), [None, None])
        self.assertIn("the window holds no whole one", json.dumps(metric))
        self.assertEqual(self.double.requests, [])
        self.assertIn("not asked", self.plan(hours, times=self.TIMES).stdout)

    def test_several_units_have_no_sum(self):
        """Trap: usage is in the unit of each type of usage: hours and gigabytes have no sum."""
        rows = [{"TimePeriod": {"Start": f"2026-03-1{i}", "End": f"2026-03-1{i + 1}"},
                 "Total": {"UsageQuantity": {"Amount": "1", "Unit": unit}}} for i, unit in ((0, "Hrs"), (1, "GB"))]
        self.double.fail("/", answer(200, {"ResultsByTime": rows}), times=2)
        self.assertEqual(self.error(self.METRIC.replace("unblended_cost", "usage_quantity")), "RG1925")
        self.assertIn("Hrs", self.text)

    def test_throttling_and_refusals_at_http_400(self):
        self.double.fail("/", refusal("LimitExceededException", "Rate exceeded"))
        self.assertEqual(self.one()["verdict"], "pass")
        self.double.fail("/", refusal("DataUnavailableException", "The requested data is unavailable."))
        self.assertEqual(self.error(), "RG1921")
        self.double.fail("/", refusal("AccessDeniedException", "User is not authorized to perform: ce:GetCostAndUsage"))
        self.assertEqual(self.error(), "RG1103")
        self.assertIn("ce:GetCostAndUsage", self.text)

    def test_pages_without_end_are_not_paid_for(self):
        """Every page is billed: after a hundred of them it ends."""
        for i in range(200):
            self.double.fail("/", answer(200, {"ResultsByTime": [], "NextPageToken": f"more-{i}"}))
        self.assertEqual(self.error(self.METRIC.replace("increase_over = \"60%\"", "above = 1") + '\ndesign = "none"'), "RG1905")
        self.assertEqual(len(self.double.requests), 100)

    def test_a_wrong_secret(self):
        self.assertEqual(self.error(secrets={**self.SECRETS, "AWS_SECRET_ACCESS_KEY": "another-secret-of-forty-characters-long-x"}), "RG1101")


class Questions(CostTest):
    def test_filters(self):
        metric = self.one(self.METRIC + f'\nwhere = {{ SERVICE = ["{EC2}", "AWS Lambda"] }}\nwithout = {{ RECORD_TYPE = "Credit" }}')
        self.assertEqual(self.values(metric)[0], 7 * 10.75)
        self.assertEqual(self.bodies()[0]["Filter"], {"And": [{"Dimensions": {"Key": "SERVICE", "Values": [EC2, "AWS Lambda"]}},
                                                              {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit"]}}}]})
        self.assertEqual(metric["queries"][0]["text"],
                         f"UnblendedCost where SERVICE = {EC2} or AWS Lambda without RECORD_TYPE = Credit")
        self.assertEqual(self.values(self.one(self.METRIC + '\nwhere = { "tag:app" = "shop" }'))[0], 7 * 10.25)

    def test_each_service(self):
        metrics = self.ask(self.METRIC + '\neach = "SERVICE"')
        self.assertEqual({metric["id"]: self.values(metric) for metric in metrics},
                         {"m[SERVICE=AWS Lambda]": [1.75, 1.75], f"m[SERVICE={EC2}]": [71.75, 87.5]})

    def test_costs_of_the_days_as_samples(self):
        metric = self.one(WEEKS + 'measure = "unblended_cost"\nunit = "USD"\nfail = { above = 20 }')
        self.assertEqual((metric["kind"], metric["candidate"]["value"]), ("samples", 12.75))

    def test_a_formula_over_costs(self):
        """Money over money, as over what it was spent on: a formula over two metrics."""
        gate = self.METRIC + """
[metrics.again]
source = "api"
measure = "amortized_cost"
unit = "USD"
kind = "value"
aggregate = "sum"
baseline = { window = "7d" }
candidate = { window = "7d" }
fail = { above = 1000 }
[metrics.share]
kind = "derived"
formula = "m / again"
fail = { above = 2 }"""
        metrics = {metric["id"]: metric for metric in self.ask(gate)}
        self.assertAlmostEqual(metrics["share"]["candidate"]["value"], 1.0)

    def test_mistakes_found_without_asking(self):
        for metric, code, words in (('measure = "cost"', "RG1911", "no measure `cost`"), ("kind = \"value\"\naggregate = \"sum\"", "RG1911", "no `measure`"),
                                    ('measure = "unblended_cost"\nwhere = { service = "x" }', "RG1910", "no dimension `service`"),
                                    ('measure = "unblended_cost"\nwhere = { SERVICE = [] }', "RG1910", "`SERVICE` has no value")):
            with self.subTest(words):
                result = self.validate(metric + "\nfail = { above = 1 }")
                self.assertEqual(result.returncode, 2)
                self.assertIn(code, result.stderr)
                self.assertIn(words, result.stderr)

    def test_check_and_plan(self):
        self.assertIn("USD 0.01", self.healthy())
        shown = self.plan(times=self.TIMES).stdout
        self.assertIn("Start=2026-03-17 End=2026-03-24 Granularity=DAILY", shown)


if __name__ == "__main__":
    main()
