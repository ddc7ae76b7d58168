"""A value of every struct."""

from collections.abc import Iterator

from endkey_client.enums import (
    AccountSecretUse,
    AgentPhase,
    Approval,
    BlobField,
    Category,
    GrantKind,
    MemberStatus,
    MessageType,
    PersonRole,
    PersonStatus,
    RecordKind,
    Role,
    TokenField,
)
from endkey_client.texts.secrets import EnrolmentCode, RecoveryText, SecretText
from endkey_client.wire import contents as c
from endkey_client.wire import messages as m
from endkey_client.wire.header import Header
from endkey_client.wire.kinds import Struct

ACCOUNT = b"\x0a" * 16
MAX = 2**53 - 1


def header(type: MessageType, epoch: int = 1) -> Header:
    return Header(type, ACCOUNT, epoch)


def fill(byte: int, count: int) -> bytes:
    return bytes([byte]) * count


HEAD = m.PasswordHeader(
    header(MessageType.person_keys, 0), 1, 600_000, AccountSecretUse.required, fill(1, 32))
STATE = m.AccountState(
    header(MessageType.account_state), 1, 5, 6, fill(1, 32), fill(2, 32), 1, 4, 7,
    [m.Signer(fill(2, 32), fill(3, 16)), m.Signer(fill(3, 32), fill(1, 16))], fill(4, 64),
    [fill(1, 16), fill(2, 16)], fill(2, 32), fill(5, 64))
REQUEST = m.EnrolmentRequest(
    header(MessageType.enrolment_request, 0), fill(1, 256), fill(2, 32), fill(3, 32), fill(4, 32), fill(5, 64))
TOKEN = m.Token(TokenField.url, 1, fill(1, 16), fill(2, 32))
REFERENCE = m.BlobReference(BlobField.screenshot, 113, fill(1, 32))
RECORD = m.Record(RecordKind.website, 1, 2, [m.Item.of(TOKEN), m.Item.of(REFERENCE)])
KEYS = c.AccountKeys(fill(1, 128), fill(2, 128), fill(3, 32))
NOTE = c.StateNote(1, 1, 1, 5, fill(1, 32))
TERMS = c.CodeTerms(1, 5, GrantKind.scoped, Role.agent)
CONTENTS = c.VaultContents(
    5, fill(1, 16), [NOTE, c.StateNote(1, 2, 1, 6, fill(2, 32))], [fill(2, 32), fill(1, 32)], fill(3, 32), 7, 3650,
    [
        c.Person(fill(1, 16), PersonRole.owner, PersonStatus.granted, fill(1, 256), fill(2, 32), fill(3, 32), b""),
        c.Person(fill(2, 16), PersonRole.manager, PersonStatus.removed, fill(1, 256), fill(2, 32), bytes(32), b"x"),
    ],
    [c.PastKey(1, fill(1, 32)), c.PastKey(1, fill(2, 32))],
    [
        c.Code(fill(1, 8), fill(2, 16), b"one", Role.agent, GrantKind.scoped, Approval.automatic, 9, 0, [fill(1, 32)]),
        c.Code(fill(2, 8), fill(2, 16), b"", Role.manager, GrantKind.master, Approval.manual, 1, MAX, []),
    ],
    [
        c.Member(fill(1, 16), b"", bytes(8), GrantKind.scoped, MemberStatus.granted, 0),
        c.Member(
            fill(2, 16), b"y", fill(1, 8), GrantKind.master, MemberStatus.removed, 1, 9, fill(1, 32), 1, 2, 9,
            fill(1, 32)),
    ],
    [c.Erasure(fill(1, 16), 1, 1, bytes(32), fill(1, 32)), c.Erasure(fill(1, 16), 3, 9, fill(2, 32), fill(1, 32))],
    [
        c.RuleDefinition(TokenField.url, Category.neutral, 0, b""),
        c.RuleDefinition(TokenField.url, Category.neutral, 1, b"a"),
    ])


def samples() -> Iterator[Struct]:
    yield m.PersonKeys(HEAD, fill(2, 360))
    yield m.PasswordWrap(header(MessageType.password_wrap), fill(1, 32), fill(2, 40))
    yield STATE
    yield m.OwnerVault(header(MessageType.owner_vault), 1, fill(1, 72), fill(2, 32), fill(3, 64))
    yield REQUEST
    yield m.PersonRequest(REQUEST, m.PersonKeys(HEAD, fill(2, 360)), fill(1, 32), fill(2, 32))
    yield m.Grant(
        header(MessageType.grant), GrantKind.scoped, fill(1, 16), fill(2, 32), fill(3, 32), fill(4, 256), fill(5, 64))
    yield m.RecordBatch(
        header(MessageType.record_batch), fill(1, 16), 1, bytes(32), 5, 1, 1, fill(2, 32), [RECORD], fill(3, 64))
    yield m.RuleSet(header(MessageType.rule_set), [m.Rule(TOKEN, Category.productive)])
    yield m.SpoolHeader(header(MessageType.spool_segment, 0), fill(1, 16), 1)
    yield TOKEN
    yield REFERENCE
    yield RECORD
    yield m.BlobText(m.SealedBlob(header(MessageType.sealed_blob), BlobField.voice, fill(1, 16), fill(2, 72)))
    yield KEYS
    yield c.MasterContents(fill(1, 32), fill(2, 32))
    yield c.ScopedContents(fill(1, 32), c.ScopedKeys(fill(1, 64), fill(2, 32)))
    yield CONTENTS
    yield c.Capture(
        header(MessageType.capture, 0), RecordKind.chat, 1, 2,
        [c.CapturedItem(TokenField.url, b"\xff"), c.CapturedItem(BlobField.chat_text, b"")])
    yield c.LocalState(header(MessageType.agent_state, 0), 1, fill(1, 72))
    yield c.AgentContents(
        AgentPhase.active, KEYS, REQUEST, TERMS, STATE, 1, 2, 3, 4, fill(1, 32), c.ScopedKeys(fill(1, 64), fill(2, 32)))
    yield c.AgentContents(AgentPhase.unpinned, KEYS, None, None, None, 0, 0, 0, 0, bytes(32), None)
    yield c.OwnerContents(HEAD, STATE, 1, 1, 2, fill(1, 32))
    yield c.OwnerContents(HEAD, None, 1, 0, 0, bytes(32))
    yield EnrolmentCode(ACCOUNT, fill(1, 16), TERMS)
    yield SecretText(ACCOUNT, fill(1, 16))
    yield RecoveryText(fill(1, 32))
