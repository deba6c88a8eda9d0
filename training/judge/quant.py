"""Four-bit weights: sixteen levels a matrix, one scale for 64 columns of a row, errors passed on along the row (GPTQ)."""
import torch

GROUP = 64


def levels_for(w):
    """Sixteen signed levels fitted (k-means) to the weights divided by their group's largest magnitude."""
    g = w.reshape(-1, GROUP)
    x = (g / g.abs().amax(1, keepdim=True).clamp(min=1e-12)).flatten()
    if len(x) > 400000:
        x = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))[:400000]]
    x = x.sort().values
    c = torch.quantile(x[:: max(1, len(x) // 100000)], torch.linspace(0.01, 0.99, 16))
    c[0], c[-1] = -1, 1
    csum = torch.cat([torch.zeros(1, dtype=torch.double), x.double().cumsum(0)])
    for _ in range(60):
        cut = torch.searchsorted(x, (c[1:] + c[:-1]) / 2)
        edges = torch.cat([torch.zeros(1, dtype=torch.long), cut, torch.tensor([len(x)])])
        n = (edges[1:] - edges[:-1]).clamp(min=1)
        c = ((csum[edges[1:]] - csum[edges[:-1]]) / n).float().sort().values
    top = c.abs().max()
    return (c / top * 127).round().clamp(-127, 127)


def half(x):
    return x.half().float()


def fit_scales(g, levels, weight=None):
    """Best of a few scales for each group (rows of g), by weighted squared error."""
    top = g.abs().amax(1, keepdim=True).clamp(min=1e-8) / levels.abs().max()
    best, best_err = half(top), torch.full((len(g), 1), float("inf"))
    mids = (levels[1:] + levels[:-1]) / 2
    for f in torch.linspace(0.75, 1.1, 15):
        s = half(top * f).clamp(min=6e-8)
        q = levels[torch.bucketize((g / s).contiguous(), mids)] * s
        e = (q - g).pow(2)
        e = (e * weight if weight is not None else e).sum(1, keepdim=True)
        better = e < best_err
        best, best_err = torch.where(better, s, best), torch.where(better, e, best_err)
    return best[:, 0]


def quantise(w, hessian=None, damp=0.01):
    """Returns (levels [16], scales [rows, groups], codes [rows, columns] uint8, dequantised w)."""
    rows, cols = w.shape
    w = w.clone().float()
    levels = levels_for(w)
    mids = (levels[1:] + levels[:-1]) / 2
    scales = torch.zeros(rows, cols // GROUP)
    codes = torch.zeros(rows, cols, dtype=torch.uint8)
    out = torch.zeros_like(w)
    if hessian is None:
        for g in range(cols // GROUP):
            part = w[:, g * GROUP:(g + 1) * GROUP]
            s = fit_scales(part, levels)
            scales[:, g] = s
            c = torch.bucketize((part / s[:, None]).contiguous(), mids)
            codes[:, g * GROUP:(g + 1) * GROUP] = c.to(torch.uint8)
            out[:, g * GROUP:(g + 1) * GROUP] = levels[c] * s[:, None]
        return levels, scales, codes, out
    h = hessian.double().clone()
    diag = h.diagonal()
    dead = diag == 0
    h[dead, dead] = 1
    h += torch.eye(cols, dtype=torch.double) * damp * diag.mean()
    inv = torch.cholesky_inverse(torch.linalg.cholesky(h))
    u = torch.linalg.cholesky(inv, upper=True).float()
    imp = hessian.diagonal().float()
    for g in range(cols // GROUP):
        a, b = g * GROUP, (g + 1) * GROUP
        part = w[:, a:b].clone()
        s = fit_scales(part, levels, imp[a:b][None])
        scales[:, g] = s
        err = torch.zeros_like(part)
        for j in range(GROUP):
            c = torch.bucketize((part[:, j] / s).contiguous(), mids)
            q = levels[c] * s
            codes[:, a + j] = c.to(torch.uint8)
            out[:, a + j] = q
            e = (part[:, j] - q) / u[a + j, a + j]
            err[:, j] = e
            if j + 1 < GROUP:
                part[:, j + 1:] -= e[:, None] * u[a + j, a + j + 1:b][None]
        if b < cols:
            w[:, b:] -= err @ u[a:b, b:]
    return levels, scales, codes, out
