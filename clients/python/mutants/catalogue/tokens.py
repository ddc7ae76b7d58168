"""Tokens (section 14)."""

from ..mutant import of_module

AD = "return labelled(\"token-ad\") + epoch_context(account_id, epoch) + uint8(field)"
STRIPPED = '    stripped = padded.rstrip(b"\\x00")\n    if stripped[-1:] != b"\\x80":\n        raise Refused("token_open_failed")\n'
SMALLEST = '    if len(padded) != padded_size(value):\n        raise Refused("token_open_failed")\n'
DECODE = '    try:\n        value.decode("utf-8")\n    except UnicodeDecodeError:\n        return False\n    return True'
SEAL = "    v, c = siv.seal(token_key, associated_data(account_id, epoch, field), pad(value))\n"
KEYS = "found = [key.key for key in keys if key.epoch == epoch]"


def sealing(value: str) -> str:
    return SEAL.replace("pad(value)", f"pad({value})")


MUTANTS = of_module(
    "tokens.py",
    ("token-ad-without-label", "leaves the label out of the associated data", AD, "return epoch_context(account_id, epoch) + uint8(field)"),
    ("token-ad-without-account", "leaves the account out of the associated data", AD, 'return labelled("token-ad") + epoch.to_bytes(4, "big") + uint8(field)'),
    ("token-ad-without-epoch", "leaves the epoch out of the associated data", AD, 'return labelled("token-ad") + account_id + uint8(field)'),
    ("token-ad-without-field", "leaves the field out of the associated data", AD, 'return labelled("token-ad") + epoch_context(account_id, epoch)'),
    ("token-ad-field-two-bytes", "writes the field as two bytes into the associated data", AD, 'return labelled("token-ad") + epoch_context(account_id, epoch) + field.to_bytes(2, "big")'),
    ("token-ad-field-first", "puts the field first in the associated data", AD, 'return labelled("token-ad") + uint8(field) + epoch_context(account_id, epoch)'),
    ("token-ad-epoch-little-endian", "writes the epoch in little-endian into the associated data", AD, 'return labelled("token-ad") + account_id + epoch.to_bytes(4, "little") + uint8(field)'),
    ("token-ad-label-without-zero", "leaves the zero byte behind the label out of the associated data", AD, 'return labelled("token-ad")[:-1] + epoch_context(account_id, epoch) + uint8(field)'),
    ("token-padding-last-zero-unchecked", "takes the last byte 0x80 for the end, whatever stands behind it",
     STRIPPED, '    stripped = padded[:padded.rfind(b"\\x80") + 1]\n    if not stripped:\n        raise Refused("token_open_failed")\n'),
    ("token-padding-first-80", "takes the first byte 0x80 for the end of the value", STRIPPED, '    stripped = padded[:padded.find(b"\\x80") + 1]\n    if not stripped:\n        raise Refused("token_open_failed")\n'),
    ("token-padding-marker-unchecked", "drops the last byte that is not zero, whatever it is", STRIPPED, '    stripped = padded.rstrip(b"\\x00")\n'),
    ("token-padding-zeros-only", "strips zeros alone, where there is no 0x80", STRIPPED, '    stripped = padded.rstrip(b"\\x00")\n    if stripped[-1:] != b"\\x80":\n        stripped += b"\\x80"\n'),
    ("token-padding-01-too", "accepts 0x01 for 0x80", STRIPPED, STRIPPED.replace('stripped[-1:] != b"\\x80"', 'stripped[-1:] not in (b"\\x80", b"\\x01")')),
    ("token-padding-pkcs7-too", "accepts PKCS #7 padding as well", STRIPPED, '    if 0 < padded[-1] <= 16 and padded.endswith(bytes([padded[-1]]) * padded[-1]):\n        return padded[:-padded[-1]]\n' + STRIPPED),
    ("token-padding-size-unchecked", "accepts a padded size that is not the smallest", SMALLEST, ""),
    ("token-padding-size-next", "accepts the next greater size", SMALLEST, SMALLEST.replace("len(padded) != padded_size(value)", "len(padded) > 2 * padded_size(value)")),
    ("token-padding-size-at-most-64", "checks the size only of tokens of more than 64 bytes", SMALLEST, SMALLEST.replace("if len(padded)", "if len(padded) > 64 and len(padded)")),
    ("token-pad-block-multiple", "pads to the next multiple of 16", "    return min(size for size in TOKEN_SIZES if size > len(value))", "    return (len(value) // 16 + 1) * 16"),
    ("token-pad-not-beyond-full", "adds no padding to a value that fills its size", "    return min(size for size in TOKEN_SIZES if size > len(value))", "    return min(size for size in TOKEN_SIZES if size >= len(value)) if len(value) else 16"),
    ("token-pad-least-32", "pads to 32 bytes at least", "    return min(size for size in TOKEN_SIZES if size > len(value))", "    return min(size for size in TOKEN_SIZES if size > max(len(value), 16))"),
    ("token-pad-zeros", "pads with zeros only", 'return (value + b"\\x80").ljust(padded_size(value), b"\\x00")', 'return value.ljust(padded_size(value), b"\\x00")'),
    ("token-pad-01", "pads with 0x01", 'return (value + b"\\x80")', 'return (value + b"\\x01")'),
    ("token-value-4096", "seals values of 4,096 bytes", "    if len(value) > TOKEN_VALUE_MAX:\n", "    if len(value) > TOKEN_VALUE_MAX + 1:\n"),
    ("token-value-4094", "refuses values of 4,095 bytes", "    if len(value) > TOKEN_VALUE_MAX:\n", "    if len(value) >= TOKEN_VALUE_MAX:\n"),
    ("token-value-cut", "cuts a value that is too long", '    if len(value) > TOKEN_VALUE_MAX:\n        raise Refused("value_too_long")\n', "    value = value[:TOKEN_VALUE_MAX]\n"),
    ("token-value-in-characters", "counts characters for the greatest length of a value", "    if len(value) > TOKEN_VALUE_MAX:\n", "    if len(value.decode('utf-8', 'replace')) > TOKEN_VALUE_MAX:\n"),
    ("token-value-utf-8-unchecked-when-sealing", "seals values that are not UTF-8", '    if not is_utf8(value):\n        raise Refused("value_not_utf8")\n', ""),
    ("token-value-utf-8-unchecked-when-opening", "opens a value that is not UTF-8", "    if not is_utf8(value):\n        raise Refused(\"token_open_failed\")\n", ""),
    ("token-utf-8-surrogates", "takes surrogates in UTF-8 for well formed", DECODE, DECODE.replace('"utf-8"', '"utf-8", "surrogatepass"')),
    ("token-utf-8-ascii-only", "takes only ASCII for well formed", DECODE, DECODE.replace('"utf-8"', '"ascii"')),
    ("token-utf-8-overlong", "takes overlong forms for well formed", DECODE, '    value = __import__("re").sub(rb"[\\xc0\\xc1][\\x80-\\xbf]|\\xe0[\\x80-\\x9f][\\x80-\\xbf]", b"?", value)\n' + DECODE),
    ("token-utf-8-end-unchecked", "accepts a character that is cut off at the end of a value", DECODE, DECODE.replace('value.decode("utf-8")', '__import__("codecs").getincrementaldecoder("utf-8")().decode(value)')),
    ("token-nul-refused", "refuses values that hold U+0000", DECODE, DECODE.replace("    return True", "    return b'\\x00' not in value")),
    ("token-value-normalised", "normalises values", SEAL, sealing("__import__('unicodedata').normalize('NFC', value.decode()).encode()")),
    ("token-value-decomposed", "normalises values to NFD", SEAL, sealing("__import__('unicodedata').normalize('NFD', value.decode()).encode()")),
    ("token-value-lower-case", "lowers the case of values", SEAL, sealing("value.lower()")),
    ("token-value-trimmed", "trims values", SEAL, sealing("value.strip()")),
    ("token-value-cut-at-nul", "cuts values at U+0000", SEAL, sealing('value.partition(b"\\x00")[0]')),
    ("token-value-bom-cut", "cuts a byte order mark in front of a value", SEAL, sealing('value.removeprefix("\\ufeff".encode())')),
    ("token-value-line-ends", "turns CRLF into LF in values", SEAL, sealing('value.replace(b"\\r\\n", b"\\n")')),
    ("token-any-epoch-key", "takes the keys at hand, whatever their epoch", KEYS, "found = [key.key for key in keys]"),
    ("token-newest-key", "takes the key of the newest epoch", KEYS, "found = [max(keys, key=lambda k: k.epoch).key] if keys else []"),
    ("token-first-key-only", "takes the first of an epoch's keys only", KEYS, KEYS.replace("epoch]", "epoch][:1]")),
    ("token-last-key-only", "takes the last of an epoch's keys only", KEYS, KEYS.replace("epoch]", "epoch][-1:]")),
    ("token-tries-all-fields", "tries every field where that of the token does not open", "    value = unpad(siv.open_sealed(key, ad, token.v, token.c))\n", "    for other in TokenField:\n        try:\n            siv.open_sealed(key, associated_data(account_id, token.epoch, other), token.v, token.c)\n            ad = associated_data(account_id, token.epoch, other)\n        except Refused:\n            pass\n    value = unpad(siv.open_sealed(key, ad, token.v, token.c))\n"),
    ("token-missing-key-is-failure", "says token_open_failed where there is no key", 'raise Refused("no_epoch_key")', 'raise Refused("token_open_failed")'),
    ("token-sealed-epoch-1", "writes epoch 1 into every token", "    return Token(field, epoch, v, c)", "    return Token(field, 1, v, c)"),
) + of_module(
    "wire/messages.py",
    ("token-wire-block-multiples", "accepts a C of any whole number of blocks", "Bytes(16, 4096, sizes=TOKEN_SIZES)", "Bytes(16, 4096, sizes=tuple(range(16, 4097, 16)))"),
    ("token-wire-2048-most", "accepts a C of 2,048 bytes at most", "Bytes(16, 4096, sizes=TOKEN_SIZES)", "Bytes(16, 4096, sizes=TOKEN_SIZES[:-1])"),
    ("token-wire-nothing", "accepts a C of no bytes", "Bytes(16, 4096, sizes=TOKEN_SIZES)", "Bytes(0, 4096, sizes=(0, *TOKEN_SIZES))"),
    ("token-wire-epoch-before-field", "has field and epoch of a token in each other's place", "    field: Annotated[TokenField, Choice(TokenField)]\n    epoch: Epoch\n", "    epoch: Epoch\n    field: Annotated[TokenField, Choice(TokenField)]\n"),
)
