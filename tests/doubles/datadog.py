"""A loopback double of Datadog's API: queries of v1 and v2, monitors, SLO histories and deployment gates.

Shapes follow the API's reference (https://docs.datadoghq.com/api/latest/) and recorded answers. Buckets start at whole
multiples of their length, the first one before `from` where that is none, as the real ones do.
Run it by hand: `python3 tests/doubles/datadog.py --port 8126`.
"""

import math
import re

from double import Double, answer, serve

API_KEY = "0123456789abcdef0123456789abcdef"
APP_KEY = "fedcba9876543210fedcba9876543210fedcba98"
SCOPES = {"timeseries_query", "monitors_read", "slos_read", "deployment_gates_evaluate"}
MOST_POINTS = 1500
REDUCE = {"avg": lambda v: sum(v) / len(v), "sum": sum, "min": min, "max": max, "last": lambda v: v[-1]}
QUERY = re.compile(
    r"^(?:(?P<space>[a-z0-9.]+):)?(?P<metric>[a-z0-9_.]+)\{(?P<scope>[^}]*)\}(?:\s*by\s*\{(?P<by>[^}]*)\})?(?P<functions>.*)$")
ROLLUP = re.compile(r"\.rollup\((?:(?P<how>[a-z]+)\s*,\s*)?(?P<seconds>\d+)\)")


def errors(status, *words, headers=None):
    return answer(status, {"errors": list(words)}, headers)


def reducer(space):
    """How the numbers of a bucket become one; "p95" is for distributions."""
    if re.fullmatch(r"p\d\d(\.\d+)?", space):
        return lambda values: sorted(values)[max(0, math.ceil(len(values) * float(space[1:]) / 100) - 1)]
    return REDUCE.get(space, REDUCE["avg"])


def span_interval(seconds):
    """What v1 chooses for a span, in seconds (the table of the rollup documentation)."""
    for longest, interval in ((3600, 20), (4 * 3600, 60), (86400, 300), (7 * 86400, 3600)):
        if seconds <= longest:
            return interval
    return 14400


class Wrong(Exception):
    pass


