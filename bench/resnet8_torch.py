"""One step of resnet8 in PyTorch, the peer of bench/resnet8.py.

usage: resnet8_torch.py train|sgld WIDTH BATCH STEPS THREADS plain|last
A step is the sum of squares of the output and its derivative, with respect to all weights
(train) or to the images (sgld). last: images and weights with their channels last in memory.
Prints the milliseconds of each step as a JSON list.
"""
import json, sys, time

import torch, torch.nn as nn, torch.nn.functional as F

kind, width, batch, steps, threads, layout = sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6]
torch.set_num_threads(threads)
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, channels, first, down):
        super().__init__()
        self.first, self.down = first, down
        self.conv1 = nn.Conv2d(channels, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        if first:
            self.shortcut = nn.Conv2d(channels, width, 1)

    def forward(self, x):
        h = self.conv1(x if self.first else F.leaky_relu(x, 0.2))
        h = self.conv2(F.leaky_relu(h, 0.2))
        if self.down:
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        return h + (self.shortcut(x) if self.first else x)


net = nn.Sequential(Block(3, True, True), Block(width, False, True), Block(width, False, False),
                    Block(width, False, False))
x = torch.rand(batch, 3, 32, 32) * 2 - 1
if layout == "last":
    net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
net.requires_grad_(kind == "train")
x.requires_grad_(kind == "sgld")


def step():
    cost = F.leaky_relu(net(x), 0.2).mean((2, 3)).square().sum()
    if kind == "sgld":
        torch.autograd.grad(cost, x)
    else:
        net.zero_grad(set_to_none=True)
        cost.backward()


times = []
for _ in range(steps + 1):
    began = time.perf_counter()
    step()
    times.append(1e3 * (time.perf_counter() - began))
print(json.dumps([round(t, 2) for t in times[1:]]))  # the first touches the memory
