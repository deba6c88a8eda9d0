"""Turns a file of weights for Rust back into a checkpoint, so that training goes on from what is shipped."""
import argparse
import struct
import zlib
from pathlib import Path
import torch
from tokenizers import Tokenizer
from model import Judge
from quant import GROUP

a = argparse.ArgumentParser()
a.add_argument("--weights", required=True); a.add_argument("--mpnet", required=True, help="gives the word pieces that the file leaves out")
a.add_argument("--out", required=True)
o = a.parse_args()
blob = Path(o.weights).read_bytes()
assert blob[:8] == b"ORJUDGE1" and zlib.crc32(blob[:-4]) == struct.unpack("<I", blob[-4:])[0]
length = struct.unpack("<I", blob[8:12])[0]
tensors = {}
for line in blob[12:12 + length].decode().splitlines():
    name, kind, rows, columns, start, size = line.split("\t")
    rows, columns, start = int(rows), int(columns), 12 + length + int(start)
    body = blob[start:start + int(size)]
    if kind == "text":
        tensors[name] = body.decode().split("\n")
    elif kind == "f32":
        tensors[name] = torch.frombuffer(bytearray(body), dtype=torch.float32).reshape(rows, columns).squeeze(1 if columns == 1 else -1)
    else:
        n = rows * columns // GROUP * 2
        levels = torch.frombuffer(bytearray(body[:16]), dtype=torch.int8).float()
        scales = torch.frombuffer(bytearray(body[16:16 + n]), dtype=torch.float16).float().reshape(rows, -1)
        codes = torch.frombuffer(bytearray(body[16 + n:]), dtype=torch.uint8).long().reshape(rows, -1)
        codes = torch.stack((codes & 15, codes >> 4), -1).reshape(rows, columns)
        tensors[name] = levels[codes] * scales.repeat_interleave(GROUP, 1)

model = Judge()
model.load_mpnet(str(Path(o.mpnet, "model.safetensors")))
put = lambda parameter, value: parameter.data.copy_(value.reshape(parameter.shape))
vocabulary = Tokenizer.from_file(str(Path(o.mpnet, "tokenizer.json"))).get_vocab()
model.word.weight.data[[vocabulary[p] for p in tensors["pieces"]]] = tensors["words"]
model.pos.weight.data[2:258] = tensors["positions"]
put(model.ln.weight, tensors["after_words.gain"]); put(model.ln.bias, tensors["after_words.shift"])
put(model.rel.weight, tensors["distances"].t())
for i, l in enumerate(model.layers):
    for name, linear in (("qkv", l.qkv), ("out", l.o), ("up", l.up), ("down", l.down)):
        put(linear.weight, tensors[f"{i}.{name}"]); put(linear.bias, tensors[f"{i}.{name}.bias"])
    for name, norm in (("after_attention", l.ln1), ("after_inner", l.ln2)):
        put(norm.weight, tensors[f"{i}.{name}.gain"]); put(norm.bias, tensors[f"{i}.{name}.shift"])
put(model.dense.weight, tensors["head"]); put(model.dense.bias, tensors["head.bias"])
put(model.out.weight, tensors["labels"]); put(model.out.bias, tensors["labels.bias"])
torch.save(model.state_dict(), o.out)
