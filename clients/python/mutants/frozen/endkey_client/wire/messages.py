"""The messages between the parties, and what they are built from (section 8.3)."""

import dataclasses
from dataclasses import dataclass
from typing import Annotated

from ..enums import (
    AccountSecretUse,
    BlobField,
    Category,
    GrantKind,
    ItemType,
    MessageType,
    RecordKind,
    TokenField,
)
from ..limits import (
    BLOB_TEXT_MAX,
    BLOB_TEXT_MIN,
    ITEMS_MAX,
    RECORDS_MAX,
    RECORDS_MIN,
    REVOKED_MAX,
    RULES_MAX,
    SEALED_MAX,
    SEALED_MIN,
    TOKEN_SIZES,
)
from .fields import (
    NO_SIGNATURE,
    VERSION,
    AgentId,
    Counter,
    Epoch,
    Generation,
    Hash,
    Modulus,
    Signature,
    Time,
    Uint32,
    VerifyKey,
    Version,
)
from .header import Header, HeaderOf
from .kinds import Bytes, Choice, Opaque, Rest, Selected, Struct, Vector, Within
from .writer import uint8


@dataclass
class Signer(Struct):
    verify_key: VerifyKey
    person_id: AgentId


@dataclass
class PasswordHeader(Struct):
    header: Annotated[Header, HeaderOf(MessageType.person_keys, no_epoch=True)]
    counter: Counter
    iterations: Uint32
    account_secret: Annotated[AccountSecretUse, Choice(AccountSecretUse)]
    salt: Annotated[bytes, Opaque(32)]


@dataclass
class PersonKeys(Struct):
    head: PasswordHeader
    sealed: Annotated[bytes, Opaque(360)]


@dataclass
class PasswordWrap(Struct):
    header: Annotated[Header, HeaderOf(MessageType.password_wrap)]
    commitment: Hash
    wrapped: Annotated[bytes, Opaque(40)]


@dataclass
class AccountState(Struct):
    header: Annotated[Header, HeaderOf(MessageType.account_state)]
    counter: Counter
    made: Time
    valid_until: Time
    commitment: Hash
    root_key: VerifyKey
    generation: Generation
    certificate_from: Time
    certificate_until: Time
    signers: Annotated[list[Signer], Vector(Signer, 48, 3072, order=lambda signer: signer.verify_key)]
    certificate: Signature
    revoked: Annotated[list[bytes], Vector(Opaque(16), 0, REVOKED_MAX, order=bytes)]
    signer: VerifyKey
    signature: Signature = NO_SIGNATURE

    def pair(self) -> tuple[int, int]:
        return self.generation, self.counter

    def names(self, verify_key: bytes) -> bool:
        """Whether it is the key of one of the signers."""
        return verify_key in [signer.verify_key for signer in self.signers]


@dataclass
class OwnerVault(Struct):
    header: Annotated[Header, HeaderOf(MessageType.owner_vault)]
    counter: Counter
    sealed: Annotated[bytes, Bytes(SEALED_MIN, SEALED_MAX)]
    signer: VerifyKey
    signature: Signature = NO_SIGNATURE


@dataclass
class EnrolmentRequest(Struct):
    header: Annotated[Header, HeaderOf(MessageType.enrolment_request, no_epoch=True)]
    modulus: Modulus
    verify_key: VerifyKey
    nonce: Hash
    mac: Hash = bytes(32)
    signature: Signature = NO_SIGNATURE


@dataclass
class PersonRequest(Struct):
    request: EnrolmentRequest
    keys: PersonKeys
    login_id: Hash
    login_verifier: Hash


@dataclass
class Grant(Struct):
    header: Annotated[Header, HeaderOf(MessageType.grant)]
    kind: Annotated[GrantKind, Choice(GrantKind)]
    recipient: AgentId
    commitment: Hash
    signer: VerifyKey
    ciphertext: Annotated[bytes, Opaque(256)] = bytes(256)
    signature: Signature = NO_SIGNATURE


@dataclass
class SealedBlob(Struct):
    header: Annotated[Header, HeaderOf(MessageType.sealed_blob)]
    field: Annotated[BlobField, Choice(BlobField)]
    agent_id: AgentId
    sealed: Annotated[bytes, Rest(SEALED_MIN)]


@dataclass
class BlobText(Struct):
    """What the text form of a SealedBlob holds (section 15.1)."""

    blob: Annotated[SealedBlob, Within(SealedBlob, BLOB_TEXT_MIN, BLOB_TEXT_MAX)]


@dataclass
class Token(Struct):
    version: Version = dataclasses.field(default=VERSION, init=False)
    field: Annotated[TokenField, Choice(TokenField)]
    epoch: Epoch
    v: Annotated[bytes, Opaque(16)]
    c: Annotated[bytes, Bytes(16, 4096, sizes=TOKEN_SIZES)]


@dataclass
class BlobReference(Struct):
    field: Annotated[BlobField, Choice(BlobField)]
    length: Counter
    digest: Hash


@dataclass
class Item(Struct):
    type: Annotated[ItemType, Choice(ItemType)]
    content: Annotated[Token | BlobReference, Selected({ItemType.token: Token, ItemType.blob: BlobReference})]

    @staticmethod
    def of(content: Token | BlobReference) -> "Item":
        return Item(ItemType.token if isinstance(content, Token) else ItemType.blob, content)

    def order(self) -> bytes:
        return uint8(self.content.field)


@dataclass
class Record(Struct):
    kind: Annotated[RecordKind, Choice(RecordKind)]
    start: Time
    duration: Uint32
    items: Annotated[list[Item], Vector(Item, 0, ITEMS_MAX, order=Item.order)]

    def tokens(self) -> list[Token]:
        return [item.content for item in self.items if isinstance(item.content, Token)]


@dataclass
class RecordBatch(Struct):
    header: Annotated[Header, HeaderOf(MessageType.record_batch)]
    agent_id: AgentId
    sequence: Counter
    previous: Hash
    made: Time
    state_generation: Generation
    state_counter: Counter
    state: Hash
    records: Annotated[list[Record], Vector(Record, RECORDS_MIN, RECORDS_MAX)]
    signature: Signature = NO_SIGNATURE

    def tokens(self) -> list[Token]:
        return [token for record in self.records for token in record.tokens()]


@dataclass
class Rule(Struct):
    token: Token
    category: Annotated[Category, Choice(Category)]


@dataclass
class RuleSet(Struct):
    header: Annotated[Header, HeaderOf(MessageType.rule_set)]
    rules: Annotated[list[Rule], Vector(Rule, 0, RULES_MAX, order=lambda rule: rule.token.write())]


@dataclass
class SpoolHeader(Struct):
    """The head of a segment (section 17)."""

    header: Annotated[Header, HeaderOf(MessageType.spool_segment, no_epoch=True)]
    agent_id: AgentId
    segment: Counter
