"""A loopback double of LaunchDarkly's REST API as far as one flag goes: the flag, its status, the audit log.

Shapes follow https://launchdarkly.com/docs/api: weights of 100,000, times in milliseconds, pages of at most 20 entries linked by
`_links.next.href`. Run it by hand: `python3 tests/doubles/launchdarkly.py --port 8133`.
"""

import copy
import re

from double import Double, answer, serve

TOKEN = "api-0123456789abcdef-0123456789"


class LaunchDarkly(Double):
    """`flag` is what there is now; `change(at, action, …)` changes it and writes the log."""

    def __init__(self, port=0):
        super().__init__(port)
        self.status = "active"
        self.log = []
        self.flag = {"key": "new-checkout", "kind": "boolean", "variations": [
            {"_id": "v1", "value": True, "name": "New"}, {"_id": "v2", "value": False}], "environments": {"production": {
                "on": True, "archived": False, "rules": [], "targets": [], "contextTargets": [], "prerequisites": [], "offVariation": 1,
                "fallthrough": {"rollout": {"variations": [{"variation": 0, "weight": 25000}, {"variation": 1, "weight": 75000}]}}}}}

    @property
    def production(self):
        return self.flag["environments"]["production"]

    def serve_share(self, percent):
        self.production["fallthrough"] = {"rollout": {"variations": [
            {"variation": 0, "weight": int(percent * 1000)}, {"variation": 1, "weight": 100000 - int(percent * 1000)}]}}

    def change(self, at, action, then):
        """At Unix seconds `at`, by `then()`."""
        before = copy.deepcopy(self.flag)
        then()
        resource = "proj/default:env/production:flag/new-checkout"
        self.log.insert(0, {"_id": f"e{len(self.log)}", "date": int(at * 1000), "kind": "flag",
                            "accesses": [{"action": action, "resource": resource}], "name": "new-checkout",
                            "detail": {"previousVersion": before, "currentVersion": copy.deepcopy(self.flag)}})

    def handle(self, request):
        if request.headers.get("Authorization") != TOKEN:
            return answer(401, {"code": "unauthorized", "message": "invalid token"})
        for pattern, handler in (("/api/v2/projects/default", lambda _: answer(200, {"key": "default"})),
                                 ("/api/v2/flags/default/(.+)", self.show), ("/api/v2/flag-statuses/default/(.+)/(.+)", self.show_status),
                                 ("/api/v2/auditlog", self.list), (r"/api/v2/auditlog/(\w+)", self.entry)):
            match = re.fullmatch(pattern, request.path)
            if match:
                return handler(request, *match.groups())
        return answer(404, {"code": "not_found", "message": "Unknown project key"})

    def show(self, request, key):
        if key != self.flag["key"]:
            return answer(404, {"code": "not_found", "message": "Unknown feature flag key"})
        wanted = request.query.get("env")
        shown = {name: one for name, one in self.flag["environments"].items() if wanted in (None, name)}
        return answer(200, {**self.flag, "environments": shown})

    def show_status(self, _, environment, __):
        return answer(200, {"name": self.status, "lastRequested": "2026-03-17T12:00:00Z", "default": False})

    def list(self, request):
        query = request.query
        found = [one for one in self.log if one["accesses"][0]["resource"] == query["spec"]
                 and int(query.get("after", 0)) < one["date"] < int(query.get("before", 1 << 60))]
        limit, offset = min(int(query.get("limit", 10)), 20), int(query.get("offset", 0))
        links = {}
        if offset + limit < len(found):
            rest = "&".join(f"{key}={value}" for key, value in query.items() if key != "offset")
            links["next"] = {"href": f"/api/v2/auditlog?{rest}&offset={offset + limit}", "type": "application/json"}
        shown = [{key: value for key, value in one.items() if key != "detail"} for one in found[offset:offset + limit]]
        return answer(200, {"items": shown, "_links": links})

    def entry(self, _, number):
        one = next(one for one in self.log if one["_id"] == number)
        return answer(200, {**{key: value for key, value in one.items() if key != "detail"}, **one["detail"]})


if __name__ == "__main__":
    serve(LaunchDarkly, __doc__.splitlines()[0])
