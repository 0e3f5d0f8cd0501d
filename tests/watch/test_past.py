"""`watch --past`: the looks at a release that is over, over stored data, without waiting."""

import math
import sys

import gate
from watch_case import DEPLOYED, HEAD, LATENCY, RELEASE, WatchCase, latency, noise

sys.path.insert(0, str(gate.ROOT / "tests/live"))
import servers  # noqa: E402


class Past(WatchCase):
    def asked(self):
        return len(self.prometheus.asked("query_range")) + len(self.prometheus.asked("query"))

    def test_no_change_passes_once_the_minimum_is_over(self):
        report, told = self.past(code=0)
        self.assertEqual(self.ended(report), ("safe", 15))
        watch = report["watch"]
        self.assertEqual((watch["looks"], watch["taken"], watch["every_seconds"], watch["for_seconds"], watch["min_seconds"], watch["past"]),
                         (30, 15, 60, 1800, 900, True))
        self.assertEqual(watch["opened_at"], DEPLOYED)
        self.assertEqual([look["look"] for look in watch["history"]], list(range(1, 16)))
        self.assertEqual(watch["history"][14]["at"], "2026-03-17T12:19:00Z")
        self.assertEqual(report["now"], "2026-03-17T12:19:00Z")
        self.assertEqual(report["metrics"][0]["candidate"]["window"], {"start": DEPLOYED, "end": "2026-03-17T12:19:00Z"})
        self.assertIn("look 15 of 30, 15 min after the candidate's window opened: everything required holds; intervals hold at all looks together",
                      report["notes"])
        self.assertTrue(told.endswith("12:19:00 look 15/30 PASS safe=1/1 after 15 min: promote\n"), told)

    def test_stored_data_are_asked_for_once_a_side(self):
        self.past("--min", "30m", code=0)
        self.assertEqual(self.asked(), 2)

    def test_a_regression_fails_at_the_first_look_that_proves_it(self):
        self.prometheus.answers = [("latency", latency(0.3))]
        report, told = self.past(code=1)
        why, look = self.ended(report)
        self.assertEqual(why, "harm")
        self.assertLess(look, 10)
        self.assertEqual(report["metrics"][0]["verdict"], "fail")
        self.assertIn(f"look {look}/30 FAIL latency=+", told)
        self.assertIn(f"after {look} min: hold or roll back", told)
        before = report["watch"]["history"][-2]["metrics"][0]
        self.assertNotEqual(before["verdict"], "fail")

    def test_levels_fall_and_intervals_shrink(self):
        report, _ = self.past("--min", "30m", code=0)
        seen = [look["metrics"][0] for look in report["watch"]["history"]]
        levels = [one["level"] for one in seen]
        self.assertEqual(levels, sorted(levels, reverse=True))
        # R: see tests/unit/stats/test_spending.cpp, pnorm(1.88547530755).
        self.assertAlmostEqual(levels[-1], 0.9703167, places=6)
        # With four points nothing is evaluated, and nothing is shown.
        self.assertIsNone(seen[0]["interval"])
        widths = [one["interval"][1] - one["interval"][0] for one in seen[3:]]
        self.assertLess(widths[-1], widths[0] / 4)
        self.assertAlmostEqual(report["metrics"][0]["change"]["interval_level"], 0.9, places=12)

    def test_a_look_sees_what_check_would_have_seen(self):
        self.prometheus.answers = [("latency", latency(0.3))]
        report, _ = self.past()
        look = report["watch"]["decided_at_look"]
        head = HEAD.replace('candidate = { window = "30m" }', f'candidate = {{ window = "{look}m" }}')
        code, once = gate.report(self.gate(head=head), "--deployed-at", DEPLOYED, "--now", report["now"])
        self.assertEqual(code, 1)
        for side in ("baseline", "candidate"):
            self.assertEqual(once["metrics"][0][side], report["metrics"][0][side])
        self.assertEqual(once["metrics"][0]["series"], report["metrics"][0]["series"])
        # One look of many must be surer than a single one.
        self.assertLess(report["metrics"][0]["change"]["interval"][0], once["metrics"][0]["change"]["interval"][0])

    def test_unproven_to_the_end_is_the_table_of_check(self):
        self.prometheus.answers = [("latency", lambda moment: 0.2 * math.exp(1.2 * noise(moment)))]
        report, told = self.past()
        self.assertEqual(report["watch"]["ended"], "horizon")
        self.assertEqual(report["watch"]["taken"], 30)
        self.assertIn(report["verdict"], ("warn", "inconclusive"))
        self.assertEqual(report["metrics"][0]["criteria"][0]["outcome"], "unproven")
        self.assertIn("look 25/30", told)
        self.assertIn("look 30/30", told)

    def test_ratios_and_tracks(self):
        text = """
[metrics.errors]
source = "prom"
kind = "ratio"
events = 'errors{track="{{track}}"}[{{step}}]'
total = 'requests[{{step}}]'
fail = { increase_over = "0.2pp" }
design = "side-by-side"
"""
        share = {"stable": 0.01, "canary": 0.02}
        self.prometheus.answers = [(f'track="{track}"', lambda moment, p=p: max(0.0, round(1000 * p + 3 * noise(moment, p)))) for track, p in share.items()]
        self.prometheus.answers.append(("requests", lambda moment: 1000.0))
        report, _ = self.past(text=text, code=1)
        self.assertEqual(self.ended(report)[0], "harm")
        metric = report["metrics"][0]
        self.assertEqual(metric["baseline"]["window"], metric["candidate"]["window"])
        self.assertEqual(self.asked(), 3)  # both tracks have one question for the total

    def test_one_number_of_a_window_is_asked_at_each_look(self):
        text = """
[metrics.restarts]
source = "prom"
kind = "value"
query = 'increase(restarts[{{window}}])'
fail = { above = 3 }
"""
        self.prometheus.answers = [("restarts", lambda moment: 5.0 if moment >= RELEASE + 420 else 0.0)]
        report, _ = self.past(text=text, code=1)
        # Above its limit since look 7, so at look 9 for the third time.
        self.assertEqual(self.ended(report), ("harm", 9))
        asked = [dict(request.query) or request.body.decode() for request in self.prometheus.asked("/query")]
        self.assertEqual(len([one for one in asked if "restarts" in str(one)]), 18)  # and as much before, of the same length
        self.assertIn("9m", str(asked[-1]))

    def test_a_limit_that_is_passed_for_two_looks_is_none(self):
        text = """
[metrics.load]
source = "prom"
kind = "value"
query = 'load'
fail = { above = 3 }
"""
        self.prometheus.answers = [("load", lambda moment: 5.0 if RELEASE + 120 <= moment < RELEASE + 240 else 0.0)]
        report, told = self.past(text=text, code=0)
        self.assertEqual(self.ended(report), ("safe", 15))
        verdicts = [look["metrics"][0]["verdict"] for look in report["watch"]["history"][:5]]
        self.assertEqual(verdicts, ["pass", "inconclusive", "inconclusive", "pass", "pass"])
        self.assertIn("look 2/30 INCONCLUSIVE load=", told)

    def test_data_that_had_not_arrived_are_not_seen(self):
        head = HEAD.replace('ingest_delay = "0s"', 'ingest_delay = "5m"')
        self.prometheus.answers = [("latency", latency(0.3))]
        report, _ = self.past(head=head, code=1)
        late = self.ended(report)[1]
        report, _ = self.past(code=1)
        self.assertEqual(late, self.ended(report)[1] + 5)
        self.assertEqual(report["watch"]["history"][0]["metrics"][0]["evidence"], "thin")

    def test_a_month_in_the_same_gate_is_pending(self):
        text = LATENCY + '[metrics.retention]\nsource = "prom"\nquery = "retention"\ncandidate = { window = "28d" }\nfail = { below = 1 }\n'
        report, _ = self.past(text=text, code=3)
        self.assertEqual(report["metrics"][1]["evidence"], "pending")
        self.assertEqual(report["metrics"][1]["due"], "2026-04-14T12:04:00Z")
        report, _ = self.past(text=text + '[verdict]\non_pending = "skip"\n', code=0)
        self.assertEqual(self.ended(report), ("safe", 15))

    def test_what_is_only_known_as_it_is_now_is_left_out(self):
        text = LATENCY + """
[sources.sonar]
type = "sonarqube"
url = "http://127.0.0.1:1"
project = "checkout"
[metrics.quality]
source = "sonar"
quality_gate = true
"""
        report, _ = self.past(text=text, code=0)
        self.assertEqual(report["metrics"][1]["verdict"], "skipped")
        self.assertEqual(report["metrics"][1]["notes"], ["not asked: only what it is now can be asked, not what it was at a look"])

    def test_a_server_that_is_down_is_an_error_after_three_looks(self):
        head = HEAD.replace("URL", "http://127.0.0.1:1")
        report, told = self.past(head=head, code=4)
        self.assertEqual(self.ended(report), ("error", 3))
        self.assertIn("look 1/30 ERROR latency=no-answer", told)

    def test_looks_that_cannot_be_taken(self):
        file = self.gate()
        for options, message in (
            (("--every", "1h"), "error[RG0009]: --every 1h is longer than --for 30m: there would be no look"),
            (("--min", "1h"), "error[RG0009]: --min 1h is longer than --for 30m"),
            (("--every", "1s"), "error[RG0009]: --every 1s and --for 30m make 1800 looks, and 1000 are the most"),
            (("--every", "0s"), "error[RG0005]: --every 0s: it must be longer than 0s"),
            (("--for", "soon"), "error[RG0005]: --for soon: "),
            (("--now", "2026-03-17T12:20:00Z"), "error[RG0009]: --past: the last look would be at 2026-03-17T12:34:00Z, which is not over"),
        ):
            with self.subTest(options=options):
                done = gate.run("watch", file, "--past", "--deployed-at", DEPLOYED, *options)
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr.startswith(message), done.stderr)
                self.assertEqual(done.stdout, "")
        done = gate.run("watch", file, "--now", "2026-03-17T12:20:00Z")
        self.assertEqual((done.returncode, "--now requires --past" in done.stderr), (2, True), done.stderr)
        self.assertEqual(self.asked(), 0)


class RealPrometheus(WatchCase):
    def test_backfilled_data(self):
        """The same looks over Debian's Prometheus, scraped every 15 s: points that are its own, not a double's."""
        lines = ["# TYPE latency gauge"]
        for i in range(-140, 140):
            moment = RELEASE + 15 * i
            lines.append(f"latency {latency(0.3)(moment)!r} {moment}")
        with servers.Prometheus("\n".join(lines) + "\n# EOF\n") as server:
            head = HEAD.replace("URL", server.url)
            report, _ = self.past(head=head, code=1)
            found = self.ended(report)
            self.assertEqual(found[0], "harm")
            metric = report["metrics"][0]
            self.assertEqual(metric["baseline"]["samples"], 120)
            self.assertEqual(metric["candidate"]["samples"], 4 * found[1])
        self.prometheus.answers = [("latency", latency(0.3))]
        double, _ = self.past(code=1)
        self.assertEqual(self.ended(double), found)
        self.assertEqual(double["metrics"][0]["change"], metric["change"])


if __name__ == "__main__":
    gate.main()
