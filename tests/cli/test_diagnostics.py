"""Each diagnostics/NAME.toml is validated, and all that is printed is compared with NAME.txt.

First lines of a file may say how: `# env: NAME=value` (\\n is a line break) and `# args: …`.
"""

import json
import pathlib
import shlex
import unittest

import gate

FOLDER = pathlib.Path(__file__).resolve().parent / "diagnostics"
FILES = sorted(FOLDER.glob("*.toml"))
SECRET = "planted-secret"


def directives(text):
    environment, arguments = {}, []
    for line in text.splitlines():
        if line.startswith("# env: "):
            name, value = line[len("# env: "):].split("=", 1)
            environment[name] = value.replace("\\n", "\n")
        elif line.startswith("# args: "):
            arguments += shlex.split(line[len("# args: "):])
        else:
            break
    return environment, arguments


def validate(file, *more, cwd=FOLDER):
    environment, arguments = directives((cwd / file).read_text(encoding="utf-8"))
    return gate.run("validate", file, *arguments, *more, env=environment, cwd=cwd)


class Goldens(unittest.TestCase):
    def test_every_file(self):
        self.assertGreaterEqual(len(FILES), 60)
        for path in FILES:
            with self.subTest(path.stem):
                result = validate(path.name)
                self.assertNotIn(SECRET, result.stdout + result.stderr)
                gate.golden(self, path.with_suffix(".txt"), f"{result.stderr}{result.stdout}exit {result.returncode}\n")

    def test_every_error_has_place_caret_hint_and_closing_line(self):
        for path in FILES:
            with self.subTest(path.stem):
                result = validate(path.name)
                lines = result.stderr.splitlines()
                heads = [i for i, line in enumerate(lines) if "error[RG" in line or "warning[RG" in line]
                for i in heads:
                    if lines[i].startswith(("error[RG0411]", "error[RG0003]")):  # of the command line: no place
                        continue
                    self.assertRegex(lines[i], r"^[\w./-]+\.toml:\d+:\d+: (error|warning)\[RG\d{4}\]: .")
                    self.assertRegex(lines[i + 2], r"^ +\| *[^ ].*\^|^ +\| *\^", lines[i])
                    hint = lines[i + 2].split("^")[-1] or (lines[i + 3] if i + 3 < len(lines) else "")
                    self.assertRegex(hint, r"\w", lines[i])
                if result.returncode == 2 and lines[0] and not lines[0].startswith("error[RG0003]"):
                    self.assertRegex(lines[-1], r"^[\w./-]+: \d+ errors?(, \d+ warnings?)?\. Nothing was asked\.$")


