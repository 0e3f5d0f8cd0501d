"""The source `influxdb` against Debian's InfluxDB 1: what was written to it, the program must say."""

import statistics
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import gate
from servers import Process

RELEASE = 1773749057  # 2026-03-17T12:04:17Z: no multiple of a minute
HALF = 1800


def latency(at):
    return 300 + at % 37 + (50 if at >= RELEASE else 0)


class InfluxDb(Process):
    ready = "/query?q=SHOW+DATABASES"

    def command(self, address):
        rpc = gate.free_port()
        (self.folder / "influxdb.conf").write_text(f"""reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{self.folder}/meta"
[data]
dir = "{self.folder}/data"
wal-dir = "{self.folder}/wal"
[monitor]
store-enabled = false
[http]
bind-address = "{address}"
log-enabled = false
[logging]
level = "error"
""", encoding="utf-8")
        return ["influxd", "-config", str(self.folder / "influxdb.conf")]

    def post(self, path, body):
        with urllib.request.urlopen(self.url + path, data=body.encode(), timeout=30):
            pass


class Influx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        start = time.monotonic()
        cls.server = cls.enterClassContext(InfluxDb())
        print(f"InfluxDB started in {time.monotonic() - start:.1f} s")
        cls.server.post("/query", urllib.parse.urlencode({"q": "CREATE DATABASE shop"}))
        cls.times = range(RELEASE - 3600, RELEASE + 3600, 5)
        lines = [f"http,zone={zone} ms={latency(at) + shift},errors={at // 5 % 4 == 0:d}i,path=\"/\" {at}"
                 for at in cls.times for zone, shift in (("a", 0), ("b", 10))]
        cls.server.post("/write?db=shop&precision=s", "\n".join(lines))

    def ask(self, metric, database="shop"):
        path = self.server.folder / "gate.toml"
        path.write_text(f'version = 1\n[sources.influx]\ntype = "influxdb"\nurl = "{self.server.url}"\ndatabase = "{database}"\n'
                        f'[metrics.m]\nsource = "influx"\nstep = "1m"\nfail = {{ above = 9999 }}\n{metric}\n', encoding="utf-8")
        return gate.report(path, "--deployed-at", RELEASE, "--now", RELEASE + 3600)[1]["metrics"]

    def written(self, start, shifts=(0, 10)):
        return [latency(at) + shift for at in self.times if start <= at < start + HALF for shift in shifts]

    @staticmethod
    def query(what, more="GROUP BY time({{step}}, {{offset}})"):
        return f'"SELECT {what} FROM http WHERE time >= {{{{start}}}} AND time < {{{{end}}}} {more}"'

    def sides(self, metric):
        self.assertIsNone(metric["error"], metric["error"])
        return [metric[side]["value"] for side in ("baseline", "candidate")]

    def test_buckets_and_one_number(self):
        expected = [statistics.fmean(self.written(start)) for start in (RELEASE - HALF, RELEASE)]
        for more in ("", '\nkind = "value"', '\nkind = "value"\naggregate = "mean"'):
            with self.subTest(more):
                metric, = self.ask(f"query = {self.query('mean(ms)')}{more}")
                for said, computed in zip(self.sides(metric), expected):
                    self.assertAlmostEqual(said, computed, places=6)
        metric, = self.ask(f"query = {self.query('mean(ms)')}")
        self.assertEqual((metric["baseline"]["samples"], metric["candidate"]["samples"]), (30, 30))

    def test_raw_points(self):
        metric, = self.ask(f"query = {self.query('ms', '')}\nkind = \"value\"\naggregate = \"sum\"")
        self.assertEqual(self.sides(metric), [sum(self.written(start)) for start in (RELEASE - HALF, RELEASE)])

    def test_tags(self):
        zones = self.ask(f"query = {self.query('max(ms)', 'GROUP BY time({{step}}, {{offset}}), zone')}\n"
                         'kind = "value"\naggregate = "max"\neach = "zone"')
        self.assertEqual({zone["id"]: self.sides(zone)[1] for zone in zones},
                         {f"m[zone={name}]": max(self.written(RELEASE, (shift,))) for name, shift in (("a", 0), ("b", 10))})

    def test_ratio(self):
        metric, = self.ask(f"kind = \"ratio\"\nevents = {self.query('sum(errors)')}\ntotal = {self.query('count(errors)')}")
        counted = [at // 5 % 4 == 0 for at in self.times if RELEASE <= at < RELEASE + HALF]
        self.assertAlmostEqual(self.sides(metric)[1], sum(counted) / len(counted), places=9)

    def test_nothing_and_refusals(self):
        nothing, = self.ask("query = " + self.query("mean(ms)").replace("FROM http", "FROM nosuch"))
        self.assertEqual((self.sides(nothing), nothing["verdict"]), ([None, None], "inconclusive"))
        for metric, database, code in ((self.query("mean(ms)"), "nosuch", "RG1976"), (self.query("mean(ms"), "shop", "RG1100"),
                                       (self.query("path", ""), "shop", "RG1977"), (self.query("mean(ms), max(ms)"), "shop", "RG1977")):
            with self.subTest(code):
                self.assertEqual(self.ask("query = " + metric, database)[0]["error"]["code"], code)


if __name__ == "__main__":
    gate.main()
