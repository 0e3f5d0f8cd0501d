"""A loopback double of PagerDuty's REST API: incidents, services, teams, priorities and the analytics.

Shapes follow the examples of PagerDuty's OpenAPI description. What tests bend is an attribute: `incidents`, `page_size`, `endless`,
`clock` (the server's own, which decides whether analytics are complete), `time_zone`.
"""

import datetime
import email.utils
import re

import double
from double import answer

TOKEN = "u+valid-read-only-key"
UTC = datetime.timezone.utc


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def refused(status, message, *errors):
    return answer(status, {"error": {"message": message, "code": 2100, "errors": list(errors)}})


class PagerDuty(double.Double):
    def __init__(self, port=0):
        super().__init__(port)
        self.services = {"PIJ90N7", "PPSCXAN"}
        self.teams = {"PQ9K7I8"}
        self.priorities = ["P1", "P2"]
        self.incidents = []
        self.page_size = 100
        self.endless = False
        self.clock = None
        self.time_zone = "Etc/UTC"
        for minute, taken in ((0, 300), (5, 600), (10, 900), (38, 240), (45, 360), (52, 600)):
            self.add(f"2026-03-17T{11 + minute // 60}:{minute:02d}:00Z", taken)
        self.add("2026-03-17T11:40:30Z", 600, service="PPSCXAN", urgency="low")
        for minute, taken in ((12, 300), (20, 420), (28, 600)):
            self.add(f"2026-03-17T12:{minute:02d}:00Z", taken)

    def add(self, created, seconds=None, *, service="PIJ90N7", urgency="high", priority=None, acked=30, team="PQ9K7I8"):
        self.incidents.append({"created": moment(created), "seconds": seconds, "service": service, "urgency": urgency,
                               "priority": priority, "acked": acked, "team": team, "id": f"P{len(self.incidents):06d}"})

    def handle(self, request):
        if request.headers.get("Authorization") not in (f"Token token={TOKEN}", f"Bearer {TOKEN}"):
            return refused(401, "Unauthorized")
        if request.headers.get("Accept") != "application/vnd.pagerduty+json;version=2":
            return refused(406, "Not Acceptable")
        thing = re.fullmatch(r"/(service|team)s/(\w+)", request.path)
        if thing:
            known = {"service": self.services, "team": self.teams}[thing.group(1)]
            return answer(200, {thing.group(1): {"id": thing.group(2)}}) if thing.group(2) in known else refused(404, "Not Found")
        if request.path == "/priorities":
            return answer(200, {"priorities": [{"id": name, "summary": name} for name in self.priorities], "more": False})
        if request.path == "/incidents":
            return self.list(request)
        if request.path.startswith("/analytics/"):
            return self.analytics(request.path, request.json())
        return refused(404, "Not Found")

    def list(self, request):
        query = request.query
        if "since" not in query and query.get("date_range") != "all" and "offset" in query:
            return answer(200, {"incidents": [], "limit": 100, "offset": 0, "more": False})
        since, until = (moment(query.get(key, "2026-01-01T00:00:00Z")) for key in ("since", "until"))
        if until - since > datetime.timedelta(days=181):
            return refused(400, "Invalid Input Provided", "the date range may not be longer than 6 months")
        offset, limit = int(query.get("offset", "0")), min(int(query["limit"]), 100)
        if offset + limit > 10000:
            return refused(400, "Invalid Input Provided", "offset+limit must not exceed 10000")
        found = [one for one in self.incidents
                 if since <= one["created"] <= until
                 and one["service"] in (request.all("service_ids[]") or [one["service"]])
                 and one["team"] in (request.all("team_ids[]") or [one["team"]])
                 and one["urgency"] in (request.all("urgencies[]") or [one["urgency"]])]
        found.sort(key=lambda one: one["created"])
        page = found[offset:offset + limit]
        return answer(200, {"incidents": [self.listed(one) for one in page], "limit": limit, "offset": offset,
                            "total": None, "more": self.endless or offset + limit < len(found)})

    def listed(self, one):
        out = {"id": one["id"], "type": "incident", "created_at": one["created"].strftime("%Y-%m-%dT%H:%M:%SZ"),
               "status": "triggered", "urgency": one["urgency"], "resolved_at": None,
               "last_status_change_at": one["created"].strftime("%Y-%m-%dT%H:%M:%SZ"),
               "priority": {"summary": one["priority"]} if one["priority"] else None}
        if one["seconds"] is not None:
            ended = one["created"] + datetime.timedelta(seconds=one["seconds"])
            out.update(status="resolved", resolved_at=ended.strftime("%Y-%m-%dT%H:%M:%SZ"),
                       last_status_change_at=ended.strftime("%Y-%m-%dT%H:%M:%SZ"))
        return out

    def analytics(self, path, body):
        filters = body["filters"]
        start, end = moment(filters["created_at_start"]), moment(filters["created_at_end"])
        found = [one for one in self.incidents
                 if start <= one["created"] < end and one["service"] in filters.get("service_ids", [one["service"]])
                 and one["team"] in filters.get("team_ids", [one["team"]])
                 and filters.get("urgency", one["urgency"]) == one["urgency"]
                 and one["priority"] in filters.get("priority_names", [one["priority"]])]
        headers = {"Date": email.utils.format_datetime(self.clock, usegmt=True)} if self.clock else {}
        if path == "/analytics/metrics/incidents/all":
            ended = [one["seconds"] for one in found if one["seconds"] is not None]
            data = [{"total_incident_count": len(found), "mean_seconds_to_resolve": sum(ended) / len(ended) if ended else None}]
            return answer(200, {"data": data if found else [], "filters": filters, "time_zone": self.time_zone}, headers)
        found.sort(key=lambda one: (one["created"], one["id"]))
        after = body.get("starting_after")
        begin = next((i + 1 for i, one in enumerate(found) if one["id"] == after), 0)
        page = found[begin:begin + min(body["limit"], self.page_size)]
        more = self.endless or begin + len(page) < len(found)
        return answer(200, {"data": [self.raw(one) for one in page], "first": page[0]["id"] if page else None,
                            "last": page[-1]["id"] if page else after, "limit": body["limit"], "more": more,
                            "order": "asc", "order_by": "created_at", "time_zone": self.time_zone}, headers)

    def raw(self, one):
        local = one["created"]
        if self.time_zone != "Etc/UTC":
            import zoneinfo
            local = local.astimezone(zoneinfo.ZoneInfo(self.time_zone))
        return {"id": one["id"], "created_at": local.strftime("%Y-%m-%dT%H:%M:%S"), "urgency": one["urgency"],
                "status": "resolved" if one["seconds"] is not None else "acknowledged", "priority_name": one["priority"],
                "service_id": one["service"], "seconds_to_resolve": one["seconds"], "seconds_to_first_ack": one["acked"]}


if __name__ == "__main__":
    double.serve(lambda port: PagerDuty(port), __doc__)
