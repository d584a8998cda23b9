"""The training steps of experiments/moons-METHOD.yaml in PyTorch, one thread.

usage: moons_torch.py METHOD ITERATIONS   METHOD: gedi, swav or barlow-twins. Prints one JSON object:
iterations_per_second, first (seconds from the start of the process to the end of the first
iteration).
"""
import json, os, sys, time

START = time.time() - (time.clock_gettime(time.CLOCK_BOOTTIME) -
                       int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19]) /
                       os.sysconf("SC_CLK_TCK"))
import torch, torch.nn as nn, torch.nn.functional as F

method, iterations, batch, n, records = sys.argv[1], int(sys.argv[2]), 400, 10000, 10000
torch.set_num_threads(1)
torch.manual_seed(0)

# Two moons, as scikit-learn's; without scikit-learn, whose import is not the training's fault.
t = torch.linspace(0, torch.pi, records // 2)
X = torch.cat([torch.stack([t.cos(), t.sin()], 1), torch.stack([1 - t.cos(), 0.5 - t.sin()], 1)])
X = 0.5 * (X + 0.02 * torch.randn_like(X))


def mlp(*d, norm=False):
    layers = []
    for i in range(len(d) - 1):
        layers.append(nn.Linear(d[i], d[i + 1]))
        if norm:
            layers.append(nn.BatchNorm1d(d[i + 1]))
        if i < len(d) - 2:
            layers.append(nn.LeakyReLU(0.01))
    return nn.Sequential(*layers)


encoder, projector = mlp(2, 100, 100, 2), mlp(2, 4, 2, norm=method != "gedi")
U = nn.Linear(2, 2, bias=False)
opt = torch.optim.Adam([*encoder.parameters(), *projector.parameters(), *U.parameters()], lr=1e-3)
fresh = lambda m: torch.rand(m, 2) * 2 - 1
noisy = lambda x: x + 0.03 * torch.randn_like(x)
records_of = lambda: X[torch.randint(0, records, (batch,))]
buffer = fresh(n)


def gedi():
    logits = lambda x: U(F.normalize(projector(encoder(x)), dim=1))
    x = records_of()
    i = torch.randint(0, n, (batch,))
    again = (torch.rand(batch, 1) < 0.05).float()
    xs = (again * fresh(batch) + (1 - again) * buffer[i]).requires_grad_(True)
    g, = torch.autograd.grad(logits(xs).logsumexp(1).sum(), xs)
    xs = xs.detach() + 5e-5 * g + 0.01 * torch.randn(batch, 2)
    buffer[i] = xs
    # One product for x, x' and the samples: faster than three, so the fairer peer.
    x1, x2, x3 = logits(torch.cat([x, noisy(x), xs])).chunk(3)
    log_p = x1.log_softmax(1)
    gen = x3.logsumexp(1).mean() - x1.logsumexp(1).mean()
    inv = -(x2.softmax(1) * log_p).sum(1).mean()
    prior = -(log_p.logsumexp(0) - torch.log(torch.tensor(float(batch)))).mean()
    return gen + 50 * inv + 10 * prior


def embeddings():
    """Of two noisy views; the encoder, which has no batch statistics, takes both at once."""
    x = records_of()
    h, h2 = encoder(torch.cat([noisy(x), noisy(x)])).chunk(2)
    return projector(h), projector(h2)


@torch.no_grad()
def sinkhorn(scores):
    q = torch.exp(scores / 0.05).t()
    for _ in range(3):
        q /= q.sum(1, keepdim=True)
        q /= q.sum(0, keepdim=True)
    return q.t()


def swav():
    w = F.normalize(U.weight, dim=1)
    s, s2 = (F.linear(F.normalize(z, dim=1), w) for z in embeddings())
    q, q2 = sinkhorn(s), sinkhorn(s2)
    return -0.5 * ((q2 * (s / 0.1).log_softmax(1)).sum(1) +
                   (q * (s2 / 0.1).log_softmax(1)).sum(1)).mean()


def barlow_twins():
    z, z2 = ((z - z.mean(0)) / (z.var(0, unbiased=False) + 1e-5).sqrt() for z in embeddings())
    c = z.t() @ z2 / batch
    one = torch.eye(2)
    return ((c - one) ** 2 * (one + 5e-3 * (1 - one))).sum()


loss_of = {"gedi": gedi, "swav": swav, "barlow-twins": barlow_twins}[method]


def step():
    loss = loss_of()
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    return loss.item()  # a loop that watches its loss, as gedi's does


step()
first = time.time() - START
for _ in range(20):
    step()
began = time.perf_counter()
for _ in range(iterations):
    step()
rate = iterations / (time.perf_counter() - began)
print(json.dumps({"iterations_per_second": rate, "first": first}))
