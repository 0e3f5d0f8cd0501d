"""A loopback double of Jira's REST API, Cloud and Data Center: `python3 tests/doubles/jira.py --port N`, or `Jira()` in a test.

Shapes follow Atlassian's OpenAPI description (1001.0.0-SNAPSHOT) and the errors that Jira is known to give. What tests bend is an
attribute: `last_token`, `is_last`, `page_size`, `repeat_token`, `shrink_after`, `whole_changelog`, `browses`, `seraph`, `zone`.
"""

import base64
import datetime
import re

import double
import jira_jql
from double import answer

EMAIL, TOKEN, EXPIRED, PAT = "gate@example.com", "valid-token", "expired-token", "valid-pat"
CLOUD_ID = "11223344-a1b2-4c3d-8e4f-5a6b7c8d9e0f"
STATUSES = {"1": ("To Do", "new"), "3": ("In Progress", "indeterminate"), "4": ("In Review", "indeterminate"),
            "5": ("Done", "done"), "6": ("Closed", "done")}
GONE = ("The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is "
        "available at https://developer.atlassian.com/changelog/#CHANGE-2046")
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
FIELDS = [
    {"id": "created", "name": "Created", "custom": False, "clauseNames": ["created"], "schema": {"type": "datetime"}},
    {"id": "summary", "name": "Summary", "custom": False, "clauseNames": ["summary"], "schema": {"type": "string"}},
    {"id": "customfield_10016", "name": "Story point estimate", "custom": True,
     "clauseNames": ["cf[10016]", "Story point estimate"], "schema": {"type": "number", "customId": 10016}},
    {"id": "customfield_10050", "name": "Detected at", "custom": True, "clauseNames": ["cf[10050]", "Detected at"],
     "schema": {"type": "datetime", "customId": 10050}},
    {"id": "customfield_10061", "name": "Team", "custom": True, "clauseNames": ["cf[10061]", "Team"],
     "schema": {"type": "string"}},
    {"id": "customfield_10062", "name": "Team", "custom": True, "clauseNames": ["cf[10062]", "Team"],
     "schema": {"type": "string"}},
]


def errors(status, *messages, **headers):
    return answer(status, {"errorMessages": list(messages), "errors": {}}, headers)


def stamp(moment, zone=datetime.timezone.utc):
    """"2026-03-17T12:04:00.250+0100": Jira writes times in the zone of the user."""
    local = moment.astimezone(zone)
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}" + local.strftime("%z")


