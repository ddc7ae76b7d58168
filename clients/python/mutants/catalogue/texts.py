"""Base64url, text forms and Bech32m (sections 2.4, 14.3, 15.1, 18.1)."""

from ..mutant import of_module

ALPHABET = '        if character not in VALUES:\n            raise Refused("bad_base64url", offset + i)\n'
CHECKS = "    check_alphabet(text, offset)\n    check_length(text, offset)\n    check_last_bits(text, offset)\n"
PREFIX = "    if text[:5] != prefix:\n"
LENGTH = '    if len(text) != text_size(size):\n        raise Refused("bad_bech32m", len(text))\n'
PADDING = '    if padding != 0:\n        raise Refused("bad_bech32m", len(text) - CHECKSUM_SIZE - 1)\n'
CASES = '    if start == hrp + b"1":\n        return ALPHABET\n'

MUTANTS = of_module(
    "texts/base64url.py",
    ("base64url-last-bits-unchecked", "accepts bits of the last character that encode nothing", "    check_last_bits(text, offset)\n    output", "    output"),
    ("base64url-last-bits-of-one-byte", "checks the last bits only where the last group encodes one byte", "    if unused and VALUES", "    if unused == 4 and VALUES"),
    ("base64url-last-bits-of-two-bytes", "checks the last bits only where the last group encodes two bytes", "    if unused and VALUES", "    if unused == 2 and VALUES"),
    ("base64url-last-bits-lowest", "checks only the lowest of the last bits", "VALUES[text[-1]] & (1 << unused) - 1:", "VALUES[text[-1]] & 1:"),
    ("base64url-length-1", "accepts a length of 1 modulo 4", "    check_alphabet(text, offset)\n    check_length(text, offset)\n", "    check_alphabet(text, offset)\n"),
    ("base64url-padding", "accepts padding", CHECKS, "    text = text.rstrip(b'=')\n" + CHECKS),
    ("base64url-standard-alphabet", "accepts + and / as well", CHECKS, "    text = text.replace(b'+', b'-').replace(b'/', b'_')\n" + CHECKS),
    ("base64url-standard-alphabet-only", "writes and reads + and /", '0123456789-_"', '0123456789+/"'),
    ("base64url-white-space", "leaves white space out", CHECKS, "    text = b''.join(text.split())\n" + CHECKS),
    ("base64url-trailing-newline", "cuts a line end", CHECKS, "    text = text.rstrip(b'\\r\\n')\n" + CHECKS),
    ("base64url-trailing-spaces", "cuts spaces at the end", CHECKS, "    text = text.rstrip(b' ')\n" + CHECKS),
    ("base64url-leading-spaces", "cuts spaces in front", CHECKS, "    text = text.lstrip(b' \\t')\n" + CHECKS),
    ("base64url-skips-others", "leaves characters out that are not of the alphabet, as lenient decoders do",
     CHECKS, "    text = bytes(c for c in text if c in VALUES)\n" + CHECKS),
    ("base64url-cut-at-nul", "ends at a zero byte", CHECKS, "    text = text.partition(b'\\x00')[0]\n" + CHECKS),
    ("base64url-utf-8-letters", "reads the low seven bits of every byte", CHECKS, "    text = bytes(c & 127 for c in text)\n" + CHECKS),
    ("base64url-length-before-alphabet", "reports a wrong length before a wrong character", "    check_alphabet(text, offset)\n    check_length(text, offset)\n", "    check_length(text, offset)\n    check_alphabet(text, offset)\n"),
    ("base64url-offset-without-prefix", "counts offsets without the prefix", '            raise Refused("bad_base64url", offset + i)', '            raise Refused("bad_base64url", i)'),
    ("base64url-bits-offset-at-end", "reports wrong last bits behind the last character", "offset + len(text) - 1)", "offset + len(text))"),
    ("base64url-length-offset", "reports a wrong length at the start", '        raise Refused("bad_base64url", offset + len(text))', '        raise Refused("bad_base64url", offset)'),
    ("base64url-writes-padding", "writes padding",
     "    return text[:text_size(len(data))]\n",
     "    return text[:text_size(len(data))].ljust(-(-len(data) // 3) * 4, b'=')\n"),
) + of_module(
    "texts/prefixed.py",
    ("text-prefix-any-case", "accepts the prefix of a text form in upper case", PREFIX, PREFIX.replace("text[:5]", "text[:5].lower()")),
    ("text-prefix-unchecked", "does not check the prefix of a text form", PREFIX + '        raise Refused("bad_prefix", 0)\n', ""),
    ("text-prefix-without-underscore", "does not compare the last character of a prefix", PREFIX, PREFIX.replace("text[:5] != prefix", "text[:4] != prefix[:4]")),
    ("text-prefix-either", "reads a blob's text form as a token's", PREFIX, PREFIX.replace("text[:5] != prefix", "text[:5] not in (TOKEN_PREFIX, BLOB_PREFIX)")),
    ("text-prefix-version-free", "accepts another version in a prefix", PREFIX, PREFIX.replace("text[:5] != prefix", "text[:3] + text[4:5] != prefix[:3] + b'_'")),
    ("text-trimmed", "trims white space around a text form", PREFIX, "    text = text.strip()\n" + PREFIX),
    ("text-bom", "cuts a byte order mark before a text form", PREFIX, "    text = text.removeprefix(b'\\xef\\xbb\\xbf')\n" + PREFIX),
    ("text-token-unparsed", "gives the bytes of a token's text form unparsed", "    return decode(TOKEN_PREFIX, Token, text).write()\n", "    return base64url.decode(text[5:], 5)\n"),
    ("text-trailing", "ignores bytes behind what a text form holds", "        return struct.parse(data)\n", "        from ..wire.reader import Reader\n        return struct.read(Reader(data))\n"),
    ("text-offset-of-bytes", "gives the offset of a fault in bytes, not in characters", "return 5 + 4 * byte // 3", "return byte"),
    ("text-offset-rounded-up", "rounds the character of a byte up", "return 5 + 4 * byte // 3", "return 5 + -(-4 * byte // 3)"),
    ("text-blob-without-length", "writes a blob's text form without its length", "BlobText(SealedBlob.parse(blob)).write()", "SealedBlob.parse(blob).write()"),
    ("text-blob-length-2-bytes", "writes a length of 2 bytes in a blob's text form", "BlobText(SealedBlob.parse(blob)).write()", "BlobText(SealedBlob.parse(blob)).write()[len(blob) < 65536:]"),
    ("text-blob-unlimited", "writes a text form of blobs of any size", '    if len(blob) > BLOB_TEXT_MAX:\n        raise Refused("value_too_long")\n', ""),
    ("text-blob-greatest-refused", "writes no text form of a blob of the greatest size", "    if len(blob) > BLOB_TEXT_MAX:\n", "    if len(blob) >= BLOB_TEXT_MAX:\n"),
) + of_module(
    "wire/messages.py",
    ("text-blob-least-100", "reads texts of blobs that are too short", "Within(SealedBlob, BLOB_TEXT_MIN, BLOB_TEXT_MAX)", "Within(SealedBlob, 100, BLOB_TEXT_MAX)"),
    ("text-blob-most-unlimited", "reads texts of blobs that are too long", "Within(SealedBlob, BLOB_TEXT_MIN, BLOB_TEXT_MAX)", "Within(SealedBlob, BLOB_TEXT_MIN, 2**24 - 1)"),
) + of_module(
    "texts/bech32m.py",
    ("bech32m-accepts-bech32", "accepts the constant of Bech32 as well", "    if polymod(expand_hrp(hrp) + values) != CONSTANT:\n", "    if polymod(expand_hrp(hrp) + values) not in (CONSTANT, 1):\n"),
    ("bech32m-is-bech32", "uses the constant of Bech32", "CONSTANT = 0x2BC830A3", "CONSTANT = 1"),
    ("bech32m-checksum-unchecked", "does not verify the checksum", '    if polymod(expand_hrp(hrp) + values) != CONSTANT:\n        raise Refused("bad_bech32m", len(text) - CHECKSUM_SIZE)\n', ""),
    ("bech32m-checksum-20-bits", "verifies only 20 bits of the checksum", "    if polymod(expand_hrp(hrp) + values) != CONSTANT:\n", "    if (polymod(expand_hrp(hrp) + values) ^ CONSTANT) & 0xFFFFF:\n"),
    ("bech32m-checksum-without-prefix", "leaves the human-readable part out of the checksum", "    return [character >> 5 for character in hrp] + [0] + [character & 31 for character in hrp]", "    return []"),
    ("bech32m-mixed-case", "accepts mixed case", "    alphabet = alphabet_of_case(hrp, text)\n", "    text = text.lower()\n    alphabet = alphabet_of_case(hrp, text)\n"),
    ("bech32m-mixed-prefix", "accepts mixed case in the human-readable part", '    if start == hrp.upper() + b"1":\n        return ALPHABET.upper()\n', '    if start == hrp.upper() + b"1":\n        return ALPHABET.upper()\n    if start.lower() == hrp + b"1":\n        return ALPHABET\n'),
    ("bech32m-prefix-upper-rest-lower", "does not hold the case of the data against that of the prefix", "        return ALPHABET.upper()\n", "        return ALPHABET.upper() if text[4:] == text[4:].upper() else ALPHABET\n"),
    ("bech32m-upper-case-refused", "refuses upper case", '    if start == hrp.upper() + b"1":\n        return ALPHABET.upper()\n', ""),
    ("bech32m-writes-upper-case", "writes upper case", '    return hrp + b"1" + bytes(ALPHABET[value] for value in values + checksum(hrp, values))', '    return (hrp + b"1" + bytes(ALPHABET[value] for value in values + checksum(hrp, values))).upper()'),
    ("bech32m-padding-bits-unchecked", "does not check the padding bits", PADDING, ""),
    ("bech32m-padding-bit-lowest", "checks the lowest of the padding bits only", PADDING, PADDING.replace("padding != 0", "padding & 1")),
    ("bech32m-padding-bit-highest", "checks the highest of the padding bits only", PADDING, PADDING.replace("padding != 0", "padding >> padding_bits(size) - 1")),
    ("bech32m-padding-before-checksum", "reports padding before a wrong checksum", LENGTH, "    if len(text) == text_size(size) and values[-CHECKSUM_SIZE - 1] & (1 << padding_bits(size)) - 1:\n        raise Refused(\"bad_bech32m\", len(text) - CHECKSUM_SIZE - 1)\n" + LENGTH),
    ("bech32m-length-unchecked", "does not check the length of the text, but for the checksum", LENGTH, LENGTH.replace("!=", "<")),
    ("bech32m-short-accepted", "accepts a text that is shorter and whose checksum is right", LENGTH, LENGTH.replace("len(text) != text_size(size)", "len(text) > text_size(size) or len(text) < 12")),
    ("bech32m-checksum-before-length", "reports a wrong checksum before a wrong length", LENGTH, "    if polymod(expand_hrp(hrp) + values) != CONSTANT and len(text) > text_size(size):\n        raise Refused(\"bad_bech32m\", len(text) - CHECKSUM_SIZE)\n" + LENGTH),
    ("bech32m-prefix-unchecked", "does not check the human-readable part", '    raise Refused("bad_prefix", 0)', "    return ALPHABET"),
    ("bech32m-any-known-prefix", "reads an account secret where a recovery text is wanted, and the reverse", "    alphabet = alphabet_of_case(hrp, text)\n", "    hrp = text[:3].lower() if text[:3].lower() in (b'ekr', b'ekb') else hrp\n    alphabet = alphabet_of_case(hrp, text)\n"),
    ("bech32m-trimmed", "trims white space", "    alphabet = alphabet_of_case(hrp, text)\n", "    text = text.strip()\n    alphabet = alphabet_of_case(hrp, text)\n"),
    ("bech32m-look-alikes", "reads look-alike letters: o as 0, i as l, b as 6", "    alphabet = alphabet_of_case(hrp, text)\n", "    text = text[:4] + text[4:].translate(bytes.maketrans(b'oib', b'0l6'))\n    alphabet = alphabet_of_case(hrp, text)\n"),
    ("bech32m-dashes", "leaves out dashes and spaces between characters", "    alphabet = alphabet_of_case(hrp, text)\n", "    text = text.replace(b'-', b'').replace(b' ', b'')\n    alphabet = alphabet_of_case(hrp, text)\n"),
    ("bech32m-corrects-one-error", "corrects one wrong character, as Bech32 lets it guess",
     "    if polymod(expand_hrp(hrp) + values) != CONSTANT:\n",
     # The checksum is linear: what it is off by names the one character, and by what.
     "    errors = decode.__dict__.setdefault(f'errors of {size}', {})\n"
     "    zeros = [0] * len(values)\n"
     "    errors.update({} if errors else {\n"
     "        polymod(zeros[:i] + [error] + zeros[i + 1:]) ^ polymod(zeros): (i, error)\n"
     "        for i in range(len(values)) for error in range(1, 32)})\n"
     "    at, error = errors.get(polymod(expand_hrp(hrp) + values) ^ CONSTANT, (0, 0))\n"
     "    values = [value ^ error if i == at else value for i, value in enumerate(values)]\n"
     "    if polymod(expand_hrp(hrp) + values) != CONSTANT:\n"),
) + of_module(
    "texts/secrets.py",
    ("secret-text-offset-of-bytes", "gives the offset of a fault in bytes", "bech32m.text_offset(refused.offset or 0)", "refused.offset"),
    ("secret-text-offset-of-prefix", "reports every fault of a struct at its version", "bech32m.text_offset(refused.offset or 0)", "4"),
    ("secret-text-bad-bech32m", "says bad_bech32m of every fault of a struct", "raise Refused(refused.code, bech32m", 'raise Refused("bad_bech32m", bech32m'),
    ("secret-text-code-parts-swapped", "has a code's secret and account id in each other's place", '    hrp = b"ekc"\n    version: Version = dataclasses.field(default=VERSION, init=False)\n    account_id: AccountId\n    secret: Annotated[bytes, Opaque(16)]\n', '    hrp = b"ekc"\n    version: Version = dataclasses.field(default=VERSION, init=False)\n    secret: Annotated[bytes, Opaque(16)]\n    account_id: AccountId\n'),
    ("secret-text-recovery-prefix", "writes recovery texts under the prefix of account secrets", 'hrp = b"ekr"', 'hrp = b"ekb"'),
)
