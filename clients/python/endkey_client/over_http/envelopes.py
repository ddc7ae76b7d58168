"""What is sent and answered as one (section 6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .. import backend, keys
from ..enums import Role
from ..errors import Refused
from ..limits import COUNTER_MAX
from ..opening import Served
from ..wire.contents import Code
from ..wire.kinds import Struct
from ..wire.messages import AccountState, Grant, OwnerVault, PasswordWrap, PersonKeys, RuleSet
from ..wire.reader import Reader
from ..wire.writer import uint8


def uint16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def present(part: bytes | None) -> bytes:
    return uint8(0) if part is None else uint8(1) + part


def vector(parts: Iterable[bytes]) -> bytes:
    content = b"".join(parts)
    return uint16(len(content)) + content


@dataclass
class Admission:
    """A code that lets requests in, as the service knows it."""

    credential: bytes
    role: Role
    uses: int
    expires: int

    @staticmethod
    def of(code: Code, account_id: bytes) -> "Admission":
        credential = backend.sha256(keys.admission_key(code.secret, account_id))
        return Admission(credential, code.role, code.uses_left, code.expires or COUNTER_MAX)

    def write(self) -> bytes:
        return self.credential + uint8(self.role) + uint16(self.uses) + self.expires.to_bytes(8, "big")


@dataclass
class KeysAndLogin:
    keys: bytes
    login_id: bytes
    login_verifier: bytes
    recovery_verifier: bytes = bytes(32)

    def write(self) -> bytes:
        return self.keys + self.login_id + self.login_verifier + self.recovery_verifier


@dataclass
class Publication:
    expect: bytes
    vault: bytes
    state: bytes | None
    rule_set: bytes | None
    keys: KeysAndLogin | None
    wrap: bytes | None
    masters: list[bytes]
    admissions: list[Admission]

    def write(self) -> bytes:
        admissions = sorted(one.write() for one in self.admissions)
        keys = None if self.keys is None else self.keys.write()
        return b"".join([
            b"EKpu", self.expect, self.vault, present(self.state), present(self.rule_set), present(keys),
            present(self.wrap), vector(self.masters), vector(admissions)])


def read_whole(head: bytes, message: bytes) -> Served | None:
    """The messages of a Whole, for an end that opens them; None where it has no vault yet."""
    reader = Reader(message)
    if reader.opaque(4) != b"EKwh":
        raise Refused("unknown_value", 0)

    def part(struct: type[Struct]) -> bytes:
        return struct.read(reader).write()

    def presence(struct: type[Struct]) -> bytes | None:
        flag = reader.uint(1)
        if flag > 1:
            raise Refused("unknown_value")
        return part(struct) if flag else None

    person_keys, state = part(PersonKeys), part(AccountState)
    wrap, grant, vault, rule_set = (presence(one) for one in (PasswordWrap, Grant, OwnerVault, RuleSet))
    reader.finish()
    if vault is None:
        return None
    return Served(head, person_keys, state, wrap, grant, vault, rule_set)
