"""How an operation says no (section 19)."""


class Refused(Exception):
    """A code of section 19, with the offset of the fault where the code is one of the format."""

    def __init__(self, code: str, offset: int | None = None):
        super().__init__(code if offset is None else f"{code} at {offset}")
        self.code = code
        self.offset = offset
