#!/usr/bin/env python3
"""The bill of materials of a built release-gate: CycloneDX 1.6 JSON on standard output; --notices prints the licences' texts instead.

Nothing in it is written by hand. What is compiled in comes from ninja's record of the headers that each object under src/ read, what
is linked from the ELF files themselves, the program's and those of every library that it loads in turn; versions, sources and
licences are those of the Debian packages that own these files. The same build gives the same bytes (SOURCE_DATE_EPOCH).

https://cyclonedx.org/docs/1.6/json/ and, for purls, https://github.com/package-url/purl-spec
"""

import argparse
import collections
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse
import uuid


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def headers(build):
    """The absolute paths of all headers that the objects of the program were compiled from."""
    found = set()
    wanted = False
    for line in output("ninja", "-C", str(build), "-t", "deps").splitlines():
        if line and not line.startswith(" "):
            wanted = not line.startswith("tests/")
        elif wanted and line.startswith("    /"):
            found.add(os.path.normpath(line.strip()))
    if not found:
        raise SystemExit("sbom: ninja recorded no headers: build first")
    return found


def needed(path):
    """The sonames that an ELF file asks the loader for."""
    return re.findall(r"\(NEEDED\).*\[([^]]+)\]", output("readelf", "--dynamic", "--wide", str(path)))


def libraries(program):
    """soname → (path, the sonames it needs itself), of all that the loader brings in."""
    where = dict(reversed(re.findall(r"^\s+(\S+) => (/\S+)", output("ldd", str(program)), re.MULTILINE)))
    loaded, queue = {}, list(needed(program))
    while queue:
        soname = queue.pop()
        if soname in loaded:
            continue
        path = where.get(soname)
        if path is None and not soname.startswith("ld-linux"):
            raise SystemExit(f"sbom: {soname} is not found by the loader")
        below = needed(path) if path else []
        loaded[soname] = (path, below)
        queue += below
    return {soname: entry for soname, entry in loaded.items() if entry[0]}


def owners():
    """file → package, of every installed file that can be a header or a library. /lib is /usr/lib on a merged system."""
    table = {}
    for listing in pathlib.Path("/var/lib/dpkg/info").glob("*.list"):
        package = listing.stem
        for path in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            if "/include/" in path or "/lib" in path:
                table[re.sub(r"^/lib", "/usr/lib", path)] = package
    return table


def owner(table, path):
    for candidate in (path, os.path.realpath(path)):
        package = table.get(re.sub(r"^/lib", "/usr/lib", candidate))
        if package:
            return package
    return None


def packaged(table, soname):
    """The package that a library brought along in the tarball was copied from."""
    return next((package for path, package in sorted(table.items()) if path.endswith(f"/{soname}")), None)


def licences(package):
    """The short names of the licences in a package's copyright file, where that is machine-readable (DEP-5)."""
    path = pathlib.Path("/usr/share/doc", package.split(":")[0], "copyright")
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    if "copyright-format/1.0" not in text.split("\n\n")[0]:
        return []
    names = []
    for paragraph in text.split("\n\n"):
        files = re.search(r"(?m)^Files:\s*(.+)$", paragraph)
        name = re.search(r"(?m)^License:\s*(\S.*)$", paragraph)
        if files and name and not files.group(1).startswith("debian/") and name.group(1).strip() not in names:
            names.append(name.group(1).strip())
    return names


def system():
    """The distribution's name and its qualifier in a purl."""
    release = dict(re.findall(r'(?m)^(\w+)="?([^"\n]*)"?$', pathlib.Path("/etc/os-release").read_text(encoding="utf-8")))
    return release["ID"], f"{release['ID']}-{release['VERSION_ID']}"


def describe(packages):
    """package → (version, architecture, source, source version), asked of dpkg in one call."""
    form = "${binary:Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\t${source:Version}\\n"
    table = {}
    for line in output("dpkg-query", "-W", f"-f={form}", *sorted(packages)).splitlines():
        name, *rest = line.split("\t")
        table[name] = table[name.split(":")[0]] = rest
    return table


