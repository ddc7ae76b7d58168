"""Captures, records, batches and rule sets (sections 13.3, 16.1 and 16.4)."""

from ..mutant import of_module

EPOCHS = '    if any(token.epoch != batch.header.epoch for token in batch.tokens()):\n        raise Refused("epoch_mismatch")\n'
REPAIRED = 'repaired = text.decode("utf-8", "replace").encode("utf-8")'
CUT = "    end = min(len(repaired), TOKEN_VALUE_MAX)\n"
WHOLE = "    while end < len(repaired) and is_continuation(repaired[end]):\n        end -= 1\n"
ACCOUNT = '            if capture.header.account_id != self.account_id:\n                raise Refused("wrong_account")\n'
RECORD = "Record(capture.kind, capture.start, capture.duration, items)"
SORT = "    rules.sort(key=lambda rule: rule.token.write())\n"
SEEN = "[definition for definition in definitions if definition.seen]"
EPOCHS_OF_RULE = "    for of_epoch in sorted({epoch, *definition.past}):\n"
NONE = "    if expected_hash == NO_HASH:\n        return\n"
MISSING = '    if message is None:\n        raise Refused("chain_broken")\n'
HASH = '    if backend.sha256(message) != expected_hash:\n        raise Refused("chain_broken")\n'
PARSE = "    rule_set = RuleSet.parse(message)\n"
RULES_ACCOUNT = '    if rule_set.header.account_id != account_id:\n        raise Refused("wrong_account")\n'
RULES_EPOCH = '    if rule_set.header.epoch != epoch:\n        raise Refused("epoch_mismatch")\n'

