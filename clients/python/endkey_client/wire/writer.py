"""Numbers as bytes (section 2.1)."""


def uint8(value: int) -> bytes:
    return value.to_bytes(1, "big")


def uint32(value: int) -> bytes:
    return value.to_bytes(4, "big")
