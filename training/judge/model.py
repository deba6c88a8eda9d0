"""MPNet in plain torch: relative position bias, post-norm layers, a small three-way head."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file


def relative_bucket(n, buckets=32, max_distance=128):
    """Buckets of signed distances, as MPNet (and T5) define them, for an n x n grid."""
    context = torch.arange(n)[:, None]
    memory = torch.arange(n)[None, :]
    d = -(memory - context)
    half = buckets // 2
    ret = (d < 0).long() * half
    d = d.abs()
    exact = half // 2
    far = exact + (torch.log(d.float().clamp(min=1) / exact) / math.log(max_distance / exact) * (half - exact)).long()
    far = torch.minimum(far, torch.full_like(far, half - 1))
    return ret + torch.where(d < exact, d, far)


class Layer(nn.Module):
    def __init__(self, d, ff):
        super().__init__()
        self.qkv = nn.Linear(d, 3 * d)
        self.o = nn.Linear(d, d)
        self.ln1 = nn.LayerNorm(d, eps=1e-5)
        self.up = nn.Linear(d, ff)
        self.down = nn.Linear(ff, d)
        self.ln2 = nn.LayerNorm(d, eps=1e-5)

    def forward(self, x, bias, heads, p):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype), dropout_p=p if self.training and ATTENTION_DROPOUT else 0.0)
        a = self.o(a.transpose(1, 2).reshape(b, t, d))
        x = self.ln1(x + F.dropout(a, p, self.training))
        f = self.down(F.gelu(self.up(x)))
        return self.ln2(x + F.dropout(f, p, self.training))


ATTENTION_DROPOUT = False
# Without instructions for it, half precision is slower than whole.
HALF = any(getattr(torch.cpu, f"_is_{i}_supported", lambda: False)() for i in ("amx_tile", "avx512_bf16"))


class Judge(nn.Module):
    """Cross-encoder over a pair; logits in the order repeat, contradict, neutral."""

    def __init__(self, vocab=30527, d=768, ff=3072, layers=12, heads=12, positions=514, p=0.1):
        super().__init__()
        self.heads, self.p = heads, p
        self.word = nn.Embedding(vocab, d)
        self.pos = nn.Embedding(positions, d)
        self.ln = nn.LayerNorm(d, eps=1e-5)
        self.rel = nn.Embedding(32, heads)
        self.layers = nn.ModuleList(Layer(d, ff) for _ in range(layers))
        self.dense = nn.Linear(d, d)
        self.out = nn.Linear(d, 3)

    @torch.no_grad()
    def load_mpnet(self, path):
        s = load_file(path)
        s = {k.removeprefix("mpnet."): v for k, v in s.items()}
        self.word.weight.copy_(s["embeddings.word_embeddings.weight"])
        self.pos.weight.copy_(s["embeddings.position_embeddings.weight"])
        self.ln.weight.copy_(s["embeddings.LayerNorm.weight"])
        self.ln.bias.copy_(s["embeddings.LayerNorm.bias"])
        self.rel.weight.copy_(s["encoder.relative_attention_bias.weight"])
        for i, l in enumerate(self.layers):
            g = lambda n: s[f"encoder.layer.{i}.{n}"]
            for part in ("weight", "bias"):
                a = "attention.attn."
                getattr(l.qkv, part).copy_(torch.cat([g(a + f"{n}.{part}") for n in "qkv"]))
                getattr(l.o, part).copy_(g(a + "o." + part))
                getattr(l.ln1, part).copy_(g("attention.LayerNorm." + part))
                getattr(l.up, part).copy_(g("intermediate.dense." + part))
                getattr(l.down, part).copy_(g("output.dense." + part))
                getattr(l.ln2, part).copy_(g("output.LayerNorm." + part))
        nn.init.normal_(self.dense.weight, std=0.02); nn.init.zeros_(self.dense.bias)
        nn.init.normal_(self.out.weight, std=0.02); nn.init.zeros_(self.out.bias)

    def hidden(self, ids, mask, upto=None):
        b, t = ids.shape
        pos = torch.arange(2, t + 2)
        x = self.ln(self.word(ids) + self.pos(pos)[None])
        x = F.dropout(x, self.p, self.training)
        bias = self.rel(relative_bucket(t)).permute(2, 0, 1)[None]
        bias = bias.masked_fill(~mask[:, None, None, :], -1e4)
        for l in self.layers[:upto]:
            x = l(x, bias, self.heads, self.p)
        return x

    def forward(self, ids, mask):
        h = self.hidden(ids, mask)[:, 0]
        h = F.dropout(h, self.p, self.training)
        h = torch.tanh(self.dense(h))
        h = F.dropout(h, self.p, self.training)
        return self.out(h).float()

    def freeze(self, layers):
        for m in [self.word, self.pos, self.ln, self.rel, *self.layers[:layers]]:
            m.requires_grad_(False)
