#!/usr/bin/env python3
"""points.py - what a sweep of many points costs beside their training.

usage: points.py [GEDI [POINTS ...]]
  GEDI    the command; build/gedi
  POINTS  how many; 1000 and 10000

Prints seconds and the peak of memory: of the plan (--dry-run), of running all points (two at once, one iteration
of ten points of moons each), of a sweep that finds all of them finished, of a table of all by one axis, and of
the report.
"""
import os
import subprocess
import sys
import tempfile
import time

GEDI = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/gedi")
COUNTS = [int(n) for n in sys.argv[2:]] or [1000, 10000]

DESCRIPTOR = """
name: points
seed: 0
threads: 1
dataset: {{moons: {{train: 20, test: 10}}}}
views: [[], []]
model: {{mlp: {{hidden: [2], output: 2}}}}
objective: {{gedi_no_gen: {{clusters: 2}}}}
optimizer: {{adam: {{lr: 1.0e-3}}}}
train: {{iterations: 1, batch: 10}}
evaluate: [clustering: {{}}]
figures: []
sweep:
  train.batch: [{batches}]
  optimizer.adam.lr: [{rates}]
"""


def timed(what, points, command, folder):
    begin = time.monotonic()
    child = subprocess.Popen([GEDI] + command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit("%s: %s" % (what, said[-2000:]))
    print("%6d points  %-24s %8.2f s  %6.0f MB" % (points, what, time.monotonic() - begin, usage.ru_maxrss / 1000),
          flush=True)


def main():
    for n in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "many.yaml"), "w") as f:
                f.write(DESCRIPTOR.format(batches=", ".join(str(b) for b in range(5, 15)),
                                          rates=", ".join("%.9f" % (1e-4 + 1e-6 * i) for i in range(n // 10))))
            timed("plan", n, ["sweep", "many.yaml", "--dry-run"], folder)
            timed("run, two at once", n, ["sweep", "-q", "-j", "2", "many.yaml", "--out", "out"], folder)
            timed("all finished", n, ["sweep", "-q", "many.yaml", "--out", "out"], folder)
            timed("table", n, ["table", "out", "--rows", "batch", "--value", "evaluation.clustering.nmi"], folder)
            timed("report", n, ["report", "out", "-o", "page.html"], folder)


main()
