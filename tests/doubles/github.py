"""A loopback double of GitHub's API: comments of pull requests, check runs, commit statuses.

Shapes follow the references of REST (https://docs.github.com/rest) and GraphQL (https://docs.github.com/graphql): who may do what,
limits of lengths and counts, pages, errors. Run it by hand: `python3 tests/doubles/github.py --port 8127`.
"""

import re
import threading
import time

from double import Double, answer, serve

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyzABCD"
REPOSITORY = "octo-org/checkout"
HEAD = "9f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4"
NO_ACCESS = "Resource not accessible by integration"
MOST_COMMENT = 65536
MOST_TEXT = 65535
CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
CHECK_KEYS = {"name", "head_sha", "details_url", "external_id", "status", "started_at", "conclusion", "completed_at", "output", "actions"}
ANNOTATION_KEYS = {"path", "start_line", "end_line", "start_column", "end_column", "annotation_level", "message", "title", "raw_details"}


def refusal(status, message, errors=None, headers=None):
    body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return answer(status, {**body, **({"errors": errors} if errors else {})}, headers)


def rate_limited(seconds, status=403):
    """The primary limit: nothing remains until a moment."""
    headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + seconds)}
    return refusal(status, "API rate limit exceeded for installation ID 1.", headers=headers)


def slowed_down(seconds, status=403):
    """The secondary limit."""
    words = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return refusal(status, words, headers={"Retry-After": str(seconds)})


