"""How an operation says no (section 19), and how a client says that it was not asked."""

from .codes import CODES


class Refused(Exception):
    """A code of section 19, with the offset of the fault where the code is one of the format."""

    def __init__(self, code: str, offset: int | None = None):
        if code not in CODES:
            raise ValueError(f"{code} is no code of section 19")
        super().__init__(code if offset is None else f"{code} at {offset}")
        self.code = code
        self.offset = offset


class BadRequest(Exception):
    """What was given is no input of the operation: no refusal of the protocol."""
