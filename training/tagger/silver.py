"""usage: silver.py SPACY_MODEL_FOLDER IN.jsonl OUT.jsonl
Silver part-of-speech tags, entities and heads over PolNeAR with spaCy's en_core_web_sm (MIT)."""
import json, sys, spacy
nlp = spacy.load(sys.argv[1], exclude=["lemmatizer","senter"])
inp, out = sys.argv[2:4]
rows = [json.loads(l) for l in open(inp, encoding='utf8')]
def paras():
    for r in rows:
        pos = 0
        for line in r['text'].split('\n'):
            if line.strip(): yield line, (r['id'], pos)
            pos += len(line) + 1
cur, toks = None, []
with open(out, 'w', encoding='utf8') as f:
    def flush():
        if cur: f.write(json.dumps({'id': cur, 't': toks}, ensure_ascii=False) + '\n')
    for doc, (i, off) in nlp.pipe(paras(), as_tuples=True, batch_size=128):
        if i != cur:
            flush(); cur, toks = i, []
        base = len(toks)
        for t in doc:
            if t.is_space: 
                toks.append([off+t.idx, off+t.idx+len(t), '_SP', '', base+t.head.i, t.dep_]); continue
            ent = (t.ent_iob_ + '-' + t.ent_type_) if t.ent_type_ else ''
            toks.append([off+t.idx, off+t.idx+len(t), t.tag_, ent, base+t.head.i, t.dep_])
    flush()
