"""An account that the client makes by its own operations, and the ends that belong to it."""

import dataclasses
import functools
import random
from dataclasses import dataclass
from typing import Any

import vectors
from Crypto.Util.number import getPrime

from endkey_client import backend, keys
from endkey_client.primitives import rsa
from endkey_client.wire.contents import AccountKeys, VaultContents
from endkey_client.wire.messages import AccountState

NOW = 1_900_000_000_000
DAY = 86_400_000
HOUR = 3_600_000
ITERATIONS = 600_000


def ask(op: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The output of an operation that accepts."""
    answer = vectors.run(op, inputs)
    assert answer["outcome"] == "ok", f"{op}: {answer}"
    return answer["out"]


def refusal(op: str, inputs: dict[str, Any]) -> Any:
    """The code with which an operation refuses, with its offset where it has one."""
    answer = vectors.run(op, inputs)
    assert answer["outcome"] == "reject", f"{op}: {vectors.short(answer)}"
    return (answer["code"], answer["offset"]) if "offset" in answer else answer["code"]


@functools.cache
def party(name: str) -> AccountKeys:
    """Private keys that are the same in every run."""
    source = random.Random(name)
    while True:
        p, q = sorted((getPrime(1024, source.randbytes) for _ in range(2)), reverse=True)
        if (p * q).bit_length() == 2048:
            return AccountKeys(p.to_bytes(128, "big"), q.to_bytes(128, "big"), source.randbytes(32))


def private(own: AccountKeys) -> dict[str, str]:
    return {"p": own.p.hex(), "q": own.q.hex(), "seed": own.seed.hex()}


def public(own: AccountKeys) -> dict[str, str]:
    return {
        "modulus": rsa.modulus_of(own.p, own.q).hex(),
        "verify_key": backend.ed25519_public_key(own.seed).hex(),
    }


def id_of(own: AccountKeys) -> str:
    return keys.id_of(own).hex()


def filled(byte: int, count: int) -> str:
    return bytes([byte] * count).hex()


def typed(name: str, secret: str | None = None) -> dict[str, str | None]:
    password = f"password of {name}"
    return {"login_name": name.encode().hex(), "password": password.encode().hex(), "account_secret": secret}


NOTHING_SAID = {"newest": False, "without_storage": False, "clock": False}


@dataclass
class World:
    """What the service stores, and what the owner's end has open."""

    account_id: str
    head: str
    person_keys: str
    wrap: str | None
    state: str
    vault: str
    contents: str
    grant: str | None
    master_key: str
    rule_set: str | None = None

    def messages(self) -> dict[str, str | None]:
        return {
            "head": self.head, "person_keys": self.person_keys, "account_state": self.state,
            "password_wrap": self.wrap, "grant": self.grant, "owner_vault": self.vault, "rule_set": self.rule_set,
        }

    def whole(self) -> dict[str, str | None]:
        """As an owner's end keeps it."""
        return {name: message for name, message in self.messages().items() if name != "head"}

    def opening(self, **changes: Any) -> dict[str, Any]:
        """Inputs of person/open, of the owner's."""
        return {
            "pins": None, "password_changed": False, **typed("owner"), "messages": self.messages(), "kept": [],
            "now": NOW,
            **changes,
        }

    def parsed_state(self) -> AccountState:
        return AccountState.parse(bytes.fromhex(self.state))

    def parsed_contents(self) -> VaultContents:
        return VaultContents.parse(bytes.fromhex(self.contents))

    def with_contents(self, **changes: Any) -> str:
        return dataclasses.replace(self.parsed_contents(), **changes).write().hex()

    def act(self, act: str, **changes: Any) -> dict[str, Any]:
        """Inputs of publication/make, of the owner's, to whom every member was shown."""
        inputs = {
            "act": act, "seed": party("owner").seed.hex(), "state": self.state, "vault": self.vault,
            "master_key": self.master_key, "contents": self.contents, "remembered": True,
            "generation": self.parsed_state().generation, "durable": True, "says": NOTHING_SAID, "now": NOW,
            "aside": None, "missing": [], "rule_set": None, "salt": filled(7, 24), "oaep_seeds": [],
        }
        if act in ("retire", "remove", "remove_person", "repair"):
            inputs["agents"] = []
        if act in ("remove", "add_person", "remove_person", "repair"):
            inputs["staying"] = [
                {"agent_id": member.agent_id.hex(), "kind": member.kind.name}
                for member in self.parsed_contents().members
            ]
        if act == "remove_person":
            inputs["persons"] = []
        if act in ("rotate", "remove", "add_person", "remove_person", "repair"):
            inputs["next_master_key"] = None if act == "add_person" else filled(0x42, 32)
        return {**inputs, **changes}

    def after(self, made: dict[str, Any], master_key: str | None = None, **changes: Any) -> "World":
        """What is stored when this was published."""
        grant = next((grant for grant in made["grants"] if grant[50:82] == id_of(party("owner"))), self.grant)
        return dataclasses.replace(
            self, state=made["state"] or self.state, vault=made["vault"], contents=made["contents"],
            master_key=master_key or self.master_key, grant=grant, **changes)


@functools.cache
def new_world(secret: str | None = None) -> World:
    made = ask("account/create", {
        **private(party("owner")), "master_key": filled(0x41, 32), "iterations": ITERATIONS, **typed("owner", secret),
        "retention_days": 90, "now": NOW, "salt": filled(1, 32), "keys_salt": filled(2, 24),
        "vault_salt": filled(3, 24), "oaep_seed": filled(4, 20),
    })
    return World(
        made["account_id"], made["person_keys"][:138], made["person_keys"], made["password_wrap"],
        made["account_state"], made["owner_vault"], made["contents"], made["grant"], filled(0x41, 32))