class Jira(double.Double):
    def __init__(self, deployment="cloud", port=0):
        super().__init__(port)
        self.deployment = deployment
        self.zone = datetime.timezone.utc
        self.zone_name = "Etc/UTC"
        self.issues = []
        self.versions = []
        self.boards = [{"id": 5, "name": "Board 5", "type": "scrum"}]
        self.sprints = []  # with "boards" where not all show it
        self.fields = list(FIELDS)
        self.page_size = 100
        self.last_token = "absent"  # absent | null
        self.is_last = "right"  # right | wrong | absent
        self.repeat_token = False
        self.shrink_after = None  # Data Center: an issue vanishes after this many pages
        self.whole_changelog = True
        self.browses = True
        self.projects = {"SHOP", "PAY"}
        self.seraph = True  # whether X-Seraph-LoginReason tells of the failed login
        self._pages = 0
        self._found = {}  # by question: a chain of pages is one question

    # --- what is in it

    def add(self, created, *, project="SHOP", kind="Bug", labels=(), moves=(), resolved=None, updated=None, points=None,
            sprints=(), affects=(), fields=None, status="1"):
        """`moves`: (when, from, to) by status number, in any order."""
        number = len(self.issues) + 1
        moves = sorted(moves)
        last = moves[-1][2] if moves else status
        times = [created, *(when for when, _, _ in moves), *([resolved] if resolved else [])]
        self.issues.append({
            "id": str(10000 + number), "key": f"{project}-{number}", "moves": moves, "sprints": [str(s) for s in sprints],
            "affects": [str(v) for v in affects],
            "fields": {
                "created": created, "updated": updated or max(times), "resolutiondate": resolved, "project": {"key": project},
                "issuetype": {"name": kind}, "labels": list(labels), "customfield_10016": points, "summary": f"issue {number}",
                "status": {"id": last, "name": STATUSES[last][0], "statusCategory": {"key": STATUSES[last][1]}},
                **(fields or {})}})
        return self.issues[-1]

    # --- who asks

    def login(self, request):
        """"user", "anonymous" (an expired token of Cloud) or "refused"."""
        scheme, _, credential = (request.headers.get("Authorization") or "").partition(" ")
        if not scheme:
            return "anonymous"
        if scheme == "Basic" and self.deployment == "cloud" and not request.path.startswith("/ex/"):
            name, _, token = base64.b64decode(credential).decode().partition(":")
            return "user" if (name, token) == (EMAIL, TOKEN) else "anonymous" if token == EXPIRED else "refused"
        return "user" if scheme == "Bearer" and credential == PAT else "refused"

    def handle(self, request):
        login = self.login(request)
        if login == "refused":
            return errors(401, "Client must be authenticated to access this resource.",
                          **{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
        path = request.path
        if path.startswith("/ex/jira/"):
            if not path.startswith(f"/ex/jira/{CLOUD_ID}/"):
                return answer(404, {"code": 404, "message": "Not Found"})
            path = path[len(f"/ex/jira/{CLOUD_ID}"):]
        result = self.route(path, request, login)
        if login == "anonymous" and self.seraph and request.headers.get("Authorization"):
            result[1]["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
        return result

    def route(self, path, request, login):
        cloud = self.deployment == "cloud"
        rest = re.match(r"/rest/api/([23])(/.*)", path)
        agile = re.fullmatch(r"/rest/agile/1\.0/board/(\d+)/sprint", path)
        if path == "/rest/agile/1.0/board":
            if request.query.get("projectKeyOrId") not in self.projects:
                return errors(400, "No project could be found.")
            return self.list_page(request, [board for board in self.boards if board["type"] == request.query["type"]])
        if agile:
            if int(agile.group(1)) not in {board["id"] for board in self.boards}:
                return errors(404, "The requested board cannot be viewed because it either does not exist or you do not have permission to view it.")
            return self.list_page(request, [s for s in self.sprints if s["state"] in request.query.get("state", s["state"])
                                            and int(agile.group(1)) in s.get("boards", [int(agile.group(1))])])
        if not rest or rest.group(1) != ("3" if cloud else "2"):
            return errors(404, "dead link")
        name = rest.group(2)
        if name == "/myself":
            return self.myself(login)
        if name == "/search":
            return errors(410, GONE) if cloud else self.search_by_offset(request, login)
        if name == "/search/jql" and cloud:
            return self.search_by_token(request, login)
        if name == "/changelog/bulkfetch" and cloud:
            return self.changelogs(request)
        if name == "/field":
            return answer(200, self.fields)
        if name == "/status":
            return answer(200, [{"id": i, "name": n, "statusCategory": {"key": c}} for i, (n, c) in STATUSES.items()])
        if name == "/serverInfo":
            return answer(200, {"baseUrl": self.url, "version": "1001.0.0-SNAPSHOT" if cloud else "9.12.4",
                                "deploymentType": "Cloud" if cloud else "Server"})
        if name == "/mypermissions":
            project = request.query.get("projectKey")
            if "permissions" not in request.query:
                return errors(400, "The 'permissions' query parameter is required.")
            if project is not None and project not in self.projects:
                return errors(404, f"No project could be found with key '{project}'.")
            key = request.query.get("permissions", "")
            return answer(200, {"permissions": {key: {"key": key, "havePermission": self.browses}}})
        versions = re.fullmatch(r"/project/(\w+)/version", name)
        if versions:
            if versions.group(1) != "SHOP":
                return errors(404, f"No project could be found with key '{versions.group(1)}'.")
            return self.list_page(request, self.versions)
        return errors(404, "dead link")

    def myself(self, login):
        if login != "user":
            return errors(401, "Client must be authenticated to access this resource.")
        return answer(200, {"accountId": "5b10a2844c20165700ede21g", "displayName": "Release Gate", "timeZone": self.zone_name})

    # --- issues

    def field(self, name):
        plain = {"created": "created", "updated": "updated", "resolved": "resolutiondate", "due": "duedate",
                 "cf[10050]": "customfield_10050"}
        words = {"project": lambda i: i["fields"]["project"]["key"], "issuetype": lambda i: i["fields"]["issuetype"]["name"],
                 "labels": lambda i: i["fields"]["labels"], "sprint": lambda i: i["sprints"],
                 "affectedversion": lambda i: i["affects"], "status": lambda i: i["fields"]["status"]["name"],
                 "statuscategory": lambda i: i["fields"]["status"]["statusCategory"]["key"]}
        if name.lower() in plain:
            return lambda issue: self.shown(issue["fields"].get(plain[name.lower()]))
        if name.lower() in words:
            return words[name.lower()]
        raise jira_jql.JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")

    def shown(self, value):
        return stamp(value, self.zone) if isinstance(value, datetime.datetime) else value

    def matching(self, body, login):
        jql = body.get("jql", "")
        parser = jira_jql.Parser(jql, self.field, self.zone)
        test = parser.parse()
        if self.deployment == "cloud" and parser.restrictions == 0:
            raise jira_jql.JqlError(UNBOUNDED)
        key = (jql, login, len(self.issues))
        if key not in self._found:
            self._found[key] = [issue for issue in self.issues if test(issue)] if login == "user" else []
        return self._found[key]

    def issue(self, issue, body):
        out = {"id": issue["id"]}
        wanted = body.get("fields") or (["id"] if self.deployment == "cloud" else list(issue["fields"]))
        fields = {name: self.shown(issue["fields"][name]) for name in wanted if name in issue["fields"]}
        if fields or self.deployment != "cloud":
            out.update(key=issue["key"], fields=fields)
        if "changelog" in body.get("expand", []):
            histories = self.histories(issue, lambda when: stamp(when, self.zone))
            shown = histories if self.whole_changelog else histories[:1]
            out["changelog"] = {"startAt": 0, "maxResults": len(shown), "total": len(histories), "histories": shown}
        return out

    @staticmethod
    def histories(issue, show):
        return [{"id": str(number), "created": show(when),
                 "items": [{"field": "status", "fieldId": "status", "fieldtype": "jira", "from": old,
                            "fromString": STATUSES[old][0], "to": new, "toString": STATUSES[new][0]}]}
                for number, (when, old, new) in enumerate(reversed(issue["moves"]))]

    def search_by_token(self, request, login):
        body = request.json()
        try:
            found = self.matching(body, login)
        except jira_jql.JqlError as error:
            return errors(400, str(error))
        start = int(base64.b64decode(body["nextPageToken"])) if body.get("nextPageToken") else 0
        size = min(int(body.get("maxResults", 50)), self.page_size)
        page = {"issues": [self.issue(issue, body) for issue in found[start:start + size]]}
        last = start + size >= len(found)
        if self.is_last != "absent":
            page["isLast"] = last if self.is_last == "right" else not last
        if self.repeat_token:
            page["nextPageToken"] = base64.b64encode(str(size).encode()).decode()
        elif not last:
            page["nextPageToken"] = base64.b64encode(str(start + size).encode()).decode()
        elif self.last_token == "null":
            page["nextPageToken"] = None
        return answer(200, page)

    def search_by_offset(self, request, login):
        body = request.json()
        try:
            found = self.matching(body, login)
        except jira_jql.JqlError as error:
            return errors(400, str(error))
        start, size = int(body.get("startAt", 0)), min(int(body.get("maxResults", 50)), self.page_size)
        page = {"startAt": start, "maxResults": size, "total": len(found),
                "issues": [self.issue(issue, body) for issue in found[start:start + size]]}
        self._pages += 1
        if self.shrink_after == self._pages:
            self.issues.pop(0)
        return answer(200, page)

    def changelogs(self, request):
        body = request.json()
        ids = body["issueIdsOrKeys"]
        if len(ids) > 1000:
            return errors(400, "The number of issues must not exceed 1000.")
        known = {issue["id"]: issue for issue in self.issues}
        entries = [(i, history) for i in ids if i in known
                   for history in self.histories(known[i], lambda when: int(when.timestamp() * 1000))]
        start = int(body.get("nextPageToken") or 0)
        size = min(int(body.get("maxResults", 1000)), self.page_size)
        grouped = {}
        for i, history in entries[start:start + size]:
            grouped.setdefault(i, []).append(history)
        page = {"issueChangeLogs": [{"issueId": i, "changeHistories": h} for i, h in grouped.items()], "nextPageToken": None}
        if start + size < len(entries):
            page["nextPageToken"] = str(start + size)
        return answer(200, page)

    @staticmethod
    def list_page(request, values):
        start, size = int(request.query.get("startAt", 0)), int(request.query.get("maxResults", 50))
        return answer(200, {"startAt": start, "maxResults": size, "total": len(values),
                            "isLast": start + size >= len(values), "values": values[start:start + size]})

    def rate_limit(self, times, seconds):
        """The next `times` searches are told to wait."""
        limited = errors(429, "Rate limit exceeded.", **{"Retry-After": str(seconds), "RateLimit-Reason": "jira-quota-global-based"})
        self.fail("/search", limited, times)


def demo(port):
    """Three days of bugs before now, one an hour."""
    jira = Jira(port=port)
    now = datetime.datetime.now(datetime.timezone.utc)
    for hours in range(72):
        jira.add(now - datetime.timedelta(hours=hours))
    return jira


if __name__ == "__main__":
    double.serve(demo, __doc__.splitlines()[0])
