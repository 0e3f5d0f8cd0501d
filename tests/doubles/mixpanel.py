"""A loopback double of Mixpanel's Query API: segmentation, funnels, retention, saved reports, names.

Shapes follow Mixpanel's own OpenAPI description. What tests bend is an attribute: `events` (by name and day: how often, and by whom),
`funnels`, `cohorts`, `reports`, `clock`, `buckets` (into how many the users of a window are put), `hidden_groups`, `lost_days`; `active` says who
came each day, as [event, from, to, users].
"""

import base64
import datetime
import email.utils

import double
from double import answer

USER, SECRET, PROJECT = "gate.abc123.mp-service-account", "valid-service-secret", "2195193"


def days(start, end):
    first, last = (datetime.date.fromisoformat(text) for text in (start, end))
    return [(first + datetime.timedelta(days=i)).isoformat() for i in range((last - first).days + 1)]


class Mixpanel(double.Double):
    def __init__(self, port=0):
        super().__init__(port)
        self.events = {"checkout": {}, "signup": {}}
        for i, day in enumerate(days("2026-02-20", "2026-03-17")):
            released = day >= "2026-03-10"
            self.events["checkout"][day] = [f"user{(i * 3 + k) % 20}" for k in range(8 if released else 5) for _ in range(2)]
        self.funnels = {"7509": (100, 40)}
        self.cohorts = {"signup": (50, [50, 30, 25, 22, 21, 20, 19, 18, 17])}
        self.reports = {"44138": {"Logged in": dict.fromkeys(days("2026-02-20", "2026-03-17"), 12)}}
        self.computed_at = "2026-03-17T12:00:00.250000+00:00"
        self.clock = None
        self.buckets = 1
        self.hidden_groups = 0
        self.lost_days = set()
        self.active = []
        self.offset = "+00:00"

    def handle(self, request):
        for event, start, end, users in self.active:
            for day in days(start, end):
                self.events.setdefault(event, {})[day] = [f"user{i}" for i in range(users)]
        self.active = []
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode():
            return answer(401, {"error": "Unauthorized, please provide a valid service account"})
        query = request.query
        if query.get("project_id") != PROJECT:
            return answer(400, {"error": "project_id is a required parameter"})
        headers = {"Date": email.utils.format_datetime(self.clock, usegmt=True)} if self.clock else {}
        name = request.path.removeprefix("/api/query/")
        found = {"events/names": self.names, "segmentation": self.segmentation, "funnels": self.funnel,
                 "funnels/list": lambda _: [{"funnel_id": int(key), "name": "Checkout"} for key in self.funnels],
                 "retention": self.retention, "insights": self.insights}.get(name)
        if found is None:
            return answer(404, {"error": "no such endpoint"})
        body = found(query)
        return answer(400, body, headers) if isinstance(body, dict) and "error" in body else answer(200, body, headers)

    def asked_days(self, query):
        return [day for day in days(query["from_date"], query["to_date"]) if day not in self.lost_days]

    def names(self, query):
        seen = sorted((name for name, by_day in self.events.items() if by_day), reverse=True)
        return seen[:int(query.get("limit", "255"))]

    def segmentation(self, query):
        name, by_day = query["event"], self.events.get(query["event"], {})
        every = self.asked_days(query)
        unique = query["type"] == "unique"
        if unique and "interval" in query:
            size = -(-len(every) // self.buckets)
            chunks = [every[i:i + size] for i in range(0, len(every), size)]
            values = {chunk[0]: len({user for day in chunk for user in by_day.get(day, [])}) for chunk in chunks}
        else:
            values = {day: len(set(by_day.get(day, [])) if unique else by_day.get(day, [])) for day in every}
        return {"data": {"series": list(values), "values": {name: values}}, "legend_size": 1 + self.hidden_groups}

    def funnel(self, query):
        started, completed = self.funnels.get(query["funnel_id"], (0, 0))
        return {"meta": {"dates": self.asked_days(query)},
                "data": {day: {"steps": [], "analysis": {"starting_amount": started, "completion": completed, "steps": 2, "worst": 1}}
                         for day in self.asked_days(query)}}

    def retention(self, query):
        first, counts = self.cohorts.get(query["born_event"], (0, []))
        counts = counts[:int(query["interval_count"])]
        return {day: {"first": first, "counts": counts} for day in self.asked_days(query)}

    def insights(self, query):
        series = self.reports.get(query["bookmark_id"])
        if series is None:
            return {"error": "report not found"}
        return {"computed_at": self.computed_at, "headers": ["$event"],
                "series": {name: {f"{day}T00:00:00{self.offset}": value for day, value in points.items()} for name, points in series.items()}}


if __name__ == "__main__":
    double.serve(lambda port: Mixpanel(port), __doc__)
