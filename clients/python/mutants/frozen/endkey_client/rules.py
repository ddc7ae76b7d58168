"""Rule sets (section 16.4)."""

from . import backend
from .enums import MessageType
from .errors import Refused
from .tokens import seal_token
from .wire import signature
from .wire.header import Header
from .wire.rule_set import Rule, RuleSet
from .wire.vault_contents import RuleDefinition
from .wire.writer import check_ascending


def make_rule(token_key: bytes, account_id: bytes, epoch: int, definition: RuleDefinition) -> Rule:
    token = seal_token(token_key, account_id, epoch, definition.field, definition.value)
    return Rule(token.v, definition.field, definition.category)


def make_rule_set(
    account_seed: bytes, account_id: bytes, epoch: int, counter: int, token_key: bytes,
    definitions: list[RuleDefinition],
) -> bytes:
    published = [definition for definition in definitions if definition.seen]
    rules = [make_rule(token_key, account_id, epoch, definition) for definition in published]
    rules.sort(key=Rule.order)
    check_ascending([rule.order() for rule in rules])
    rule_set = RuleSet(Header(MessageType.rule_set, account_id, epoch), counter, rules)
    return signature.sign(account_seed, rule_set.unsigned())


def verify_rule_set(
    message: bytes, account_id: bytes, verify_key: bytes, epoch: int, last_counter: int, expected_hash: bytes
) -> None:
    rule_set = RuleSet.parse(message)
    if rule_set.header.account_id != account_id:
        raise Refused("wrong_account")
    signature.check(verify_key, message)
    if rule_set.counter < last_counter:
        raise Refused("counter_rollback")
    if backend.sha256(message) != expected_hash:
        raise Refused("chain_broken")
    if rule_set.header.epoch != epoch:
        raise Refused("epoch_mismatch")
