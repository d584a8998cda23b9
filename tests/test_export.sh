#!/bin/sh
# test_export.sh - what `gedi export` writes, read by programs that are not ours: arrays by NumPy, an
# ONNX model by onnx and NumPy, event files by protobuf, MLflow's files by PyYAML; the lines of
# docs/export.md load a ResNet-8 into PyTorch.
. "${srcdir:-.}/tests/testing.sh"

python=/usr/bin/python3
cd "$work" || exit 1
unset GEDI_DATA
cat >gen.yaml <<'END'
name: gen
seed: 4
threads: 1
dataset:   {moons: {noise: 0.05, train: 200, test: 100}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [16], output: 4, batch_norm: true, activation: swish}}
projector: {mlp: {hidden: [4], output: 2, batch_norm: true}}
objective: {gedi: {prototypes: free, sphere: true}}
sampler:   {sgld: {steps: 1, step_size: 0.01, buffer: 50}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 30, batch: 20, log_every: 10, checkpoint_every: 10}
evaluate:  [clustering: {}]
figures:   []
END
expect 0 "a run" "$gedi" run -q gen.yaml --out r
(cd r && find . -type f -exec cksum {} + | sort) >before

# python NAME FILE ARGUMENT...: a check by Python; skipped where something that it needs is not there.
by_python() {
    name=$1 got=0
    shift
    "$python" "$@" >"$work/python" 2>&1 || got=$?
    case $got in
    0) pass "$name: $(cat "$work/python")" ;;
    77 | 127) skip "$name: $(cat "$work/python")" ;;
    *) fail "$name" "$work/python" ;;
    esac
}

# ---- arrays ----

for what in features assignments records scores; do
    for format in npy csv safetensors; do
        expect 0 "$what as $format" "$gedi" export r --$what --format $format
    done
done
says out "wrote  r/export/scores-test.safetensors"
expect 0 "of training records" "$gedi" export r --features --split train -o deep/er/h.npy
says out "wrote  deep/er/h-record.npy"
says out "deep/er/h.npy"
cat >arrays.py <<'END'
import csv, json, struct, sys
try:
    import numpy as np
except ImportError:
    print("there is no NumPy"), sys.exit(77)
def tensors(path):
    with open(path, "rb") as f:
        head = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {n: np.frombuffer(data[slice(*t["data_offsets"])], {"F32": "<f4", "I32": "<i4", "I64": "<i8"}[t["dtype"]]).reshape(t["shape"])
            for n, t in head.items() if n != "__metadata__"}, head["__metadata__"]
for what, shape in ("features", (100, 4)), ("assignments", (100, 2)), ("records", (100, 2)), ("scores", (100,)):
    t, meta = tensors(f"r/export/{what}-test.safetensors")
    assert meta == {"run": "r", "split": "test", "iteration": "30"}, meta
    main = {"assignments": "p", "scores": "log_p"}.get(what, what)
    assert t[main].shape == shape and np.isfinite(t[main]).all()
    assert (t["record"] == np.arange(100)).all() and set(t["label"]) == {0, 1}
    rows = list(csv.reader(open(f"r/export/{what}-test.csv")))
    assert rows[0][:2] == ["record", "label"] and len(rows) == 101, rows[0]
    table = np.array(rows[1:], dtype=np.float64)
    assert (table.astype(np.float32) == np.concatenate([x.reshape(100, -1) for x in t.values()], 1).astype(np.float32)).all()
    for name, x in t.items():
        stem = "" if name == main and what != "scores" else "-" + name
        y = np.load(f"r/export/{what}-test{stem}.npy")
        assert y.dtype == x.dtype and y.shape == x.shape and (y == x).all(), name
p, meta = tensors("r/export/assignments-test.safetensors")
assert (p["cluster"] == p["p"].argmax(1)).all() and np.abs(p["p"].sum(1) - 1).max() < 1e-6
s, meta = tensors("r/export/scores-test.safetensors")
assert np.abs(s["max_p"] - p["p"].max(1)).max() < 1e-6
assert np.abs(s["log_odds"] - np.log(s["max_p"] / (1.0 - s["max_p"].astype(float)))).max() < 1e-3
assert np.load("deep/er/h.npy").shape == (200, 4)
print("all equal")
END
by_python "npy, csv and safetensors" arrays.py

