"""Endkey from Python by ctypes: answers vectors by the C interface, and has an owner read what an agent sealed.

Arguments: the library, the folder of vectors.
"""

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


class Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("capacity", ctypes.c_size_t), ("count", ctypes.c_size_t)]


class Credentials(ctypes.Structure):
    _fields_ = [("login_name", Bytes), ("password", Handle), ("account_secret", Handle)]


class Reference(ctypes.Structure):
    _fields_ = [("field", ctypes.c_uint8), ("length", ctypes.c_uint64), ("digest", ctypes.c_uint8 * 32)]


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int32), ("offset", ctypes.c_int64), ("section", ctypes.c_char * 8)]


class Identifier(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint8 * 16)]


library = ctypes.CDLL(sys.argv[1])
library.ek_status_name.restype = ctypes.c_char_p
library.ek_piece_room.restype = ctypes.c_size_t
library.ek_piece_room.argtypes = [ctypes.c_size_t]
for owned in ("agent", "owner", "secret", "messages", "blob_sealer", "blob_opener"):
    getattr(library, f"ek_{owned}_free").argtypes = [Handle]
    getattr(library, f"ek_{owned}_free").restype = None


def secret(value: bytes) -> Any:
    return made("ek_secret_from_bytes", Bytes.of(value))


def code(text: bytes) -> Error:
    """A code is read, of an agent or of a manager."""
    admission, typed, error = Handle(), secret(text), Error()
    library.ek_code_admission(typed, ctypes.byref(admission), ctypes.byref(error))
    library.ek_secret_free(admission)
    library.ek_secret_free(typed)
    return error


def request(message: bytes) -> Error:
    """A request is read."""
    error, agent = Error(), Identifier()
    library.ek_request_agent_id(Bytes.of(message), ctypes.byref(agent), ctypes.byref(error))
    return error


def pins(message: bytes, device_key: bytes) -> Error:
    """An owner's end is made of what its disk has."""
    owner, key, error = Handle(), secret(device_key), Error()
    library.ek_owner_locked(Bytes.of(message), key, ctypes.c_bool(True), ctypes.byref(owner), ctypes.byref(error))
    library.ek_owner_free(owner)
    library.ek_secret_free(key)
    return error


def tests(operation: str) -> list[dict[str, Any]]:
    file = Path(sys.argv[2]) / f"{operation}.json"
    return json.loads(file.read_text(encoding="utf-8"))["tests"]


def made(function: str, *arguments: Any) -> Any:
    """The handle that a function gives in its last place but one."""
    handle = Handle()
    status = getattr(library, function)(*arguments, ctypes.byref(handle), None)
    assert status == 0, f"{function}: {library.ek_status_name(status).decode()}"
    return handle


def written(function: str, capacity: int, *arguments: Any, behind: tuple[Any, ...] = ()) -> bytes:
    """What a function writes to its buffer."""
    room = ctypes.create_string_buffer(capacity)
    buffer = Buffer(ctypes.addressof(room), capacity, 0)
    status = getattr(library, function)(*arguments, ctypes.byref(buffer), *behind, None)
    assert status == 0, f"{function}: {library.ek_status_name(status).decode()}"
    return room.raw[: buffer.count]


def messages_of(function: str, *arguments: Any) -> list[bytes]:
    """The messages of a step."""
    messages = made(function, *arguments)
    found = [written("ek_messages_copy", 1 << 16, messages, ctypes.c_size_t(index))
             for index in range(library.ek_messages_count(messages))]
    library.ek_messages_free(messages)
    return found


def streamed(function: str, handle: Any, data: bytes, *last: Any) -> bytes:
    """What comes of `data` in pieces of 30,000 bytes, and of the end."""
    parts = [data[start : start + 30_000] for start in range(0, len(data), 30_000)]
    output = [written(f"{function}_update", library.ek_piece_room(len(part)), handle, Bytes.of(part)) for part in parts]
    return b"".join([*output, written(f"{function}_finish", library.ek_piece_room(0), handle, behind=last)])


def read_by_owner() -> None:
    """A blob and tokens of an agent are what its owner reads."""
    now, none = ctypes.c_uint64(1_700_000_000_000), ctypes.c_uint32(0)
    password, agent = secret(b"correct horse"), made("ek_agent_create")
    owner = made("ek_owner_absent", ctypes.c_bool(True))
    credentials = Credentials(Bytes.of(b"ana@example.com"), password, None)
    paper, code = Handle(), Handle()
    account = messages_of("ek_owner_create", owner, ctypes.byref(credentials), none, ctypes.c_uint16(365), now, None,
                          ctypes.byref(paper))
    assert library.ek_owner_stored(owner, None) == 0
    messages_of("ek_owner_make_code", owner, 2, 1, ctypes.c_uint16(1), Bytes.of(b""), ctypes.c_uint64(0), none, now,
                ctypes.byref(code))
    assert library.ek_owner_stored(owner, None) == 0
    request = messages_of("ek_agent_enrol", agent, code)[0]
    messages_of("ek_owner_approve", owner, Bytes.of(request), None, none, now)
    assert library.ek_owner_stored(owner, None) == 0
    requests = (Bytes * 1)(Bytes.of(request))
    grant = messages_of("ek_owner_make_grants", owner, requests, ctypes.c_size_t(1), none, now)[0]
    state = next(message for message in account if message[3] == 6)
    assert library.ek_agent_accept_state(agent, Bytes.of(state), None) == 0
    assert library.ek_agent_accept_grant(agent, Bytes.of(grant), None) == 0

    content, reference = bytes(range(256)) * 400, Reference()
    sealer = made("ek_agent_start_blob", agent, 19, now)
    blob = streamed("ek_blob_sealer", sealer, content, ctypes.byref(reference))
    opener = made("ek_owner_start_blob", owner, ctypes.byref(reference))
    assert streamed("ek_blob_opener", opener, blob) == content
    assert reference.length == len(blob)

    values = [b"Ledger", b"", b"Quarterly report"]
    tokens = [written("ek_agent_seal_token", 4120, agent, 3, Bytes.of(value), now) for value in values]
    tokens.append(tokens[0][:-1])
    ends, statuses = (ctypes.c_size_t * 4)(), (ctypes.c_int32 * 4)()
    opened = written("ek_owner_open_tokens", 4096, owner, (Bytes * 4)(*map(Bytes.of, tokens)), ctypes.c_size_t(4),
                     behind=(ends, statuses))
    assert opened == b"".join(values) and list(ends) == [6, 6, 22, 22]
    assert [library.ek_status_name(status) for status in statuses] == [b"ok", b"ok", b"ok", b"truncated"]
    for name, handle in (("blob_sealer", sealer), ("blob_opener", opener), ("secret", code), ("secret", paper),
                         ("secret", password), ("agent", agent), ("owner", owner)):
        getattr(library, f"ek_{name}_free")(handle)


def main() -> None:
    read_by_owner()
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
