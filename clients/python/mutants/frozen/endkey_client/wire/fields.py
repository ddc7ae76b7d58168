"""The types that many structs share, with the names of section 2.1."""

from typing import Annotated

from ..limits import COUNTER_MAX
from .kinds import Constant, Number, Opaque

VERSION = b"\x01"

Counter = Annotated[int, Number(8, 0, COUNTER_MAX)]
Time = Annotated[int, Number(8, 0, COUNTER_MAX)]
Epoch = Annotated[int, Number(4, 1)]
Generation = Annotated[int, Number(4, 1)]
Uint32 = Annotated[int, Number(4)]
AccountId = Annotated[bytes, Opaque(16)]
AgentId = Annotated[bytes, Opaque(16)]
VerifyKey = Annotated[bytes, Opaque(32)]
Hash = Annotated[bytes, Opaque(32)]
Modulus = Annotated[bytes, Opaque(256)]
Signature = Annotated[bytes, Opaque(64)]
Version = Annotated[bytes, Constant(VERSION, "unknown_version")]

NO_HASH = bytes(32)
NO_SIGNATURE = bytes(64)
