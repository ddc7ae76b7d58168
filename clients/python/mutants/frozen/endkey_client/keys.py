"""Derived keys and ids (section 7)."""

from . import backend
from .primitives.hashes import labelled_hash
from .primitives.hkdf import derive
from .primitives.rsa import modulus_of
from .wire.contents import AccountKeys
from .wire.writer import uint8, uint32


def epoch_context(account_id: bytes, epoch: int) -> bytes:
    return account_id + uint32(epoch)


def agent_context(account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return epoch_context(account_id, epoch) + agent_id


def token_key(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "token", epoch_context(account_id, epoch))


def agent_key(master_key: bytes, account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return derive(master_key, "agent", agent_context(account_id, epoch, agent_id))


def vault_key(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "vault", epoch_context(account_id, epoch))


def commitment(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "commitment", epoch_context(account_id, epoch))


def blob_key(agent_key: bytes, account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return derive(agent_key, "blob", agent_context(account_id, epoch, agent_id))


def spool_key(device_key: bytes, account_id: bytes, agent_id: bytes) -> bytes:
    return derive(device_key, "spool", account_id + agent_id)


def local_state_key(device_key: bytes, account_id: bytes, type: int) -> bytes:
    return derive(device_key, "local-state", account_id + uint8(type))


def recovery_key(seed: bytes, account_id: bytes) -> bytes:
    return derive(seed, "recovery", account_id)


def upload_key(device_key: bytes, account_id: bytes, agent_id: bytes) -> bytes:
    return derive(device_key, "upload", account_id + agent_id)


def admission_key(secret: bytes, account_id: bytes) -> bytes:
    return derive(secret, "admission", account_id)


def account_id(root_key: bytes) -> bytes:
    return labelled_hash("account-id", root_key)[:16]


def agent_id(modulus: bytes, verify_key: bytes) -> bytes:
    return labelled_hash("agent-id", modulus + verify_key)[:16]


def id_of(keys: AccountKeys) -> bytes:
    """The id of the agent or person that holds these private keys."""
    return agent_id(modulus_of(keys.p, keys.q), backend.ed25519_public_key(keys.seed))
