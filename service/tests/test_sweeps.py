"""What has ended goes by itself, and nothing else does."""

import random
import time
from pathlib import Path

from conftest import Account, Running, new_account, new_keys, now
from endkey_client.enums import BlobField, Role
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.passwords import Typed

COUNTS = {name: f"SELECT COUNT(*) FROM {name}" for name in
          ("attempt", "session", "request", "agent", "person", "login", "blob", "blob_chunk", "batch")}


def counts(running: Running) -> dict[str, int]:
    with running.database() as database:
        return {name: database.execute(statement).fetchone()[0] for name, statement in COUNTS.items()}


def test_what_has_ended_goes(tmp_path: Path) -> None:
    """Uploads that rest among it (H-9-3)."""
    running = Running(tmp_path).start()
    try:
        account = new_account(running, "sweep@example.com")
        agent = account.agent()
        kept, reference = agent.blob(BlobField.screenshot, random.Random(1).randbytes(300_000))
        agent.upload_blob(kept)
        running.stop()
        before = counts(running)
        running.start()
        leave(account, agent)
        running.stop()
        left = counts(running)
        assert all(left[name] > before[name] for name in ("request", "agent", "person", "login", "blob"))
        with running.database() as database:
            database.execute("UPDATE attempt SET ends = 0")
            database.execute("UPDATE session SET used = 0")
            database.execute("UPDATE request SET received = 0")
            database.execute("UPDATE blob SET touched = 0 WHERE done = 0")
        running.start()
        wanted = {**before, "attempt": 0, "session": 0}
        for _ in range(600):
            if counts(running) == wanted:
                break
            time.sleep(0.1)
        assert counts(running) == wanted
        account.owner.sign_in()
        path = f"{account.owner.path}/blobs/{reference.digest.hex()}"
        assert account.owner.service.request("GET", path).body == kept
    finally:
        running.stop()


def leave(account: Account, agent: AgentOverHTTP) -> None:
    """An agent and a person who wait, and an upload that broke."""
    AgentOverHTTP.pin(account.running.service(), account.code, new_keys()).ask()
    code = account.owner.make_code(now(), role=Role.manager)
    OwnerOverHTTP.join(
        account.running.service(), code, Typed(b"waits@example.com", b"another battery", None), new_keys())
    blob, reference = agent.blob(BlobField.screenshot, random.Random(2).randbytes(300_000))
    agent.service.request(
        "PATCH", f"{agent.path}/blobs/{reference.digest.hex()}", blob[:1_000], "application/partial-upload",
        {"Upload-Offset": "0", "Upload-Complete": "?0"})


def test_login_of_a_request_that_was_refused_is_free(account: Account) -> None:
    typed = Typed(b"free@example.com", b"another battery", None)
    for _ in range(2):
        keys = new_keys()
        code = account.owner.make_code(now(), role=Role.manager)
        OwnerOverHTTP.join(account.running.service(), code, typed, keys)
        waiting = account.owner.service.items(f"{account.owner.path}/requests", "&status=pending")
        for one in [one for one in waiting if one["role"] == "manager"]:
            account.owner.service.request("DELETE", f"{account.owner.path}/requests/{one['id']}")

