"""One step of resnet8 or resnet in PyTorch, the peer of bench/resnet.py.

usage: resnet_torch.py MODEL train|sgld WIDTH BATCH STEPS THREADS plain|last
A step is the sum of squares of the output and its derivative, with respect to all weights
(train) or to the images (sgld). last: images and weights with their channels last in memory.
Prints the milliseconds of each step as a JSON list.
"""
import json, sys, time

import torch, torch.nn as nn, torch.nn.functional as F

model, kind, width, batch, steps, threads, layout = *sys.argv[1:3], *map(int, sys.argv[3:7]), sys.argv[7]
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


class Basic(nn.Module):
    """Of ResNet-18."""

    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        h = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return F.relu(self.norm2(self.conv2(h)) + self.shortcut(x), inplace=True)


if model == "resnet8":
    net = nn.Sequential(Block(3, True, True), Block(width, False, True), Block(width, False, False),
                        Block(width, False, False), nn.LeakyReLU(0.2))
else:
    blocks = [Basic(width << max(s - (i == 0), 0), width << s, 2 if s and i == 0 else 1) for s in range(4) for i in range(2)]
    net = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True), *blocks)
    net.train(kind == "train")
x = torch.rand(batch, 3, 32, 32) * 2 - 1
if layout == "last":
    net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
net.requires_grad_(kind == "train")
x.requires_grad_(kind == "sgld")


def step():
    cost = net(x).mean((2, 3)).square().sum()
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
