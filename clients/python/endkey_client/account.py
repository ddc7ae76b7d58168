"""Making an account, and recovering one (sections 12.6 and 12.9)."""

from dataclasses import dataclass

from . import backend, keys, passwords, publication, states, vault
from .enums import GrantKind, MemberStatus, PersonRole, PersonStatus
from .errors import BadRequest, Refused
from .limits import CERTIFICATE_DEFAULT, COUNTER_MAX, MEMBERS_MAX, PERSONS_MAX, VALIDITY_DEFAULT
from .passwords import Login, Typed
from .person_keys import make_person_keys
from .primitives import rsa
from .states import DAY
from .texts.secrets import RecoveryText
from .wire.contents import AccountKeys, Member, Person, VaultContents
from .wire.fields import NO_HASH, NO_SIGNATURE
from .wire.messages import AccountState, EnrolmentRequest, OwnerVault, PasswordHeader, PasswordWrap, PersonKeys

NO_CODE = bytes(8)


@dataclass
class NewPassword:
    iterations: int
    typed: Typed
    salt: bytes
    keys_salt: bytes

    def head(self, account_id: bytes, counter: int) -> PasswordHeader:
        return passwords.make_head(account_id, counter, self.iterations, self.typed, self.salt)


@dataclass
class Numbers:
    """Of the head, the state and the vault."""

    keys_counter: int
    epoch: int
    state_counter: int
    generation: int
    vault_counter: int


@dataclass
class Whole:
    """All that is stored of an account, and what goes to the owner and the service besides."""

    person_keys: PersonKeys
    wrap: PasswordWrap
    state: AccountState
    vault: bytes
    contents: VaultContents
    grants: list[bytes]
    login: Login
    recovery_verifier: bytes


@dataclass
class Content:
    """What is in the first vault."""

    retention_days: int
    managers: list[EnrolmentRequest]
    members: list[Member]
    recent: list[bytes]


def make_whole(
    own: AccountKeys, master_key: bytes, password: NewPassword, numbers: Numbers, content: Content, now: int,
    vault_salt: bytes, oaep_seeds: list[bytes],
) -> Whole:
    root_key = backend.ed25519_public_key(own.seed)
    account_id = keys.account_id(root_key)
    head = password.head(account_id, numbers.keys_counter)
    stretched = passwords.stretch(head, password.typed)
    person_keys = make_person_keys(stretched, head, password.keys_salt, own)
    owner = Person(
        keys.id_of(own), PersonRole.owner, PersonStatus.granted, rsa.modulus_of(own.p, own.q), root_key,
        backend.sha256(person_keys.write()), b"")
    persons = sorted([owner, *map(manager, content.managers)], key=lambda person: person.person_id)
    if len(persons) > PERSONS_MAX or len(content.members) > MEMBERS_MAX:
        raise Refused("limit_reached")
    state = first_state(own.seed, account_id, root_key, master_key, numbers, persons, now)
    contents = VaultContents(
        now, owner.person_id, [states.note_of(state)], content.recent, NO_HASH, content.retention_days,
        content.retention_days, persons, [], [], content.members, [], [])
    sealed = vault.make_vault(
        own.seed, master_key, account_id, numbers.epoch, numbers.vault_counter, vault_salt, contents.write())
    return Whole(
        person_keys, passwords.make_wrap(stretched, head, numbers.epoch, master_key), state, sealed, contents,
        publication.make_grants(own.seed, state, master_key, persons, oaep_seeds),
        passwords.login_of(stretched, head, password.typed),
        backend.sha256(keys.recovery_key(own.seed, account_id)))


def manager(request: EnrolmentRequest) -> Person:
    return Person(
        keys.agent_id(request.modulus, request.verify_key), PersonRole.manager, PersonStatus.granted,
        request.modulus, request.verify_key, NO_HASH, b"")


