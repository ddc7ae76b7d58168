"""The presentation language and its errors (sections 2.1 and 2.2)."""

from ..mutant import of_module

SHORT = "        if self.remaining() < size:\n            raise Refused(\"truncated\", self.position)\n"
TRAILING = "        if self.remaining() > 0:\n            raise Refused(\"trailing_bytes\", self.position)\n"
WHOLE = "        struct = cls.read(reader)\n        reader.finish()\n"
ABOVE = "        if value > self.most:\n            raise Refused(\"value_out_of_range\", start)\n"
BELOW = "        if value < self.least:\n            raise Refused(\"value_out_of_range\", start)\n"
UNKNOWN = "        if value not in self.values:\n            raise Refused(\"unknown_value\", start)\n"
FIXED = "        if reader.opaque(len(self.value)) != self.value:\n            raise Refused(self.code, start)\n"
TOO_SHORT = "        if length < self.least:\n            raise Refused(\"length_out_of_range\", start)\n"
TOO_LONG = "        if length > self.most:\n            raise Refused(\"length_out_of_range\", start)\n"
NOT_WHOLE = "        if length % element_size != 0:\n            raise Refused(\"length_out_of_range\", start)\n"
NOT_LISTED = "        if self.sizes is not None and length not in self.sizes:\n            raise Refused(\"length_out_of_range\", start)\n"
CONTENT = "        start = self.position\n        self.opaque(size)\n        return Reader(self.data, start, self.position)\n"
PREFIX = "        return (self.most.bit_length() + 7) // 8\n"
ORDER = "                if elements and last_order >= order:\n                    raise Refused(\"not_canonical\", start)\n"
SAME = "last_order >= order"
FITS = "        for name in struct.misfits():\n            raise Refused(\"value_out_of_range\", places[name])\n"
PADDED = "        if length != self.count(start):\n            raise Refused(\"length_out_of_range\", start)\n"
ZEROS = "            if byte != 0:\n                raise Refused(\"not_canonical\", offset)\n"

