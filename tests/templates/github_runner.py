"""Plays GitHub's runner for one job of a workflow file: conditions, expressions, inputs, environment files, workflow commands, composite
actions. Only what the templates use is played; what is unknown is an error, as it would be there.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax and …/workflow-commands
"""

import collections
import json
import pathlib
import re
import shutil
import uuid

import yaml

import github_expressions as expressions
import play

Annotation = collections.namedtuple("Annotation", "level where text")
COMMAND = re.compile(r"^::(error|warning|notice)(?: ([^:]*))?::(.*)$")
OURS = re.compile(r"^(your-org/release-gate)/(ci-templates/[\w/-]+)@(v[\d.]+)$")
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]


def load(path):
    """A workflow or action; `on` stays a word."""
    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
    return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader)


class Runner:
    """One machine with a checkout in `workspace`. `github` is merged into the context of that name; `artifacts` outlives the job."""

    def __init__(self, folder, workspace, github=None, inputs=None, artifacts=None, environment=None):
        self.folder = pathlib.Path(folder)
        self.workspace = pathlib.Path(workspace)
        self.temp = self.folder / "temp"
        self.temp.mkdir(parents=True)
        self.artifacts = pathlib.Path(artifacts or self.folder / "artifacts")
        self.path = []
        self.environment = environment or {}
        self.log = ""
        self.annotations = []
        self.summary = ""
        self.steps = {}
        self.failed = False
        self.inputs = inputs or {}
        self.github = {"server_url": "https://github.invalid", "repository": "shop/checkout", "token": "ghs_job_token",
                       "workspace": str(self.workspace), "event": {}, **(github or {})}
        (self.folder / "event.json").write_text(json.dumps(self.github["event"]), encoding="utf-8")

    # ---- a job

    def job(self, workflow, name):
        """Runs a job; its result: success, failure or skipped."""
        job = workflow["jobs"][name]
        contexts = self.contexts({}, self.inputs)
        if not expressions.condition(job.get("if", ""), contexts, self.status()):
            return "skipped"
        env = {key: expressions.fill(value, contexts) for key, value in job.get("env", {}).items()}
        for step in job["steps"]:
            self.step(step, env, self.inputs, self.steps, {})
        return "failure" if self.failed else "success"

    def status(self):
        return {"always": True, "success": not self.failed, "failure": self.failed, "cancelled": False}

    def contexts(self, env, inputs, steps=None, action=None):
        contexts = {"github": {**self.github, **(action or {})}, "env": env, "inputs": inputs, "steps": steps or {}}
        if not action:  # an action sees neither
            contexts |= {"vars": {"PROMETHEUS_URL": "http://127.0.0.1:9/"}, "secrets": {"PROMETHEUS_TOKEN": "prom-token"}}
        return contexts

    def step(self, step, env, inputs, steps, action):
        contexts = self.contexts(env, inputs, steps, action)
        if not expressions.condition(step.get("if", ""), contexts, self.status()):
            outcome, outputs = "skipped", {}
        else:
            own = {**env, **{key: expressions.fill(value, contexts) for key, value in step.get("env", {}).items()}}
            if "uses" in step:
                given = {key: expressions.fill(value, contexts) for key, value in step.get("with", {}).items()}
                ok, outputs = self.use(step["uses"], given, own)
            else:
                ok, outputs = self.script(step, own, contexts, action)
            outcome = "success" if ok else "failure"
            if not ok and not step.get("continue-on-error"):
                self.failed = True
        if "id" in step:
            steps[step["id"]] = {"outcome": outcome, "outputs": outputs}
        return outcome

    # ---- run:

    def script(self, step, env, contexts, action):
        files = {name: self.temp / f"{name}-{uuid.uuid4()}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "GITHUB_ENV")}
        for path in files.values():
            path.touch()
        text = self.temp / f"{uuid.uuid4()}.sh"
        text.write_text(expressions.fill(step["run"], contexts), encoding="utf-8")
        folder = self.workspace / expressions.fill(step.get("working-directory", "."), contexts)
        environment = {
            **play.base_environment(*self.path), "CI": "true", "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.workspace), "GITHUB_REPOSITORY": self.github["repository"],
            "GITHUB_SERVER_URL": self.github["server_url"], "GITHUB_EVENT_NAME": self.github.get("event_name", ""),
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"), "GITHUB_SHA": self.github.get("sha", "a" * 40), "GITHUB_RUN_ID": "77",
            "GITHUB_API_URL": self.github.get("api_url", "http://127.0.0.1:9"),
            **{key: str(value) for key, value in files.items()}, **self.environment, **env,
        }
        if action:
            environment["GITHUB_ACTION_PATH"] = action["action_path"]
        code, log = play.run([*SHELL, str(text)], environment, folder)
        self.read_log(log)
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        self.path = files["GITHUB_PATH"].read_text(encoding="utf-8").split() + self.path
        if files["GITHUB_ENV"].read_text(encoding="utf-8"):
            raise ValueError("GITHUB_ENV reaches the caller's later steps: nothing may be written there")
        return code == 0, self.read_outputs(files["GITHUB_OUTPUT"].read_text(encoding="utf-8"))

    def read_log(self, log):
        self.log += log
        for line in log.splitlines():
            if match := COMMAND.match(line):
                properties = dict(part.split("=", 1) for part in (match.group(2) or "").split(",") if part)
                self.annotations.append(Annotation(match.group(1), f"{properties.get('file', '')}:{properties.get('line', '')}", match.group(3)))
            elif line.startswith("::"):
                raise ValueError(f"a workflow command that is not played: {line}")

    @staticmethod
    def read_outputs(text):
        outputs, lines = {}, iter(text.splitlines())
        for line in lines:
            if match := re.match(r"^([\w-]+)<<(\S+)$", line):
                value = []
                for more in lines:
                    if more == match.group(2):
                        break
                    value.append(more)
                outputs[match.group(1)] = "\n".join(value)
            else:
                name, equals, value = line.partition("=")
                if not equals:
                    raise ValueError(f"GITHUB_OUTPUT: invalid format {line!r}")
                outputs[name] = value
        return outputs

    # ---- uses:

    def use(self, uses, given, env):
        if uses.startswith("actions/checkout@"):
            return True, {}
        if uses.startswith("actions/upload-artifact@"):
            return self.upload(given), {}
        if uses.startswith("actions/download-artifact@"):
            source = self.artifacts / given["name"]
            if source.is_dir():
                shutil.copytree(source, self.workspace / given["path"])
            return source.is_dir(), {}
        match = OURS.match(uses)
        if not match:
            raise ValueError(f"not played: {uses}")
        return self.composite(play.gate.ROOT / match.group(2), match.group(1), match.group(3), given, env)

    def upload(self, given):
        source = self.workspace / given["path"]
        if not source.exists():
            return given.get("if-no-files-found", "warn") != "error"
        shutil.copytree(source, self.artifacts / given["name"], dirs_exist_ok=True)
        return True

    def composite(self, folder, repository, ref, given, env):
        action = load(folder / "action.yml")
        declared = action.get("inputs", {})
        if unknown := set(given) - set(declared):
            raise ValueError(f"unknown inputs: {unknown}")
        about = {"action_path": str(folder), "action_ref": ref, "action_repository": repository}
        inputs = {}
        for name, declaration in declared.items():
            inputs[name] = given[name] if name in given else expressions.fill(declaration.get("default", ""), self.contexts(env, {}, {}, about))
        steps, before = {}, self.failed
        self.failed = False
        for step in action["runs"]["steps"]:
            self.step(step, env, inputs, steps, about)
        ok = not self.failed
        self.failed = before
        contexts = self.contexts(env, inputs, steps, about)
        return ok, {name: expressions.fill(output["value"], contexts) for name, output in action.get("outputs", {}).items()}
