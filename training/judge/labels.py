"""Makes labelled pairs out of kept labels (article ids and offsets) and the articles they point into."""
import argparse
import json
from data import rows

a = argparse.ArgumentParser()
a.add_argument("--labels", required=True, help="TSV: article_a, at_a, article_b, at_b, label")
a.add_argument("--articles", nargs="+", required=True, help="JSON-lines files with `id` and `text`")
a.add_argument("--out", required=True)
o = a.parse_args()
texts = {r["id"]: r["text"] for f in o.articles for r in rows(f)}


def content(article, places):
    spans = [map(int, place.split("-")) for place in places.split(",")]
    return " … ".join(texts[article][start:end] for start, end in spans)


with open(o.labels, encoding="utf-8") as f, open(o.out, "w", encoding="utf-8") as out:
    lines = [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")][1:]
    for article_a, at_a, article_b, at_b, label in lines:
        pair = {"a": content(article_a, at_a), "b": content(article_b, at_b), "label": label}
        out.write(json.dumps(pair, ensure_ascii=False) + "\n")
