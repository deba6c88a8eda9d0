"""usage: clusters.py MODEL_FOLDER TRAIN.jsonl OUT.tsv
Word clusters by k-means over MiniLM's static word-piece vectors; the vocabulary of PolNeAR train adds words of several pieces (mean of pieces)."""
import json, re, collections, struct, sys
import numpy as np
def load(path):
    b=open(path,'rb').read(); n=struct.unpack('<Q',b[:8])[0]; h=json.loads(b[8:8+n])
    k=[k for k in h if k.endswith('word_embeddings.weight')][0]; i=h[k]; s,e=i['data_offsets']; print(i['dtype'],i['shape'])
    return np.frombuffer(b[8+n+s:8+n+e],dtype={'F32':np.float32,'F16':np.float16}[i['dtype']]).reshape(i['shape']).astype(np.float32)
M=sys.argv[1]  # the model folder of the package, with a slash at its end
E=load(M+'model.safetensors'); V=[l.rstrip('\n') for l in open(M+'vocab.txt',encoding='utf8')]; ix={w:i for i,w in enumerate(V)}
def pieces(w):
    out=[];i=0
    while i<len(w):
        j=len(w)
        while j>i:
            p=('##' if i else '')+w[i:j]
            if p in ix: break
            j-=1
        if j==i: return None
        out.append(ix[p]); i=j
    return out
cnt=collections.Counter()
for l in open(sys.argv[2]):
    cnt.update(m.lower() for m in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*",json.loads(l)['text']))
words=[w for w in V if w.isascii() and w.isalpha()]
have=set(words)
X=[E[ix[w]] for w in words]
W=list(words)
for w,c in cnt.items():
    if w in have or c<4 or '-' in w: continue
    p=pieces(w)
    if p: W.append(w); X.append(E[p].mean(0))
X=np.array(X); X-=X[:len(words)].mean(0); X/=np.linalg.norm(X,axis=1,keepdims=True)
rng=np.random.default_rng(0)
def km(k,it=15):
    n=len(words); C=X[rng.permutation(n)[:k]].copy()
    for _ in range(it):
        a=(X[:n]@C.T).argmax(1); C2=np.zeros_like(C); np.add.at(C2,a,X[:n]); C=C2/np.maximum(np.linalg.norm(C2,axis=1,keepdims=True),1e-6)
    return (X@C.T).argmax(1)
res=[km(k) for k in (64,256,1024)]
with open(sys.argv[3],'w') as f:
    for i,w in enumerate(W): f.write(w+'\t'+'\t'.join(str(r[i]) for r in res)+'\n')
print(len(words),len(W))
