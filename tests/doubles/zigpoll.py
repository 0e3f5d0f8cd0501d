"""A loopback double of Zigpoll's API: responses with their cursors, slides, polls.

Shapes follow the OpenAPI description of Zigpoll's own plugin. What tests bend is an attribute: `responses`, `page_size`,
`repeat_cursor`, `null_for_missing`.
"""

import datetime

import double
from double import answer

KEY = "valid-zigpoll-key"
SLIDE, OTHER, POLL = "6512bd43d9caa6e02c990b0a", "c20ad4d76fe97759aa27a0c9", "c51ce410c124a10e0db5e4b9"


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Zigpoll(double.Double):
    def __init__(self, port=0):
        super().__init__(port)
        self.responses = []
        self.page_size = 1000
        self.repeat_cursor = False
        self.null_for_missing = False
        for i in range(40):  # before: 20 promoters, 10 passives, 10 detractors; after: 24, 10, 6
            self.add(f"2026-03-17T11:{40 + i // 4:02d}:00.000Z", f"a{i}", 10 if i < 20 else 8 if i < 30 else 3)
        for i in range(40):
            self.add(f"2026-03-17T12:{10 + i // 4:02d}:00.000Z", f"b{i}", 9 if i < 24 else 7 if i < 34 else 6)

    def add(self, created, participant, response, slide=SLIDE, poll=POLL):
        self.responses.append({"_id": f"r{len(self.responses):06d}", "createdAt": created, "pollId": poll, "slideId": slide,
                               "participantId": participant, "response": str(response), "valueType": "vote", "metadata": {}})

    def handle(self, request):
        if request.headers.get("Authorization") != KEY:
            return answer(401, {"error": "Unauthorized"})
        query = request.query
        if request.path == "/me":
            return answer(200, {"_id": "u1", "email": "gate@example.com"})
        if request.path in ("/slide", "/poll"):
            known = {"/slide": (SLIDE, OTHER), "/poll": (POLL,)}[request.path]
            wanted = query[request.path[1:] + "Id"]
            if wanted in known:
                return answer(200, {"_id": wanted, "title": "How likely are you to recommend us?"})
            return answer(200, "null") if self.null_for_missing else answer(404, {"error": "not found"})
        if request.path != "/responses":
            return answer(404, {"error": "not found"})
        after = int(query.get("createdAfter", "0"))
        found = [one for one in self.responses
                 if one["slideId"] == query.get("slideId", one["slideId"]) and one["pollId"] == query.get("pollId", one["pollId"])
                 and moment(one["createdAt"]).timestamp() * 1000 > after]
        begin = int(query.get("startCursor", "0"))
        end = begin + min(int(query.get("limit", "50")), self.page_size)
        return answer(200, {"data": found[begin:end], "hasNextPage": self.repeat_cursor or end < len(found),
                            "endCursor": "0" if self.repeat_cursor else str(end)})


if __name__ == "__main__":
    double.serve(lambda port: Zigpoll(port), __doc__)
