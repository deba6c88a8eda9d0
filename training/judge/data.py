"""Reads the labelled pairs and makes one epoch's training list from them."""
import glob
import hashlib
import json
import os
import random

LABELS = ("repeat", "contradict", "neutral")
# Speakers whose natural pairs are kept out of training: about a tenth of them.
NATURAL_HELD_OUT = {"cruz", "carson", "ryan", "kasich"}


def rows(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def kept_out(key, share):
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 1000 < share * 1000


class Sets:
    """All sets that may be trained on, under the folder `matching`."""

    def __init__(self, matching, mined=None, written=None):
        m = lambda n: os.path.join(matching, n)
        pair = lambda r: (r["a"], r["b"], LABELS.index(r["label"]))
        listed = set()
        self.authored = []
        for i in range(1, 11):
            for r in rows(m(f"authored_{i}.jsonl")):
                self.authored.append(pair(r))
                listed.add(frozenset((r["a"], r["b"])))
        self.dossier = []
        for d in rows(m("authored_dossiers.jsonl")):
            t = [s["text"] for s in d["statements"]]
            for i in range(len(t)):
                for j in range(i):
                    if frozenset((t[i], t[j])) not in listed:
                        self.dossier.append((t[j], t[i], 2))
        natural = rows(m("natural_train.jsonl"))
        self.natural_held = [r for r in natural if r["speaker"] in NATURAL_HELD_OUT]
        kept = [r for r in natural if r["speaker"] not in NATURAL_HELD_OUT]
        self.natural_neutral = [pair(r) for r in kept if r["label"] == "neutral"]
        self.natural_repeat = [pair(r) for r in kept if r["label"] == "repeat"]
        # Pairs that an earlier judge was surest of, read and labelled.
        self.mined = [pair(r) for r in rows(mined)] if mined else []
        # Pairs written in the forms in which it erred.
        self.written = [pair(r) for r in rows(written)] if written else []
        self.public = {}
        for r in rows(m("train_public.jsonl")):
            self.public.setdefault(r["source"], []).append(pair(r))
        self.stress, self.stress_held = {}, []
        for f in sorted(glob.glob(m("stress/*.jsonl"))):
            name = os.path.splitext(os.path.basename(f))[0]
            for r in rows(f):
                if kept_out(r["a"], 0.15):
                    self.stress_held.append(r)
                else:
                    self.stress.setdefault(name, []).append(pair(r))

    def epoch(self, rng, sizes):
        """One epoch in random order: every authored pair where no size is given, samples of the rest."""
        take = lambda pool, n: rng.sample(pool, min(n, len(pool)))
        out = take(self.authored, sizes.get("authored", len(self.authored))) + self.written * sizes.get("written", 1)
        out += take(self.dossier, sizes["dossier"])
        out += take(self.natural_neutral, sizes["natural"]) + self.natural_repeat * sizes.get("natural_repeat", 2)
        out += take(self.mined, sizes.get("mined", 0))
        for n in ("vitaminc", "mnli", "snli"):
            out += take(self.public[n], sizes[n])
        for n in self.stress:
            out += take(self.stress[n], sizes["stress"] // len(self.stress))
        out = [(b, a, y) if rng.random() < 0.5 else (a, b, y) for a, b, y in out]
        rng.shuffle(out)
        return out
