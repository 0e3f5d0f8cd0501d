"""A loopback double of GitHub's REST API as far as deployments go: deployments, their statuses, environments, commits, comparisons.

Shapes follow https://docs.github.com/en/rest/deployments: newest first, pages by the Link header, statuses that are gone after 90 days,
a success that turns inactive when the next deployment takes its place. Run it by hand: `python3 tests/doubles/github_deployments.py`.
"""

import datetime
import re
import time

from double import Double, answer, serve

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyzABCD"
REPOSITORY = "octo-org/checkout"


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def refusal(status, message, headers=None):
    return answer(status, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}, headers)


def rate_limited(seconds):
    return refusal(403, "API rate limit exceeded for installation ID 1.",
                   {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + seconds)})


class GithubDeployments(Double):
    """`deploy(…)` adds one; `history` holds the commits, oldest first: (sha, Unix seconds)."""

    def __init__(self, port=0):
        super().__init__(port)
        self.environments = {"production"}
        self.deployments = []
        self.history = []
        self.page_size = 100

    def commit(self, sha, at):
        self.history.append((sha, at))

    def deploy(self, sha, at, ended=None, state="success", environment="production", statuses=None):
        """Created at `at`, `state` at `ended` (a minute later); a success turns the one before inactive."""
        ended = at + 60 if ended is None else ended
        if state == "success":
            for other in self.deployments:
                if other["environment"] == environment and other["statuses"] and other["statuses"][0][0] == "success":
                    other["statuses"].insert(0, ("inactive", ended))
        found = statuses if statuses is not None else [(state, ended), ("in_progress", at + 5), ("queued", at)]
        self.deployments.append({"id": 2_000_000_000 + len(self.deployments), "sha": sha, "at": at, "environment": environment,
                                 "statuses": list(found)})

    def handle(self, request):
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(401, "Bad credentials")
        if request.headers.get("X-GitHub-Api-Version") != "2022-11-28":
            return refusal(400, "this double wants the headers of the reference")
        for pattern, handler in (("/deployments", self.list), (r"/deployments/(\d+)/statuses", self.statuses),
                                 (r"/environments/(.+)", self.environment), (r"/commits/(\w+)", self.show),
                                 (r"/compare/(\w+)\.\.\.(\w+)", self.compare)):
            match = re.fullmatch(f"/repos/{REPOSITORY}{pattern}", request.path)
            if match:
                return handler(request, *match.groups())
        return refusal(404, "Not Found")

    def page(self, request, items):
        size = min(int(request.query.get("per_page", 30)), self.page_size)
        number = int(request.query.get("page", 1))
        headers = {}
        if number * size < len(items):
            rest = "&".join(f"{k}={v}" for k, v in request.query.items() if k != "page")
            headers["Link"] = f'<{self.url}{request.path}?{rest}&page={number + 1}>; rel="next"'
        return answer(200, items[(number - 1) * size:number * size], headers)

    def list(self, request):
        wanted = [one for one in self.deployments if request.query.get("environment", one["environment"]) == one["environment"]]
        shown = [{"id": one["id"], "sha": one["sha"], "ref": "main", "task": "deploy", "environment": one["environment"],
                  "created_at": stamp(one["at"]), "updated_at": stamp(one["at"])} for one in reversed(wanted)]
        return self.page(request, shown)

    def statuses(self, request, number):
        one = next(one for one in self.deployments if one["id"] == int(number))
        return self.page(request, [{"id": i, "state": state, "created_at": stamp(at)} for i, (state, at) in enumerate(one["statuses"])])

    def environment(self, _, name):
        return answer(200, {"name": name}) if name in self.environments else refusal(404, "Not Found")

    def show(self, _, sha):
        at = dict(self.history)[sha]
        return answer(200, {"sha": sha, "commit": {"author": {"date": stamp(at - 86400)}, "committer": {"date": stamp(at)}}})

    def compare(self, _, base, head):
        order = [sha for sha, _ in self.history]
        status = "behind" if order.index(head) < order.index(base) else "ahead"
        return answer(200, {"status": status, "commits": []})


def busy(double, deployed):
    """A commit every two hours and its deployment half an hour later, for 28 days before and 14 after `deployed`."""
    for number, at in enumerate(range(deployed - 28 * 86400, deployed + 14 * 86400, 7200)):
        double.commit(f"{number:040x}", at - 1800)
        double.deploy(f"{number:040x}", at - 60)


if __name__ == "__main__":
    def make(port):
        double = GithubDeployments(port)
        busy(double, int(time.time()) - 14 * 86400)
        return double
    serve(make, __doc__.splitlines()[0])
