"""Turns a checkpoint into the file of weights that the Rust encoder reads (see src/encoder/weights.rs for the layout)."""
import argparse, random, struct, time, zlib
from pathlib import Path
import torch
from tokenizers import Tokenizer
from data import Sets, rows
from model import HALF, Judge
from quant import quantise
from score import natural, probabilities, summary
from tokens import BOS, EOS, PAD, Pieces, batches, pad

a = argparse.ArgumentParser()
a.add_argument("--checkpoint", required=True); a.add_argument("--mpnet", required=True)
a.add_argument("--matching", required=True); a.add_argument("--scenarios")
a.add_argument("--texts", nargs="*", default=[], help="JSON-lines files with a field `text`: their word pieces stay in the vocabulary")
a.add_argument("--vocabulary", type=int, default=24000)
a.add_argument("--calibration", type=int, default=1000, help="training pairs whose activations guide the rounding; 0 rounds to the nearest")
a.add_argument("--out", required=True)
o = a.parse_args()
torch.set_num_threads(2)
start = time.time()
model = Judge()
model.load_state_dict(torch.load(o.checkpoint)); model.eval()
tok = Path(o.mpnet, "tokenizer.json")
pieces = Pieces(str(tok))
sets = Sets(o.matching)

# Vocabulary: marks, every piece of one character, what the training texts use, then by rank (the vocabulary is sorted by frequency).
vocab = Tokenizer.from_file(str(tok)).get_vocab()
names = sorted(vocab, key=vocab.get)
texts = [t for p in sets.authored + sets.dossier + sets.natural_neutral + sets.natural_repeat for t in p[:2]]
for v in (*sets.public.values(), *sets.stress.values()):
    texts += [t for p in v for t in p[:2]]
for f in o.texts:
    texts += [r["text"] for r in rows(f)]
used = set()
for i in range(0, len(texts), 2000):
    for e in pieces.t.encode_batch(texts[i:i + 2000], add_special_tokens=False):
        used.update(e.ids)
plain = lambda n: n.removeprefix("##")
latin = lambda n: all(c.isascii() or c in "–—‘’“”…£€°éè" for c in plain(n))
keep = {BOS, EOS, vocab["[UNK]"]} | used
keep |= {i for i, n in enumerate(names) if latin(n) and len(plain(n)) == 1}
room = [i for i, n in enumerate(names) if i not in keep and latin(n) and not n.startswith("[") and not n.startswith("<")]
keep |= set(room[: max(0, o.vocabulary - len(keep))])
keep = sorted(keep)
print("used", len(used), "kept", len(keep), "of", len(names))

tensors = []
def text(name, value): tensors.append((name, "text", 1, 1, value.encode()))
def floats(name, t):
    t = t.detach().float().contiguous()
    tensors.append((name, "f32", t.shape[0], t.numel() // t.shape[0], t.numpy().tobytes()))
def q4(name, w, h=None):
    levels, scales, codes, out = quantise(w.detach(), h)
    c = codes.reshape(len(w), -1, 2)
    body = levels.to(torch.int8).numpy().tobytes() + scales.half().numpy().tobytes() + (c[..., 0] | (c[..., 1] << 4)).numpy().tobytes()
    tensors.append((name, "q4", w.shape[0], w.shape[1], body))
    return out

text("pieces", "\n".join(names[i] for i in keep))
floats("layers", torch.tensor([len(model.layers)]))
q = q4("words", model.word.weight[keep])
with torch.no_grad():
    model.word.weight[keep] = q
floats("positions", model.pos.weight[2:258])
floats("after_words.gain", model.ln.weight); floats("after_words.shift", model.ln.bias)
floats("distances", model.rel.weight.t().contiguous())

# Calibration: one batch after another goes through the layers; each layer is rounded with what its rounded forerunners give it.
rng = random.Random(7)
sample = rng.sample(sets.authored, o.calibration * 6 // 10) + rng.sample(sets.natural_neutral, o.calibration * 3 // 10) + rng.sample(sets.public["mnli"], o.calibration // 10) if o.calibration else []
ids = pieces.pairs(sample)
n = [len(x) for x in ids]
from model import relative_bucket
state = []
with torch.no_grad():
    for b in batches(sorted(range(len(ids)), key=lambda i: n[i]), n, 4000):
        x, k = pad([ids[i] for i in b])
        bias = model.rel(relative_bucket(x.shape[1])).permute(2, 0, 1)[None].masked_fill(~k[:, None, None, :], -1e4)
        state.append([model.ln(model.word(x) + model.pos(torch.arange(2, x.shape[1] + 2))[None]), k, bias])

def gather(linear, layer):
    """Second moments of what goes into one linear map, over all calibration batches."""
    h = torch.zeros(linear.in_features, linear.in_features, dtype=torch.double)
    def hook(_, inp):
        with torch.autocast("cpu", enabled=False):
            v = inp[0][mask].float()
            h.add_((v.t() @ v).double())
    handle = linear.register_forward_pre_hook(hook)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=HALF):
        for x, mask, bias in state:
            layer(x, bias, model.heads, 0.0)
    handle.remove()
    return h / max(1.0, h.diagonal().mean())

for i, l in enumerate(model.layers):
    for name, linear in (("qkv", l.qkv), ("out", l.o), ("up", l.up), ("down", l.down)):
        h = gather(linear, l) if state else None
        w = linear.weight.detach().clone()
        out = q4(f"{i}.{name}", w, h)
        linear.weight.data.copy_(out)
        floats(f"{i}.{name}.bias", linear.bias)
    for name, norm in (("after_attention", l.ln1), ("after_inner", l.ln2)):
        floats(f"{i}.{name}.gain", norm.weight); floats(f"{i}.{name}.shift", norm.bias)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=HALF):
        for s in state:
            s[0] = l(s[0], s[2], model.heads, 0.0).float()
    print("layer", i, round(time.time() - start), "s", flush=True)
floats("head", model.dense.weight); floats("head.bias", model.dense.bias)
floats("labels", model.out.weight); floats("labels.bias", model.out.bias)

header, at = "", 0
for name, kind, r, c, body in tensors:
    header += f"{name}\t{kind}\t{r}\t{c}\t{at}\t{len(body)}\n"; at += len(body)
blob = b"ORJUDGE1" + struct.pack("<I", len(header.encode())) + header.encode() + b"".join(t[4] for t in tensors)
blob += struct.pack("<I", zlib.crc32(blob))
Path(o.out).write_bytes(blob)
print("MB", round(len(blob) / 1e6, 2))
torch.save(model.state_dict(), o.out + ".rounded.pt")
if o.scenarios:
    dev = rows(Path(o.scenarios, "pairs_dev.jsonl"))
    print("pairs_dev rounded", summary(dev, probabilities(model, pieces, [(r["a"], r["b"]) for r in dev])))