# ---- ONNX ----

onnx() { # NAME RUN [p: it has p(y|x)]
    expect 0 "$1 as ONNX" "$gedi" export "$2" --onnx
    expect 0 "records" "$gedi" export "$2" --records
    expect 0 "features" "$gedi" export "$2" --features
    p=
    if [ -n "${3-}" ]; then
        expect 0 "p(y|x)" "$gedi" export "$2" --assignments
        p=$2/export/assignments-test.npy
    fi
    by_python "$1 by onnx" "$top_srcdir/tests/onnx_reference.py" "$2/export/encoder.onnx" \
        "$2/export/records-test.npy" "$2/export/features-test.npy" ${p:+"$p"}
}
onnx "an MLP" r p
holds "nothing of the run has changed" sh -c '(cd r && find . -type f ! -path "./export/*" -exec cksum {} + | sort) | cmp - before'
cp r/export/encoder.onnx first.onnx
expect 0 "again" "$gedi" export r --onnx
holds "gives the same bytes" cmp first.onnx r/export/encoder.onnx
for activation in leaky_relu tanh softplus; do
    expect 0 "a run" "$gedi" run -q gen.yaml --out $activation 'objective={barlow_twins: {}}' sampler=null \
        "model={mlp: {hidden: [8, 8], output: 4, activation: $activation, normalize: true}}"
    onnx "$activation" $activation
done
expect 0 "a run with averages" "$gedi" run -q gen.yaml --out averaged train.average=0.9 train.weights=averaged
onnx "averaged weights" averaged p

# The ResNet needs images in which something is to be seen.
cat >images.py <<'END'
import sys
try:
    import numpy as np
except ImportError:
    print("there is no NumPy"), sys.exit(77)
rng = np.random.default_rng(0)
for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
    x = rng.integers(0, 256, (40, 3, 8, 8)).repeat(4, 2).repeat(4, 3).reshape(40, -1)
    np.concatenate([rng.integers(0, 10, (40, 1)), x], 1).astype(np.uint8).tofile(f"made/cifar-10-batches-bin/{name}.bin")
END
put_cifar10 made
if "$python" images.py >/dev/null 2>&1; then
    GEDI_DATA=$work/made
    export GEDI_DATA
    expect 0 "a ResNet-8" "$gedi" run -q gen.yaml --out res 'dataset={cifar10: {}}' 'views=[[], []]' \
        'model={resnet8: {width: 16, output: 8}}' projector=null sampler=null \
        'objective={barlow_twins: {}}' train.iterations=3 train.checkpoint_every=3 train.log_every=1 \
        'evaluate=[clustering: {}]' 'objective={gedi_no_gen: {prototypes: unit}}'
    onnx "a ResNet-8" res p
    expect 0 "a residual network with strides" "$gedi" run -q gen.yaml --out strides 'dataset={cifar10: {}}' 'views=[[], []]' \
        'model={resnet: {width: 4, blocks: [1, 2]}}' projector=null sampler=null \
        'objective={barlow_twins: {}}' train.iterations=3 train.checkpoint_every=3 train.log_every=1 'evaluate=[clustering: {}]'
    onnx "a residual network with strides" strides
    sed -n '/^A ResNet-8 in PyTorch/,/^## /{/^```python/,/^```$/{/^```/d;p}}' "$top_srcdir/docs/export.md" >torch8.py
    sed -i 's|"checkpoint.safetensors"|"res/checkpoint.safetensors"|' torch8.py
    cat >>torch8.py <<'END'
with torch.no_grad():
    h = encoder(torch.from_numpy(np.load("res/export/records-test.npy"))).numpy()
want = np.load("res/export/features-test.npy")
worst = np.abs(h - want).max() / np.abs(want).max()
assert h.shape == want.shape == (40, 8) and want.std() > 1e-3
print(f"largest error {worst:.1e}")
assert worst <= 1e-5
END
    { echo 'import sys'; echo 'try:'; echo '    import torch'; echo 'except ImportError:'
      echo '    print("there is no torch for Python"), sys.exit(77)'; cat torch8.py; } >torch.try.py
    by_python "the lines of docs/export.md load it into PyTorch" torch.try.py
    unset GEDI_DATA
else
    skip "there is no NumPy"
fi

# ---- logs ----

