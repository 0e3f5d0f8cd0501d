"""Two hours of requests in two CSV files around a release: what the tests of files share."""

import datetime
import random

import gate

START = datetime.datetime(2026, 3, 17, 11, 0, tzinfo=datetime.timezone.utc)
DEPLOYED = START + datetime.timedelta(hours=1)

HEAD = """version = 1
[release]
deployed_at = "2026-03-17T12:00:00Z"
[sources.requests]
type = "file"
path = "logs/requests-*.csv"
time = { column = "ts", format = "rfc3339" }
"""


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class FileTest(gate.GateTest):
    """A folder with logs/requests-1.csv and -2.csv, and the same rows in `rows`."""

    def setUp(self):
        super().setUp()
        draw = random.Random(7)
        self.rows = []
        for i in range(7200):
            time = START + datetime.timedelta(seconds=i, milliseconds=draw.randrange(1000) if i % 600 else 0)
            late = time >= DEPLOYED
            self.rows.append({
                "ts": time, "route": draw.choice(["/pay", "/cart"]), "env": draw.choice(["prod", "test"]),
                "status": "500" if draw.random() < (0.06 if late else 0.01) else "200",
                "ms": round(draw.lognormvariate(4.4, 0.3) * (1.3 if late else 1.0), 1), "n": draw.randrange(5),
                "user": f"u{draw.randrange(300)}"})
        for name, part in (("logs/requests-1.csv", self.rows[:4000]), ("logs/requests-2.csv", self.rows[4000:])):
            lines = ["ts,route,env,status,ms,n,user"]
            lines += [",".join([stamp(r["ts"]), r["route"], r["env"], r["status"], str(r["ms"]), str(r["n"]), r["user"]]) for r in part]
            self.write(name, "\r\n".join(lines) + "\r\n")

    def side(self, name, keep=lambda row: True):
        """The rows of a window of half an hour before or after the release."""
        start = DEPLOYED - datetime.timedelta(minutes=30) if name == "baseline" else DEPLOYED
        end = start + datetime.timedelta(minutes=30)
        return [row for row in self.rows if start <= row["ts"] < end and keep(row)]

    def check(self, text, *more):
        path = self.write("gate.toml", text)
        return gate.report(path, *more)

    def metric(self, text, metric="m"):
        _, report = self.check(HEAD + text)
        found = [one for one in report["metrics"] if one["id"] == metric]
        self.assertEqual(len(found), 1, report)
        self.assertIsNone(found[0]["error"], found[0]["error"])
        return found[0]
