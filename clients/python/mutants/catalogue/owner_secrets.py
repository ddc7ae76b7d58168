"""PrivateKeys, the vault and the local state (sections 12.4, 12.5 and 13.4)."""

from ..mutant import of_module

SEED = "    if keys.account_id(verify_key) != account_id:\n        raise Refused(FAILURE)\n"
MODULUS = "    if state is not None and rsa.modulus_of(contents.p, contents.q) != state.modulus:\n        raise Refused(FAILURE)\n"
KEY = "    if state is not None and verify_key != state.verify_key:\n        raise Refused(FAILURE)\n"
P_PRIME = "    if not backend.is_prime(p):\n        raise Refused(FAILURE)\n"
Q_PRIME = "    if not backend.is_prime(q):\n        raise Refused(FAILURE)\n"
ORDER = "    if p <= q:\n        raise Refused(FAILURE)\n"
STATE = '    if state is not None and AccountState.parse(state).counter < contents.state_counter:\n        raise Refused("counter_rollback")\n'
WRAP = '    if wrap is not None and PasswordWrap.parse(wrap).head.counter < contents.wrap_counter:\n        raise Refused("counter_rollback")\n'
FORK = '    if state is not None and is_fork(state, contents):\n        raise Refused("counter_fork")\n'

MUTANTS = of_module(
    "private_keys.py",
    ("private-keys-account-unchecked", "does not compare the account of PrivateKeys", '    if sealed.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("private-keys-epoch-unchecked", "does not compare the epoch of PrivateKeys", '    if sealed.header.epoch != epoch:\n        raise Refused("epoch_mismatch")\n', ""),
    ("private-keys-epoch-older-only", "refuses only an older epoch of PrivateKeys", "    if sealed.header.epoch != epoch:\n", "    if sealed.header.epoch < epoch:\n"),
    ("private-keys-primes-unchecked", "does not check the primes at all", "    check_primes(contents)\n", ""),
    ("private-keys-publics-unchecked", "does not hold the halves against the public keys", "    check_public_keys(contents, account_id, state)\n", ""),
    ("private-keys-p-not-prime", "does not check that p is prime", P_PRIME, ""),
    ("private-keys-q-not-prime", "does not check that q is prime", Q_PRIME, ""),
    ("private-keys-odd-is-prime", "takes every odd number for a prime", P_PRIME + Q_PRIME, "    if p % 2 == 0 or q % 2 == 0:\n        raise Refused(FAILURE)\n"),
    ("private-keys-order-unchecked", "accepts the smaller prime first", ORDER, ""),
    ("private-keys-equal-primes", "accepts p = q", ORDER, ORDER.replace("<=", "<")),
    ("private-keys-product-size-unchecked", "does not check that the product has 2,048 bits", "    if (p * q).bit_length() != rsa.BITS:\n        raise Refused(FAILURE)\n", ""),
    ("private-keys-seed-unchecked", "does not hold the seed against the account id", SEED, ""),
    ("private-keys-modulus-unchecked", "does not hold p and q against the state's modulus", MODULUS, ""),
    ("private-keys-modulus-first-half", "compares only the first half of the state's modulus", MODULUS, MODULUS.replace("rsa.modulus_of(contents.p, contents.q) != state.modulus", "rsa.modulus_of(contents.p, contents.q)[:128] != state.modulus[:128]")),
    ("private-keys-code-of-primes", "gives wrong primes a code of their own", ORDER, ORDER.replace("Refused(FAILURE)", 'Refused("bad_key")')),
    ("private-keys-code-of-halves", "gives halves that do not match a code of their own", SEED, SEED.replace("Refused(FAILURE)", 'Refused("wrong_account")')),
    ("private-keys-swaps-primes", "gives the primes in ascending order", "    check_public_keys(contents, account_id, state)\n    return contents", "    check_public_keys(contents, account_id, state)\n    contents.p, contents.q = contents.q, contents.p\n    return contents"),
    ("private-keys-no-context", "opens PrivateKeys without context", "chunked.open_sealed(key, sealed.header.write(),", "chunked.open_sealed(key, b'',"),
) + of_module(
    "wire/private_keys.py",
    ("private-keys-wire-size-any", "accepts sealed keys of any size", "        sealed = reader.opaque(SEALED_SIZE)\n", "        sealed = reader.rest(72)\n"),
    ("private-keys-wire-primes-swapped", "reads q before p", "        p = reader.opaque(128)\n        q = reader.opaque(128)\n", "        q = reader.opaque(128)\n        p = reader.opaque(128)\n"),
) + of_module(
    "vault.py",
    ("vault-account-unchecked", "does not compare the account of a vault", '    if vault.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("vault-epoch-unchecked", "does not compare the epoch of a vault", '    if vault.header.epoch != epoch:\n        raise Refused("epoch_mismatch")\n', ""),
    ("vault-epoch-older-only", "refuses only an older epoch of a vault", "    if vault.header.epoch != epoch:\n", "    if vault.header.epoch < epoch:\n"),
    ("vault-pin-unchecked", "accepts an older vault", '    if vault.counter < pinned_counter:\n        raise Refused("counter_rollback")\n', ""),
    ("vault-pin-same-refused", "refuses the vault that it opened last", "    if vault.counter < pinned_counter:\n", "    if vault.counter <= pinned_counter:\n"),
    ("vault-pin-32-bits", "compares the vault's counter in 32 bits", "    if vault.counter < pinned_counter:\n", "    if vault.counter % 2**32 < pinned_counter % 2**32:\n"),
    ("vault-pin-after-seal", "compares the vault's counter after it opened the seal", '    if vault.counter < pinned_counter:\n        raise Refused("counter_rollback")\n    key = keys.vault_key(master_key, account_id, epoch)\n    plaintext = chunked.open_sealed(key, vault.context(), vault.sealed, FAILURE)\n',
     '    key = keys.vault_key(master_key, account_id, epoch)\n    plaintext = chunked.open_sealed(key, vault.context(), vault.sealed, FAILURE)\n    if vault.counter < pinned_counter:\n        raise Refused("counter_rollback")\n'),
    ("vault-state-counter-unchecked", "accepts a state that is older than the vault", STATE, ""),
    ("vault-wrap-counter-unchecked", "accepts a wrap that is older than the vault", WRAP, ""),
    ("vault-state-newer-refused", "refuses a state that is newer than the vault", STATE, STATE.replace("counter < contents", "counter != contents")),
    ("vault-wrap-newer-refused", "refuses a wrap that is newer than the vault", WRAP, WRAP.replace("counter < contents", "counter != contents")),
    ("vault-fork-unchecked", "accepts another state of the vault's counter", FORK, ""),
    ("vault-fork-first-half", "compares only half of the state's hash with that of the vault", "backend.sha256(state) != contents.state_hash", "backend.sha256(state)[:16] != contents.state_hash[:16]"),
    ("vault-fork-of-unsigned", "compares the state's hash without its signature", "backend.sha256(state) != contents.state_hash", "backend.sha256(state[:-64]) != contents.state_hash"),
    ("vault-fork-always", "compares the state's hash whatever its counter", "    return same_counter and backend.sha256(state)", "    return backend.sha256(state)"),
    ("vault-fork-before-wrap", "looks for a fork before it looks at the wrap", WRAP + FORK, FORK + WRAP),
    ("vault-contents-code", "gives a fault of the vault's contents its format code", "    except Refused:\n        raise Refused(FAILURE) from None\n", "    except Refused as refused:\n        raise Refused(refused.code, refused.offset) from None\n"),
    ("vault-contents-unparsed", "does not parse the vault's contents where no state or wrap is at hand", "    contents = parse_contents(plaintext, epoch)\n", "    if state is None and wrap is None:\n        return plaintext\n    contents = parse_contents(plaintext, epoch)\n"),
    ("vault-context-header-only", "opens a vault with the header alone for context", "chunked.open_sealed(key, vault.context(),", "chunked.open_sealed(key, vault.header.write(),"),
) + of_module(
    "wire/vault_contents.py",
    ("vault-past-key-of-epoch", "accepts a past key of the vault's own epoch", "        if epoch >= header_epoch:\n", "        if epoch > header_epoch:\n"),
    ("vault-past-key-any-epoch", "accepts past keys of any epoch", '        if epoch >= header_epoch:\n            raise Refused("value_out_of_range", start)\n', ""),
    ("vault-past-keys-unordered", "accepts past keys in any order", "                lambda element: PastKey.read(element, header_epoch), order=PastKey.order)", "                lambda element: PastKey.read(element, header_epoch))"),
    ("vault-codes-unordered", "accepts codes in any order", "elements(Code.read, order=Code.order, at_most=CODES_MAX)", "elements(Code.read, at_most=CODES_MAX)"),
    ("vault-codes-unlimited", "accepts more than 256 codes", "elements(Code.read, order=Code.order, at_most=CODES_MAX)", "elements(Code.read, order=Code.order)"),
    ("vault-members-unordered", "accepts members in any order", "                Member.read, order=Member.order, at_most=MEMBERS_MAX)", "                Member.read, at_most=MEMBERS_MAX)"),
    ("vault-rules-unordered", "accepts rules in any order", "elements(RuleDefinition.read, order=RuleDefinition.order)", "elements(RuleDefinition.read)"),
    ("vault-rules-order-of-value", "orders rules by value before field", "        return uint8(self.field) + self.value\n", "        return self.value + uint8(self.field)\n"),
    ("vault-seen-any", "accepts any number for seen", "        seen = reader.boolean()\n", "        seen = reader.uint(1) > 0\n"),
    ("vault-nonces-not-whole", "accepts nonces that are not whole", "reader.vector(0, NONCES_MAX, element_size=32).elements(read_nonce)", "[reader.bytes_vector(0, NONCES_MAX)]"),
    ("vault-value-unlimited", "accepts rule values of any length", "value = reader.bytes_vector(0, TOKEN_VALUE_MAX)", "value = reader.bytes_vector(0, 2**16 - 1)"),
) + of_module(
    "local_state.py",
    ("local-state-key-is-device-key", "opens a local state under the device key itself", '    key = derive(device_key, "local-state", state.header.account_id + uint8(state.header.type))\n', "    key = device_key\n"),
    ("local-state-key-without-account", "derives Kstate without the account id", "state.header.account_id + uint8(state.header.type))", "uint8(state.header.type))"),
    ("local-state-key-without-type", "derives Kstate without the type", "state.header.account_id + uint8(state.header.type))", "state.header.account_id)"),
    ("local-state-context-header-only", "opens a local state with the header alone for context", "chunked.open_sealed(key, state.context(),", "chunked.open_sealed(key, state.header.write(),"),
    ("local-state-unparsed", "does not parse the contents of an agent's local state", "            check_agent(state.header, AgentContents.parse(plaintext))\n", "            pass\n"),
    ("local-state-unchecked", "does not check that phase and contents fit together", "            check_agent(state.header, AgentContents.parse(plaintext))\n", "            AgentContents.parse(plaintext)\n"),
    ("local-state-request-unparsed", "does not parse the request in a local state", "        EnrolmentRequest.parse(contents.request)\n", "        pass\n"),
    ("local-state-no-account", "opens a pinned state of no account", "    elif header.account_id == NO_ACCOUNT:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-owner-unparsed", "does not parse the contents of an owner's local state", "            OwnerContents.parse(plaintext)\n", "            pass\n"),
    ("local-state-contents-code", "gives a fault of the contents its format code", "    except Refused:\n        raise Refused(FAILURE) from None\n", "    except Refused as refused:\n        raise Refused(refused.code, refused.offset) from None\n"),
    ("local-state-types-swapped", "reads an agent's contents in an owner's state", "        if state.header.type == MessageType.agent_state:\n", "        if state.header.type == MessageType.owner_state:\n"),
    ("local-state-stopped-accepted", "opens a state that says stopped", "    if contents.phase == AgentPhase.stopped:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-active-without-keys", "opens an active state without keys of its epoch", "    if contents.phase == AgentPhase.active and not has_keys:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-waiting-with-keys", "opens a waiting state with keys of its epoch", "    if contents.phase == AgentPhase.waiting and has_keys:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-keys-of-any-epoch", "takes keys of any epoch for those of the state's", "    has_keys = header.epoch in [keys.epoch for keys in contents.epochs]\n", "    has_keys = bool(contents.epochs)\n"),
    ("local-state-without-account-key", "opens a state with an AccountState but no account key", "    if not contents.account_key:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-pinned-without-request", "opens a pinned state without a request", "    if not contents.request:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-unpinned-with-request", "opens an unpinned state with a request", "    if contents.request:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-unpinned-with-account", "opens an unpinned state of an account", "    if header.account_id != NO_ACCOUNT:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-pinned-with-account-key", "opens a state with an account key before any AccountState", "    if contents.account_key:\n        raise Refused(FAILURE)\n", ""),
    ("local-state-pinned-with-keys", "opens a state with keys before any AccountState", "    if contents.epochs:\n        raise Refused(FAILURE)\n", ""),
) + of_module(
    "wire/local_contents.py",
    ("local-state-three-epochs", "accepts keys of more than two epochs", "order=EpochKeys.order, at_most=EPOCHS_KEPT)", "order=EpochKeys.order)"),
    ("local-state-epochs-unordered", "accepts epochs in any order", "elements(EpochKeys.read, order=EpochKeys.order, at_most=EPOCHS_KEPT)", "elements(EpochKeys.read, at_most=EPOCHS_KEPT)"),
    ("local-state-master-key-any-size", "accepts a MasterKey of any size up to 32", "reader.bytes_vector(0, 32, sizes=(0, 32))\n        return EpochKeys", "reader.bytes_vector(0, 32)\n        return EpochKeys"),
    ("local-state-account-key-any-size", "accepts an account key of any size", "account_key = reader.bytes_vector(0, 32, sizes=(0, 32))", "account_key = reader.bytes_vector(0, 32)"),
    ("local-state-phase-any", "accepts any phase", "        phase = reader.enum(AgentPhase)\n", "        phase = reader.uint(1)\n"),
) + of_module(
    "wire/local_state.py",
    ("local-state-agent-only", "reads agents' states alone", "Header.read(reader, MessageType.agent_state, MessageType.owner_state, any_epoch=True)", "Header.read(reader, MessageType.agent_state, any_epoch=True)"),
    ("local-state-epoch-zero-refused", "refuses epoch 0 in a local state", "MessageType.owner_state, any_epoch=True)", "MessageType.owner_state)"),
    ("local-state-least-71", "accepts a sealed part of 71 bytes in a local state", "sealed = reader.bytes_vector(SEALED_MIN, SEALED_MAX)", "sealed = reader.bytes_vector(SEALED_MIN - 1, SEALED_MAX)"),
)
