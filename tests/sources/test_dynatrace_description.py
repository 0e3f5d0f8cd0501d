"""What is asked of Dynatrace, and what its double answers, against the API's OpenAPI description, where that is at hand."""

import json

import jsonschema
import yaml

from api_case import answer, recording
from gate import main, run
from test_dynatrace import P95, RELEASE, TIME, DynatraceTest


class Recording(DynatraceTest):
    """Against the API's OpenAPI description, where it is at hand."""

    def setUp(self):
        super().setUp()
        text = recording("dynatrace/metrics-openapi.yml")
        if text is None:
            self.skipTest("the recordings are not here")
        self.api = yaml.safe_load(text)

    def operation(self, path):
        """The description of GET `path`, a template filled in or not."""
        own = path.removeprefix("/api/v2")
        found = self.api["paths"].get(own) or self.api["paths"]["/metrics/{metricKey}"]
        return found["get"]

    def checker(self, schema):
        def plain(node):
            """OpenAPI 3.0's `nullable`, which the description mixes in, in the words of JSON Schema."""
            if isinstance(node, list):
                return [plain(one) for one in node]
            if not isinstance(node, dict):
                return node
            out = {key: plain(value) for key, value in node.items() if key not in ("example", "examples")}
            if out.pop("nullable", False):
                out["type"] = [out["type"], "null"]
            return out

        return jsonschema.Draft202012Validator({"$ref": schema, "components": plain(self.api["components"])})

    def schema_of(self, path, status):
        found = self.operation(path)["responses"][str(status)]
        if "$ref" in found:
            found = self.api["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]
        return found["content"]["application/json"]["schema"]["$ref"]

    def test_requests_and_the_double_fit_the_description(self):
        """Every parameter that is sent is one of the operation, every required one is there, and the double's answers are valid."""
        answers, handle = [], self.double.handle
        self.double.handle = lambda request: answers.append((request, handle(request))) or answers[-1][1]
        self.double.series_a_page = 1
        self.double.metrics[P95] = [({"dt.entity.service": name}, lambda at: None if at == RELEASE else 1.0) for name in ("A", "B")]
        self.ask(self.METRIC + "\neach = \"dt.entity.service\"\nentity_selector = 'type(SERVICE)'\nmz_selector = 'mzId(1)'")
        self.ask(self.METRIC + '\nkind = "value"\neach = "dt.entity.service"')
        self.ask(self.METRIC + '\nentity_selector = "type("')
        self.ask(self.METRIC.replace("response", "reponse"))
        self.ask(secrets={"DYNATRACE_TOKEN": "dt0c01.OTHER.TOKEN"})
        run("sources", "--check", self.gate(), env=self.SECRETS)
        statuses = set()
        for request, (status, _, text) in answers:
            declared = {one["name"]: one for one in self.operation(request.path)["parameters"] if "name" in one}
            sent = set(request.query)
            if request.path.endswith("/query"):
                # The description leaves it out here; the errors of the real API name it ("expected one of nextPageKey or metricSelector").
                sent.discard("nextPageKey")
            self.assertLessEqual(sent, set(declared), request.path)
            if "nextPageKey" not in request.query:
                self.assertLessEqual({name for name, one in declared.items() if one.get("required") and one["in"] == "query"}, sent)
            self.assertEqual(list(self.checker(self.schema_of(request.path, status)).iter_errors(json.loads(text))), [], request.path)
            statuses.add((request.path.rsplit("/", 1)[1].split(":")[0], status))
        self.assertEqual(statuses, {("builtin", 200), ("builtin", 401), ("builtin", 404), ("query", 200), ("query", 400), ("metrics", 200)})

    def test_the_descriptions_examples(self):
        """Its example of an answer has a series without points: the designed error, and no data made of it."""
        example = self.operation("/metrics/query")["responses"]["200"]["content"]["application/json"]["examples"]
        for one in example.values():
            self.double.fail(self.PATH, answer(200, one["value"]))
            self.assertEqual(self.error(), "RG1902")
            self.assertIn("timestamps", self.text)
        descriptor = self.operation(f"/metrics/{TIME}")["responses"]["200"]["content"]["application/json"]["examples"]
        for one in descriptor.values():
            self.double.fail(f"/metrics/{TIME}", answer(200, one["value"]))
            self.assertIn(f"Dynatrace says that {TIME} is in: {one['value']['unit']}", self.one()["notes"])


if __name__ == "__main__":
    main()
