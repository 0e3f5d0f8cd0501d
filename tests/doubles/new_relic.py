"""A loopback double of New Relic's NerdGraph: NRQL in the background, and what it says instead of an answer.

Shapes follow https://docs.newrelic.com/docs/apis/nerdgraph/examples/nerdgraph-nrql-tutorial/ and .../async-queries-nrql-tutorial/: errors
are HTTP 200 with `errors`, a wrong key is HTTP 401, an event type that does not exist counts 0, an average of nothing is null, a
percentile is an object with the quantile as its key, buckets are counted back from the end, SINCE is inclusive and UNTIL is not.
"""

import math
import re

from double import Double, answer

KEY, ACCOUNT = "NRAK-THEKEYOFTHEDOUBLE0815", 1234567
QUERY = re.compile(r"^(?:FROM (?P<first>[\w`, ]+?) SELECT (?P<behind>.+?)|SELECT (?P<select>.+?) FROM (?P<types>[\w`, ]+?))(?: WHERE (?P<where>.+?))?"
                   r"(?: FACET (?P<facet>\w+))?(?: EXTRAPOLATE)? SINCE (?P<since>\d+) UNTIL (?P<until>\d+)(?: TIMESERIES (?P<step>\d+) seconds)?(?: LIMIT MAX)?$")
TERM = re.compile(r"(\w+)\((?:([\w.`*]+(?:\(\*\))?)(?:, ([^)]*))?)\)(?: AS '(\w+)')?")
CONDITION = re.compile(r"`?([\w.]+)`? (=|!=|>=) ('?)([\w.-]+)'?")


def error(words, kind=None, path=("actor", "account", "nrql")):
    one = {"message": words, "path": list(path), **({"extensions": {"errorClass": kind}} if kind else {})}
    return answer(200, {"data": {"actor": {"account": {"nrql": None}}}, "errors": [one]})


def fits(event, where):
    for name, how, quote, want in CONDITION.findall(where or ""):
        want = want if quote else float(want)
        if name not in event or not {"=": event[name] == want, "!=": event[name] != want, ">=": event[name] >= want}[how]:
            return False
    return True


def value_of(function, argument, more, events):
    """(name in the answer, value)."""
    argument = argument.strip("`")
    values = [event[argument] for event in events if argument in event]
    if function == "count":
        return "count", len(events) if argument == "*" else len(values)
    if function == "filter":
        return "count", sum(fits(event, more) for event in events)
    if function == "uniqueCount":
        return f"uniqueCount.{argument}", len(set(values))
    if function == "sum":
        return f"sum.{argument}", sum(values)
    if function == "latest":
        return f"latest.{argument}", values[-1] if values else None
    if function == "percentile":
        ranked = sorted(values)
        return f"percentile.{argument}", {quantile.strip(): ranked[max(0, math.ceil(float(quantile) / 100 * len(ranked)) - 1)] if ranked else None
                                          for quantile in more.split(",")}
    return f"{function}.{argument}", {"average": lambda v: sum(v) / len(v), "max": max, "min": min}[function](values) if values else None


class NewRelic(Double):
    """`events[type]` is a list of dicts with `timestamp` in milliseconds. A query takes `polls` further questions; its `metadata` may be
    `moved` by so many milliseconds, as roll-ups move it, and hold `messages`."""

    def __init__(self, port=0):
        super().__init__(port)
        self.events, self.polls, self.moved, self.messages = {}, 0, 0, []
        self.asked_for, self.waiting = [], {}

    def handle(self, request):
        if request.headers.get("API-Key") != KEY:
            return answer(401, {"errors": [{"message": "Invalid or missing API key"}]})
        if (request.method, request.path) != ("POST", "/graphql"):
            return answer(404, {})
        body = request.json()
        variables, text = body["variables"], body["query"]
        if variables["account"] != ACCOUNT:
            if "user { name }" in text:
                return answer(200, {"data": {"actor": {"user": {"name": "Ada"}, "account": None}}})
            return error(f"You are not authorized to query account {variables['account']}")
        if "user { name }" in text:
            return answer(200, {"data": {"actor": {"user": {"name": "Ada"}, "account": {"name": "shop"}}}})
        if "nrqlQueryProgress" in text:
            return self.later(variables["id"])
        self.asked_for.append(variables["nrql"])
        if self.polls:
            self.waiting[f"query-{len(self.asked_for)}"] = [self.polls, variables["nrql"]]
            return self.unfinished(f"query-{len(self.asked_for)}", "nrql")
        return self.answered(variables["nrql"], "nrql")

    def unfinished(self, query_id, field):
        progress = {"queryId": query_id, "completed": False, "retryAfter": 0}
        return answer(200, {"data": {"actor": {"account": {field: {"results": [], "metadata": None, "queryProgress": progress}}}}})

    def later(self, query_id):
        one = self.waiting[query_id]
        one[0] -= 1
        return self.unfinished(query_id, "nrqlQueryProgress") if one[0] else self.answered(one[1], "nrqlQueryProgress")

    def answered(self, text, field):
        query = QUERY.match(re.sub(r"--[^\n]*", "", text).replace("\n", " ").replace("  ", " "))
        if not query:
            return error("NRQL Syntax Error: Error at line 1 position 8, unexpected 'FORM'")
        since, until, step = int(query["since"]), int(query["until"]), int(query["step"] or 0) * 1000
        if step and (until - since) // step > 366:
            return error("TIMESERIES supports a maximum of 366 buckets")
        types = [name.strip(" `") for name in (query["first"] or query["types"]).split(",")]
        found = [event for name in types for event in self.events.get(name, []) if since <= event["timestamp"] < until]
        found = [event for event in found if fits(event, query["where"])]
        groups = {None: found}
        if query["facet"]:
            groups = {}
            for event in found:
                if query["facet"] in event:
                    groups.setdefault(event[query["facet"]], []).append(event)
        rows = []
        for begin in range(until - (until - since) // step * step, until, step) if step else [since]:
            end = begin + step if step else until
            for name, events in groups.items():
                row = {"beginTimeSeconds": begin / 1000, "endTimeSeconds": end / 1000} if step else {}
                if query["facet"]:
                    row |= {"facet": name, query["facet"]: name}
                inside = [event for event in events if begin <= event["timestamp"] < end]
                for function, argument, more, alias in TERM.findall(query["select"] or query["behind"]):
                    key, value = value_of(function, argument, more, inside)
                    row[alias or key] = value
                rows.append(row)
        metadata = {"facets": [query["facet"]] if query["facet"] else None, "messages": self.messages,
                    "timeWindow": {"begin": since + self.moved, "end": until + self.moved}}
        return answer(200, {"data": {"actor": {"account": {field: {"results": rows, "metadata": metadata, "queryProgress": {
            "queryId": None, "completed": True, "retryAfter": None}}}}}})
