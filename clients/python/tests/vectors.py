"""The vectors, and what the client answers to one."""

import json
from pathlib import Path

from endkey_client.respond import respond

FOLDER = Path(__file__).resolve().parents[3] / "vectors"


def files():
    """The vector files: the folder holds records of other tools as well."""
    read = [json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))]
    return [file for file in read if "tests" in file]


def run(op, inputs):
    return respond(json.dumps({"seq": 1, "cmd": "run", "op": op, "in": inputs}).encode())


def short(value):
    text = json.dumps(value)
    return text if len(text) <= 300 else f"{text[:200]} ... {text[-60:]}"


def agrees(expected, got):
    """Outcome, output, code, and the offset where the vector gives one."""
    if expected["outcome"] == "ok":
        return got.get("outcome") == "ok" and got.get("out") == expected["out"]
    keys = ["outcome", "code"] + (["offset"] if "offset" in expected else [])
    return all(got.get(key) == expected[key] for key in keys)
