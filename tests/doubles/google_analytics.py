"""A loopback double of the Data API of Google Analytics 4: runReport, and the names of dimensions and metrics.

Shapes follow the API's reference (https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport):
values are strings, dates inclusive, rows of nothing but zeros left out.
"""

import datetime

from double import answer
from google import Google, refused

PROPERTY = "213025502"
METRICS = ("sessions", "keyEvents", "eventCount", "activeUsers", "totalUsers", "newUsers", "totalRevenue", "screenPageViews", "customEvent:points")


class GoogleAnalytics(Google):
    """`facts` is a list of dicts: "date" ("2026-03-17"), dimensions, and metrics; users are sets. `page_size` cuts reports into pages,
    `metadata` is what is said of every report.
    """

    scope = "https://www.googleapis.com/auth/analytics.readonly"

    def __init__(self, port=0):
        super().__init__(port)
        self.facts, self.page_size = [], 250000
        self.metadata = {"currencyCode": "EUR", "timeZone": "Europe/Berlin"}

    def fill(self, first, last, **metrics):
        """A fact a day and device: 40 sessions, and a purchase of EUR 10 in 4 of them; `metrics` take their place."""
        day = datetime.date.fromisoformat(first)
        while str(day) <= last:
            for device in ("mobile", "desktop"):
                base = {"date": str(day), "deviceCategory": device}
                users = {f"{device}-{i}" for i in range(10)} | {f"{device}-{day}-{i}" for i in range(5)}
                self.facts.append({**base, "eventName": "session_start", "sessions": 40, "eventCount": 40, "activeUsers": users, **metrics})
                self.facts.append({**base, "eventName": "purchase", "keyEvents": 4, "eventCount": 4, "totalRevenue": 40.5,
                                   **{name: value for name, value in metrics.items() if name in ("keyEvents", "totalRevenue")}})
            day += datetime.timedelta(1)

    def serve(self, request):
        if request.path == f"/v1beta/properties/{PROPERTY}/metadata":
            return answer(200, {"dimensions": [], "metrics": []})
        if request.path != f"/v1beta/properties/{PROPERTY}:runReport" or request.method != "POST":
            return refused(403, "PERMISSION_DENIED", "User does not have sufficient permissions for this property.")
        return self.report(request.json())

    def matches(self, fact, expression):
        if "andGroup" in expression:
            return all(self.matches(fact, one) for one in expression["andGroup"]["expressions"])
        wanted = expression["filter"]
        return fact.get(wanted["fieldName"]) in wanted["inListFilter"]["values"]

    def report(self, body):
        span, = body["dateRanges"]
        metrics = [metric["name"] for metric in body["metrics"]]
        dimensions = [dimension["name"] for dimension in body.get("dimensions", [])]
        unknown = [name for name in metrics if name not in METRICS]
        if unknown or len(metrics) != len(set(metrics)):
            return refused(400, "INVALID_ARGUMENT", f"Field {unknown} is not a valid metric.")
        rows = {}
        for fact in self.facts:
            if not span["startDate"] <= fact["date"] <= span["endDate"] or not self.matches(fact, body.get("dimensionFilter", {"andGroup": {"expressions": []}})):
                continue
            key = tuple(fact["date"].replace("-", "") if name == "date" else fact.get(name, "(not set)") for name in dimensions)
            row = rows.setdefault(key, [set() if name.endswith("Users") else 0 for name in metrics])
            for i, name in enumerate(metrics):
                row[i] = row[i] | fact.get(name, set()) if name.endswith("Users") else row[i] + fact.get(name, 0)
        numbers = lambda row: [len(one) if isinstance(one, set) else one for one in row]
        found = [(key, numbers(row)) for key, row in sorted(rows.items()) if any(numbers(row))]
        first = int(body["offset"])
        page = found[first:first + min(self.page_size, int(body["limit"]))]
        out = {"dimensionHeaders": [{"name": name} for name in dimensions], "metricHeaders": [{"name": name} for name in metrics],
               "metadata": self.metadata, "kind": "analyticsData#runReport"}
        if found:
            out["rowCount"] = len(found)
            out["rows"] = [{"dimensionValues": [{"value": value} for value in key], "metricValues": [{"value": str(value)} for value in row]}
                           for key, row in page]
            if not dimensions:
                for row in out["rows"]:
                    del row["dimensionValues"]
        return answer(200, out)
