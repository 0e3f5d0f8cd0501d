"""A loopback double of Dynatrace's Metrics API v2: /metrics/query, and the descriptors of metrics.

Shapes follow the API's OpenAPI description and its reference. Points are dated at the ends of their slots, slots lie on the clock, and
one that the timeframe touches is whole.
https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/get-data-points,
https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/metric-faq
"""

import calendar
import email.utils
import re
import statistics

from double import Double, answer

TOKEN = "dt0c01.PUBLICPART.SECRETPARTOFTHETOKEN"
UNITS = {"m": 60, "h": 3600}
KEY = re.compile(r'^(?:builtin:|calc:)?[\w.-]+')


def refused(status, message, violations=()):
    error = {"code": status, "message": message}
    if violations:
        error["constraintViolations"] = [{"path": path, "message": words, "parameterLocation": "QUERY"} for path, words in violations]
    return answer(status, {"error": error})


class Dynatrace(Double):
    """`metrics[selector]` is a list of (dimensions, value): value is a function of the start of a minute, which may give None.
    `descriptors[key]` has more of a metric's descriptor. `kept` is the shortest slot in seconds; `series_a_page` cuts answers into pages; `now` is
    the server's clock. `more` goes into the answer, `more_of_metric` into its collection.
    """

    def __init__(self, port=0):
        super().__init__(port)
        self.metrics, self.descriptors, self.kept, self.series_a_page, self.aggregate = {}, {}, 60, 1000, statistics.fmean
        self.more, self.more_of_metric, self.now = {}, {}, calendar.timegm((2026, 3, 17, 13, 0, 0))
        self._pages = {}

    def handle(self, request):
        status, headers, text = self.serve(request)
        return status, {**headers, "Date": email.utils.formatdate(self.now, usegmt=True)}, text

    def serve(self, request):
        path = request.path.removeprefix("/e/abc")
        if request.headers.get("Authorization") != f"Api-Token {TOKEN}":
            return refused(401, "Missing authorization parameter.")
        if not path.startswith("/api/v2/metrics") or request.method != "GET":
            return answer(404, "<html>not found</html>", {"Content-Type": "text/html"})
        if path == "/api/v2/metrics":
            known = [self.descriptor(key) for key in self.keys()]
            return answer(200, {"totalCount": len(known), "nextPageKey": None, "metrics": known[:int(request.query["pageSize"])]})
        if path == "/api/v2/metrics/query":
            return self.query(request.query)
        key = path.removeprefix("/api/v2/metrics/")
        return answer(200, self.descriptor(key)) if key in self.keys() else refused(404, f"Unknown metric: {key}")

    def keys(self):
        return sorted({KEY.match(selector)[0] for selector in self.metrics})

    def descriptor(self, key):
        return {"metricId": key, "displayName": key, "unit": "MicroSecond", "dduBillable": False, "aggregationTypes": ["avg", "max"],
                "entityType": ["SERVICE"], "defaultAggregation": {"type": "avg"}, **self.descriptors.get(key, {})}

    def query(self, query):
        if "nextPageKey" in query:
            if len(query) > 1 or query["nextPageKey"] not in self._pages:
                return refused(400, "Constraints violated.", [("nextPageKey", "must be the only parameter")])
            return answer(200, self._pages[query["nextPageKey"]])
        if "metricSelector" not in query:
            return refused(400, "Constraints violated.", [("nextPageKey", "expected one of nextPageKey or metricSelector to be specified")])
        if query.get("entitySelector", "type").count("(") != query.get("entitySelector", "type").count(")"):
            return refused(400, "Constraints violated.", [("entitySelector", "Invalid entity selector: a ) is missing")])
        start, end = (int(query[key]) // 1000 for key in ("from", "to"))
        resolution = query["resolution"]
        if resolution == "Inf":
            slot, shown = None, "Inf"
        else:
            asked = int(resolution[:-1]) * UNITS[resolution[-1]]
            slot = max(asked, self.kept)
            shown = resolution if slot == asked else f"{slot // 60}m"
        found = [self.one(dimensions, value, start, end, slot) for dimensions, value in self.metrics.get(query["metricSelector"], [])]
        pages = [self.page(query["metricSelector"], shown, found[i:i + self.series_a_page], len(found))
                 for i in range(0, max(len(found), 1), self.series_a_page)]
        for number, page in enumerate(pages[:-1]):
            page["nextPageKey"] = f"page-{start}-{number + 1}"
            self._pages[page["nextPageKey"]] = pages[number + 1]
        return answer(200, pages[0])

    def one(self, dimensions, value, start, end, slot):
        kept = self.kept
        first, last = start - start % kept, -(-end // kept) * kept
        slots = [(first, last)] if slot is None else [(at, at + slot) for at in range(start - start % slot, end, slot)]
        values = [[number for minute in range(begin, close, 60) if (number := value(minute)) is not None] for begin, close in slots]
        return {"dimensions": list(dimensions.values()), "dimensionMap": dimensions, "timestamps": [close * 1000 for _, close in slots],
                "values": [self.aggregate(numbers) if numbers else None for numbers in values]}

    def page(self, selector, resolution, data, count):
        return {"totalCount": count, "nextPageKey": None, "resolution": resolution,
                "result": [{"metricId": selector, "dataPointCountRatio": 0.005, "dimensionCountRatio": 0.005, "data": data,
                            **self.more_of_metric}], **self.more}
