"""A loopback double of Dynatrace's Problems API v2: the list of problems.

A problem is listed when it began or ended in the timeframe; the end of an open one is -1.
https://docs.dynatrace.com/docs/dynatrace-api/environment-api/problems-v2/problems/get-problems-list
"""

import datetime
import json
import re

from double import Double, answer
from dynatrace import TOKEN, refused

SEVERITY = re.compile(r'severityLevel\(([^)]*)\)')


def milliseconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


class DynatraceProblems(Double):
    """`problems` are those of the environment; `most` is the largest page; `more` goes into the answer."""

    def __init__(self, port=0):
        super().__init__(port)
        self.problems, self.most, self.more = [], 500, {}

    def add(self, began, minutes, severity="ERROR", **more):
        start = milliseconds(began)
        self.problems.append({"problemId": f"-{len(self.problems)}_V2", "displayId": f"P-{len(self.problems)}", "title": "Failure rate increase",
                              "impactLevel": "SERVICES", "severityLevel": severity, "status": "OPEN" if minutes is None else "CLOSED",
                              "affectedEntities": [], "impactedEntities": [], "rootCauseEntity": None, "startTime": start,
                              "endTime": -1 if minutes is None else start + minutes * 60000, **more})

    def handle(self, request):
        if request.headers.get("Authorization") != f"Api-Token {TOKEN}":
            return refused(401, "Missing authorization parameter.")
        if request.path != "/api/v2/problems" or request.method != "GET":
            return refused(404, "Not found")
        query = request.query
        if "nextPageKey" in query:
            if set(query) - {"nextPageKey", "fields"}:
                return refused(400, "Constraints violated.", [("nextPageKey", "must be the only parameter beside fields")])
            offset, size, wanted = query["nextPageKey"].split("|", 2)
            return self.page(json.loads(wanted), int(offset), int(size))
        selector = query.get("problemSelector", "")
        severities = SEVERITY.search(selector)
        if selector and not severities:
            return refused(400, "Constraints violated.", [("problemSelector", "Invalid problem selector")])
        start, end = int(query["from"]) if query["from"].isdigit() else 0, int(query.get("to", 1 << 60))
        wanted = [number for number, one in enumerate(self.problems)
                  if any(start <= one[key] <= end for key in ("startTime", "endTime"))
                  and (not severities or f'"{one["severityLevel"]}"' in severities[1])
                  and query.get("entitySelector") in (None, 'type(SERVICE),tag("shop")')]
        return self.page(wanted, 0, min(int(query.get("pageSize", "50")), self.most))

    def page(self, wanted, offset, size):
        more = {"nextPageKey": f"{offset + size}|{size}|{wanted}"} if offset + size < len(wanted) else {}
        return answer(200, {"totalCount": len(wanted), "pageSize": size, **more, **self.more,
                            "problems": [self.problems[number] for number in wanted[offset:offset + size]]})
