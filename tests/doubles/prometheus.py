"""A loopback double of Prometheus' HTTP API: ranges and instants of queries whose values are functions of time.

It is no PromQL engine: `answers` says which value a query has. Shapes follow https://prometheus.io/docs/prometheus/latest/querying/api/.
"""

import urllib.parse

from double import Double, answer


class Prometheus(Double):
    """`answers` is a list of (text, value): the first whose text stands in the query answers it, `value` a function of the time in
    Unix seconds. With `token`, nothing is answered without it.
    """

    def __init__(self, port=0, token=None):
        super().__init__(port)
        self._server.socket.listen(128)  # the default queue of 5 makes a client that asks much at once wait for a second
        self.answers, self.token = [], token

    def handle(self, request):
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return answer(401, "Unauthorized")
        if request.path == "/api/v1/status/buildinfo":
            return self.success({"version": "2.42.0"})
        form = {**request.query, **dict(urllib.parse.parse_qsl(request.body.decode()))}
        if request.path == "/api/v1/query_range":
            return self.range(form)
        if request.path == "/api/v1/query":
            value = self.value_of(form["query"])
            moment = float(form.get("time", 0))
            result = [] if value is None else [{"metric": {}, "value": [moment, repr(float(value(moment)))]}]
            return self.success({"resultType": "vector", "result": result})
        return answer(404, "404 page not found")

    @staticmethod
    def success(data):
        return answer(200, {"status": "success", "data": data})

    def value_of(self, query):
        if query == "vector(1)":
            return lambda moment: 1.0
        return next((value for text, value in self.answers if text in query), None)

    def range(self, form):
        value = self.value_of(form["query"])
        start, end, step = (float(form[name]) for name in ("start", "end", "step"))
        count = int((end - start) // step) + 1
        if count > 11000:
            return answer(400, {"status": "error", "errorType": "bad_data", "error": "exceeded maximum resolution of 11,000 points "
                                "per timeseries. Try decreasing the query resolution (?step=XX)"})
        points = [[start + i * step, repr(float(value(start + i * step)))] for i in range(count)] if value else []
        return self.success({"resultType": "matrix", "result": [{"metric": {}, "values": points}] if value else []})
