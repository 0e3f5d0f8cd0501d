"""Tools from npm, pinned by a package-lock.json: installed once into the build folder, and again when the lock changes."""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess

import gate


def install(folder):
    """The node_modules of the package.json in `folder`; installs them unless they are there. No script of a package is run."""
    lock = (folder / "package-lock.json").read_bytes()
    home = pathlib.Path(gate.PROGRAM).parent / "npm" / folder.name
    home.mkdir(parents=True, exist_ok=True)
    stamp = home / "installed"
    digest = hashlib.sha256(lock).hexdigest()
    with open(home / "lock", "w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # tests run side by side
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(folder / name, home)
            done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, capture_output=True, text=True,
                                  check=False)
            if done.returncode != 0:
                raise AssertionError(f"npm ci in {home}: {done.stderr}")
            stamp.write_text(digest, encoding="utf-8")
    return home / "node_modules"
