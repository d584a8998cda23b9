#!/usr/bin/env python3
"""pages.py - data that exceed memory: how fast records are read one by one from a file of NumPy.

usage: pages.py [GEDI [RECORDS [FOLDER]]]
  GEDI     the command; build/gedi
  RECORDS  images of 32x32x3 that are made; 1000000, which are 3.07 GB
  FOLDER   where, on the disk that is to be measured; a temporary one

Trains on one thread, batch 64: a network of one unit, whose time is that of reading, and the ResNet-8 of width
32 that such images are trained with. Each with the file in the system's cache and, as root, without it. Prints
iterations per second and the peak of the process's memory. Needs NumPy.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time

import numpy

GEDI = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/gedi")
RECORDS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
CHUNK = 10000

DESCRIPTOR = """
seed: 0
threads: 1
dataset: {{npy: {{path: {folder}, test_x: "", test_share: 0.01, keep: files}}}}
views: [[horizontal_flip: {{}}]]
model: {model}
objective: {{supervised: {{clusters: 10, prototypes: free}}}}
optimizer: {{sgd: {{lr: 1.0e-4}}}}
train: {{iterations: {iterations}, batch: 64, log_every: {iterations}}}
evaluate: []
figures: []
"""


def make(folder):
    x = numpy.lib.format.open_memmap(os.path.join(folder, "train_x.npy"), "w+", "u1", (RECORDS, 32, 32, 3))
    rng = numpy.random.default_rng(0)
    for i in range(0, RECORDS, CHUNK):
        n = min(CHUNK, RECORDS - i)
        x[i:i + n] = rng.integers(0, 256, (n, 32, 32, 3), dtype="u1")
    x.flush()
    numpy.save(os.path.join(folder, "train_y.npy"), (numpy.arange(RECORDS) % 10).astype("u1"))


def forget():
    """Empties the system's cache; False where that is not allowed."""
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as f:
            f.write("3")
    except OSError:
        return False
    return True


def train(folder, model, iterations):
    """Iterations per second between the run's start and its end, and its memory in MB."""
    with tempfile.TemporaryDirectory() as out:
        path = os.path.join(out, "run.yaml")
        with open(path, "w") as f:
            f.write(DESCRIPTOR.format(folder=folder, model=model, iterations=iterations))
        begin = time.monotonic()
        child = subprocess.Popen([GEDI, "run", "-q", path, "--out", os.path.join(out, "run")],
                                 stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            sys.exit("gedi failed")
        return iterations / (time.monotonic() - begin), usage.ru_maxrss / 1000


def main():
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as folder:
        maker = multiprocessing.Process(target=make, args=(folder,))  # its memory would count as gedi's
        maker.start()
        maker.join()
        for name, model, iterations in (("reading alone", "{mlp: {hidden: [1], output: 2}}", 3000),
                                        ("ResNet-8, width 32", "{resnet8: {width: 32}}", 300)):
            for cached in (True, False):
                if not cached and not forget():
                    continue
                speed, memory = train(folder, model, iterations)
                print("%-20s %-12s %6.0f iterations/s %8.0f records/s %6.0f MB" % (
                    name, "in the cache" if cached else "from disk", speed, 64 * speed, memory))


main()
