#!/usr/bin/env python3
"""Makes docs/images/ from the built program: the HTML report in light and dark and on a phone, and the comment as GitHub shows it.

  cmake/install-dependencies.sh test images && RELEASE_GATE=build/release/release-gate python3 tests/looks/screenshots.py

The comment is rendered by cmark-gfm, GitHub's own Markdown; its sheet (comment.css) is ours. Look at every image afterwards.
"""

import pathlib
import subprocess
import tempfile

import pages
from chromium import Chromium

IMAGES = pages.gate.ROOT / "docs" / "images"
# What a person's own machine has, as near as Debian comes: Inter for text, DejaVu for code.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias binding="strong"><family>system-ui</family><prefer><family>Inter</family></prefer></alias>
<alias binding="strong"><family>ui-monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""
COMMENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>comment</title><style>{style}</style>
<article><header><b>release-gate</b> <span>bot</span> commented 2 minutes ago</header><div class="body">{body}</div></article></html>
"""


def shrink(path):
    subprocess.run(["pngquant", "--force", "--skip-if-larger", "--speed", "1", "--quality", "70-98", "--output", str(path), str(path)],
                   check=False)
    print(f"{path.relative_to(pages.gate.ROOT)}  {path.stat().st_size / 1000:.0f} kB")


def top_of(browser, selector):
    return browser.value(f"document.querySelector({selector!r}).getBoundingClientRect().top + scrollY")


def comment_page(folder, markdown):
    done = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tagfilter", str(markdown)],
                          check=True, capture_output=True, text=True)
    style = (pages.HERE / "comment.css").read_text(encoding="utf-8")
    page = folder / "comment.html"
    page.write_text(COMMENT.format(style=style, body=done.stdout), encoding="utf-8")
    return page


def main():
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-gate-images-") as name:
        folder = pathlib.Path(name)
        (folder / "fonts.conf").write_text(FONTS.format(cache=folder / "fonts"), encoding="utf-8")
        reports = pages.release(folder)
        page = pages.url_of(reports["html"])
        comment = pages.url_of(comment_page(folder, reports["markdown"]))
        with Chromium({"FONTCONFIG_FILE": str(folder / "fonts.conf")}) as browser:
            browser.open(page, width=1180)
            browser.screenshot(IMAGES / "report-light.png", height=top_of(browser, "#metric-new_coverage"))
            browser.open(page, width=1180, dark=True)
            top = top_of(browser, "#metric-cpu_per_request") - 12
            browser.screenshot(IMAGES / "report-dark.png", top=top, height=top_of(browser, "section:last-of-type") - top - 20)
            browser.open(page, width=390, scale=2)
            browser.screenshot(IMAGES / "report-phone.png", height=900)
            browser.open(comment, width=940)
            browser.screenshot(IMAGES / "comment.png", height=browser.value("document.querySelector('article').getBoundingClientRect().bottom + 16"))
    for image in sorted(IMAGES.iterdir()):
        shrink(image)


if __name__ == "__main__":
    main()
