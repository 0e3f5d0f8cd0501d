"""What the loopback doubles of Google's APIs share: a service account with its key, and the endpoint that gives tokens for signed
assertions. Signature and claims are checked by Python's cryptography, and by nothing of the program's.
https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
"""

import base64
import functools
import json
import time
import urllib.parse

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from double import Double, answer

EMAIL = "gate@shop-prod.iam.gserviceaccount.com"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@functools.lru_cache(maxsize=None)
def private_key():
    """One for all doubles of a program: making it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def refused(code, status, message):
    return answer(code, {"error": {"code": code, "message": message, "status": status}})


class Google(Double):
    """`scope` is what a token must be asked for; `tokens` are those that were given, `refusals` why others were not. `now` is the clock
    of Google's side.
    """

    scope = ""

    def __init__(self, port=0):
        super().__init__(port)
        self.tokens, self.refusals, self.claims = [], [], []
        self.now = time.time

    def key_file(self):
        pem = private_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return json.dumps({"type": "service_account", "project_id": "shop-prod", "private_key_id": "key-7", "private_key": pem.decode(),
                           "client_email": EMAIL, "token_uri": self.url + "/token"})

    def fault(self, assertion):
        """Why Google would not take `assertion`, or None."""
        try:
            header, claims, signature = assertion.split(".")
            private_key().public_key().verify(decoded(signature), f"{header}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return "Invalid JWT Signature."
        if json.loads(decoded(header)) != {"alg": "RS256", "typ": "JWT", "kid": "key-7"}:
            return "Invalid JWT header."
        claims = json.loads(decoded(claims))
        self.claims.append(claims)
        if set(claims) != {"iss", "scope", "aud", "iat", "exp"} or (claims["iss"], claims["aud"]) != (EMAIL, self.url + "/token"):
            return "Invalid JWT: a claim is missing or wrong."
        if claims["scope"] != self.scope:
            return f"Invalid scope: {claims['scope']}"
        if not claims["iat"] - 300 <= self.now() < claims["exp"] or claims["exp"] - claims["iat"] > 3600:
            return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        return None

    def token(self, request):
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        why = self.fault(form.get("assertion", "")) if form.get("grant_type") == GRANT else "unsupported_grant_type"
        if why:
            self.refusals.append(why)
            return answer(400, {"error": "invalid_grant", "error_description": why})
        self.tokens.append(f"ya29.token-{len(self.tokens)}-of-the-double")
        return answer(200, {"access_token": self.tokens[-1], "expires_in": 3599, "token_type": "Bearer"})

    def handle(self, request):
        if request.path == "/token" and request.method == "POST":
            return self.token(request)
        if request.headers.get("Authorization", "")[len("Bearer "):] not in self.tokens:
            return refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        return self.serve(request)

    def serve(self, request):
        """The answer to a request with a token."""
        raise NotImplementedError
