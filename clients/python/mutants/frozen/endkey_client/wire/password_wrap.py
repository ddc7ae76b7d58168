"""PasswordHeader and PasswordWrap (section 8.3)."""

from dataclasses import dataclass

from ..enums import AccountSecretUse, MessageType
from .header import Header
from .reader import Reader, whole
from .writer import uint8, uint32, uint64


@dataclass
class PasswordHeader:
    header: Header
    counter: int
    iterations: int
    account_secret: AccountSecretUse
    salt: bytes

    @staticmethod
    def read(reader: Reader) -> "PasswordHeader":
        header = Header.read(reader, MessageType.password_wrap)
        counter = reader.counter()
        iterations = reader.uint(4)
        account_secret = reader.enum(AccountSecretUse)
        salt = reader.opaque(32)
        return PasswordHeader(header, counter, iterations, account_secret, salt)

    @staticmethod
    def parse(data: bytes) -> "PasswordHeader":
        return whole(PasswordHeader.read, data)

    def write(self) -> bytes:
        return (
            self.header.write()
            + uint64(self.counter)
            + uint32(self.iterations)
            + uint8(self.account_secret)
            + self.salt
        )


@dataclass
class PasswordWrap:
    head: PasswordHeader
    commitment: bytes
    wrapped: bytes

    @staticmethod
    def read(reader: Reader) -> "PasswordWrap":
        head = PasswordHeader.read(reader)
        commitment = reader.opaque(32)
        wrapped = reader.opaque(40)
        return PasswordWrap(head, commitment, wrapped)

    @staticmethod
    def parse(data: bytes) -> "PasswordWrap":
        return whole(PasswordWrap.read, data)

    def write(self) -> bytes:
        return self.head.write() + self.commitment + self.wrapped
