"""Tools from npm, pinned by a package-lock.json: installed once beside the program, and again when the lock changes."""

import pathlib
import subprocess

import gate


def install(folder):
    """The node_modules of the package.json in `folder`; installs them unless they are there."""
    home = pathlib.Path(gate.PROGRAM).parent / "npm" / folder.name
    script = gate.ROOT / "tests/support/install-npm.sh"
    done = subprocess.run(["bash", str(script), str(folder), str(home)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return home / "node_modules"