MUTANTS = of_module(
    "wire/reader.py",
    ("parse-one-trailing-byte", "ignores one byte behind the last field", TRAILING, TRAILING.replace("> 0", "> 1")),
    ("parse-trailing-zeros", "ignores zeros behind the last field", TRAILING, TRAILING.replace("self.remaining() > 0", "self.data[self.position:self.end].strip(b'\\x00')")),
    ("parse-trailing-newline", "ignores a line end behind the last field", TRAILING, TRAILING.replace("self.remaining() > 0", "self.data[self.position:self.end].strip(b'\\r\\n')")),
    ("parse-truncated-reads-short", "gives fewer bytes where a field is cut off", SHORT, "        size = min(size, self.remaining())\n"),
    ("parse-truncated-reads-zeros", "takes zeros for what a message lacks",
     SHORT, "        if self.remaining() < size:\n            data = self.data[self.position:self.end].ljust(size, b'\\x00')\n            self.position = self.end\n            return data\n"),
    ("parse-truncated-at-end", "reports a field that is cut off at the end of the message, not at the field", SHORT, SHORT.replace("self.position)", "self.end)")),
    ("parse-uint-little-endian", "reads numbers in little-endian", 'return int.from_bytes(self.opaque(size), "big")', 'return int.from_bytes(self.opaque(size), "little")'),
    ("parse-vector-content-short", "takes what is there of a vector that is cut off", CONTENT, CONTENT.replace("        self.opaque(size)\n", "        self.opaque(min(size, self.remaining()))\n")),
    ("parse-vector-truncated-at-prefix", "reports a vector that is cut off before its content", CONTENT,
     CONTENT.replace("        self.opaque(size)\n", "        if self.remaining() < size:\n            raise Refused(\"truncated\", start - 1)\n        self.opaque(size)\n")),
    ("parse-element-past-vector", "lets the last element of a vector read on behind it", CONTENT, CONTENT.replace("start, self.position)", "start, self.end)")),
) + of_module(
    "wire/kinds.py",
    ("parse-trailing-bytes", "ignores bytes behind the last field", WHOLE, "        struct = cls.read(reader)\n"),
    ("parse-number-most-unchecked", "sets no greatest value to numbers", ABOVE, ""),
    ("parse-number-most-one-more", "accepts one more than the greatest value of a number", ABOVE, ABOVE.replace("self.most:", "self.most + 1:")),
    ("parse-number-most-itself", "refuses the greatest value of a number", ABOVE, ABOVE.replace(">", ">=")),
    ("parse-number-most-offset", "reports a number that is too great behind it", ABOVE, ABOVE.replace("start)", "reader.position)")),
    ("parse-counter-signed", "reads counters as signed, so that those from 2^63 on pass", ABOVE, ABOVE.replace("value > self.most", "self.most < value < 2**63")),
    ("parse-counter-float", "rounds counters to double precision before it compares", ABOVE, "        value = int(float(value)) if self.count == 8 else value\n" + ABOVE.replace("self.most:", "self.most + (self.count == 8):")),
    ("parse-counter-32-bits", "accepts numbers up to 2^32 - 1 only", ABOVE, ABOVE.replace("self.most:", "min(self.most, 2**32 - 1):")),
    ("parse-number-least-unchecked", "sets no least value to numbers", BELOW, ""),
    ("parse-number-least-itself", "refuses the least value of a number, unless that is 0", BELOW, BELOW.replace("value < self.least", "value <= self.least and self.least")),
    ("parse-epoch-signed", "refuses epochs and generations from 2^31 on", BELOW, BELOW.replace("value < self.least", "value < self.least or self.count == 4 and self.least == 1 and value >= 2**31")),
    ("parse-enum-any", "accepts any value of an enumeration", "        return self.enumeration(super().read(reader))\n",
     "        value = reader.uint(1)\n        if value not in self.values:\n            return int.__new__(type('Any', (int,), {'name': 'any'}), value)\n        return self.enumeration(value)\n"),
    ("parse-enum-zero", "accepts 0 for the first value of an enumeration", UNKNOWN, "        if value == 0 and 0 not in self.values:\n            value = 1\n" + UNKNOWN),
    ("parse-enum-range", "takes an enumeration for all values from its first to its last, and one more", UNKNOWN, "        if value == max(self.values) + 1:\n            return max(self.values)\n" + UNKNOWN),
    ("parse-enum-code", "reports an unknown value as out of range", UNKNOWN, UNKNOWN.replace("unknown_value", "value_out_of_range")),
    ("parse-constant-unchecked", "does not compare magic and version", FIXED, "        reader.opaque(len(self.value))\n"),
    ("parse-constant-first-byte", "compares only the first byte of the magic", FIXED, FIXED.replace("reader.opaque(len(self.value)) != self.value", "reader.opaque(len(self.value))[:1] != self.value[:1]")),
    ("parse-constant-last-byte", "compares only the last byte of the magic", FIXED, FIXED.replace("reader.opaque(len(self.value)) != self.value", "reader.opaque(len(self.value))[-1:] != self.value[-1:]")),
    ("parse-magic-any-case", "compares the magic without its case", FIXED, FIXED.replace("reader.opaque(len(self.value)) != self.value", "reader.opaque(len(self.value)).upper() != self.value.upper()")),
    ("parse-version-zero", "accepts version 0 as well", FIXED, FIXED.replace("reader.opaque(len(self.value)) != self.value", "reader.opaque(len(self.value)) not in (self.value, b'\\x00')")),
    ("parse-version-newer", "accepts newer versions", FIXED, FIXED.replace("reader.opaque(len(self.value)) != self.value", "(given := reader.opaque(len(self.value))) != self.value and not (self.value == b'\\x01' and given > self.value)")),
    ("parse-vector-least-unchecked", "sets no least length to vectors", TOO_SHORT, ""),
    ("parse-vector-least-itself", "refuses vectors of the least length, unless that is 0", TOO_SHORT, TOO_SHORT.replace("length < self.least", "length <= self.least and self.least > 0")),
    ("parse-vector-most-unchecked", "sets no greatest length to vectors", TOO_LONG, ""),
    ("parse-vector-element-size-unchecked", "does not check that a vector holds whole elements", NOT_WHOLE, ""),
    ("parse-vector-sizes-unchecked", "accepts lengths between those that are listed", NOT_LISTED, ""),
    ("parse-vector-content-first", "checks whether the content is there before it checks the length", TOO_SHORT, "        if reader.remaining() < length:\n            raise Refused(\"truncated\", reader.position)\n" + TOO_SHORT),
    ("parse-vector-length-offset", "reports a wrong length behind the length prefix", TOO_LONG, TOO_LONG.replace("start)", "reader.position)")),
    ("parse-vector-prefix-always-2", "reads length prefixes of at most 2 bytes", PREFIX, "        return min(2, (self.most.bit_length() + 7) // 8)\n"),
    ("parse-vector-prefix-4", "reads length prefixes of 4 bytes where 3 are enough", PREFIX, PREFIX.rstrip("\n") + " + (self.most >= 2**16)\n"),
    ("parse-vector-prefix-2-16", "reads a 2-byte prefix for a vector of up to 65,536 bytes", PREFIX, "        return 2 if self.most == 2**16 else (self.most.bit_length() + 7) // 8\n"),
    ("parse-order-unchecked", "does not check the order of elements", ORDER, ""),
    ("parse-order-equal", "accepts an element twice", ORDER, ORDER.replace(">=", ">")),
    ("parse-order-descending", "wants elements in descending order", ORDER, ORDER.replace(">=", "<=")),
    ("parse-order-first-pair", "checks only the order of the first two elements", ORDER, ORDER.replace("elements and", "len(elements) == 1 and")),
    ("parse-order-first-byte", "compares only the first byte of elements", ORDER, ORDER.replace(SAME, "last_order[:1] > order[:1]")),
    ("parse-order-signed", "orders elements by signed bytes", ORDER, ORDER.replace(SAME, "[b ^ 128 for b in last_order] >= [b ^ 128 for b in order]")),
    ("parse-order-little-endian", "orders elements as little-endian numbers", ORDER, ORDER.replace(SAME, "last_order[::-1] >= order[::-1]")),
    ("parse-order-offset", "reports a wrong order at the end of the later element", ORDER, ORDER.replace("start)", "content.position)")),
    ("parse-count-unlimited", "sets no limit to the number of elements", "            if len(elements) == self.at_most:\n                raise Refused(\"length_out_of_range\", start)\n", ""),
    ("parse-count-one-more", "accepts one element too many", "            if len(elements) == self.at_most:\n", "            if self.at_most is not None and len(elements) == self.at_most + 1:\n"),
    ("parse-rest-least-unchecked", "sets no least size to the last field of a blob", "        if reader.remaining() < self.least:\n            raise Refused(\"truncated\", reader.position)\n", ""),
    ("parse-fit-unchecked", "does not hold the fields of a struct against each other", FITS, ""),
    ("parse-fit-offset", "reports a field that does not fit at the start of the message", FITS, FITS.replace("places[name]", "0")),
    ("parse-within-rest", "ignores bytes behind a struct within a vector", "        value = self.struct.read(content)\n        content.finish()\n", "        value = self.struct.read(content)\n"),
    ("parse-padding-any-length", "accepts padding of any length", PADDED, ""),
    ("parse-padding-longer", "accepts more padding than is needed", PADDED, PADDED.replace("length != self.count(start)", "length < self.count(start)")),
    ("parse-padding-any-bytes", "accepts padding of any bytes", ZEROS, "            pass\n"),
    ("parse-padding-last-byte", "looks only at the first byte of the padding", ZEROS, ZEROS.replace("byte != 0", "byte != 0 and offset == start + 2")),
    ("write-padding-multiple", "pads to a multiple of 1,024", "        return -(before + self.prefix_size()) % self.multiple\n", "        return -(before + self.prefix_size()) % 1_024\n"),
    ("write-padding-without-prefix", "leaves the length of the padding out when it pads", "        return -(before + self.prefix_size()) % self.multiple\n", "        return -before % self.multiple\n"),
) + of_module(
    "wire/header.py",
    ("header-version-unchecked", "does not check the version", "        VERSION.read(reader)\n", "        reader.opaque(1)\n"),
    ("header-version-as-magic", "reports an unknown version as a wrong magic", 'VERSION = Constant(b"\\x01", "unknown_version")', 'VERSION = Constant(b"\\x01", "bad_magic")'),
    ("header-version-before-magic", "reports an unknown version before a wrong magic", "        MAGIC.read(reader)\n        VERSION.read(reader)\n", "        start = reader.position\n        if reader.remaining() >= 3 and reader.data[start + 2] != 1:\n            raise Refused('unknown_version', start + 2)\n        MAGIC.read(reader)\n        VERSION.read(reader)\n"),
    ("header-type-unchecked", "does not check the type of a message", "        if number not in self.types:\n            raise Refused(\"unexpected_type\", type_start)\n", "        number = number if number in self.types else self.types[0]\n"),
    ("header-type-any-known", "accepts a message of another known type", "        if number not in self.types:\n", "        if number not in list(MessageType):\n"),
    ("header-type-unknown-value", "says unknown_value of a type that is not listed", "        if number not in self.types:\n", "        if number not in list(MessageType):\n            raise Refused('unknown_value', type_start)\n        if number not in self.types:\n"),
    ("header-type-after-account", "checks the type when the whole header was read", "        if number not in self.types:\n            raise Refused(\"unexpected_type\", type_start)\n        account_id = reader.opaque(16)\n", "        account_id = reader.opaque(16)\n        if number not in self.types:\n            raise Refused(\"unexpected_type\", type_start)\n"),
    ("header-epoch-zero", "accepts epoch 0 in headers", "        if not self.no_epoch and not self.any_epoch and epoch == 0:\n            raise Refused(\"value_out_of_range\", epoch_start)\n", ""),
    ("header-epoch-where-none", "accepts an epoch where it must be 0", "        if self.no_epoch and epoch != 0:\n            raise Refused(\"value_out_of_range\", epoch_start)\n", ""),
    ("header-epoch-signed", "refuses epochs from 2^31 on in headers", "        if self.no_epoch and epoch != 0:\n", "        if epoch >= 2**31 or self.no_epoch and epoch != 0:\n"),
    ("header-epoch-16-bits", "reads only the last two bytes of an epoch", "        epoch = reader.uint(4)\n", "        epoch = reader.uint(4) & 0xFFFF\n"),
    ("header-account-id-zero-refused", "refuses an account id that begins with a zero byte", "        account_id = reader.opaque(16)\n", "        account_id = reader.opaque(16)\n        if account_id[:1] == b'\\x00':\n            raise Refused('bad_magic', 4)\n"),
)
