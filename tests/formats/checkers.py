"""Checkers of each format that are not ours: what a user's tools would say of the files. `CHECKERS` lists them; each raises Refused with
the checker's own words. Those from Debian run under Debian's own Python, whatever Python runs the tests."""

import json
import os
import pathlib
import subprocess
import sys

import comment
import gate
import npm

HERE = pathlib.Path(__file__).resolve().parent
DEBIAN_PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
MULTITOOL = "@microsoft/sarif-multitool-linux/Sarif.Multitool"


class Refused(AssertionError):
    """What the checker said."""


def run(*command, text=None, env=None):
    done = subprocess.run([str(word) for word in command], input=text, capture_output=True, encoding="utf-8", check=False,
                          env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise Refused(f"{command[0]}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def first_line(*command):
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return (done.stdout + done.stderr).strip().splitlines()[0]


def debian_version(module):
    return run(DEBIAN_PYTHON, "-c", f"import importlib.metadata as m; print(m.version('{module}'))").strip()


def npm_version(package):
    return json.loads((modules() / package / "package.json").read_text(encoding="utf-8"))["version"]


def modules():
    return npm.install(HERE)


def schema_of_report(folder):
    path = folder / "report.schema.json"
    path.write_text(gate.run("schema", "report").stdout, encoding="utf-8")
    return path


def sarif_schema(_):
    return modules() / "schemastore/schemas/json/sarif-2.1.0.json"


def codequality_schema(_):
    return HERE / "codequality.schema.json"


def by_jsonschema(schema):
    def check(path):
        script = ("import json, sys, jsonschema; schema, document = (json.load(open(p)) for p in sys.argv[1:]);"
                  "v = jsonschema.validators.validator_for(schema); v.check_schema(schema);"
                  "e = [f'{list(x.path)}: {x.message}' for x in v(schema).iter_errors(document)]; print('\\n'.join(e)); sys.exit(bool(e))")
        run(DEBIAN_PYTHON, "-c", script, schema(path.parent), path)
    return check


def by_ajv(schema):
    def check(path):
        run("node", HERE / "ajv.cjs", modules(), schema(path.parent), path)
    return check


def by_multitool(path):
    program = modules() / MULTITOOL
    program.chmod(0o755)
    log = path.with_suffix(".log.sarif")
    run(program, "validate", path, "--output", log, "--log", "ForceOverwrite", env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    said = json.loads(log.read_text(encoding="utf-8-sig"))["runs"][0]
    # SARIF2005 wants an address of the tool: there is no page to send people to.
    found = [one["message"] for one in said.get("results", []) if one["ruleId"] != "SARIF2005"]
    notes = [one["message"] for one in said["invocations"][0].get("toolExecutionNotifications", [])]
    if found or notes:
        raise Refused(f"{found} {notes}")


def by_xmllint(path):
    run("xmllint", "--noout", "--schema", HERE / "junit.xsd", path)


def by_junitparser(path):
    """Reads it, and counts again what the suites claim."""
    script = ("import sys; from junitparser import JUnitXml, Failure, Error, Skipped\n"
              "for s in JUnitXml.fromfile(sys.argv[1]):\n"
              "  claimed = (s.tests, s.failures, s.errors, s.skipped)\n"
              "  r = [type(x) for c in s for x in c.result]\n"
              "  assert claimed == (len(list(s)), r.count(Failure), r.count(Error), r.count(Skipped)), (s.name, claimed)")
    run(DEBIAN_PYTHON, "-c", script, path)


def by_promtool(path):
    said = run("promtool", "check", "metrics", text=path.read_text(encoding="utf-8"))
    if said:
        raise Refused(said)


def by_prometheus_client(path):
    script = ("import sys; from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n"
              "assert sum(len(f.samples) for f in parse(open(sys.argv[1]).read())) > 0")
    run(DEBIAN_PYTHON, "-c", script, path)


def by_html5lib(path):
    script = "import html5lib, sys; html5lib.HTMLParser(strict=True).parse(open(sys.argv[1], 'rb'))"
    run(DEBIAN_PYTHON, "-c", script, path)


def by_nu(path):
    """What the W3C's validator runs. It knows no CSS of SVG 2, and sees no hash in a policy."""
    unknown = "CSS: .(paint-order|vector-effect).: Property .*|Inline (style|script) violates Content Security Policy .*"
    run("java", "-jar", modules() / "vnu-jar/build/dist/vnu.jar", "--Werror", "--filterpattern", unknown, path)


def by_csv(path):
    script = ("import csv, sys; rows = list(csv.reader(open(sys.argv[1], newline=''), strict=True))\n"
              "assert len(rows) > 1 and {len(r) for r in rows} == {len(rows[0])}, {len(r) for r in rows}")
    run(DEBIAN_PYTHON, "-c", script, path)


def by_r(path):
    """The columns of numbers are numbers to R, and no row is longer or shorter."""
    script = ("d <- read.csv(commandArgs(TRUE)[1], fill = FALSE); stopifnot(nrow(d) > 0); "
              "for (n in c('baseline', 'candidate', 'change', 'p_value', 'line')) stopifnot(is.numeric(d[[n]]) || all(is.na(d[[n]])))")
    run("Rscript", "-e", script, path)


class Plain:
    """Stands in for a test: what comment.check says is wrong is what the checker says."""

    def __getattr__(self, name):
        import unittest

        return getattr(unittest.TestCase(), name)


def by_cmark(path):
    comment.check(Plain(), path.read_text(encoding="utf-8"), links=("http://127.0.0.1",))


def by_iconv(path):
    """UTF-8 through and through, and nothing but text and line ends."""
    run("iconv", "-f", "utf-8", "-t", "utf-8", path)
    run("sh", "-c", r"! LC_ALL=C.UTF-8 grep -nP '[\x00-\x09\x0b-\x1f\x7f-\x9f]' " + f"'{path}'")


CHECKERS = [
    ("terminal", "iconv (glibc) and grep", lambda: first_line("iconv", "--version"), by_iconv),
    ("scorecard", "iconv (glibc) and grep", lambda: first_line("iconv", "--version"), by_iconv),
    ("json", "jsonschema (Python), with the published schema", lambda: debian_version("jsonschema"), by_jsonschema(schema_of_report)),
    ("json", "Ajv, with the published schema", lambda: npm_version("ajv"), by_ajv(schema_of_report)),
    ("markdown", "cmark-gfm, GitHub's renderer", comment.version, by_cmark),
    ("junit", "xmllint, with a schema of what Jenkins and GitLab read", lambda: first_line("xmllint", "--version"), by_xmllint),
    ("junit", "junitparser (Python)", lambda: debian_version("junitparser"), by_junitparser),
    ("sarif", "jsonschema (Python), with the schema of OASIS", lambda: debian_version("jsonschema"), by_jsonschema(sarif_schema)),
    ("sarif", "Ajv, with the schema of OASIS", lambda: npm_version("ajv"), by_ajv(sarif_schema)),
    ("sarif", "SARIF Multitool of Microsoft", lambda: npm_version("@microsoft/sarif-multitool-linux"), by_multitool),
    ("openmetrics", "promtool check metrics", lambda: first_line("promtool", "--version"), by_promtool),
    ("openmetrics", "prometheus_client's OpenMetrics parser (Python)", lambda: debian_version("prometheus-client"), by_prometheus_client),
    ("gitlab-codequality", "jsonschema (Python), with a schema of GitLab's page", lambda: debian_version("jsonschema"),
     by_jsonschema(codequality_schema)),
    ("gitlab-codequality", "Ajv, with a schema of GitLab's page", lambda: npm_version("ajv"), by_ajv(codequality_schema)),
    ("html", "html5lib (Python), strict", lambda: debian_version("html5lib"), by_html5lib),
    ("html", "Nu Html Checker of the W3C", lambda: npm_version("vnu-jar"), by_nu),
    ("csv", "csv (Python), strict", lambda: first_line(DEBIAN_PYTHON, "--version"), by_csv),
    ("csv", "read.csv (R)", lambda: first_line("Rscript", "--version"), by_r),
]
