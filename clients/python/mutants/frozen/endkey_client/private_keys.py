"""Opening PrivateKeys (section 12.4)."""

from . import backend, keys
from .errors import Refused
from .primitives import chunked, rsa
from .wire.account_state import AccountState
from .wire.private_keys import AccountKeys, PrivateKeys

FAILURE = "private_keys_open_failed"
PRIME_BITS = 1_024


def open_private_keys(
    message: bytes, master_key: bytes, account_id: bytes, epoch: int, state: AccountState | None
) -> AccountKeys:
    sealed = PrivateKeys.parse(message)
    if sealed.header.account_id != account_id:
        raise Refused("wrong_account")
    if sealed.header.epoch != epoch:
        raise Refused("epoch_mismatch")
    key = keys.private_keys_key(master_key, account_id, epoch)
    contents = AccountKeys.parse(chunked.open_sealed(key, sealed.header.write(), sealed.sealed, FAILURE))
    check_primes(contents)
    check_public_keys(contents, account_id, state)
    return contents


def check_primes(contents: AccountKeys) -> None:
    p = int.from_bytes(contents.p, "big")
    q = int.from_bytes(contents.q, "big")
    if p <= q:
        raise Refused(FAILURE)
    if p.bit_length() != PRIME_BITS:
        raise Refused(FAILURE)
    if q.bit_length() != PRIME_BITS:
        raise Refused(FAILURE)
    if (p * q).bit_length() != rsa.BITS:
        raise Refused(FAILURE)
    if not backend.is_prime(p):
        raise Refused(FAILURE)
    if not backend.is_prime(q):
        raise Refused(FAILURE)


def check_public_keys(contents: AccountKeys, account_id: bytes, state: AccountState | None) -> None:
    """R-12.4-1."""
    verify_key = backend.ed25519_public_key(contents.seed)
    if keys.account_id(verify_key) != account_id:
        raise Refused(FAILURE)
    if state is not None and rsa.modulus_of(contents.p, contents.q) != state.modulus:
        raise Refused(FAILURE)
    if state is not None and verify_key != state.verify_key:
        raise Refused(FAILURE)
