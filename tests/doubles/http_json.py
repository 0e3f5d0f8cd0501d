"""A loopback double of an API that nobody has written a source for: counts over a window, a list of events in pages (by a cursor in
the answer, by an address, by the Link header), and a POST that takes JSON.

Run it by hand: `python3 tests/doubles/http_json.py --port 8131`.
"""

import base64
import datetime

from double import Double, answer, serve

TOKEN = "tok-0123456789abcdef"
USER, PASSWORD = "gate", "correct horse"


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class HttpJson(Double):
    """`events` are (Unix seconds, amount or None). `page_size` items make a page; `counts` by "FROM/TO" answer before they do."""

    def __init__(self, port=0):
        super().__init__(port)
        self.events = []
        self.page_size = 1000
        self.counts = {}
        self.now = 7
        self.endless = False

    def allowed(self, request):
        given = request.headers.get("Authorization")
        basic = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return given in (f"Bearer {TOKEN}", basic)

    def handle(self, request):
        if not self.allowed(request):
            return answer(401, {"error": "who are you?"})
        route = {"/v1/count": self.count, "/v1/now": self.present, "/v1/events": self.list, "/v1/search": self.search}
        for path, handler in route.items():
            if request.path.startswith(path):
                return handler(request)
        return answer(404, {"error": "no such thing"})

    def count(self, request):
        start, end = request.query["from"], request.query["to"]
        if f"{start}/{end}" in self.counts:
            return answer(200, {"data": {"count": self.counts[f"{start}/{end}"]}})
        inside = [1 for time, _ in self.events if seconds(start) <= time < seconds(end)]
        return answer(200, {"data": {"count": len(inside)}})

    def present(self, _):
        return answer(200, {"queue": {"length": self.now}})

    def page(self, offset):
        shown = self.events[offset:offset + self.page_size]
        more = self.endless or offset + self.page_size < len(self.events)
        return [{"id": offset + i, "at": int(time), "amount": amount} for i, (time, amount) in enumerate(shown)], more

    def list(self, request):
        offset = int(request.query.get("cursor", 0))
        items, more = self.page(offset)
        following = 0 if self.endless else offset + self.page_size
        address = f"{self.url}/v1/events?cursor={following}&style={request.query.get('style', '')}"
        body, headers = {"items": items}, {}
        if request.query.get("style") == "link":
            headers = {"Link": f'<{address}>; rel="next"'} if more else {}
        elif request.query.get("style") == "address":
            body["next"] = address if more else None
        else:
            body.update(next=following, more=more)
        return answer(200, body, headers)

    def search(self, request):
        question = request.json()
        inside = [(t, a) for t, a in self.events if question["from"] <= t < question["to"] and question.get("kind", "x") == "x"]
        return answer(200, {"total": {"value": str(len(inside))}})


if __name__ == "__main__":
    serve(lambda port: HttpJson(port), __doc__.splitlines()[0])