def component(package, facts, linkage):
    version, architecture, source, source_version = facts
    vendor, distribution = system()
    name = package.split(":")[0]
    quoted = urllib.parse.quote(version, safe=".-_~")
    purl = (f"pkg:deb/{vendor}/{urllib.parse.quote(name, safe='.-_~')}@{quoted}"
            f"?arch={architecture}&distro={distribution}&upstream={urllib.parse.quote(f'{source}@{source_version}', safe='.-_~')}")
    result = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    named = licences(package)
    if named:
        result["licenses"] = [{"license": {"name": licence}} for licence in named]
    result["properties"] = [{"name": "release-gate:linkage", "value": kind} for kind in sorted(linkage)]
    return result


def parts_of(build, program):
    """(package → how it is in the program, the loaded libraries, soname → package)."""
    table = owners()
    linkage = collections.defaultdict(set)
    source = str(pathlib.Path.cwd())
    for path in sorted(headers(build)):
        package = owner(table, path)
        if package:
            linkage[package].add("compiled-in")
        elif "/_deps/" in path or not path.startswith((source, str(build.resolve()))):
            raise SystemExit(f"sbom: no package owns {path}: releases are made of Debian's packages")
    loaded = libraries(program)
    by_soname = {}
    shipped = str(program.resolve().parents[1]) + "/lib"
    for soname, (path, _) in loaded.items():
        bundled = os.path.realpath(path).startswith(shipped)
        package = packaged(table, soname) if bundled else owner(table, path)
        if not package:
            raise SystemExit(f"sbom: no package owns {path}")
        by_soname[soname] = package
        linkage[package].add("bundled" if bundled else "shared")
    return linkage, loaded, by_soname


def notices(linkage):
    """The copyright files of all packages whose code is in the program or beside it, as their licences ask."""
    texts = ["release-gate holds code of the packages below, or ships it. These are their copyright files."]
    for package in sorted(linkage):
        if linkage[package] & {"compiled-in", "bundled"}:
            name = package.split(":")[0]
            text = pathlib.Path("/usr/share/doc", name, "copyright").read_text(encoding="utf-8", errors="replace")
            texts.append(f"{'=' * 100}\n{name}\n{'=' * 100}\n{text.strip()}")
    return "\n\n".join(texts)


def bill(build, program, version):
    linkage, loaded, by_soname = parts_of(build, program)
    facts = describe(linkage)
    parts = {package: component(package, facts[package], linkage[package]) for package in linkage}
    reference = {package: part["bom-ref"] for package, part in parts.items()}
    top = f"pkg:generic/release-gate@{urllib.parse.quote(version)}"
    below = collections.defaultdict(set)
    for soname, (_, sonames) in loaded.items():
        package = by_soname[soname]
        below[reference[package]].update(reference[by_soname[name]] for name in sonames if by_soname.get(name, package) != package)
    direct = {reference[by_soname[name]] for name in needed(program) if name in by_soname}
    below[top] = direct | {reference[package] for package in linkage if "compiled-in" in linkage[package]}

    content = program.read_bytes()
    when = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or 0), datetime.timezone.utc)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(content).hexdigest())}",
        "version": 1,
        "metadata": {
            "timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application", "bom-ref": top, "name": "release-gate", "version": version, "purl": top,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
            },
        },
        "components": sorted(parts.values(), key=lambda part: part["bom-ref"]),
        "dependencies": [{"ref": ref, "dependsOn": sorted(below.get(ref, ()))} for ref in sorted({top, *reference.values()})],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the folder that ninja built in")
    parser.add_argument("--program", type=pathlib.Path, required=True, help="the program as it is shipped")
    parser.add_argument("--version", required=True)
    parser.add_argument("--notices", action="store_true", help="print the texts of the licences")
    given = parser.parse_args()
    if given.notices:
        print(notices(parts_of(given.build, given.program)[0]))
        return
    json.dump(bill(given.build, given.program, given.version), sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