cat >sweep.yaml <<'END'
name: two
base: gen.yaml
figures: [losses]
sweep: {seed: [0, 1]}
END
expect 0 "a sweep" "$gedi" sweep -q sweep.yaml --out two
# What an earlier descriptor has drawn is no figure of the run.
for run in two/runs/*; do cp "$run/figures/losses.png" "$run/figures/old.png"; done
expect 0 "for TensorBoard" "$gedi" export two --tensorboard tb
says out "tensorboard  tb, 2 runs"
expect 0 "for MLflow" "$gedi" export two --mlflow ml
says out "mlflow  ml, 2 runs"
find tb ml -type f -exec cksum {} + | sort >first
expect 0 "again" "$gedi" export two --tensorboard tb
expect 0 "again" "$gedi" export two --mlflow ml
find tb ml -type f -exec cksum {} + | sort >second
holds "again, all is as it was" cmp first second
cat >logs.py <<'END'
import glob, json, os, subprocess, sys
import math
logs = {}
for line in open(glob.glob("two/runs/*/metrics.jsonl")[0]):
    o = json.loads(line)
    for tag, x in [("loss", o["loss"]), ("gradient_norm", o["gradient_norm"])] + [("terms/" + k, x) for k, x in o["terms"].items()]:
        logs.setdefault(tag, []).append([o["iteration"], x])
def close(a, b):
    return len(a) == len(b) and all(i == j and math.isclose(x, y, rel_tol=1e-6) for (i, x), (j, y) in zip(a, b))
folder = os.path.dirname(glob.glob("two/runs/*/metrics.jsonl")[0])
nmi = json.load(open(folder + "/summary.json"))["evaluation"]["clustering"]["nmi"]
seed = json.load(open(folder + "/summary.json"))["seed"]
files = glob.glob("tb/*/events.out.tfevents.*")
assert len(files) == 2
found = 0
for file in files:
    p = subprocess.run([sys.executable, sys.argv[1], file], capture_output=True, text=True)
    if p.returncode:
        print(p.stdout + p.stderr), sys.exit(p.returncode)
    got = json.loads(p.stdout)
    assert got["settings"]["objective"] == "gedi" and got["settings"]["optimizer.adam.lr"] == 0.001
    assert got["settings"]["objective.gedi.sphere"] is True and got["status"] == 1
    if got["settings"]["seed"] != seed:
        continue
    found += 1
    for tag, want in logs.items():
        assert close(got["scalars"][tag], want), tag
    assert close(got["scalars"]["evaluation/clustering.nmi"], [[30, nmi]])
    assert list(got["images"]) == ["figures/losses"]
    width, height, step = got["images"]["figures/losses"]
    assert width > 100 and height > 100 and step == 30
    assert len(got["scalars"]["health/spread"]) == len(logs["loss"])
    assert all(math.isclose(x, 0.001, rel_tol=1e-6) for _, x in got["scalars"]["learning_rate"])
    assert close(got["scalars"]["gradient_norm"], logs["gradient_norm"])
assert found == 1
print("the log, the figure, the settings")
END
by_python "event files" logs.py "$top_srcdir/tests/read_events.py"
cat >mlflow.py <<'END'
import glob, json, os, sys
try:
    import yaml
except ImportError:
    print("there is no PyYAML"), sys.exit(77)
(experiment,) = glob.glob("ml/*")
meta = yaml.safe_load(open(experiment + "/meta.yaml"))
assert meta["experiment_id"] == os.path.basename(experiment) and meta["name"] == "two"
assert meta["lifecycle_stage"] == "active" and meta["creation_time"] > 1e12
runs = [os.path.dirname(f) for f in glob.glob(experiment + "/*/meta.yaml")]
assert len(runs) == 2
for run in runs:
    meta = yaml.safe_load(open(run + "/meta.yaml"))
    assert meta["run_id"] == meta["run_uuid"] == os.path.basename(run) and len(meta["run_id"]) == 32
    assert meta["status"] == 3 and meta["end_time"] >= meta["start_time"] > 1e12
    assert meta["artifact_uri"] == "file://" + os.path.realpath(run) + "/artifacts"
    assert open(run + "/params/optimizer.adam.lr").read() == "0.001"
    rows = [line.split() for line in open(run + "/metrics/terms/inv")]
    assert [int(step) for _, _, step in rows] == [1, 10, 20, 30], rows
    assert all(float(x) == float(x) for _, x, _ in rows)
    assert 0 <= float(open(run + "/metrics/evaluation/clustering.nmi").read().split()[1]) <= 1
    assert open(run + "/artifacts/losses.png", "rb").read(4) == b"\x89PNG"
    assert open(run + "/tags/mlflow.runName").read() == meta["run_name"]
