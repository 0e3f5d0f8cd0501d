"""The histograms of the live tests: two hours around the release, a scrape every 15 s, the same counts classic and native."""

import bisect
import math
import random
import struct

import demo

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0)
SCRAPE = 15
TIMES = range(demo.DEPLOYED_AT - 3600, demo.DEPLOYED_AT + 3600, SCRAPE)
SCHEMA = 3  # of native buckets: eight to a doubling


def latencies():
    """Per scrape the latencies of about 40 requests, slower by a half after the release."""
    draw = random.Random(20260317)
    for t in TIMES:
        level = 0.12 if t > demo.DEPLOYED_AT else 0.08
        yield t, [level * draw.lognormvariate(0, 0.6) for _ in range(draw.randrange(20, 60))]


def classic():
    """OpenMetrics text of `latency_seconds`, and of `tail_seconds`, whose requests all end beyond the highest bound afterwards."""
    counts = {name: [0] * (len(BOUNDS) + 1) for name in ("latency_seconds", "tail_seconds")}
    lines = {}
    for t, values in latencies():
        for name, factor in (("latency_seconds", 1), ("tail_seconds", 100 if t > demo.DEPLOYED_AT else 1)):
            for value in values:
                counts[name][bisect.bisect_left(BOUNDS, value * factor)] += 1
            up_to = 0
            for bound, count in zip((*BOUNDS, "+Inf"), counts[name]):
                up_to += count
                lines.setdefault(name, {}).setdefault(bound, []).append(f'{name}_bucket{{le="{bound}"}} {up_to} {t}')
    out = []
    for name, buckets in lines.items():
        out.append(f"# TYPE {name} histogram")
        out += [line for series in buckets.values() for line in series]
    return "\n".join([*out, "# EOF", ""])


# Remote write: a protobuf message in snappy's framing. https://prometheus.io/docs/specs/prw/remote_write_spec/ and
# prompb/types.proto of Prometheus 2.42.


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def zigzag(number):
    return varint(((number << 1) ^ (number >> 63)) & 0xFFFFFFFFFFFFFFFF)


def field(number, payload):
    """Of a length that stands before it."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def scalar(number, encoded):
    return varint(number << 3) + encoded


def double(number, value):
    return varint(number << 3 | 1) + struct.pack("<d", value)


def native_index(value):
    """The bucket whose bounds are base^(i − 1) and base^i, base = 2^(2^−schema)."""
    return math.ceil(math.log2(value) * 2**SCHEMA - 1e-12)


def native_sample(counts, total, t):
    """One histogram, its counts as deltas along the buckets from the first to the last."""
    first, last = min(counts), max(counts)
    deltas, before = b"", 0
    for index in range(first, last + 1):
        count = counts.get(index, 0)
        deltas += zigzag(count - before)
        before = count
    span = scalar(1, zigzag(first)) + scalar(2, varint(last - first + 1))
    number = sum(counts.values())
    return (scalar(1, varint(number)) + double(3, total) + scalar(4, zigzag(SCHEMA)) + double(5, 1e-128) + scalar(6, varint(0))
            + field(11, span) + field(12, deltas) + scalar(15, varint(t * 1000)))


def native():
    """A remote write request, not yet compressed, of the native histogram `latency_seconds`."""
    counts, total, samples = {}, 0.0, b""
    for t, values in latencies():
        for value in values:
            counts[native_index(value)] = counts.get(native_index(value), 0) + 1
            total += value
        samples += field(4, native_sample(counts, total, t))
    label = field(1, b"__name__") + field(2, b"latency_seconds")
    return field(1, field(1, label) + samples)


def snappy(data):
    """Snappy's block format, of literals alone."""
    out = varint(len(data))
    for start in range(0, len(data), 65536):
        part = data[start:start + 65536]
        out += bytes([61 << 2]) + (len(part) - 1).to_bytes(2, "little") + part
    return out
