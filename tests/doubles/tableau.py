"""A loopback double of Tableau's REST API and of its VizQL Data Service: sign-in, session, data of views, queries of data sources.

Shapes follow Tableau's reference and its own clients. What tests bend is an attribute: `views` (CSV by LUID), `orders` (rows of the data
source: day, region, sales), `rows` (answers of the data source in place of its own).
"""

import double
from double import answer

TOKEN_NAME, TOKEN, SITE = "release-gate", "valid-pat-secret==:abc", "example"
SITE_ID, VIEW, SOURCE = "9a8b7c6d-0000-4000-8000-000000000001", "d79634e1-6063-4ec9-95ff-50acbf609ff5", "1a2b3c4d-0000-4000-8000-000000000000"
SALES = '\ufeffRegion,Sales,Margin\r\nWest,"1,234.5",12.5%\r\nEast,"2,000",8%\r\n'


def refused(status, code, summary):
    return answer(status, {"error": {"summary": summary, "detail": summary, "code": code}})


class Tableau(double.Double):
    def __init__(self, port=0):
        super().__init__(port)
        self.views = {VIEW: SALES}
        self.orders = [(f"2026-03-{day:02d}", region, 100 + 10 * (day >= 10)) for day in range(1, 18) for region in ("West", "East")]
        self.rows = None
        self.sessions = 0

    def token(self):
        return f"session-token-{self.sessions}"

    def handle(self, request):
        if request.path == "/api/3.19/auth/signin":
            return self.sign_in(request)
        if request.headers.get("X-Tableau-Auth") != self.token() or not self.sessions:
            return refused(401, "401002", "Invalid authentication credentials were provided.")
        if request.path == "/api/3.19/sessions/current":
            if request.headers.get("Accept") != "application/json":
                return answer(200, "<tsResponse/>", {"Content-Type": "application/xml"})
            return answer(200, {"session": {"site": {"id": SITE_ID, "contentUrl": SITE}, "user": {"id": "u1", "name": "gate"}}})
        if request.path.startswith(f"/api/3.19/sites/{SITE_ID}/views/") and request.path.endswith("/data"):
            return self.data(request)
        if request.path == "/api/v1/vizql-data-service/query-datasource":
            return self.query(request.json())
        return refused(404, "404000", "Resource Not Found")

    def sign_in(self, request):
        """Another session of the same token ends the one before."""
        given = request.json()["credentials"]
        if request.headers.get("Accept") != "application/json":
            return answer(200, "<tsResponse/>", {"Content-Type": "application/xml"})
        if (given["personalAccessTokenName"], given["personalAccessTokenSecret"], given["site"]["contentUrl"]) != (TOKEN_NAME, TOKEN, SITE):
            return refused(401, "401001", "Signin Error")
        self.sessions += 1
        return answer(200, {"credentials": {"site": {"id": SITE_ID, "contentUrl": SITE}, "user": {"id": "u1"}, "token": self.token()}})

    def data(self, request):
        text = self.views.get(request.path.split("/")[6])
        if text is None:
            return refused(404, "404011", "View Not Found")
        if not text:
            return answer(200, "", {"Content-Type": "text/csv"})
        header, *rows = text.splitlines(keepends=True)
        columns = header.strip("\ufeff\r\n").split(",")
        for key, value in request.pairs:  # filters on fields that are not there are ignored
            if key.startswith("vf_") and key[3:] in columns and columns.index(key[3:]) == 0:
                rows = [row for row in rows if row.startswith(value + ",")]
        return answer(200, "".join([header, *rows]), {"Content-Type": "text/csv"})

    def query(self, body):
        if body["datasource"]["datasourceLuid"] != SOURCE:
            return answer(404, {"errorCode": "404934", "message": "Data source not found"})
        if self.rows is not None:
            return answer(200, {"data": self.rows})
        rows = self.orders
        places = {"Order Date": 0, "Region": 1, "Sales": 2}
        asked = body["query"]["fields"][0]
        for one in [asked["fieldCaption"], *(each["field"]["fieldCaption"] for each in body["query"]["filters"])]:
            if one not in places:
                return answer(400, {"errorCode": "400803", "message": f"Unknown Field: {one}."})
        for one in body["query"]["filters"]:
            at = places[one["field"]["fieldCaption"]]
            if one["filterType"] == "SET":
                rows = [row for row in rows if row[at] in one["values"]]
            elif one["field"].get("function") == "TRUNC_DAY":
                rows = [row for row in rows if one["minDate"] <= row[at] <= one["maxDate"]]
        values = [row[places[asked["fieldCaption"]]] for row in rows]
        total = {"SUM": sum, "COUNT": len, "AVG": lambda them: sum(them) / len(them)}[asked["function"]]
        return answer(200, {"data": [{asked["fieldAlias"]: total(values) if values else None}]})


if __name__ == "__main__":
    double.serve(lambda port: Tableau(port), __doc__)
