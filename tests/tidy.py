#!/usr/bin/env python3
"""clang-tidy over every source file under src/, several files at a time.

    tests/tidy.py BUILD [FILE ...]

BUILD is a build folder with compile_commands.json; with FILEs, only the batches that hold one of them are looked at. Most of what clang-tidy
does is reading the headers, so files that are compiled alike are put one after the other into one file, and findings are reported
where they belong. Files that cannot live together (each has a `kLimit` of its own, say) are halved until they can. A batch is looked at again only when
it, the headers beside it, the core or the configuration has changed since it was last found clean. Exit code 1 when there is a finding.

The compile commands hold GCC's -Wno-restrict, which clang does not know, and GCC's precompiled headers, which it cannot read. The static
analyzer looks into one function at a time (mode=shallow): with calls inlined it takes two thirds of the whole run. Reserved names are left
to the compiler's own warning: the check of that name takes a tenth of all."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH_FILES = 16
OPTIONS = ["--quiet", "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wreserved-identifier"] + [
    f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "mode=shallow")]
FINDING = re.compile(r"^(?P<path>/[^:\n]+):(?P<line>\d+):(?P<rest>\d+: .*)$", re.M)


def compile_flags(build):
    """Source file (relative) -> its compiler arguments without the compiler, the output and the input."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        command = re.sub(r" -Winvalid-pch -include [^ ]*cmake_pch\.hxx| -fpch-preprocess", "", entry["command"])
        name = pathlib.Path(entry["file"])
        if name.is_relative_to(ROOT / "src"):
            flags[str(name.relative_to(ROOT))] = re.sub(r" -o .*", "", command).split()[1:]
    return flags


def batches(build, only):
    flags = compile_flags(build)
    listed = subprocess.run(["git", "ls-files", "src/*.cpp"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    missing = sorted(set(listed) - set(flags))
    if missing:
        raise SystemExit(f"{build}/compile_commands.json does not know {missing[0]}: configure again")
    alike = {}
    for name in listed:
        alike.setdefault(" ".join(flags[name]), []).append(name)
    for names in alike.values():
        for first in range(0, len(names), BATCH_FILES):
            batch = names[first:first + BATCH_FILES]
            if not only or set(only) & set(batch):
                yield batch, flags[batch[0]]


def digest(names):
    parts = [".clang-tidy", "tests/tidy.py", *names]
    parts += sorted(str(path.relative_to(ROOT)) for folder in {ROOT / "src/core", *((ROOT / name).parent for name in names)} for path in folder.glob("*.h"))
    whole = hashlib.sha256()
    for part in parts:
        whole.update((ROOT / part).read_bytes())
    return whole.hexdigest()


def look(names, flags, work):
    """The findings in `names`, as text; empty when there is none."""
    stamp = work / (names[0].replace("/", "_") + f".{len(names)}")
    now = digest(names)
    if stamp.exists() and stamp.read_text() == now:
        return ""
    together = work / (names[0].replace("/", "_") + f".{len(names)}.cpp")
    text, starts, line, seen = [], [], 1, set()
    for name in names:
        content = (ROOT / name).read_text()
        content += "" if content.endswith("\n") else "\n"
        included = set(re.findall(r"^#include .*$", content, re.M))
        content = re.sub(r"^#include .*$", lambda found: "//" if found[0] in seen else found[0], content, flags=re.M)
        seen |= included
        starts.append((line, name))
        text.append(content)
        line += content.count("\n")
    together.write_text("".join(text))
    run = subprocess.run(["clang-tidy", *OPTIONS, str(together), "--", *flags], cwd=ROOT, capture_output=True, text=True)
    if run.returncode and len(names) > 1 and "[clang-diagnostic-error]" in run.stdout:
        half = len(names) // 2
        return look(names[:half], flags, work) + look(names[half:], flags, work)

    def home(found):
        if found["path"] != str(together):
            return found[0]
        start, name = max(pair for pair in starts if pair[0] <= int(found["line"]))
        return f"{name}:{int(found['line']) - start + 1}:{found['rest']}"

    if run.returncode == 0 and "warning:" not in run.stdout:
        stamp.write_text(now)
        return ""
    return FINDING.sub(home, run.stdout) or f"{names[0]}: clang-tidy ended with {run.returncode}\n{run.stderr}"


def main(build, only):
    work = (build / "tidy").resolve()
    work.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda batch: look(*batch, work), list(batches(build, only))))
    sys.stdout.write("".join(found))
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))
