"""GitLab pipelines by gitlab-ci-local: includes and inputs are expanded, the schema is checked, and jobs run in the shell.

https://github.com/firecow/gitlab-ci-local
"""

import os
import pathlib
import re
import subprocess

import play

COMPONENT = re.compile(r"component: \S+/release-gate@\S+")


def project(folder, templates=None, tools=()):
    """A project with the component at templates/ and the example as its pipeline, in a git repository as gitlab-ci-local wants one.

    `tools` come first on the PATH of its jobs.
    """
    folder = pathlib.Path(folder)
    templates = pathlib.Path(templates or play.TEMPLATES / "gitlab")
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "templates/release-gate.yml").write_text((templates / "templates/release-gate.yml").read_text(encoding="utf-8"), encoding="utf-8")
    example = (templates / "example.gitlab-ci.yml").read_text(encoding="utf-8")
    text, count = COMPONENT.subn("local: templates/release-gate.yml", example)
    if count != 1:
        raise ValueError("the example includes the component once")
    (folder / ".gitlab-ci.yml").write_text(text, encoding="utf-8")
    return Project(folder, play.base_environment(*tools) | {"HOME": str(folder.parent)})


class Project:
    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment

    def change(self, old, new):
        """In .gitlab-ci.yml."""
        path = self.folder / ".gitlab-ci.yml"
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"not in the pipeline: {old}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def commit(self):
        name = ("-c", "user.name=tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false")
        for command in (("init", "-q", "-b", "main"), ("remote", "add", "origin", "git@gitlab.example.com:shop/checkout.git"), ("add", "-A"),
                        (*name, "commit", "-qm", "checkout")):
            subprocess.run(["git", *command], cwd=self.folder, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def local(self, *arguments):
        """(exit code, both outputs) of gitlab-ci-local; `--list` only reads, no argument runs the pipeline."""
        if not (self.folder / ".git").exists():
            self.commit()
        program = pathlib.Path(os.environ["TEMPLATE_NODE_MODULES"]) / ".bin/gitlab-ci-local"
        return play.run([str(program), *arguments], self.environment, self.folder)

    def artifact(self, job, name):
        return self.folder / ".gitlab-ci-local/artifacts" / job / name
