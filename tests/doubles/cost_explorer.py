"""A loopback double of AWS Cost Explorer over JSON 1.1, with the signature of every request checked.

Shapes follow the API's reference (https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html): amounts
are strings, End is exclusive, days are those of UTC.
Run it by hand: `python3 tests/doubles/cost_explorer.py --port 8126`.
"""

import datetime

import sigv4
from double import Double, answer, serve

KEY, SECRET, TOKEN = "AKIDEXAMPLEEXAMPLE02", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session-token-of-the-double=="
METRICS = {"UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost", "BlendedCost", "UsageQuantity", "NormalizedUsageAmount"}


def refusal(kind, words, status=400):
    return answer(status, {"__type": kind, "Message": words})


class CostExplorer(Double):
    """`costs` is a list of (tags, amount): tags a dict of what a line of the bill has ("SERVICE", "tag:app"), amount a function of a date
    ("2026-03-17"). Days from `estimated_from` on are estimates. `days_a_page` cuts answers into pages.
    """

    def __init__(self, port=0):
        super().__init__(port)
        self.key, self.secret, self.token = KEY, SECRET, TOKEN
        self.costs, self.estimated_from, self.days_a_page, self.unit = [], "9999", 1000, "USD"

    def handle(self, request):
        fault = sigv4.fault(request, self.key, self.secret, "us-east-1", "ce", self.token)
        if fault:
            return refusal(fault, "The security token included in the request is invalid.")
        if request.headers["Content-Type"] != "application/x-amz-json-1.1":
            return refusal("SerializationException", "Content-Type")
        service, _, operation = request.headers["X-Amz-Target"].partition(".")
        known = {"GetCostAndUsage": self.usage, "GetDimensionValues": self.values, "GetTags": self.values, "GetCostCategories": self.values}
        if service != "AWSInsightsIndexService" or operation not in known:
            return refusal("UnknownOperationException", "")
        return known[operation](request.json())

    def matches(self, tags, expression):
        if "And" in expression:
            return all(self.matches(tags, one) for one in expression["And"])
        if "Not" in expression:
            return not self.matches(tags, expression["Not"])
        (kind, wanted), = expression.items()
        prefix = {"Dimensions": "", "Tags": "tag:", "CostCategories": "category:"}[kind]
        return tags.get(prefix + wanted["Key"]) in wanted["Values"]

    def usage(self, body):
        start, end = (datetime.date.fromisoformat(body["TimePeriod"][name]) for name in ("Start", "End"))
        if body["Granularity"] != "DAILY" or not set(body["Metrics"]) <= METRICS or start >= end:
            return refusal("ValidationException", "Start date (and hour) should be before end date (and hour)")
        days = [str(start + datetime.timedelta(i)) for i in range((end - start).days)]
        first = int(body.get("NextPageToken", "page-0").split("-")[1])
        metric, = body["Metrics"]
        chosen = [(tags, amount) for tags, amount in self.costs if "Filter" not in body or self.matches(tags, body["Filter"])]
        money = lambda total: {metric: {"Amount": f"{total:.10f}", "Unit": self.unit}}
        out = []
        for day in days[first:first + self.days_a_page]:
            row = {"TimePeriod": {"Start": day, "End": str(datetime.date.fromisoformat(day) + datetime.timedelta(1))},
                   "Estimated": day >= self.estimated_from, "Groups": [], "Total": {}}
            if "GroupBy" in body:
                group, = body["GroupBy"]
                key = {"DIMENSION": "", "TAG": "tag:", "COST_CATEGORY": "category:"}[group["Type"]] + group["Key"]
                for value in sorted({tags.get(key, "") for tags, _ in chosen}):
                    total = sum(amount(day) for tags, amount in chosen if tags.get(key, "") == value)
                    row["Groups"].append({"Keys": [value], "Metrics": money(total)})
            else:
                row["Total"] = money(sum(amount(day) for _, amount in chosen))
            out.append(row)
        result = {"ResultsByTime": out, "DimensionValueAttributes": []}
        if first + self.days_a_page < len(days):
            result["NextPageToken"] = f"page-{first + self.days_a_page}"
        return answer(200, result)

    def values(self, body):
        key = body.get("Dimension") or "tag:" * ("TagKey" in body) + body.get("TagKey", "") or "category:" + body["CostCategoryName"]
        found = sorted({tags[key] for tags, _ in self.costs if key in tags and body["SearchString"] in tags[key]})
        name = "DimensionValues" if "Dimension" in body else "Tags" if "TagKey" in body else "CostCategoryValues"
        return answer(200, {name: [{"Value": value, "Attributes": {}} for value in found] if "Dimension" in body else found,
                            "ReturnSize": len(found), "TotalSize": len(found)})


if __name__ == "__main__":
    serve(CostExplorer, __doc__)
