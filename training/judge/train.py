"""Fine-tunes MPNet on the labelled pairs: bf16 autocast over f32 master weights where the processor has it, checkpoints."""
import argparse, json, math, os, random, time
import torch
import torch.nn.functional as F
from data import Sets, rows
from model import HALF, Judge
from score import natural, probabilities, summary
from tokens import Pieces, batches, pad

a = argparse.ArgumentParser()
a.add_argument("--matching", required=True); a.add_argument("--scenarios", required=True)
a.add_argument("--mpnet", required=True); a.add_argument("--out", required=True)
a.add_argument("--init", help="a checkpoint to go on from instead of the pretrained encoder")
a.add_argument("--mined", help="pairs that an earlier judge was surest of, read and labelled; `--sizes` says how many an epoch")
a.add_argument("--written", help="pairs written for the mistakes of an earlier judge; all of them in every epoch, as often as `--sizes` says")
a.add_argument("--epochs", type=int, default=3); a.add_argument("--lr", type=float, default=4e-5)
a.add_argument("--tokens", type=int, default=1600); a.add_argument("--seed", type=int, default=1)
a.add_argument("--freeze", type=int, default=3); a.add_argument("--threads", type=int, default=2)
a.add_argument("--smoothing", type=float, default=0.05)
a.add_argument("--sizes", default='{"dossier":1200,"natural":800,"vitaminc":900,"mnli":900,"snli":400,"stress":600}')
o = a.parse_args()
torch.set_num_threads(o.threads); torch.manual_seed(o.seed)
rng = random.Random(o.seed)
os.makedirs(o.out, exist_ok=True)
log = open(os.path.join(o.out, "log.txt"), "a", buffering=1)
say = lambda *w: (print(*w, flush=True), print(*w, file=log))

pieces = Pieces(os.path.join(o.mpnet, "tokenizer.json"))
sets = Sets(o.matching, o.mined, o.written)
sizes = json.loads(o.sizes)
model = Judge()
model.load_mpnet(os.path.join(o.mpnet, "model.safetensors"))
if o.init:
    model.load_state_dict(torch.load(o.init))
model.freeze(o.freeze); model.train()
dev = rows(os.path.join(o.scenarios, "pairs_dev.jsonl"))
dev_pairs = [(r["a"], r["b"]) for r in dev]

plan = []
for e in range(o.epochs):
    pairs = sets.epoch(rng, sizes)
    ids = pieces.pairs(pairs)
    n = [len(x) for x in ids]
    order = list(range(len(pairs)))
    steps = []
    for i in range(0, len(order), 1200):  # sort by length within stretches: little padding, still mixed
        steps += batches(sorted(order[i:i + 1200], key=lambda j: n[j]), n, o.tokens)
    rng.shuffle(steps)
    plan += [(e, [(ids[j], pairs[j][2]) for j in s]) for s in steps]
total = len(plan)
say("steps", total, "pairs", sum(len(s) for _, s in plan), vars(o))

decay, plain = [], []
for name, p in model.named_parameters():
    if p.requires_grad:
        (plain if p.ndim < 2 else decay).append(p)
head = {id(p) for m in (model.dense, model.out) for p in m.parameters()}
groups = [dict(params=[p for p in decay if id(p) not in head], weight_decay=0.01, scale=1.0),
          dict(params=[p for p in plain if id(p) not in head], weight_decay=0.0, scale=1.0),
          dict(params=[p for m in (model.dense, model.out) for p in m.parameters()], weight_decay=0.01, scale=2.0)]
opt = torch.optim.AdamW(groups, lr=o.lr, betas=(0.9, 0.98), eps=1e-6, fused=True)
start, run, seen, last = time.time(), 0.0, 0, 0
for step, (e, batch) in enumerate(plan):
    warm = 0.06 * total
    f = min(1.0, (step + 1) / warm) * max(0.02, 1 - max(0, step - warm) / (total - warm))
    for g in opt.param_groups:
        g["lr"] = o.lr * f * g["scale"]
    x, k = pad([b[0] for b in batch])
    y = torch.tensor([b[1] for b in batch])
    with torch.autocast("cpu", torch.bfloat16, enabled=HALF):
        logits = model(x, k)
    loss = F.cross_entropy(logits, y, label_smoothing=o.smoothing)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for g in opt.param_groups for p in g["params"]], 1.0, foreach=True)
    opt.step(); opt.zero_grad(set_to_none=True)
    run = 0.95 * run + 0.05 * loss.item(); seen += len(batch)
    if step % 20 == 19:
        say(f"{step + 1}/{total} epoch {e} loss {run / (1 - 0.95 ** (step + 1)):.3f} pairs/s {seen / (time.time() - start):.1f} min {(time.time() - start) / 60:.1f}")
    ended = step + 1 == total or plan[step + 1][0] != e
    if ended or step + 1 == total * 1 // 6 or step + 1 == total * 5 // 6:
        torch.save(model.state_dict(), os.path.join(o.out, f"e{e}.pt" if ended else "mid.pt"))
        say("pairs_dev", step + 1, summary(dev, probabilities(model, pieces, dev_pairs)))
        if ended:
            say("natural held out", natural(sets.natural_held, probabilities(model, pieces, [(r["a"], r["b"]) for r in sets.natural_held])))
