"""A loopback double of InfluxDB: /query (InfluxQL) of version 1 and /api/v2/query (Flux, annotated CSV) of version 2.

Shapes follow answers of InfluxDB 1.6.7 and https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/: an unknown
database is HTTP 200 with an error inside, nothing found is a result without `series`, buckets begin at multiples of their length plus
an offset, and are stamped with their beginning in InfluxQL and with their end in Flux.
"""

import base64
import datetime
import re

from double import Double, answer

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
TIME = re.compile(r"time >= '([^']+)' AND time < '([^']+)'")
BUCKET = re.compile(r"GROUP BY time\((\w+), (\w+)\)")
FUNCTION = re.compile(r"SELECT (\w+)\(")
RANGE = re.compile(r"range\(start: (\S+), stop: (\S+)\)")
WINDOWED = re.compile(r"aggregateWindow\(every: (\w+), offset: (\w+), fn: (\w+)")
TOKEN = "reader-token-1f3c"
USER, PASSWORD = "gate", "gate-password-77"
FUNCTIONS = {"mean": lambda v: sum(v) / len(v), "sum": sum, "max": max, "count": len}


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def stamp(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def length(text):
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|s|m|h|d)", text))


class InfluxDb(Double):
    """`series` is a list of (tags, points), points a list of (seconds since 1970, value)."""

    def __init__(self, port=0):
        super().__init__(port)
        self.series = []

    def handle(self, request):
        basic = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") not in (f"Token {TOKEN}", basic):
            return answer(401, {"error": "authorization failed", "code": "unauthorized", "message": "unauthorized access"})
        if request.path == "/query" and request.method == "GET":
            return self.influxql(request.query)
        if request.path == "/api/v2/query" and request.method == "POST":
            return self.flux(request)
        if request.path == "/api/v2/buckets":
            return answer(200, {"buckets": []})
        return answer(404, {"code": "not found", "message": "path not found"})

    def buckets(self, points, start, end, every, offset, function):
        """(beginning, value or None) of every bucket in which the range lies, also of those that it only touches."""
        at, out = start - (start - offset) % every, []
        while at < end:
            inside = [value for time, value in points if max(at, start) <= time < min(at + every, end)]
            out.append((at, FUNCTIONS[function](inside) if inside else None))
            at += every
        return out

    def influxql(self, query):
        if query["db"] != "telegraf":
            return answer(200, {"results": [{"statement_id": 0, "error": f"database not found: {query['db']}"}]})
        if query["q"].startswith("SHOW"):
            return answer(200, {"results": [{"statement_id": 0}]}, {"X-Influxdb-Version": "1.6.7~rc0"})
        start, end = map(seconds, TIME.search(query["q"]).groups())
        function, bucket, series = FUNCTION.search(query["q"]), BUCKET.search(query["q"]), []
        for tags, points in self.series:
            points = [point for point in points if start <= point[0] < end]
            if not points:
                continue
            if bucket:
                rows = self.buckets(points, start, end, length(bucket[1]), length(bucket[2]), function[1])
            elif function:
                rows = [(start, FUNCTIONS[function[1]]([value for _, value in points]))]
            else:
                rows = points
            one = {"name": "http", "columns": ["time", function[1] if function else "ms"],
                   "values": [[round(at * 1000), value] for at, value in rows]}
            series.append({**one, "tags": tags} if tags else one)
        return answer(200, {"results": [{"statement_id": 0, **({"series": series} if series else {})}]})

    def flux(self, request):
        text, lines = request.json()["query"], []
        if request.query.get("org") != "shop" or 'bucket: "telegraf"' not in text:
            return answer(404, {"code": "not found", "message": 'failed to initialize execute state: could not find bucket "x"'})
        if request.json()["dialect"]["annotations"] != ["datatype", "group", "default"]:
            return answer(400, {"code": "invalid", "message": "the double wants annotations"})
        start, end = map(seconds, RANGE.search(text).groups())
        windowed = WINDOWED.search(text)
        for number, (tags, points) in enumerate(self.series):
            points = [point for point in points if start <= point[0] < end]
            if not points:
                continue
            names = ["table", "_start", "_stop", "_time", "_value", "_field", *tags]
            lines += [",".join(["#datatype", "long", *["dateTime:RFC3339"] * 3, "double", *["string"] * (len(tags) + 1)]),
                      ",".join(["#group", "false", "true", "true", "false", "false", *["true"] * (len(tags) + 1)]),
                      ",".join(["#default", "_result", *[""] * (len(names) - 1)]).replace("#default,_result,", "#default,,"),
                      ",".join(["", *names])]
            if windowed:
                every = length(windowed[1])
                rows = [(min(at + every, end), value) for at, value in
                        self.buckets(points, start, end, every, length(windowed[2]), windowed[3])]
            else:
                rows = points
            for at, value in rows:
                text = "" if value is None else str(value)
                lines.append(",".join(["", str(number), stamp(start), stamp(end), stamp(at), text, "ms",
                                       *(f'"{tag}"' for tag in tags.values())]))
            lines.append("")
        return answer(200, "\r\n".join([*lines, ""]), {"Content-Type": "text/csv; charset=utf-8"})
