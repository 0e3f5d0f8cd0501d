"""What real servers say against a question ends as designed: the code, and a caret under the place in the query."""

import demo
import gate
import servers

HEAD = f"""
version = 1
name    = "live"
[release]
deployed_at = "{demo.DEPLOYED_TEXT}"
[compare]
candidate = {{ window = "20m" }}
[sources.prom]
type = "prometheus"
url  = {{ env = "PROMETHEUS_URL" }}
[metrics.m]
source = "prom"
fail   = {{ above = 1 }}
"""

# name: (keys of the metric, code, words in the message, the context under it, verdict of the metric)
SHARED = {
    "empty": ("query = 'no_such_metric'", None, None, None, "inconclusive"),
    "several": ("query = 'queue_length'", "RG2001", "the query returned",
                ['{__name__="queue_length",shard="a"}', '{__name__="queue_length",shard="b"}'], "error"),
    "each without the label": ("query = 'sum(queue_length)'\neach = 'shard'", "RG2003", "a series has no such label", ["{}"],
                               "error"),
    "raw range": ("query = 'latency_seconds[5m]'\nkind = 'value'", "RG1314", "a range of raw points", None, "error"),
    "more events than total": (
        "kind = 'ratio'\nevents = 'sum(increase(http_requests_total[{{step}}]))'\n"
        "total = 'sum(increase(http_requests_total{code=\"500\"}[{{step}}]))'", "RG2004", "no ratio can be above 1", None, "error"),
    "negative count": ("kind = 'count'\nevents = '-sum(increase(http_requests_total[{{step}}]))'", "RG2005", "a count is negative",
                       None, "error"),
}

PROMETHEUS = {
    "nan fails": ("query = 'sqrt(latency_seconds - 10)'\non_nan = 'fail'", "RG2006", "no finite numbers", None, "error"),
    "bad query": ("query = 'sum(rate(latency_seconds))'", "RG1301",
                  'prom: the server rejects the query: 1:10: parse error: expected type range vector in '
                  'call to function "rate", got instant vector',
                  ["query: sum(rate(latency_seconds))", "                ^"], "error"),
    "bad query on its second line": ("query = '''\nsum(\n  latency_seconds) bye (app)'''", "RG1301", "2:20: parse error",
                                     ["query:   latency_seconds) bye (app)", "                          ^"], "error"),
    "many to many": ("query = 'latency_seconds + on() queue_length'", "RG1302", "found duplicate series", None, "error"),
    "string": ("query = '\"s\"'\nkind = 'value'", "RG1310", "the query gives a string", None, "error"),
}

VICTORIA = {
    "nan is not there": ("query = 'sqrt(latency_seconds - 10)'\non_nan = 'fail'", None, None, None, "inconclusive"),
    "bad query": ("query = 'sum(latency_seconds) 5'", "RG1301", "prom: the server rejects the query: cannot execute query: unparsed data left: \"5\"",
                  ["query: sum(latency_seconds) 5", "                            ^"], "error"),
    "bad expression": ("query = 'latency_seconds{app=~\"(\"}'", "RG1302", "error parsing regexp", None, "error"),
}


class Refusals(gate.GateTest):
    def ask(self, server, keys):
        path = self.write("gate.toml", HEAD + keys + "\n")
        code, report = gate.report(path, "--now", demo.NOW_TEXT, env={"PROMETHEUS_URL": server.url})
        return code, report["metrics"][0]

    def check(self, server, cases):
        for name, (keys, error_code, words, context, verdict) in cases.items():
            with self.subTest(name):
                code, metric = self.ask(server, keys)
                self.assertEqual(metric["verdict"], verdict, metric)
                self.assertEqual(code, {"error": 4, "inconclusive": 3}[verdict])
                if error_code is None:
                    self.assertIsNone(metric["error"])
                    self.assertEqual(metric["evidence"], "none")
                    continue
                self.assertEqual(metric["error"]["code"], error_code)
                self.assertIn(words, metric["error"]["message"])
                if context is not None:
                    found = metric["error"]["context"]
                    start = found.index(context[0])
                    self.assertEqual(found[start:start + len(context)], context)

    def test_prometheus(self):
        with servers.Prometheus(demo.openmetrics()) as server:
            self.check(server, {**SHARED, **PROMETHEUS})

    def test_victoria_metrics(self):
        with servers.VictoriaMetrics(demo.openmetrics()) as server:
            self.check(server, {**SHARED, **VICTORIA})

    def test_nothing_listens(self):
        port = gate.free_port()
        path = self.write("gate.toml", HEAD + "query = 'up'\n")
        code, report = gate.report(path, "--now", demo.NOW_TEXT, "--deadline", "3s",
                                   env={"PROMETHEUS_URL": f"http://127.0.0.1:{port}"})
        error = report["metrics"][0]["error"]
        self.assertEqual((code, error["code"]), (4, "RG1004"))
        self.assertIn(f"127.0.0.1:{port}", error["message"])
        self.assertIn("PROMETHEUS_URL", error["hint"])


if __name__ == "__main__":
    gate.main()
