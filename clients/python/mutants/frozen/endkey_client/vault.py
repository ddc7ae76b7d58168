"""The OwnerVault (section 12.5)."""

import dataclasses

from . import backend, keys, states
from .enums import MessageType, PersonRole, PersonStatus
from .errors import Refused
from .limits import PERSONS_MAX, VAULT_CONTENTS_MAX
from .primitives import chunked
from .wire import signature
from .wire.contents import Person, VaultContents
from .wire.fields import NO_HASH
from .wire.header import Header
from .wire.messages import AccountState, OwnerVault

FAILURE = "vault_open_failed"


def make_vault(
    seed: bytes, master_key: bytes, account_id: bytes, epoch: int, counter: int, salt: bytes, contents: bytes
) -> bytes:
    if len(contents) > VAULT_CONTENTS_MAX:
        raise Refused("limit_reached")
    header = Header(MessageType.owner_vault, account_id, epoch)
    vault = OwnerVault(header, counter, b"", backend.ed25519_public_key(seed))
    key = keys.vault_key(master_key, account_id, epoch)
    vault.sealed = chunked.seal(key, vault.part("header", "counter"), salt, contents)
    return signature.sign(seed, vault)


def read_vault(message: bytes, state: AccountState, master_key: bytes) -> VaultContents:
    """What one of the state's signers has written (steps 1 to 5)."""
    return parse_contents(open_signed(OwnerVault.parse(message), message, state, master_key))


def open_signed(vault: OwnerVault, message: bytes, state: AccountState, master_key: bytes) -> bytes:
    if vault.header.account_id != state.header.account_id:
        raise Refused("wrong_account")
    if vault.header.epoch != state.header.epoch:
        raise Refused("epoch_mismatch")
    states.check_signed(state, vault.signer, message)
    key = keys.vault_key(master_key, vault.header.account_id, vault.header.epoch)
    return chunked.open_sealed(key, vault.part("header", "counter"), vault.sealed, FAILURE)


def open_vault(
    message: bytes, state: AccountState, master_key: bytes, person_id: bytes, person_keys: bytes,
    head_pinned: bool = False,
) -> bytes:
    """The bytes of VaultContents. The state was accepted; the last three are the opener's: with a pinned head, other
    keys in the vault are no refusal."""
    vault = OwnerVault.parse(message)
    plaintext = open_signed(vault, message, state, master_key)
    contents = parse_contents(plaintext)
    check_fit(contents, state, vault.signer)
    opener = next((person for person in contents.persons if person.person_id == person_id), None)
    if opener is None:
        raise Refused("unknown_agent")
    if head_pinned:
        opener = dataclasses.replace(opener, keys=NO_HASH)
    if opener.status == PersonStatus.removed:
        raise Refused("revoked")
    if opener.keys != NO_HASH and opener.keys != backend.sha256(person_keys):
        raise Refused("chain_broken")
    return plaintext


def parse_contents(plaintext: bytes) -> VaultContents:
    try:
        return VaultContents.parse(plaintext)
    except Refused:
        raise Refused(FAILURE) from None


def check_fit(contents: VaultContents, state: AccountState, signer: bytes) -> None:
    """Step 6."""
    if contents.newest() != states.note_of(state):
        raise Refused("chain_broken")
    granted = [person for person in contents.persons if person.status == PersonStatus.granted]
    if sorted((person.verify_key, person.person_id) for person in granted) != [
        (signer.verify_key, signer.person_id) for signer in state.signers
    ]:
        raise Refused("chain_broken")
    for person in contents.persons:
        if keys.agent_id(person.modulus, person.verify_key) != person.person_id:
            raise Refused("chain_broken")
    check_owner(contents, state.root_key)
    if contents.made_by != next(person.person_id for person in granted if person.verify_key == signer):
        raise Refused("chain_broken")


def check_owner(contents: VaultContents, root_key: bytes) -> None:
    owners: list[Person] = [person for person in contents.persons if person.role == PersonRole.owner]
    if len(owners) != 1:
        raise Refused("chain_broken")
    owner = owners[0]
    if owner.verify_key != root_key:
        raise Refused("chain_broken")
    if owner.status != PersonStatus.granted:
        raise Refused("chain_broken")
    if owner.keys == NO_HASH:
        raise Refused("chain_broken")


def persons_within_limit(persons: list[Person]) -> list[Person]:
    """All persons, or where there are too many those who may sign (R-12.5-7)."""
    if len(persons) <= PERSONS_MAX:
        return persons
    return [person for person in persons if person.status == PersonStatus.granted]
