"""The source `unleash` against Unleash itself, over a PostgreSQL of its own: what the server was told, the program must say."""

import json
import sys
import time
import unittest
import urllib.request

import gate
import npm
from servers import Process

sys.path.insert(0, str(gate.ROOT / "tests/history"))
from postgres import Postgres  # noqa: E402

TOKEN = "*:*.964a287e1b728cb5f4f3e0120df92cb5"
CLIENT = "default:development.unleash-insecure-api-token"
HOUR = 3600


class UnleashServer(Process):
    ready = "/health"

    def __init__(self, database):
        super().__init__()
        self.modules = npm.install(gate.ROOT / "tests/live/unleash")
        self.database = database

    def command(self, address):
        host, port = address.split(":")
        settings = {"DATABASE_URL": self.database, "DATABASE_SSL": "false", "HTTP_HOST": host, "PORT": port, "LOG_LEVEL": "error",
                    "INIT_ADMIN_API_TOKENS": TOKEN, "INIT_CLIENT_API_TOKENS": CLIENT, "CHECK_VERSION": "false", "SEND_TELEMETRY": "false"}
        return ["env", "-C", self.modules.parent, *(f"{name}={value}" for name, value in settings.items()),
                "node", "-e", "import('unleash-server').then(unleash => unleash.start())"]

    def call(self, path, method="GET", body=None, token=TOKEN):
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


class Unleash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())
        start = time.monotonic()
        cls.server = cls.enterClassContext(UnleashServer(cls.postgres.url()))
        print(f"Unleash started in {time.monotonic() - start:.1f} s")
        cls.tell()

    @classmethod
    def tell(cls):
        """A rollout of 25 %, raised to 50, lowered to 10, turned off and on again; 1000 evaluations, a quarter of them yes."""
        flags = "/api/admin/projects/default/features"
        environment = flags + "/new-checkout/environments/development"
        cls.server.call(flags, "POST", {"name": "new-checkout", "type": "release"})
        strategy = {"name": "flexibleRollout", "constraints": [], "parameters": {"rollout": "25", "stickiness": "default", "groupId": "x"}}
        number = cls.server.call(environment + "/strategies", "POST", strategy)["id"]
        for rollout in ("50", "10"):
            strategy["parameters"]["rollout"] = rollout
            cls.server.call(f"{environment}/strategies/{number}", "PUT", strategy)
        for state in ("on", "off", "on"):
            cls.server.call(f"{environment}/{state}", "POST", {})
        cls.now = time.time()
        stamps = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) for at in (cls.now - 60, cls.now)]
        counts = {"new-checkout": {"yes": 250, "no": 750}}
        cls.server.call("/api/client/metrics", "POST", {"appName": "web", "instanceId": "1", "bucket": {
            "start": stamps[0], "stop": stamps[1], "toggles": counts}}, token=CLIENT)
        for _ in range(120):  # it writes them down every few seconds
            raw = cls.server.call("/api/admin/client-metrics/features/new-checkout/raw?hoursBack=48")
            if any(row["yes"] for row in raw["data"]):
                return
            time.sleep(0.25)
        raise AssertionError("Unleash has not written the evaluations down")

    def ask(self, *, token=TOKEN, flag="new-checkout"):
        """All metrics over the hour in which everything happened, as if it were over."""
        start = int(self.now // HOUR * HOUR)
        count = 'baseline = { window = "1h" }\ncandidate = { window = "1h" }\ningest_delay = "0s"\nfail = { above = "9/s" }'
        metrics = {"rollout": 'measure = "rollout"\ndesign = "none"\nfail = { above = "100%" }', "status": 'measure = "status"',
                   "kills": f'measure = "kill_switches"\n{count}', "rollbacks": f'measure = "rollbacks"\n{count}',
                   "exposure": 'kind = "ratio"\nevents = { measure = "exposed" }\ntotal = { measure = "evaluated" }\n'
                               + count.replace("9/s", "90%")}
        with open(self.server.folder / "gate.toml", "w", encoding="utf-8") as file:
            file.write(f'version = 1\n[sources.flags]\ntype = "unleash"\nurl = "{self.server.url}"\ntoken = {{ env = "UNLEASH_TOKEN" }}\n'
                       f'environment = "development"\nflag = "{flag}"\n')
            for name, keys in metrics.items():
                file.write(f'[metrics.{name}]\nsource = "flags"\n{keys}\n')
        found = gate.report(self.server.folder / "gate.toml", "--deployed-at", start, "--now", start + HOUR, env={"UNLEASH_TOKEN": token})[1]
        return {metric["id"]: metric for metric in found["metrics"]}

    def test_what_it_was_told(self):
        metrics = self.ask()
        self.assertEqual([metric["error"] for metric in metrics.values()], [None] * 5)
        self.assertEqual(metrics["rollout"]["candidate"]["value"], 10)
        self.assertEqual(round(metrics["kills"]["candidate"]["value"] * HOUR, 6), 1)
        self.assertEqual(round(metrics["rollbacks"]["candidate"]["value"] * HOUR, 6), 1)
        self.assertEqual(metrics["exposure"]["candidate"]["value"], 0.25)
        self.assertEqual(metrics["status"]["verdict"], "pass")

    def test_refusals(self):
        for token, flag, code in ((CLIENT, "new-checkout", "RG1103"), ("*:*.wrong", "new-checkout", "RG1101"), (TOKEN, "nosuch", "RG1104")):
            codes = {metric["error"]["code"] for metric in self.ask(token=token, flag=flag).values()}
            self.assertEqual(codes, {code})


if __name__ == "__main__":
    gate.main()
