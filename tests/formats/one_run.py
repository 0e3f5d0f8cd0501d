"""One run that writes every format: a metric that fails, one that passes, one without data, one whose server says no, one that
warns, one of several series, one that is only shown."""

import json
import pathlib
import re
import tempfile

import gate

HOSTILE = "=1+1 | <b>@all</b> \x1b[31m\n::error::x ##[error]y"
GATE = """version = 1
name    = "all formats"

[compare]
baseline  = {{ window = "10m" }}
candidate = {{ window = "10m" }}

[sources.prom]
type    = "prometheus"
url     = "{url}"
retries = 0

[metrics.slower]
title    = "slower, \\"quoted\\""
category = "performance"
source   = "prom"
query    = 'slower'
unit     = "s"
fail     = {{ above = "10s", increase_over = "10%" }}
warn     = {{ above = "1ms" }}

[metrics.same]
category = "performance"
source   = "prom"
query    = 'same'
fail     = {{ increase_over = "50%" }}

[metrics.gone]
source = "prom"
query  = 'gone'
fail   = {{ above = 1 }}

[metrics.broken]
title  = {hostile}
source = "prom"
query  = 'broken'
fail   = {{ above = 1 }}

[metrics.warned]
title  = "slower, and only to be told"
source = "prom"
query  = 'slower'
warn   = {{ increase_over = "10%" }}

[metrics.pods]
title  = "a pod each"
source = "prom"
query  = 'pods'
each   = "pod"
fail   = {{ increase_over = "50%" }}

[metrics.shown]
source = "prom"
query  = 'same'
"""
FILES = {"json": "report.json", "markdown": "report.md", "junit": "junit.xml", "sarif": "gate.sarif", "openmetrics": "metrics.txt",
         "gitlab-codequality": "codequality.json", "csv": "report.csv", "terminal": "report.txt",
         "html": "report.html", "scorecard": "scorecard.txt"}


def answer(request):
    form = {**request.query, **request.form}
    name = form.get("query", "")
    if name == "broken":
        body = {"status": "error", "errorType": "execution", "error": HOSTILE}
        return 422, {"Content-Type": "application/json"}, json.dumps(body)
    result = []
    if name in ("slower", "same", "pods"):
        start, end, step = (float(form[key]) for key in ("start", "end", "step"))
        after = start >= 1773749040
        times = [start + i * step for i in range(int((end - start) / step) + 1)]
        level = 2.0 if name == "slower" and after else 1.0
        pods = ["a b", "a_b", 'say "#"'] if name == "pods" else [None]
        result = [{"metric": {"pod": pod} if pod else {}, "values": [[t, str(level + 0.01 * (i % 3))] for i, t in enumerate(times)]}
                  for pod in pods]
    return 200, {"Content-Type": "application/json"}, json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}})


def names():
    """The formats that the program has, as its own message lists them."""
    return re.findall("`([^`]+)`", gate.run("check", "--report", "?=x").stderr.splitlines()[0])


def write_all(case):
    """Runs the gate for the test class `case`, which gets `work`, `files`, `result`, `report` (the JSON) and `metrics` (by id)."""
    case.work = pathlib.Path(case.enterClassContext(tempfile.TemporaryDirectory(prefix="release-gate-test-")))
    case.files = {name: case.work / FILES[name] for name in names()}
    with gate.Server(answer) as server:
        (case.work / "gate.toml").write_text(GATE.format(url=server.url, hostile=gate.toml_text(HOSTILE)), encoding="utf-8")
        reports = [word for name, path in case.files.items() for word in ("--report", f"{name}={path.name}")]
        case.result = gate.run("check", "--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z", *reports, cwd=case.work)
    case.report = json.loads(case.files["json"].read_text(encoding="utf-8"))
    case.metrics = {metric["id"]: metric for metric in case.report["metrics"]}


def text(case, name):
    return case.files[name].read_bytes().decode("utf-8")
