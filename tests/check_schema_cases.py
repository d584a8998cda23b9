#!/usr/bin/env python3
"""check_schema_cases.py GEDI SCHEMA CASES - a schema's verdict of single values, against gedi's.

A case is `yes` or `no` and keys of a descriptor, which replace those of BASE. Both are asked of the whole
descriptor, and of one that may have plugins of its own; with BASE as a base, the schema may be more lenient.
Ends with 77 where Debian's python3-jsonschema or python3-yaml is missing.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"{missing}: install python3-jsonschema and python3-yaml")
    sys.exit(77)

from check_schema import load

BASE = {
    "dataset": "{moons: {train: 200, test: 100}}",
    "views": "[[], [gaussian_noise: {std: 0.03}]]",
    "model": "{mlp: {hidden: [8]}}",
    "objective": "{gedi: {}}",
    "sampler": "{sgld: {}}",
    "optimizer": "{adam: {}}",
    "train": "{iterations: 5, batch: 20}",
    "evaluate": "[clustering: {}]",
}


def put(name, keys):
    file = pathlib.Path(name)
    file.write_text("".join(f"{key}: {value}\n" for key, value in keys.items()))
    return file


def main():
    gedi, schema, cases = (os.path.abspath(path) for path in sys.argv[1:])
    validator = jsonschema.Draft7Validator(json.load(open(schema)))
    faults = asked = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        put("base.yaml", BASE)
        for line in open(cases):
            verdict, _, text = line.strip().partition(" ")
            if verdict not in ("yes", "no"):
                continue
            own = dict(part.split(": ", 1) for part in text.split(" ;; "))
            for name, keys in (
                ("alone", {**BASE, **own}),
                ("plugins", {**BASE, "plugins": "[]", **own}),
                ("heir", {"base": "base.yaml", **own}),
            ):
                file = put("case.yaml", keys)
                said = subprocess.run([gedi, "check", "-r", file], capture_output=True, text=True)
                is_good = said.returncode == 0
                errors = [e.message for e in validator.iter_errors(load(file))]
                wrong = is_good if name == "heir" else verdict == "yes"
                if name != "heir" and is_good != (verdict == "yes"):
                    print(f"{text}: {name}: gedi says {is_good}: {said.stdout}")
                    faults += 1
                if errors and wrong or not errors and not wrong and name != "heir":
                    print(f"{text}: {name}: the schema says {errors or 'yes'}")
                    faults += 1
                asked += 1
    print(f"{asked} descriptors")
    return 1 if faults or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
