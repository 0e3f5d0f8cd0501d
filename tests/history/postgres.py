"""A real PostgreSQL for the tests: Debian's, started in a temporary folder on a loopback port, stopped by the test."""

import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

import gate

PASSWORD = "pa55/w%rd'"
QUOTED = "pa55%2Fw%25rd%27"


def binaries():
    """The folder of initdb and pg_ctl: the newest that is installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError("postgresql-15 is not installed: cmake/install-dependencies.sh test")
    return found[-1].parent


class Postgres(contextlib.AbstractContextManager):
    """`url` is the address of its one database, with a password; `sql` asks it as its owner."""

    def __init__(self):
        self.bin = binaries()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rg-pg-"))
        self.data = self.folder / "data"
        self.owner = {}
        # The server refuses to run as root; Debian's package has a user for it.
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            self.owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)

    def tool(self, name, *arguments, **keywords):
        return subprocess.run([self.bin / name, *map(str, arguments)], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", cwd=self.folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **self.owner, **keywords)

    def __enter__(self):
        secret = self.folder / "secret"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        try:
            self.tool("initdb", "-D", self.data, "-U", "gate", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--no-sync",
                      "--locale=C.UTF-8")
            self.start()
        except subprocess.CalledProcessError as error:
            self.__exit__()
            raise AssertionError(f"PostgreSQL does not start: {error.stdout}") from error
        return self

    def start(self):
        for attempt in range(5):
            self.port = gate.free_port()
            options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder} -c fsync=off -c max_connections=60"
            with contextlib.suppress(subprocess.CalledProcessError):
                self.tool("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "-t", "60", "start")
                return
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8"))

    def stop(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.tool("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, user="gate", password=QUOTED, database="postgres", extra=""):
        return f"postgres://{user}:{password}@127.0.0.1:{self.port}/{database}{extra}"

    def sql(self, statement, database="postgres"):
        """Rows as lists of text."""
        result = subprocess.run(
            [self.bin / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "gate", "-d", database, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1",
             "-c", statement],
            env={"PATH": os.environ["PATH"], "PGPASSWORD": PASSWORD, "LC_ALL": "C.UTF-8"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", check=False)
        assert result.returncode == 0, result.stderr
        return [line.split("|") for line in result.stdout.splitlines()]
