"""A loopback double of Prometheus, for answers that a healthy server does not give on demand."""

import json

import gate

DEPLOYED = 1773749040
HEAD = """
version = 1
name    = "protocol"
[release]
deployed_at = "2026-03-17T12:04:00Z"
[compare]
baseline  = { window = "5m" }
candidate = { window = "5m" }
step      = "15s"
[metrics.m]
source = "prom"
query  = 'up{a="b c"}'
fail   = { above = 1 }
"""
NOW = ("--now", "2026-03-17T13:00:00Z")


def source(**keys):
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'[sources.prom]\ntype = "prometheus"\nurl = {{ env = "PROMETHEUS_URL" }}\n{lines}'


def parameters(request):
    return request.form if request.method == "POST" else request.query


def matrix(request, **more):
    asked = parameters(request)
    start, end, step = (float(asked[name]) for name in ("start", "end", "step"))
    count = int((end - start) / step) + 1
    values = [[start + k * step, "0.5"] for k in range(count)]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}, **more})


def json_answer(status, body):
    return status, {"Content-Type": "application/json"}, body if isinstance(body, str) else json.dumps(body)


def answer_queries(query):
    """Build information as Prometheus gives it, and `query` for everything else."""
    def answer(request):
        if request.route.endswith("/api/v1/status/buildinfo"):
            return json_answer(200, {"status": "success", "data": {"version": "9.9"}})
        return query(request)
    return answer


class DoubleTest(gate.GateTest):
    def ask(self, query, keys="", environment=None, answer=None, **settings):
        path = self.write("gate.toml", HEAD + keys + source(**settings))
        with gate.Server(answer or answer_queries(query)) as server:
            code, report = gate.report(path, *NOW, env={"PROMETHEUS_URL": server.url + "/prefix", **(environment or {})})
        self.requests = [one for one in server.requests if "query" in one.route]
        return code, report["metrics"][0]

    def error(self, query, code, *, keys="", environment=None, **settings):
        exit_code, metric = self.ask(query, keys, environment, **settings)
        self.assertEqual((exit_code, metric["verdict"], metric["error"] and metric["error"]["code"]), (4, "error", code), metric)
        return metric["error"]
