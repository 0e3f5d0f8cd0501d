"""Plays an Azure Pipelines agent for the steps of a template: parameters, macros, logging commands (##vso), bash steps, published files.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

import pathlib
import re
import shutil

import play
import yaml

COMMAND = re.compile(r"^##vso\[([\w.]+)\s*([^\]]*)\](.*)$")
# As the agent's Bash task runs an inline script.
SHELL = ["bash", "--noprofile", "--norc"]


def load(path):
    return yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8"))


def expand(value, parameters):
    """Template expressions, `${{ parameters.x }}` and `${{ each }}` over an object; a text that is one expression keeps its type."""
    if isinstance(value, str):
        whole = re.fullmatch(r"\$\{\{ parameters\.(\w+) \}\}", value)
        if whole:
            return parameters[whole.group(1)]
        return re.sub(r"\$\{\{ parameters\.(\w+) \}\}", lambda match: str(parameters[match.group(1)]), value)
    if isinstance(value, list):
        return [expand(item, parameters) for item in value]
    if isinstance(value, dict):
        result = {}
        for key, item in value.items():
            each = re.fullmatch(r"\$\{\{ each pair in parameters\.(\w+) \}\}", key)
            if each:
                if item != {"${{ pair.key }}": "${{ pair.value }}"}:
                    raise ValueError(f"not played: {item}")
                result |= parameters[each.group(1)]
            else:
                result[key] = expand(item, parameters)
        return result
    return value


class Agent:
    """One job: its steps end in `result`, as the agent names it."""

    def __init__(self, folder, workspace, tools=(), variables=None, environment=None):
        self.folder = pathlib.Path(folder)
        self.workspace = pathlib.Path(workspace)
        self.temp = self.folder / "temp"
        self.temp.mkdir(parents=True)
        self.path = list(tools)
        self.variables = variables or {}
        self.environment = environment or {}
        self.result = "Succeeded"
        self.issues, self.summaries, self.log = [], [], ""
        self.test_results, self.artifacts = [], {}

    def template(self, path, given):
        """Runs the steps of a template with these parameters; one without a value, or unknown, is an error."""
        document = load(path)
        declared = {parameter["name"]: parameter for parameter in document["parameters"]}
        if set(given) - set(declared):
            raise ValueError(f"unexpected parameters: {set(given) - set(declared)}")
        missing = [name for name, parameter in declared.items() if "default" not in parameter and name not in given]
        if missing:
            raise ValueError(f"a value for {missing} must be provided")
        self.steps(expand(document["steps"], {name: parameter.get("default") for name, parameter in declared.items()} | given))

    def steps(self, steps):
        for step in steps:
            condition = step.get("condition", "succeeded()")
            if condition not in ("succeeded()", "succeededOrFailed()"):
                raise ValueError(f"not played: {condition}")
            if self.result == "Failed" and condition == "succeeded()":
                continue
            if "bash" in step:
                self.bash(step)
            elif step.get("task") == "PublishTestResults@2":
                self.publish_tests(step["inputs"])
            elif "publish" in step:
                self.publish(step)
            else:
                raise ValueError(f"not played: {step}")

    def macros(self, text):
        """$(name); one that is not set stays as it is."""
        return re.sub(r"\$\(([\w.]+)\)", lambda match: self.variables.get(match.group(1), match.group(0)), str(text))

    def bash(self, step):
        script = self.temp / "script.sh"
        script.write_text(self.macros(step["bash"]), encoding="utf-8")
        environment = {**play.base_environment(*self.path), "AGENT_TEMPDIRECTORY": str(self.temp), "TF_BUILD": "True", **self.environment,
                       **{name: self.macros(value) for name, value in step.get("env", {}).items()}}
        code, log = play.run([*SHELL, str(script)], environment, self.workspace)
        self.log += log
        completed = None
        for line in log.splitlines():
            if match := COMMAND.match(line):
                completed = self.command(step, *match.groups()) or completed
        outcome = "Failed" if code != 0 else completed or "Succeeded"
        order = ["Succeeded", "SucceededWithIssues", "Failed"]
        self.result = max(self.result, outcome, key=order.index)

    def command(self, step, name, properties, value):
        given = dict(part.split("=", 1) for part in properties.split(";") if part)
        if name == "task.setvariable":
            self.variables[given["variable"]] = value
            if given.get("isoutput") == "true":
                self.variables[f"{step['name']}.{given['variable']}"] = value
        elif name == "task.logissue":
            self.issues.append((given["type"], value))
        elif name == "task.uploadsummary":
            self.summaries.append(pathlib.Path(value).read_text(encoding="utf-8"))
        elif name == "task.prependpath":
            self.path.insert(0, value)
        elif name == "task.complete":
            return given["result"]
        else:
            raise ValueError(f"not played: {name}")
        return None

    def publish_tests(self, inputs):
        if inputs["failTaskOnFailedTests"] is not False:
            raise ValueError("failed criteria would decide in the gate's place")
        path = self.workspace / inputs["testResultsFiles"]
        if path.exists():
            self.test_results.append(path.read_text(encoding="utf-8"))

    def publish(self, step):
        source = self.workspace / step["publish"]
        if not source.exists():
            self.issues.append(("error", f"Path does not exist: {source}"))
            self.result = "Failed"
            return
        target = self.folder / "artifacts" / step["artifact"]
        shutil.copytree(source, target)
        self.artifacts[step["artifact"]] = target
