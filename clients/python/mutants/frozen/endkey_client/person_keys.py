"""PersonKeys: a person's private keys under a password (section 9.5)."""

from . import backend, passwords
from .errors import Refused
from .passwords import Typed
from .primitives import chunked, rsa
from .primitives.hkdf import derive
from .wire.contents import AccountKeys
from .wire.messages import PasswordHeader, PersonKeys

FAILURE = "person_keys_open_failed"
PRIME_BITS = 1_024


def make_person_keys(stretched: bytes, head: PasswordHeader, salt: bytes, keys: AccountKeys) -> PersonKeys:
    key = derive(stretched, "person-keys", head.write())
    return PersonKeys(head, chunked.seal(key, head.write(), salt, keys.write()))


def open_person_keys(message: bytes, head: bytes, typed: Typed) -> tuple[AccountKeys, bytes]:
    """The keys, and what the password was stretched to. `head` is the one that was answered before."""
    sealed = PersonKeys.parse(message)
    if sealed.head.write() != head:
        raise Refused("pin_mismatch")
    stretched = passwords.stretch(sealed.head, typed)
    key = derive(stretched, "person-keys", head)
    contents = AccountKeys.parse(chunked.open_sealed(key, head, sealed.sealed, FAILURE))
    if not are_primes(contents):
        raise Refused(FAILURE)
    return contents, stretched


def are_primes(keys: AccountKeys) -> bool:
    p = int.from_bytes(keys.p, "big")
    q = int.from_bytes(keys.q, "big")
    if p <= q:
        return False
    if p.bit_length() != PRIME_BITS:
        return False
    if q.bit_length() != PRIME_BITS:
        return False
    try:
        rsa.check_modulus(rsa.modulus_of(keys.p, keys.q))
    except Refused:
        return False
    return backend.is_prime(p) and backend.is_prime(q)
