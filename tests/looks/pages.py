"""The pages that are looked at: a release with every verdict in it, one in which all is well, one of 200 metrics, one full of markup."""

import json
import pathlib
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / folder) for folder in ("support", "scenarios")]
import gate  # noqa: E402
from prometheus_double import answer_from  # noqa: E402

WHEN = ["--deployed-at", "2026-03-17T12:04:00Z", "--now", "2026-03-17T12:50:00Z"]
FORMATS = ("html", "json", "markdown")
CALM = """version = 1
name    = "checkout-api"

[release]
version          = "1.42.1"
previous_version = "1.42.0"

[compare]
baseline  = { window = "30m" }
candidate = { window = "25m", settle = "5m" }

[sources.prom]
type    = "prometheus"
url     = { env = "PROMETHEUS_URL" }
"""
METRIC = """
[metrics.m{index}]
title    = {title}
category = "{category}"
source   = "prom"
query    = {query}
unit     = "s"
better   = "lower"
step     = "15s"
fail     = {{ increase_over = "10%" }}
"""
CATEGORIES = ["performance", "reliability", "scalability", "business", "support"]
SERIES = {"before": {"mean": 0.3, "spread": 0.02, "seed": 1}, "after": {"mean": 0.302, "spread": 0.02, "seed": 2}}
WORSE = {"before": {"mean": 0.3, "spread": 0.02, "seed": 1}, "after": {"mean": 0.4, "spread": 0.02, "seed": 2}}
HOSTILE = ['<img src="http://127.0.0.1:9/x" onerror="document.title=1">', "</title><script>document.title=2</script>",
           "}}} </style><style>*{display:none}", '" autofocus onfocus="document.title=3', "javascript:document.title=4", "@all \u202e --> &lt;b&gt;"]


def judge(folder, rules):
    """Runs the gate of `folder` against a Prometheus that answers by `rules`; its reports by their formats."""
    with gate.Server(answer_from(rules)) as server:
        wanted = [word for name in FORMATS for word in ("--report", f"{name}=report.{name}")]
        result = gate.run("check", *WHEN, "--quiet", *wanted, cwd=folder, env={"PROMETHEUS_URL": server.url})
    if not (folder / "report.html").exists():
        raise AssertionError(f"no page, exit {result.returncode}: {result.stderr}")
    return {name: folder / f"report.{name}" for name in FORMATS}


def release(folder):
    """Seven categories, every verdict."""
    (folder / "gate.toml").write_text((HERE / "release" / "gate.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return judge(folder, json.loads((HERE / "release" / "server.json").read_text(encoding="utf-8")))


def many(folder, count, worse=0):
    """`count` metrics of 15 s steps, the first `worse` of which fail."""
    text = CALM
    for index in range(count):
        title = f"latency of shard {index}"
        query = "worse" if index < worse else "same"
        text += METRIC.format(index=index, title=json.dumps(title), category=CATEGORIES[index % len(CATEGORIES)],
                              query=json.dumps(f'shard_latency_seconds{{shard="{index}", is="{query}"}}'))
    (folder / "gate.toml").write_text(text, encoding="utf-8")
    return judge(folder, [{"match": ["worse"], "series": [WORSE]}, {"match": ["same"], "series": [SERIES]}])


def hostile(folder):
    """Markup, mustache tags and scripts in titles, links and errors of the server."""
    text = CALM
    for index, title in enumerate(HOSTILE):
        text += METRIC.format(index=index, title=json.dumps(title), category="performance",
                              query=json.dumps(f"{'refused' if index % 2 else 'worse'}{{x={json.dumps(title)}}}"))
        text += f"link = {json.dumps(HOSTILE[index])}\n"
    (folder / "gate.toml").write_text(text, encoding="utf-8")
    refused = {"status": "error", "errorType": "bad_data", "error": " ".join(HOSTILE)}
    return judge(folder, [{"match": ["worse"], "series": [WORSE]}, {"match": ["refused"], "status": 422, "raw": refused}])


def url_of(path):
    return "file://" + urllib.parse.quote(str(path))
