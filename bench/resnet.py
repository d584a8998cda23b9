"""One step of the paper's ResNet-8, or of ResNet-18: gedi against PyTorch, taken alternately.

usage: resnet.py STEP [MODEL [WIDTH [BATCH [THREADS [ROUNDS]]]]]
STEP: build/bench/resnet_step, from `make bench/resnet_step`; MODEL resnet8, or resnet; WIDTH 128 or 64, BATCH 64, THREADS 2, ROUNDS 5.
Quiet machine. PyTorch runs in both layouts of images; the faster one counts. It runs as it comes, and
once more with glibc told to keep freed memory: by default PyTorch gives large results back to the
system after each operation, and some machines are slow at handing them out again. Prints milliseconds
of a step, median (lowest to highest) over rounds of the median of a round, peak memory, and ratios
round by round. Then GFLOP/s, with multiplications and additions counted as in the definition of a
convolution, and those of a large product of matrices.
"""
import json, os, statistics, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
step, model = (sys.argv + ["resnet8"])[1:3]
width, batch, threads, rounds = [int(a) for a in sys.argv[3:]] + [128 if model == "resnet8" else 64, 64, 2, 5][max(len(sys.argv) - 3, 0):]
STEPS = 4
env = dict(os.environ, OMP_NUM_THREADS=str(threads))
env.pop("OPENBLAS_CORETYPE", None)  # whatever it asks for
kept = {"MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}


def child(command, **more):
    """Median milliseconds of a step, and peak memory (MiB) of the process."""
    p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(env, **more))
    out = p.stdout.read().decode()
    _, status, usage = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    return statistics.median(json.loads(out)), usage.ru_maxrss / 1024


def ours(kind):
    steps = 1 if kind == "sgld" else STEPS  # a whole chain
    return child([step, model, kind, str(width), str(batch), str(steps), str(threads)])


def theirs(kind, **more):
    peer = ["/usr/bin/python3", os.path.join(here, "resnet_torch.py"), model, kind, str(width), str(batch), str(STEPS),
            str(threads)]
    return min(child([*peer, "plain"], **more), child([*peer, "last"], **more))


def work(kind):
    """GFLOP of a step: convolutions of all passes, as the direct algorithm has them."""
    if model == "resnet8":
        picture = 1024 * 54 * width + 256 * 6 * width  # block1's conv1 and shortcut
        forward = picture + 18 * width ** 2 * (1024 + 2 * 256 + 4 * 64)
    else:
        picture = 1024 * 54 * width  # the first
        forward = picture + 4 * 18 * width ** 2 * 1024
        for stage in 1, 2, 3:
            area, c = 1024 >> 2 * stage, width << stage
            forward += area * c * c * (9 + 1 + 3 * 18)  # conv1 and the shortcut of the first block, the others
    return 1e-9 * batch * (3 * forward - picture if kind == "train" else 2 * forward)


names = ("gedi", "PyTorch", "PyTorch, memory kept")
spread = lambda v: f"{statistics.median(v):8.2f} ({min(v):.2f} to {max(v):.2f})"
for kind in ("train", "sgld"):
    triples = [(ours(kind), theirs(kind), theirs(kind, **kept)) for _ in range(rounds)]
    for k, figure in enumerate(("ms a step", "peak memory, MiB")):
        print(f"{kind}: {figure}, width {width}, batch {batch}, {threads} threads")
        for i, name in enumerate(names):
            print(" ", name, spread([t[i][k] for t in triples]))
        for i in (1, 2):
            print(" ", f"{names[i]} / gedi", spread([t[i][k] / t[0][k] for t in triples]), flush=True)
    product = [2e-6 * 2048 ** 3 / ours("product")[0] for _ in range(rounds)]
    print(f"{kind}: GFLOP/s")
    for i, name in enumerate(names):
        print(" ", name, spread([1e3 * work(kind) / t[i][0] for t in triples]))
    print("  product of matrices", spread(product), flush=True)
