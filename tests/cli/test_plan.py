"""`plan` as people read it: windows, steps, every request once, bounds in words, what is not due, and the range guard."""

import gate

GOLDEN = gate.ROOT / "tests" / "cli" / "golden"

HEAD = """version = 1
name    = "checkout-api"

[compare]
baseline  = { window = "30m" }
candidate = { window = "25m", settle = "5m" }

[sources.prom]
type = "prometheus"
url  = "http://localhost:9090"
"""

KINDS = HEAD + """
[sources.other]
type = "prometheus"
url  = "http://localhost:9091"

[metrics.latency_p99]
source = "prom"
query  = 'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{service="checkout"}[1m])))'
unit   = "s"
[metrics.latency_p99.fail]
above         = "800ms"
increase_over = ["10%", "5ms"]
[metrics.latency_p99.warn]
increase_over = "5%"

[metrics.memory]
source = "prom"
query  = 'avg(process_resident_memory_bytes)'
unit   = "B"
better = "lower"
warn   = { change_over = "20%", improve_by = "1%" }

[metrics.error_ratio]
source = "prom"
kind   = "ratio"
events = 'sum(increase(http_requests_total{code=~"5.."}[{{step}}]))'
total  = { source = "other", query = 'sum(increase(http_requests_total[{{step}}]))' }
fail   = { above = "1%" }

[metrics.whole]
source = "prom"
kind   = "count"
events = 'sum(increase(http_requests_total[{{window}}]))'
fail   = { decrease_over = "10%", below = 5 }

[metrics.same_again]
source = "prom"
query  = 'avg(process_resident_memory_bytes)'
unit   = "B"
fail   = { target = "1GiB", tolerance = "64MiB" }

[metrics.fine]
source = "prom"
query  = 'up'
step   = "10ms"

[metrics.canary]
source = "prom"
design = "side-by-side"
query  = 'up{track="{{track}}"}'
fail   = { equals = 0 }

[metrics.adoption_7d]
source    = "prom"
kind      = "value"
query     = 'sum(active_users)'
candidate = { window = "7d" }
baseline  = { window = "7d" }
fail      = { below = 100 }

[metrics.newest]
source = "prom"
anchor = "now"
query  = 'rate(x[1m] offset 5m)'
overlap = true

[metrics.alone]
source = "prom"
design = "none"
query  = 'max_over_time(rate(x[1m])[{{step}}:15s])'
"""

GUARD = HEAD + """
[metrics.p99]
source = "prom"
query  = 'sum(rate(x[5m]))'
fail   = { increase_over = "10%" }

[metrics.recorded]
source = "prom"
query  = 'job:latency:p99'
range  = "10m"
"""

TOO_LONG = HEAD + """
[metrics.p99]
source = "prom"
query  = 'sum(rate(x[5m])) / sum(rate(y[1h]))'

[metrics.recorded]
source = "prom"
query  = 'job:latency:p99'
range  = "2h"
"""

TIMES = ("--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:40:00Z")


class Plan(gate.GateTest):
    def check(self, name, text, code, *options):
        self.write("gate.toml", text)
        result = gate.run("plan", "gate.toml", *TIMES, *options, cwd=self.folder)
        self.assertEqual(result.returncode, code, result.stderr)
        gate.golden(self, GOLDEN / f"plan_{name}.txt", result.stdout + result.stderr)

    def test_kinds(self):
        self.check("kinds", KINDS, 0)

    def test_one_metric(self):
        self.check("only", KINDS, 0, "--only", "memory")

    def test_range_guard(self):
        self.check("range_guard", GUARD, 0)

    def test_range_that_does_not_fit(self):
        self.check("range_too_long", TOO_LONG, 2)

    def test_nothing_is_sent(self):
        with gate.Server(lambda request: (500, {}, "")) as server:
            self.write("gate.toml", KINDS.replace("http://localhost:9090", server.url))
            result = gate.run("plan", "gate.toml", *TIMES, cwd=self.folder)
        self.assertEqual((result.returncode, server.requests), (0, []))

    def test_it_says_what_check_sends(self):
        """Every request of `check` is in the plan with its own start, end and step; and none but them."""
        def answer(request):
            return 200, {"Content-Type": "application/json"}, '{"status":"success","data":{"resultType":"matrix","result":[]}}'
        with gate.Server(answer) as server:
            self.write("gate.toml", KINDS.replace("http://localhost:9090", server.url).replace('step   = "10ms"', 'step = "1s"'))
            plan = gate.run("plan", "gate.toml", *TIMES, "--only", "latency_p99", "--only", "whole", "--only", "fine",
                            cwd=self.folder)
            gate.run("check", "gate.toml", *TIMES, "--only", "latency_p99", "--only", "whole", "--only", "fine", cwd=self.folder)
        sent = [one.form for one in server.requests if one.method == "POST"]
        self.assertEqual(len(sent), 6)
        for form in sent:
            self.assertIn(form["query"], plan.stdout)
            times = f"time={form['time']}" if "time" in form else f"start={form['start']} end={form['end']} step={form['step']}"
            self.assertIn(times, plan.stdout)
        self.assertIn("6 requests to 1 source; nothing was sent.", plan.stdout)


if __name__ == "__main__":
    gate.main()