print("two runs")
END
by_python "MLflow's files" mlflow.py

# How runs ended that are not finished: MLflow's RunStatus, TensorBoard's Status.
moons_descriptor up.yaml 'objective: {gedi_no_gen: {clusters: 2}}' 'figures: []' 'train: {iterations: 80, batch: 40, log_every: 5, checkpoint_every: 10}' \
    'optimizer: {sgd: {lr: {steps: {0: 0.01, 33: 1.0e+6}}, momentum: 0.9}}'
expect 1 "a sweep with a point that diverges" "$gedi" sweep -q up.yaml --out up 'sweep={method: {"w/o steps": {optimizer.sgd.lr: 0.01}, with: {}}}'
expect 0 "for MLflow" "$gedi" export up --mlflow ends
grep -h '^run_name\|^status' ends/*/*/meta.yaml | paste - - | sort >got
printf "run_name: 'w/o steps'\tstatus: 3\nrun_name: 'with'\tstatus: 4\n" | sort >want
holds "it has failed there" cmp got want
expect 0 "for TensorBoard" "$gedi" export up --tensorboard tbends
by_python "a failure" -c 'import glob, json, subprocess, sys
for name, want in ("with", 2), ("w_o steps", 1):
    (file,) = glob.glob(f"tbends/{name}/events*")
    assert json.loads(subprocess.run([sys.executable, sys.argv[1], file], capture_output=True, text=True).stdout)["status"] == want' \
    "$top_srcdir/tests/read_events.py"
if stopped TERM "[ -s part/checkpoint.safetensors ]" up.yaml optimizer.sgd.lr=0.01 train.iterations=200000; then
    expect 0 "one that was stopped" "$gedi" export part --mlflow stopped
    holds "was killed there" grep -q '^status: 5$' stopped/*/*/meta.yaml
else
    skip "the run was always over before it could be stopped"
fi

# ---- what cannot be exported ----

expect 2 "nothing" "$gedi" export r
says err "say what: --features, --assignments"
expect 2 "two things" "$gedi" export r --features --onnx
says err "--features and --onnx: one at a time"
expect 2 "a format" "$gedi" export r --features --format mat
says err "'mat' is none of npy|csv|safetensors"
expect 2 "a format of another" "$gedi" export r --onnx --format csv
says err "--format: of --features, --assignments, --records and --scores, not of --onnx"
expect 2 "another suffix" "$gedi" export r --features --format csv -o h.npy
says err "'h.npy' does not end with .csv"
expect 2 "no p(y|x)" "$gedi" export leaky_relu --assignments
says err "barlow_twins has no p(y|x)"
expect 2 "a sweep" "$gedi" export two --features
says err "two is a sweep"
expect 2 "values put into a log" "$gedi" export r --tensorboard tb seed=3
says err "no value can be put in"
expect 2 "nothing there" "$gedi" export nowhere --tensorboard tb
mkdir folder folder.csv
expect 0 "into a folder that is there" "$gedi" export r --features -o folder
says out "folder/features-test.npy"
holds "nothing is written beside it" [ ! -e folder.npy ]
expect 0 "an encoder" "$gedi" export r --onnx -o folder
says out "folder/encoder.onnx"
expect 0 "into a folder with a suffix" "$gedi" export r --features --format safetensors -o folder.csv
says out "folder.csv/features-test.safetensors"
expect 0 "into a folder that is to be" "$gedi" export r --assignments --split train -o anew/
says out "anew/assignments-train.npy"
for command in "run gen.yaml" "export r --features" "sample r"; do
    # shellcheck disable=SC2086  # several words
    expect 2 "no name" "$gedi" $command --out ''
    says err "--out: '' names no file or folder"
done
expect 1 "a place that is a file" "$gedi" export r --features -o gen.yaml/h.npy
says err "gen.yaml"
if [ -e /dev/full ]; then
    expect 1 "no place to write" "$gedi" export r --mlflow /dev/full
fi

finish
