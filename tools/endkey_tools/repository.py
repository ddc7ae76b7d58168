"""Where things are in this checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENDKEY = ROOT / ".build/debug/endkey"
PYTHON = ROOT / ".build/venv/bin/python"
