"""A loopback double of GitLab's API: notes of merge requests and commit statuses.

Shapes follow the reference (https://docs.gitlab.com/api/notes/, https://docs.gitlab.com/api/commits/): tokens, pages with Link
headers, errors. Run it by hand: `python3 tests/doubles/gitlab.py --port 8128`.
"""

import re

from double import Double, answer, serve

TOKEN = "glpat-0123456789abcdefghij"
PROJECT, FORK = "4711", "4712"
HEAD = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
MERGE_REQUEST = 12
OURS, SOMEBODY = 900, 17
MOST_NOTE = 1_000_000


def refusal(status, message):
    return answer(status, {"message": message})


class Gitlab(Double):
    """`notes` and `statuses` hold what there is. `may_write = False` makes it a token with too small a role."""

    def __init__(self, port=0):
        super().__init__(port)
        self.url += "/api/v4"
        self.token, self.may_write, self.head = TOKEN, True, HEAD
        self.notes, self.statuses = [], []
        self._next = 5000

    def note(self, body, author=OURS, system=False):
        self._next += 1
        self.notes.append({"id": self._next, "body": body, "author": {"id": author}, "system": system})
        return self.notes[-1]

    def handle(self, request):
        if request.headers.get("PRIVATE-TOKEN") != self.token:
            return refusal(401, "401 Unauthorized")
        path = request.path.removeprefix("/api/v4")
        notes = f"/projects/{PROJECT}/merge_requests/{MERGE_REQUEST}"
        routes = (
            ("GET", r"/user", lambda _: answer(200, {"id": OURS, "username": "project_4711_bot", "bot": True})),
            ("GET", notes, self.merge_request),
            ("GET", notes + "/notes", self.list),
            ("POST", notes + "/notes", self.create),
            ("PUT", notes + r"/notes/(\d+)", self.update),
            ("DELETE", notes + r"/notes/(\d+)", self.remove),
            ("POST", rf"/projects/(?:{PROJECT}|{FORK})/statuses/([0-9a-f]+)", self.status),
        )
        for method, pattern, handler in routes:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                if method != "GET" and not self.may_write:
                    return refusal(403, "403 Forbidden")
                return handler(request, *match.groups())
        return refusal(404, "404 Not found")

    def merge_request(self, _):
        return answer(200, {"iid": MERGE_REQUEST, "sha": self.head, "web_url": f"https://gitlab.example.com/shop/-/merge_requests/{MERGE_REQUEST}"})

    def list(self, request):
        size, page = int(request.query.get("per_page", 20)), int(request.query.get("page", 1))
        if size > 100:
            return refusal(400, "per_page is at most 100")
        part = self.notes[(page - 1) * size:page * size]
        headers = {"X-Page": str(page), "X-Per-Page": str(size)}
        if page * size < len(self.notes):
            next_page = f"{self.url}/projects/{PROJECT}/merge_requests/{MERGE_REQUEST}/notes?id={PROJECT}&order_by=created_at&page={page + 1}&per_page={size}"
            headers["Link"] = f'<{next_page.replace(f"page={page + 1}", "page=1")}>; rel="first", <{next_page}>; rel="next"'
        return answer(200, part, headers)

    def create(self, request):
        body = request.json().get("body", "")
        if not body or len(body) > MOST_NOTE:
            return refusal(400, "400 Bad request - Note {:note=>[\"is too long\"]}")
        return answer(201, self.note(body))

    def update(self, request, identity):
        note = next((one for one in self.notes if one["id"] == int(identity)), None)
        if note is None:
            return refusal(404, "404 Note Not Found")
        note["body"] = request.json()["body"]
        return answer(200, note)

    def remove(self, _, identity):
        self.notes = [one for one in self.notes if one["id"] != int(identity)]
        return answer(204, "")

    def status(self, request, sha):
        body = request.json()
        if body.get("state") not in {"pending", "running", "success", "failed", "canceled", "skipped"}:
            return refusal(400, "state does not have a valid value")
        if self.statuses and self.statuses[-1]["state"] == body["state"]:
            return refusal(400, 'Cannot transition status via :drop from :failed (Reason(s): Status cannot transition via "drop")')
        self.statuses.append({**body, "sha": sha, "path": request.path})
        return answer(201, {"id": len(self.statuses), "status": body["state"], "name": body["name"]})


if __name__ == "__main__":
    serve(Gitlab, "a double of GitLab's API")
