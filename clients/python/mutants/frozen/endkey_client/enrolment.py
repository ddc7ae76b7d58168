"""Enrolment requests (section 10)."""

from dataclasses import dataclass

from . import backend, keys
from .enums import Approval, MessageType
from .errors import Refused
from .primitives import ed25519, rsa
from .primitives.hkdf import derive
from .texts import secret_text
from .wire import signature
from .wire.enrolment_request import EnrolmentRequest
from .wire.header import Header
from .wire.vault_contents import Code

NEVER = 0


@dataclass
class Owner:
    """What the owner's end knows when a request comes."""

    account_id: bytes
    codes: list[Code]
    revoked: list[bytes]
    rotation_due: bool
    now: int
    approved: bool


def request_mac(secret: bytes, account_id: bytes, request: EnrolmentRequest) -> bytes:
    key = derive(secret, "enrolment-mac", account_id)
    return backend.hmac_sha256(key, request.before_mac())


def make_request(code_text: bytes, p: bytes, q: bytes, seed: bytes, nonce: bytes) -> EnrolmentRequest:
    code = secret_text.decode(secret_text.CODE, code_text)
    header = Header(MessageType.enrolment_request, code.account_id, 0)
    request = EnrolmentRequest(header, rsa.modulus_of(p, q), backend.ed25519_public_key(seed), nonce)
    request.mac = request_mac(code.secret, code.account_id, request)
    request.signature = signature.sign(seed, request.unsigned())[-signature.SIZE:]
    return request


def find_code(owner: Owner, request: EnrolmentRequest) -> int:
    """The index of the code under which the MAC verifies. All codes are tried (R-10.2-4)."""
    found = None
    for index, code in enumerate(owner.codes):
        if backend.equal(request_mac(code.secret, owner.account_id, request), request.mac):
            found = index
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


def verify_request(message: bytes, owner: Owner) -> tuple[bytes, int]:
    """The agent's id and the index of its code, in the order of section 10.2."""
    request = EnrolmentRequest.parse(message)
    if request.header.account_id != owner.account_id:
        raise Refused("wrong_account")
    index = find_code(owner, request)
    code = owner.codes[index]
    check_code(code, request, owner.now)
    rsa.check_modulus(request.modulus)
    ed25519.check_key(request.verify_key)
    signature.check(request.verify_key, message)
    agent_id = keys.agent_id(request.modulus, request.verify_key)
    if agent_id in owner.revoked:
        raise Refused("revoked")
    if owner.rotation_due:
        raise Refused("rotation_due")
    if code.approval == Approval.manual and not owner.approved:
        raise Refused("approval_required")
    return agent_id, index
