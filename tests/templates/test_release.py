"""The files that cmake/make-release.sh made (RELEASE_FILES): the tarball, the .deb, the bill of materials and their checksums."""

import hashlib
import json
import os
import re
import subprocess
import tarfile

import gate
import play
import releases
import validate

# What the tarball may expect of a machine; all else it brings along. The sonames are those of Debian 12 and 13, Ubuntu 22.04 and 24.04.
EXPECTED = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libcurl.so.4", "libcrypto.so.3", "libz.so.1", "libsqlite3.so.0", "libpq.so.5",
            "libexpat.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
NEWEST = {"GLIBC": (2, 35), "GLIBCXX": (3, 4, 30)}  # Ubuntu 22.04


def output(*command, **keywords):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, encoding="utf-8", **keywords).stdout


def bill():
    (path,) = releases.FILES.glob("*.cdx.json")
    return json.loads(path.read_text(encoding="utf-8"))


class Files(gate.GateTest):
    def test_checksums_name_every_file(self):
        sums = (releases.FILES / "SHA256SUMS").read_text(encoding="utf-8")
        named = {line.split("  ")[1] for line in sums.splitlines()}
        arch = os.uname().machine
        name = f"release-gate-{play.VERSION}-linux-{arch}"
        self.assertEqual(named | {"SHA256SUMS"}, {path.name for path in releases.FILES.iterdir()})
        self.assertGreaterEqual(named, {f"{name}.tar.gz", f"{name}.cdx.json", "install.sh"})
        self.assertEqual(len([file for file in named if re.fullmatch(rf"release-gate_{play.VERSION}_\w+\.deb", file)]), 1)
        self.assertEqual(output("sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS", cwd=releases.FILES), "")

    def test_one_changed_byte_is_noticed(self):
        for path in releases.FILES.iterdir():
            (self.folder / path.name).write_bytes(path.read_bytes())
        (deb,) = self.folder.glob("*.deb")
        deb.write_bytes(deb.read_bytes()[:-1] + b"\1")
        with self.assertRaises(subprocess.CalledProcessError):
            output("sha256sum", "--check", "--quiet", "SHA256SUMS", cwd=self.folder, stderr=subprocess.DEVNULL)


