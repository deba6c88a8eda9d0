"""Word pieces for pairs: <s> a </s></s> b </s>, as MPNet was trained."""
import torch
from tokenizers import Tokenizer

BOS, PAD, EOS = 0, 1, 2
LIMIT = 96  # pieces kept of each statement


class Pieces:
    def __init__(self, path):
        self.t = Tokenizer.from_file(path)
        self.t.no_padding(); self.t.no_truncation()

    def plain(self, texts):
        return [e.ids[:LIMIT] for e in self.t.encode_batch(texts, add_special_tokens=False)]

    def pairs(self, pairs):
        a = self.plain([p[0] for p in pairs]); b = self.plain([p[1] for p in pairs])
        return [[BOS, *x, EOS, EOS, *y, EOS] for x, y in zip(a, b)]


def pad(seqs):
    n = max(map(len, seqs))
    ids = torch.full((len(seqs), n), PAD, dtype=torch.long)
    for i, s in enumerate(seqs):
        ids[i, : len(s)] = torch.tensor(s)
    return ids, ids != PAD


def batches(order, lengths, tokens):
    """Cuts `order` (already sorted or bucketed) into lists whose padded size stays under `tokens`."""
    out, cur, longest = [], [], 0
    for i in order:
        longest = max(longest, lengths[i])
        if cur and longest * (len(cur) + 1) > tokens:
            out.append(cur); cur, longest = [], lengths[i]
        cur.append(i)
    if cur:
        out.append(cur)
    return out
