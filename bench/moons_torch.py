"""The same GEDI training step as experiments/moons-gedi.yaml in PyTorch, one thread.

usage: moons_torch.py ITERATIONS   prints one JSON object: iterations_per_second, first (seconds
from the start of the process to the end of the first iteration).
"""
import json, os, sys, time

START = time.time() - (time.clock_gettime(time.CLOCK_BOOTTIME) -
                       int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19]) /
                       os.sysconf("SC_CLK_TCK"))
import torch, torch.nn as nn, torch.nn.functional as F

iterations, batch, n, records = int(sys.argv[1]), 400, 10000, 10000
torch.set_num_threads(1)
torch.manual_seed(0)

# Two moons, as scikit-learn's; without scikit-learn, whose import is not the training's fault.
t = torch.linspace(0, torch.pi, records // 2)
X = torch.cat([torch.stack([t.cos(), t.sin()], 1), torch.stack([1 - t.cos(), 0.5 - t.sin()], 1)])
X = X + 0.02 * torch.randn_like(X)


def mlp(*d):
    layers = []
    for i in range(len(d) - 1):
        layers.append(nn.Linear(d[i], d[i + 1]))
        if i < len(d) - 2:
            layers.append(nn.LeakyReLU(0.01))
    return nn.Sequential(*layers)


net, U = nn.Sequential(mlp(2, 100, 100, 2), mlp(2, 4, 2)), nn.Linear(2, 2, bias=False)
opt = torch.optim.Adam([*net.parameters(), *U.parameters()], lr=1e-3)
fresh = lambda m: torch.rand(m, 2) * 2 - 1
logits = lambda x: U(F.normalize(net(x), dim=1))
buffer = fresh(n)


def step():
    x = X[torch.randint(0, records, (batch,))]
    i = torch.randint(0, n, (batch,))
    again = (torch.rand(batch, 1) < 0.05).float()
    xs = (again * fresh(batch) + (1 - again) * buffer[i]).requires_grad_(True)
    g, = torch.autograd.grad(logits(xs).logsumexp(1).sum(), xs)
    xs = xs.detach() + 5e-5 * g + 0.01 * torch.randn(batch, 2)
    buffer[i] = xs
    # One product for x, x' and the samples: faster than three, so the fairer peer.
    x1, x2, x3 = logits(torch.cat([x, x + 0.03 * torch.randn_like(x), xs])).chunk(3)
    log_p = x1.log_softmax(1)
    gen = x3.logsumexp(1).mean() - x1.logsumexp(1).mean()
    inv = -(x2.softmax(1) * log_p).sum(1).mean()
    prior = -(log_p.logsumexp(0) - torch.log(torch.tensor(float(batch)))).mean()
    loss = gen + 50 * inv + 10 * prior
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
