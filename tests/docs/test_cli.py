"""docs/cli.md, held against --help: every command and option stands in both, with the same form of its value."""

import re
import unittest

import gate

PAGE = (gate.ROOT / "docs/cli.md").read_text(encoding="utf-8")


def help_of(*command):
    result = gate.run(*command, "--help")
    assert result.returncode == 0, result.stderr
    return result.stdout


def commands_of_the_program():
    listed = help_of().split("Subcommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([\w-]+) ", listed, re.MULTILINE)


def options_of_the_program(*command):
    """--name → the name of its value, "" for a switch."""
    found = {}
    for line in help_of(*command).splitlines():
        match = re.match(r"  (?:-\w,)?(--[\w-]+)(?: ([^ ]+))?", line)
        if match and match.group(1) != "--help":
            value = re.sub(r":\{.*", "", match.group(2) or "")  # the choices, which stand before them already
            found[match.group(1)] = re.sub(r"=[^A-Z].*", "", value)  # the default
    return found


def sections():
    return {part.split("\n")[0].strip(): part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}


def options_of_the_page(section):
    found = {}
    for name, value in re.findall(r"^\| (?:`-\w`, )?`(--[\w-]+)(?:[ \[]?=?([^`\]]*)\]?)?` \|", section, re.MULTILINE):
        found[name] = value.strip()
    return found


class Page(unittest.TestCase):
    def test_every_command_has_a_section(self):
        named = [name for name in sections() if name.startswith("release-gate ")]
        self.assertEqual([name.split()[1] for name in named], commands_of_the_program())

    def test_options(self):
        for name, section in sections().items():
            if not name.startswith("release-gate "):
                continue
            command = name.split()[1]
            with self.subTest(command):
                program = options_of_the_program(command)
                page = options_of_the_page(section)
                self.assertEqual(sorted(page), sorted(program))
                for option, value in program.items():
                    self.assertEqual(page[option].replace("\\|", "|"), value, option)

    def test_exit_codes_are_told(self):
        for code in (0, 1, 2, 3, 4, 5, 130, 143):
            self.assertRegex(PAGE, rf"(?m)^\| {code}( / \d+)? \||^\| \d+ / {code} \|")


if __name__ == "__main__":
    gate.main()
