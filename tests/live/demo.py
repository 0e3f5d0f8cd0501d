"""The data of the live tests: two hours around DEPLOYED_AT, a sample every 15 s, the same bytes each time."""

import math
import random

DEPLOYED_AT = 1773749040  # 2026-03-17T12:04:00Z
DEPLOYED_TEXT = "2026-03-17T12:04:00Z"
NOW_TEXT = "2026-03-17T13:00:00Z"
CANARY_DIES = DEPLOYED_AT + 600
RESET_AT = DEPLOYED_AT + 905


def gauges(draw, t, after):
    yield "latency_seconds", {"app": "shop"}, (0.25 if after else 0.2) * math.exp(0.1 * draw.gauss(0, 1))
    for shard, level in (("a", 10), ("b", 20), ("c", 40)):
        yield "queue_length", {"shard": shard}, level + draw.random()
    if after:
        yield "queue_length", {"shard": "new"}, 5 + draw.random()
    if t < DEPLOYED_AT - 600:
        yield "queue_length", {"shard": "old"}, 5 + draw.random()
    yield "track_latency_seconds", {"track": "stable"}, 0.2 + 0.01 * draw.random()
    if t < CANARY_DIES:
        yield "track_latency_seconds", {"track": "canary"}, 0.3 + 0.01 * draw.random()


def openmetrics():
    draw = random.Random(20260317)
    families = {}
    counters = {}

    def put(family, kind, name, labels, t, value):
        text = ",".join(f'{key}="{one}"' for key, one in labels.items())
        families.setdefault((family, kind), {}).setdefault((name, text), []).append(f"{name}{{{text}}} {value!r} {t}")

    for t in range(DEPLOYED_AT - 3600, DEPLOYED_AT + 3600, 15):
        after = t > DEPLOYED_AT
        for name, labels, value in gauges(draw, t, after):
            put(name, "gauge", name, labels, t, value)
        for instance in ("one", "two"):
            if instance == "one" and RESET_AT <= t < RESET_AT + 15:
                counters = {key: 0 for key in counters}
            for code, each in (("200", 300), ("500", 9 if after else 3)):
                key = (instance, code)
                counters[key] = counters.get(key, 0) + draw.randrange(each // 2, each + each // 2)
                put("http_requests", "counter", "http_requests_total", {"instance": instance, "code": code}, t, counters[key])
    out = []
    for (family, kind), series in sorted(families.items()):
        out.append(f"# TYPE {family} {kind}")
        for lines in series.values():
            out.extend(lines)
    return "\n".join([*out, "# EOF", ""])
