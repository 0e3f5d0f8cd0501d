"""Audits through the program: what controls come to on a day, from CSV and JSON, against counts made here."""

import datetime
import json
import random

from gate import GateTest, main, report, run

RELEASED = datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
SEVERITIES = ("critical", "high", "medium", "low")
COLUMNS = ("id", "title", "result", "where", "severity", "waived_until", "due")
MEASURES = ("failed", "passed", "waived", "expired", "past_due", "controls", "pass_rate", "total", "suppressed")


def end_of(day):
    return datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.timezone.utc) + DAY


class Audit(GateTest):
    def controls(self, seed, count=200):
        dice = random.Random(seed)
        out = []
        for i in range(count):
            result = dice.choice(["passed", "passed", "failed", "waived", "not_applicable"])
            day = str((RELEASED + dice.randrange(-30, 31) * DAY).date())
            out.append({"id": f"AC-{i}", "title": "a, \"quoted\" title", "result": result, "where": dice.choice(["", "db-1"]),
                        "severity": dice.choice(SEVERITIES), "waived_until": day if result == "waived" else "",
                        "due": day if dice.random() < 0.5 else ""})
        return out

    def csv(self, controls, name="audit.csv"):
        lines = [",".join(COLUMNS)]
        lines += [",".join('"{}"'.format(one[key].replace('"', '""')) for key in COLUMNS) for one in controls]
        return self.write(name, "\n".join(lines) + "\n")

    def measured(self, measure, at=RELEASED, source='path = "audit.csv"', more=""):
        gate = self.write("gate.toml", f'version = 1\n[sources.audit]\ntype = "audit"\n{source}\n[metrics.m]\nsource = "audit"\n'
                          f'measure = "{measure}"\n{more}\nwarn = {{ above = 1000 }}\n')
        stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.code, answer = report(gate, "--deployed-at", stamp, "--now", stamp)
        return answer["metrics"][0]

    def expected(self, controls, at):
        expired = [one for one in controls if one["result"] == "waived" and end_of(one["waived_until"]) <= at]
        failed = [one for one in controls if one["result"] == "failed"] + expired
        waived = sum(one["result"] == "waived" for one in controls) - len(expired)
        passed = sum(one["result"] == "passed" for one in controls)
        every = passed + len(failed) + waived
        return {"failed": len(failed), "passed": passed, "waived": waived, "expired": len(expired), "controls": every,
                "past_due": sum(bool(one["due"]) and end_of(one["due"]) <= at for one in failed), "pass_rate": 100 * passed / every,
                "total": len(failed), "suppressed": waived}

    def test_the_measures_of_a_day(self):
        controls = self.controls(3)
        self.csv(controls)
        for at in (RELEASED, RELEASED - 20 * DAY, RELEASED + 31 * DAY):
            expected = self.expected(controls, at)
            self.assertGreater(min(expected[key] for key in ("failed", "passed", "past_due")), 0)
            for measure in MEASURES:
                with self.subTest(measure, at=at):
                    self.assertAlmostEqual(self.measured(measure, at)["candidate"]["value"], expected[measure], places=9)

    def test_json_is_read_alike_and_says_when_it_was_made(self):
        controls = self.controls(4)
        self.csv(controls)
        figures = [self.measured(measure)["candidate"]["value"] for measure in MEASURES]
        self.write("audit.json", json.dumps({"generated_at": "2026-03-16T00:00:00Z", "controls": controls}))
        source = 'path = "audit.json"\nmax_age = "3d"'
        self.assertEqual([self.measured(measure, source=source)["candidate"]["value"] for measure in MEASURES], figures)
        self.assertEqual(self.measured("failed", RELEASED + 9 * DAY, source)["evidence"], "none")
        self.write("audit.json", json.dumps(controls))
        self.assertEqual(self.measured("failed", source='path = "audit.json"')["candidate"]["value"], figures[0])

    def test_each_severity_and_one(self):
        controls = self.controls(5)
        self.csv(controls)
        for severity in SEVERITIES:
            expected = self.expected([one for one in controls if one["severity"] == severity], RELEASED)["failed"]
            metric = self.measured("failed", more=f'severity = ["{severity}"]')
            self.assertEqual(metric["candidate"]["value"], expected)

    def test_new_and_fixed_by_control_and_system(self):
        before, now = self.controls(6), self.controls(7)
        self.csv(now)
        self.csv(before, "main.csv")
        fails = [{(one["id"], one["where"]) for one in side if one["result"] == "failed" or one["result"] == "waived" and
                  end_of(one["waived_until"]) <= RELEASED} for side in (before, now)]
        waived = {(one["id"], one["where"]) for one in now if one["result"] == "waived"} - fails[1]
        source = 'path = "audit.csv"\nbaseline_path = "main.csv"'
        self.assertEqual(self.measured("new", source=source)["candidate"]["value"], len(fails[1] - fails[0]))
        self.assertEqual(self.measured("persisting", source=source)["candidate"]["value"], len(fails[1] & fails[0]))
        self.assertEqual(self.measured("fixed", source=source)["candidate"]["value"], len(fails[0] - fails[1] - waived))

    def test_no_control_is_no_data(self):
        self.csv([])
        metric = self.measured("failed")
        self.assertEqual((metric["evidence"], metric["brief"]), ("none", "the audit has no control"))

    def test_what_cannot_be_meant_is_an_error_with_its_place(self):
        table = {
            "id,result\nAC-1,perhaps\n": ("RG1504", "audit.csv:2: `result` is \"perhaps\""),
            "id,result\n,failed\n": ("RG1504", "audit.csv:2: a control without an `id`"),
            "id,result\nAC-1,failed\nAC-1,passed\n": ("RG1504", "audit.csv:3: AC-1 stands there twice"),
            "id,result\nAC-1,waived\n": ("RG1504", "audit.csv:2: AC-1 is waived without an end"),
            "id,result,waived_until\nAC-1,waived,soon\n": ("RG1504", "audit.csv:2: `waived_until` is \"soon\", which is no day"),
            "id,result,waived_until\nAC-1,failed,2026-05-01\n": ("RG1504", "audit.csv:2: AC-1 has failed and has a `waived_until`"),
            "id,result,severity\nAC-1,failed,awful\n": ("RG1504", "audit.csv:2: `severity` is \"awful\""),
            "control,outcome\nAC-1,failed\n": ("RG1503", "audit.csv"),
            '{"results": []}': ("RG1504", "audit.csv"),
            '{"controls": [{"id": "AC-1", "result": 7}]}': ("RG1504", "audit.csv#/controls/0/result"),
        }
        for text, (code, message) in table.items():
            with self.subTest(text):
                self.write("audit.csv", text)
                error = self.measured("failed")["error"]
                self.assertEqual(error["code"], code, error)
                self.assertIn(message, error["message"])

    def test_mistakes_are_found_before_anything_is_read(self):
        for metric, code in (('measure = "open"', "RG1505"), ('measure = "new"', "RG1507"), ('measure = "failed"\nseverity = ["worst"]', "RG1506")):
            gate = self.write("gate.toml", f'version = 1\n[sources.audit]\ntype = "audit"\npath = "a.csv"\n[metrics.m]\nsource = "audit"\n{metric}\nfail = {{ above = 0 }}\n')
            self.assertIn(f"error[{code}]", run("validate", gate).stderr)


if __name__ == "__main__":
    main()