class Datadog(Double):
    """`metrics[name]` is a list of (tags, value): tags a dict, value a function of a bucket's start and length in seconds that
    gives a number, None, or a list of numbers (a distribution). `monitors`, `slos` and `gates` hold answers by id; `scopes` is what the application key may do.
    """

    def __init__(self, port=0):
        super().__init__(port)
        self._server.socket.listen(128)  # the default queue of 5 makes a client that asks much at once wait for a second
        self.api_key, self.app_key, self.scopes = API_KEY, APP_KEY, set(SCOPES)
        self.metrics, self.units, self.monitors, self.slos, self.gates = {}, {}, {}, {}, {}
        self.widen = 1  # buckets are this many times as long as was asked for

    # What the API checks before anything else.

    def refused(self, request, scope):
        if request.headers.get("DD-API-KEY") != self.api_key:
            return errors(403, "Forbidden")
        if scope is None:
            return None
        if request.headers.get("DD-APPLICATION-KEY") != self.app_key or scope not in self.scopes:
            return errors(403, "Forbidden")
        return None

    def handle(self, request):
        routes = (
            ("GET", r"/api/v1/validate", None, lambda r: answer(200, {"valid": True})),
            ("GET", r"/api/v1/query", "timeseries_query", self.query_v1),
            ("POST", r"/api/v2/query/timeseries", "timeseries_query", self.timeseries),
            ("POST", r"/api/v2/query/scalar", "timeseries_query", self.scalar),
            ("GET", r"/api/v1/monitor", "monitors_read", self.list_monitors),
            ("GET", r"/api/v1/monitor/([^/]+)", "monitors_read", self.monitor),
            ("GET", r"/api/v1/slo", "slos_read", lambda r: answer(200, {"data": [], "errors": []})),
            ("GET", r"/api/v1/slo/([^/]+)/history", "slos_read", self.slo_history),
            ("POST", r"/api/v2/deployments/gates/evaluation", "deployment_gates_evaluate", self.trigger),
            ("GET", r"/api/v2/deployments/gates/evaluation/([^/]+)", "deployment_gates_evaluate", self.evaluation),
        )
        for method, pattern, scope, handler in routes:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                try:
                    return self.refused(request, scope) or handler(request, *match.groups())
                except Wrong as problem:
                    return errors(400, str(problem))
        return errors(404, "Not found")

    # Metrics.

    def points(self, text, start, end, interval):
        """Rows of one metrics query: (tags of its groups, {bucket start in s: value}). Times in seconds."""
        text = text.strip()
        if text.startswith("default_zero(") and text.endswith(")"):
            rows, interval = self.points(text[len("default_zero("):-1], start, end, interval)
            return [(group, {t: 0.0 if v is None else v for t, v in row.items()}) for group, row in rows], interval
        match = QUERY.match(text)
        if not match:
            raise Wrong(f"Error parsing query: \nunable to parse {text}: Rule 'scope_expr' didn't match")
        rollup = ROLLUP.search(match["functions"])
        if rollup:
            interval = int(rollup["seconds"])
        interval *= self.widen
        while (end - start) / interval > MOST_POINTS:
            interval *= 2
        wanted = dict(tag.split(":", 1) for tag in match["scope"].split(",") if ":" in tag)
        by = [tag.strip() for tag in (match["by"] or "").split(",") if tag.strip()]
        groups = {}
        for tags, value in self.metrics.get(match["metric"], []):
            if any(tags.get(name) != wish for name, wish in wanted.items()):
                continue
            row = groups.setdefault(tuple((name, tags.get(name, "N/A")) for name in by), {})
            for bucket in range(int(start // interval * interval), int(end), interval):
                number = value(bucket, interval)
                numbers = number if isinstance(number, list) else [] if number is None else [number]
                row.setdefault(bucket, []).extend(numbers)
        combine = reducer(match["space"] or "avg")
        rows = [(group, {t: combine(v) if v else None for t, v in row.items()}) for group, row in sorted(groups.items())]
        return rows, interval

    def checked(self, request, kind):
        data = request.json().get("data", {})
        if data.get("type") != kind:
            raise Wrong(f'API input validation failed: Invalid type. Expected "{kind}".')
        attributes = data.get("attributes", {})
        for name in ("from", "to"):
            if not isinstance(attributes.get(name), int) or attributes[name] < 10**11:
                raise Wrong(f"API input validation failed: {name} must be milliseconds since the epoch")
        if not attributes.get("queries"):
            raise Wrong("API input validation failed: queries is a required property")
        return attributes

    def formula(self, attributes, default):
        """Rows of the one formula over its queries."""
        start, end = attributes["from"] / 1000, attributes["to"] / 1000
        named, interval = {}, default
        for query in attributes["queries"]:
            if query.get("data_source") == "metrics":
                named[query["name"]], interval = self.points(query["query"], start, end, default)
            else:
                named[query["name"]], interval = self.events(query, start, end, default)
        text = attributes["formulas"][0]["formula"]
        if not re.fullmatch(r"[a-z0-9_ +\-*/().]+", text):
            raise Wrong(f"Invalid formula: {text}")
        rows = []
        for group, first in next(iter(named.values())):
            row = {}
            for bucket in first:
                values = {name: dict(rows).get(group, {}).get(bucket) for name, rows in named.items()}
                usable = all(value is not None for value in values.values())
                try:
                    row[bucket] = eval(text, {"__builtins__": {}}, values) if usable else None
                except ZeroDivisionError:
                    row[bucket] = None
            rows.append((group, row))
        return rows, interval

    def events(self, query, start, end, interval):
        """Logs, spans and the like: counted under the name of their data source and search."""
        metric = f'{query["data_source"]}:{query.get("search", {}).get("query", "")}'
        if query.get("compute", {}).get("aggregation") != "count":
            raise Wrong("API input validation failed: compute is a required property")
        interval *= self.widen
        rows = []
        for _, value in self.metrics.get(metric, []):
            rows.append(((), {t: value(t, interval) for t in range(int(start // interval * interval), int(end), interval)}))
        return rows, interval

    def timeseries(self, request):
        attributes = self.checked(request, "timeseries_request")
        interval = attributes.get("interval", 1000 * span_interval((attributes["to"] - attributes["from"]) / 1000)) // 1000
        rows, _ = self.formula(attributes, interval)
        rows = [(group, row) for group, row in rows if row]
        times = sorted({bucket for _, row in rows for bucket in row})
        return answer(200, {"data": {"id": "0", "type": "timeseries_response", "attributes": {
            "series": [{"group_tags": [f"{name}:{value}" for name, value in group], "query_index": 0,
                        "unit": self.unit(attributes)} for group, _ in rows],
            "times": [bucket * 1000 for bucket in times],
            "values": [[row.get(bucket) for bucket in times] for _, row in rows]}}})

    def unit(self, attributes):
        match = QUERY.match(attributes["queries"][0].get("query", "x{*}"))
        name = self.units.get(match["metric"]) if match else None
        if not name:
            return None
        return [{"name": name, "family": "", "short_name": name, "plural": name, "id": 1, "scale_factor": 1.0}, None]

    def scalar(self, request):
        attributes = self.checked(request, "scalar_request")
        span = (attributes["to"] - attributes["from"]) / 1000
        named = {}
        for query in attributes["queries"]:
            rows, _ = self.points(query["query"], attributes["from"] / 1000, attributes["to"] / 1000, span_interval(span))
            how = REDUCE[query["aggregator"]]
            named[query["name"]] = {group: how(values) for group, row in rows
                                    if (values := [row[t] for t in sorted(row) if row[t] is not None])}
        text = attributes["formulas"][0]["formula"]
        groups = sorted(set.intersection(*(set(rows) for rows in named.values())))
        columns = [{"name": name, "type": "group", "values": [[dict(group)[name]] for group in groups]}
                   for name in (dict(groups[0]) if groups else ())]
        columns.append({"name": text, "type": "number", "meta": {"unit": self.unit(attributes)}, "values": [
            eval(text, {"__builtins__": {}}, {name: rows[group] for name, rows in named.items()}) for group in groups]})
        return answer(200, {"data": {"id": "0", "type": "scalar_response", "attributes": {"columns": columns}}})

    def query_v1(self, request):
        try:
            start, end = int(request.query["from"]), int(request.query["to"])
        except (KeyError, ValueError):
            raise Wrong("from and to are required") from None
        if end > 10**11:
            raise Wrong("from and to are seconds")
        text = request.query["query"]
        base = {"res_type": "time_series", "resp_version": 1, "query": text, "from_date": start * 1000, "to_date": end * 1000,
                "message": "", "group_by": [], "times": [], "values": []}
        try:
            rows, interval = self.points(text, start, end, span_interval(end - start))
        except Wrong as problem:
            return answer(200, {**base, "status": "error", "error": str(problem), "series": []})
        series = [{"metric": text, "expression": text, "interval": interval, "tag_set": [f"{n}:{v}" for n, v in group],
                   "scope": ",".join(f"{n}:{v}" for n, v in group) or "*", "length": len(row), "aggr": None, "query_index": 0,
                   "unit": None, "pointlist": [[bucket * 1000, row[bucket]] for bucket in sorted(row)]}
                  for group, row in rows if row]
        return answer(200, {**base, "status": "ok", "series": series})

    # What Datadog decides itself.

    def shown_monitor(self, monitor, query):
        shown = dict(monitor)
        states = query.get("group_states", "")
        if states not in ("", "all", "alert", "warn", "no data"):
            raise Wrong("Invalid group_state filters.")
        if not states:
            shown.pop("state", None)
        if query.get("with_downtimes") != "true":
            shown.pop("matching_downtimes", None)
        return shown

    def monitor(self, request, monitor_id):
        if not monitor_id.isdigit() or int(monitor_id) not in self.monitors:
            return errors(404, "Monitor not found")
        return answer(200, self.shown_monitor(self.monitors[int(monitor_id)], request.query))

    def list_monitors(self, request):
        wanted = [tag for tag in request.query.get("monitor_tags", "").split(",") if tag]
        found = [m for _, m in sorted(self.monitors.items()) if all(tag in m.get("tags", []) for tag in wanted)]
        if "page" in request.query:
            size = int(request.query.get("page_size", 100))
            start = int(request.query["page"]) * size
            found = found[start:start + size]
        return answer(200, [self.shown_monitor(m, request.query) for m in found])

    def slo_history(self, request, slo):
        if slo not in self.slos:
            return errors(404, f"SLO not found: {slo}")
        if int(request.query["to_ts"]) > 10**11:
            raise Wrong("to_ts must be seconds since the epoch")
        return answer(200, self.slos[slo])

    def trigger(self, request):
        data = request.json()["data"]
        attributes = data.get("attributes", {})
        for name in ("service", "env"):
            if not attributes.get(name):
                return answer(400, {"errors": [{"status": "400", "title": "Bad Request",
                                                "detail": f"required {name} field is missing"}]})
        name = (attributes["service"], attributes["env"])
        if name not in self.gates:
            identifier = attributes.get("identifier", "default")
            detail = f"no gate found for service {name[0]}, env {name[1]}, and identifier {identifier}"
            return answer(404, {"errors": [{"status": "404", "title": "Not Found", "detail": detail}]})
        evaluation = self.gates[name]
        return answer(202, {"data": {"id": evaluation["id"], "type": "deployment_gates_evaluation_response",
                                     "attributes": {"evaluation_id": evaluation["id"]}}})

    def evaluation(self, _, evaluation_id):
        for gate in self.gates.values():
            if gate["id"] != evaluation_id:
                continue
            state = gate["answers"].pop(0) if len(gate["answers"]) > 1 else gate["answers"][0]
            return answer(200, {"data": {"id": evaluation_id, "type": "deployment_gates_evaluation_result_response",
                                         "attributes": {"evaluation_id": evaluation_id, "dry_run": False, "rules": [], **state}}})
        return answer(404, {"errors": [{"status": "404", "title": "Not Found",
                                        "detail": f"gate evaluation with id {evaluation_id} not found"}]})


def demo(port):
    """What `--port` serves: a service whose latency went up at 12:00 UTC of 17 March 2026."""
    double = Datadog(port)
    released = 1773748800

    def latency(bucket, _):
        return 0.2 + 0.01 * (bucket // 60 % 5) + (0.1 if bucket >= released else 0.0)

    double.metrics["trace.http.request.duration"] = [({"service": "checkout"}, latency)]
    double.metrics["trace.http.request.hits"] = [({"service": "checkout"}, lambda _, length: 20 * length)]
    double.metrics["trace.http.request.errors"] = [
        ({"service": "checkout"}, lambda bucket, length: length // 20 + bucket // 60 % 3)]
    return double


if __name__ == "__main__":
    serve(demo, __doc__)
