"""Enrolment codes, account secrets and recovery texts (section 18.1)."""

import dataclasses
from dataclasses import dataclass
from typing import Annotated, Self

from ..errors import Refused
from ..wire.contents import CodeTerms
from ..wire.fields import VERSION, AccountId, Version
from ..wire.kinds import Opaque, Struct
from . import bech32m


class Text(Struct):
    """A struct of one size that is written as a Bech32m text."""

    hrp = b""

    @classmethod
    def decode(cls, text: bytes) -> Self:
        data = bech32m.decode(cls.hrp, text, cls.size() or 0)
        try:
            return cls.parse(data)
        except Refused as refused:
            raise Refused(refused.code, bech32m.text_offset(refused.offset or 0)) from None

    def encode(self) -> bytes:
        return bech32m.encode(self.hrp, self.write())


@dataclass
class EnrolmentCode(Text):
    hrp = b"ekc"
    version: Version = dataclasses.field(default=VERSION, init=False)
    account_id: AccountId
    secret: Annotated[bytes, Opaque(16)]
    terms: CodeTerms


@dataclass
class SecretText(Text):
    hrp = b"ekb"
    version: Version = dataclasses.field(default=VERSION, init=False)
    account_id: AccountId
    secret: Annotated[bytes, Opaque(16)]


@dataclass
class RecoveryText(Text):
    hrp = b"ekr"
    version: Version = dataclasses.field(default=VERSION, init=False)
    seed: Annotated[bytes, Opaque(32)]
