"""The vectors, as lines of the client protocol, and what a right answer is."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "vectors"
sys.path.insert(0, str(ROOT / "tools"))

from endkey_tools.suite import is_right, vector_files  # noqa: E402


@dataclass(frozen=True)
class Vector:
    id: str
    op: str
    line: bytes
    expect: dict[str, Any]

    @property
    def is_negative(self) -> bool:
        return bool(self.expect["outcome"] == "reject")

    def accepts(self, answer: dict[str, Any]) -> bool:
        return is_right(self.expect, answer)


def read_vectors() -> list[Vector]:
    """All vectors, by file and place."""
    vectors: list[Vector] = []
    for file in vector_files():
        for test in file["tests"]:
            line = json.dumps({"seq": len(vectors), "cmd": "run", "op": file["op"], "in": test["in"]}).encode()
            vectors.append(Vector(test["id"], file["op"], line, test["expect"]))
    return vectors


def answer_text(answer: dict[str, Any]) -> str:
    """`reject CODE`, `ok H` with the hash of the output, or `error`."""
    if answer["outcome"] == "reject":
        return f"reject {answer['code']}"
    if answer["outcome"] == "ok":
        return f"ok {hash_of(answer['out'])}"
    return "error"


def hash_of(out: Any) -> str:
    """16 hex digits of FNV-1a-64 over the canonical JSON: keys sorted by code point, no white space, UTF-8."""
    text = json.dumps(out, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{fnv1a(text.encode()):016x}"


def fnv1a(data: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value
