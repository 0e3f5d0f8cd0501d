"""What every player of a pipeline shares: a workspace with a gate for each verdict, and running a script as a runner would.

The gate is examples/csv, so nothing but files is asked. DEPLOYED_AT and `release` choose the verdict.
"""

import collections
import os
import pathlib
import shutil
import subprocess

import gate

TEMPLATES = gate.ROOT / "ci-templates"
EXAMPLE = gate.ROOT / "examples" / "csv"
VERSION = subprocess.run([gate.PROGRAM, "--version"], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.split()[1]

Case = collections.namedtuple("Case", "release deployed_at exit_code verdict")
CASES = {
    "pass": Case("1.43.0", "2026-03-18T09:30:00Z", 0, "pass"),
    "fail": Case("1.42.0", "2026-03-17T12:04:00Z", 1, "fail"),
    "inconclusive": Case("1.43.0", "2026-03-18T12:00:00Z", 3, "inconclusive"),  # the log ends before
    "error": Case("9.9.9", "2026-03-18T09:30:00Z", 4, "error"),  # no such file
}


def workspace(folder, *places):
    """A checkout with examples/csv at its root, or at `places` (names of the gate file)."""
    folder = pathlib.Path(folder)
    for place in places or ("gate.toml",):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXAMPLE / "gate.toml", folder / place)
        for table in EXAMPLE.glob("requests-*.csv"):
            shutil.copy(table, (folder / place).parent)
    return folder


def program_folder(folder):
    """A folder for PATH that holds the built program as `release-gate`, and nothing else."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release-gate").symlink_to(gate.PROGRAM)
    return folder


def script(folder, name, text):
    """An executable script of the team's own, such as ci/deploy.sh, that stands for theirs."""
    path = pathlib.Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nset -eu\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def run(command, env, cwd, timeout=120):
    """Runs a command in exactly this environment; both outputs in one text, as a job's log has them."""
    done = subprocess.run(command, env=env, cwd=cwd, timeout=timeout, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    return done.returncode, done.stdout


def base_environment(*folders):
    """What a runner's machine has, and none of this one's variables; `folders` come first on the PATH."""
    return gate.environment({"PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]])})
