"""install.sh and the action's set-up, against a server of releases on loopback: what is not proven to be the release is never run."""

import hashlib
import pathlib
import shutil
import subprocess
import unittest

import gate
import github_runner
import play
import releases

SETUP = f"your-org/release-gate/ci-templates/github/setup@v{play.VERSION}"
TARBALL = releases.tarball().name
RIGHT = hashlib.sha256(releases.tarball().read_bytes()).hexdigest()


class InstallTest(gate.GateTest):
    def install(self, server, *arguments, version=play.VERSION, url=None):
        environment = {**play.base_environment(), **server.environment()}
        command = ["sh", str(play.TEMPLATES / "install.sh"), "--version", version, "--base-url", url or server.url, "--to", str(self.folder / "to")]
        return play.run([*command, *arguments], environment, self.folder)

    def serve(self, change=None, prefix=""):
        server = releases.ReleaseServer(self.folder, prefix, change)
        self.enterContext(server)
        return server

    def refused(self, log, code, *texts):
        for text in texts:
            self.assertIn(text, log)
        self.assertEqual(code, 1, log)
        self.assertFalse((self.folder / "to").exists())


class Install(InstallTest):
    def test_by_the_checksums_of_the_release(self):
        server = self.serve()
        code, log = self.install(server, version="v" + play.VERSION)
        self.assertEqual(code, 0, log)
        self.assertEqual(server.asked, ["SHA256SUMS", TARBALL])
        done = subprocess.run([self.folder / "to/bin/release-gate", "--version"], check=True, stdout=subprocess.PIPE, encoding="utf-8")
        self.assertEqual(done.stdout, f"release-gate {play.VERSION}\n")

    def test_by_a_checksum_of_ones_own(self):
        server = self.serve()
        code, log = self.install(server, "--checksum", RIGHT.upper())
        self.assertEqual(code, 0, log)
        self.assertEqual(server.asked, [TARBALL])  # the server's word is not asked for

    def test_ones_own_checksum_beats_that_of_the_release(self):
        code, log = self.install(self.serve(), "--checksum", "0" * 64)
        self.refused(log, code, f"has the SHA-256 {RIGHT}, not {'0' * 64}")

    def test_what_is_not_the_release_is_not_run(self):
        trap = self.folder / "trapped"
        folder = self.folder / "evil" / TARBALL.removesuffix(".tar.gz") / "bin"
        folder.mkdir(parents=True)
        play.script(folder, "release-gate", f"touch {trap}")
        evil = shutil.make_archive(str(self.folder / "evil"), "gztar", self.folder / "evil")
        with open(evil, "rb") as file:
            body = file.read()
        code, log = self.install(self.serve(lambda name, right: body if name == TARBALL else right))
        self.refused(log, code, "it is not what was released")
        self.assertFalse(trap.exists())

    def test_one_byte_is_enough(self):
        code, log = self.install(self.serve(lambda name, body: body[:99] + bytes([body[99] ^ 1]) + body[100:] if name == TARBALL else body))
        self.refused(log, code, "it is not what was released")

    def test_checksums_that_are_missing(self):
        for name, change in {
            "no file": lambda _: None,
            "empty": lambda _: b"",
            "no such line": lambda body: body.replace(TARBALL.encode(), b"other.tar.gz"),
            "a longer name": lambda body: body.replace(TARBALL.encode(), TARBALL.encode() + b".old"),
            "twice": lambda body: body + f"{'0' * 64}  {TARBALL}\n".encode(),
            "no sum": lambda body: body.replace(RIGHT.encode(), b"nonsense"),
            "a short sum": lambda body: body.replace(RIGHT.encode(), RIGHT[:40].encode()),
        }.items():
            with self.subTest(name):
                code, log = self.install(self.serve(lambda asked, body, change=change: change(body) if asked == "SHA256SUMS" else body))
                self.refused(log, code, "SHA256SUMS")

    def test_a_release_that_is_not_there(self):
        code, log = self.install(self.serve(), "--checksum", RIGHT, version="9.9.9")
        self.refused(log, code, "cannot download")

    def test_wrong_arguments_download_nothing(self):
        server = self.serve()
        for arguments, keywords in (
            ((), {"version": "latest"}), ((), {"version": "../1.2.3"}), ((), {"version": "1.2.3\n"}), ((), {"url": "http://example.com"}),
            ((), {"url": "file:///tmp"}), ((), {"url": "http://127.0.0.1.example.com"}), (("--checksum", "abc"), {}),
            (("--checksum", RIGHT + "\n" + RIGHT), {}), (("--nope", "x"), {}), (("--checksum",), {}),
        ):
            with self.subTest(f"{arguments} {keywords}"):
                code, log = self.install(server, *arguments, **keywords)
                self.assertEqual(code, 2, log)
        self.assertEqual(server.asked, [])

    def test_a_certificate_of_a_stranger(self):
        server = self.serve()
        server.environment = lambda: {}
        code, log = self.install(server)
        self.refused(log, code, "cannot download")
        self.assertEqual(server.asked, [])


