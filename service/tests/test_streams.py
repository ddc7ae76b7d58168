"""Streams of what does not fit into one answer (section 4.3)."""

from conftest import Account, now
from endkey_client.enums import RecordKind, TokenField
from endkey_client.over_http.service import BATCHES, split
from endkey_client.wire.messages import Item, Record

MIB = 1 << 20


def test_stream_ends_with_the_message_with_which_it_has_64_mib(account: Account) -> None:
    agent = account.agent()
    items = [Item.of(agent.token(field, "x" * 1_000)) for field in (
        TokenField.application_name, TokenField.window_title, TokenField.url, TokenField.document_name)]
    start = now()
    for number in range(5):
        first = start + 10_000 * number
        agent.batch([Record(RecordKind.application, first + n, 1, items) for n in range(3_700)], now())
    sent = [len(message) for message in agent.outbox]
    agent.upload()
    assert sum(sent[:4]) < 64 * MIB < sum(sent)

    path = f"{account.owner.path}/batches"
    query = f"&agent={agent.agent.agent_id().hex()}"
    one = account.owner.service.request("GET", f"{path}?after=0&limit=1{query}", headers={"Accept": BATCHES})
    assert len(list(split(one.body))) == 1
    assert [len(message) for message in account.owner.service.messages(path, BATCHES, query)] == sent
    # What is gone does not count.
    agent.batch([Record(RecordKind.application, start + 1_000_000, 1, items)] * 1, now())
    agent.upload()
    whole = account.owner.service.request("GET", f"{path}?after=0&limit=1000{query}", headers={"Accept": BATCHES})
    assert len(list(split(whole.body))) == 5
    # Where it goes on keeps what was asked for.
    link = whole.headers["link"]
    assert link.endswith(f'&limit=1000{query}>; rel="next"')
    rest = account.owner.service.request("GET", path + link[1:link.index(">")], headers={"Accept": BATCHES})
    assert len(list(split(rest.body))) == 1 and "link" not in rest.headers
