"""`tools/run COMMAND ...`: one command a module of this package, each with `main(arguments)` and a docstring that
says what it does.
"""

import importlib
import os
import re
import sys
import textwrap

# What tools/run sets is for this process, not for the programs that it starts.
for variable in ("PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUTF8"):
    os.environ.pop(variable, None)

# The name of a command, and the module below endkey_tools that does it.
COMMANDS = {
    "afl": "fuzz.afl",
    "articles": "articles",
    "attest": "attest.witnesses",
    "beginnings": "clients.beginnings",
    "benchmarks": "benchmarks.run",
    "benchmarks-sql": "benchmarks.sql",
    "benchmarks-web": "benchmarks.web",
    "c-interface": "c_interface",
    "codec": "spec.codec",
    "coverage": "fuzz.coverage",
    "declarations": "declarations",
    "differential": "fuzz.differential",
    "documentation": "documentation",
    "drop-in": "drop_in",
    "examples": "examples",
    "faults": "fuzz.faults",
    "formal": "formal",
    "fuzz": "fuzz.run",
    "generate": "generate",
    "judge": "clients.judge",
    "man": "man",
    "matrix": "clients.matrix",
    "operations": "operations",
    "oss-fuzz": "fuzz.oss_fuzz",
    "privacy": "spec.privacy",
    "recipe": "recipe",
    "release": "release",
    "render": "spec.render",
    "requirements": "requirements",
    "secrets": "fuzz.secrets",
    "site": "site",
    "spec": "spec.check",
    "tables": "spec.tables",
    "test": "ci",
}


def summary(module: str) -> str:
    """The first sentence of its documentation."""
    text = importlib.import_module(f"endkey_tools.{module}").__doc__ or ""
    return re.split(r"(?<=\.)\s", " ".join(text.split()))[0]


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: tools/run COMMAND [ARGUMENT ...]\n")
        for name, module in COMMANDS.items():
            print(textwrap.fill(summary(module), 79, initial_indent=f"  {name:<14} ", subsequent_indent=" " * 17))
        return 0 if arguments else 64
    name = arguments[0]
    if name not in COMMANDS:
        print(f"no command {name}: tools/run --help lists them", file=sys.stderr)
        return 64
    return int(importlib.import_module(f"endkey_tools.{COMMANDS[name]}").main(arguments[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main())
