"""The contents of sealed messages (section 8.4)."""

import dataclasses
from dataclasses import dataclass
from typing import Annotated

from ..enums import (
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
from ..limits import (
    CODES_MAX,
    LABEL_MAX,
    LIST_MAX,
    MEMBERS_MAX,
    NONCES_MAX,
    PERSONS_MAX,
    RETENTION_MAX,
    RETENTION_MIN,
    SEALED_MAX,
    SEALED_MIN,
    TOKEN_VALUE_MAX,
    VAULT_PADDING,
)
from .fields import (
    NO_HASH,
    AgentId,
    Counter,
    Epoch,
    Generation,
    Hash,
    Modulus,
    Time,
    Uint32,
    VerifyKey,
)
from .header import Header, HeaderOf
from .kinds import Bytes, Choice, Fits, Listed, Number, Opaque, Padding, Struct, Vector, Within
from .messages import AccountState, EnrolmentRequest, PasswordHeader
from .writer import uint8


@dataclass
class AccountKeys(Struct):
    p: Annotated[bytes, Opaque(128)]
    q: Annotated[bytes, Opaque(128)]
    seed: Annotated[bytes, Opaque(32)]


@dataclass
class ScopedKeys(Struct):
    token_key: Annotated[bytes, Opaque(64)]
    agent_key: Annotated[bytes, Opaque(32)]


@dataclass
class MasterContents(Struct):
    """GrantContents of a master grant."""

    head_hash: Hash
    master_key: Annotated[bytes, Opaque(32)]


@dataclass
class ScopedContents(Struct):
    """GrantContents of a scoped grant."""

    head_hash: Hash
    scoped: ScopedKeys


@dataclass
class StateNote(Struct):
    generation: Generation
    counter: Counter
    epoch: Epoch
    made: Time
    hash: Hash

    def pair(self) -> tuple[int, int]:
        return self.generation, self.counter


@dataclass
class Person(Struct):
    person_id: AgentId
    role: Annotated[PersonRole, Choice(PersonRole)]
    status: Annotated[PersonStatus, Choice(PersonStatus)]
    modulus: Modulus
    verify_key: VerifyKey
    keys: Hash
    label: Annotated[bytes, Bytes(0, LABEL_MAX)]


@dataclass
class PastKey(Struct):
    epoch: Epoch
    master_key: Annotated[bytes, Opaque(32)]


@dataclass
class Code(Struct):
    id: Annotated[bytes, Opaque(8)]
    secret: Annotated[bytes, Opaque(16)]
    label: Annotated[bytes, Bytes(0, LABEL_MAX)]
    role: Annotated[Role, Choice(Role)]
    kind: Annotated[GrantKind, Choice(GrantKind),
                    Fits(lambda code: code.role != Role.manager or code.kind == GrantKind.master)]
    approval: Annotated[Approval, Choice(Approval),
                        Fits(lambda code: code.kind != GrantKind.master or code.approval == Approval.manual)]
    uses_left: Annotated[int, Number(2), Fits(lambda code: code.role != Role.manager or code.uses_left <= 1)]
    expires: Time
    nonces: Annotated[list[bytes], Vector(Opaque(32), 0, NONCES_MAX)]


@dataclass
class Member(Struct):
    agent_id: AgentId
    label: Annotated[bytes, Bytes(0, LABEL_MAX)]
    code_id: Annotated[bytes, Opaque(8)]
    kind: Annotated[GrantKind, Choice(GrantKind)]
    status: Annotated[MemberStatus, Choice(MemberStatus)]
    listed: Annotated[int, Number(4),
                      Fits(lambda member: (member.listed == 0) == (member.status == MemberStatus.granted))]
    audited_sequence: Counter = 0
    audited_hash: Hash = NO_HASH
    audited_generation: Uint32 = 0
    audited_state: Counter = 0
    kept_sequence: Annotated[Counter, Fits(lambda member: member.kept_sequence <= member.audited_sequence)] = 0
    kept_hash: Hash = NO_HASH


@dataclass
class Erasure(Struct):
    agent_id: AgentId
    first: Annotated[int, Number(8, 1, 2**53 - 1), Fits(lambda erasure: erasure.first <= erasure.last)]
    last: Counter
    before_hash: Hash
    last_hash: Hash


@dataclass
class RuleDefinition(Struct):
    field: Annotated[TokenField, Choice(TokenField)]
    category: Annotated[Category, Choice(Category)]
    seen: Annotated[int, Listed((0, 1))]
    value: Annotated[bytes, Bytes(0, TOKEN_VALUE_MAX)]


@dataclass
class VaultContents(Struct):
    made: Time
    made_by: AgentId
    states: Annotated[list[StateNote], Vector(
        StateNote, 56, 229376, order=lambda note: note.part("generation", "counter"))]
    recent: Annotated[list[bytes], Vector(Opaque(32), 0, 8192)]
    rule_set: Hash
    retention_days: Annotated[int, Number(2, RETENTION_MIN, RETENTION_MAX)]
    blob_days: Annotated[int, Number(2, RETENTION_MIN, RETENTION_MAX)]
    persons: Annotated[list[Person], Vector(
        Person, 339, 2**16 - 1, order=lambda person: person.person_id, at_most=PERSONS_MAX)]
    past_keys: Annotated[list[PastKey], Vector(PastKey, 0, 147456, order=PastKey.write)]
    codes: Annotated[list[Code], Vector(Code, 0, LIST_MAX, order=lambda code: code.id, at_most=CODES_MAX)]
    members: Annotated[list[Member], Vector(
        Member, 0, LIST_MAX, order=lambda member: member.agent_id, at_most=MEMBERS_MAX)]
    erasures: Annotated[list[Erasure], Vector(
        Erasure, 0, 131040, order=lambda erasure: erasure.part("agent_id", "first"))]
    rules: Annotated[list[RuleDefinition], Vector(
        RuleDefinition, 0, LIST_MAX, order=lambda rule: uint8(rule.field) + rule.value)]
    padding: Annotated[bytes, Padding(VAULT_PADDING)] = dataclasses.field(default=b"", init=False)

    def newest(self) -> StateNote:
        return self.states[-1]

    def person_of(self, verify_key: bytes) -> Person | None:
        return next((person for person in self.persons if person.verify_key == verify_key), None)


@dataclass
class CapturedItem(Struct):
    field: Annotated[int, Listed([*TokenField, *BlobField])]
    content: Annotated[bytes, Bytes(0, LIST_MAX)]


@dataclass
class Capture(Struct):
    header: Annotated[Header, HeaderOf(MessageType.capture, no_epoch=True)]
    kind: Annotated[RecordKind, Choice(RecordKind)]
    start: Time
    duration: Uint32
    items: Annotated[list[CapturedItem], Vector(CapturedItem, 0, LIST_MAX, order=lambda item: uint8(item.field))]


@dataclass
class CodeTerms(Struct):
    generation: Generation
    made: Time
    kind: Annotated[GrantKind, Choice(GrantKind),
                    Fits(lambda terms: terms.role != Role.manager or terms.kind == GrantKind.master)]
    role: Annotated[Role, Choice(Role)]


@dataclass
class LocalState(Struct):
    header: Annotated[Header, HeaderOf(MessageType.agent_state, MessageType.owner_state, any_epoch=True)]
    writes: Counter
    sealed: Annotated[bytes, Bytes(SEALED_MIN, SEALED_MAX)] = b""


@dataclass
class AgentContents(Struct):
    phase: Annotated[AgentPhase, Choice(AgentPhase)]
    keys: AccountKeys
    request: Annotated[EnrolmentRequest | None, Within(EnrolmentRequest, 0, 440, or_empty=True)]
    terms: Annotated[CodeTerms | None, Within(CodeTerms, 0, 14, or_empty=True)]
    state: Annotated[AccountState | None, Within(AccountState, 0, LIST_MAX, or_empty=True)]
    least: Time
    running: Counter
    age: Counter
    sequence: Counter
    batch_hash: Hash
    epoch_keys: Annotated[ScopedKeys | None, Within(ScopedKeys, 0, 96, or_empty=True)]


@dataclass
class OwnerContents(Struct):
    head: PasswordHeader
    state: Annotated[AccountState | None, Within(AccountState, 0, LIST_MAX, or_empty=True)]
    generation: Generation
    confirmed: Annotated[int, Listed((0, 1))]
    vault_counter: Counter
    vault_hash: Hash
    pending_vault: Hash = NO_HASH
    pending_state: Hash = NO_HASH
    pending_rule_set: Hash = NO_HASH
