"""Training on two moons, batch 400, one thread: gedi against PyTorch, taken alternately.

usage: moons.py [GEDI [RUNS [METHOD ...]]]   GEDI: the command (build/gedi), RUNS: of each (7),
METHOD: gedi, swav, barlow-twins (all)
Quiet machine; prints the median, minimum and maximum of each figure and of the ratios pair by
pair. Both get the BLAS kernel that the processor offers: gedi finds it by itself, PyTorch's
BLAS is told by OPENBLAS_CORETYPE as gedi tells its own. PyTorch's glibc is told to keep freed memory,
which it needs again in the next operation: some machines are slow at handing it out anew.
"""
import json, os, re, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
gedi = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "build", "gedi")
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
methods = sys.argv[3:] or ["gedi", "swav", "barlow-twins"]
quiet = ["seed=0", "threads=1", "figures=[]", "evaluate=[]"]
env = dict(os.environ, OMP_NUM_THREADS="1")
env.pop("OPENBLAS_CORETYPE", None)
info = subprocess.run([gedi, "info"], capture_output=True, text=True, check=True, env=env).stdout
kernel = re.search(r"OPENBLAS_CORETYPE=(\w+)", info)
if kernel:
    env["OPENBLAS_CORETYPE"] = kernel.group(1)


kept = {"MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}


def child(command, **more):
    """Output, seconds and peak memory (MiB) of a process."""
    began = time.perf_counter()
    p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(env, **more))
    out = p.stdout.read().decode()
    _, status, usage = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    return out, time.perf_counter() - began, usage.ru_maxrss / 1024


def ours(method):
    descriptor = os.path.join(here, "..", "experiments", f"moons-{method}.yaml")
    with tempfile.TemporaryDirectory() as d:
        _, first, _ = child([gedi, "run", "-q", descriptor, *quiet, "train.iterations=1", "--out", d + "/a"])
        _, _, memory = child([gedi, "run", "-q", descriptor, *quiet, "train.iterations=5000", "--out", d + "/b"])
        rate = json.load(open(d + "/b/summary.json"))["time"]["iterations_per_second"]
    return {"iterations per second": rate, "start to first iteration, s": first, "peak memory, MiB": memory}


def theirs(method):
    out, _, memory = child(["/usr/bin/python3", os.path.join(here, "moons_torch.py"), method, "1500"], **kept)
    o = json.loads(out)
    return {"iterations per second": o["iterations_per_second"], "start to first iteration, s": o["first"],
            "peak memory, MiB": memory}


spread = lambda v: f"{statistics.median(v):10.3f} ({min(v):.3f} to {max(v):.3f})"
for method in methods:
    pairs = [(ours(method), theirs(method)) for _ in range(runs)]
    for figure in pairs[0][0]:
        print(f"{method}: {figure}")
        print("  gedi   ", spread([a[figure] for a, _ in pairs]))
        print("  PyTorch", spread([b[figure] for _, b in pairs]))
        print("  ratio  ", spread([a[figure] / b[figure] for a, b in pairs]), flush=True)
