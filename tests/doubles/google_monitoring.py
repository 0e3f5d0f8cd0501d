"""A loopback double of Google Cloud Monitoring: timeSeries.list, and the PromQL endpoint of the same service.

Shapes follow the API's reference (https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list): points newest
first, int64 as strings, periods counted back from the end of the interval.
"""

import calendar
import math
import re
import time
import urllib.parse

from double import answer
from google import Google, refused

PROJECT = "shop-prod"
TYPE = re.compile(r'metric\.type\s*=\s*"([^"]+)"')
REDUCE = {"ALIGN_DELTA": sum, "ALIGN_SUM": sum, "ALIGN_MEAN": lambda v: sum(v) / len(v), "ALIGN_MAX": max, "ALIGN_COUNT": len,
          "ALIGN_PERCENTILE_95": lambda v: sorted(v)[max(0, math.ceil(0.95 * len(v)) - 1)]}
ACROSS = {"REDUCE_SUM": sum, "REDUCE_MEAN": lambda v: sum(v) / len(v), "REDUCE_MAX": max}


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def stamp(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


class GoogleMonitoring(Google):
    """`metrics[type]` is a list of (labels, values): values a function of a minute (seconds since 1970, its end) that gives the list of
    what was written in it. `kind` is how a value is written; `series_a_page` cuts answers into pages.
    """

    scope = "https://www.googleapis.com/auth/monitoring.read"

    def __init__(self, port=0):
        super().__init__(port)
        self.metrics, self.kind, self.points_a_page, self.errors, self.unreachable = {}, "doubleValue", 100000, [], []

    def serve(self, request):
        if request.path == f"/v3/projects/{PROJECT}/metricDescriptors":
            return answer(200, {"metricDescriptors": []})
        if request.path == f"/v3/projects/{PROJECT}/timeSeries" and request.method == "GET":
            return self.list(request.query, request.all("aggregation.groupByFields"))
        prometheus = f"/v1/projects/{PROJECT}/location/global/prometheus/api/v1/query_range"
        if request.path == prometheus:
            return self.query_range(dict(urllib.parse.parse_qsl(request.body.decode())))
        return refused(404, "NOT_FOUND", "no such address")

    def value(self, number):
        if self.kind == "int64Value":
            return {"int64Value": str(int(number))}
        if self.kind == "boolValue":
            return {"boolValue": bool(number)}
        if self.kind == "distributionValue":
            return {"distributionValue": {"count": "40", "mean": number, "sumOfSquaredDeviation": 1.5}}
        return {self.kind: number}

    def list(self, query, fields):
        found = TYPE.search(query["filter"])
        if not found or found[1] not in self.metrics:
            return refused(404, "NOT_FOUND", f"Cannot find metric(s) that match type = \"{found and found[1]}\".")
        start, end = seconds(query["interval.startTime"]), seconds(query["interval.endTime"])
        period = int(query["aggregation.alignmentPeriod"][:-1])
        if period < 60 or start >= end or query["aggregation.perSeriesAligner"] not in REDUCE:
            return refused(400, "INVALID_ARGUMENT", "Field aggregation had an invalid value.")
        groups = {}
        by = [field.rsplit(".", 1)[-1] for field in fields]
        for labels, values in self.metrics[found[1]]:
            reducer = query.get("aggregation.crossSeriesReducer")
            key = tuple(sorted((name, value) for name, value in labels.items() if not reducer or name in by))
            row = groups.setdefault(key, {})
            for close in range(end, start, -period):
                written = [number for minute in range(close - period + 60, close + 60, 60) for number in values(minute)]
                if written:
                    row.setdefault(close, []).append(REDUCE[query["aggregation.perSeriesAligner"]](written))
        across = ACROSS.get(query.get("aggregation.crossSeriesReducer"), lambda v: v[0])
        flat = [(key, close, across(row[close])) for key, row in groups.items() for close in sorted(row, reverse=True)]
        first = int(query.get("pageToken", "0"))
        page, series = flat[first:first + self.points_a_page], {}
        for key, close, number in page:
            series.setdefault(key, []).append({"interval": {"startTime": stamp(close - period), "endTime": stamp(close)},
                                               "value": self.value(number)})
        out = {"timeSeries": [{"metric": {"type": found[1], "labels": dict(key)}, "resource": {"type": "x", "labels": {"project_id": PROJECT}},
                               "metricKind": "GAUGE", "valueType": "DOUBLE", "points": points} for key, points in series.items()]}
        out = out if series else {}
        if self.errors:
            out["executionErrors"] = [{"code": 8, "message": words} for words in self.errors]
        if self.unreachable:
            out["unreachable"] = self.unreachable
        if first + self.points_a_page < len(flat):
            out["nextPageToken"] = str(first + self.points_a_page)
        return answer(200, out)

    def query_range(self, form):
        step = int(form["step"])
        points = [[at, "0.25"] for at in range(int(form["start"]), int(form["end"]) + 1, step)]
        return answer(200, {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": points}]}})
