"""onnx_reference.py MODEL RECORDS.npy FEATURES.npy [P.npy] - an ONNX model against what gedi computes.

The model is checked by onnx itself, and run by what its operators are defined to do, in double with
NumPy, for several numbers of records. Prints the largest error, relative to the largest number.
Exit code 77 without onnx or NumPy, 1 where they differ.
"""
import sys

try:
    import numpy as np
    import onnx
    from onnx import numpy_helper
except ImportError as missing:
    print(f"there is no {missing.name} for Python")
    sys.exit(77)


def windows(x, kernel, pads, strides):
    """x [N, C, H, W] -> [N, C, P, Q, kh, kw]."""
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    every = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(2, 3))
    return every[:, :, ::strides[0], ::strides[1]]


def conv(a, x, w, b=None):
    y = np.einsum("ncpqij,ocij->nopq", windows(x, w.shape[2:], a["pads"], a["strides"]), w)
    return y if b is None else y + b[:, None, None]


def reduce(f):
    return lambda a, x, axes=None: f(x, axis=tuple(a["axes"] if axes is None else axes), keepdims=True)


def logsumexp(x, axis, keepdims):
    m = x.max(axis=axis, keepdims=True)
    return m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))


def reshape(a, x, shape):
    return x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape)])


def slice_(a, x, first, end, axes):
    at = [slice(None)] * x.ndim
    for f, e, i in zip(first, end, axes):
        at[i] = slice(f, e)
    return x[tuple(at)]


OPERATORS = {
    "Add": lambda a, x, y: x + y, "Sub": lambda a, x, y: x - y, "Mul": lambda a, x, y: x * y,
    "Div": lambda a, x, y: x / y, "Max": lambda a, x, y: np.maximum(x, y),
    "Exp": lambda a, x: np.exp(x), "Log": lambda a, x: np.log(x), "Sqrt": lambda a, x: np.sqrt(x),
    "Reciprocal": lambda a, x: 1 / x, "Tanh": lambda a, x: np.tanh(x),
    "Sigmoid": lambda a, x: 1 / (1 + np.exp(-x)), "Softplus": lambda a, x: np.logaddexp(0, x),
    "Relu": lambda a, x: np.maximum(x, 0), "LeakyRelu": lambda a, x: np.where(x < 0, a["alpha"] * x, x),
    "Identity": lambda a, x: x, "Transpose": lambda a, x: x.transpose(a["perm"]),
    "Gemm": lambda a, x, w, b: x @ (w.T if a.get("transB") else w) + b, "MatMul": lambda a, x, y: x @ y,
    "Reshape": reshape, "Expand": lambda a, x, s: x * np.ones(s), "Slice": slice_, "Conv": conv,
    "AveragePool": lambda a, x: windows(x, a["kernel_shape"], (0,) * 4, a["strides"]).mean((-2, -1)),
    "ReduceSum": reduce(np.sum), "ReduceMax": reduce(np.max), "ReduceLogSumExp": reduce(logsumexp),
    "Concat": lambda a, *x: np.concatenate(x, a["axis"]), "Greater": lambda a, x, y: x > y,
    "Where": lambda a, c, x, y: np.where(c, x, y),
}


def run(model, records):
    double = lambda x: x.astype(np.float64) if x.dtype == np.float32 else x
    known = {i.name: double(numpy_helper.to_array(i)) for i in model.graph.initializer}
    known["records"] = double(records)
    for node in model.graph.node:
        given = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        known[node.output[0]] = OPERATORS[node.op_type](given, *(known[i] for i in node.input))
    return {o.name: known[o.name] for o in model.graph.output}


model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
records, features = np.load(sys.argv[2]), np.load(sys.argv[3])
worst = 0  # np.maximum keeps what is not a number
for n in (1, 7, len(records)):
    got = run(model, records[:n])
    assert got["features"].shape == features[:n].shape, (got["features"].shape, features[:n].shape)
    assert all(len(y) == n for y in got.values())
    worst = np.maximum(worst, np.abs(got["features"] - features[:n]).max() / np.abs(features).max())
if len(sys.argv) > 4:
    p, e = np.load(sys.argv[4]), np.exp(got["logits"] - got["logits"].max(1, keepdims=True))
    worst = np.maximum(worst, np.abs(e / e.sum(1, keepdims=True) - p).max())
assert features.std() > 1e-3, "all records have the same features: nothing was tested"
print(f"{len(model.graph.node)} nodes, outputs {sorted(got)}, largest error {worst:.1e}")
sys.exit(0 if worst <= 1e-5 else 1)
