"""Answers that a healthy server does not give on demand: partial answers, proxies, gateways, native histograms."""

import base64
import json
import threading

import gate
from double import DEPLOYED, HEAD, NOW, DoubleTest, json_answer, matrix, parameters, source


class Protocol(DoubleTest):
    def test_form_body(self):
        code, metric = self.ask(lambda request: json_answer(200, matrix(request)))
        self.assertEqual((code, metric["verdict"]), (0, "pass"))
        self.assertEqual([(one.method, one.path) for one in self.requests], [("POST", "/prefix/api/v1/query_range")] * 2)
        self.assertEqual(self.requests[0].headers["Content-Type"], "application/x-www-form-urlencoded")
        expected = {"query": 'up{a="b c"}', "start": str(DEPLOYED - 285), "end": str(DEPLOYED), "step": "15", "nocache": "1"}
        self.assertIn(expected, [one.form for one in self.requests])

    def test_get_where_post_is_refused(self):
        for refusal in (405, 501):
            def query(request, refusal=refusal):
                return json_answer(200, matrix(request)) if request.method == "GET" else (refusal, {}, "")
            code, metric = self.ask(query)
            self.assertEqual((code, metric["candidate"]["samples"]), (0, 20))
            sent = {one["method"]: one["status"] for one in metric["requests"]}
            self.assertEqual(sent, {"POST": refusal, "GET": 200})

    def test_neither_post_nor_get(self):
        self.error(lambda request: (405, {}, ""), "RG1105")

    def test_warnings_are_an_error_unless_accepted(self):
        partial = ["store 10.0.0.7:10901: connection refused"]
        error = self.error(lambda request: json_answer(200, matrix(request, warnings=partial)), "RG1305")
        self.assertIn("it said: " + partial[0], error["context"])
        self.assertIn('on_partial = "note"', error["hint"])
        code, metric = self.ask(lambda request: json_answer(200, matrix(request, warnings=partial)),
                                keys='on_partial = "note"\n')
        self.assertEqual(code, 0)
        self.assertEqual(metric["notes"], ["the server warns: " + partial[0]])

    def test_infos_are_notes(self):
        info = ["PromQL info: metric might not be a counter"]
        code, metric = self.ask(lambda request: json_answer(200, matrix(request, infos=info)))
        self.assertEqual((code, metric["notes"]), (0, ["the server notes: " + info[0]]))

    def test_error_at_status_200(self):
        body = {"status": "error", "errorType": "bad_data", "error": "1:3: parse error: unexpected x"}
        error = self.error(lambda request: json_answer(200, body), "RG1301")
        self.assertIn("query: " + 'up{a="b c"}', error["context"])
        self.assertIn("         ^", error["context"])

    def test_error_that_follows_data(self):
        body = '{"data":{"resultType":"matrix","result":[{"metric":{},"values":[[1773749000,"1"]]}]},"status":"error",' \
               '"errorType":"execution","error":"half way"}'
        self.assertIn("half way", self.error(lambda request: json_answer(200, body), "RG1302")["message"])

    def test_native_histograms(self):
        result = [{"metric": {}, "histograms": [[DEPLOYED, {"count": "3", "sum": "1", "buckets": [[0, "1", "2", "3"]]}]]}]
        body = {"status": "success", "data": {"resultType": "matrix", "result": result}}
        self.assertIn('kind = "histogram"', self.error(lambda request: json_answer(200, body), "RG1311")["hint"])

    def test_page_in_place_of_data(self):
        page = "<!DOCTYPE html><html><title>Sign in to TOPSECRET</title></html>"
        error = self.error(lambda request: (200, {"Content-Type": "text/html"}, page), "RG1202")
        self.assertNotIn("TOPSECRET", json.dumps(error))

    def test_refusals_of_a_gateway(self):
        page = "<html><h1>401 SHOWN-TO-NOBODY</h1></html>"
        said = {"status": "error", "errorType": "bad_data", "error": "invalid API key"}
        for status, body, code in ((401, page, "RG1101"), (403, page, "RG1103"), (401, said, "RG1101"), (403, said, "RG1103"),
                                   (404, page, "RG1104")):
            with self.subTest(f"{status} {code}"):
                kind = "text/html" if body is page else "application/json"
                text = body if body is page else json.dumps(body)
                error = self.error(lambda request, s=status, k=kind, t=text: (s, {"Content-Type": k}, t), code,
                                   token='{ env = "PROM_TOKEN" }', environment={"PROM_TOKEN": "planted-token-1"})
                self.assertNotIn("SHOWN-TO-NOBODY", json.dumps(error))
                self.assertNotIn("planted-token-1", json.dumps(error))
                if status != 404:
                    self.assertIn("PROM_TOKEN", error["hint"])

    def test_redirect_to_a_login_page_elsewhere(self):
        with gate.Server(lambda request: (200, {}, "login")) as login:
            self.error(lambda request: (302, {"Location": login.url + "/login"}, ""), "RG1030",
                       token='{ env = "PROM_TOKEN" }', environment={"PROM_TOKEN": "planted-token-1"})
            self.assertEqual(login.requests, [])

    def test_unavailable_is_asked_again(self):
        seen = []

        def query(request):
            key = parameters(request)["start"]
            seen.append(key)
            busy = {"status": "error", "errorType": "unavailable", "error": "starting up"}
            return json_answer(503, busy) if seen.count(key) < 3 else json_answer(200, matrix(request))
        code, metric = self.ask(query)
        self.assertEqual((code, [one["attempts"] for one in metric["requests"]]), (0, [3, 3]))

    def test_timeout_that_stays(self):
        body = {"status": "error", "errorType": "timeout", "error": "query timed out in expression evaluation"}
        self.assertIn("query timed out", self.error(lambda request: json_answer(503, body), "RG1303", retries=1)["message"])

    def test_points_outside_of_the_range(self):
        def query(request):
            body = json.loads(matrix(request))
            values = body["data"]["result"][0]["values"]
            values.insert(0, [values[0][0] - 15, "99"])
            values.append([values[-1][0] + 15, "99"])
            return json_answer(200, body)
        code, metric = self.ask(query)
        self.assertEqual((code, metric["candidate"]["value"], metric["candidate"]["samples"]), (0, 0.5, 20))
        self.assertIn("2 points outside of the asked range were left out", metric["notes"])

    def test_tenant_header_and_basic_authentication(self):
        code, _ = self.ask(lambda request: json_answer(200, matrix(request)), user='"ann"', password='{ env = "PROM_PASSWORD" }',
                           headers='{ "X-Scope-OrgID" = { env = "TENANT" } }',
                           environment={"PROM_PASSWORD": "pa:ss", "TENANT": "team-7"})
        self.assertEqual(code, 0)
        expected = "Basic " + base64.b64encode(b"ann:pa:ss").decode()
        self.assertEqual({(one.headers["Authorization"], one.headers["X-Scope-OrgID"]) for one in self.requests},
                         {(expected, "team-7")})

    def test_slow_build_information_keeps_nobody_waiting(self):
        gone = threading.Event()
        self.addCleanup(gone.set)

        def answer(request):
            if request.route.endswith("buildinfo"):
                gone.wait(20)
                return json_answer(200, {})
            return json_answer(200, matrix(request))
        path = self.write("gate.toml", HEAD + source())
        with gate.Server(answer) as server:
            result = gate.run("check", path, *NOW, env={"PROMETHEUS_URL": server.url})
            gone.set()
        self.assertEqual(result.returncode, 0)
        self.assertLess(result.seconds, 9)


if __name__ == "__main__":
    gate.main()
