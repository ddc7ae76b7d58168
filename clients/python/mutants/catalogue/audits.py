"""Audits and totals (sections 16.2 and 16.3)."""

from ..mutant import of_module


def refusal(condition: str, code: str) -> str:
    return f'        if {condition}:\n            raise Refused("{code}")\n'


ACCOUNT = refusal("batch.header.account_id != self.account_id", "wrong_account")
KNOWN = refusal("batch.agent_id not in self.requests", "unknown_agent")
OTHER = refusal("batch.agent_id != self.agent_id", "wrong_recipient")
SIGNED = "        signature.check(self.verify_key(), message)\n\n    def verify_key"
MISSING = refusal("message is None", "unknown_agent")
UNPARSED = '        except Refused:\n            raise Refused("unknown_agent") from None\n        if request'
CERTIFIED = refusal("keys.agent_id(request.modulus, request.verify_key) != self.agent_id", "unknown_agent")
REQUESTED = refusal("request.header.account_id != self.account_id", "unknown_agent")
ERASED = "        if self.is_erased(one.batch):\n            return\n"
GONE_RANGE = "        self.passed_over.append(Range(1, number))\n"
BELOW = "        if number > self.kept.sequence:\n            if not expired:\n"
TAKEN = "            self.kept = Kept(number, hash)\n"
EXPIRED = "batch.made + self.retention_days * DAY < self.now"
NEXT = "        expired = self.has_expired(self.next_after_mark(given))\n"
NEXT_OF = "            if (batch.agent_id, batch.sequence) != (self.agent_id, self.mark.sequence + 1):\n                continue\n"
NEXT_ACCOUNT = "            if batch is None or batch.header.account_id != self.account_id:\n                continue\n            if (batch.agent_id"
NEXT_LINKED = "batch.previous == self.mark.hash and self.is_signed(one.message)"
ANY = "            expired = expired or self.has_expired(one.batch)\n"
WITHIN = "return any(erasure.first <= batch.sequence <= erasure.last for erasure in self.passed_over)"
REPEAT = '        if batch.sequence > self.mark.sequence:\n            return\n        hash = self'
UNKNOWN = refusal("hash is None", "chain_broken")
SAME = refusal("hash == backend.sha256(message)", "sequence_repeat")
GONE = refusal("self.status != MemberStatus.granted", "revoked")
GAP = '            notes.append("sequence_gap")\n'
BEYOND = "        if batch.sequence > self.mark.sequence + 1:\n"
LINK = '        elif batch.previous != self.mark.hash:\n            raise Refused("chain_broken")\n'
NOTE = "next((note for note in self.notes if note.hash == batch.state), None)"
UNNOTED = "            notes.append(self.unknown_state(batch))\n"
ABOVE = "        if pair > max(note.pair() for note in self.notes):\n"
BACK = refusal("note is not None and note.pair() < self.mark.pair", "counter_rollback")
EPOCH = refusal("note is not None and batch.header.epoch != note.epoch", "epoch_mismatch")
EPOCHS = "        check_token_epochs(batch)\n        self.open_tokens(batch)\n        if note"
STALE = "        if note is not None and self.is_stale(batch, note):\n"
LATER = "[other for other in self.notes if other.pair() > note.pair() and other.epoch != note.epoch]"
LATE = "return any(batch.made > other.made + STALE_AFTER for other in later)"
RAISED = "        pair = self.mark.pair if note is None else max(self.mark.pair, note.pair())\n"
MOVED = "        self.mark = Mark(batch.sequence, backend.sha256(message), pair)\n"
TOTAL = "self.totals[key] = self.totals.get(key, 0) + record.duration"
COUNT = "        if counted:\n            self.count(one.batch, one.message, note)\n"
FINDING = "        self.findings += [Finding(code, one.place) for code in notes]\n"
FOUND = "            self.count_history(one.place, one.batch)\n"
CHECK_SIGNATURE = "        signature.check(self.verify_key(), message)\n"
ERASURE = "            if erasure is not None:\n                self.passed_over.append(erasure)\n"
WALKED = "        while number > 0:\n"
KEPT_HASH = "            if number == self.kept.sequence and hash != self.kept.hash:\n"
HISTORY_GAP = '                self.findings.append(Finding("sequence_gap", None, number))\n'
SORTED = "        forwards.sort(key=lambda one: one.batch.sequence if one.batch else 0)\n"
UNSEEN = "            if range.last > audited:\n"

