"""What was acknowledged is there, whatever happens to the program (H-4.2-3); what was not is sent again, and is there
once."""

import hashlib
import random
import signal
import threading
import time
from pathlib import Path

from conftest import Account, Running, new_account, now
from endkey_client.enums import BlobField, RecordKind, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.service import MESSAGE, Unsettled
from endkey_client.wire.messages import Item, Record

KILLS = 6
UPLOADERS = 4


class Uploader(threading.Thread):
    """An agent that sends batches until it is told to stop, each until it is acknowledged."""

    def __init__(self, agent: AgentOverHTTP, stop: threading.Event):
        super().__init__(daemon=True)
        self.agent = agent
        self.stop = stop
        self.acknowledged: list[str] = []

    def run(self) -> None:
        start = now()
        while not self.stop.is_set():
            title = self.agent.token(TokenField.window_title, f"{self.agent.sequence % 7}")
            records = [Record(RecordKind.application, start + n, 1000, [Item.of(title)]) for n in range(20)]
            message = self.agent.batch(records, now())
            while True:
                try:
                    self.agent.upload()
                    break
                except Unsettled:
                    time.sleep(0.05)
            self.acknowledged.append(hashlib.sha256(message).hexdigest())


class Follower(threading.Thread):
    """Reads the list of batches from where it was, again and again: it must see each once, in the order (H-4.3-1)."""

    def __init__(self, account: Account, stop: threading.Event):
        super().__init__(daemon=True)
        self.account = account
        self.stop = stop
        self.seen: list[str] = []

    def run(self) -> None:
        service = self.account.running.service(self.account.owner.service.credential)
        after = 0
        while True:
            is_last = self.stop.is_set()
            try:
                page = service.request("GET", f"{self.account.owner.path}/batches?after={after}&limit=5").json()
            except Unsettled:
                time.sleep(0.02)
                continue
            self.seen += [one["hash"] for one in page["items"]]
            after = page["next"]
            if is_last and page["end"]:
                return


def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    running = Running(tmp_path).start()
    try:
        account = new_account(running, "ledger@example.com")
        stop = threading.Event()
        uploaders = [Uploader(account.agent(), stop) for _ in range(UPLOADERS)]
        follower = Follower(account, all_sent := threading.Event())
        for thread in (*uploaders, follower):
            thread.start()
        random.seed(7)
        for _ in range(KILLS):
            time.sleep(random.uniform(0.2, 0.8))
            running.stop(signal.SIGKILL)
            running.start()
        stop.set()
        for uploader in uploaders:
            uploader.join(timeout=120)
            assert not uploader.is_alive()
        all_sent.set()
        follower.join(timeout=120)
        assert sorted(follower.seen) == sorted(set(follower.seen))
        check(account, uploaders, set(follower.seen))
    finally:
        stop.set()
        running.stop()


def check(account: Account, uploaders: list[Uploader], followed: set[str]) -> None:
    owner = account.owner
    listed = list(owner.service.items(f"{owner.path}/batches", limit=7))
    hashes = [one["hash"] for one in listed]
    assert len(set(hashes)) == len(hashes)
    sent = [digest for uploader in uploaders for digest in uploader.acknowledged]
    assert sent and set(sent) == set(hashes) == followed
    # Ordinals of batches and requests have no gaps and no repetition (H-4.3-2).
    ordinals = [one["ordinal"] for one in listed]
    ordinals += [one["ordinal"] for one in owner.service.items(f"{owner.path}/requests")]
    assert len(set(ordinals)) == len(ordinals)
    total = 0
    for uploader in uploaders:
        audit = owner.audit(uploader.agent.agent.agent_id(), now())
        assert audit.findings == []
        assert audit.mark.sequence == len(uploader.acknowledged)
        total += sum(audit.totals.values())
    start = min(one["first"] for one in listed)
    end = max(one["last"] for one in listed)
    assert owner.report(bounds=[start, end])["total"]["ms"] == total


def test_upload_of_a_blob_goes_on_where_it_broke(tmp_path: Path) -> None:
    running = Running(tmp_path).start()
    try:
        account = new_account(running, "resume@example.com")
        agent = account.agent()
        blob, reference = agent.blob(BlobField.screenshot, random.Random(1).randbytes(700_000))
        path = f"{agent.path}/blobs/{reference.digest.hex()}"

        def part(offset: int, end: int, complete: bool) -> int:
            return agent.service.request("PATCH", path, blob[offset:end], "application/partial-upload", {
                "Upload-Offset": str(offset), "Upload-Complete": "?1" if complete else "?0"}).status

        assert part(0, 300_000, False) == 204
        running.stop(signal.SIGKILL)
        running.start()
        head = agent.service.request("HEAD", path)
        assert (head.headers["upload-offset"], head.headers["upload-complete"]) == ("300000", "?0")
        assert part(300_000, len(blob), True) == 201
        owner = account.owner
        assert owner.service.request("GET", f"{owner.path}/blobs/{reference.digest.hex()}").body == blob
        assert agent.service.request("PUT", path, blob, MESSAGE).status == 200
    finally:
        running.stop()
