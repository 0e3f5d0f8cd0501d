"""The Dockerfile, played: its context is enough to configure a build, and its last stage installs the .deb, takes a user and runs it.

No image is built here, since that wants a registry. The installing commands meet stand-ins that work in a root of their own.
"""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import unittest

import gate
import play
import releases

DOCKERFILE = play.TEMPLATES / "docker/Dockerfile"


def stages():
    """A list of stages, each a list of (instruction, arguments)."""
    text = re.sub(r"(?m)^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"))
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            instruction, arguments = line.split(None, 1)
            if instruction == "FROM":
                found.append([])
            found[-1].append((instruction, arguments))
    return found


def only(stage, instruction):
    (arguments,) = [arguments for name, arguments in stage if name == instruction]
    return arguments


def context():
    """The files of the repository that .dockerignore lets through."""
    kept = [line[1:] for line in DOCKERFILE.with_name("Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    tracked = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=gate.ROOT, check=True, stdout=subprocess.PIPE,
                             encoding="utf-8").stdout.splitlines()
    return [path for path in tracked if any(fnmatch.fnmatchcase(path, pattern) or path.startswith(f"{pattern}/") for pattern in kept)]


class Docker(gate.GateTest):
    def test_base_is_pinned_to_a_release_and_no_tool_is_left(self):
        build, final = stages()
        self.assertEqual([only(stage, "FROM") for stage in (build, final)], ["debian:12-slim AS build", "debian:12-slim"])
        self.assertEqual(only(final, "COPY"), "--from=build /package/release-gate.deb /tmp/release-gate.deb")

    def test_the_context_is_enough_to_configure(self):
        build, _ = stages()
        source = self.folder / "source"
        for name in context():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(gate.ROOT / name, source / name)
        self.assertFalse((source / "tests").exists())
        command = [arguments for name, arguments in build if name == "RUN"][0]
        self.assertEqual(command, "bash cmake/install-dependencies.sh build package")
        done = subprocess.run(["bash", "-c", command], cwd=source, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)
        # As make-release.sh configures a new folder.
        line = re.search(r"cmake (-S \. .*)", (source / "cmake/make-release.sh").read_text(encoding="utf-8")).group(1)
        done = subprocess.run(f"cmake {line}", shell=True, cwd=source, env=os.environ | {"build": "build"}, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_release_script_is_called_as_it_wants(self):
        build, _ = stages()
        command = [arguments for name, arguments in build if name == "RUN"][1]
        self.assertIn("bash cmake/make-release.sh --output /release ", command)
        after = command.split("&&", 1)[1].replace("/release/", f"{releases.FILES}/").replace("/package", str(self.folder / "package"))
        subprocess.run(["bash", "-c", after], check=True)
        (deb,) = releases.FILES.glob("*.deb")
        self.assertEqual((self.folder / "package/release-gate.deb").read_bytes(), deb.read_bytes())

    def test_the_last_stage(self):
        _, final = stages()
        root, tools = self.folder / "root", self.folder / "tools"
        for folder in ("tmp", "var/lib/apt/lists"):
            (root / folder).mkdir(parents=True)
        (root / "var/lib/apt/lists/index").touch()
        (deb,) = releases.FILES.glob("*.deb")
        shutil.copy(deb, root / "tmp/release-gate.deb")
        play.script(tools, "apt-get", f'echo "apt-get $*" >> "{self.folder}/log"\nfor a in "$@"; do case "$a" in *.deb) dpkg -x "$a" "{root}" ;; esac; done')
        for name in ("useradd", "chown"):
            play.script(tools, name, f'echo "{name} $*" >> "{self.folder}/log"')
        command = re.sub(r"(?<=\s)/(tmp|var|work)\b", rf"{root}/\1", only(final, "RUN"))
        subprocess.run(["bash", "-c", command], env=play.base_environment(tools), check=True)

        log = (self.folder / "log").read_text(encoding="utf-8").splitlines()
        self.assertEqual(log[0], "apt-get update")
        self.assertIn("--no-install-recommends", log[1])
        self.assertIn("ca-certificates", log[1])
        uid, gid = only(final, "USER").split(":")
        self.assertEqual(uid, gid)
        self.assertNotEqual(uid, "0")
        self.assertRegex(log[2], rf"useradd --uid {uid} --user-group .*/nologin gate$")
        self.assertEqual(log[3], f"chown gate:gate {root}/work")
        self.assertEqual(list((root / "var/lib/apt/lists").iterdir()), [])
        self.assertFalse((root / "tmp/release-gate.deb").exists())
        self.assertEqual(only(final, "WORKDIR"), "/work")

        (program,) = json.loads(only(final, "ENTRYPOINT"))
        arguments = json.loads(only(final, "CMD"))
        done = subprocess.run([f"{root}{program}", *arguments], env=play.base_environment(), cwd=root / "work", check=True, stdout=subprocess.PIPE,
                              encoding="utf-8")
        self.assertIn("Exit codes: 0 pass", done.stdout)


if __name__ == "__main__":
    gate.main()
