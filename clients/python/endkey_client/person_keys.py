"""PersonKeys: a person's private keys under a password (section 9.5)."""

from math import gcd

from . import passwords
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
    if not are_usable(contents):
        raise Refused(FAILURE)
    return contents, stretched


def are_usable(keys: AccountKeys) -> bool:
    """R-9.5-5."""
    p, q = rsa.numbers(keys.p, keys.q)
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
    if gcd(rsa.EXPONENT, (p - 1) * (q - 1)) != 1:
        return False
    return rsa.passes_fermat(p) and rsa.passes_fermat(q)
