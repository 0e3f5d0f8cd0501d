"""Every template is accepted by its validators; a broken copy of each is not, by any of them."""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import gate
import play
import validate

# (template, validator) → what is changed in a copy so that this validator must complain.
JOB = {"kubernetes-models": ("backoffLimit: 0", "backoffLimit: none"), "kubernetes types": ("backoffLimit: 0", "backOffLimit: 0")}
WORKFLOW = {"action-validator": ("runs-on: ubuntu-24.04", "run-on: ubuntu-24.04"),
            "actionlint": ("timeout-minutes: ", "timeout-minutes: ${{ github.nope }} # ")}
SHELL = ("exit \"$status\"", "rm -rf $status/*")
BREAKS = {
    "argo-cd/post-sync-job.yaml": JOB,
    "argo-rollouts/analysis-template-job.yaml": JOB,
    "argo-rollouts/analysis-template-web.yaml": {"kubernetes-models": ("failureLimit: 0", "failureLimit: {}"),
                                                 "kubernetes types": ("jsonPath:", "jsonPaht:")},
    "argo-rollouts/rollout.yaml": {"kubernetes-models": ("setWeight: 5\n", "setWeight: five\n"), "kubernetes types": ("canaryService:", "canarySvc:")},
    "azure-pipelines/example.yml": {"schemastore azure-pipelines": ("dependsOn: deploy", "dependOn: deploy"),
                                    "shellcheck": ("./ci/deploy.sh", "./ci/deploy.sh $x")},
    "azure-pipelines/release-gate.yml": {"schemastore azure-pipelines": ("displayName: install", "displayNaem: install"), "shellcheck": SHELL},
    "docker/Dockerfile": {"dockerfile-utils": ("WORKDIR /work", "WORKDIT /work"), "dockerfilelint": ("apt-get install -y", "apt-get install")},
    "flagger/canary.yaml": {"jsonschema flagger": ("interval: ", "intervall: ")},
    "flagger/deployment.yaml": {"kubernetes-models": ("replicas: 2", "replicas: two"), "kubernetes types": ("containers:", "contaners:")},
    "flagger/gates/checkout-start.toml": {"release-gate validate": ('window = "20m"', 'windw = "20m"')},
    "flagger/gates/checkout.toml": {"release-gate validate": ('design    = "side-by-side"', 'design    = "beside"')},
    "flagger/kustomization.yaml": {"schemastore kustomization": ("resources:\n", "resources: all\nothers:\n")},
    "flagger/namespace.yaml": {"kubernetes-models": ("name: release-gate", "name: [release-gate]"), "kubernetes types": ("name:", "nmae:")},
    "flagger/network-policy.yaml": {"kubernetes-models": ("- Ingress", "- [Ingress]"), "kubernetes types": ("podSelector:", "podSelektor:")},
    "flagger/secret.yaml": {"kubernetes-models": ("type: Opaque", "type: [Opaque]"), "kubernetes types": ("stringData:", "stringdata:")},
    "flagger/service.yaml": {"kubernetes-models": ("port: 9720", "port: [9720]"), "kubernetes types": ("targetPort:", "targetport:")},
    "github/action.yml": {"action-validator": ("using: composite", "using: compost"), "shellcheck": ('"$GITHUB_ACTION_PATH/', "$GITHUB_ACTION_PATH/")},
    "github/check.sh": {"shellcheck": SHELL},
    "github/setup.sh": {"shellcheck": ('mkdir -p "$to/bin"', "mkdir -p $to/bin")},
    "github/setup/action.yml": {"action-validator": ("using: composite", "using: compost"), "shellcheck": ('"$GITHUB_ACTION_PATH/', "$GITHUB_ACTION_PATH/")},
    "github/workflows/after-deployment.yml": WORKFLOW,
    "github/workflows/canary.yml": WORKFLOW | {"shellcheck": ('"$VERSION"', "$VERSION")},
    "github/workflows/fork-comment.yml": WORKFLOW | {"shellcheck": ('--head-sha "$HEAD_SHA"', "--head-sha $HEAD_SHA")},
    "github/workflows/fork-gate.yml": WORKFLOW | {"shellcheck": ('"$BASE"', "$BASE")},
    "github/workflows/pull-request.yml": WORKFLOW | {"shellcheck": ('"$BASE"', "$BASE")},
    "gitlab/example.gitlab-ci.yml": {"gitlab-ci-local": ("  stage: finish", "  stage: nowhere")},
    "gitlab/templates/release-gate.yml": {"gitlab-ci-local": ("  script:\n", "  scrpt:\n"), "shellcheck": SHELL},
    "install.sh": {"shellcheck": ('mkdir -p "$to"', "mkdir -p $to")},
    "jenkins/Jenkinsfile": {"groovy": ("pipeline {", "pipeline {{"), "CodeNarc": ("agent any", "int unused = 1\n  agent any")},
    "jenkins/vars/releaseGate.groovy": {"groovy": ("Map call(", "Map call(("), "CodeNarc": ("int status = 5", "int unused = 1\n  int status = 5"),
                                        "shellcheck": ('"${arguments[@]}"', "${arguments[@]}")},
    "tekton/pipeline.yaml": {"tekton-lint": ("$(params.version)", "$(params.versoin)"), "shellcheck": ('"$1"', "$1")},
    "tekton/task.yaml": {"tekton-lint": ("$(params.gate)", "$(params.gaet)"), "shellcheck": SHELL},
}
for name, breaks in BREAKS.items():
    if name.endswith(("yml", "yaml")):
        breaks["yamllint"] = None  # a key twice, at the end of the file


