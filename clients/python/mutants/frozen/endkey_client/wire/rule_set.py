"""RuleSet and Rule (section 8.3)."""

from dataclasses import dataclass

from ..enums import Category, MessageType, TokenField
from ..limits import RULES_MAX
from .header import Header
from .reader import Reader, whole
from .writer import uint8, uint64, vector

RULE_SIZE = 18


@dataclass
class Rule:
    v: bytes
    field: TokenField
    category: Category

    @staticmethod
    def read(reader: Reader) -> "Rule":
        v = reader.opaque(16)
        field = reader.enum(TokenField)
        category = reader.enum(Category)
        return Rule(v, field, category)

    def order(self) -> bytes:
        return self.v + uint8(self.field)

    def write(self) -> bytes:
        return self.v + uint8(self.field) + uint8(self.category)


@dataclass
class RuleSet:
    header: Header
    counter: int
    rules: list[Rule]
    signature: bytes = b""

    @staticmethod
    def read(reader: Reader) -> "RuleSet":
        header = Header.read(reader, MessageType.rule_set)
        counter = reader.counter()
        rules = reader.vector(0, RULES_MAX, element_size=RULE_SIZE).elements(Rule.read, order=Rule.order)
        signature = reader.opaque(64)
        return RuleSet(header, counter, rules, signature)

    @staticmethod
    def parse(data: bytes) -> "RuleSet":
        return whole(RuleSet.read, data)

    def unsigned(self) -> bytes:
        rules = b"".join(rule.write() for rule in self.rules)
        return self.header.write() + uint64(self.counter) + vector(rules, RULES_MAX)

    def write(self) -> bytes:
        return self.unsigned() + self.signature
