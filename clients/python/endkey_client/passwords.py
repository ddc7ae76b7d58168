"""Normal forms, stretching, the PasswordWrap and the login key (section 9)."""

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
from .wire.messages import PasswordHeader, PasswordWrap
from .wire.writer import uint32


@dataclass
class Typed:
    """What a person gives: bytes of UTF-8, perhaps ill-formed, and the account secret's 16 bytes, if there is one."""

    login_name: bytes
    password: bytes
    account_secret: bytes | None

    def secret_use(self) -> AccountSecretUse:
        return AccountSecretUse.none if self.account_secret is None else AccountSecretUse.required


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


def make_head(account_id: bytes, counter: int, iterations: int, typed: Typed, salt: bytes) -> PasswordHeader:
    header = Header(MessageType.person_keys, account_id, 0)
    return PasswordHeader(header, counter, iterations, typed.secret_use(), salt)


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


def check_typed(head: PasswordHeader, typed: Typed) -> None:
    """All that is checked before PBKDF2 runs."""
    check_parameters(head, typed.account_secret)
    normal_password(typed.password)
    normal_login_name(typed.login_name)


def stretch(head: PasswordHeader, typed: Typed) -> bytes:
    check_parameters(head, typed.account_secret)
    password = normal_password(typed.password)
    login_name = normal_login_name(typed.login_name)
    salt = labelled_hash("password-salt", login_name + head.salt)
    stretched = pbkdf2(password, salt, head.iterations)
    if typed.account_secret is not None:
        stretched += typed.account_secret
    return stretched


# Wrap (section 9.3)


def wrap_keys(stretched: bytes, head: PasswordHeader, epoch: int) -> tuple[bytes, bytes]:
    """KEK and commitment."""
    context = head.write() + uint32(epoch)
    return derive(stretched, "password-wrap", context), derive(stretched, "password-commitment", context)


def make_wrap(stretched: bytes, head: PasswordHeader, epoch: int, master_key: bytes) -> PasswordWrap:
    kek, commitment = wrap_keys(stretched, head, epoch)
    header = Header(MessageType.password_wrap, head.header.account_id, epoch)
    return PasswordWrap(header, commitment, kw.wrap(kek, master_key))


def unwrap(wrap: PasswordWrap, stretched: bytes, head: PasswordHeader) -> bytes:
    """Step 4: the MasterKey."""
    kek, commitment = wrap_keys(stretched, head, wrap.header.epoch)
    if not backend.equal(commitment, wrap.commitment):
        raise Refused("password_open_failed")
    return kw.unwrap(kek, wrap.wrapped)


def open_wrap(message: bytes, head: PasswordHeader, typed: Typed) -> bytes:
    """The MasterKey."""
    wrap = PasswordWrap.parse(message)
    if wrap.header.account_id != head.header.account_id:
        raise Refused("wrong_account")
    return unwrap(wrap, stretch(head, typed), head)


# Login (sections 9.4 and 12.7)


@dataclass
class Login:
    id: bytes
    key: bytes
    verifier: bytes


def login_of(stretched: bytes, head: PasswordHeader, typed: Typed) -> Login:
    key = derive(stretched, "login", head.write())
    id = labelled_hash("login-id", normal_login_name(typed.login_name))
    return Login(id, key, labelled_hash("login-verifier", key))


def check_head(head: PasswordHeader, pinned: PasswordHeader, password_changed: bool) -> None:
    """Step 1 of opening, at an end that remembers the account."""
    if head.header.account_id != pinned.header.account_id:
        raise Refused("pin_mismatch")
    if head.counter < pinned.counter:
        raise Refused("counter_rollback")
    if head.counter == pinned.counter:
        if head != pinned:
            raise Refused("pin_mismatch")
        return
    if head.iterations < pinned.iterations:
        raise Refused("pin_mismatch")
    if pinned.account_secret == AccountSecretUse.required and head.account_secret == AccountSecretUse.none:
        raise Refused("pin_mismatch")
    if not password_changed:
        raise Refused("head_changed")


def login(message: bytes, typed: Typed, pinned: PasswordHeader | None, password_changed: bool) -> Login:
    head = PasswordHeader.parse(message)
    if pinned is not None:
        check_head(head, pinned, password_changed)
    return login_of(stretch(head, typed), head, typed)
