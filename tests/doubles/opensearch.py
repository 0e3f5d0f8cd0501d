"""A loopback double of OpenSearch: _search with aggregations, _field_caps and the server's own name.

Shapes follow https://docs.opensearch.org/latest/api-reference/search-apis/search/ and .../field-caps/: a field that no index has matches
nothing and sums up to 0, a pattern that matches no index is 404 only with allow_no_indices=false, what no document matches is HTTP 200
with 0 hits, buckets begin at multiples of their length plus an offset.
"""

import base64
import fnmatch
import math
import re

import sigv4
from double import Double, answer

USER, PASSWORD = "gate", "gate-password-81"
API_KEY = "Z2F0ZTpsb25nLWtleS05Mw=="
KEY, SECRET = "AKIDOPENSEARCH", "secret-of-aws-4711"
CLAUSE = re.compile(r"(NOT )?([\w.@]+):(>=|<=|>|<)?(\S+)")


def compare(have, how, want):
    if isinstance(have, (int, float)) and not isinstance(have, bool):
        want = float(want)
    return {">=": lambda: have >= want, "<=": lambda: have <= want, ">": lambda: have > want, "<": lambda: have < want,
            None: lambda: str(have) == str(want) if isinstance(want, str) else have == want}[how]()


def refusal(status, kind, reason):
    cause = {"type": kind, "reason": reason}
    return answer(status, {"error": {"root_cause": [cause], **cause}, "status": status})


class OpenSearch(Double):
    """`documents` are dicts with `@timestamp` in seconds since 1970 and `_index`; `mappings` says per index which type a field has."""

    def __init__(self, port=0):
        super().__init__(port)
        self.documents = []
        self.mappings = {}

    def is_allowed(self, request):
        sent = request.headers.get("Authorization") or ""
        if sent.startswith("AWS4"):
            return sigv4.fault(request, KEY, SECRET, "eu-west-1", "es", signed=("host", "x-amz-date")) is None
        basic = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return sent in (basic, f"ApiKey {API_KEY}")

    def handle(self, request):
        if not self.is_allowed(request):
            return refusal(401, "security_exception", "missing authentication credentials for REST request")
        if request.path == "/":
            return answer(200, {"version": {"distribution": "opensearch", "number": "2.19.1"}, "tagline": "The OpenSearch Project"})
        _, pattern, action = request.path.split("/")
        indices = sorted({index for part in pattern.split(",") for index in fnmatch.filter(self.mappings, part)})
        if not indices and ("*" not in pattern or request.query.get("allow_no_indices") == "false"):
            return refusal(404, "index_not_found_exception", f"no such index [{pattern}]")
        if action == "_field_caps":
            return self.field_caps(indices, request.query["fields"].split(","))
        return self.search(indices, request.json()) if request.method == "POST" else answer(405, {})

    def field_caps(self, indices, names):
        fields = {}
        for name in names:
            types = {}
            for index in indices:
                types.setdefault(self.mappings[index].get(name, "unmapped"), []).append(index)
            if set(types) == {"unmapped"}:
                continue
            fields[name] = {kind: {"type": kind, "searchable": kind != "unmapped", "aggregatable": kind not in ("unmapped", "text"),
                                   **({"indices": where} if len(types) > 1 else {})} for kind, where in types.items()}
        return answer(200, {"indices": indices, "fields": fields})

    def search(self, indices, body):
        found = [one for one in self.documents if one["_index"] in indices and self.matches(one, body["query"])]
        counts = {"value": len(found), "relation": "eq"}
        if body.get("track_total_hits") is not True and len(found) > 10000:
            counts = {"value": 10000, "relation": "gte"}
        out = {"took": 2, "timed_out": False, "_shards": {"total": len(indices), "successful": len(indices), "skipped": 0, "failed": 0},
               "hits": {"total": counts, "max_score": None, "hits": []}}
        if "aggs" in body:
            out["aggregations"] = self.aggregations(body["aggs"], found)
        return answer(200, out)

    def matches(self, one, clause):
        (kind, inside), = clause.items()
        if kind == "bool":
            return all(self.matches(one, part) for part in inside["filter"]) and not any(
                self.matches(one, part) for part in inside.get("must_not", []))
        if kind == "exists":
            return inside["field"] in one
        if kind == "query_string":
            return all(bool(no) != (field in one and compare(one[field], how, want))
                       for no, field, how, want in (match.groups() for match in CLAUSE.finditer(inside["query"])))
        (field, want), = inside.items()
        if kind == "term":
            return one.get(field) == want
        have = one.get(field)
        return have is not None and want["gte"] / 1000 <= have < want["lt"] / 1000

    def aggregations(self, wanted, found):
        return {name: self.aggregation(dict(body), found) for name, body in wanted.items()}

    def aggregation(self, body, found):
        inner = body.pop("aggs", {})
        (kind, how), = body.items()
        values = [one[how["field"]] for one in found if how["field"] in one]
        if kind == "date_histogram":
            every, offset = (int(how[key].removesuffix("ms")) for key in ("fixed_interval", "offset"))
            parts = {}
            for one in found:
                at = round(one[how["field"]] * 1000)
                parts.setdefault(at - (at - offset) % every, []).append(one)
            return {"buckets": [{"key": key, "doc_count": len(parts[key]), **self.aggregations(inner, parts[key])} for key in sorted(parts)]}
        if kind == "terms":
            groups = {}
            for one in found:
                if how["field"] in one:
                    groups.setdefault(one[how["field"]], []).append(one)
            ranked = sorted(groups, key=lambda key: (-len(groups[key]), key))
            return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": sum(len(groups[key]) for key in ranked[how["size"]:]),
                    "buckets": [{"key": key, "doc_count": len(groups[key]), **self.aggregations(inner, groups[key])}
                                for key in ranked[:how["size"]]]}
        if kind == "stats":
            return {"count": len(values), "min": min(values, default=None), "max": max(values, default=None),
                    "avg": sum(values) / len(values) if values else None, "sum": float(sum(values))}
        if kind == "percentiles":
            ranked = sorted(values)
            return {"values": [{"key": p, "value": ranked[max(0, math.ceil(p / 100 * len(ranked)) - 1)] if ranked else None}
                               for p in how["percents"]]}
        return {"value": len(set(values)) if kind == "cardinality" else len(values)}
