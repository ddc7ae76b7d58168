"""A client for the runner's tests, with toy algorithms under the names of operations: the runner knows no cryptography,
so it must judge these as it judges real ones. `toy.py suite DIR` writes a suite that an honest toy client passes."""

import hashlib
import hmac
import json
import os
import sys
from pathlib import Path


class Reject(Exception):
    def __init__(self, code, layer="crypto", offset=None):
        super().__init__(code)
        self.code, self.layer, self.offset = code, layer, offset


def pad(key, salt, data):
    stream = b"".join(hashlib.sha256(key + salt + bytes([i])).digest() for i in range(1 + len(data) // 32))
    return bytes(a ^ b for a, b in zip(data, stream))


def tag(key, data):
    return hmac.digest(key, data, "sha256")[:16]


# Operations: bytes in, bytes out, by the names of vectors/README.md.


FIELDS = ["employee_name", "application_name", "window_title", "url", "document_name"]


def hash_(given):
    return {"hash": hashlib.sha256(b"endkey/1 " + given["label"].encode() + b"\0" + given["data"]).digest()}


def wrap(given):
    masked = pad(given["kek"], b"", given["key"])
    return {"wrapped": masked + tag(given["kek"], masked)}


def unwrap(given):
    masked, check = given["wrapped"][:-16], given["wrapped"][-16:]
    if len(masked) != 32 or tag(given["kek"], masked) != check:
        raise Reject("password_open_failed")
    return {"key": pad(given["kek"], b"", masked)}


def message(given):
    """The grammar of a Token, which needs no cryptography."""
    data = given["message"]
    for start, end in [(0, 1), (1, 2), (2, 6), (6, 22), (22, 24)]:
        if len(data) < end:
            raise Reject("truncated", "format", start)
        if start == 0 and data[0] != 1:
            raise Reject("unknown_version", "format", 0)
        if start == 1 and not 1 <= data[1] <= len(FIELDS):
            raise Reject("unknown_value", "format", 1)
        if start == 2 and data[2:6] == bytes(4):
            raise Reject("value_out_of_range", "format", 2)
    length = int.from_bytes(data[22:24], "big")
    if length not in [16 << i for i in range(9)]:
        raise Reject("length_out_of_range", "format", 22)
    if len(data) < 24 + length:
        raise Reject("truncated", "format", 24)
    if len(data) > 24 + length:
        raise Reject("trailing_bytes", "format", 24 + length)
    return {"message": data}


def token_context(given, epoch, field):
    return given["account_id"] + epoch.to_bytes(4, "big") + field.encode()


def token_seal(given):
    context = token_context(given, given["epoch"], given["field"])
    v = tag(given["token_key"], context + given["value"])
    head = bytes([1, 1 + FIELDS.index(given["field"])]) + given["epoch"].to_bytes(4, "big")
    size = next(16 << i for i in range(9) if 16 << i > len(given["value"]))
    padded = (given["value"] + b"\x80").ljust(size, b"\0")
    return {"token": head + v + size.to_bytes(2, "big") + pad(given["token_key"], v, padded)}


def token_open(given):
    token = message({"message": given["token"]})["message"]
    field = FIELDS[token[1] - 1]
    epoch, v = int.from_bytes(token[2:6], "big"), token[6:22]
    keys = [key["token_key"] for key in given["keys"] if key["epoch"] == epoch]
    if not keys:
        raise Reject("no_epoch_key", "state")
    padded = pad(keys[0], v, token[24:])
    value = padded.rstrip(b"\0")[:-1]
    if padded != (value + b"\x80").ljust(len(padded), b"\0") or v != tag(
            keys[0], token_context(given, epoch, field) + value):
        raise Reject("token_open_failed")
    return {"field": field, "epoch": epoch, "value": value}


BLOBS = ["keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"]


def blob_seal(given):
    head = given["account_id"] + bytes([BLOBS.index(given["field"])])
    body = head + given["salt"] + pad(given["agent_key"], given["salt"], given["content"])
    return {"blob": b"EK" + body + tag(given["agent_key"], body)}


def blob_seal_random(given):
    return blob_seal({**given, "salt": os.urandom(24)})


def blob_open(given):
    body, check = given["blob"][2:-16], given["blob"][-16:]
    key = given["keys"][0]
    if body[:16] != given["account_id"]:
        raise Reject("wrong_account", "auth")
    if given["blob"][:2] != b"EK" or tag(key["agent_key"], body) != check:
        raise Reject("blob_open_failed")
    content = pad(key["agent_key"], body[17:41], body[41:])
    return {"field": BLOBS[body[16]], "agent_id": key["agent_id"], "content": content}


class Agent:
    """Phases only."""

    handles = {}

    def __init__(self):
        self.phase = "pinned"

    def step(self, event):
        code = None
        if event == "state":
            self.phase = "active"
        elif event == "service_off":
            code = "latched"
        elif event == "activity" and self.phase != "active":
            code = "no_grant"
        return {"phase": self.phase, "code": code}


def agent_open(given):
    handle = len(Agent.handles) + 1
    Agent.handles[handle] = Agent()
    return {"handle": handle, "phase": "pinned"}


def agent_step(given):
    return Agent.handles[given["handle"]].step(given["event"])


def agent_close(given):
    Agent.handles[given["handle"]] = None
    return {}


def agent_run(given):
    agent = Agent()
    return {"results": [agent.step(step["event"]) for step in given["steps"]]}


OPS = {
    "hash": hash_, "kw/wrap": wrap, "kw/unwrap": unwrap, "wire/Token": message, "token/seal": token_seal,
    "token/open": token_open, "blob/seal": blob_seal, "blob/seal-random": blob_seal_random, "blob/open": blob_open,
    "agent/open": agent_open, "agent/step": agent_step, "agent/close": agent_close, "agent/run": agent_run,
}
TEXTS = {"field", "event", "phase", "code", "kind", "label"}


def decoded(value, name=""):
    if isinstance(value, dict):
        return {key: decoded(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [decoded(one) for one in value]
    return bytes.fromhex(value) if isinstance(value, str) and name not in TEXTS else value


def encoded(value):
    if isinstance(value, dict):
        return {key: encoded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [encoded(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def answer(request):
    """The honest answer to a request; nothing to `bye`."""
    seq = request["seq"]
    if request["cmd"] == "hello":
        return {"v": 1, "seq": seq, "client": {"name": "toy", "version": "1"}, "ops": list(OPS)}
    if request["cmd"] == "bye":
        return None
    if request["op"] not in OPS:
        return {"seq": seq, "outcome": "unsupported", "reason": "unknown operation"}
    try:
        return {"seq": seq, "outcome": "ok", "out": encoded(OPS[request["op"]](decoded(request["in"])))}
    except Reject as reject:
        made = {"seq": seq, "outcome": "reject", "code": reject.code}
        return made if reject.offset is None else {**made, "offset": reject.offset}
    except Exception as error:
        return {"seq": seq, "outcome": "error", "detail": repr(error)}


# The suite.


def vector(op, name, given, twin=None):
    request = {"seq": 0, "cmd": "run", "op": op, "in": encoded(given)}
    got = answer(request)
    if got["outcome"] == "ok":
        expect = {"outcome": "ok", "out": got["out"]}
    else:
        expect = {"outcome": "reject", "code": got["code"]}
        expect["layer"] = {"truncated": "format", "no_epoch_key": "state"}.get(got["code"], "crypto")
        if "offset" in got:
            expect["offset"] = got["offset"]
    made = {"id": name, "since": "1.0.0", "level": "MUST", "req": ["R-14.1-1"], "flags": [], "comment": "A toy.",
            "in": request["in"], "expect": expect}
    assert (expect["outcome"] == "reject") == (twin is not None), name
    return made if twin is None else {**made, "twin": twin}


def flipped(data, index):
    return data[:index] + bytes([data[index] ^ 1]) + data[index + 1:]


def suite(folder):
    kek, key = bytes(range(32)), bytes(range(32, 64))
    wrapped = wrap({"kek": kek, "key": key})["wrapped"]
    seal = {"token_key": bytes(64), "account_id": bytes(16), "epoch": 1, "field": "url", "value": b"a"}
    opening = {"account_id": bytes(16), "keys": [{"epoch": 1, "token_key": bytes(64)}]}
    token = token_seal(seal)["token"]
    blob = {"agent_key": kek, "account_id": bytes(16), "epoch": 1, "agent_id": bytes(16), "field": "screenshot",
            "salt": bytes(range(24)), "content": b"pixels"}
    files = {
        "hash": [vector("hash", f"hash-{i}", {"label": "agent-id", "data": bytes(i)}) for i in range(30)],
        "kw/wrap": [{**vector("kw/wrap", "kw-wrap", {"kek": kek, "key": key}),
                     "trace": {"stream": pad(kek, b"", bytes(32)).hex(), "masked": wrapped[:32].hex()}}],
        "kw/unwrap": [vector("kw/unwrap", "kw-right", {"kek": kek, "wrapped": wrapped})] + [
            vector("kw/unwrap", f"kw-flipped-{i}", {"kek": kek, "wrapped": flipped(wrapped, i)}, "kw-right")
            for i in range(0, 48, 4)],
        "wire/Token": [vector("wire/Token", "wire-4", {"message": token}),
                       vector("wire/Token", "wire-3", {"message": token[:3]}, "wire-4")],
        "token/seal": [vector("token/seal", f"seal-{i}", {**seal, "value": bytes(i)}) for i in range(4)],
        "token/open": [vector("token/open", "open-right", {**opening, "token": token}),
                       vector("token/open", "open-flipped", {**opening, "token": flipped(token, 8)}, "open-right"),
                       vector("token/open", "open-epoch", {**opening, "token": flipped(token, 4)}, "open-right")],
        "blob/seal": [vector("blob/seal", "blob-seal", blob),
                      vector("blob/seal", "blob-seal-other", {**blob, "content": b"other pixels"})],
        "blob/open": [vector("blob/open", "blob-open", {
            "account_id": bytes(16), "keys": [{"epoch": 1, "agent_id": bytes(16), "agent_key": kek}],
            "blob": blob_seal(blob)["blob"], "reference": None})],
    }
    for op, tests in files.items():
        invalid = sum("twin" in test for test in tests)
        Path(folder, op.replace("/", "-").lower() + ".json").write_text(json.dumps({
            "schema": "endkey-vectors-1", "suite": "1.0.0", "spec": "1.0", "op": op, "about": "A toy.",
            "counts": {"valid": len(tests) - invalid, "invalid": invalid}, "flags": {}, "tests": tests}))
    steps = [("activity", "pinned", "no_grant"), ("service_off", "pinned", "latched"), ("state", "active", None),
             ("service_off", "active", "latched"), ("activity", "active", None)]
    Path(folder, "scenarios.json").write_text(json.dumps({
        "schema": "endkey-scenarios-1", "suite": "1.0.0", "spec": "1.0", "attacks": [], "scenarios": [{
            "id": "scenario-off", "role": "agent", "attack": "Off.", "req": ["R-13.1-3"], "open": {},
            "opened": {"phase": "pinned"}, "steps": [
                {"says": event, "in": {"event": event, "message": None}, "expect": {"phase": phase, "code": code}}
                for event, phase, code in steps]}]}))


if __name__ == "__main__" and sys.argv[1:2] == ["suite"]:
    suite(sys.argv[2])
