"""Enrolment requests (section 10.2)."""

from dataclasses import dataclass

from . import backend, keys
from .enums import Approval, GrantKind, MemberStatus, MessageType, PersonStatus, Role
from .errors import Refused
from .primitives import ed25519, rsa
from .primitives.hkdf import derive
from .texts.secrets import EnrolmentCode
from .wire import signature
from .wire.contents import AccountKeys, Code
from .wire.header import Header
from .wire.messages import EnrolmentRequest

NEVER = 0


@dataclass
class PersonsEnd:
    """What a person's end knows when a request comes."""

    account_id: bytes
    codes: list[Code]
    members: dict[bytes, MemberStatus]
    persons: dict[bytes, PersonStatus]
    root: bool
    now: int
    approved: bool


def request_mac(secret: bytes, account_id: bytes, request: EnrolmentRequest) -> bytes:
    key = derive(secret, "enrolment-mac", account_id)
    return backend.hmac_sha256(key, request.part("header", "nonce"))


def make_request(code: EnrolmentCode, own: AccountKeys, nonce: bytes) -> EnrolmentRequest:
    header = Header(MessageType.enrolment_request, code.account_id, 0)
    modulus = rsa.modulus_of(own.p, own.q)
    request = EnrolmentRequest(header, modulus, backend.ed25519_public_key(own.seed), nonce)
    request.mac = request_mac(code.secret, code.account_id, request)
    return EnrolmentRequest.parse(signature.sign(own.seed, request))


def find_code(end: PersonsEnd, request: EnrolmentRequest) -> Code:
    """The first by id under which the MAC verifies. All codes are tried (R-10.2-4)."""
    found = None
    for code in sorted(end.codes, key=lambda code: code.id):
        if backend.equal(request_mac(code.secret, end.account_id, request), request.mac):
            found = found or code
    if found is None:
        raise Refused("mac_invalid")
    return found


def check_code(code: Code, request: EnrolmentRequest, now: int) -> None:
    if code.expires != NEVER and code.expires <= now:
        raise Refused("code_expired")
    if code.uses_left == 0:
        raise Refused("code_expired")
    if request.nonce in code.nonces:
        raise Refused("nonce_reused")


def check_id(end: PersonsEnd, code: Code, sender: bytes) -> None:
    """Steps 8 and 9."""
    if end.members.get(sender, MemberStatus.granted) != MemberStatus.granted:
        raise Refused("revoked")
    if end.persons.get(sender) == PersonStatus.removed:
        raise Refused("revoked")
    if sender in end.persons:
        raise Refused("wrong_recipient")
    if code.role == Role.manager and sender in end.members:
        raise Refused("wrong_recipient")


def verify_request(message: bytes, end: PersonsEnd) -> tuple[bytes, Code]:
    """The sender's id and the code it came by."""
    request = EnrolmentRequest.parse(message)
    if request.header.account_id != end.account_id:
        raise Refused("wrong_account")
    code = find_code(end, request)
    check_code(code, request, end.now)
    rsa.check_modulus(request.modulus)
    ed25519.check_key(request.verify_key)
    signature.check(request.verify_key, message)
    sender = keys.agent_id(request.modulus, request.verify_key)
    check_id(end, code, sender)
    if code.role == Role.manager and not end.root:
        raise Refused("root_required")
    if code.kind == GrantKind.master and not end.root:
        raise Refused("root_required")
    if code.approval == Approval.manual and not end.approved:
        raise Refused("approval_required")
    return sender, code
