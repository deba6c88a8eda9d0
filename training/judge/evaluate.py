"""Prints the figures of a checkpoint on pairs_dev, dev_public and the natural pairs kept out of training."""
import sys, torch
from data import Sets, rows
from model import Judge
from score import natural, probabilities, summary
from tokens import Pieces
checkpoint, mpnet, matching, scenarios = sys.argv[1:5]
torch.set_num_threads(2)
m = Judge(); m.load_state_dict(torch.load(checkpoint)); m.eval()
p = Pieces(mpnet + "/tokenizer.json"); s = Sets(matching)
pair = lambda r: (r["a"], r["b"])
for name, r in (("pairs_dev", rows(scenarios + "/pairs_dev.jsonl")), ("dev_public", rows(matching + "/dev_public.jsonl"))):
    print(name, summary(r, probabilities(m, p, list(map(pair, r)))), flush=True)
print("natural held out", natural(s.natural_held, probabilities(m, p, list(map(pair, s.natural_held)))))
print("stress held out", summary(s.stress_held, probabilities(m, p, list(map(pair, s.stress_held)))))