def first_state(
    seed: bytes, account_id: bytes, root_key: bytes, master_key: bytes, numbers: Numbers, persons: list[Person],
    now: int,
) -> AccountState:
    """Of a generation whose list begins now."""
    state = AccountState(
        states.header_of(account_id, numbers.epoch), numbers.state_counter, now,
        publication.in_range(now + VALIDITY_DEFAULT * DAY), keys.commitment(master_key, account_id, numbers.epoch),
        root_key, numbers.generation, now, publication.in_range(now + CERTIFICATE_DEFAULT * DAY),
        publication.signers_of(persons), NO_SIGNATURE, [], root_key)
    state.certificate = states.certify(seed, state)
    return states.sign_state(seed, state)


def create(
    own: AccountKeys, master_key: bytes, password: NewPassword, retention_days: int, now: int, vault_salt: bytes,
    oaep_seed: bytes,
) -> Whole:
    account_id = keys.account_id(backend.ed25519_public_key(own.seed))
    passwords.check_typed(password.head(account_id, 1), password.typed)
    numbers = Numbers(1, 1, 1, publication.next_generation(0, now), 1)
    content = Content(retention_days, [], [], [])
    return make_whole(own, master_key, password, numbers, content, now, vault_salt, [oaep_seed])


# Recovery


@dataclass
class Shown:
    """What the service shows, what this end has seen, and whether the person has confirmed all that."""

    head: bytes | None
    state: bytes
    vault: bytes
    generation: int
    confirmed: bool


@dataclass
class Staying:
    """EnrolmentRequests of the persons besides the owner, and the members with their kinds."""

    persons: list[bytes]
    members: dict[bytes, GrantKind]


def recover(
    text: bytes, p: bytes, q: bytes, master_key: bytes, shown: Shown, staying: Staying, password: NewPassword,
    retention_days: int, now: int, vault_salt: bytes, oaep_seeds: list[bytes],
) -> Whole:
    own = AccountKeys(p, q, RecoveryText.decode(text).seed)
    account_id = keys.account_id(backend.ed25519_public_key(own.seed))
    if not shown.confirmed:
        raise Refused("approval_required")
    state = states.accept_state(shown.state, account_id, None).state
    old_vault = OwnerVault.parse(shown.vault)
    if old_vault.header.account_id != account_id:
        raise Refused("wrong_account")
    last_keys = 0 if shown.head is None else keys_counter(shown.head, account_id)
    managers = [staying_person(message, account_id, state) for message in staying.persons]
    if len({request.verify_key for request in managers}) != len(managers):
        raise BadRequest("a person twice")
    members = [
        Member(agent_id, b"", NO_CODE, kind, MemberStatus.granted, 0)
        for agent_id, kind in sorted(staying.members.items())
    ]
    passwords.check_typed(password.head(account_id, 1), password.typed)
    numbers = Numbers(
        publication.successor(last_keys, COUNTER_MAX),
        publication.root_epoch(state.header.epoch, set()), root_counter(state.counter),
        publication.next_generation(max(shown.generation, state.generation), now), root_counter(old_vault.counter))
    content = Content(retention_days, managers, members, [backend.sha256(shown.vault)])
    return make_whole(own, master_key, password, numbers, content, now, vault_salt, oaep_seeds)


def keys_counter(message: bytes, account_id: bytes) -> int:
    head = PasswordHeader.parse(message)
    if head.header.account_id != account_id:
        raise Refused("wrong_account")
    return head.counter


def root_counter(counter: int) -> int:
    """One more, or 1 where there is none above."""
    return 1 if counter == COUNTER_MAX else counter + 1


def staying_person(message: bytes, account_id: bytes, state: AccountState) -> EnrolmentRequest:
    request = EnrolmentRequest.parse(message)
    if request.header.account_id != account_id:
        raise Refused("wrong_account")
    id = keys.agent_id(request.modulus, request.verify_key)
    if request.verify_key == state.root_key:
        raise Refused("unknown_agent")
    if (request.verify_key, id) not in [(signer.verify_key, signer.person_id) for signer in state.signers]:
        raise Refused("unknown_agent")
    return request
