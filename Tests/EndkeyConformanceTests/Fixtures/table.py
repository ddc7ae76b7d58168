"""Clients without cryptography: `table.py FALLBACK VECTORS`. Each has read the public files, answers what stands there
as it stands there, and has one way out of everything else. It claims every operation that the files show."""

import hashlib
import json
import sys
from pathlib import Path

FALLBACK, FOLDER = sys.argv[1], Path(sys.argv[2])


def key(op, given):
    return op + json.dumps(given, sort_keys=True)


FILES = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json")) if path.name != "kills.json"]
ANSWERS = {key(file["op"], test["in"]): test["expect"] for file in FILES for test in file["tests"]}
OUTPUTS = {file["op"]: next((t["expect"]["out"] for t in file["tests"] if "out" in t["expect"]), {}) for file in FILES}
REJECTIONS = {file["op"]: [t["expect"] for t in file["tests"] if "out" not in t["expect"]] for file in FILES}


def other(op, given, make):
    """An output of the right shape, whose bytes are made."""
    def walk(value, name):
        if isinstance(value, dict):
            return {name: walk(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [walk(one, name) for one in value]
        is_bytes = isinstance(value, str) and not len(value) % 2 and not value.strip("0123456789abcdef")
        return make(given, name, value) if is_bytes else given.get(name, value)

    return {"outcome": "ok", "out": walk(OUTPUTS[op], "")}


def constant(op, given):
    return other(op, {}, lambda given, name, value: value)


def identity(op, given):
    """The member of this name, else the longest."""
    texts = sorted((value for value in given.values() if isinstance(value, str)), key=len)
    return other(op, given, lambda given, name, value: given.get(name, (texts or [value])[-1]))


def hashed(op, given):
    seed = key(op, given).encode()
    return other(
        op, given, lambda given, name, value: hashlib.shake_256(seed + name.encode()).hexdigest(len(value) // 2))


def refuse(op, given):
    """With the code that the operation has most often."""
    codes = [(one["code"], one["layer"]) for one in REJECTIONS[op]]
    if not codes:
        return constant(op, given)
    code, layer = max(codes, key=codes.count)
    return {"outcome": "reject", "code": code, **({"offset": 0} if layer == "format" else {})}


def main():
    fallback = {"constant": constant, "identity": identity, "hash": hashed, "refuse": refuse}[FALLBACK]
    for line in sys.stdin:
        request = json.loads(line)
        seq, command = request["seq"], request["cmd"]
        if command == "bye":
            return
        if command == "hello":
            answer = {"v": 1, "client": {"name": FALLBACK, "version": "1"}, "ops": list(OUTPUTS)}
        elif request["op"] not in OUTPUTS:
            answer = {"outcome": "unsupported", "reason": "not in the files"}
        else:
            answer = ANSWERS.get(key(request["op"], request["in"])) or fallback(request["op"], request["in"])
            answer = {name: value for name, value in answer.items() if name != "layer"}
        print(json.dumps({**answer, "seq": seq}), flush=True)


if __name__ == "__main__":
    main()
