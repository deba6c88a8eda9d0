#!/usr/bin/env python3
"""Holds the reading of pages beside trafilatura: the same pages, both in one run.

Takes folders of pages (`NAME.html`), some of them with their article beside (`NAME.txt`: header lines, a blank line, then
the text). Prints, for both, pages per second of processor time and per second of the clock, and the F1 of the main text
where there is a `.txt`; for onrecord also how many pages give exactly the claims of their text.

    python3 -m venv venv && venv/bin/pip install trafilatura lxml_html_clean
    venv/bin/python compare.py --onrecord ../../target/release/onrecord FOLDER...
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HEADER = re.compile(r"^(outlet|date|url|title|byline):", re.IGNORECASE)


def body_of(text):
    """Drops the header lines of a `.txt`, as onrecord does."""
    head, blank, rest = text.partition("\n\n")
    return rest if blank and all(HEADER.match(line) for line in head.splitlines()) else text


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


def agreement(found, wanted):
    """Precision, recall and F1 of words, each counted as often as it stands there."""
    found, wanted = words(found), words(wanted)
    shared = sum((found & wanted).values())
    precision = shared / max(1, sum(found.values()))
    recall = shared / max(1, sum(wanted.values()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


class Clock:
    """Measures a block: seconds of the clock, and of processor time of this process and its children."""

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), self.spent()
        return self

    def __exit__(self, *_):
        self.wall, self.cpu = time.perf_counter() - self.wall, self.spent() - self.cpu

    @staticmethod
    def spent():
        uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(use.ru_utime + use.ru_stime for use in uses)


def run_onrecord(program, paths):
    """Reads all pages in one process; returns what it printed of each, by name."""
    command = [program, "extract", "--format", "jsonl", *map(str, paths)]
    done = subprocess.run(command, input="The dam is full.", capture_output=True, encoding="utf-8")
    # Exit code 3: some inputs could not be read, the others were.
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    return {found["id"]: found for found in map(json.loads, done.stdout.splitlines())}


def run_trafilatura(pages):
    import trafilatura

    def text(page):
        return trafilatura.extract(page, include_comments=False, include_tables=False) or ""

    # What is loaded once is no page's cost.
    text(b"<html><body><article><p>A page.</p></article></body></html>")
    with Clock() as clock:
        texts = {path: text(page) for path, page in pages.items()}
    return texts, clock


def claims(found):
    """The claims of an article by their words, wherever these stand: who, the cue, what was said."""
    of = lambda spans: " … ".join(found["text"][start:end] for start, end in spans)
    return [(a["speaker"], a["kind"], of(a["cue"]), of(a["content"])) for a in found["attributions"]]


def same_claims(program, pages, read):
    """Compares each page's claims with those of the text beside it; prints what differs."""
    texts = [page.with_suffix(".txt") for page in pages]
    by_text = run_onrecord(program, texts)
    exact = 0
    for page, text in zip(pages, texts):
        here, there = (claims(found[path.name]) if path.name in found else [] for found, path in ((read, page), (by_text, text)))
        exact += here == there
        for mark, some, others in (("+", here, there), ("-", there, here)):
            for claim in some:
                if claim not in others:
                    print(f"  {mark} {page.name}: {claim}")
    print(f"{exact} of {len(pages)} pages give exactly the claims of their text")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--onrecord", default="onrecord", help="the program to measure")
    parser.add_argument("--each", action="store_true", help="also prints the figures of each page")
    options = parser.parse_args()
    paths = sorted(path for folder in options.folders for path in folder.glob("*.html"))
    names = Counter(path.name for path in paths)
    if not paths or max(names.values()) > 1:
        sys.exit("there are no pages, or two of one name")
    pages = {path: path.read_bytes() for path in paths}
    megabytes = sum(map(len, pages.values())) / 1e6

    with Clock() as start:
        run_onrecord(options.onrecord, ["-"])
    with Clock() as clock:
        read = run_onrecord(options.onrecord, paths)
    texts, beside = run_trafilatura(pages)
    ours = {path: read.get(path.name, {}).get("text", "") for path in paths}

    print(f"{len(paths)} pages, {megabytes:.1f} MB; processor of one core")
    print(f"{'':12} {'pages/CPU s':>12} {'pages/s':>9} {'no text':>8} {'precision':>10} {'recall':>8} {'F1':>8}")
    judged = [path for path in paths if path.with_suffix(".txt").exists()]
    for name, took, found in (("onrecord", clock, ours), ("trafilatura", beside, texts)):
        line = f"{name:12} {len(paths) / took.cpu:12.1f} {len(paths) / took.wall:9.1f} {sum(not t.strip() for t in found.values()):8}"
        if judged:
            each = [agreement(found[path], body_of(path.with_suffix(".txt").read_text("utf-8"))) for path in judged]
            line += "".join(f"{sum(column) / len(each):{width}.4f}" for column, width in zip(zip(*each), (11, 9, 9)))
            if options.each:
                for path, (precision, recall, f1) in zip(judged, each):
                    print(f"  {name} {path.name}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
        print(line)
    print(f"onrecord also finds who said what, prints it, and needs {start.cpu:.2f} s of it to start")
    if judged:
        same_claims(options.onrecord, judged, read)


if __name__ == "__main__":
    main()
