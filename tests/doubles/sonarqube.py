"""A loopback double of SonarQube's Web API: the endpoints that the gate asks, with authentication, paging and error shapes.

Shapes follow the examples that SonarQube's sources ship for these web services, and recorded answers.
Run it by hand: `python3 tests/doubles/sonarqube.py --port 9000`.
"""

import base64

from double import Double, answer, serve

TOKEN = "squ_0123456789abcdef0123456789abcdef01234567"
EXPIRED = "squ_ffffffffffffffffffffffffffffffffffffffff"
METRICS = {
    "coverage", "new_coverage", "violations", "new_violations", "duplicated_lines_density", "new_duplicated_lines_density",
    "sqale_rating", "sqale_debt_ratio", "reliability_rating", "security_rating", "new_vulnerabilities", "vulnerabilities",
    "security_hotspots_reviewed", "new_security_hotspots_reviewed", "alert_status", "ncloc", "bugs",
}


def errors(status, *messages):
    return answer(status, {"errors": [{"msg": message} for message in messages]})


def condition(status, metric, comparator, threshold, actual):
    return {"status": status, "metricKey": metric, "comparator": comparator, "errorThreshold": threshold, "actualValue": actual}


class SonarQube(Double):
    """One server with one project; tests change the fields.

    `branches` and `pull_requests` hold by name ("" is the main branch) when they were analysed, what was measured and what the
    quality gate says; `history` the past of the main branch by metric.
    """

    def __init__(self, port=0):
        super().__init__(port)
        self.project, self.token = "checkout", TOKEN
        self.browse = True
        self.bearer = True  # servers before 10.0 know basic authentication alone
        self.tasks = ["SUCCESS"]  # what ce/task says, the last one for ever
        self.task_error = ""
        self.periods = False  # older servers: periods in place of period
        self.branches = {"": {
            "analysis": "2026-03-17T12:10:00+0000",
            "measures": {"coverage": "81.2", "violations": "14", "duplicated_lines_density": "3.1", "sqale_rating": "2.0",
                         "sqale_debt_ratio": "1.4", "reliability_rating": "1.0", "security_rating": "1.0",
                         "new_coverage": "71.4", "new_violations": "3", "alert_status": "ERROR", "ncloc": "21034"},
            "gate": {"status": "ERROR", "ignoredConditions": False, "conditions": [
                condition("ERROR", "new_coverage", "LT", "80", "71.4"),
                condition("OK", "new_violations", "GT", "5", "3")]}}}
        self.pull_requests = {}
        self.history = {"coverage": [("2026-03-15T08:00:00+0000", "80.1"), ("2026-03-16T18:30:00+0000", "82.5"),
                                     ("2026-03-17T12:10:00+0000", "81.2")]}

    @property
    def main(self):
        return self.branches[""]

    def authenticated(self, request):
        given = request.headers.get("Authorization", "")
        basic = "Basic " + base64.b64encode(f"{self.token}:".encode()).decode()
        return given == basic or (self.bearer and given == f"Bearer {self.token}")

    def part(self, query):
        if "pullRequest" in query:
            return self.pull_requests.get(query["pullRequest"])
        return self.branches.get(query.get("branch", ""))

    def handle(self, request):
        if request.path == "/api/system/status":
            return answer(200, {"id": "1", "version": "10.4.1.88267", "status": "UP"})
        if request.path == "/api/authentication/validate":
            return answer(200, {"valid": self.authenticated(request)})
        if not self.authenticated(request):
            return answer(401, "")
        handler = {
            "/api/ce/task": self.ce_task,
            "/api/components/show": self.show,
            "/api/measures/component": self.measures,
            "/api/measures/search_history": self.search_history,
            "/api/qualitygates/project_status": self.project_status,
        }.get(request.path)
        return handler(request.query) if handler else errors(404, "Unknown url : " + request.path)

    def refused(self, query, key):
        if not self.browse:
            return errors(403, "Insufficient privileges")
        named = query.get(key)
        if named == self.project and self.part(query) is not None:
            return None
        where = f" on branch '{query['branch']}'" if "branch" in query else ""
        return errors(404, f"Component key '{named}'{where} not found")

    def ce_task(self, query):
        status = self.tasks.pop(0) if len(self.tasks) > 1 else self.tasks[0]
        task = {"id": query["id"], "type": "REPORT", "componentKey": self.project, "status": status}
        if status == "SUCCESS":
            task["analysisId"] = "AYx1"
        if self.task_error:
            task["errorMessage"] = self.task_error
        return answer(200, {"task": task})

    def show(self, query):
        refused = self.refused(query, "component")
        if refused:
            return refused
        component = {"key": self.project, "name": "Checkout", "qualifier": "TRK"}
        if self.part(query)["analysis"]:
            component["analysisDate"] = self.part(query)["analysis"]
        return answer(200, {"component": component, "ancestors": []})

    def measures(self, query):
        refused = self.refused(query, "component")
        if refused:
            return refused
        keys = query["metricKeys"].split(",")
        unknown = [key for key in keys if key not in METRICS]
        if unknown:
            return errors(404, "The following metric keys are not found: " + ", ".join(unknown))
        found = []
        for key in keys:
            value = self.part(query)["measures"].get(key)
            if value is None:
                continue
            if not key.startswith("new_"):
                found.append({"metric": key, "value": value, "period": {"value": "0.7", "bestValue": False}})
            elif self.periods:
                found.append({"metric": key, "periods": [{"index": 1, "value": value}]})
            else:
                found.append({"metric": key, "period": {"value": value, "bestValue": False}})
        return answer(200, {"component": {"key": self.project, "measures": found}})

    def search_history(self, query):
        refused = self.refused(query, "component")
        if refused:
            return refused
        if "metrics" not in query:
            return errors(400, "The 'metrics' parameter is missing")
        points = [(date, value) for date, value in self.history.get(query["metrics"], []) if date <= query.get("to", "9999")]
        size, page = int(query.get("ps", "100")), int(query.get("p", "1"))
        if not 1 <= size <= 1000:
            return errors(400, f"'ps' value ({size}) must be less than 1000")
        history = [{"date": date, "value": value} if value is not None else {"date": date}
                   for date, value in points[(page - 1) * size:page * size]]
        return answer(200, {"paging": {"pageIndex": page, "pageSize": size, "total": len(points)},
                            "measures": [{"metric": query["metrics"], "history": history}]})

    def project_status(self, query):
        if query.get("analysisId") == "AYx1":
            return answer(200, {"projectStatus": self.main["gate"]})
        refused = self.refused(query, "projectKey")
        return refused or answer(200, {"projectStatus": self.part(query)["gate"]})


if __name__ == "__main__":
    serve(SonarQube, __doc__)
