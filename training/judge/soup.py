"""Averages the weights of checkpoints that one run grew out of the other."""
import sys, torch
*ins, out = sys.argv[1:]
s = [torch.load(i) for i in ins]
torch.save({k: sum(x[k] for x in s) / len(s) for k in s[0]}, out)
