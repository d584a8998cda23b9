"""First layers, strided and 1x1 convolutions: gedi against PyTorch, taken alternately.

usage: layers.py CONVOLVE [BATCH [ROUNDS]]
CONVOLVE: build/bench/convolve, from `make bench/convolve`; BATCH 64, ROUNDS 3. One thread, quiet machine.
PyTorch runs in both layouts of images, with glibc told to keep freed memory; the faster one counts. Prints
GFLOP/s, counted as in the definition, and their ratio, medians over rounds of the median of a round.
"""
import json, os, re, statistics, subprocess, sys

program = sys.argv[1]
batch, rounds = [int(a) for a in sys.argv[2:]] + [64, 3][len(sys.argv) - 2:]
env = dict(os.environ, OMP_NUM_THREADS="1", MALLOC_MMAP_THRESHOLD_="4000000000", MALLOC_TRIM_THRESHOLD_="8000000000")
env.pop("OPENBLAS_CORETYPE", None)
layers = [  # side, channels, outputs, size, stride
    (32, 3, 64, 3, 1), (32, 3, 128, 3, 1), (64, 3, 64, 7, 2), (32, 64, 128, 3, 2), (16, 128, 256, 3, 2), (8, 256, 512, 3, 2),
    (32, 64, 128, 1, 2), (16, 128, 256, 1, 2), (32, 64, 256, 1, 1), (16, 256, 64, 1, 1)]
maps = ("output", "to input", "to kernel")

peer = """
import json, statistics, sys, time, torch
batch, side, channels, outputs, size, stride, rounds = map(int, sys.argv[1:])
torch.set_num_threads(1)
pad, best = size // 2, [0.0] * 3
for layout in torch.contiguous_format, torch.channels_last:
    x = torch.randn(batch, channels, side, side).to(memory_format=layout)
    w = torch.randn(outputs, channels, size, size).to(memory_format=layout)
    y = torch.nn.functional.conv2d(x, w, None, stride, pad)
    g = torch.randn_like(y)
    back = lambda k: torch.ops.aten.convolution_backward(g, x, w, None, [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1,
                                                         [k == 0, k == 1, False])
    way = [lambda: torch.nn.functional.conv2d(x, w, None, stride, pad), lambda: back(0), lambda: back(1)]
    for k in range(3):
        times = []
        for _ in range(rounds + 1):
            began = time.perf_counter()
            way[k]()
            times.append(time.perf_counter() - began)
        best[k] = max(best[k], 2e-9 * y.numel() * channels * size ** 2 / statistics.median(times[1:]))
print(json.dumps(best))
"""


def ours(side, channels, outputs, size, stride):
    command = [program, batch, side, channels, outputs, 1, 9, size, stride]
    out = subprocess.run([str(a) for a in command], capture_output=True, text=True, check=True, env=env).stdout
    winograd, direct = ([re.search(way + r" +(nan|[\d.]+)", line)[1] for line in out.splitlines()] for way in ("Winograd", "direct"))
    return [float(d if w == "nan" else w) for w, d in zip(winograd, direct)]


def theirs(*layer):
    command = ["/usr/bin/python3", "-c", peer, batch, *layer, 9]
    return json.loads(subprocess.run([str(a) for a in command], capture_output=True, text=True, check=True, env=env).stdout)


for layer in layers:
    pairs = [(ours(*layer), theirs(*layer)) for _ in range(rounds)]
    print("{0}x{0}, {1} to {2} channels, kernel {3}x{3}, stride {4}".format(*layer))
    for k, name in enumerate(maps):
        a, b = (statistics.median(p[i][k] for p in pairs) for i in (0, 1))
        ratios = [p[0][k] / p[1][k] for p in pairs]
        print(f"  {name:10}{a:7.1f} {b:7.1f}  {statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})", flush=True)
