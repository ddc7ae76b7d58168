"""VaultContents and its parts (section 8.4). Read only: this client opens vaults and makes none."""

from dataclasses import dataclass

from ..enums import Approval, Category, GrantKind, MemberStatus, Role, TokenField
from ..errors import Refused
from ..limits import CODES_MAX, LIST_MAX, MEMBERS_MAX, NONCES_MAX, TOKEN_VALUE_MAX
from .reader import Reader, whole
from .writer import uint8, uint32

PAST_KEY_SIZE = 36
MEMBER_SIZE = 359


@dataclass
class PastKey:
    epoch: int
    master_key: bytes

    @staticmethod
    def read(reader: Reader, header_epoch: int) -> "PastKey":
        start = reader.position
        epoch = reader.epoch()
        if epoch >= header_epoch:
            raise Refused("value_out_of_range", start)
        master_key = reader.opaque(32)
        return PastKey(epoch, master_key)

    def order(self) -> bytes:
        return uint32(self.epoch)


def read_nonce(reader: Reader) -> bytes:
    return reader.opaque(32)


@dataclass
class Code:
    secret: bytes
    role: Role
    approval: Approval
    uses_left: int
    expires: int
    nonces: list[bytes]

    @staticmethod
    def read(reader: Reader) -> "Code":
        secret = reader.opaque(16)
        role = reader.enum(Role)
        approval = reader.enum(Approval)
        uses_left = reader.uint(2)
        expires = reader.time()
        nonces = reader.vector(0, NONCES_MAX, element_size=32).elements(read_nonce)
        return Code(secret, role, approval, uses_left, expires, nonces)

    def order(self) -> bytes:
        return self.secret


@dataclass
class Member:
    agent_id: bytes
    modulus: bytes
    verify_key: bytes
    role: Role
    status: MemberStatus
    kind: GrantKind
    epoch: int
    grant_counter: int
    audited_sequence: int
    audited_hash: bytes

    @staticmethod
    def read(reader: Reader) -> "Member":
        agent_id = reader.opaque(16)
        modulus = reader.opaque(256)
        verify_key = reader.opaque(32)
        role = reader.enum(Role)
        status = reader.enum(MemberStatus)
        kind = reader.enum(GrantKind)
        epoch = reader.epoch()
        grant_counter = reader.counter()
        audited_sequence = reader.counter()
        audited_hash = reader.opaque(32)
        return Member(
            agent_id, modulus, verify_key, role, status, kind, epoch, grant_counter, audited_sequence, audited_hash)

    def order(self) -> bytes:
        return self.agent_id


@dataclass
class RuleDefinition:
    field: TokenField
    category: Category
    seen: bool
    value: bytes

    @staticmethod
    def read(reader: Reader) -> "RuleDefinition":
        field = reader.enum(TokenField)
        category = reader.enum(Category)
        seen = reader.boolean()
        value = reader.bytes_vector(0, TOKEN_VALUE_MAX)
        return RuleDefinition(field, category, seen, value)

    def order(self) -> bytes:
        return uint8(self.field) + self.value


@dataclass
class VaultContents:
    state_counter: int
    state_hash: bytes
    wrap_counter: int
    grant_counter: int
    rule_set_counter: int
    past_keys: list[PastKey]
    codes: list[Code]
    members: list[Member]
    rules: list[RuleDefinition]

    @staticmethod
    def parse(data: bytes, header_epoch: int) -> "VaultContents":
        def read(reader: Reader) -> "VaultContents":
            state_counter = reader.counter()
            state_hash = reader.opaque(32)
            wrap_counter = reader.counter()
            grant_counter = reader.counter()
            rule_set_counter = reader.counter()
            past_keys = reader.vector(0, LIST_MAX, element_size=PAST_KEY_SIZE).elements(
                lambda element: PastKey.read(element, header_epoch), order=PastKey.order)
            codes = reader.vector(0, LIST_MAX).elements(Code.read, order=Code.order, at_most=CODES_MAX)
            members = reader.vector(0, LIST_MAX, element_size=MEMBER_SIZE).elements(
                Member.read, order=Member.order, at_most=MEMBERS_MAX)
            rules = reader.vector(0, LIST_MAX).elements(RuleDefinition.read, order=RuleDefinition.order)
            return VaultContents(
                state_counter, state_hash, wrap_counter, grant_counter, rule_set_counter,
                past_keys, codes, members, rules)

        return whole(read, data)