MUTANTS = of_module(
    "batches.py",
    ("batch-sign-epochs-unchecked", "signs tokens of another epoch, and counts them", EPOCHS, "    pass\n"),
    ("batch-epochs-first-token", "looks only at the epoch of the first token", EPOCHS, EPOCHS.replace("in batch.tokens())", "in batch.tokens()[:1])")),
    ("batch-epochs-last-token", "looks only at the epoch of the last token", EPOCHS, EPOCHS.replace("in batch.tokens())", "in batch.tokens()[-1:])")),
    ("batch-epochs-newer-only", "refuses only tokens of a newer epoch", EPOCHS, EPOCHS.replace("token.epoch != ", "token.epoch > ")),
    ("batch-state-of-one", "names every state by generation 1", "state.generation,\n", "1,\n"),
) + of_module(
    "captures.py",
    ("capture-not-repaired", "takes a captured text as it is", REPAIRED, "repaired = text"),
    ("capture-ill-formed-left-out", "leaves ill-formed UTF-8 out", REPAIRED, REPAIRED.replace('"replace"', '"ignore"')),
    ("capture-byte-by-byte", "makes a U+FFFD of every ill-formed byte", REPAIRED, 'repaired = "".join("\\ufffd" if "\\udc80" <= c <= "\\udcff" else c for c in text.decode("utf-8", "surrogateescape")).encode("utf-8")'),
    ("capture-question-marks", "makes a question mark of ill-formed UTF-8", REPAIRED, REPAIRED.replace('.encode("utf-8")', '.replace("\\ufffd", "?").encode("utf-8")')),
    ("capture-latin-1", "reads ill-formed UTF-8 as Latin-1", REPAIRED, REPAIRED + '\n    if "\\ufffd" in repaired.decode("utf-8"):\n        repaired = text.decode("latin-1").encode("utf-8")'),
    ("capture-cut-before-repair", "cuts a text before it repairs it", REPAIRED, REPAIRED.replace("text.decode", "text[:TOKEN_VALUE_MAX].decode")),
    ("capture-not-cut", "does not cut a text", CUT, "    end = len(repaired)\n"),
    ("capture-cut-at-4096", "cuts a text at 4,096 bytes", CUT, CUT.replace("TOKEN_VALUE_MAX)", "TOKEN_VALUE_MAX + 1)")),
    ("capture-cut-at-4095-characters", "cuts a text at 4,095 characters", CUT, "    end = min(len(repaired), len(repaired.decode()[:TOKEN_VALUE_MAX].encode()))\n"),
    ("capture-cut-within-character", "cuts a text within a character", WHOLE, ""),
    ("capture-cut-one-byte-more", "cuts one byte at most of a character", WHOLE, WHOLE.replace("    while", "    if")),
    ("capture-cut-at-mark", "cuts a character that ends with the text", WHOLE, "    while end and is_continuation(repaired[end - 1]):\n        end -= 1\n"),
    ("capture-account-unchecked", "makes records of another account's captures", ACCOUNT, ""),
    ("capture-kind-lost", "makes every record one of an application", RECORD, RECORD.replace("capture.kind", "type(capture.kind)(1)")),
    ("capture-start-lost", "lets every record begin at 0", RECORD, RECORD.replace("capture.start", "0")),
    ("capture-duration-lost", "lets every record take no time", RECORD, RECORD.replace("capture.duration", "0")),
    ("capture-value-unrepaired", "refuses a captured text that is not UTF-8", "self.epoch, field, token_value(text)))", "self.epoch, field, text))"),
    ("capture-salts-from-end", "takes the salts from the last on", "left.pop(0)", "left.pop()"),
    ("capture-reference-of-content", "refers to the hash of a blob's content", "        return Item.of(blobs.reference_to(blob)), blob.write()\n", "        from . import backend\n        reference = blobs.reference_to(blob)\n        reference.digest = backend.sha256(content)\n        return Item.of(reference), blob.write()\n"),
) + of_module(
    "blobs.py",
    ("reference-length-of-sealed", "refers to the length of a blob's sealed part", "BlobReference(blob.field, len(message), backend.sha256(message))", "BlobReference(blob.field, len(blob.sealed), backend.sha256(message))"),
    ("reference-digest-of-sealed", "refers to the hash of a blob's sealed part", "BlobReference(blob.field, len(message), backend.sha256(message))", "BlobReference(blob.field, len(message), backend.sha256(blob.sealed))"),
) + of_module(
    "rules.py",
    ("rules-unseen-published", "publishes rules for values that were not seen", SEEN, "list(definitions)"),
    ("rules-unseen-past-published", "publishes past rules for values that were not seen", SEEN, "[definition for definition in definitions if definition.seen or definition.past]"),
    ("rules-order-of-definitions", "keeps the order of the definitions", SORT, ""),
    ("rules-order-by-v", "sorts rules by V", SORT, SORT.replace("rule.token.write()", "rule.token.v")),
    ("rules-order-descending", "sorts rules in descending order", SORT, SORT.replace("write())", "write(), reverse=True)")),
    ("rules-order-signed", "sorts rules by signed bytes", SORT, SORT.replace("rule.token.write()", "bytes(b ^ 128 for b in rule.token.write())")),
    ("rules-order-by-epoch", "sorts rules by epoch, then field", SORT, SORT.replace("rule.token.write()", "(rule.token.epoch, rule.token.write())")),
    ("rules-of-now-only", "makes no rules for tokens of past epochs", EPOCHS_OF_RULE, "    for of_epoch in [epoch]:\n"),
    ("rules-of-past-only", "makes no rules for tokens of now where there are past ones", EPOCHS_OF_RULE, "    for of_epoch in sorted(set(definition.past) or {epoch}):\n"),
    ("rules-of-first-past-only", "makes rules of one past epoch only", EPOCHS_OF_RULE, "    for of_epoch in sorted({epoch, *definition.past[:1]}):\n"),
    ("rules-token-of-now", "makes past tokens for the epoch of now", "seal_token(key, account_id, of_epoch, definition.field, definition.value)", "seal_token(key, account_id, epoch, definition.field, definition.value)"),
    ("rules-one-key-of-epoch", "takes the first of an epoch's keys only", "        for key in keys_of(of_epoch, keys):\n", "        for key in keys_of(of_epoch, keys)[:1]:\n"),
    ("rules-keys-before-values", "looks for keys before it looks at the values", "    for definition in seen:\n        check_value(definition.value)\n", ""),
    ("rules-value-lower-case", "lowers the case of rule values", "definition.field, definition.value)", "definition.field, definition.value.lower())"),
    ("rules-none-opened", "refuses that there is no rule set", NONE, ""),
    ("rules-missing-accepted", "takes a rule set that is missing for none", MISSING, MISSING.replace('raise Refused("chain_broken")', "return")),
    ("rules-hash-unchecked", "does not hold a rule set against the vault's hash", HASH, ""),
    ("rules-hash-first-half", "compares only half of the rule set's hash", HASH, HASH.replace("backend.sha256(message) != expected_hash", "backend.sha256(message)[:16] != expected_hash[:16]")),
    ("rules-hash-after-parsing", "parses a rule set before it holds it against the vault's hash", HASH + PARSE, PARSE + HASH),
    ("rules-account-unchecked", "does not compare the account of a rule set", RULES_ACCOUNT, ""),
    ("rules-epoch-unchecked", "does not compare the epoch of a rule set", RULES_EPOCH, ""),
    ("rules-epoch-older-only", "refuses only a rule set of an older epoch", RULES_EPOCH, RULES_EPOCH.replace("!=", "<")),
    ("rules-epoch-newer-only", "refuses only a rule set of a newer epoch", RULES_EPOCH, RULES_EPOCH.replace("!=", ">")),
    ("rules-epoch-before-account", "looks at the epoch before the account", RULES_ACCOUNT + RULES_EPOCH, RULES_EPOCH + RULES_ACCOUNT),
)
