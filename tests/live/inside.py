"""Runs one function of a module with the settings of a running portal, for data a test needs."""

import importlib
import json
import sys

import django


def main() -> None:
    """Read JSON from standard input, call the module's `main`, print its answer as JSON."""
    django.setup()
    module = importlib.import_module(sys.argv[1])
    answer = module.main(json.load(sys.stdin))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
