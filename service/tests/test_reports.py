"""A report is what the records say: held against a sum of our own, over random records and bounds."""

import json
import random
from collections import Counter

from conftest import Account, Running, new_account, now
from endkey_client.enums import RecordKind, TokenField
from endkey_client.texts import base64url
from endkey_client.wire.messages import Item, Record

HOUR = 3_600_000
DAY = 24 * HOUR
FIELDS = [TokenField.application_name, TokenField.window_title]


def random_records(agent, random_: random.Random, base: int, count: int) -> list[Record]:
    """Records that cross bounds, last long, last no time, and begin at one moment."""
    tokens = {field: [agent.token(field, f"value {n}") for n in range(3)] for field in FIELDS}
    records = []
    for _ in range(count):
        start = base + random_.choice([0, random_.randrange(3 * DAY), DAY, 2 * DAY])
        duration = random_.choice([0, 1, HOUR, random_.randrange(2 * DAY), 4_294_967_295])
        items = [Item.of(random_.choice(tokens[field])) for field in FIELDS if random_.random() < 0.8]
        records.append(Record(random_.choice(list(RecordKind)), start, duration, items))
    return records


def overlap(record: Record, low: int, high: int) -> int:
    return max(0, min(record.start + record.duration, high) - max(record.start, low))


def expected(records, bounds: list[int], groups: list[str]) -> tuple[Counter, Counter]:
    milliseconds: Counter = Counter()
    numbers: Counter = Counter()
    for agent_id, record in records:
        fields = {item.content.field.name: item.content.write().hex() for item in record.items}
        for index, (low, high) in enumerate(zip(bounds, bounds[1:])):
            begins = low <= record.start < high
            spent = overlap(record, low, high)
            if not begins and not spent:
                continue
            values = {"bound": index, "agent": agent_id, "kind": record.kind.name}
            key = tuple(values.get(group, fields.get(group)) for group in groups)
            milliseconds[key] += spent
            numbers[key] += begins
    return milliseconds, numbers


def token_hex(text: str | None) -> str | None:
    return None if text is None else base64url.decode(text.removeprefix("ekt1_").encode()).hex()


def test_reports_are_the_sums_of_records(running: Running) -> None:
    """By whole tokens (H-11-1); rows and rest add up (H-11-2)."""
    account = new_account(running, "reports@example.com")
    random_ = random.Random(11)
    base = now() - 10 * DAY
    records = []
    for _ in range(2):
        agent = account.agent()
        made = random_records(agent, random_, base, 200)
        agent.batch(made, now())
        agent.upload()
        records += [(agent.agent.agent_id().hex(), record) for record in made]
    for groups in ([], ["bound"], ["agent", "kind"], ["bound", "agent", "application_name"], ["window_title"]):
        for bounds in ([base, base + 3 * DAY], [base, base + DAY, base + 2 * DAY, base + 60 * DAY],
                       sorted(random_.sample(range(base, base + 4 * DAY), 5))):
            report = account.owner.report(bounds=bounds, group=groups)
            milliseconds, numbers = expected(records, bounds, groups)
            found = {}
            for row in report["rows"]:
                key = tuple(token_hex(row[g]) if g.endswith(("_name", "_title")) else row[g] for g in groups)
                found[key] = (row["ms"], row["records"])
            assert found == {key: (milliseconds[key], numbers[key]) for key in milliseconds} or \
                (not groups and report["total"]["ms"] == 0)
            assert report["total"] == {"ms": sum(milliseconds.values()), "records": sum(numbers.values())}


def test_limit_as_of_and_csv(account: Account) -> None:
    agent = account.agent()
    start = now()
    for n in range(3):
        token = agent.token(TokenField.application_name, f"application {n}")
        agent.batch([Record(RecordKind.application, start, 1000 * (n + 1), [Item.of(token)])], now())
    agent.upload()
    where = {"agents": [agent.agent.agent_id().hex()]}
    asked = {"bounds": [start, start + HOUR], "group": ["application_name"], "where": where}
    whole = account.owner.report(**asked)
    cut = account.owner.report(**asked, limit=1)
    assert [row["ms"] for row in whole["rows"]] == [3000, 2000, 1000]
    assert cut["rows"] == whole["rows"][:1]
    assert (cut["rest"], cut["total"]) == ({"groups": 2, "ms": 3000}, whole["total"])
    before = account.owner.report(**asked, as_of=whole["as_of"] - 1)
    assert before["total"] == {"ms": 3000, "records": 2}
    token = whole["rows"][0]["application_name"]
    only = account.owner.report(**{**asked, "where": {**where, "tokens": [token]}})
    assert only["rows"] == whole["rows"][:1]
    text = account.owner.service.request(
        "POST", f"{account.owner.path}/reports", json.dumps({**asked, "group": ["bound", "application_name"]}).encode(),
        "application/json", {"Accept": "text/csv; charset=utf-8; header=present"}).body.decode()
    lines = text.split("\r\n")
    assert lines[0] == "bound,application_name,ms,hours,records"
    assert lines[1].endswith(f",{token},3000,0.0008,1")
    assert lines[1][:4] == "2026" or lines[1][4] == "-"
