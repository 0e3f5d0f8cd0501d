"""A Prometheus double: answers queries from a compact description (server.json), the same bytes for the same question.

server.json is a list of rules; the first one whose `match` strings all occur in "PATH QUERY" answers. A rule has either
  "raw":    the body as text or JSON, with "status" (200) and "headers", or
  "series": a list of {"labels": {…}, "before": VALUES, "after": VALUES}: what was there until RELEASE, and from then on.
VALUES is a number (constant), a list (repeated), null (nothing there), or {"mean", "spread"} with "seed", "drift" (autocorrelation
between points), "whole" (counts: rounded, not negative), "slope" (per hour since RELEASE), "nan_every" (each n-th point is NaN),
"until" (seconds after RELEASE: nothing from then on), "since" (likewise: nothing earlier), "climb" (the share that is added each day
from the hour of RELEASE to the midnight after it, with the spread "climb_spread" from day to day).
"""

import hashlib
import json

RELEASE = 1773749040  # 2026-03-17T12:04:00Z
DAY = 86400
BUILDINFO = {"status": "success", "data": {"version": "2.53.0"}}


def uniform(seed, index):
    digest = hashlib.sha256(f"{seed}/{index}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def normal(seed, index):
    """Nearly normal with mean 0 and deviation 1: twelve uniform numbers less six."""
    return sum(uniform(seed, f"{index}/{k}") for k in range(12)) - 6


def noise(values, time, step):
    """Stationary noise; with `drift` an AR(1) of the last 40 points."""
    seed, drift, index = values.get("seed", 1), values.get("drift", 0), int(time // step)
    if not drift:
        return normal(seed, index)
    total = sum(drift**k * normal(seed, index - k) for k in range(40))
    return total * (1 - drift**2) ** 0.5


def value_at(values, time, step):
    """The text of one sample, None for no sample."""
    if values is None:
        return None
    if isinstance(values, list):
        return str(values[int(time // step) % len(values)])
    if not isinstance(values, dict):
        return str(values)
    if time > RELEASE + values.get("until", float("inf")):
        return None
    if time < RELEASE + values.get("since", float("-inf")):
        return None
    if values.get("nan_every") and int(time // step) % values["nan_every"] == 0:
        return "NaN"
    value = values["mean"] + values.get("spread", 0) * noise(values, time, step)
    value += values.get("slope", 0) * (time - RELEASE) / 3600
    if values.get("climb") and time % DAY > RELEASE % DAY:
        value *= 1 + values["climb"] + values.get("climb_spread", 0) * normal(values.get("seed", 1), f"day {time // DAY}")
    return str(max(0, round(value)) if values.get("whole") else round(value, 9))


def points(series, times, step):
    for time in times:
        # A point holds what happened before it: the one at the moment of the release is of the old version.
        text = value_at(series.get("before" if time <= RELEASE else "after"), time, step)
        if text is not None:
            yield [time, text]


def vector(rule, parameters):
    out = []
    if "start" in parameters:
        start, end, step = (float(parameters[name]) for name in ("start", "end", "step"))
        times = [start + i * step for i in range(int((end - start) / step + 1e-9) + 1)]
        kind, key = "matrix", "values"
    else:
        times, step, kind, key = [float(parameters["time"])], 60.0, "vector", "value"
    for series in rule["series"]:
        found = list(points(series, times, step))
        if found:
            out.append({"metric": series.get("labels", {}), key: found if kind == "matrix" else found[0]})
    return {"status": "success", "data": {"resultType": kind, "result": out}}


def answer_from(rules):
    """The function that support/gate.py's Server asks."""

    def answer(request):
        parameters = {**request.query, **request.form}
        text = f"{request.route} {parameters.get('query', '')}"
        for rule in rules:
            if not all(part in text for part in rule["match"]):
                continue
            headers = {"Content-Type": "application/json", **rule.get("headers", {})}
            if "raw" in rule:
                body = rule["raw"] if isinstance(rule["raw"], str) else json.dumps(rule["raw"])
            else:
                body = json.dumps(vector(rule, parameters))
            return rule.get("status", 200), headers, body
        if request.route.endswith("/buildinfo"):
            return 200, {"Content-Type": "application/json"}, json.dumps(BUILDINFO)
        empty = {"status": "success", "data": {"resultType": "matrix" if "start" in parameters else "vector", "result": []}}
        return 200, {"Content-Type": "application/json"}, json.dumps(empty)

    return answer