class SetUp(InstallTest):
    """The same through the action, with everything as it is by default."""

    def set_up(self, server, **given):
        runner = github_runner.Runner(self.folder / "runner", play.workspace(self.folder / "runner/workspace"),
                                      github={"server_url": server.url}, environment=server.environment())
        return runner, runner.use(SETUP, given, {})[0]

    def test_the_release_of_the_tag(self):
        server = self.serve(prefix="/your-org/release-gate/releases/download")
        runner, ok = self.set_up(server)
        self.assertTrue(ok, runner.log)
        self.assertIn(f"sha256 {RIGHT}", runner.log)
        program = self.folder / "runner/temp/release-gate/bin"
        self.assertEqual(runner.path, [str(program)])
        done, _ = runner.script({"run": "release-gate --version && type -P release-gate"}, {}, runner.contexts({}, {}), None)
        self.assertTrue(done)
        self.assertIn(f"release-gate {play.VERSION}\n{program}/release-gate\n", runner.log)

    def test_a_wrong_checksum(self):
        runner, ok = self.set_up(self.serve(prefix="/your-org/release-gate/releases/download"), checksum="0" * 64)
        self.assertFalse(ok)
        self.assertEqual(runner.path, [])
        self.assertEqual([found.level for found in runner.annotations], ["error"])

    def test_a_mirror(self):
        runner, ok = self.set_up(self.serve(prefix="/mirror"), **{"base-url": f"{self.serve_url()}/mirror"})
        self.assertTrue(ok, runner.log)

    def serve_url(self):
        return self.mirror.url

    def serve(self, change=None, prefix=""):
        self.mirror = super().serve(change, prefix)
        return self.mirror

    def test_built_from_source(self):
        """As it is, but for the compiler: cmake configures, and the program that is tested here stands for the one it would build."""
        bin_folder = self.folder / "tools"
        real = shutil.which("cmake")
        play.script(bin_folder, "cmake", f'case "$1" in\n--build) test "$3 $4" = "--target release-gate"; cp "{gate.PROGRAM}" "$2/release-gate" ;;\n'
                                         f'*) exec "{real}" "$@" ;;\nesac')
        runner = github_runner.Runner(self.folder / "runner", play.workspace(self.folder / "runner/workspace"))
        runner.path = [str(bin_folder)]
        ok, _ = runner.use(SETUP, {"version": "source"}, {})
        self.assertTrue(ok, runner.log)
        built = self.folder / "runner/temp/release-gate/bin/release-gate"
        self.assertEqual(built.read_bytes(), pathlib.Path(gate.PROGRAM).read_bytes())
        cache = (self.folder / "runner/temp/release-gate-build/CMakeCache.txt").read_text()
        self.assertIn("CMAKE_BUILD_TYPE:STRING=Release", cache)
        self.assertIn("RELEASE_GATE_TESTS:BOOL=OFF", cache)

    def test_installed_but_not_there(self):
        runner = github_runner.Runner(self.folder / "runner", play.workspace(self.folder / "runner/workspace"))
        ok, _ = runner.use(SETUP, {"version": "installed"}, {})
        self.assertFalse(ok)
        self.assertIn("there is no release-gate on the PATH", runner.annotations[0].text)


if __name__ == "__main__":
    gate.main()
