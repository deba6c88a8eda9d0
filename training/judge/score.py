"""Macro F1 (argmax), AUC and mean order-averaged probabilities for labelled pairs."""
import torch
from tokens import pad, batches
from data import LABELS
from model import HALF


@torch.no_grad()
def probabilities(model, pieces, pairs, tokens=2400, autocast=HALF):
    both = [p[:2] for p in pairs] + [(p[1], p[0]) for p in pairs]
    ids = pieces.pairs(both)
    n = [len(x) for x in ids]
    out = torch.zeros(len(both), 3)
    was = model.training
    model.eval()
    for b in batches(sorted(range(len(ids)), key=lambda i: n[i]), n, tokens):
        x, k = pad([ids[i] for i in b])
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            out[b] = model(x, k).softmax(-1)
    model.train(was)
    return (out[: len(pairs)] + out[len(pairs):]) / 2


def auc(score, positive):
    s = sorted(zip(score, positive))
    rank, i, total = 0.0, 0, 0.0
    while i < len(s):
        j = i
        while j < len(s) and s[j][0] == s[i][0]:
            j += 1
        total += sum(p for _, p in s[i:j]) * (i + j + 1) / 2
        i = j
    p = sum(positive); n = len(positive) - p
    return (total - p * (p + 1) / 2) / (p * n) if p and n else float("nan")


def f1s(gold, pred):
    out = []
    for l in range(3):
        tp = sum(g == l == p for g, p in zip(gold, pred))
        out.append(2 * tp / max(1, sum(g == l for g in gold) + sum(p == l for p in pred)))
    return out


def summary(rows, p):
    gold = [LABELS.index(r["label"]) for r in rows]
    pred = p.argmax(1).tolist()
    f = f1s(gold, pred)
    return dict(n=len(rows), macro_f1=round(100 * sum(f) / 3, 1), f1_r_c_n=[round(100 * x, 1) for x in f],
                auc_contradict=round(100 * auc(p[:, 1].tolist(), [g == 1 for g in gold]), 1),
                auc_repeat=round(100 * auc(p[:, 0].tolist(), [g == 0 for g in gold]), 1))


def natural(rows, p):
    """Flags per 1,000 neutral or repeat pairs at argmax and at p >= .9, and repeats F1."""
    c = p[:, 1]
    pred = p.argmax(1).tolist()
    gold = [LABELS.index(r["label"]) for r in rows]
    return dict(n=len(rows), flagged_argmax=round(1000 * pred.count(1) / len(rows), 1),
                flagged_90=round(1000 * float((c > .9).float().mean()), 1), repeat_f1=round(100 * f1s(gold, pred)[0], 1))