class Github(Double):
    """`comments` (dicts), `checks` and `statuses` (bodies as they were sent) hold what there is; `may` is what the token may
    write. `is_app = False` makes it a personal token. `lose(path)` orders that the next answer of that path is a 502 although
    the request was carried out. `together = n` holds back the first n listings until all of them have come."""

    def __init__(self, port=0):
        super().__init__(port)
        self._server.socket.listen(64)
        self.token, self.login, self.is_app = TOKEN, "github-actions[bot]", True
        self.may = {"pull-requests", "checks", "statuses"}
        self.heads = {7: HEAD}
        self.comments, self.checks, self.statuses = [], [], []
        self.together, self._waiting, self._gate = 0, 0, threading.Condition()
        self._lost = []
        self._next = 3_000_000_000  # beyond 2^31, as they are by now

    # What tests arrange.

    def comment(self, body, login="github-actions", kind="Bot", minimized=False, number=7):
        self._next += 1
        self.comments.append({"id": self._next, "number": number, "body": body, "login": login, "kind": kind, "minimized": minimized})
        return self.comments[-1]

    def lose(self, path, times=1):
        self._lost += [path] * times

    def arrive(self, request):
        if not self.together or not request.path.endswith("/graphql"):
            return
        with self._gate:
            self._waiting += 1
            self._gate.notify_all()
            self._gate.wait_for(lambda: self._waiting >= self.together, timeout=10)

    # What it answers.

    def handle(self, request):
        result = self.carry_out(request)
        for path in self._lost:
            if re.search(path, f"{request.method} {request.path}"):
                self._lost.remove(path)
                return answer(502, "<html><body>Bad Gateway</body></html>", {"Content-Type": "text/html"})
        return result

    def carry_out(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "Bad credentials")
        if (request.method, request.path) == ("POST", "/graphql"):
            return self.graphql(request.json())
        if request.headers.get("X-GitHub-Api-Version") != "2022-11-28" or "application/vnd.github+json" not in request.headers.get("Accept", ""):
            return refusal(400, "this double wants the headers of the reference")
        routes = (
            ("POST", r"/issues/(\d+)/comments", "pull-requests", self.create),
            ("PATCH", r"/issues/comments/(\d+)", "pull-requests", self.update),
            ("DELETE", r"/issues/comments/(\d+)", "pull-requests", self.remove),
            ("GET", r"/commits/([0-9a-f]+)/check-runs", None, self.list_checks),
            ("POST", r"/check-runs", "checks", self.create_check),
            ("PATCH", r"/check-runs/(\d+)", "checks", self.update_check),
            ("POST", r"/statuses/([0-9a-f]+)", "statuses", self.create_status),
        )
        for method, pattern, permission, handler in routes:
            match = re.fullmatch(f"/repos/{REPOSITORY}{pattern}", request.path)
            if match and method == request.method:
                if permission and permission not in self.may:
                    return refusal(403, NO_ACCESS)
                return handler(request, *match.groups())
        return refusal(404, "Not Found")

    def graphql(self, question):
        variables, text = question["variables"], question["query"]
        owner, name = REPOSITORY.split("/")
        wanted = {"viewer", "headRefOid", "isMinimized", "viewerDidAuthor", "hasNextPage", "endCursor", "body", "url"}
        unknown = wanted - set(re.findall(r"\w+", text))
        if unknown or (variables["owner"], variables["name"]) != (owner, name) or variables["number"] not in self.heads:
            words = f"Could not resolve to a PullRequest with the number of {variables['number']}."
            return answer(200, {"data": {"repository": {"pullRequest": None}}, "errors": [{"type": "NOT_FOUND", "message": words}]})
        size = int(re.search(r"comments\(first:\s*(\d+)", text).group(1))
        if size > 100:
            return answer(200, {"errors": [{"type": "EXCESSIVE_PAGINATION", "message": "first is at most 100"}]})
        number = variables["number"]
        there = [one for one in self.comments if one["number"] == number]
        start = int(variables["after"] or 0)
        nodes = [self.node(one) for one in there[start:start + size]]
        more = len(there) > start + size
        page = {"hasNextPage": more, "endCursor": str(start + size) if more else None}
        pull = {"headRefOid": self.heads[number], "comments": {"nodes": nodes, "pageInfo": page}}
        return answer(200, {"data": {"viewer": {"login": self.login}, "repository": {"pullRequest": pull}}})

    def node(self, comment):
        ours = self.login == comment["login"] + ("[bot]" if comment["kind"] == "Bot" else "")
        # The bot of workflows is not told that a comment is its own.
        return {"url": self.page(comment), "body": comment["body"], "isMinimized": comment["minimized"],
                "viewerDidAuthor": ours and comment["kind"] == "User", "author": {"__typename": comment["kind"], "login": comment["login"]}}

    @staticmethod
    def page(comment):
        return f"https://github.com/{REPOSITORY}/pull/{comment['number']}#issuecomment-{comment['id']}"

    def shown(self, comment):
        suffix = "[bot]" if comment["kind"] == "Bot" else ""
        return {"id": comment["id"], "body": comment["body"], "html_url": self.page(comment), "user": {"login": comment["login"] + suffix}}

    def refused_body(self, body):
        if set(body) != {"body"} or not isinstance(body["body"], str):
            return refusal(422, "Invalid request.")
        if len(body["body"]) > MOST_COMMENT:
            words = f"body is too long (maximum is {MOST_COMMENT} characters)"
            return refusal(422, "Validation Failed", [{"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": words}])
        return None

    def create(self, request, number):
        if int(number) not in self.heads:
            return refusal(404, "Not Found")
        wrong = self.refused_body(request.json())
        if wrong:
            return wrong
        login, kind = (self.login.replace("[bot]", ""), "Bot") if self.is_app else (self.login, "User")
        return answer(201, self.shown(self.comment(request.json()["body"], login, kind, number=int(number))))

    def found(self, identity):
        return next((one for one in self.comments if one["id"] == int(identity)), None)

    def update(self, request, identity):
        comment = self.found(identity)
        if comment is None:
            return refusal(404, "Not Found")
        wrong = self.refused_body(request.json())
        if wrong:
            return wrong
        comment["body"] = request.json()["body"]
        return answer(200, self.shown(comment))

    def remove(self, _, identity):
        comment = self.found(identity)
        if comment is None:
            return refusal(404, "Not Found")
        self.comments.remove(comment)
        return answer(204, "")

    # Checks and statuses.

    def refused_check(self, body):
        output = body.get("output", {})
        annotations = output.get("annotations", [])
        if len(annotations) > 50:
            return refusal(422, f"Invalid request.\n\nNo more than 50 items are allowed; {len(annotations)} were supplied.")
        wrong = set(body) - CHECK_KEYS or body.get("conclusion", "success") not in CONCLUSIONS
        wrong = wrong or not {"title", "summary"} <= set(output) or len(output["summary"]) > MOST_TEXT
        for one in annotations:
            wrong = wrong or set(one) - ANNOTATION_KEYS or not {"path", "start_line", "end_line", "annotation_level", "message"} <= set(one)
            wrong = wrong or one["annotation_level"] not in {"notice", "warning", "failure"} or one["start_line"] < 1
            wrong = wrong or len(one["message"].encode()) > 65536 or len(one.get("title", "")) > 255
        return refusal(422, f"Invalid request: {wrong}") if wrong else None

    def list_checks(self, request, sha):
        found = [one for one in self.checks if one["head_sha"] == sha and one["name"] == request.query.get("check_name", one["name"])]
        return answer(200, {"total_count": len(found), "check_runs": [self.shown_check(one) for one in found]})

    def shown_check(self, check):
        return {**{key: check.get(key) for key in ("id", "name", "head_sha", "external_id", "conclusion", "status")},
                "html_url": f"https://github.com/{REPOSITORY}/runs/{check['id']}"}

    def create_check(self, request):
        if not self.is_app:
            return refusal(403, "You must authenticate via a GitHub App.")
        body = request.json()
        wrong = self.refused_check(body)
        if wrong or not {"name", "head_sha"} <= set(body):
            return wrong or refusal(422, "Invalid request.")
        self._next += 1
        self.checks.append({**body, "id": self._next, "annotations": list(body["output"].get("annotations", []))})
        return answer(201, self.shown_check(self.checks[-1]))

    def update_check(self, request, identity):
        check = next((one for one in self.checks if one["id"] == int(identity)), None)
        wrong = self.refused_check(request.json())
        if check is None or wrong:
            return wrong or refusal(404, "Not Found")
        check["annotations"] += request.json()["output"].get("annotations", [])
        return answer(200, self.shown_check(check))

    def create_status(self, request, sha):
        body = request.json()
        if body.get("state") not in {"error", "failure", "pending", "success"} or len(body.get("description", "")) > 140:
            return refusal(422, "Validation Failed")
        if set(body) - {"state", "target_url", "description", "context"}:
            return refusal(422, "Validation Failed")
        self.statuses.append({**body, "sha": sha})
        return answer(201, {"id": len(self.statuses), **body})


if __name__ == "__main__":
    serve(Github, "a double of GitHub's API")
