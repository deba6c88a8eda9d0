"""Makes same-speaker pairs from two articles out of an attribution corpus: the likest few for every statement, not yet labelled."""
import argparse, hashlib, json, re, collections
import numpy as np
from data import rows
a = argparse.ArgumentParser()
a.add_argument("--articles", required=True); a.add_argument("--labelled", nargs="*", default=[]); a.add_argument("--near", type=int, default=6)
a.add_argument("--out", required=True)
o = a.parse_args()
seen = {frozenset(map(str, (r["at_a"], r["at_b"]))) for f in o.labelled for r in rows(f)}
skip = set("the he she it they we i you who that this his her their mr ms mrs senator gov president one both".split())
claims = collections.defaultdict(list)
for r in rows(o.articles):
    t = r["text"]
    for x in r["attributions"]:
        if not x["source"] or not x["content"]: continue
        names = re.findall(r"[A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?", re.sub(r"['’]s?\b.*", "", " ".join(t[s:e] for s, e in x["source"])))
        names = [n for n in names if n.lower() not in skip]
        c = " ".join(t[s:e] for s, e in x["content"]).replace("\n", " ").strip()
        if names and len(names) <= 3 and len(c.split()) >= 5:
            claims[names[-1].lower()].append((r["id"], x["content"], c, r["date"]))
word = re.compile(r"[a-z]{3,}|\d+")
df = collections.Counter(w for v in claims.values() for c in v for w in set(word.findall(c[2].lower())))
N = sum(df.values()) and sum(map(len, claims.values()))
h = lambda w: int(hashlib.md5(w[:6].encode()).hexdigest()[:8], 16) % 8192
out = 0
with open(o.out, "w") as f:
    for sp in sorted(claims):
        v = claims[sp]
        if len(v) < 8: continue
        X = np.zeros((len(v), 8192), np.float32)
        for i, c in enumerate(v):
            for w in set(word.findall(c[2].lower())): X[i, h(w)] += np.log(N / df[w])
        X /= np.linalg.norm(X, axis=1, keepdims=True) + 1e-6
        S = X @ X.T
        pairs = set()
        for i in range(len(v)):
            k = 0
            for j in np.argsort(-S[i]):
                j = int(j)
                if v[i][0] == v[j][0] or v[i][2].lower() == v[j][2].lower(): continue
                if S[i, j] < .12 or k >= o.near: break
                k += 1
                pairs.add((min(i, j), max(i, j)))
        for i, j in sorted(pairs):
            x, y = sorted((v[i], v[j]), key=lambda c: c[3])
            if frozenset((str([x[0], x[1]]), str([y[0], y[1]]))) in seen: continue
            f.write(json.dumps({"id": f"m{out}", "speaker": sp, "a": x[2], "b": y[2], "date_a": x[3], "date_b": y[3], "at_a": [x[0], x[1]], "at_b": [y[0], y[1]]}, ensure_ascii=False) + "\n"); out += 1
print(N, len(claims), out)
