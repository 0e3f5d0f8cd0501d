"""A loopback double of Zendesk's ticketing API: the search and its export, incremental tickets, satisfaction ratings, views.

Shapes follow Zendesk's reference and the fixtures of its clients. What tests bend is an attribute: `tickets`, `ratings`, `views`,
`page_size`, `repeat_cursor`; `arrivals` are more tickets, as [from, to, minutes between, tag].
"""

import base64
import datetime

import double
from double import answer

EMAIL, TOKEN, OAUTH = "agent@example.com", "valid-api-token", "valid-oauth-token"
UTC = datetime.timezone.utc


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


class Zendesk(double.Double):
    def __init__(self, port=0):
        super().__init__(port)
        self.tickets = []
        self.ratings = []
        self.views = {"25": [{"value": 719, "pretty": "~700", "fresh": True}]}
        self.page_size = 100
        self.repeat_cursor = False
        self.arrivals = []
        for minute, reply, taken in ((0, 10, 60), (10, 20, 80), (20, 30, 100), (40, 12, 30), (48, 14, 40), (55, 16, 50)):
            self.add(f"2026-03-17T{11 + minute // 60}:{minute:02d}:00Z", reply=reply, taken=taken)
        for minute, reply, taken in ((6, 15, 10), (11, 18, 12), (16, 21, 14)):
            self.add(f"2026-03-17T12:{minute:02d}:00Z", reply=reply, taken=taken)
        for when, score in (("11:40", "good"), ("11:50", "good"), ("11:55", "bad"), ("12:10", "good"), ("12:20", "bad"),
                            ("12:21", "offered"), ("12:30", "good"), ("12:31", "good")):
            self.ratings.append({"created": moment(f"2026-03-17T{when}:00Z"), "score": score})

    def add(self, created, *, tags=("checkout",), reply=None, taken=None, status=None, group=7, brand=3, updated=None):
        created = moment(created)
        solved = created + datetime.timedelta(minutes=taken) if taken is not None else None
        self.tickets.append({"id": len(self.tickets) + 1, "created": created, "tags": list(tags), "reply": reply, "taken": taken,
                             "solved": solved, "status": status or ("solved" if solved else "open"), "group": group,
                             "brand": brand, "updated": moment(updated) if updated else solved or created})

    def arrive_all(self):
        for start, end, minutes, tag in self.arrivals:
            when = moment(start)
            while when < moment(end):
                self.add(stamp(when), tags=(tag,))
                when += datetime.timedelta(minutes=minutes)
        self.arrivals = []

    def handle(self, request):
        self.arrive_all()
        basic = "Basic " + base64.b64encode(f"{EMAIL}/token:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") not in (basic, f"Bearer {OAUTH}"):
            return answer(401, {"error": "Couldn't authenticate you"})
        path, query = request.path, request.query
        if path == "/api/v2/search/count":
            if "type:ticket" not in query["query"].split():
                return answer(422, {"error": "invalid", "description": "a count of everything is none of tickets"})
            return answer(200, {"count": len(self.found(query["query"]))})
        if path == "/api/v2/search/export":
            if query.get("filter[type]") != "ticket" or "type:" in query["query"]:
                return answer(400, {"error": "InvalidValue", "description": "type belongs into filter[type]"})
            return self.page(query, "results", [self.ticket(one) for one in self.found(query["query"])])
        if path == "/api/v2/search":
            return answer(422, {"error": "unavailable", "description": "only the first 1000 results are available"})
        if path == "/api/v2/incremental/tickets/cursor":
            return self.incremental(query)
        if path == "/api/v2/satisfaction_ratings":
            found = [one for one in self.ratings
                     if int(query["start_time"]) <= one["created"].timestamp() <= int(query["end_time"])
                     and (query["score"] != "received" or one["score"] in ("good", "bad"))]
            return self.page(query, "satisfaction_ratings",
                             [{"id": i, "score": one["score"], "created_at": stamp(one["created"])} for i, one in enumerate(found)])
        if path.startswith("/api/v2/views/") and path.endswith("/count"):
            states = self.views.get(path.split("/")[4])
            if not states:
                return answer(404, {"error": "RecordNotFound", "description": "Not found"})
            return answer(200, {"view_count": states.pop(0) if len(states) > 1 else states[0]})
        return answer(404, {"error": "InvalidEndpoint"})

    def found(self, text):
        def test(word, one):
            for operator in (">=", "<"):
                if word.startswith("created" + operator):
                    bound = moment(word[len("created" + operator):])
                    return one["created"] >= bound if operator == ">=" else one["created"] < bound
            name, _, value = word.partition(":")
            if name == "tags":
                return value in one["tags"]
            if name == "status":
                return value == one["status"]
            return name == "type"

        return [one for one in self.tickets if one["status"] != "deleted" and all(test(word, one) for word in text.split())]

    def page(self, query, name, rows):
        begin = int(query.get("page[after]", "0"))
        end = begin + min(int(query["page[size]"]), self.page_size)
        more = self.repeat_cursor or end < len(rows)
        return answer(200, {name: rows[begin:end], "links": {"prev": None, "next": f"{self.url}/somewhere" if more else None},
                            "meta": {"has_more": more, "after_cursor": "0" if self.repeat_cursor else str(end) if more else None}})

    def ticket(self, one):
        return {"id": one["id"], "created_at": stamp(one["created"]), "updated_at": stamp(one["updated"]), "status": one["status"],
                "tags": one["tags"], "group_id": one["group"], "brand_id": one["brand"], "result_type": "ticket"}

    def metrics(self, one):
        def both(minutes):
            return {"calendar": minutes, "business": minutes // 2 if minutes is not None else None}

        return {"id": one["id"] + 900, "ticket_id": one["id"], "created_at": stamp(one["created"]), "solved_at": stamp(one["solved"]),
                "reply_time_in_minutes": both(one["reply"]), "full_resolution_time_in_minutes": both(one["taken"])}

    def incremental(self, query):
        begin, start = 0, query.get("start_time")
        if "cursor" in query:
            start, _, begin = query["cursor"].partition("/")
        rows = sorted((one for one in self.tickets if one["updated"].timestamp() >= int(start)), key=lambda one: one["updated"])
        begin = int(begin)
        end = begin + min(int(query["per_page"]), self.page_size)
        out = {"tickets": [self.ticket(one) for one in rows[begin:end]], "after_cursor": f"{start}/{0 if self.repeat_cursor else end}",
               "before_cursor": None, "end_of_stream": not self.repeat_cursor and end >= len(rows)}
        if "metric_sets" in query.get("include", ""):
            out["metric_sets"] = [self.metrics(one) for one in rows[begin:end]]
        return answer(200, out)


if __name__ == "__main__":
    double.serve(lambda port: Zendesk(port), __doc__)
