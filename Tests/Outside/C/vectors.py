"""Endkey from Python by ctypes: answers vectors by the C interface. Arguments: the library, the folder of vectors."""

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

Handle = ctypes.c_void_p


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("count", ctypes.c_size_t)]

    @classmethod
    def of(cls, value: bytes) -> "Bytes":
        return cls(value, len(value))


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int32), ("offset", ctypes.c_int64), ("section", ctypes.c_char * 8)]


class Identifier(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint8 * 16)]


library = ctypes.CDLL(sys.argv[1])
library.ek_status_name.restype = ctypes.c_char_p
for owned in ("agent", "owner", "secret", "messages"):
    getattr(library, f"ek_{owned}_free").argtypes = [Handle]
    getattr(library, f"ek_{owned}_free").restype = None


def secret(value: bytes) -> Any:
    made = Handle()
    assert library.ek_secret_from_bytes(Bytes.of(value), ctypes.byref(made), None) == 0
    return made


def code(text: bytes) -> Error:
    """A new agent is given a code."""
    agent, messages, typed, error = Handle(), Handle(), secret(text), Error()
    assert library.ek_agent_create(ctypes.byref(agent), None) == 0
    library.ek_agent_enrol(agent, typed, ctypes.byref(messages), ctypes.byref(error))
    for free, handle in ((library.ek_messages_free, messages), (library.ek_secret_free, typed),
                         (library.ek_agent_free, agent)):
        free(handle)
    return error


def request(message: bytes) -> Error:
    """A request is read."""
    error, agent = Error(), Identifier()
    library.ek_request_agent_id(Bytes.of(message), ctypes.byref(agent), ctypes.byref(error))
    return error


def pins(message: bytes, device_key: bytes) -> Error:
    """An owner's end is made of what its disk has."""
    owner, key, error = Handle(), secret(device_key), Error()
    library.ek_owner_locked(Bytes.of(message), key, ctypes.byref(owner), ctypes.byref(error))
    library.ek_owner_free(owner)
    library.ek_secret_free(key)
    return error


def tests(operation: str) -> list[dict[str, Any]]:
    file = Path(sys.argv[2]) / f"{operation}.json"
    return json.loads(file.read_text(encoding="utf-8"))["tests"]


def main() -> None:
    answers: list[tuple[dict[str, Any], Error]] = []
    for test in tests("text-code"):
        answers.append((test, code(bytes.fromhex(test["in"]["text"]))))
    for test in tests("wire-enrolmentrequest"):
        answers.append((test, request(bytes.fromhex(test["in"]["message"]))))
    for test in tests("local-state-open"):
        message = bytes.fromhex(test["in"]["message"])
        # An owner's pins: an agent's state is for another function.
        if message[3:4] == b"\x0c":
            answers.append((test, pins(message, bytes.fromhex(test["in"]["device_key"]))))
    assert len(answers) > 30, "the vectors are not there"
    for test, error in answers:
        name = library.ek_status_name(error.status).decode()
        expected = test["expect"]
        assert name == expected.get("code", "ok"), f"{test['id']}: {name}"
        assert error.offset == expected.get("offset", -1), f"{test['id']}: {name} at {error.offset}"
    print(f"Python: {len(answers)} vectors")


main()
