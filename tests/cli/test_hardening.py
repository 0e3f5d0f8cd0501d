"""The binary itself: what a mistake in it could be used for is made harder by how it is built."""

import re
import subprocess
import unittest

import gate


def readelf(*options):
    return subprocess.run(
        ["readelf", "--wide", *options, gate.PROGRAM], capture_output=True, encoding="utf-8", check=True
    ).stdout


class Hardening(unittest.TestCase):
    def test_position_independent(self):
        self.assertIn("DYN (Position-Independent Executable file)", readelf("--file-header"))
        self.assertRegex(readelf("--dynamic"), r"FLAGS_1.*\bPIE\b")

    def test_relocations_are_read_only(self):
        self.assertIn("GNU_RELRO", readelf("--program-headers"))
        self.assertRegex(readelf("--dynamic"), r"FLAGS.*\bBIND_NOW\b|FLAGS_1.*\bNOW\b")

    def test_stack_is_not_executable(self):
        stack = re.search(r"GNU_STACK.*", readelf("--program-headers")).group()
        self.assertRegex(stack, r" RW +0x")

    def test_no_segment_is_writable_and_executable(self):
        loads = re.findall(r"^ +LOAD .*$", readelf("--program-headers"), re.MULTILINE)
        self.assertGreaterEqual(len(loads), 3)
        self.assertEqual([], [line for line in loads if " RWE " in line])

    def test_stack_protector_and_checked_functions(self):
        symbols = readelf("--dyn-syms")
        self.assertIn("__stack_chk_fail", symbols)
        self.assertRegex(symbols, r"__\w+_chk@GLIBC")

    def test_no_search_path_for_libraries(self):
        self.assertNotRegex(readelf("--dynamic"), r"R(UN)?PATH")


if __name__ == "__main__":
    gate.main()
