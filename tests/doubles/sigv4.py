"""AWS Signature Version 4 of a request as it arrived, by the steps of the reference and nothing of the program's.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

Whether this is right is checked against AWS's published test vectors (tests/sources/test_sigv4.py).
"""

import dataclasses
import hashlib
import hmac
import urllib.parse


@dataclasses.dataclass
class Scope:
    """What the header Authorization says."""

    key: str
    date: str
    region: str
    service: str
    signed: list
    signature: str


def scope_of(authorization):
    """None when this is no signature of version 4."""
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        return None
    fields = dict(part.strip().split("=", 1) for part in authorization[len("AWS4-HMAC-SHA256 "):].split(","))
    key, date, region, service, end = fields["Credential"].split("/")
    return Scope(key, date, region, service, fields["SignedHeaders"].split(";"), fields["Signature"]) if end == "aws4_request" else None


def signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for piece in (date, region, service, "aws4_request"):
        key = hmac.new(key, piece.encode(), hashlib.sha256).digest()
    return key


def canonical_request(method, path, query, headers, signed, body):
    """`query` is a list of (name, value), decoded; `headers` a dict with names in lower case."""
    quote = lambda text: urllib.parse.quote(text, safe="~")
    pairs = "&".join(f"{name}={value}" for name, value in sorted((quote(name), quote(value)) for name, value in query))
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed)
    return "\n".join([method, urllib.parse.quote(path, safe="/~"), pairs, lines, ";".join(signed), hashlib.sha256(body).hexdigest()])


def signature(secret, scope, stamp, canonical):
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, f"{scope.date}/{scope.region}/{scope.service}/aws4_request",
                      hashlib.sha256(canonical.encode()).hexdigest()])
    return hmac.new(signing_key(secret, scope.date, scope.region, scope.service), text.encode(), hashlib.sha256).hexdigest()


def fault(request, key, secret, region, service, token=None, signed=("host", "x-amz-date", "x-amz-target")):
    """The name of the exception with which AWS would refuse `request` (double.Request), or None when it is signed rightly."""
    scope = scope_of(request.headers.get("Authorization", ""))
    if scope is None:
        return "MissingAuthenticationTokenException"
    headers = {name.lower(): value for name, value in request.headers.items()}
    if scope.key != key or headers.get("x-amz-security-token") != token:
        return "UnrecognizedClientException"
    needed = {*signed, *(["x-amz-security-token"] if token else [])}
    if (scope.region, scope.service) != (region, service) or not needed <= set(scope.signed) <= set(headers):
        return "InvalidSignatureException"
    stamp = headers["x-amz-date"]
    canonical = canonical_request(request.method, request.path, request.pairs, headers, scope.signed, request.body)
    right = stamp.startswith(scope.date) and hmac.compare_digest(signature(secret, scope, stamp, canonical), scope.signature)
    return None if right else "InvalidSignatureException"
