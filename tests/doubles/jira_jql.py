"""As much JQL as the Jira double needs: comparisons joined by AND, parentheses, dates as Jira reads them."""

import datetime
import re

TOKEN = re.compile(r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<op><=|>=|!=|=|<|>|~)|(?P<bracket>[()])|(?P<word>cf\[\d+\]|[\w.\-]+))""")


class JqlError(Exception):
    """The words that Jira puts into errorMessages."""


def tokens(jql):
    found, at = [], 0
    while jql[at:].strip():
        match = TOKEN.match(jql, at)
        if not match:
            raise JqlError(f"Error in the JQL Query: The character '{jql[at:].strip()[0]}' is a reserved JQL character.")
        kind = match.lastgroup
        found.append((kind, match.group(kind).strip("\"'") if kind == "text" else match.group(kind)))
        at = match.end()
    return found


class Parser:
    """Gives a function issue -> bool; `field(name)` gives a function issue -> value, or raises JqlError."""

    def __init__(self, jql, field, zone):
        self.tokens = tokens(re.sub(r"\border\s+by\b.*$", "", jql, flags=re.IGNORECASE | re.DOTALL))
        self.at = 0
        self.field = field
        self.zone = zone
        self.restrictions = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def parse(self):
        test = self.conjunction() if self.tokens else (lambda issue: True)
        if self.at != len(self.tokens):
            raise JqlError(f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{self.peek()[1]}'.")
        return test

    def conjunction(self):
        tests = [self.term()]
        while (self.peek()[1] or "").lower() == "and":
            self.take()
            tests.append(self.term())
        return lambda issue: all(test(issue) for test in tests)

    def term(self):
        if self.peek() == ("bracket", "("):
            self.take()
            test = self.conjunction()
            if self.take() != ("bracket", ")"):
                raise JqlError("Error in the JQL Query: Expecting ')' before the end of the query.")
            return test
        return self.comparison()

    def comparison(self):
        name, (kind, operator), (value_kind, value) = self.take()[1], self.take(), self.take()
        if kind != "op" or value_kind is None:
            raise JqlError(f"Error in the JQL Query: Expecting operator but got '{operator}'.")
        read = self.field(name)
        self.restrictions += 1
        if operator in ("=", "!="):
            hit = lambda found: value in found if isinstance(found, (list, set)) else str(found).lower() == value.lower()
            return lambda issue: hit(read(issue)) == (operator == "=")
        return self.dated(read, operator, self.bound(name, value_kind, value))

    def bound(self, name, kind, value):
        """(seconds, whole minutes only): text is a minute in the user's zone, a bare number milliseconds since 1970."""
        if kind == "word" and value.isdigit():
            return int(value) // 1000, 1
        for pattern in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d"):
            try:
                return int(datetime.datetime.strptime(value, pattern).replace(tzinfo=self.zone).timestamp()), 60
            except ValueError:
                pass
        raise JqlError(f"Date value '{value}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
                       "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.")

    def dated(self, read, operator, bound):
        seconds, resolution = bound
        compare = {">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b}[operator]

        def test(issue):
            text = read(issue)
            if not text:
                return False
            if len(text) == 10:  # a day begins in the zone of the user
                moment = int(datetime.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=self.zone).timestamp())
            else:
                moment = int(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp())
            return compare(moment // resolution * resolution, seconds)

        return test
