"""Plays what a cluster does with the manifests: a pod's container, the Job controller, Argo Rollouts' metric providers, Tekton's tasks."""

import json
import pathlib
import re
import urllib.error
import urllib.request

import play
import yaml

EXPRESSION = re.compile(r"^result (==|!=) \"([a-z]*)\"$")


def load(path):
    return yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8"))


def fill(value, replace):
    """Every text in a manifest, through `replace`."""
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, list):
        return [fill(item, replace) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, replace) for key, item in value.items()}
    return value


def run_job(spec, gate_folder, tools, environment=None):
    """The Job controller for one pod: its exit code, which is the last word under backoffLimit 0 and restartPolicy Never, and its log.

    The image is `tools`: its entry point is release-gate. `gate_folder` is what the volume `gate` holds, mounted where the manifest says.
    """
    pod = spec["template"]["spec"]
    if spec.get("backoffLimit", 6) != 0 or pod["restartPolicy"] != "Never":
        raise ValueError("the Job would be tried again")
    (container,) = pod["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    (volume,) = [volume["name"] for volume in pod["volumes"] if "configMap" in volume]
    arguments = [argument.replace(mounts[volume] + "/", f"{gate_folder}/") for argument in container["args"]]
    command = container.get("command", ["release-gate"])
    return play.run([*command, *arguments], play.base_environment(tools) | (environment or {}), gate_folder)


# ---- Argo Rollouts: https://argo-rollouts.readthedocs.io/en/stable/features/analysis/


def analysis(template, **given):
    """The metric of an AnalysisTemplate with its arguments filled in; one without a value is an error."""
    values = {argument["name"]: argument.get("value") for argument in template["spec"]["args"]} | given

    def replace(text):
        def value(match):
            if values.get(match.group(1)) is None:
                raise ValueError(f"args.{match.group(1)} was not resolved")
            return values[match.group(1)]

        return re.sub(r"\{\{\s*args\.([\w-]+)\s*\}\}", value, text)

    (metric,) = fill(template["spec"]["metrics"], replace)
    return metric


def job_phase(code):
    return "Successful" if code == 0 else "Failed"


def web_phase(metric, url=None):
    """One measurement of a web metric: Successful, Failed, Inconclusive or Error. `url` replaces scheme and host."""
    web = metric["provider"]["web"]
    address = web["url"] if url is None else url + re.sub(r"^https?://[^/]+", "", web["url"])
    body = json.dumps(web["jsonBody"]).encode()
    headers = {header["key"]: header["value"] for header in web.get("headers", [])}
    request = urllib.request.Request(address, data=body, headers=headers, method=web["method"])
    try:
        with urllib.request.urlopen(request, timeout=web["timeoutSeconds"]) as answer:
            document = json.load(answer)
    except (urllib.error.URLError, ValueError) as error:
        return f"Error {getattr(error, 'code', '')}".strip()
    path = re.fullmatch(r"\{\$\.(\w+)\}", web["jsonPath"])
    if path is None or path.group(1) not in document:
        return "Error"
    result = document[path.group(1)]
    if holds(metric["failureCondition"], result):
        return "Failed"
    return "Successful" if holds(metric["successCondition"], result) else "Inconclusive"


def holds(condition, result):
    operator, value = EXPRESSION.match(condition).groups()
    return (result == value) == (operator == "==")


# ---- Tekton: https://tekton.dev/docs/pipelines/tasks/


class Task:
    """A Task (or a taskSpec) run step after step in one folder; `results` are read even when it failed, as onError: continue keeps them."""

    def __init__(self, spec, folder, workspace, tools, params=None, environment=None):
        self.spec = spec
        self.folder = pathlib.Path(folder)
        self.workspace = pathlib.Path(workspace)
        self.environment = play.base_environment(tools) | (environment or {})
        self.params = {param["name"]: param.get("default") for param in spec.get("params", [])} | (params or {})
        if missing := [name for name, value in self.params.items() if value is None]:
            raise ValueError(f"params without a value: {missing}")
        for place in ("results", "steps"):
            (self.folder / place).mkdir(parents=True)
        self.log = ""

    def replace(self, text):
        def value(match):
            kind, name = match.group(1).split(".", 1)
            if kind == "params":
                return self.params[name]
            if kind == "workspaces" and name.endswith(".path"):
                return str(self.workspace)
            if kind == "results" and name.removesuffix(".path") in {result["name"] for result in self.spec["results"]}:
                return str(self.folder / "results" / name.removesuffix(".path"))
            if kind == "steps" and name.endswith(".exitCode.path"):
                return str(self.folder / "steps" / name.removesuffix(".exitCode.path").removeprefix("step-"))
            raise ValueError(f"not played: $({match.group(1)})")

        return re.sub(r"\$\(([a-z]+\.[\w.-]+)\)", value, text)

    def arguments(self, items):
        for item in items:
            whole = re.fullmatch(r"\$\(params\.([\w-]+)\[\*\]\)", item)
            yield from self.params[whole.group(1)] if whole else [self.replace(item)]

    def run(self):
        """True when the task succeeded."""
        for step in self.spec["steps"]:
            script = self.folder / f"{step['name']}.sh"
            script.write_text(self.replace(step["script"]), encoding="utf-8")
            script.chmod(0o755)
            environment = self.environment | {entry["name"]: self.replace(entry["value"]) for entry in step.get("env", [])}
            folder = self.replace(step["workingDir"]) if "workingDir" in step else self.folder
            code, log = play.run([str(script), *self.arguments(step.get("args", []))], environment, folder)
            self.log += log
            (self.folder / "steps" / step["name"]).write_text(str(code))
            if code != 0 and step.get("onError") != "continue":
                return False
        return True

    @property
    def results(self):
        return {path.name: path.read_text(encoding="utf-8") for path in (self.folder / "results").iterdir()}
