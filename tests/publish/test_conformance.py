"""What is sent to GitHub, held against GitHub's own description of its API, and its own examples of events.

Needs the npm packages @octokit/openapi and @octokit/webhooks-examples, which are too large to be kept here:
`npm install --ignore-scripts @octokit/openapi @octokit/webhooks-examples`, and OCTOKIT_MODULES=…/node_modules/@octokit in the environment.
"""

import json
import os
import pathlib
import re
import unittest

import gate
import jsonschema  # Debian: python3-jsonschema
from publish_case import PublishTest
import github  # noqa: I001

MODULES = os.environ.get("OCTOKIT_MODULES")


def with_null(schema):
    """OpenAPI's `nullable` as JSON Schema says it."""
    if isinstance(schema, list):
        return [with_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: with_null(value) for key, value in schema.items()}
    if out.pop("nullable", False) and isinstance(out.get("type"), str):
        out["type"] = [out["type"], "null"]
    return out


@unittest.skipUnless(MODULES, "OCTOKIT_MODULES is not set: GitHub's description of its API is not here")
class Conformance(PublishTest):
    def test_requests(self):
        described = json.loads((pathlib.Path(MODULES) / "openapi/generated/api.github.com.deref.json").read_text())["paths"]
        self.publish("github,github-status", self.another("fail"))
        self.publish("github", self.another("fail"))
        self.github.comment(self.comment())
        self.publish("github", self.another("fail"))
        seen = set()
        for request in self.github.requests:
            if request.path == "/graphql":
                continue
            place = request.path.replace(f"/repos/{github.REPOSITORY}", "/repos/{owner}/{repo}")
            found = [path for path in described if re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)), request.path)]
            self.assertEqual(len(found), 1, place)
            operation = described[found[0]][request.method.lower()]
            known = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
            self.assertLessEqual(set(request.query), known)
            if request.body:
                schema = with_null(operation["requestBody"]["content"]["application/json"]["schema"])
                jsonschema.validate(request.json(), {**schema, "additionalProperties": False})
            seen.add((request.method, found[0].removeprefix("/repos/{owner}/{repo}")))
        self.assertEqual(seen, {
            ("POST", "/issues/{issue_number}/comments"), ("PATCH", "/issues/comments/{comment_id}"), ("DELETE", "/issues/comments/{comment_id}"),
            ("GET", "/commits/{ref}/check-runs"), ("POST", "/check-runs"), ("POST", "/statuses/{sha}")})

    def test_events(self):
        examples = json.loads((pathlib.Path(MODULES) / "webhooks-examples/api.github.com/index.json").read_text())
        wanted = {"pull_request": lambda e: e["pull_request"]["head"]["sha"], "workflow_run": lambda e: e["workflow_run"]["head_sha"],
                  "deployment_status": lambda e: e["deployment"]["sha"]}
        seen = 0
        for event in examples:
            for payload in event["examples"] if event["name"] in wanted else []:
                seen += 1
                self.payload = self.write("event.json", json.dumps(payload))
                self.publish("github-status", self.another())
                self.assertEqual(self.github.statuses[-1]["sha"], wanted[event["name"]](payload))
        self.assertGreater(seen, 5)


if __name__ == "__main__":
    gate.main()
