"""ci-templates/flagger: valid, and played. The server is started as the Deployment says, and called as the Canary says.

FLAGGER_CRD may name Flagger's own crd.yaml: then the Canary is held against its schema, too.
"""

import copy
import json
import os
import re
import subprocess
import unittest
import urllib.parse

import jsonschema
import yaml

import gate
import hook
from template_schema import problems_of as problems

FOLDER = gate.ROOT / "ci-templates" / "flagger"
FILES = sorted(FOLDER.glob("*.yaml"))
YAMLLINT = "{extends: default, rules: {line-length: {max: 180}, document-start: disable, comments: {min-spaces-from-content: 1}}}"


def read(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def server_container():
    return read("deployment.yaml")["spec"]["template"]["spec"]["containers"][0]


def webhooks():
    return read("canary.yaml")["spec"]["analysis"]["webhooks"]


class Valid(unittest.TestCase):
    def test_yamllint(self):
        self.assertGreater(len(FILES), 6)
        done = subprocess.run(["yamllint", "-s", "-d", YAMLLINT, *FILES], check=False, stdout=subprocess.PIPE, encoding="utf-8")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        broken = subprocess.run(["yamllint", "-s", "-d", YAMLLINT, "-"], check=False, input="a: 1\na: 2\n", stdout=subprocess.PIPE, encoding="utf-8")
        self.assertEqual(broken.returncode, 1)

    def test_schemas(self):
        for path in FILES:
            with self.subTest(path.name):
                self.assertEqual(problems(read(path.name)), [])

    def test_the_schemas_complain(self):
        for name, change in (("canary.yaml", lambda d: d["spec"]["analysis"]["webhooks"][0].update(typ="rollout")),
                             ("canary.yaml", lambda d: d["spec"]["analysis"]["webhooks"][0].update(type="promote")),
                             ("canary.yaml", lambda d: d["spec"]["analysis"]["webhooks"][0].update(metadata={"a": 1})),
                             ("canary.yaml", lambda d: d["spec"]["analysis"].update(interval="soon")),
                             ("deployment.yaml", lambda d: d["spec"]["template"]["spec"]["containers"][0].update(arg=[])),
                             ("deployment.yaml", lambda d: d["spec"]["template"]["spec"]["containers"][0].pop("image")),
                             ("secret.yaml", lambda d: d.update(stringdata={})),
                             ("service.yaml", lambda d: d["spec"]["ports"][0].update(port="9720"))):
            document = copy.deepcopy(read(name))
            change(document)
            self.assertNotEqual(problems(document), [], name)

    def test_what_one_file_says_of_another(self):
        kustomization = read("kustomization.yaml")
        named = {*kustomization["resources"], "kustomization.yaml", "canary.yaml"}
        self.assertEqual(named, {path.name for path in FILES})
        gates = kustomization["configMapGenerator"][0]["files"]
        self.assertEqual({FOLDER / name for name in gates}, set(FOLDER.glob("gates/*")))
        deployment = read("deployment.yaml")
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(deployment["spec"]["selector"]["matchLabels"], labels)
        self.assertEqual(read("service.yaml")["spec"]["selector"], labels)
        self.assertEqual(read("network-policy.yaml")["spec"]["podSelector"]["matchLabels"], labels)
        self.assertEqual(deployment["spec"]["template"]["spec"]["volumes"][0]["configMap"]["name"],
                         kustomization["configMapGenerator"][0]["name"])
        secret = read("secret.yaml")
        for variable in server_container()["env"]:
            if "valueFrom" in variable:
                reference = variable["valueFrom"]["secretKeyRef"]
                self.assertEqual(reference["name"], secret["metadata"]["name"])
                self.assertIn(reference["key"], secret["stringData"])
        service = read("service.yaml")
        for one in webhooks():
            url = urllib.parse.urlsplit(one["url"])
            self.assertEqual(url.hostname, f"{service['metadata']['name']}.{kustomization['namespace']}.svc.cluster.local")
            self.assertEqual(url.port, service["spec"]["ports"][0]["port"])

    def test_times_fit(self):
        def seconds(text):
            number, unit = re.fullmatch(r"(\d+)([sm])", text).groups()
            return int(number) * {"s": 1, "m": 60}[unit]

        arguments = server_container()["args"]
        deadline = seconds(arguments[arguments.index("--deadline") + 1])
        interval = seconds(read("canary.yaml")["spec"]["analysis"]["interval"])
        rollouts = [seconds(one["timeout"]) for one in webhooks() if one["type"] == "rollout"]
        self.assertLess(sum(rollouts), interval)
        for one in webhooks():
            self.assertGreater(seconds(one["timeout"]), deadline + 2)
        self.assertGreater(read("deployment.yaml")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"], deadline + 2)
        window = re.search(r'window = "(\w+)"', (FOLDER / "gates/checkout.toml").read_text(encoding="utf-8")).group(1)
        self.assertGreater(interval, seconds(window) + 15)

    def test_gates(self):
        gates = sorted(FOLDER.glob("gates/*.toml"))
        done = gate.run("validate", *gates, env={"PROMETHEUS_URL": "http://127.0.0.1:1", "PROMETHEUS_TOKEN": "x"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count(": valid, "), 2)

    @unittest.skipUnless(os.environ.get("FLAGGER_CRD"), "FLAGGER_CRD names no file")
    def test_flaggers_own_schema(self):
        with open(os.environ["FLAGGER_CRD"], encoding="utf-8") as file:
            definition = next(one for one in yaml.safe_load_all(file) if one["spec"]["names"]["kind"] == "Canary")
        version = next(one for one in definition["spec"]["versions"] if one["name"] == "v1beta1")
        schema = version["schema"]["openAPIV3Schema"]

        def close(part):
            """What Kubernetes prunes silently is an error here."""
            if isinstance(part, dict):
                if "properties" in part and not part.get("x-kubernetes-preserve-unknown-fields"):
                    part.setdefault("additionalProperties", False)
                for one in part.values():
                    close(one)

        close(schema["properties"]["spec"])
        jsonschema.Draft202012Validator(schema).validate(read("canary.yaml"))


def series(query, good):
    """Of Istio: 1000 requests a minute, 1 in 100 of them bad; of a bad canary 1 in 10."""
    if not re.search(r'5\.\.|clamp_min', query):
        return "1000"
    return "100" if not good and 'workload="checkout"' in query else "10"


class Played(gate.GateTest):
    def start(self, good):
        def answer(request):
            if not request.route.endswith("/query_range"):
                return 404, {}, "{}"
            form = {**request.query, **request.form}
            start, end, step = (float(form[key]) for key in ("start", "end", "step"))
            values = [[start + i * step, series(form["query"], good)] for i in range(int((end - start) / step) + 1)]
            return 200, {}, json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}})

        prometheus = self.enterContext(gate.Server(answer))
        container = server_container()
        arguments = [{"/etc/release-gate": str(FOLDER / "gates"), "0.0.0.0:9720": "127.0.0.1:0"}.get(one, one) for one in container["args"]]
        self.assertEqual(arguments.pop(0), "serve-hook")
        listen = arguments.index("--listen")
        del arguments[listen:listen + 2]
        env = {one["name"]: one.get("value", "") for one in container["env"]}
        env.update(RELEASE_GATE_HOOK_TOKEN=hook.TOKEN, PROMETHEUS_URL=prometheus.url, PROMETHEUS_TOKEN="of-prometheus")
        return self.enterContext(hook.Hook(*arguments, env=env))

    def call(self, server, webhook):
        """As Flagger does: Go's client makes Basic of a user and password in the address."""
        import base64

        url = urllib.parse.urlsplit(webhook["url"].replace("${RELEASE_GATE_TOKEN}", hook.TOKEN))
        basic = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
        canary = read("canary.yaml")["metadata"]
        payload = {"name": canary["name"], "namespace": canary["namespace"], "phase": "Progressing", "checksum": "1"}
        if "metadata" in webhook:
            payload["metadata"] = webhook["metadata"]
        return server.ask("POST", url.path, json.dumps(payload), token=None, headers=[f"Authorization: Basic {basic}"])

    def test_a_good_canary_and_a_bad_one(self):
        for good, wanted in ((True, {"rollback": 412}), (False, {"rollout": 412, "confirm-promotion": 412, "rollback": 200})):
            server = self.start(good)
            for one in webhooks():
                with self.subTest(good=good, hook=one["type"]):
                    self.assertEqual(self.call(server, one).status, wanted.get(one["type"], 200))
            print(f"{len(webhooks())} webhooks of the Canary called with a {'good' if good else 'bad'} version")

    def test_it_does_not_start_with_the_empty_secret(self):
        secret = read("secret.yaml")["stringData"]
        done = gate.run(*[{"/etc/release-gate": str(FOLDER / "gates")}.get(one, one) for one in server_container()["args"]],
                        env={"RELEASE_GATE_HOOK_TOKEN": secret["token"]})
        self.assertEqual(done.returncode, 2)
        self.assertIn("error[RG0031]", done.stderr)


if __name__ == "__main__":
    unittest.main()
