"""Derived keys and ids (section 7)."""

from . import backend
from .primitives.hashes import labelled_hash
from .primitives.hkdf import derive
from .primitives.rsa import modulus_of
from .wire.writer import uint32


def epoch_context(account_id: bytes, epoch: int) -> bytes:
    return account_id + uint32(epoch)


def agent_context(account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return epoch_context(account_id, epoch) + agent_id


def token_key(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "token", epoch_context(account_id, epoch))


def agent_key(master_key: bytes, account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return derive(master_key, "agent", agent_context(account_id, epoch, agent_id))


def private_keys_key(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "private-keys", epoch_context(account_id, epoch))


def vault_key(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "vault", epoch_context(account_id, epoch))


def commitment(master_key: bytes, account_id: bytes, epoch: int) -> bytes:
    return derive(master_key, "commitment", epoch_context(account_id, epoch))


def blob_key(agent_key: bytes, account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return derive(agent_key, "blob", agent_context(account_id, epoch, agent_id))


def spool_key(agent_key: bytes, account_id: bytes, epoch: int, agent_id: bytes) -> bytes:
    return derive(agent_key, "spool", agent_context(account_id, epoch, agent_id))


def account_id(verify_key: bytes) -> bytes:
    return labelled_hash("account-id", verify_key)[:16]


def agent_id(modulus: bytes, verify_key: bytes) -> bytes:
    return labelled_hash("agent-id", modulus + verify_key)[:16]


def agent_id_of(p: bytes, q: bytes, seed: bytes) -> bytes:
    """The id of the agent that holds these private keys."""
    return agent_id(modulus_of(p, q), backend.ed25519_public_key(seed))
