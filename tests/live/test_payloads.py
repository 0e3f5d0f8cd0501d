"""Recorded answers of real servers, served by a loopback double and read by the program: the value, or the designed error of each.

The recordings lie beside the repository (RELEASE_GATE_PAYLOADS, or ../shared/payloads); without them this says so and passes.
"""

import os
import pathlib

import gate

PAYLOADS = pathlib.Path(os.environ.get("RELEASE_GATE_PAYLOADS") or gate.ROOT.parent / "shared" / "payloads")

INSTANT = "kind = 'value'\n"
RANGE = "kind = 'value'\naggregate = 'mean'\n"
# file: (keys of the metric, status where the recording has none, value, code of the error)
RECORDINGS = {
    "prometheus/instant_vector.json": (INSTANT + "combine = 'sum'\n", 200, 6.666666666666667 + 0.26666666666666666, None),
    "prometheus/instant_scalar.json": (INSTANT, 200, None, None),
    "prometheus/instant_nan.json": (INSTANT, 200, None, None),
    "prometheus/instant_inf.json": (INSTANT, 200, None, None),
    "prometheus/instant_empty.json": (INSTANT, 200, None, None),
    "prometheus/instant_string.json": (INSTANT, 200, None, "RG1310"),
    "prometheus/range_matrix.json": (RANGE, 200, 0.7499999999999989, None),
    "prometheus/range_too_many_points.json": (RANGE, 400, None, "RG1301"),
    "prometheus/err_parse.json": (RANGE, 400, None, "RG1301"),
    "prometheus/err_execution_422.json": (RANGE, 422, None, "RG1302"),
    "victoriametrics/query-instant.json": (INSTANT, 200, 0.05, None),
    "victoriametrics/query-empty.json": (INSTANT, 200, None, None),
    "victoriametrics/query-nan.json": (INSTANT, 200, None, None),
    "victoriametrics/query-error.http": (INSTANT, None, None, "RG1301"),
}
# Not answers to a question.
OTHERS = {"prometheus/buildinfo.json"}
SEVERAL = "prometheus/instant_vector.json"

GATE = """
version = 1
name    = "payloads"
[compare]
design       = "none"
ingest_delay = "0s"
candidate    = { window = "11m" }
step         = "1m"
[sources.prom]
type = "prometheus"
url  = { env = "PROMETHEUS_URL" }
[metrics.m]
source = "prom"
query  = 'sum(up)'
fail   = { below = -1 }
"""


def read(path, status):
    """Status and body; an .http recording brings its own status line and headers."""
    data = path.read_bytes()
    if path.suffix != ".http":
        return status, data
    head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    return int(head.split()[1]), body


# The window ends at the last point of range_matrix.json, and starts a step before its first. An answer for another time than
# the one asked for is no data, so the recording of another day is asked for on that day.
DEPLOYED_AT, NOW = 1795458240, 1795458900
LATER = {"victoriametrics/query-instant.json": 1795465213 - 1795458840}


class Payloads(gate.GateTest):
    def ask(self, name, keys, status):
        status, body = read(PAYLOADS / name, status)
        buildinfo = (PAYLOADS / "prometheus" / "buildinfo.json").read_bytes()

        def answer(request):
            if request.route.endswith("buildinfo"):
                return 200, {"Content-Type": "application/json"}, buildinfo
            return status, {"Content-Type": "application/json"}, body
        later = LATER.get(name, 0)
        text = GATE + keys
        path = self.write("gate.toml", text)
        with gate.Server(answer) as server:
            code, report = gate.report(path, "--deployed-at", str(DEPLOYED_AT + later), "--now", str(NOW + later),
                                       env={"PROMETHEUS_URL": server.url})
        self.assertEqual(report["sources"][0]["version"], "Prometheus 2.42.0+ds")
        return code, report["metrics"][0]

    def test_every_recording(self):
        for name, (keys, status, value, error_code) in RECORDINGS.items():
            with self.subTest(name):
                code, metric = self.ask(name, keys, status)
                if error_code:
                    self.assertEqual((code, metric["error"]["code"]), (4, error_code), metric)
                elif value is None:
                    self.assertEqual((code, metric["verdict"], metric["evidence"]), (3, "inconclusive", "none"), metric)
                else:
                    self.assertIsNone(metric["error"])
                    self.assertEqual((code, metric["verdict"]), (0, "pass"))
                    self.assertLess(abs(metric["candidate"]["value"] - value), 1e-12)

    def test_several_series_are_not_one(self):
        code, metric = self.ask(SEVERAL, INSTANT, 200)
        self.assertEqual((code, metric["error"]["code"]), (4, "RG2001"))

    def test_no_recording_is_forgotten(self):
        there = {f"{folder}/{path.name}" for folder in ("prometheus", "victoriametrics") for path in (PAYLOADS / folder).iterdir()}
        self.assertEqual(there, set(RECORDINGS) | OTHERS)


if __name__ == "__main__":
    if PAYLOADS.is_dir():
        gate.main()
    else:
        print(f"skipped: there are no recordings in {PAYLOADS}")
