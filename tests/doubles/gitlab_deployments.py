"""A loopback double of GitLab's REST API as far as deployments go: deployments, environments, commits, merge bases, DORA metrics.

Shapes follow https://docs.gitlab.com/api/deployments/: `finished_after` needs `order_by=finished_at` and a status that is over, else
HTTP 400; pages by the Link header. Run it by hand: `python3 tests/doubles/gitlab_deployments.py`.
"""

import datetime
import re
import time
import urllib.parse

from double import Double, answer, serve

TOKEN = "glpat-0123456789abcdefghij"
JOB_TOKEN = "glcbt-64_0123456789abcdef"
PROJECT = "42"


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class GitlabDeployments(Double):
    """`deploy(…)` adds one; `history` holds the commits, oldest first: (sha, Unix seconds); `dora` the values by metric."""

    def __init__(self, port=0):
        super().__init__(port)
        self.environments = {"production"}
        self.deployments = []
        self.history = []
        self.page_size = 100
        self.dora = {}
        self.is_ultimate = True
        self.tells_commits = True

    def commit(self, sha, at):
        self.history.append((sha, at))

    def deploy(self, sha, at, status="success", environment="production", has_job=True):
        self.deployments.append({"sha": sha, "at": at, "status": status, "environment": environment, "has_job": has_job})

    def handle(self, request):
        if TOKEN != request.headers.get("PRIVATE-TOKEN") and JOB_TOKEN != request.headers.get("JOB-TOKEN"):
            return answer(401, {"message": "401 Unauthorized"})
        for pattern, handler in (("/deployments", self.list), ("/environments", self.list_environments),
                                 (r"/repository/commits/(\w+)", self.show), ("/repository/merge_base", self.merge_base),
                                 ("/dora/metrics", self.metrics)):
            match = re.fullmatch(f"/projects/{PROJECT}{pattern}", request.path)
            if match:
                return handler(request, *match.groups())
        return answer(404, {"message": "404 Project Not Found"})

    def list(self, request):
        query = request.query
        if "finished_after" in query and (query.get("order_by") != "finished_at" or query.get("status") not in ("success", "failed", "canceled")):
            return answer(400, {"message": "400 Bad request - `finished_at` filter must be combined with `order_by=finished_at` and a finished status"})
        after = seconds(query["finished_after"]) if "finished_after" in query else 0
        found = sorted((one for one in self.deployments if one["environment"] == query.get("environment", one["environment"])
                        and one["status"] == query.get("status", one["status"]) and one["at"] > after), key=lambda one: one["at"])
        size, number = min(int(query.get("per_page", 20)), self.page_size), int(query.get("page", 1))
        headers = {}
        if number * size < len(found):
            rest = urllib.parse.urlencode({**query, "page": number + 1})
            headers["Link"] = f'<{self.url}{request.path}?{rest}>; rel="next", <{self.url}{request.path}>; rel="first"'
        return answer(200, [self.shown(one) for one in found[(number - 1) * size:number * size]], headers)

    def shown(self, one):
        job = {"id": 7, "status": one["status"], "finished_at": stamp(one["at"]), "commit": {"id": one["sha"]}}
        if self.tells_commits:
            job["commit"]["created_at"] = stamp(dict(self.history)[one["sha"]])
        return {"id": 1, "iid": 1, "ref": "main", "sha": one["sha"], "status": one["status"], "created_at": stamp(one["at"] - 300),
                "updated_at": stamp(one["at"]), "deployable": job if one["has_job"] else None,
                "environment": {"name": one["environment"]}}

    def list_environments(self, request):
        name = request.query["name"]
        return answer(200, [{"id": 1, "name": name}] if name in self.environments else [])

    def show(self, _, sha):
        return answer(200, {"id": sha, "committed_date": stamp(dict(self.history)[sha])})

    def merge_base(self, request):
        order = [sha for sha, _ in self.history]
        return answer(200, {"id": min(request.all("refs[]"), key=order.index)})

    def metrics(self, request):
        if not self.is_ultimate:
            return answer(403, {"message": "The authenticated user does not have access to DORA metrics"})
        value = self.dora.get((request.query["metric"], request.query["start_date"], request.query["end_date"]))
        return answer(200, [{"date": None, "value": value}])


if __name__ == "__main__":
    def make(port):
        double = GitlabDeployments(port)
        now = int(time.time())
        for number, at in enumerate(range(now - 28 * 86400, now, 7200)):
            double.commit(f"{number:040x}", at - 1800)
            double.deploy(f"{number:040x}", at)
        return double
    serve(make, __doc__.splitlines()[0])
