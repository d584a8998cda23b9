#!/usr/bin/env python3
"""Writes the tensors of a PyTorch state dictionary as a safetensors file.

Usage: python3 to_safetensors.py WEIGHTS.pth WEIGHTS.safetensors

Needs PyTorch (Debian: python3-torch) and nothing else: Debian has no package of safetensors.
"""

import json
import sys

import torch

DTYPES = {
    torch.float32: "F32", torch.float64: "F64", torch.int32: "I32", torch.int64: "I64",
    torch.uint8: "U8",
}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    state = torch.load(sys.argv[1], map_location="cpu")
    header, numbers, at = {}, [], 0
    for name, tensor in state.items():
        if tensor.dtype not in DTYPES:
            sys.exit("%s: tensor %s is %s, which gedi does not read"
                     % (sys.argv[1], name, tensor.dtype))
        raw = bytes(tensor.contiguous().view(-1).numpy().tobytes())
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [at, at + len(raw)]}
        numbers.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(sys.argv[2], "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        f.writelines(numbers)


if __name__ == "__main__":
    main()
