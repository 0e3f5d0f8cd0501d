"""`release-gate sources --check` of a SonarQube: each way to fail has a sentence of its own."""

from gate import main
from test_check import Check
import sonarqube  # after test_check, which knows where the doubles are


class SonarQubeRefusals(Check):
    GATE = '[metrics.quality_gate]\nsource = "sonar"\nquality_gate = true\n'
    ENV = {"SONAR_TOKEN": sonarqube.TOKEN}

    def source(self, double, more=""):
        return "sonar", (f'type = "sonarqube"\nurl = "{double.url}"\ntoken = {{ env = "SONAR_TOKEN" }}\nproject = "checkout"\n'
                         f'retries = 0\n{more}')

    def test_it_works(self):
        with sonarqube.SonarQube() as double:
            found = self.check(self.source(double), metrics=self.GATE, env=self.ENV)["sonar"]
        self.assertEqual((self.exit_code, found["authenticated"], found["permitted"], found["system"]),
                         (0, True, True, "SonarQube 10.4.1.88267"))
        self.assertGreater(found["latency_ms"], 0)

    def test_each_failure_has_its_own_sentence(self):
        with sonarqube.SonarQube() as double:
            self.refused(self.source(double), "RG1805", "the token is not valid", "renew env SONAR_TOKEN", metrics=self.GATE,
                         env={"SONAR_TOKEN": sonarqube.EXPIRED}, authenticated=False, reachable=True)
            self.refused(self.source(double), "RG1102", "wants a credential, and env SONAR_TOKEN is not set", metrics=self.GATE,
                         env={}, authenticated=False)
            double.browse = False
            self.refused(self.source(double), "RG1103", metrics=self.GATE, env=self.ENV, authenticated=True, permitted=False)
        with sonarqube.SonarQube() as double:
            double.project = "other"
            self.refused(self.source(double), "RG1803", metrics=self.GATE, env=self.ENV, authenticated=True, permitted=False)


if __name__ == "__main__":
    main()
