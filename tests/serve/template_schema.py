"""JSON Schemas of what ci-templates/flagger uses of Kubernetes, Kustomize and Flagger: closed, so that a misspelt key is an error.

After https://kubernetes.io/docs/reference/kubernetes-api/ and https://docs.flagger.app/usage/how-it-works and /usage/webhooks.
"""

import jsonschema
import yaml

NAME = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}
DURATION = {"type": "string", "pattern": r"^\d+(s|m|h)$"}
LABELS = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}
TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
HOOKS = ["confirm-rollout", "pre-rollout", "rollout", "confirm-traffic-increase", "confirm-promotion", "post-rollout", "rollback", "event"]


def closed(required=(), **properties):
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def every(**properties):
    return closed(properties, **properties)


def resource(version, kind, **properties):
    return every(apiVersion={"const": version}, kind={"const": kind}, metadata=closed(["name"], name=NAME, namespace=NAME, labels=LABELS), **properties)


def listed(item):
    return {"type": "array", "items": item, "minItems": 1}


SELECTOR = every(matchLabels=LABELS)
PROBE = closed(["httpGet"], httpGet=every(path={"type": "string"}, port=NAME), periodSeconds={"type": "integer"})
AMOUNTS = closed(cpu={"type": "string"}, memory={"type": "string", "pattern": r"^\d+Mi$"})
VARIABLE = closed(["name"], name={"type": "string", "pattern": "^[A-Z_]+$"}, value={"type": "string"},
                  valueFrom=every(secretKeyRef=every(name=NAME, key={"type": "string"})))
CONTAINER = closed(["name", "image", "args"], name=NAME, image={"type": "string"}, args=TEXTS, env=listed(VARIABLE),
                   ports=listed(every(name=NAME, containerPort=PORT)), readinessProbe=PROBE, livenessProbe=PROBE,
                   resources=closed(requests=AMOUNTS, limits=AMOUNTS),
                   securityContext=every(allowPrivilegeEscalation={"const": False}, readOnlyRootFilesystem={"const": True},
                                         capabilities=every(drop={"const": ["ALL"]})),
                   volumeMounts=listed(every(name=NAME, mountPath={"type": "string"}, readOnly={"const": True})))
POD = every(automountServiceAccountToken={"const": False}, terminationGracePeriodSeconds={"type": "integer"},
            securityContext=every(runAsNonRoot={"const": True}, runAsUser={"type": "integer", "minimum": 1},
                                  seccompProfile=every(type={"const": "RuntimeDefault"})),
            containers=listed(CONTAINER), volumes=listed(every(name=NAME, configMap=every(name=NAME))))
WEBHOOK = closed(["name", "type", "url"], name=NAME, type={"enum": HOOKS}, url={"type": "string", "pattern": "^https?://"}, timeout=DURATION,
                 metadata={"type": "object", "additionalProperties": {"type": "string"}}, retries={"type": "integer"},
                 muteAlert={"type": "boolean"}, disableTLS={"type": "boolean"})

SCHEMAS = {
    "Namespace": resource("v1", "Namespace"),
    "Secret": resource("v1", "Secret", type={"const": "Opaque"}, stringData={"type": "object", "additionalProperties": {"type": "string"}}),
    "Service": resource("v1", "Service", spec=every(selector=LABELS, ports=listed(every(name=NAME, port=PORT, targetPort=NAME)))),
    "NetworkPolicy": resource("networking.k8s.io/v1", "NetworkPolicy", spec=every(
        podSelector=SELECTOR, policyTypes={"const": ["Ingress"]},
        ingress=listed(every(**{"from": listed(closed(["namespaceSelector"], namespaceSelector=SELECTOR, podSelector=SELECTOR))},
                             ports=listed(every(protocol={"const": "TCP"}, port=NAME)))))),
    "Deployment": resource("apps/v1", "Deployment", spec=every(
        replicas={"type": "integer", "minimum": 1}, selector=SELECTOR, template=every(metadata=every(labels=LABELS), spec=POD))),
    "Kustomization": every(apiVersion={"const": "kustomize.config.k8s.io/v1beta1"}, kind={"const": "Kustomization"}, namespace=NAME, resources=TEXTS,
                           configMapGenerator=listed(every(name=NAME, files=TEXTS)),
                           generatorOptions=every(disableNameSuffixHash={"type": "boolean"})),
    "Canary": resource("flagger.app/v1beta1", "Canary", spec=every(
        targetRef=every(apiVersion={"const": "apps/v1"}, kind={"enum": ["Deployment", "DaemonSet"]}, name=NAME), service=closed(["port"], port=PORT),
        analysis=closed(["interval", "threshold"], interval=DURATION, threshold={"type": "integer", "minimum": 1},
                        stepWeights=listed({"type": "integer", "minimum": 1, "maximum": 100}), webhooks=listed(WEBHOOK)))),
}


def problems_of(document):
    validator = jsonschema.Draft202012Validator(SCHEMAS[document["kind"]])
    return [error.message for error in validator.iter_errors(document)]


def problems(path):
    """What is wrong with each document of a file."""
    return [problem for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) for problem in problems_of(document)]
