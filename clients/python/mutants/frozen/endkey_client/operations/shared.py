"""Inputs that several operations have."""

from typing import TypeVar

from ..arguments import Arguments
from ..errors import BadRequest, Refused
from ..passwords import Typed
from ..primitives import rsa
from ..wire.contents import AccountKeys
from ..wire.kinds import Struct
from ..wire.messages import AccountState, PasswordHeader

Message = TypeVar("Message", bound=Struct)


def rsa_primes(a: Arguments) -> tuple[bytes, bytes]:
    """p and q, with which this client can compute: odd, different, and for the exponent."""
    p, q = a.bytes("p"), a.bytes("q")
    if not rsa.usable_primes(p, q):
        raise BadRequest("p and q are no pair of RSA primes, the larger first")
    return p, q


def account_keys(a: Arguments) -> AccountKeys:
    return AccountKeys(*rsa_primes(a), a.bytes("seed"))


def typed(a: Arguments) -> Typed:
    return Typed(a.bytes("login_name"), a.bytes("password"), a.optional_bytes("account_secret"))


def head(a: Arguments) -> PasswordHeader:
    return PasswordHeader.parse(a.bytes("head"))


def optional_state(a: Arguments, name: str) -> AccountState | None:
    """A state that this end has accepted. It is parsed before anything is checked."""
    return AccountState.parse(a.bytes(name)) if a.has(name) else None


def contents_of(struct: type[Message], data: bytes) -> Message:
    """What this end holds itself. It is no message that could be refused."""
    try:
        return struct.parse(data)
    except Refused as refused:
        raise BadRequest(f"no {struct.__name__}: {refused}") from None
