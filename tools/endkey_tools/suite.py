"""The vectors, and the one rule by which an answer is right: for every Python tool that judges.

The rule is that of vectors/README.md, "What a right answer is", and of Sources/EndkeySuite/Judgement.swift.
"""

import json
from pathlib import Path
from typing import Any

from endkey_tools.repository import ROOT

SCHEMA = "endkey-vectors-1"
VECTORS = ROOT / "vectors"

Object = dict[str, Any]


def vector_files(folder: Path = VECTORS) -> list[Object]:
    """The vector files by name. What else lies in the folder says another schema; a folder without any is an error."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    files = [file for file in read if isinstance(file, dict) and file.get("schema") == SCHEMA]
    if not files:
        raise FileNotFoundError(f"no vector files in {folder}")
    return files


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values say the same: Python's `==` takes 1 for 1.0 and for True."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def is_right(expect: Object, answer: Object) -> bool:
    """Whether `answer`, an answer of the client protocol, is that which a vector expects."""
    if answer.get("outcome") != expect["outcome"]:
        return False
    if expect["outcome"] == "ok":
        return "out" in answer and same(answer["out"], expect["out"])
    # A fault of layer `format` has an offset in the vector; all others have none, there and in the answer.
    return (
        "out" not in answer
        and same(answer.get("code"), expect["code"])
        and same(answer.get("offset"), expect.get("offset"))
    )
