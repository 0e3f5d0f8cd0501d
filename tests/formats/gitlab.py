"""What GitLab makes of the reports it is given, from the description of its parsers: a failure here is one that it hides."""

import re
import shlex
import xml.etree.ElementTree as ElementTree


def metrics(text):
    """A metrics report, as lib/gitlab/ci/parsers/metrics/generic.rb (EE) reads it: of each line what stands before a "#" is split as a
    shell splits it; the first word is the name, the second the value. Both are kept as text, and there are no others."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = shlex.split(re.sub("#.*", "", line))  # an unmatched quote ends the parse: ValueError here, no report there
        if not words:
            continue
        if len(words) != 2:
            raise AssertionError(f"line {number}: {len(words)} words, of which GitLab takes two: {line}")
        if words[0] in found:
            raise AssertionError(f"line {number}: {words[0]} is there twice")
        found[words[0]] = words[1]
    return found


def compare(base, head):
    """The widget of a merge request: names that are new, removed, and changed, which is any difference of the texts."""
    return ({name for name in head if name not in base}, {name for name in base if name not in head},
            {name for name in head if name in base and head[name] != base[name]})


def unit_tests(text):
    """The page of unit tests: (class, name) to (status, the text that is shown). Of two cases with one name the last is kept; an
    attribute beside text is lost."""
    found = {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        status, shown = "success", ""
        for name, tag in (("failed", "failure"), ("error", "error"), ("skipped", "skipped")):
            element = case.find(tag)
            if element is not None:
                status, shown = name, (element.text or "").strip()
                break
        found[case.get("classname"), case.get("name")] = (status, shown)
    return found
