"""What the tests of gate files that nobody vouches for share: a checkout to write into, and a server that answers everything."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "doubles"))
from double import Double, answer  # noqa: E402
from gate import report  # noqa: E402

TIMES = ("--deployed-at", "2026-03-17T12:00:00Z", "--now", "2026-03-17T13:00:00Z")
SECRET = "tk-5a1b9c77d0e2"
ROWS = "time,value\n" + "".join(f"2026-03-17T12:{minute:02}:30Z,{1 + minute % 2}\n" for minute in range(59))


class Api(Double):
    """Answers every question with {"n": 1}."""

    def handle(self, request):
        return answer(200, {"n": 1})


class UntrustedTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.outside = pathlib.Path(folder.name)
        self.folder = self.outside / "checkout"
        self.folder.mkdir()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def api(self):
        api = Api()
        self.enterContext(api)
        return api

    def code_of(self, *arguments, **keywords):
        status, found = report(*arguments, *TIMES, "--deadline", "10s", **keywords)
        error = found["metrics"][0]["error"]
        return status, error and error["code"]
