"""The fields of messages that other topics do not name (section 8)."""

from ..mutant import of_module

MUTANTS = of_module(
    "wire/account_state.py",
    ("message-state-revoked-unordered", "accepts revoked ids in any order", "elements(read_agent_id, order=bytes)", "elements(read_agent_id)"),
    ("message-state-revoked-not-whole", "does not check that revoked ids are whole", "reader.vector(0, REVOKED_MAX, element_size=16)", "reader.vector(0, REVOKED_MAX)"),
    ("message-state-revoked-dropped", "writes no revoked ids", '            + vector(b"".join(self.revoked), REVOKED_MAX)\n', "            + vector(b\"\", REVOKED_MAX)\n"),
) + of_module(
    "wire/password_wrap.py",
    ("message-wrap-secret-any", "takes every number that is not 0 for an account secret", "        account_secret = reader.enum(AccountSecretUse)\n", "        account_secret = AccountSecretUse(min(reader.uint(1), 1))\n"),
    ("message-wrap-iterations-24-bits", "reads iterations in 24 bits", "        iterations = reader.uint(4)\n", "        iterations = reader.uint(4) & 0xFFFFFF\n"),
    ("message-wrap-iterations-zero-refused", "reports iterations of 0 as a fault of the format", "        iterations = reader.uint(4)\n", "        iterations = reader.uint(4)\n        if iterations == 0:\n            from ..errors import Refused\n            raise Refused('value_out_of_range', reader.position - 4)\n"),
    ("message-wrap-48-bytes", "accepts a wrapped key of 48 bytes", "        wrapped = reader.opaque(40)\n", "        wrapped = reader.opaque(48 if reader.remaining() == 48 else 40)\n"),
    ("message-wrap-counter-zero-refused", "refuses counter 0 of a wrap", "        header = Header.read(reader, MessageType.password_wrap)\n        counter = reader.counter()\n", "        header = Header.read(reader, MessageType.password_wrap)\n        counter = reader.counter()\n        if counter == 0:\n            from ..errors import Refused\n            raise Refused('value_out_of_range', reader.position - 8)\n"),
    ("message-wrap-head-longer", "reads a head from a whole wrap", "        return whole(PasswordHeader.read, data)\n", "        return PasswordHeader.read(Reader(data))\n"),
) + of_module(
    "wire/owner_vault.py",
    ("message-vault-least-71", "accepts a sealed part of 71 bytes in a vault", "reader.bytes_vector(SEALED_MIN, SEALED_MAX)", "reader.bytes_vector(SEALED_MIN - 1, SEALED_MAX)"),
    ("message-vault-least-73", "refuses a sealed part of 72 bytes in a vault", "reader.bytes_vector(SEALED_MIN, SEALED_MAX)", "reader.bytes_vector(SEALED_MIN + 1, SEALED_MAX)"),
    ("message-vault-2-byte-length", "reads a 2-byte length in a vault", "reader.bytes_vector(SEALED_MIN, SEALED_MAX)", "reader.bytes_vector(SEALED_MIN, 2**16 - 1)"),
) + of_module(
    "wire/spool_header.py",
    ("message-spool-segment-any", "accepts any segment number", "        segment = reader.counter()\n", "        segment = reader.uint(8)\n"),
) + of_module(
    "enums.py",
    ("enum-field-codes-shifted", "numbers token fields from 0", "    employee_name = 1\n    application_name = 2\n    window_title = 3\n    url = 4\n    document_name = 5\n", "    employee_name = 0\n    application_name = 1\n    window_title = 2\n    url = 3\n    document_name = 4\n"),
    ("enum-url-title-swapped", "swaps window title and URL", "    window_title = 3\n    url = 4\n", "    url = 3\n    window_title = 4\n"),
    ("enum-no-document-name", "knows no field document name", "    document_name = 5\n", ""),
    ("enum-no-voice", "knows no blobs of voice", "    voice = 21\n", ""),
    ("enum-blob-field-22", "knows a blob field more", "    voice = 21\n", "    voice = 21\n    more = 22\n"),
    ("enum-token-field-6", "knows a token field more", "    document_name = 5\n", "    document_name = 5\n    more = 6\n"),
    ("enum-record-kind-11", "knows a record kind more", "    voice = 10\n", "    voice = 10\n    more = 11\n"),
    ("enum-record-kind-zero", "knows record kind 0", "    application = 1\n", "    none = 0\n    application = 1\n"),
    ("enum-grant-kinds-swapped", "swaps master and scoped grants", "    master = 1\n    scoped = 2\n", "    scoped = 1\n    master = 2\n"),
    ("enum-category-four", "knows a category more", "    unproductive = 3\n", "    unproductive = 3\n    more = 4\n"),
    ("enum-item-three", "knows an item type more", "    token = 1\n    blob = 2\n", "    token = 1\n    blob = 2\n    more = 3\n"),
    ("enum-type-13", "knows a message type more", "    owner_state = 12\n", "    owner_state = 13\n"),
) + of_module(
    "wire/owner_vault.py",
    ("message-vault-counter-any", "accepts any counter of a vault", "        counter = reader.counter()\n", "        counter = reader.uint(8)\n"),
)
