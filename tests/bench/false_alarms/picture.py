"""Draws docs/images/looks.svg: false alarms against the number of looks, from looks.csv beside this program.

looks.csv is what `false_alarms --only "thirty looks" --by-look FILE` wrote. Options: --data FILE, --output FILE.
"""

import argparse
import csv
import pathlib
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
PANELS = (("thirty looks, independent", "Points that are independent"), ("thirty looks, AR(1) 0.6", "Points that hang together: AR(1) 0.6"))
OURS = "ours"
PROMISE = 0.05
WIDTH, PANEL_HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 262, 46, 40
HEADING = 52
LINE_OF_TEXT = 16
# Told apart by people who do not see red and green apart, too (Okabe and Ito's colours).
COLOURS = ("#d55e00", "#cc79a7", "#e69f00", "#009e73", "#56b4e9")
STYLE = """
  .back { fill: #ffffff } .text { fill: #24292f } .faint { fill: #57606a } .rule { stroke: #d0d7de } .promise { stroke: #24292f }
  .ours { stroke: #0550ae } .ours-text { fill: #0550ae; font-weight: 600 }
  text { font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif } .title { font-size: 16px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } .text { fill: #e6edf3 } .faint { fill: #8d96a0 } .rule { stroke: #30363d } .promise { stroke: #e6edf3 }
    .ours { stroke: #79c0ff } .ours-text { fill: #79c0ff }
  }
"""


def read(path):
    """{data: {rule: [share after 1, 2, … looks]}}, in the order of the file."""
    shares = {}
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        looks = next(rows)[2:]
        if looks != [str(k + 1) for k in range(len(looks))]:
            raise ValueError(f"{path}: not a column for each look, from 1")
        for data, rule, *line in rows:
            shares.setdefault(data, {})[rule] = [float(share) for share in line]
    return shares


def apart(places, distance):
    """Places at least `distance` apart, in the order given by them, each as near to its own as that leaves."""
    groups = []
    for index in sorted(range(len(places)), key=places.__getitem__):
        groups.append(([index], places[index]))
        while len(groups) > 1 and groups[-1][1] - groups[-2][1] < distance * (len(groups[-1][0]) + len(groups[-2][0])) / 2:
            last, before = groups.pop(), groups.pop()
            members = before[0] + last[0]
            centre = sum(places[i] for i in members) / len(members)
            groups.append((members, centre))
    out = [0.0] * len(places)
    for members, centre in groups:
        for k, index in enumerate(members):
            out[index] = centre + distance * (k - (len(members) - 1) / 2)
    return out


class Panel:
    """One panel: its lines, with their names at their ends."""

    def __init__(self, title, lines, top):
        self.title, self.lines, self.top = title, lines, top
        self.looks = len(next(iter(lines.values())))

    def x(self, looks):
        return LEFT + (WIDTH - LEFT - RIGHT) * looks / self.looks

    def y(self, share):
        return self.top + TOP + (PANEL_HEIGHT - TOP - BOTTOM) * (1 - share)

    def axes(self):
        yield f'<text class="text" x="{LEFT}" y="{self.top + 26}">{escape(self.title)}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1):
            yield f'<line class="rule" x1="{self.x(0):.1f}" x2="{self.x(self.looks):.1f}" y1="{self.y(share):.1f}" y2="{self.y(share):.1f}"/>'
            yield f'<text class="faint" text-anchor="end" x="{LEFT - 8}" y="{self.y(share) + 4:.1f}">{100 * share:.0f} %</text>'
        for looks in range(0, self.looks + 1, 5):
            yield f'<text class="faint" text-anchor="middle" x="{self.x(looks):.1f}" y="{self.y(0) + 18:.1f}">{looks}</text>'
        middle = (self.x(0) + self.x(self.looks)) / 2
        yield f'<text class="faint" text-anchor="middle" x="{middle:.1f}" y="{self.y(0) + 34:.1f}">looks, one a minute</text>'
        yield (f'<line class="promise" stroke-dasharray="2 4" x1="{self.x(0):.1f}" x2="{self.x(self.looks):.1f}" '
               f'y1="{self.y(PROMISE):.1f}" y2="{self.y(PROMISE):.1f}"/>')

    def curves(self):
        ends = [self.y(line[-1]) for line in self.lines.values()]
        places = apart(ends, LINE_OF_TEXT)
        others = iter(COLOURS)
        for (rule, line), end, place in zip(self.lines.items(), ends, places):
            points = " ".join(f"{self.x(k):.1f},{self.y(share):.1f}" for k, share in enumerate([0.0, *line]))
            leader = f'{self.x(self.looks):.1f},{end:.1f} {self.x(self.looks) + 14:.1f},{place:.1f}'
            name = f"{escape(rule)}  {100 * line[-1]:.1f} %"
            at = f'x="{self.x(self.looks) + 20:.1f}" y="{place + 4:.1f}"'
            if rule == OURS:
                yield f'<polyline class="ours" stroke-width="3" points="{points}"/><polyline class="ours" points="{leader}"/>'
                yield f'<text class="ours-text" {at}>{name}</text>'
            else:
                colour = next(others)
                yield f'<polyline stroke="{colour}" stroke-width="2" points="{points}"/><polyline stroke="{colour}" points="{leader}"/>'
                yield f'<text class="text" {at}>{name}</text>'


def draw(shares):
    height = HEADING + PANEL_HEIGHT * len(PANELS)
    heading = "Unchanged releases that were stopped, by the number of looks"
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" fill="none" role="img">',
           f"<title>{heading}</title>", f"<style>{STYLE}</style>", f'<rect class="back" width="{WIDTH}" height="{height}"/>',
           f'<text class="text title" x="{LEFT}" y="30">{heading}</text>',
           f'<text class="faint" x="{LEFT}" y="50">dotted: the 5 % that a gate at 95 % promises</text>']
    for number, (data, title) in enumerate(PANELS):
        panel = Panel(title, shares[data], HEADING + PANEL_HEIGHT * number)
        out += [*panel.axes(), *panel.curves()]
    return "\n".join([*out, "</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=HERE / "looks.csv")
    parser.add_argument("--output", default=HERE.parents[2] / "docs/images/looks.svg")
    options = parser.parse_args()
    pathlib.Path(options.output).write_text(draw(read(options.data)), encoding="utf-8")


if __name__ == "__main__":
    main()
