"""Passwords, the PasswordWrap and the login key (section 9)."""

from dataclasses import dataclass

from . import backend, unicode
from .enums import AccountSecretUse, MessageType
from .errors import Refused
from .limits import ITERATIONS_MAX, ITERATIONS_MIN, LOGIN_NAME_MAX, PASSWORD_MAX
from .primitives import kw
from .primitives.hashes import labelled_hash
from .primitives.hkdf import derive
from .primitives.pbkdf2 import pbkdf2
from .wire.header import Header
from .wire.password_wrap import PasswordHeader, PasswordWrap


@dataclass
class Typed:
    """What a person gives: bytes of UTF-8, perhaps ill-formed, and the account secret's 16 bytes, if there is one."""

    login_name: bytes
    password: bytes
    account_secret: bytes | None


@dataclass
class Pin:
    """The wrap that this device accepted last."""

    account_id: bytes
    salt: bytes
    counter: int
    epoch: int


@dataclass
class Login:
    key: bytes
    verifier: bytes


# Normal forms (section 9.1)


def normal_text(text: bytes, refusal: str) -> str:
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(refusal) from None
    if "\0" in decoded:
        raise Refused(refusal)
    if not all(unicode.is_assigned(ord(character)) for character in decoded):
        raise Refused(refusal)
    return unicode.nfc(decoded)


def lower_ascii(text: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def check_size(normal: bytes, most: int, refusal: str) -> None:
    if len(normal) < 1:
        raise Refused(refusal)
    if len(normal) > most:
        raise Refused(refusal)


def normal_password(password: bytes) -> bytes:
    normal = normal_text(password, "bad_password").encode("utf-8")
    check_size(normal, PASSWORD_MAX, "bad_password")
    return normal


def normal_login_name(login_name: bytes) -> bytes:
    lowered = lower_ascii(normal_text(login_name, "bad_login_name"))
    normal = unicode.nfc(lowered).encode("utf-8")
    check_size(normal, LOGIN_NAME_MAX, "bad_login_name")
    return normal


# Stretching (section 9.2)


def check_parameters(head: PasswordHeader, account_secret: bytes | None) -> None:
    """R-9.2-1, R-9.2-2."""
    if head.iterations < ITERATIONS_MIN:
        raise Refused("iterations_out_of_range")
    if head.iterations > ITERATIONS_MAX:
        raise Refused("iterations_out_of_range")
    if head.account_secret == AccountSecretUse.required and account_secret is None:
        raise Refused("account_secret_mismatch")
    if head.account_secret == AccountSecretUse.none and account_secret is not None:
        raise Refused("account_secret_mismatch")


def stretch(head: PasswordHeader, typed: Typed) -> bytes:
    check_parameters(head, typed.account_secret)
    password = normal_password(typed.password)
    login_name = normal_login_name(typed.login_name)
    salt = labelled_hash("password-salt", login_name + head.salt)
    stretched = pbkdf2(password, salt, head.iterations)
    if head.account_secret == AccountSecretUse.required:
        stretched += typed.account_secret
    return stretched


# Wrap (section 9.3) and login key (section 9.4)


def check_pin(head: PasswordHeader, pin: Pin) -> None:
    """Steps 2 and 3, of a device that remembers the account."""
    if head.header.account_id != pin.account_id:
        raise Refused("pin_mismatch")
    if head.counter == pin.counter and head.salt != pin.salt:
        raise Refused("pin_mismatch")
    if head.header.epoch < pin.epoch:
        raise Refused("epoch_rollback")
    if head.counter < pin.counter:
        raise Refused("counter_rollback")


def login_of(stretched: bytes, head: PasswordHeader) -> Login:
    key = derive(stretched, "login", head.write())
    return Login(key, labelled_hash("login-verifier", key))


def make_wrap(
    account_id: bytes, epoch: int, counter: int, iterations: int, salt: bytes, typed: Typed, master_key: bytes
) -> tuple[PasswordWrap, Login]:
    use = AccountSecretUse.none if typed.account_secret is None else AccountSecretUse.required
    header = Header(MessageType.password_wrap, account_id, epoch)
    head = PasswordHeader(header, counter, iterations, use, salt)
    stretched = stretch(head, typed)
    commitment = derive(stretched, "password-commitment", head.write())
    wrapped = kw.wrap(derive(stretched, "password-wrap", head.write()), master_key)
    return PasswordWrap(head, commitment, wrapped), login_of(stretched, head)


def login(head_message: bytes, typed: Typed, pin: Pin | None) -> Login:
    head = PasswordHeader.parse(head_message)
    if pin is not None:
        check_pin(head, pin)
    return login_of(stretch(head, typed), head)


def open_wrap(message: bytes, typed: Typed, pin: Pin | None) -> bytes:
    """The MasterKey."""
    wrap = PasswordWrap.parse(message)
    head = wrap.head
    if pin is not None:
        check_pin(head, pin)
    stretched = stretch(head, typed)
    commitment = derive(stretched, "password-commitment", head.write())
    if not backend.equal(commitment, wrap.commitment):
        raise Refused("password_open_failed")
    return kw.unwrap(derive(stretched, "password-wrap", head.write()), wrap.wrapped)
