"""A loopback double of SonarQube's Web API: the endpoints the gate asks, with their authentication, paging and error shapes.

Shapes follow the examples that SonarQube ships with its web services (api/webservices/response_example). Run it by hand with
`python3 tests/doubles/sonarqube.py --port 9000`.
"""

import argparse
import base64
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gate import Server  # noqa: E402

TOKEN = "squ_0123456789abcdef0123456789abcdef01234567"
METRICS = {
    "coverage", "new_coverage", "violations", "new_violations", "duplicated_lines_density", "sqale_rating", "sqale_debt_ratio",
    "new_vulnerabilities", "security_rating", "security_hotspots_reviewed", "alert_status", "ncloc", "bugs",
}


def errors(*messages):
    return json.dumps({"errors": [{"msg": message} for message in messages]})


class SonarQube:
    """The state of one server with one project; tests change the fields."""

    def __init__(self):
        self.project = "checkout"
        self.token = TOKEN
        self.browse = True
        self.basic_only = False
        self.rate_limited = []  # (status, headers) answered before anything else, one after the other
        self.html = False
        self.tasks = ["SUCCESS"]  # what ce/task says, the last one for ever
        self.task_error = ""
        self.branches = {
            "": {
                "analysis": "2026-03-17T12:10:00+0000",
                "measures": {"coverage": "81.2", "violations": "14", "sqale_rating": "2.0", "new_coverage": "71.4",
                             "new_violations": "3", "alert_status": "ERROR", "ncloc": "21034"},
                "gate": {"status": "ERROR", "ignoredConditions": False, "conditions": [
                    {"status": "ERROR", "metricKey": "new_coverage", "comparator": "LT", "errorThreshold": "80",
                     "actualValue": "71.4"},
                    {"status": "OK", "metricKey": "new_violations", "comparator": "GT", "errorThreshold": "5",
                     "actualValue": "3"}]},
            }
        }
        self.pull_requests = {}
        self.history = {"coverage": [("2026-03-15T08:00:00+0000", "80.1"), ("2026-03-16T18:30:00+0000", "82.5"),
                                     ("2026-03-17T12:10:00+0000", "81.2")]}
        self.periods = "period"  # older servers: periods

    def authenticated(self, request):
        given = request.headers.get("Authorization", "")
        basic = "Basic " + base64.b64encode(f"{self.token}:".encode()).decode()
        return given == basic or (not self.basic_only and given == f"Bearer {self.token}")

    def part(self, query):
        if "pullRequest" in query:
            return self.pull_requests.get(query["pullRequest"])
        return self.branches.get(query.get("branch", ""))

    def answer(self, request):
        if self.rate_limited:
            status, headers = self.rate_limited.pop(0)
            return status, headers, errors("Too many requests")
        if self.html:
            return 200, {"Content-Type": "text/html"}, "<!DOCTYPE html><html><title>Sign in</title></html>"
        route = request.route
        if route == "/api/system/status":
            return 200, {}, json.dumps({"id": "1", "version": "10.4.1.88267", "status": "UP"})
        if route == "/api/authentication/validate":
            return 200, {}, json.dumps({"valid": self.authenticated(request)})
        if not self.authenticated(request):
            return 401, {}, ""
        handler = {
            "/api/ce/task": self.ce_task,
            "/api/components/show": self.show,
            "/api/measures/component": self.measures,
            "/api/measures/search_history": self.search_history,
            "/api/qualitygates/project_status": self.project_status,
        }.get(route)
        return handler(request.query) if handler else (404, {}, errors("Unknown url : " + route))

    def refused(self, query, key):
        if not self.browse:
            return 403, {}, errors("Insufficient privileges")
        named = query.get(key)
        if named == self.project and self.part(query) is not None:
            return None
        where = " on branch '" + query["branch"] + "'" if "branch" in query else ""
        return 404, {}, errors(f"Component key '{named}'{where} not found")

    def ce_task(self, query):
        status = self.tasks.pop(0) if len(self.tasks) > 1 else self.tasks[0]
        task = {"id": query["id"], "type": "REPORT", "componentKey": self.project, "status": status}
        if status == "SUCCESS":
            task["analysisId"] = "AYx1"
        if self.task_error:
            task["errorMessage"] = self.task_error
        return 200, {}, json.dumps({"task": task})

    def show(self, query):
        refused = self.refused(query, "component")
        if refused:
            return refused
        component = {"key": self.project, "name": "Checkout", "qualifier": "TRK"}
        if self.part(query)["analysis"]:
            component["analysisDate"] = self.part(query)["analysis"]
        return 200, {}, json.dumps({"component": component, "ancestors": []})

    def measures(self, query):
        refused = self.refused(query, "component")
        if refused:
            return refused
        keys = query["metricKeys"].split(",")
        unknown = [key for key in keys if key not in METRICS]
        if unknown:
            return 404, {}, errors("The following metric keys are not found: " + ", ".join(unknown))
        found = []
        for key in keys:
            value = self.part(query)["measures"].get(key)
            if value is None:
                continue
            if not key.startswith("new_"):
                found.append({"metric": key, "value": value})
            elif self.periods == "period":
                found.append({"metric": key, "period": {"value": value, "bestValue": False}})
            else:
                found.append({"metric": key, "periods": [{"index": 1, "value": value}]})
        return 200, {}, json.dumps({"component": {"key": self.project, "measures": found}})

    def search_history(self, query):
        refused = self.refused(query, "component")
        if refused:
            return refused
        if "metrics" not in query:
            return 400, {}, errors("The 'metrics' parameter is missing")
        points = [(date, value) for date, value in self.history.get(query["metrics"], [])
                  if date <= query.get("to", "9999")]
        size, page = int(query.get("ps", "100")), int(query.get("p", "1"))
        chosen = points[(page - 1) * size:page * size]
        history = [{"date": date, "value": value} if value is not None else {"date": date} for date, value in chosen]
        return 200, {}, json.dumps({
            "paging": {"pageIndex": page, "pageSize": size, "total": len(points)},
            "measures": [{"metric": query["metrics"], "history": history}]})

    def project_status(self, query):
        if "analysisId" in query:
            return 200, {}, json.dumps({"projectStatus": self.branches[""]["gate"]})
        refused = self.refused(query, "projectKey")
        return refused or (200, {}, json.dumps({"projectStatus": self.part(query)["gate"]}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port
    with Server(SonarQube().answer, port) as server:
        print(f"SonarQube double on {server.url}, token {TOKEN}", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
