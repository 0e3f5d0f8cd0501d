"""Commands that print what the program knows: init, sources, packs, schema, completion, --version, --help."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

import gate


def types():
    listed = gate.run("sources").stdout.split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


class Init(gate.GateTest):
    def test_writes_a_file_that_validates_for_every_type_of_source(self):
        for kind in [*types(), None]:
            with self.subTest(kind):
                name = f"{kind}.toml"
                options = ["--source", kind] if kind else []
                result = gate.run("init", *options, "--output", name, cwd=self.folder)
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertEqual(result.stdout, f"{name} written. Next: edit it, then: release-gate validate {name}\n")
                checked = gate.run("validate", name, cwd=self.folder)
                self.assertEqual((checked.returncode, checked.stderr), (0, ""))
                self.assertEqual(checked.stdout, f"{name}: valid, 1 metric from 1 source\n")

    def test_all_types_in_one_file(self):
        options = [word for kind in types() for word in ("--source", kind)]
        self.assertEqual(gate.run("init", *options, cwd=self.folder).returncode, 0)
        file = tomllib.loads((self.folder / "gate.toml").read_text())
        self.assertEqual([source["type"] for source in file["sources"].values()], types())
        self.assertEqual(gate.run("validate", cwd=self.folder).returncode, 0)
        self.assertIn("#", (self.folder / "gate.toml").read_text())

    def test_packs_find_the_source_of_a_new_file(self):
        self.assertEqual(gate.run("init", cwd=self.folder).returncode, 0)
        path = self.folder / "gate.toml"
        path.write_text('use = ["performance", "reliability"]\n' + path.read_text())
        result = gate.run("validate", cwd=self.folder)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_refuses_to_overwrite(self):
        self.write("gate.toml", "mine")
        result = gate.run("init", cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr, "error[RG0011]: gate.toml is there already\n"
                                        "   = give another name with --output, or overwrite it with --force\n")
        self.assertEqual((self.folder / "gate.toml").read_text(), "mine")
        self.assertEqual(gate.run("init", "--force", cwd=self.folder).returncode, 0)
        self.assertIn("version = 1", (self.folder / "gate.toml").read_text())

    def test_standard_output(self):
        result = gate.run("init", "-o", "-", cwd=self.folder)
        self.assertEqual(tomllib.loads(result.stdout)["version"], 1)
        self.assertEqual(os.listdir(self.folder), [])

    def test_unknown_type_and_folder_that_is_not_there(self):
        result = gate.run("init", "--source", "promethues", cwd=self.folder)
        self.assertEqual((result.returncode, result.stderr),
                         (2, "error[RG0006]: there is no source of type `promethues`\n   = did you mean `prometheus`?\n"))
        result = gate.run("init", "-o", "none/gate.toml", cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0010]: none/gate.toml cannot be written: No such file or directory", result.stderr)


class Lists(unittest.TestCase):
    def test_sources(self):
        self.assertIn("prometheus", types())
        result = gate.run("sources")
        self.assertTrue(result.stdout.endswith("\n\nkeys and an example: release-gate sources TYPE\n"))

    def test_sources_type(self):
        for kind in types():
            with self.subTest(kind):
                result = gate.run("sources", kind)
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                for part in (f"{kind}: ", "\nin [sources.NAME]:\n", "\nin [metrics.ID], or in a part of it:\n", "\nexample:\n"):
                    self.assertIn(part, result.stdout)
        text = gate.run("sources", "prometheus").stdout
        self.assertRegex(text, r"\n  url +string, required +where the server is")
        self.assertRegex(text, r"\n  token +secret +")
        self.assertRegex(text, r"\n  query +string, required +PromQL")
        self.assertEqual(gate.run("sources", "x").returncode, 2)

    def test_sources_say_what_they_refuse_and_what_is_usual(self):
        for kind, words in (("opensearch", "count (the default)"), ("opensearch", "a percentile, p1 to p99.9"), ("new-relic", "without COMPARE WITH and SLIDE BY"),
                            ("dynatrace", ":fold is refused"), ("dynatrace", "a part of a ratio or a count ends in :sum or :count, without :rate"),
                            ("dynatrace-problems", "status() is refused")):
            with self.subTest(words):
                self.assertIn(words, " ".join(gate.run("sources", kind).stdout.split()))

    def test_packs(self):
        result = gate.run("packs")
        lines = [line for line in result.stdout.split("\n\n")[0].splitlines() if not line.startswith(" ")]
        self.assertEqual([line.split()[0] for line in lines], sorted(line.split()[0] for line in lines))
        for line in lines:
            self.assertRegex(line, r"^[\w-]+ +[A-Z].{20,}[.?]$")
        self.assertIn("\nperformance ", result.stdout)
        self.assertIn(" system = `datadog` or `prometheus` (prometheus)\n", result.stdout)
        self.assertNotIn("performance-datadog", result.stdout)  # chosen by a variable, and no name to use

    def test_pack_is_printed_as_it_is(self):
        for path in (gate.ROOT / "gates").glob("*.toml"):
            self.assertEqual(gate.run("packs", path.stem).stdout, path.read_text(encoding="utf-8"))
        result = gate.run("packs", "performnce")
        self.assertEqual((result.returncode, result.stderr),
                         (2, "error[RG0006]: there is no pack `performnce`\n   = did you mean `performance`?\n"))

    def test_schema(self):
        for which, title in (("gate", "release-gate gate file, version 1"), ("diagnostics", "diagnostics of release-gate validate"),
                             ("report", "release-gate"), ("sources", "release-gate sources --check")):
            schema = json.loads(gate.run("schema", which).stdout)
            self.assertIn("json-schema.org/draft", schema["$schema"])
            self.assertIn(title, schema["title"])
        self.assertEqual(gate.run("schema").stdout, gate.run("schema", "gate").stdout)
        self.assertEqual(gate.run("schema", "gates").returncode, 2)

    def test_version(self):
        version = re.search(r"project\(release-gate VERSION ([0-9.]+)", (gate.ROOT / "CMakeLists.txt").read_text()).group(1)
        result = gate.run("--version")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, f"release-gate {version}\n", ""))

    def test_help(self):
        result = gate.run("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("Usage: release-gate [OPTIONS] SUBCOMMAND", result.stdout)
        self.assertEqual(gate.run("check", "--help").stdout, gate.run("check", "-h").stdout)


class Completion(unittest.TestCase):
    def script(self, shell):
        result = gate.run("completion", shell)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def commands(self):
        return re.findall(r"^  ([\w-]+) ", gate.run("--help").stdout.split("Subcommands:\n")[1], re.MULTILINE)

    def bash(self, *words):
        script = self.script("bash") + """
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _release_gate; printf '%s\\n' "${COMPREPLY[@]}"
"""
        result = subprocess.run(["bash", "-c", script, "bash", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                encoding="utf-8", timeout=60, cwd=gate.ROOT, check=True)
        self.assertEqual(result.stderr, "")
        return result.stdout.split()

    def test_bash_is_bash(self):
        subprocess.run(["bash", "-n"], input=self.script("bash"), encoding="utf-8", check=True, timeout=60)

    def test_zsh_and_fish_take_their_scripts(self):
        with tempfile.TemporaryDirectory(prefix="release-gate-test-") as home:
            for command in (["zsh", "-f", "-n"], ["fish", "--no-execute"]):
                path = pathlib.Path(home, "script")
                path.write_text(self.script(command[0]), encoding="utf-8")
                subprocess.run([*command, path], check=True, timeout=60, env=gate.environment({"HOME": home}))

    def test_fish_completes(self):
        with tempfile.TemporaryDirectory(prefix="release-gate-test-") as home:
            pathlib.Path(home, "script.fish").write_text(self.script("fish"), encoding="utf-8")

            def fish(line):
                result = subprocess.run(["fish", "--no-config", "-c", f"source script.fish; complete -C '{line}'"],
                                        stdout=subprocess.PIPE, encoding="utf-8", check=True, timeout=60,
                                        env=gate.environment({"HOME": home}), cwd=home)
                return [found.split("\t")[0] for found in result.stdout.splitlines()]

            self.assertEqual(fish("release-gate che"), ["check"])
            self.assertEqual(fish("release-gate init --fo"), ["--force"])

    def test_bash_completes_commands_options_and_files(self):
        self.assertEqual(self.bash("release-gate", "che"), ["check"])
        self.assertEqual(self.bash("release-gate", ""), [*self.commands(), "--help", "--version"])
        self.assertEqual(self.bash("release-gate", "check", "--rep"), ["--replay", "--report", "--report-url"])
        self.assertEqual(self.bash("release-gate", "init", "--f"), ["--force"])
        self.assertEqual(self.bash("release-gate", "validate", "READ" if os.path.exists(gate.ROOT / "README.md") else "CMakeL"),
                         ["README.md"] if os.path.exists(gate.ROOT / "README.md") else ["CMakeLists.txt"])

    def test_every_shell_knows_every_command_and_option(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.script(shell)
            for command in self.commands():
                self.assertRegex(script, rf"\b{command}\b")
                for option in re.findall(r"--([\w-]+)", gate.run(command, "--help").stdout.split("Options:\n")[1]):
                    self.assertRegex(script, rf"(--|-l ){option}\b", f"{shell}: {command} --{option}")

    def test_quotes_are_paired(self):
        for shell in ("zsh", "fish"):
            for line in self.script(shell).splitlines():
                self.assertEqual(line.count("'") % 2, 0, line)


if __name__ == "__main__":
    gate.main()
