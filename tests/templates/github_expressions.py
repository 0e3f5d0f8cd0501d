"""The expressions of GitHub Actions, as far as the templates use them: operators, property access, format(), contains(), startsWith(),
always(), success(), failure() and cancelled(). Anything else is an error here, so that a template cannot rely on what is not played.

https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

import re

TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(&&|\|\||==|!=|[!(),])|(\d+))")
WHOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
STATUS_FUNCTIONS = ("always", "success", "failure", "cancelled")


def truthy(value):
    return value not in ("", 0, False, None)


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Evaluation:
    """One expression over `contexts` (name → dict); `status` has the four status functions' answers."""

    def __init__(self, text, contexts, status):
        self.tokens = self.split(text)
        self.contexts = contexts
        self.status = status
        self.at = 0

    @staticmethod
    def split(text):
        tokens, at = [], 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if not match:
                raise ValueError(f"not played: {text[at:]!r} in {text!r}")
            tokens.append(match.group(match.lastindex))
            at = match.end()
        return tokens

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or (expected and token != expected):
            raise ValueError(f"expected {expected}, found {token} in {self.tokens}")
        self.at += 1
        return token

    def whole(self):
        value = self.either()
        if self.peek() is not None:
            raise ValueError(f"left over: {self.tokens[self.at:]}")
        return value

    def either(self):
        value = self.both()
        while self.peek() == "||":
            self.take()
            other = self.both()
            value = value if truthy(value) else other
        return value

    def both(self):
        value = self.equality()
        while self.peek() == "&&":
            self.take()
            other = self.equality()
            value = other if truthy(value) else value
        return value

    def equality(self):
        value = self.unary()
        while self.peek() in ("==", "!="):
            operator = self.take()
            same = text_of(value).lower() == text_of(self.unary()).lower()
            value = same == (operator == "==")
        return value

    def unary(self):
        if self.peek() == "!":
            self.take()
            return not truthy(self.unary())
        token = self.take()
        if token == "(":
            value = self.either()
            self.take(")")
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.isdigit():
            return int(token)
        if token in ("true", "false"):
            return token == "true"
        return self.call(token) if self.peek() == "(" else self.look_up(token)

    def look_up(self, path):
        first, *rest = path.split(".")
        if first not in self.contexts:
            raise ValueError(f"the context {first} is not available here")
        value = self.contexts[first]
        for name in rest:
            value = value.get(name) if isinstance(value, dict) else None
        return "" if value is None else value

    def call(self, name):
        self.take("(")
        arguments = []
        while self.peek() != ")":
            arguments.append(self.either())
            if self.peek() == ",":
                self.take()
        self.take(")")
        if name in STATUS_FUNCTIONS:
            return self.status[name]
        if name == "format":
            return re.sub(r"\{(\d+)\}", lambda match: text_of(arguments[int(match.group(1)) + 1]), arguments[0])
        if name == "contains":
            return text_of(arguments[1]).lower() in text_of(arguments[0]).lower()
        if name == "startsWith":
            return text_of(arguments[0]).lower().startswith(text_of(arguments[1]).lower())
        raise ValueError(f"not played: {name}()")


def evaluate(text, contexts, status=None):
    """The value of one expression, without its braces."""
    return Evaluation(text, contexts, status or {}).whole()


def fill(text, contexts, status=None):
    """A text with every ${{ … }} replaced."""
    return WHOLE.sub(lambda match: text_of(evaluate(match.group(1), contexts, status)), text_of(text))


def condition(text, contexts, status):
    """Whether a step or job runs: without a status function its condition is `success() && …`."""
    text = text_of(text).strip()
    if text.startswith("${{") and text.endswith("}}"):
        text = text[3:-2]
    if not any(f"{name}(" in text for name in STATUS_FUNCTIONS):
        text = f"success() && ({text})" if text else "success()"
    return truthy(evaluate(text, contexts, status))
