"""AES-256-SIV (section 14.1)."""

from ..mutant import of_module

COMPARE = "    if not backend.equal(s2v(mac_key, ad, plaintext), v):\n"
COUNTER = 'return b"".join(((first + i) % 2**128).to_bytes(BLOCK, "big") for i in range(count))'


def carries(bits: int) -> str:
    """The counter blocks of a client whose counter carries over this many bits only."""
    return (f'return b"".join((first >> {bits} << {bits} | (first + i) % 2**{bits}).to_bytes(BLOCK, "big")'
            " for i in range(count))")


def compares(what: str) -> str:
    return f"    s = s2v(mac_key, ad, plaintext)\n    if {what}:\n"


MUTANTS = of_module(
    "primitives/siv.py",
    ("siv-counter-8-bits", "carries the counter over 8 bits", COUNTER, carries(8)),
    ("siv-counter-16-bits", "carries the counter over 16 bits", COUNTER, carries(16)),
    ("siv-counter-31-bits", "carries the counter over 31 bits", COUNTER, carries(31)),
    ("siv-counter-little-endian", "counts in the first byte of the block",
     COUNTER, 'return b"".join(((int.from_bytes(first.to_bytes(16, "big"), "little") + i) % 2**128).to_bytes(BLOCK,'
     ' "little") for i in range(count))'),
    ("siv-counter-from-one", "increments the counter before the first block",
     COUNTER, COUNTER.replace("first + i", "first + i + 1")),
    ("siv-bit-63-kept", "does not clear the top bit of the third-last word", "    cleared[8] &= 0x7F\n", ""),
    ("siv-bit-31-kept", "does not clear the top bit of the last word", "    cleared[12] &= 0x7F\n", ""),
    ("siv-both-bits-kept", "clears neither bit of V for the counter",
     "    cleared[8] &= 0x7F\n    cleared[12] &= 0x7F\n", ""),
    ("siv-bit-cleared-too-many", "clears the top bit of every word of V",
     "    cleared[8] &= 0x7F\n", "    cleared[8] &= 0x7F\n    cleared[0] &= 0x7F\n    cleared[4] &= 0x7F\n"),
    ("siv-bits-in-wrong-bytes", "clears the top bits of bytes 7 and 11", "    cleared[8] &= 0x7F\n    cleared[12] &= 0x7F\n",
     "    cleared[7] &= 0x7F\n    cleared[11] &= 0x7F\n"),
    ("siv-clears-bytes", "clears whole bytes of V where one bit is meant",
     "    cleared[8] &= 0x7F\n    cleared[12] &= 0x7F\n", "    cleared[8] &= 0\n    cleared[12] &= 0\n"),
    ("siv-v-unchecked", "does not compare V", COMPARE, "    if False:\n"),
    ("siv-v-first-byte", "compares only the first byte of V", COMPARE, compares("s[0] != v[0]")),
    ("siv-v-first-8", "compares only the first half of V", COMPARE, compares("s[:8] != v[:8]")),
    ("siv-v-last-8", "compares only the last half of V", COMPARE, compares("s[8:] != v[8:]")),
    ("siv-v-first-12", "compares only the first 12 bytes of V", COMPARE, compares("s[:12] != v[:12]")),
    ("siv-v-all-but-last", "compares V without its last byte", COMPARE, compares("s[:15] != v[:15]")),
    ("siv-v-all-but-first", "compares V without its first byte", COMPARE, compares("s[1:] != v[1:]")),
    ("siv-v-after-clearing", "compares V after the two bits were cleared in both",
     COMPARE, compares("initial_counter(s) != initial_counter(v)")),
    ("siv-v-as-text", "compares V up to its first zero byte, as strcmp does",
     COMPARE, compares('s.partition(b"\\x00")[0] != v.partition(b"\\x00")[0]')),
    ("siv-v-length", "compares V only as far as it goes",
     "    if len(v) != BLOCK:\n        raise Refused(\"token_open_failed\")\n", "    v = v[:BLOCK].ljust(BLOCK, b'\\x00')\n"),
    ("siv-empty-plaintext-unchecked", "does not compare V where there is no ciphertext",
     COMPARE, compares("c and s != v")),
    ("siv-empty-v-zero", "gives V = 0 for the empty plaintext",
     "    return cmac(key, t)", "    return cmac(key, t) if plaintext else bytes(BLOCK)"),
    ("siv-halves-swapped-open", "takes the second half of the key for the MAC when it opens",
     '    mac_key = key[:32]\n    ctr_key = key[32:]\n    plaintext', '    mac_key = key[32:]\n    ctr_key = key[:32]\n    plaintext'),
    ("siv-halves-swapped-seal", "takes the second half of the key for the MAC when it seals",
     '    mac_key = key[:32]\n    ctr_key = key[32:]\n    v = s2v', '    mac_key = key[32:]\n    ctr_key = key[:32]\n    v = s2v'),
    ("siv-one-key-for-both", "takes the first half of the key for MAC and counter",
     "    v = s2v(mac_key, ad, plaintext)\n    return v, ctr(ctr_key, v, plaintext)",
     "    v = s2v(mac_key, ad, plaintext)\n    return v, ctr(mac_key, v, plaintext)"),
    ("siv-empty-ad-left-out", "treats an empty element of associated data as none",
     "    d = xor(double(d), cmac(key, ad))\n", "    d = xor(double(d), cmac(key, ad)) if ad else d\n"),
    ("siv-ad-left-out", "leaves the associated data out", "    d = xor(double(d), cmac(key, ad))\n", ""),
    ("siv-second-empty-ad", "adds a second, empty element of associated data",
     "    d = xor(double(d), cmac(key, ad))\n",
     "    d = xor(double(d), cmac(key, ad))\n    d = xor(double(d), cmac(key, b''))\n"),
    ("siv-ad-twice", "adds the associated data twice",
     "    d = xor(double(d), cmac(key, ad))\n",
     "    d = xor(double(d), cmac(key, ad))\n    d = xor(double(d), cmac(key, ad))\n"),
    ("siv-ad-split", "splits the associated data into two elements, of label and the rest",
     "    d = xor(double(d), cmac(key, ad))\n",
     "    for part in (ad[:19], ad[19:]):\n        d = xor(double(d), cmac(key, part))\n"),
    ("siv-s2v-no-double", "does not double between the elements",
     "    d = xor(double(d), cmac(key, ad))\n", "    d = xor(d, cmac(key, ad))\n"),
    ("siv-short-not-doubled", "does not double for a plaintext shorter than a block",
     "        t = xor(double(d), pad(plaintext))", "        t = xor(d, pad(plaintext))"),
    ("siv-xor-at-start", "XORs into the first block of the plaintext, not the last",
     "t = plaintext[:-BLOCK] + xor(plaintext[-BLOCK:], d)", "t = xor(plaintext[:BLOCK], d) + plaintext[BLOCK:]"),
    ("siv-16-bytes-are-short", "pads a plaintext of exactly one block",
     "    if len(plaintext) >= BLOCK:\n", "    if len(plaintext) > BLOCK:\n"
     "        pass\n    elif len(plaintext) == BLOCK:\n        return cmac(key, xor(double(d), plaintext))\n"
     "    if len(plaintext) >= BLOCK:\n"),
    ("siv-double-no-reduction", "shifts without the reduction", "    if carry:\n", "    if False:\n"),
    ("siv-double-reduction-1b", "reduces with the constant of 64-bit blocks", "REDUCTION = 0x87", "REDUCTION = 0x1B"),
    ("siv-cmac-subkeys-swapped", "uses the second CMAC subkey for whole blocks",
     "        last = xor(last, subkey_1)\n", "        last = xor(last, subkey_2)\n"),
    ("siv-cmac-empty-is-whole", "takes an empty message for one whole block of zeros in CMAC",
     "or [b\"\"]\n", "or [bytes(16)]\n"),
    ("siv-pad-zero", "pads with zeros without the one bit", 'return data + b"\\x80" + bytes(BLOCK - 1 - len(data))',
     "return data + bytes(BLOCK - len(data))"),
) + of_module(
    "primitives/siv.py",
    ("siv-v-length-code", "gives a V of a wrong length a code of its own", "    if len(v) != BLOCK:\n        raise Refused(\"token_open_failed\")\n", "    if len(v) != BLOCK:\n        raise Refused(\"length_out_of_range\", 0)\n"),
    ("siv-v-middle", "compares only the middle of V", COMPARE, compares("s[4:12] != v[4:12]")),
    ("siv-v-without-byte-8", "compares V without byte 8", COMPARE, compares("s[:8] + s[9:] != v[:8] + v[9:]")),
)
