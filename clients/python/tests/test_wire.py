"""Structs: each has one encoding, and each fault its code and place."""

import dataclasses

import pytest
import samples as s
from world import refusal

from endkey_client.enums import GrantKind, MemberStatus, Role
from endkey_client.errors import Refused
from endkey_client.wire import contents as c
from endkey_client.wire import messages as m
from endkey_client.wire.kinds import Struct

SAMPLES = list(s.samples())


def fault(struct: type[Struct], data: bytes) -> tuple[str, int | None]:
    with pytest.raises(Refused) as refused:
        struct.parse(data)
    return refused.value.code, refused.value.offset


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_reads_what_it_wrote(sample: Struct) -> None:
    data = sample.write()
    read = type(sample).parse(data)
    assert read == sample
    assert read.write() == data
    assert sample.size() in (None, len(data))
    assert fault(type(sample), data + b"\0") == ("trailing_bytes", len(data))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_cut_is_a_fault_within(sample: Struct) -> None:
    data = sample.write()
    for end in range(0, len(data), max(1, len(data) // 200)):
        code, offset = fault(type(sample), data[:end])
        assert code == "truncated"
        assert offset is not None and offset <= end


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_changed_byte_is_read_back_or_refused(sample: Struct) -> None:
    data = sample.write()
    for place in range(0, len(data), max(1, len(data) // 300)):
        for bit in (0x01, 0x80):
            changed = data[:place] + bytes([data[place] ^ bit]) + data[place + 1:]
            try:
                read = type(sample).parse(changed)
            except Refused as refused:
                assert refused.offset is not None and refused.offset <= len(data)
            else:
                assert read.write() == changed


def changed(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new):]


STATE = s.STATE.write()
SIGNERS = 24 + 8 + 8 + 8 + 32 + 32 + 4 + 8 + 8
REVOKED = SIGNERS + 2 + 96 + 64


@pytest.mark.parametrize(("data", "expected"), [
    (changed(STATE, 0, b"K"), ("bad_magic", 0)),
    (changed(STATE, 2, b"\2"), ("unknown_version", 2)),
    (changed(STATE, 3, b"\7"), ("unexpected_type", 3)),
    (changed(STATE, 3, b"\x63"), ("unexpected_type", 3)),
    (changed(STATE, 20, bytes(4)), ("value_out_of_range", 20)),
    (changed(STATE, 24, b"\0\x20" + bytes(6)), ("value_out_of_range", 24)),
    (changed(STATE, SIGNERS - 20, bytes(4)), ("value_out_of_range", SIGNERS - 20)),
    (changed(STATE, SIGNERS, b"\0\0"), ("length_out_of_range", SIGNERS)),
    (changed(STATE, SIGNERS, b"\0\x61"), ("length_out_of_range", SIGNERS)),
    (changed(STATE, SIGNERS, b"\x0c\x30"), ("length_out_of_range", SIGNERS)),
    (changed(STATE, SIGNERS + 2 + 48, s.fill(2, 32)), ("not_canonical", SIGNERS + 2 + 48)),
    (changed(STATE, SIGNERS + 2 + 48, s.fill(1, 32)), ("not_canonical", SIGNERS + 2 + 48)),
    (changed(STATE, REVOKED, b"\xff\xf1"), ("length_out_of_range", REVOKED)),
    (changed(STATE, REVOKED, b"\xff\xf0"), ("truncated", REVOKED + 2)),
    (changed(STATE, REVOKED + 2 + 16, s.fill(1, 16)), ("not_canonical", REVOKED + 2 + 16)),
])
def test_faults_of_a_state(data: bytes, expected: tuple[str, int]) -> None:
    assert refusal("wire/AccountState", {"message": data.hex()}) == expected


@pytest.mark.parametrize("struct", [m.EnrolmentRequest, m.PersonKeys, m.SpoolHeader, c.Capture])
def test_epoch_0_where_it_must_be(struct: type[Struct]) -> None:
    data = next(sample for sample in SAMPLES if type(sample) is struct).write()
    assert fault(struct, changed(data, 23, b"\1")) == ("value_out_of_range", 20)


def test_tokens() -> None:
    data = s.TOKEN.write()
    assert fault(m.Token, changed(data, 0, b"\2")) == ("unknown_version", 0)
    assert fault(m.Token, changed(data, 1, b"\x10")) == ("unknown_value", 1)
    assert fault(m.Token, changed(data, 22, b"\0\x11")) == ("length_out_of_range", 22)


def place_of(contents: c.VaultContents, before: str) -> int:
    """Where this field begins."""
    names = [row.name for row in contents.rows()]
    return len(contents.part(names[0], names[names.index(before) - 1]))


def test_values_that_depend_on_others() -> None:
    code = s.CONTENTS.codes[1]
    data = code.write()
    assert fault(c.Code, changed(data, 26, b"\2")) == ("value_out_of_range", 26)
    assert fault(c.Code, changed(data, 27, b"\1")) == ("value_out_of_range", 27)
    assert fault(c.Code, changed(data, 28, b"\0\2")) == ("value_out_of_range", 28)
    assert fault(c.Code, changed(changed(data, 26, b"\2"), 27, b"\1")) == ("value_out_of_range", 26)
    member = s.CONTENTS.members[0]
    for status, listed, right in (
        (MemberStatus.granted, 0, True), (MemberStatus.granted, 1, False), (MemberStatus.retired, 0, False),
        (MemberStatus.removed, 7, True),
    ):
        changed_member = dataclasses.replace(member, status=status, listed=listed)
        data = unchecked(changed_member)
        if right:
            assert c.Member.parse(changed_member.write()).listed == listed
        else:
            assert fault(c.Member, data) == ("value_out_of_range", 27)
    assert fault(c.Member, unchecked(dataclasses.replace(member, kept_sequence=1))) == ("value_out_of_range", 83)
    erasure = s.CONTENTS.erasures[0]
    assert fault(c.Erasure, unchecked(dataclasses.replace(erasure, first=2))) == ("value_out_of_range", 16)
    terms = dataclasses.replace(s.TERMS, kind=GrantKind.scoped, role=Role.manager)
    assert fault(c.CodeTerms, unchecked(terms)) == ("value_out_of_range", 12)
    with pytest.raises(ValueError):
        terms.write()


def unchecked(struct: Struct) -> bytes:
    """What a writer refuses to write."""
    rows = struct.rows()
    return struct.part(rows[0].name, rows[-1].name)


def test_padding() -> None:
    data = s.CONTENTS.write()
    assert len(data) == 4096
    place = place_of(s.CONTENTS, "padding")
    count = 4096 - place - 2
    assert data[place:] == count.to_bytes(2, "big") + bytes(count)
    fewer = data[:place] + (count - 1).to_bytes(2, "big") + bytes(count - 1)
    assert fault(c.VaultContents, fewer) == ("length_out_of_range", place)
    assert fault(c.VaultContents, changed(data, place, b"\x10\0")) == ("length_out_of_range", place)
    assert fault(c.VaultContents, data[:-1]) == ("truncated", place + 2)
    assert fault(c.VaultContents, changed(data, 4095, b"\1")) == ("not_canonical", 4095)
    for label in range(256):
        person = dataclasses.replace(s.CONTENTS.persons[0], label=bytes(label))
        contents = dataclasses.replace(s.CONTENTS, persons=[person], codes=[], members=[], rules=[])
        assert len(contents.write()) % 4096 == 0
        assert c.VaultContents.parse(contents.write()) == contents


def test_elements_too_many() -> None:
    persons = [
        dataclasses.replace(s.CONTENTS.persons[0], person_id=bytes([number]) * 16) for number in range(1, 66)
    ]
    data = s.CONTENTS.write()
    place = place_of(s.CONTENTS, "persons")
    content = b"".join(person.write() for person in persons)
    data = data[:place] + len(content).to_bytes(2, "big") + content + data[place + 2 + 2 * 339 + 1:]
    assert fault(c.VaultContents, data) == ("length_out_of_range", place + 2 + 64 * 339)
    with pytest.raises(Refused, match="limit_reached"):
        dataclasses.replace(s.CONTENTS, persons=persons).write()


def test_what_is_within_is_read_by_itself() -> None:
    contents = next(sample for sample in SAMPLES if isinstance(sample, c.AgentContents))
    data = contents.write()
    request = 1 + 288
    assert fault(c.AgentContents, changed(data, request, (439).to_bytes(2, "big")))[0] == "truncated"
    terms = request + 2 + 440
    assert fault(c.AgentContents, changed(data, terms, b"\x0d"))[0] == "truncated"
    assert fault(c.AgentContents, changed(data, terms, b"\x0f"))[0] == "length_out_of_range"