MUTANTS = of_module(
    "audit.py",
    ("audit-account-unchecked", "counts batches of another account", ACCOUNT, ""),
    ("audit-other-agent-counted", "counts batches of other members", OTHER, ""),
    ("audit-unknown-as-recipient", "says wrong_recipient for an agent that is no member", KNOWN + OTHER, OTHER + KNOWN),
    ("audit-signature-unchecked", "does not verify signatures of batches", SIGNED, "\n    def verify_key"),
    ("audit-signature-before-agent", "verifies the signature before it looks whose audit this is", OTHER + SIGNED, CHECK_SIGNATURE + OTHER + "\n    def verify_key"),
    ("audit-request-of-other-account", "takes the key of a request of another account", REQUESTED, ""),
    ("audit-request-before-agent", "looks for the member's request before it looks whose batch this is", OTHER, "        self.verify_key()\n" + OTHER),
    ("audit-request-missing-code", "says signature_invalid where a request is missing", MISSING, MISSING.replace("unknown_agent", "signature_invalid")),
    ("audit-request-unparsed-code", "tells what is wrong with a member's request", UNPARSED, "        except Refused:\n            raise\n        if request"),
    ("audit-request-of-anybody", "takes the key of a request that is not the member's", CERTIFIED, ""),
    ("audit-erased-found", "finds batches of what was erased", ERASED, ""),
    ("audit-erased-silent-always", "passes over every old batch", ERASED, "        if one.batch.sequence <= self.mark.sequence:\n            return\n"),
    ("audit-erased-before-signature", "passes over what was erased before it verifies signatures", "        try:\n            self.check_sender(one.batch, one.message)\n", "        if self.is_erased(one.batch):\n            return\n        try:\n            self.check_sender(one.batch, one.message)\n"),
    ("audit-gone-found", "finds batches of what is gone", GONE_RANGE, ""),
    ("audit-gone-itself-alone", "shows only the newest batch that is gone", GONE_RANGE, GONE_RANGE.replace("Range(1, ", "Range(number, ")),
    ("audit-kept-ends-the-walk", "goes no further back than what retention is said to have taken", WALKED, "        while number > self.kept.sequence:\n"),
    ("audit-kept-ends-the-walk-below", "goes back to what retention is said to have taken, and no further", WALKED, "        while number >= max(self.kept.sequence, 1):\n"),
    ("audit-kept-itself-missed", "finds the newest batch that retention took where it is missing", BELOW, BELOW.replace(">", ">=")),
    ("audit-kept-found-missing", "finds what is missing whatever the vault says of it", BELOW, BELOW.replace("number > self.kept.sequence", "True")),
    ("audit-kept-covers-all", "takes whatever is missing for what retention took, where it took anything", BELOW, BELOW.replace("number > self.kept.sequence", "self.kept.sequence == 0")),
    ("audit-taken-unnoted", "does not note what retention took", TAKEN, ""),
    ("audit-taken-one-less", "notes one batch less than retention took", TAKEN, TAKEN.replace("Kept(number,", "Kept(number - 1,")),
    ("audit-expired-always", "takes whatever is missing behind another batch for what retention took", EXPIRED, "True"),
    ("audit-expired-never", "takes nothing for what retention took but what the vault says", EXPIRED, "False"),
    ("audit-expired-itself", "takes a batch that is as old as it may be for one that is older", EXPIRED, EXPIRED.replace("<", "<=")),
    ("audit-expired-by-the-next-alone", "looks at the batch behind the mark alone for what is past its days", ANY, ""),
    ("audit-expired-by-the-nearest", "looks at the batch behind the one that is missing alone", ANY, ANY.replace("expired or ", "")),
    ("audit-expired-by-history-alone", "does not look at the batch behind the mark for what is past its days", NEXT, "        expired = False\n"),
    ("audit-expired-by-any-number", "takes any batch that names the mark for the next", NEXT_OF, NEXT_OF.replace("(batch.agent_id, batch.sequence) != (self.agent_id, self.mark.sequence + 1)", "batch.agent_id != self.agent_id")),
    ("audit-expired-by-any-after", "takes any batch behind the mark for the next", NEXT_OF + "            if " + NEXT_LINKED, NEXT_OF.replace("(batch.agent_id, batch.sequence) != (self.agent_id, self.mark.sequence + 1)", "batch.agent_id != self.agent_id or batch.sequence <= self.mark.sequence") + "            if self.is_signed(one.message)"),
    ("audit-expired-by-another-member", "takes another member's batch for the next", NEXT_OF, NEXT_OF.replace("(batch.agent_id, batch.sequence) != (self.agent_id, self.mark.sequence + 1)", "batch.sequence != self.mark.sequence + 1")),
    ("audit-expired-by-another-account", "takes a batch of another account for the next", NEXT_ACCOUNT, NEXT_ACCOUNT.replace(" or batch.header.account_id != self.account_id", "")),
    ("audit-expired-by-another-line", "takes a batch of another line for the next", NEXT_LINKED, "self.is_signed(one.message)"),
    ("audit-expired-unsigned", "takes a batch that nobody signed for the next", NEXT_LINKED, "batch.previous == self.mark.hash"),
    ("audit-within-erasure-found", "finds batches within an erasure", WITHIN, "return False"),
    ("audit-within-erasure-last-only", "passes over the last batch of an erasure only", WITHIN, WITHIN.replace("erasure.first <= batch.sequence <= erasure.last", "batch.sequence == erasure.last")),
    ("audit-within-any-erasure", "passes over erasures that the line does not lead to", WITHIN, WITHIN.replace("self.passed_over", "self.erasures")),
    ("audit-sequence-unchecked", "counts a batch again", REPEAT, REPEAT.replace("        if batch.sequence > self.mark.sequence:\n            return\n", "        if batch.sequence:\n            return\n")),
    ("audit-sequence-same-counted", "counts another batch of the same number", REPEAT, REPEAT.replace(">", ">=")),
    ("audit-sequence-32-bits", "compares sequences in 32 bits", REPEAT, REPEAT.replace("batch.sequence > self.mark.sequence", "batch.sequence % 2**32 > self.mark.sequence % 2**32")),
    ("audit-fork-as-repeat", "says sequence_repeat for a fork", '        raise Refused("sequence_fork")', '        raise Refused("sequence_repeat")'),
    ("audit-repeat-as-fork", "says sequence_fork for a repeated batch", SAME, SAME.replace("sequence_repeat", "sequence_fork")),
    ("audit-unknown-as-repeat", "says sequence_repeat where no hash of a number is known", UNKNOWN, UNKNOWN.replace("chain_broken", "sequence_repeat")),
    ("audit-unknown-as-fork", "says sequence_fork where no hash of a number is known", UNKNOWN, UNKNOWN.replace("chain_broken", "sequence_fork")),
    ("audit-counted-forgotten", "forgets the hashes of what it counted", "        self.known[batch.sequence] = self.mark.hash\n", ""),
    ("audit-history-forgotten", "forgets the hashes of history", "            self.known[number] = hash\n", "            self.known.setdefault(self.mark.sequence, self.mark.hash)\n"),
    ("audit-gone-counted", "counts batches of who went", GONE, ""),
    ("audit-gone-retired-counted", "counts batches of who was retired", GONE, GONE.replace("!= MemberStatus.granted", "== MemberStatus.removed")),
    ("audit-gone-before-repeat", "says revoked of a batch that was counted", "        self.check_repeat(batch, message)\n" + GONE, GONE + "        self.check_repeat(batch, message)\n"),
    ("audit-gap-unnoticed", "does not report a gap", GAP, "            pass\n"),
    ("audit-gap-not-counted", "does not count the batch behind a gap", GAP, '            raise Refused("sequence_gap")\n'),
    ("audit-gap-chain-checked", "checks the chain over a gap", LINK, LINK.replace("        elif", "        if")),
    ("audit-gap-of-two", "notices only gaps of two batches or more", BEYOND, BEYOND.replace("+ 1", "+ 2")),
    ("audit-gap-at-start", "does not notice that the first batches are missing", GAP, '            if self.mark.sequence > 0:\n                notes.append("sequence_gap")\n'),
    ("audit-chain-unchecked", "does not check the chain", LINK, ""),
    ("audit-chain-counted", "counts a batch that breaks the chain", LINK, LINK.replace('raise Refused("chain_broken")', 'notes.append("chain_broken")')),
    ("audit-chain-first-half", "compares only the first half of the chain's hash", LINK, LINK.replace("batch.previous != self.mark.hash", "batch.previous[:16] != self.mark.hash[:16]")),
    ("audit-chain-first-batch", "does not check the first batch's link", LINK, LINK.replace("elif batch", "elif self.mark.sequence > 0 and batch")),
    ("audit-chain-of-unsigned", "chains batches by the hash without the signature", MOVED, MOVED.replace("sha256(message)", "sha256(message[:-64])")),
    ("audit-note-by-pair", "looks for a batch's state by its numbers alone", NOTE, NOTE.replace("note.hash == batch.state", "note.pair() == (batch.state_generation, batch.state_counter)")),
    ("audit-note-by-hash-and-pair", "wants hash and numbers of a batch's state to be noted together", NOTE, NOTE.replace("note.hash == batch.state", "note.hash == batch.state and note.pair() == (batch.state_generation, batch.state_counter)")),
    ("audit-note-half-hash", "compares only half of the hash of a batch's state", NOTE, NOTE.replace("note.hash == batch.state", "note.hash[:16] == batch.state[:16]")),
    ("audit-state-unnoticed", "does not report a state that it does not know", UNNOTED, "            pass\n"),
    ("audit-state-not-counted", "does not count a batch of a state that it does not know", UNNOTED, "            raise Refused(self.unknown_state(batch))\n"),
    ("audit-withheld-always", "says state_withheld for every state that it does not know", ABOVE, "        if True:\n"),
    ("audit-withheld-never", "says state_fork for every state that it does not know", ABOVE, "        if False:\n"),
    ("audit-withheld-itself", "says state_withheld for another state of the newest pair", ABOVE, ABOVE.replace("pair > max", "pair >= max")),
    ("audit-withheld-by-counter", "compares only counters with the newest note", ABOVE, ABOVE.replace("pair > max(note.pair() for note in self.notes)", "pair[1] > max(note.counter for note in self.notes)")),
    ("audit-withheld-by-generation", "compares only generations with the newest note", ABOVE, ABOVE.replace("pair > max(note.pair() for note in self.notes)", "pair[0] > max(note.generation for note in self.notes)")),
    ("audit-withheld-first-note", "compares with the oldest note", ABOVE, ABOVE.replace("max(", "min(")),
    ("audit-state-back-counted", "counts a batch whose state goes back", BACK, BACK.replace('raise Refused("counter_rollback")', 'notes.append("counter_rollback")')),
    ("audit-state-back-unchecked", "does not look whether the state goes back", BACK, ""),
    ("audit-state-back-by-counter", "compares only counters with the mark", BACK, BACK.replace("note.pair() < self.mark.pair", "note.counter < self.mark.pair[1]")),
    ("audit-state-back-as-said", "takes the pair that a batch says", BACK, BACK.replace("note.pair() < self.mark.pair", "(batch.state_generation, batch.state_counter) < self.mark.pair")),
    ("audit-state-back-without-note", "compares the pair that a batch says where there is no note", BACK, refusal("(note.pair() if note else (batch.state_generation, batch.state_counter)) < self.mark.pair", "counter_rollback")),
    ("audit-state-same-refused", "refuses a batch of the same state", BACK, BACK.replace("<", "<=")),
    ("audit-epoch-unchecked", "does not hold a batch's epoch against its state", EPOCH, ""),
    ("audit-epoch-newer-only", "refuses only a newer epoch than the state's", EPOCH, EPOCH.replace("!= note.epoch", "> note.epoch")),
    ("audit-epoch-before-rollback", "looks at the epoch before it looks whether the state goes back", BACK + EPOCH, EPOCH + BACK),
    ("audit-epochs-unchecked", "does not look at epochs of tokens in an audit", EPOCHS, EPOCHS.replace("        check_token_epochs(batch)\n", "")),
    ("audit-tokens-unopened", "counts tokens that do not open", EPOCHS, EPOCHS.replace("        self.open_tokens(batch)\n", "")),
    ("audit-tokens-before-epochs", "opens tokens before it looks at their epochs", EPOCHS, EPOCHS.replace("        check_token_epochs(batch)\n        self.open_tokens(batch)\n", "        self.open_tokens(batch)\n        check_token_epochs(batch)\n")),
    ("audit-tokens-noted", "counts a batch with a token that does not open", EPOCHS, EPOCHS.replace("        self.open_tokens(batch)\n", "        try:\n            self.open_tokens(batch)\n        except Refused as refused:\n            notes.append(refused.code)\n")),
    ("audit-tokens-first-only", "opens the first token of a batch only", "        for token in distinct.values():\n", "        for token in list(distinct.values())[:1]:\n"),
    ("audit-tokens-last-only", "opens the last token of a batch only", "        for token in distinct.values():\n", "        for token in list(distinct.values())[-1:]:\n"),
    ("audit-stale-unnoticed", "does not report a batch of a state long after another", STALE, "        if False:\n"),
    ("audit-stale-not-counted", "does not count a batch of a state long after another", '            notes.append("state_stale")\n', '            raise Refused("state_stale")\n'),
    ("audit-stale-same-epoch", "reports a batch of a state long after one of the same epoch", LATER, LATER.replace(" and other.epoch != note.epoch", "")),
    ("audit-stale-newer-epoch", "looks only for greater epochs", LATER, LATER.replace("other.epoch != note.epoch", "other.epoch > note.epoch")),
    ("audit-stale-earlier-states", "reports a batch of a state long after an earlier one", LATER, LATER.replace("other.pair() > note.pair() and ", "")),
    ("audit-stale-itself", "reports a batch of exactly a day later", LATE, LATE.replace("batch.made >", "batch.made >=")),
    ("audit-stale-at-once", "reports a batch of any moment later", LATE, LATE.replace(" + STALE_AFTER", "")),
    ("audit-stale-48-hours", "reports a batch of two days later", LATE, LATE.replace("STALE_AFTER", "2 * STALE_AFTER")),
    ("audit-stale-last-note", "looks only at the newest note", LATE, LATE.replace("in later)", "in later[-1:])")),
    ("audit-pair-not-kept", "keeps the pair that the audit started with", RAISED, "        pair = self.mark.pair\n"),
    ("audit-pair-as-said", "keeps the pair that a batch says", RAISED, "        pair = max(self.mark.pair, (batch.state_generation, batch.state_counter))\n"),
    ("audit-refused-moves-on", "takes a batch that does not count for the last one", COUNT, COUNT + "        elif one.batch.sequence > self.mark.sequence:\n            self.mark = Mark(one.batch.sequence, backend.sha256(one.message), self.mark.pair)\n"),
    ("audit-counts-refused", "adds the time of batches that do not count", COUNT, COUNT + "        elif one.batch.sequence > self.mark.sequence:\n            self.add_up(one.batch)\n"),
    ("audit-one-finding-a-batch", "reports one finding of a batch only", FINDING, FINDING.replace("in notes]", "in notes[:1]]")),
    ("audit-last-finding-a-batch", "reports the last finding of a batch only", FINDING, FINDING.replace("in notes]", "in notes[-1:]]")),
    ("audit-findings-once", "reports each code once only", FINDING, FINDING.replace("for code in notes]", "for code in notes if code not in [finding.code for finding in self.findings]]")),
    ("audit-finding-place-from-one", "numbers batches from 1", FINDING, FINDING.replace("one.place)", "one.place + 1)")),
    ("audit-findings-by-sequence", "tells findings in the order of the line", "        self.findings.sort(key=self.findings_order)\n", ""),
    ("audit-findings-of-none-first", "tells findings of no batch first", "            return True, -(finding.sequence or 0)\n        return False, finding.batch\n", "            return False, -(finding.sequence or 0)\n        return True, finding.batch\n"),
    ("audit-findings-of-none-ascending", "tells findings of no batch from the lowest number on", "return True, -(finding.sequence or 0)", "return True, finding.sequence or 0"),
    ("audit-as-given", "takes batches in the order in which they are given", SORTED, ""),
    ("audit-sorted-by-time", "takes batches in the order of their times", SORTED, SORTED.replace("one.batch.sequence", "one.batch.made")),
    ("audit-history-uncounted", "does not count history", FOUND, ""),
    ("audit-history-any-number", "takes a batch of another number for history", "if (one.batch.agent_id, one.batch.sequence) == (self.agent_id, number):", "if one.batch.agent_id == self.agent_id:"),
    ("audit-history-twice", "counts history for each copy of it", "        forwards = [one for one in given if one.place not in history]\n", "        known = {backend.sha256(given[place].message) for place in history}\n        forwards = [one for one in given if backend.sha256(one.message) not in known]\n"),
    ("audit-history-of-mark-only", "walks back to the mark's batch only", "            number, hash = number - 1, one.batch.previous\n", "            return history\n"),
    ("audit-history-gap-silent", "does not report that history is missing", HISTORY_GAP, ""),
    ("audit-history-gap-each", "reports each number of history that is missing", HISTORY_GAP, "                self.findings += [Finding(\"sequence_gap\", None, one) for one in range(number, self.kept.sequence, -1)]\n"),
    ("audit-history-unopened", "counts history with tokens that do not open", "            check_token_epochs(batch)\n            self.open_tokens(batch)\n        except", "            check_token_epochs(batch)\n        except"),
    ("audit-history-any-epoch", "counts history with tokens of another epoch", "            check_token_epochs(batch)\n            self.open_tokens(batch)\n        except", "            self.open_tokens(batch)\n        except"),
    ("audit-erasures-ignored", "does not walk over erasures", ERASURE, "            if False:\n                self.passed_over.append(erasure)\n"),
    ("audit-erasures-by-number", "walks over an erasure of another hash", "if (e.last, e.last_hash) == (number, hash)", "if e.last == number"),
    ("audit-erasures-after-batches", "takes a given batch before an erasure", ERASURE, ERASURE.replace("erasure is not None", "erasure is not None and self.find(given, number, hash) is None")),
    ("audit-erasure-end-hash", "goes on behind an erasure with its last hash", "number, hash = erasure.first - 1, erasure.before_hash", "number, hash = erasure.first - 1, erasure.last_hash"),
    ("audit-erasure-one-less", "goes on within an erasure", "number, hash = erasure.first - 1, erasure.before_hash", "number, hash = erasure.first, erasure.before_hash"),
    ("audit-kept-hash-unchecked", "does not hold the line against what retention took", KEPT_HASH, "            if False:\n"),
    ("audit-kept-hash-ends-the-walk", "goes no further back where retention took another batch", KEPT_HASH + '                self.findings.append(Finding("chain_broken", None, number))\n', KEPT_HASH + '                self.findings.append(Finding("chain_broken", None, number))\n                return history\n'),
    ("audit-unseen-silent", "does not report what was erased before it was counted", UNSEEN, "            if False:\n"),
    ("audit-unseen-all", "reports all that was erased", UNSEEN, "            if True:\n"),
    ("audit-unseen-by-first", "looks where an erased range begins", UNSEEN, "            if range.first > audited:\n"),
    ("audit-unseen-of-end", "holds erased ranges against the mark at the end", UNSEEN, UNSEEN.replace("audited", "self.mark.sequence")),
    ("audit-unseen-number", "tells the first number of an erased range", 'Finding("erased_unseen", None, range.last)', 'Finding("erased_unseen", None, range.first)'),
    ("audit-total-of-records", "counts records, not their time", TOTAL, "self.totals[key] = self.totals.get(key, 0) + 1"),
    ("audit-total-last", "keeps the last duration of a token", TOTAL, "self.totals[key] = record.duration"),
    ("audit-total-greatest", "keeps the greatest duration of a token", TOTAL, "self.totals[key] = max(self.totals.get(key, 0), record.duration)"),
    ("audit-total-32-bits", "sums in 32 bits", TOTAL, "self.totals[key] = (self.totals.get(key, 0) + record.duration) % 2**32"),
    ("audit-total-signed-32", "sums in 32 bits with a sign", TOTAL, "self.totals[key] = (self.totals.get(key, 0) + record.duration + 2**31) % 2**32 - 2**31"),
    ("audit-total-saturates", "stops sums at 2^32 - 1", TOTAL, "self.totals[key] = min(self.totals.get(key, 0) + record.duration, 2**32 - 1)"),
    ("audit-total-single-precision", "sums in single precision", TOTAL, "self.totals[key] = int(__import__('struct').unpack('f', __import__('struct').pack('f', self.totals.get(key, 0) + record.duration))[0])"),
    ("audit-total-seconds", "sums whole seconds", TOTAL, "self.totals[key] = self.totals.get(key, 0) + record.duration // 1000 * 1000"),
    ("audit-total-by-v", "sums tokens of equal V", "                key = token.write()\n", "                key = next((k for k in self.totals if k[6:22] == token.v), token.write())\n"),
    ("audit-total-first-token", "sums only the first token of a record", "            for token in record.tokens():\n                key", "            for token in record.tokens()[:1]:\n                key"),
    ("audit-total-first-record", "sums only the first record of a batch", "        for record in batch.records:\n", "        for record in batch.records[:1]:\n"),
) + of_module(
    "operations/person.py",
    ("audit-totals-by-time", "sorts totals by time", "sorted(audited.totals.items())", "sorted(audited.totals.items(), key=lambda item: -item[1])"),
    ("audit-totals-as-met", "gives totals in the order in which they are met", "sorted(audited.totals.items())", "list(audited.totals.items())"),
    ("audit-totals-by-v", "sorts totals by V", "sorted(audited.totals.items())", "sorted(audited.totals.items(), key=lambda item: item[0][6:])"),
    ("audit-totals-signed", "sorts totals by signed bytes", "sorted(audited.totals.items())", "sorted(audited.totals.items(), key=lambda item: bytes(b ^ 128 for b in item[0]))"),
)
