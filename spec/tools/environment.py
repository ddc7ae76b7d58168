"""Finds the packages of tools/requirements.txt: in this Python, or in the virtual environment that .ci/setup makes."""

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NEEDED = ["abnf", "jsonschema", "lxml", "xml2rfc"]


def enter():
    """Goes on under the right Python, or exits 2 with the remedy."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if not missing:
        return
    python = ROOT / ".build/venv/bin/python"
    if python.exists() and Path(sys.prefix) != ROOT / ".build/venv":
        os.execv(python, [str(python), *sys.argv])
    print(f"missing: {', '.join(missing)}; run .ci/setup", file=sys.stderr)
    sys.exit(2)
