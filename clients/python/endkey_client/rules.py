"""Rule sets (section 16.4)."""

from dataclasses import dataclass

from . import backend
from .enums import Category, MessageType, TokenField
from .errors import Refused
from .tokens import TokenKey, check_value, keys_of, seal_token
from .wire.fields import NO_HASH
from .wire.header import Header
from .wire.messages import Rule, RuleSet


@dataclass
class Definition:
    """A RuleDefinition, and the past epochs of which kept data has its token."""

    field: TokenField
    category: Category
    value: bytes
    seen: bool
    past: list[int]


def make_rules(account_id: bytes, epoch: int, keys: list[TokenKey], definition: Definition) -> list[Rule]:
    """A rule for each key of the state's epoch and of the past ones."""
    rules = []
    for of_epoch in sorted({epoch, *definition.past}):
        for key in keys_of(of_epoch, keys):
            token = seal_token(key, account_id, of_epoch, definition.field, definition.value)
            rules.append(Rule(token, definition.category))
    return rules


def make_rule_set(account_id: bytes, epoch: int, keys: list[TokenKey], definitions: list[Definition]) -> bytes:
    seen = [definition for definition in definitions if definition.seen]
    for definition in seen:
        check_value(definition.value)
    rules = [rule for definition in seen for rule in make_rules(account_id, epoch, keys, definition)]
    rules.sort(key=lambda rule: rule.token.write())
    return RuleSet(Header(MessageType.rule_set, account_id, epoch), rules).write()


def open_rule_set(message: bytes | None, account_id: bytes, epoch: int, expected_hash: bytes) -> None:
    if expected_hash == NO_HASH:
        return
    if message is None:
        raise Refused("chain_broken")
    if backend.sha256(message) != expected_hash:
        raise Refused("chain_broken")
    rule_set = RuleSet.parse(message)
    if rule_set.header.account_id != account_id:
        raise Refused("wrong_account")
    if rule_set.header.epoch != epoch:
        raise Refused("epoch_mismatch")
