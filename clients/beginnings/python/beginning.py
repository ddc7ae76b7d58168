"""A client of the suite that has just begun: Python 3.11, nothing but its own library.

endkey conform -- python3 beginning.py
"""

import hashlib
import hmac
import json
import sys


def labelled(label, data):
    return b"endkey/1 " + label.encode() + b"\0" + data


def hkdf(key, info, count):
    secret, block, out = hmac.digest(bytes(32), key, "sha256"), b"", b""
    while len(out) < count:
        block = hmac.digest(secret, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:count]


OPERATIONS = {
    "hash": lambda label, data: {"hash": hashlib.sha256(labelled(label, data)).digest()},
    "hmac": lambda key, data: {"mac": hmac.digest(key, data, "sha256")},
    "derive": lambda key, label, context: {"key": hkdf(key, labelled(label, context), 64 if label == "token" else 32)},
    "pbkdf2": lambda password, salt, iterations: {"key": hashlib.pbkdf2_hmac("sha256", password, salt, iterations)},
    "account-id": lambda root_key: {"account_id": hashlib.sha256(labelled("account-id", root_key)).digest()[:16]},
    "agent-id": lambda modulus, verify_key: {
        "agent_id": hashlib.sha256(labelled("agent-id", modulus + verify_key)).digest()[:16]},
}


def answer(request):
    if request["cmd"] == "hello":
        return {"v": 1, "client": {"name": "beginning-python", "version": "0"}, "ops": list(OPERATIONS)}
    if request["op"] not in OPERATIONS:
        return {"outcome": "unsupported", "reason": "not written yet"}
    try:
        given = {name: bytes.fromhex(value) if isinstance(value, str) and name != "label" else value
                 for name, value in request["in"].items()}
        out = OPERATIONS[request["op"]](**given)
    except (TypeError, ValueError, OverflowError) as error:
        return {"outcome": "error", "detail": str(error)}
    return {"outcome": "ok", "out": {name: value.hex() for name, value in out.items()}}


for line in sys.stdin:
    request = json.loads(line)
    if request["cmd"] == "bye":
        break
    print(json.dumps({"seq": request["seq"]} | answer(request)), flush=True)
