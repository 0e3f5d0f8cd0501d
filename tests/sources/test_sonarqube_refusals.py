"""SonarQube's refusals and odd answers through the program, against the double of tests/doubles/sonarqube.py.

A docstring `Trap: …` names what the API is known for; tests/sources/traps.py lists them.
"""

import time

from gate import main
from sonar_gate import COVERAGE, GATE, SonarTest, api
from double import answer  # noqa: I001


class Refusals(SonarTest):
    def test_401_has_an_empty_body(self):
        """Trap: a wrong or expired token is 401 with an empty body"""
        self.assertEqual(self.error(token=api.EXPIRED), "RG1101")
        self.assertIn("the token is missing, wrong or expired (env SONAR_TOKEN)", self.text)

    def test_403_names_the_permission(self):
        """Trap: 403 means that the user may not Browse the project"""
        self.double.browse = False
        self.assertEqual(self.error(), "RG1103")
        self.assertIn('needs the permission "Browse" on checkout', self.text)

    def test_404_says_both(self):
        """Trap: 404 comes for missing and for hidden projects alike: both are said"""
        for source, metric, what in (('project = "chekcout"\n', COVERAGE, "chekcout"),
                                     ("", COVERAGE + 'branch = "gone"\n', "checkout, branch gone")):
            with self.subTest(what=what):
                self.assertEqual(self.error(metric, source), "RG1803")
                self.assertIn(f"{what} is not there, or the token may not see it (HTTP 404)", self.text)

    def test_html_at_200(self):
        """Trap: a proxy's login page comes as HTML at 200"""
        page = answer(200, "<!DOCTYPE html><html><title>Sign in</title></html>", {"Content-Type": "text/html"})
        self.double.fail("/api/components/show", page, 9)
        self.assertEqual(self.error(), "RG1202")
        self.assertNotIn("Sign in", self.text)

    def test_json_that_ends_early(self):
        """Trap: a body that ends early is an error, never fewer measures"""
        for path in ("/api/components/show", "/api/measures/component"):
            with self.subTest(path=path):
                self.double.fail(path, answer(200, '{"component":{"measures":[{"metric":"coverage","value":"81.2"}'))
                self.assertEqual(self.error(), "RG1801")

    def test_answers_of_another_form(self):
        for metric, path, body in ((COVERAGE, "/api/measures/component", {"measures": []}), (GATE, "project_status", {"status": "OK"}),
                                   (GATE, "project_status", {"projectStatus": {}}),
                                   (COVERAGE, "/api/components/show", {"component": {"analysisDate": "yesterday"}}),
                                   ('measure = "coverage"\nfail = { decrease_over = 1 }\n', "search_history", {"measures": []})):
            with self.subTest(body=body):
                self.double.fail(path, answer(200, body))
                self.assertEqual(self.error(metric), "RG1801")

    def test_429_with_a_reset_soon_is_waited_for(self):
        self.double.fail("/api/measures", answer(429, "", {"Retry-After": "1"}))
        self.assertEqual(self.one()["candidate"]["value"], 81.2)

    def test_429_for_an_hour_ends_within_the_deadline(self):
        self.double.fail("/api/measures", answer(429, "", {"Retry-After": "3600"}), 9)
        start = time.monotonic()
        self.assertEqual(self.error(deadline="3s"), "RG1040")
        self.assertLess(time.monotonic() - start, 10)

    def test_servers_before_10_take_the_token_as_user(self):
        """Trap: older servers know basic authentication alone, with the token as the user"""
        self.double.bearer = False
        self.assertEqual(self.error(), "RG1101")
        self.assertIn('auth = "basic"', self.text)
        self.assertEqual(self.one(source='auth = "basic"\n')["candidate"]["value"], 81.2)

    def test_texts_of_the_server_are_made_harmless(self):
        self.double.main["gate"]["conditions"] = [api.condition("ERROR", "new_\x1b[31mcoverage", "LT", "80", api.TOKEN)]
        text = str(self.one(GATE))
        self.assertNotIn("\x1b", text)
        self.assertNotIn(api.TOKEN, text)


if __name__ == "__main__":
    main()
