"""A loopback double of Unleash's admin API as far as one flag goes: the flag, its evaluations by the hour, its events.

Shapes follow a recording of Unleash 7.5.1: hours in UTC, zero-filled for every environment and application that was seen; strategies'
rollouts as strings. Run it by hand: `python3 tests/doubles/unleash.py --port 8132`.
"""

import datetime
import re
import time

from double import Double, answer, serve

TOKEN = "*:*.964a287e1b728cb5f4f3e0120df92cb5"


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def strategy(rollout="25", name="flexibleRollout", variants=(), **more):
    return {"name": name, "constraints": [], "segments": [], "variants": list(variants), "disabled": False, "sortOrder": 0,
            "parameters": {"groupId": "new-checkout", "rollout": rollout, "stickiness": "default"}, **more}


class Unleash(Double):
    """`evaluations` holds (Unix seconds of an hour, environment, application) → (yes, no, variants); the newest hour is that of `now`."""

    def __init__(self, port=0):
        super().__init__(port)
        self.now = time.time()
        self.flag = {"name": "new-checkout", "project": "default", "type": "release", "stale": False, "archived": False, "environments": [
            {"name": "development", "enabled": True, "strategies": [strategy("100")]},
            {"name": "production", "enabled": True, "strategies": [strategy()]}]}
        self.evaluations = {}
        self.events = []

    @property
    def production(self):
        return self.flag["environments"][1]

    def event(self, kind, at, environment="production", before=None, after=None):
        self.events.append({"id": len(self.events) + 1, "type": kind, "createdAt": stamp(at), "environment": environment,
                            "project": "default", "featureName": "new-checkout", "createdBy": "jane", "preData": before, "data": after})

    def handle(self, request):
        if request.headers.get("Authorization") != TOKEN:
            return answer(401, {"message": "This endpoint requires an API token. Please add an authorization header to your request with a valid token"})
        if request.path == "/api/admin/projects/default/overview":
            return answer(200, {"version": 1, "name": "Default"})
        for pattern, handler in ((r"/api/admin/projects/(\w+)/features/(.+)", self.feature),
                                 (r"/api/admin/client-metrics/features/(.+)/raw", self.raw), ("/api/admin/search/events", self.search)):
            match = re.fullmatch(pattern, request.path)
            if match:
                return handler(request, *match.groups())
        return answer(404, {"name": "NotFoundError", "message": "no such route"})

    def feature(self, _, project, name):
        if (project, name) != (self.flag["project"], self.flag["name"]):
            words = f'There\'s no feature named "{name}" in project "{project}".'
            return answer(404, {"name": "NotFoundError", "message": words, "details": [{"message": words}]})
        return answer(200, self.flag)

    def raw(self, request, name):
        hours = int(request.query["hoursBack"])
        if not 1 <= hours <= 48:
            hours = 24  # what is out of range is ignored
        newest = int(self.now // 3600 * 3600)
        seen = {(environment, application) for _, environment, application in self.evaluations}
        rows = []
        for hour in range(newest - (hours - 1) * 3600, newest + 1, 3600):
            for environment, application in sorted(seen):
                yes, no, variants = self.evaluations.get((hour, environment, application), (0, 0, None))
                row = {"timestamp": stamp(hour), "yes": yes, "no": no, "appName": application, "environment": environment, "featureName": name}
                rows.append({**row, "variants": variants} if variants else row)
        return answer(200, {"version": 1, "maturity": "stable", "data": rows})

    def search(self, request):
        query = {key: value.partition(":")[2] for key, value in request.query.items() if ":" in value}
        if not all(request.query.get(key, "IS:").startswith("IS:") for key in ("feature", "environment", "type", "from", "to")):
            return answer(400, {"message": "Request validation failed"})
        found = [one for one in reversed(self.events)
                 if one["featureName"] == query["feature"] and one["environment"] == query["environment"] and one["type"] == query["type"]
                 and query.get("from", "") <= one["createdAt"][:10] <= query.get("to", "9")]
        offset, limit = int(request.query.get("offset", 0)), min(int(request.query.get("limit", 50)), self.most_events)
        return answer(200, {"events": found[offset:offset + limit], "total": len(found)})

    most_events = 1000


if __name__ == "__main__":
    serve(Unleash, __doc__.splitlines()[0])
