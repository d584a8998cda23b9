#!/usr/bin/env python3
"""check_schema.py SCHEMA FAKE SOURCES - what `gedi schema` prints, against descriptors.

SCHEMA accepts every descriptor in experiments/. FAKE, of the plugins that tests/broken names,
refuses those in there that a schema can refuse. Ends with 77 where Debian's python3-jsonschema or python3-yaml is missing.
"""
import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"{missing}: install python3-jsonschema and python3-yaml")
    sys.exit(77)

# What only a reader with more than one value in sight notices: files, duplicate keys, what
# plugins say of their options together, stages before each other.
BEYOND = set("""
anchor.yaml
base_circle.yaml
base_folder.yaml
base_itself.yaml
duplicate_key.yaml
duplicate_option.yaml
evaluate_name_twice.yaml
evaluate_twice.yaml
nul.yaml
options_disagree.yaml
plugin_abi.yaml
sweep/adjust_axis.yaml
sweep/adjust_nothing.yaml
sweep/axis_mapping.yaml
sweep/axis_name.yaml
sweep/axis_twice.yaml
sweep/duplicate_key.yaml
sweep/exclude_all.yaml
sweep/hidden.yaml
sweep/named.yaml
sweep/no_axis.yaml
sweep/rounds_of_points.yaml
sweep/same_points.yaml
sweep/same_points_families.yaml
sweep/show_colours.yaml
sweep/show_curves.yaml
sweep/show_names.yaml
sweep/show_twice.yaml
sweep/show_values.yaml
sweep/thresholds.yaml
sweep/too_many.yaml
sweep/values_twice.yaml
sweep_missing.yaml
unknown_kind_of_plugin.yaml
unknown_plugin.yaml
validation_patience.yaml
""".split())


class Loader(yaml.SafeLoader):
    """YAML 1.2's numbers and booleans, as gedi and editors read them: 1e-3, no `yes`."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern in (
    ("bool", r"true|false"),
    ("int", r"[-+]?[0-9]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
    ("null", r"~|null|"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"), None)


def load(file):
    return with_text_keys(yaml.load(file.read_bytes(), Loader))


def with_text_keys(node):
    """Keys as JSON has them: the positions of steps are texts there."""
    if isinstance(node, dict):
        return {str(key): with_text_keys(value) for key, value in node.items()}
    return [with_text_keys(value) for value in node] if isinstance(node, list) else node


def main():
    schema, fake = (json.load(open(file)) for file in sys.argv[1:3])
    sources = pathlib.Path(sys.argv[3])
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    faults = 0
    for file in sorted((sources / "experiments").rglob("*.yaml")):
        for error in validator.iter_errors(load(file)):
            print(f"{file}: refused: {error.message}")
            faults += 1
    validator = jsonschema.Draft7Validator(fake)
    refused = accepted = 0
    for file in sorted((sources / "tests/broken").rglob("*.yaml")):
        if file.with_suffix(".expect").exists():
            try:
                good = validator.is_valid(load(file))
            except (yaml.YAMLError, UnicodeError, ValueError):
                good = False
            name = str(file.relative_to(sources / "tests/broken"))
            refused, accepted = refused + (not good), accepted + good
            if good != (name in BEYOND):
                print(f"{file}: {'accepted' if good else 'refused, take it out of BEYOND'}")
                faults += 1
    print(f"{refused} broken descriptors refused, {accepted} beyond a schema")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