class Behaviour(gate.GateTest):
    def test_ten_mistakes_ten_diagnostics_no_request(self):
        with gate.Server(lambda request: (200, {}, "{}")) as server:
            text = (FOLDER / "ten_mistakes.toml").read_text().replace("http://localhost:9090", server.url)
            self.write("gate.toml", text)
            for command in ("check", "plan", "validate"):
                result = gate.run(command, "gate.toml", cwd=self.folder)
                self.assertEqual(result.returncode, 2, command)
                self.assertEqual(result.stderr.count(": error[RG"), 10, result.stderr)
                self.assertIn("gate.toml: 10 errors. Nothing was asked.\n", result.stderr)
                self.assertEqual(result.stdout, "")
            self.assertEqual(server.requests, [])

    def test_several_files(self):
        good = ("version = 1\n[sources.p]\ntype = 'prometheus'\nurl = 'http://localhost'\n"
                "[metrics.up]\nsource = 'p'\nquery = 'up'\nfail = { below = 1 }\n")
        self.write("good.toml", good)
        self.write("bad.toml", good + "unti = 's'\n")
        result = gate.run("validate", "good.toml", "bad.toml", "none.toml", cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout, "good.toml: valid, 1 metric from 1 source\n")
        self.assertIn("bad.toml:9:1: error[RG0104]", result.stderr)
        self.assertIn("bad.toml: 1 error. Nothing was asked.\n", result.stderr)
        self.assertIn("error[RG0002]: the gate file none.toml cannot be read", result.stderr)
        self.assertEqual(gate.run("validate", "good.toml", cwd=self.folder).returncode, 0)

    def test_default_file_is_gate_toml(self):
        result = gate.run("validate", cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0002]: the gate file gate.toml cannot be read", result.stderr)
        self.assertIn("release-gate init", result.stderr)

    def test_json_for_editors(self):
        import jsonschema

        schema = json.loads(gate.run("schema", "diagnostics").stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        for path in FILES:
            with self.subTest(path.stem):
                result = validate(path.name, "--format", "json")
                if not result.stdout:  # wrong command line
                    self.assertIn("RG0003", result.stderr)
                    continue
                entries = json.loads(result.stdout)
                jsonschema.validate(entries, schema)
                self.assertNotIn(SECRET, result.stdout + result.stderr)
                self.assertEqual(result.stderr, "")
                self.assertEqual(result.returncode, 2 if any(e["severity"] == "error" for e in entries) else 0)
                text = validate(path.name).stderr
                for entry in entries:
                    place = f"{entry['file']}:{entry['line']}:{entry['column']}: " if entry["line"] else ""
                    self.assertIn(f"{place}{entry['severity']}[{entry['code']}]: ", text)

    def test_json_of_a_valid_file_is_an_empty_list(self):
        self.write("gate.toml", "version = 1\n[sources.p]\ntype = 'prometheus'\nurl = 'http://localhost'\n[metrics.up]\nsource = 'p'\n"
                                "query = 'up'\n")
        self.assertEqual(json.loads(gate.run("validate", "--format", "json", cwd=self.folder).stdout), [])


class OddFiles(gate.GateTest):
    """Files that no editor would make, or that cannot lie in a repository as they are."""

    def check(self, data, *expected):
        path = self.folder / "gate.toml"
        path.write_bytes(data)
        result = gate.run("validate", "gate.toml", cwd=self.folder)
        self.assertEqual(result.returncode, 2, result.stderr)
        for text in expected:
            self.assertIn(text, result.stderr)
        return result

    def test_bytes_that_are_no_utf8(self):
        self.check(b'version = 1\nname = "a\xff"\n', "gate.toml:2:10: error[RG0101]", "name = \"a\\xff\"", "save the file as UTF-8")

    def test_binary(self):
        result = self.check(bytes(range(256)) * 40, "gate.toml:2:118: ", "error[RG0101]")
        self.assertNotRegex(result.stderr, r"[\x00-\x08\x0b-\x1f\x7f]")

    def test_windows_line_ends_and_byte_order_mark(self):
        self.check("\ufeffversion = 2\r\nnmae = 'x'\r\n".encode(), "gate.toml:1:11: error[RG0106]",
                   "1 | version = 2\n  |           ^ write: version = 1\n", "gate.toml:2:1: error[RG0104]",
                   "2 | nmae = 'x'\n  | ^^^^ did you mean `name`?\n")

    def test_place_in_multi_line_text_with_windows_line_ends(self):
        self.check(b"version = 1\r\n[vars]\r\na = '''\r\nx\r\n {{nope}}'''\r\n", "gate.toml:5:2: error[RG0401]",
                   "5 |  {{nope}}'''\n  |  ^^^^^^^^ declare it under [vars]\n")

    def test_a_line_of_a_megabyte(self):
        result = self.check(b'version = 1\nname = "' + b"x" * 1000000 + b'" oops\n', "error[RG0101]", " more columns…")
        self.assertLess(len(result.stderr), 2000)

    def test_deep_nesting(self):
        self.check(b"a = " + b"[" * 100000, "error[RG0101]")

    def test_too_large(self):
        self.check(b"# " + b"x" * (5 << 20), "error[RG0002]", "it is larger than 4 MiB")

    def test_endless(self):
        result = gate.run("validate", "/dev/zero")
        self.assertEqual(result.returncode, 2)
        self.assertIn("it is larger than 4 MiB", result.stderr)

    def test_folder(self):
        result = gate.run("validate", ".", cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn("error[RG0002]: the gate file . cannot be read", result.stderr)

    def test_many_mistakes(self):
        lines = "".join(f"k{i} = 1\n" for i in range(1000))
        result = self.check(f"version = 1\n{lines}".encode(), "gate.toml: 1000 errors. Nothing was asked.")
        self.assertEqual(result.stderr.count("error[RG0104]"), 1000)
        self.assertLess(result.seconds, 10)

    def test_name_with_escapes(self):
        path = self.folder / "ga\x1b[31mte.toml"
        path.write_text("version = 3\n")
        result = gate.run("validate", path.name, cwd=self.folder)
        self.assertNotIn("\x1b", result.stderr)


if __name__ == "__main__":
    gate.main()
