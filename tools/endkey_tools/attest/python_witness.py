"""Answers vectors with clients/python, and tells which library computed for which of them.

Run by `tools/run attest`, as a process of its own, so that it can see that OpenSSL is not in it: takes {files,
library, garbled} as JSON
on standard input (`library`: whose results are spoiled, if `garbled`) and prints one JSON object.

Each function of the client's `backend` belongs to a library. Where a second library can compute the same (SECONDS), it
does, on the same inputs, and its result has to be the same.
"""

import base64
import json
import sys
from collections import defaultdict
from pathlib import Path

# Python's own doors to OpenSSL. What asks for them falls back to Python's built-in code, or fails.
sys.modules["_hashlib"] = sys.modules["_ssl"] = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "clients/python"), str(ROOT / "tools")]

import tink
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from endkey_client import backend, respond
from endkey_client.errors import Refused
from endkey_client.primitives import siv
from tink import daead, secret_key_access

from endkey_tools.suite import is_right

NACL = {"ed25519_public_key", "ed25519_sign"}
NOT_COUNTED = {"equal"}  # Comparing is no computation.


def tink_siv(key):
    keyset = {
        "primaryKeyId": 1,
        "key": [
            {
                "keyData": {
                    "typeUrl": "type.googleapis.com/google.crypto.tink.AesSivKey",
                    "keyMaterialType": "SYMMETRIC",
                    "value": base64.b64encode(b"\x12\x40" + key).decode(),
                },
                "status": "ENABLED",
                "keyId": 1,
                "outputPrefixType": "RAW",
            }
        ],
    }
    handle = tink.json_proto_keyset_format.parse(json.dumps(keyset), secret_key_access.TOKEN)
    return handle.primitive(daead.DeterministicAead)


def tink_seal(key, ad, plaintext):
    sealed = tink_siv(key).encrypt_deterministically(plaintext, ad)
    return sealed[:16], sealed[16:]


def tink_open(key, ad, v, c):
    if len(v) != siv.BLOCK:
        return NotImplemented  # Tink takes V and C as one: it cannot tell where V ends.
    try:
        return tink_siv(key).decrypt_deterministically(v + c, ad)
    except tink.TinkError:
        return None


def pycryptodome_public_key(seed):
    return ECC.construct(curve="Ed25519", seed=seed).public_key().export_key(format="raw")


def pycryptodome_sign(seed, message):
    return eddsa.new(ECC.construct(curve="Ed25519", seed=seed), "rfc8032").sign(message)


# (module, function): the library that computes it too, and how.
SECONDS = {
    (backend, "ed25519_public_key"): ("pycryptodome", pycryptodome_public_key),
    (backend, "ed25519_sign"): ("pycryptodome", pycryptodome_sign),
    (siv, "seal"): ("tink", tink_seal),
    (siv, "open_sealed"): ("tink", tink_open),
}


def garbled(value):
    """A wrong result of the same kind. A refusal stays one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, bytes):
        return bytes(byte ^ 1 for byte in value)
    if isinstance(value, tuple):
        return (garbled(value[0]), *value[1:])
    return value


class Libraries:
    """Watches what each library computes during one vector."""

    def __init__(self, garble):
        self.garble = garble
        self.computed = set()
        self.disagreed = set()
        for name, function in list(vars(backend).items()):
            if getattr(function, "__module__", None) == backend.__name__ and name not in NOT_COUNTED:
                self.watch(backend, name, "PyNaCl" if name in NACL else "pycryptodome")
        for (module, name), (library, function) in SECONDS.items():
            self.add_second(module, name, library, function)

    def watch(self, module, name, library):
        function = getattr(module, name)

        def watched(*arguments):
            self.computed.add(library)
            if self.garble != library:
                return function(*arguments)
            if name == "pbkdf2_sha256":
                return bytes(arguments[3])  # Wrong without the wait.
            return garbled(function(*arguments))

        setattr(module, name, watched)

    def add_second(self, module, name, library, second):
        function = getattr(module, name)

        def both(*arguments):
            try:
                result = outcome = function(*arguments)
            except Refused as refused:
                result, outcome = refused, None
            try:
                other = second(*arguments)
            except Exception as error:  # A library that fails did not agree.
                other = error
            if other is not NotImplemented:
                self.computed.add(library)
                if self.garble == library:
                    other = garbled(other)
                if other != outcome:
                    self.disagreed.add(library)
            if isinstance(result, Refused):
                raise result
            return result

        setattr(module, name, both)

    def take(self):
        """Who computed, and who disagreed, since the last time."""
        taken = sorted(self.computed), sorted(self.disagreed)
        self.computed, self.disagreed = set(), set()
        return taken


def judge(file, libraries):
    """What the client got wrong, and what each library computed, by ids of vectors."""
    wrong, computed, disagreed = {}, defaultdict(list), defaultdict(list)
    for test in file["tests"]:
        request = {"seq": 1, "cmd": "run", "op": file["op"], "in": test["in"]}
        answer = respond.respond(json.dumps(request).encode())
        if not is_right(test["expect"], answer):
            wrong[test["id"]] = json.dumps(answer)[:300]
        by, against = libraries.take()
        for library in by:
            computed[library].append(test["id"])
        for library in against:
            disagreed[library].append(test["id"])
    return {"wrong": wrong, "computed": computed, "disagreed": disagreed}


def openssl_files():
    """Files of OpenSSL that this process has loaded, as far as the system tells (Linux)."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text(encoding="utf-8").splitlines() if maps.exists() else []
    return sorted({line.split()[-1] for line in lines if "libcrypto" in line or "libssl" in line})


def main():
    asked = json.load(sys.stdin)
    daead.register()
    libraries = Libraries(asked["library"] if asked["garbled"] else None)
    results = {file["op"]: judge(file, libraries) for file in asked["files"]}
    if loaded := openssl_files():
        sys.exit(f"OpenSSL is in this process after all: {', '.join(loaded)}")
    json.dump({"version": respond.VERSION, "results": results}, sys.stdout)


main()
