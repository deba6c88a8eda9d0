"""Recall of gold contradictions and repeats among the nearest statements, by the mean of the first layers' output."""
import json, sys, torch, collections
from model import Judge
from tokens import Pieces, pad, BOS, EOS
ckpt, mpnet, gold = sys.argv[1:4]
torch.set_num_threads(2)
g = json.load(open(gold)); p = Pieces(mpnet + "/tokenizer.json")
C = []; at = {}
for a in g["articles"]:
    for x in a["attributions"]:
        c = x["content"] if isinstance(x["content"], str) else " ".join(x["content"])
        at[(a["file"], x["id"])] = len(C); C.append((x["speaker"], a["file"], c))
ids = [[BOS, *s, EOS] for s in p.plain([c[2] for c in C])]
x, k = pad(ids)
def run(m, n):
    with torch.no_grad():
        h = m.hidden(x, k, n); h = (h * k[..., None]).sum(1) / k.sum(1, keepdim=True)
    return h
raw = Judge(); raw.load_mpnet(mpnet + "/model.safetensors"); raw.eval()
print(len(C), collections.Counter(c[0] for c in C).most_common(4))
for n in (0, 1, 2, 3, 4, 6, 12):
    v = run(raw, n)
    for centre in (False, True):
        w = v - v.mean(0) if centre else v
        w = torch.nn.functional.normalize(w, dim=1); S = w @ w.t()
        line = []
        for kind in ("contradictions", "repeats"):
            own, allr = [], []
            for r in g[kind]:
                i, j = at[(r["a"]["file"], r["a"]["id"])], at[(r["b"]["file"], r["b"]["id"])]
                for i, j in ((i, j), (j, i)):
                    others = [q for q in range(len(C)) if C[q][1] != C[i][1] and q != i]
                    allr.append(sum(float(S[i, q]) > float(S[i, j]) for q in others))
                    own.append(sum(float(S[i, q]) > float(S[i, j]) for q in others if C[q][0] == C[i][0]))
            f = lambda z, t: round(100 * sum(q < t for q in z) / len(z))
            line.append(f"{kind}: own speaker @3 {f(own,3)} @5 {f(own,5)} @10 {f(own,10)} @20 {f(own,20)} | all claims @5 {f(allr,5)} @20 {f(allr,20)} @50 {f(allr,50)}")
        print("layers", n, "centred" if centre else "plain", " ; ".join(line), flush=True)
