"""Messages and texts."""

from .. import scanner
from ..arguments import Arguments
from ..enums import GrantKind, Role
from ..texts import prefixed
from ..texts.secrets import EnrolmentCode, RecoveryText, SecretText
from ..wire.contents import Capture, CodeTerms, LocalState
from ..wire.kinds import Struct
from ..wire.messages import (
    AccountState,
    EnrolmentRequest,
    Grant,
    OwnerVault,
    PasswordWrap,
    PersonKeys,
    PersonRequest,
    RecordBatch,
    RuleSet,
    SealedBlob,
    SpoolHeader,
    Token,
)
from .registry import OPERATIONS, Answer, Operation, operation

MESSAGES: tuple[type[Struct], ...] = (
    PersonKeys, PasswordWrap, AccountState, OwnerVault, EnrolmentRequest, PersonRequest, Grant, SealedBlob,
    RecordBatch, RuleSet, Token, LocalState, SpoolHeader, Capture,
)


def wire_operation(message: type[Struct]) -> Operation:
    return lambda a: {"message": message.parse(a.bytes("message")).write().hex()}


for _message in MESSAGES:
    OPERATIONS[f"wire/{_message.__name__}"] = wire_operation(_message)


@operation("text/token")
def text_token(a: Arguments) -> Answer:
    return {"bytes": prefixed.decode_token(a.bytes("text")).hex()}


@operation("text/blob")
def text_blob(a: Arguments) -> Answer:
    return {"bytes": prefixed.decode_blob(a.bytes("text")).hex()}


@operation("text/token-encode")
def text_token_encode(a: Arguments) -> Answer:
    return {"text": prefixed.encode_token(a.bytes("bytes")).hex()}


@operation("text/blob-encode")
def text_blob_encode(a: Arguments) -> Answer:
    return {"text": prefixed.encode_blob(a.bytes("bytes")).hex()}


@operation("text/code")
def text_code(a: Arguments) -> Answer:
    code = EnrolmentCode.decode(a.bytes("text"))
    return {
        "account_id": code.account_id.hex(),
        "secret": code.secret.hex(),
        "generation": code.terms.generation,
        "made": code.terms.made,
        "kind": code.terms.kind.name,
        "role": code.terms.role.name,
    }


@operation("text/code-encode")
def text_code_encode(a: Arguments) -> Answer:
    terms = CodeTerms(a.number("generation"), a.number("made"), a.enum("kind", GrantKind), a.enum("role", Role))
    return {"text": EnrolmentCode(a.bytes("account_id"), a.bytes("secret"), terms).encode().hex()}


@operation("text/account-secret")
def text_account_secret(a: Arguments) -> Answer:
    text = SecretText.decode(a.bytes("text"))
    return {"account_id": text.account_id.hex(), "secret": text.secret.hex()}


@operation("text/account-secret-encode")
def text_account_secret_encode(a: Arguments) -> Answer:
    return {"text": SecretText(a.bytes("account_id"), a.bytes("secret")).encode().hex()}


@operation("text/recovery")
def text_recovery(a: Arguments) -> Answer:
    return {"seed": RecoveryText.decode(a.bytes("text")).seed.hex()}


@operation("text/recovery-encode")
def text_recovery_encode(a: Arguments) -> Answer:
    return {"text": RecoveryText(a.bytes("seed")).encode().hex()}


@operation("scan")
def scan(a: Arguments) -> Answer:
    matches, skipped = scanner.scan(a.bytes("text"))
    return {
        "matches": [{"kind": match.kind, "start": match.start, "end": match.end} for match in matches],
        "skipped": [{"offset": skip.offset, "code": skip.code} for skip in skipped],
    }