class Validate(gate.GateTest):
    def test_every_template_is_accepted(self):
        """The command that people run; its table is the record of what was checked with what."""
        done = subprocess.run([sys.executable, str(pathlib.Path(validate.__file__))], check=False, stdout=subprocess.PIPE, encoding="utf-8")
        print(done.stdout)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"\n(\d+) templates, (\d+) validators, (\d+) checks, 0 complaints\n$")

    def test_every_validator_complains_of_every_broken_template(self):
        expected = {(str(path.relative_to(play.TEMPLATES)), validator) for path, validators in validate.plan(play.TEMPLATES) for validator in validators}
        # A workflow without a script of its own has nothing for shellcheck.
        expected -= {(name, "shellcheck") for name, _ in expected if not validate.scripts_in(play.TEMPLATES / name)}
        breaks = {(name, validator): change for name, changes in BREAKS.items() for validator, change in changes.items()}
        self.assertEqual(set(breaks), expected)
        quiet = []
        for number, one_round in enumerate(self.rounds(breaks)):
            folder = self.folder / str(number)
            shutil.copytree(play.TEMPLATES, folder)
            for name, validator in one_round:
                self.damage(folder / name, breaks[name, validator])
            complained = {(str(result.template.relative_to(folder)), result.validator)
                          for result in validate.validate(folder, set(one_round)) if result.problems}
            quiet += sorted(set(one_round) - complained)
        self.assertEqual(quiet, [])

    @staticmethod
    def rounds(breaks):
        """Lists of (template, validator) with each template once, so that few runs break everything; gitlab-ci-local sees both of its files."""
        rounds = []
        for name, validator in sorted(breaks, key=lambda one: one[1]):
            for one_round in rounds:
                if name not in [other for other, _ in one_round] and (validator != "gitlab-ci-local" or validator not in [other for _, other in one_round]):
                    one_round.append((name, validator))
                    break
            else:
                rounds.append([(name, validator)])
        return rounds

    def damage(self, path, change):
        text = path.read_text(encoding="utf-8")
        if change is None:
            path.write_text(text + "zz: 1\nzz: 2\n", encoding="utf-8")
            return
        self.assertIn(change[0], text, path)
        path.write_text(text.replace(*change), encoding="utf-8")

    def test_a_template_that_nothing_looks_at_is_told(self):
        (self.folder / "new").mkdir()
        (self.folder / "new/pipeline.yml").write_text("a: 1\n", encoding="utf-8")
        self.assertEqual([(result.template.name, result.problems) for result in validate.validate(self.folder)],
                         [("pipeline.yml", ["no validator looks at this template"])])

    def test_nothing_to_check_is_a_failure(self):
        environment = dict(os.environ)
        done = subprocess.run([sys.executable, validate.__file__, "--templates", str(self.folder)], check=False, stdout=subprocess.PIPE, env=environment)
        self.assertEqual(done.returncode, 1)

    def test_templates_name_this_release(self):
        pattern = re.compile(r"(?:release-gate(?:/[\w/.-]+)?[:@]|refs/tags/|@|version: \"?)v?(\d+\.\d+\.\d+)")
        found = [(str(path.relative_to(play.TEMPLATES)), version) for path in sorted(play.TEMPLATES.rglob("*")) if path.is_file()
                 for version in pattern.findall(path.read_text(encoding="utf-8"))
                 # A minimum of another program, and examples of what a release may be called.
                 if (version, path.name) not in {("0.44.0", "task.yaml"), ("1.2.3", "setup.sh"), ("1.2.3", "install.sh"), ("1.0.0", "pipeline.yaml")}]
        self.assertEqual([one for one in found if one[1] != play.VERSION], [])
        self.assertGreaterEqual(len({name for name, _ in found}), 14, found)

    def test_the_lock_names_no_registry(self):
        lock = (pathlib.Path(__file__).parent / "package-lock.json").read_text(encoding="utf-8")
        self.assertNotIn('"resolved"', lock.replace("https://registry.npmjs.org/", ""))
        package = validate.json.loads((pathlib.Path(__file__).parent / "package.json").read_text(encoding="utf-8"))
        self.assertEqual([version for version in package["dependencies"].values() if not version[0].isdigit()], [])
        self.assertEqual(collections.Counter(package["dependencies"]), collections.Counter(validate.json.loads(lock)["packages"][""]["dependencies"]))


if __name__ == "__main__":
    gate.main()
