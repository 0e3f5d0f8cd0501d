"""A comment as GitHub shows it: rendered by cmark-gfm (Debian), GitHub's own fork of the CommonMark reference, and read as a tree.

What GitHub and GitLab do after rendering is looked for in the text that is left: mentions, references, emoji and addresses there
become links and pings (docs.github.com "Autolinked references and URLs", docs.gitlab.com "GitLab-specific references").
"""

import html.parser
import re
import subprocess

EXTENSIONS = ("table", "strikethrough", "autolink", "tagfilter", "tasklist")
VOID = {"br", "hr", "img", "input", "link", "meta"}
OWN_TAGS = {"root", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li", "code", "a", "br"}
OWN_LINKS = {"graph", "more"}
PINGS = {
    "mention": re.compile(r"(?<![\w/])@[A-Za-z0-9_]"),
    "issue": re.compile(r"#[A-Za-z0-9_]|\bGH-\d", re.I),
    "merge request, snippet, epic": re.compile(r"[!$&]\d"),
    "label, milestone, alert, iteration": re.compile(r'[~%^][A-Za-z0-9_"]|\*iteration:'),
    "reference in brackets": re.compile(r"\[[A-Za-z0-9_]+:"),
    "address": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|www\.|[\w.+-]@[\w-]+\.\w", re.I),
    "emoji": re.compile(r"(?<!\d):(?=[\w+-]*[A-Za-z+])[\w+-]+:|(?<!\d):\d+:", re.A),
    "hidden or control character": re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200c-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"),
}
QUICK_ACTION = re.compile(r"^\s*(?:[-*+>]\s+|\d+[.)]\s+)*/[a-z]", re.M)


class Node:
    def __init__(self, tag, attributes=(), parent=None):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, *tags):
        return [node for node in self.walk() if node.tag in tags]

    def text(self, skip=()):
        """With a line of its own for every block, and nothing of what is inside `skip`."""
        if self.tag in skip:
            return " "
        inside = "".join(child if isinstance(child, str) else child.text(skip) for child in self.children)
        return f"\n{inside}\n" if self.tag in ("p", "li", "td", "th", "h3", "summary", "br") else inside


class Tree(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("root")
        self.comments, self.problems = [], []

    def handle_starttag(self, tag, attributes):
        node = Node(tag, attributes, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.at.tag != tag:
            self.problems.append(f"</{tag}> inside <{self.at.tag}>")
            return
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)

    def handle_comment(self, data):
        self.comments.append(data)


def version():
    return subprocess.run(["cmark-gfm", "--version"], capture_output=True, text=True, check=True).stdout.split(" - ")[0].strip()


def render(markdown):
    """The tree of the rendered comment; raw HTML is let through, as GitHub does before it sanitizes."""
    extensions = [word for name in EXTENSIONS for word in ("-e", name)]
    done = subprocess.run(["cmark-gfm", "--unsafe", *extensions], input=markdown, capture_output=True, encoding="utf-8", check=True)
    tree = Tree()
    tree.feed(done.stdout)
    tree.close()
    if tree.at is not tree.root:
        tree.problems.append(f"<{tree.at.tag}> is never closed")
    return tree


def tables(tree):
    """Each table as a list of rows, each row as the texts of its cells."""
    return [[[cell.text().strip() for cell in row.find("th", "td")] for row in table.find("tr")] for table in tree.root.find("table")]


def check(test, markdown, links=()):
    """Fails unless `markdown` is built as a report builds it, with links to nothing but what starts with one of `links`."""
    first, rest = markdown.split("\n", 1)
    test.assertRegex(first, r"^<!-- release-gate:[^<>\n]* -->$")
    test.assertRegex(rest, r"^### [✗!?…▲✓] (FAIL|ERROR|INCONCLUSIVE|PENDING|WARN|PASS): ")
    test.assertNotRegex(markdown, QUICK_ACTION)
    for row in re.findall(r"^\|.*\|$", rest, re.M):  # cells beyond those of the head are dropped by the renderer, without a word
        test.assertIn(len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)), (6, 7), row)
    tree = render(markdown)
    test.assertEqual(tree.problems, [])
    test.assertEqual(len(tree.comments), 1, tree.comments)
    test.assertLessEqual({node.tag for node in tree.root.walk()}, OWN_TAGS)
    test.assertEqual(len(tree.root.find("h3")), 1)
    for node in tree.root.walk():
        allowed = {"a": {"href"}, "td": {"align"}, "th": {"align"}}.get(node.tag, set())
        test.assertLessEqual(set(node.attributes), allowed, node.tag)
    for link in tree.root.find("a"):
        test.assertIn(link.text(), OWN_LINKS)
        test.assertTrue(link.attributes["href"].startswith(tuple(links)), link.attributes["href"])
    for table in tree.root.find("table"):
        rows = table.find("tr")
        head = len(rows[0].find("th"))
        test.assertIn(head, (5, 6))
        for row in rows[1:]:
            test.assertEqual(len(row.find("td")), head, row.text())
            test.assertIn(row.find("td")[0].text().strip(), set("✗!?…▲✓"))
            test.assertEqual(row.find("code", "a", "br"), [])
    text = tree.root.text(skip=("code", "a"))
    for name, pattern in PINGS.items():
        found = pattern.search(text)
        test.assertIsNone(found, f"{name}: {text[max(0, found.start() - 40):found.end() + 40]!r}" if found else "")
    return tree