class Tarball(gate.GateTest):
    def setUp(self):
        super().setUp()
        self.root = releases.unpack(self.folder)
        self.program = self.root / "bin/release-gate"

    def test_runs_with_the_libraries_it_brings(self):
        self.assertEqual(output(self.program, "--version"), f"release-gate {play.VERSION}\n")
        case = play.CASES["fail"]
        done = subprocess.run([self.program, "check", play.EXAMPLE / "gate.toml", f"--set=release={case.release}", f"--deployed-at={case.deployed_at}", "-q"],
                              env=gate.environment(), check=False)
        self.assertEqual(done.returncode, case.exit_code)
        ours = str(self.root.resolve())
        loaded = [os.path.realpath(path) for path in re.findall(r"lib(?:fmt|pugixml|simdjson)\S+ => (\S+)", output("ldd", self.program))]
        self.assertEqual(len(loaded), 3)
        for path in loaded:
            self.assertTrue(path.startswith(ours), path)

    def test_looks_for_libraries_beside_itself_and_nowhere_else(self):
        self.assertEqual(re.findall(r"\((RPATH|RUNPATH)\).*\[(.*)\]", output("readelf", "-dW", self.program)), [("RUNPATH", "$ORIGIN/../lib/release-gate")])

    def test_expects_no_more_than_it_says(self):
        libraries = [path for path in (self.root / "lib/release-gate").iterdir() if not path.is_symlink()]
        brought = {path.name for path in (self.root / "lib/release-gate").iterdir()}
        wanted, newest = set(), {}
        for path in [self.program, *libraries]:
            wanted |= set(re.findall(r"\(NEEDED\).*\[([^]]+)\]", output("readelf", "-dW", path)))
            for name, version in re.findall(r"\b(GLIBC|GLIBCXX)_([\d.]+)", output("readelf", "-VW", path)):
                newest[name] = max(newest.get(name, ()), tuple(map(int, version.split("."))))
        self.assertEqual(wanted - EXPECTED, wanted & brought)
        self.assertLessEqual(wanted - brought, EXPECTED)
        for name, version in NEWEST.items():
            self.assertLessEqual(newest[name], version, name)

    def test_belongs_to_nobody_and_names_licences(self):
        listing = output("tar", "--list", "--verbose", "--numeric-owner", "--file", releases.tarball())
        self.assertEqual({line.split()[1] for line in listing.splitlines()}, {"0/0"})
        notices = (self.root / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
        for package in ("libfmt9", "libsimdjson14", "libpugixml1v5", "libcli11-dev", "nlohmann-json3-dev", "libtomlplusplus-dev"):
            self.assertIn(f"\n{package}\n====", notices)
        self.assertTrue((self.root / "LICENSE").exists())


class Deb(gate.GateTest):
    def setUp(self):
        super().setUp()
        (self.deb,) = releases.FILES.glob("*.deb")

    def test_depends_on_what_it_is_linked_with(self):
        fields = dict(line.split(": ", 1) for line in output("dpkg-deb", "--field", self.deb).splitlines() if ": " in line)
        self.assertEqual((fields["Package"], fields["Version"]), ("release-gate", play.VERSION))
        names = {part.split()[0] for part in fields["Depends"].split(", ")}
        self.assertGreaterEqual(names, {"libc6", "libcurl4", "libexpat1", "libfmt9", "libpugixml1v5", "libsimdjson14", "libssl3", "libstdc++6", "zlib1g"})
        for name in names:
            self.assertIn("install ok installed", output("dpkg-query", "-W", "-f=${Status}", name))

    def test_installs_and_is_removed(self):
        """By dpkg itself, into a root of its own; what it depends on is on this machine, not in that root."""
        root = self.folder / "root"
        admin = root / "var/lib/dpkg"
        for folder in ("updates", "info"):
            (admin / folder).mkdir(parents=True)
        for file in ("status", "available"):
            (admin / file).touch()
        dpkg = ("dpkg", f"--root={root}", "--force-not-root", "--force-depends", "--log=/dev/null")
        output(*dpkg, "--install", self.deb, stderr=subprocess.DEVNULL)
        self.assertIn("ok installed", output(*dpkg[:2], "--status", "release-gate"))
        self.assertEqual(output(root / "usr/bin/release-gate", "--version"), f"release-gate {play.VERSION}\n")
        self.assertNotRegex(output("readelf", "-dW", root / "usr/bin/release-gate"), r"R(UN)?PATH")
        self.assertIn("_release_gate", (root / "usr/share/bash-completion/completions/release-gate").read_text())
        self.assertIn("RELEASE-GATE", output("gzip", "-dc", root / "usr/share/man/man1/release-gate.1.gz"))
        self.assertEqual(output(*dpkg[:2], "--verify", "release-gate"), "")
        output(*dpkg, "--remove", "release-gate", stderr=subprocess.DEVNULL)
        self.assertFalse((root / "usr/bin/release-gate").exists())


class Bill(gate.GateTest):
    def complaints(self, document):
        path = self.folder / "bill.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        (result,) = validate.with_node([(path, "cyclonedx")])
        return result.problems

    def test_is_valid_by_the_schema_of_the_standard(self):
        self.assertEqual(self.complaints(bill()), [])
        for change in ({"bomFormat": "Other"}, {"serialNumber": "urn:uuid:1"}, {"components": [{"type": "thing", "name": "x"}]}, {"nope": 1}):
            with self.subTest(str(change)):
                self.assertNotEqual(self.complaints(bill() | change), [])

    def test_names_what_is_linked_and_compiled_in(self):
        parts = {part["name"]: part for part in bill()["components"]}
        how = {name: {entry["value"] for entry in part["properties"]} for name, part in parts.items()}
        for name, expected in {"libfmt9": "bundled", "libsimdjson14": "bundled", "libpugixml1v5": "bundled", "libcurl4": "shared", "libssl3": "shared", "libexpat1": "shared",
                               "libc6": "shared", "nlohmann-json3-dev": "compiled-in", "libtomlplusplus-dev": "compiled-in",
                               "libcli11-dev": "compiled-in"}.items():
            self.assertEqual(how[name], {expected}, name)
            version = output("dpkg-query", "-W", "-f=${Version}", name)
            self.assertEqual(parts[name]["version"], version)
            self.assertTrue(parts[name]["purl"].startswith(f"pkg:deb/debian/{name}@"), parts[name]["purl"])
        self.assertNotIn("catch2", parts)  # of the tests
        loaded = {os.path.basename(os.path.realpath(path)) for path in re.findall(r"=> (/\S+)", output("ldd", gate.PROGRAM))}
        self.assertGreaterEqual(len([name for name in how if how[name] & {"shared", "bundled"}]), len(loaded) // 2)

    def test_is_of_the_program_in_the_tarball(self):
        with tarfile.open(releases.tarball()) as archive:
            (name,) = [member for member in archive.getnames() if member.endswith("/bin/release-gate")]
            content = archive.extractfile(name).read()
        about = bill()["metadata"]["component"]
        self.assertEqual(about["hashes"], [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}])
        self.assertEqual(about["version"], play.VERSION)

    def test_dependencies_lead_to_components(self):
        document = bill()
        known = {part["bom-ref"] for part in document["components"]} | {document["metadata"]["component"]["bom-ref"]}
        self.assertEqual({entry["ref"] for entry in document["dependencies"]}, known)
        for entry in document["dependencies"]:
            self.assertLessEqual(set(entry["dependsOn"]), known)
        self.assertGreater(len(known), 30)


if __name__ == "__main__":
    gate.main()
