"""The Python signatures, by which the doubles of AWS check the program's, against AWS's published examples."""

import sys

from gate import ROOT, main
import unittest

sys.path.insert(0, str(ROOT / "tests" / "doubles"))
import sigv4  # noqa: E402

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
STAMP = "20150830T123600Z"
HOST = {"host": "example.amazonaws.com", "x-amz-date": STAMP}
TOKEN = ("AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi"
         "/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPk"
         "UL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==")
FORM = "application/x-www-form-urlencoded"

# Name, method, query, headers, body, service, signature. The suite "aws-sig-v4-test-suite", and the example of the IAM User Guide,
# "Create a signed AWS API request" (ListUsers).
VECTORS = (
    ("get-vanilla", "GET", [], HOST, b"", "service", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-query-order-key-case", "GET", [("Param2", "value2"), ("Param1", "value1")], HOST, b"", "service",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("post-vanilla", "POST", [], HOST, b"", "service", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-x-www-form-urlencoded", "POST", [], {**HOST, "content-type": FORM}, b"Param1=value1", "service",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ("post-header-value-case", "POST", [], {**HOST, "my-header1": "VALUE1"}, b"", "service",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
    ("post-sts-header-before", "POST", [], {**HOST, "x-amz-security-token": TOKEN}, b"", "service",
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
    ("ListUsers", "GET", [("Action", "ListUsers"), ("Version", "2010-05-08")],
     {"host": "iam.amazonaws.com", "x-amz-date": STAMP, "content-type": FORM + "; charset=utf-8"}, b"", "iam",
     "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
)


class Signatures(unittest.TestCase):
    def test_published_vectors(self):
        for name, method, query, headers, body, service, expected in VECTORS:
            with self.subTest(name):
                signed = sorted(headers)
                scope = sigv4.Scope("AKIDEXAMPLE", "20150830", "us-east-1", service, signed, "")
                canonical = sigv4.canonical_request(method, "/", query, headers, signed, body)
                self.assertEqual(sigv4.signature(SECRET, scope, STAMP, canonical), expected)

    def test_the_signing_key_of_the_iam_example(self):
        self.assertEqual(sigv4.signing_key(SECRET, "20150830", "us-east-1", "iam").hex(),
                         "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")

    def test_the_header(self):
        scope = sigv4.scope_of("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                               "SignedHeaders=host;x-amz-date, Signature=5fa0")
        self.assertEqual(scope, sigv4.Scope("AKIDEXAMPLE", "20150830", "us-east-1", "service", ["host", "x-amz-date"], "5fa0"))
        self.assertIsNone(sigv4.scope_of("Basic QUtJRDpz"))


if __name__ == "__main__":
    main()
