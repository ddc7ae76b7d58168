"""An agent over HTTP: asks to be let in, takes states and grants, uploads."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from .. import backend, batches, blobs, keys
from ..agent import Agent
from ..enums import BlobField, TokenField
from ..primitives import chunked
from ..texts.secrets import EnrolmentCode
from ..tokens import seal_token
from ..wire.contents import AccountKeys, ScopedKeys
from ..wire.messages import AccountState, BlobReference, Record, Token
from .service import MESSAGE, Problem, Service, Yes, agent_credential


@dataclass
class AgentOverHTTP:
    """An agent, the service that it talks to, and its outbox."""

    service: Service
    agent: Agent
    admission: bytes
    sequence: int = 0
    previous: bytes = bytes(32)
    outbox: list[bytes] = field(default_factory=list)

    @staticmethod
    def pin(service: Service, code_text: bytes, own: AccountKeys) -> AgentOverHTTP:
        code = EnrolmentCode.decode(code_text)
        agent = Agent.pin(code_text, own, os.urandom(32))
        upload_key = keys.upload_key(os.urandom(32), agent.account_id, agent.agent_id())
        service.credential = agent_credential(agent.account_id, agent.agent_id(), upload_key)
        return AgentOverHTTP(service, agent, keys.admission_key(code.secret, code.account_id))

    @property
    def path(self) -> str:
        return f"/v1/a/{self.agent.account_id.hex()}"

    def ask(self) -> None:
        """Sends the request. Sent again, it changes nothing."""
        self.service.ask(
            Yes.stored("id", self.agent.agent_id()), "PUT", f"{self.path}/requests/{self.agent.agent_id().hex()}",
            self.agent.request.write(), MESSAGE,
            {"Endkey-Admission": self.admission.hex()})

    def refresh(self, wall: int) -> None:
        """Takes the newest state, and a grant if there are no keys."""
        known = self.agent.state
        tag = {} if known is None else {"If-None-Match": f'"{backend.sha256(known.write()).hex()}"'}
        answer = self.service.ask(Yes.body(MESSAGE), "GET", f"{self.path}/state", headers=tag)
        if answer.status == 200:
            self.agent.take("state", answer.body, wall)
        if self.agent.phase != "waiting":
            return
        try:
            grant = self.service.ask(Yes.body(MESSAGE), "GET", f"{self.path}/grant")
        except Problem as problem:
            if problem.type != "no-grant":
                raise
            return
        self.agent.take("grant", grant.body, wall)

    def keys(self) -> tuple[AccountState, ScopedKeys]:
        assert self.agent.state is not None and self.agent.granted is not None
        return self.agent.state, self.agent.granted

    def token(self, field: TokenField, value: str) -> Token:
        state, granted = self.keys()
        return seal_token(granted.token_key, self.agent.account_id, state.header.epoch, field, value.encode())

    def blob(self, field: BlobField, content: bytes) -> tuple[bytes, BlobReference]:
        state, granted = self.keys()
        sealed = blobs.seal_blob(
            granted.agent_key, self.agent.account_id, state.header.epoch, self.agent.agent_id(), field,
            os.urandom(chunked.SALT_SIZE), content)
        return sealed.write(), blobs.reference_to(sealed)

    def batch(self, records: list[Record], made: int) -> bytes:
        """The next batch, which goes into the outbox."""
        state, _ = self.keys()
        self.sequence += 1
        accepted = batches.AcceptedState(state.generation, state.counter, backend.sha256(state.write()))
        message = batches.sign_batch(
            self.agent.keys.seed, self.agent.account_id, state.header.epoch, self.agent.agent_id(), self.sequence,
            self.previous, made, accepted, records)
        self.previous = backend.sha256(message)
        self.outbox.append(message)
        return message

    def upload_blob(self, message: bytes) -> int:
        return self.put("blobs", message)

    def upload(self) -> list[int]:
        """Sends the outbox, in its order; each batch leaves it when the service has it."""
        statuses = []
        while self.outbox:
            message = self.outbox[0]
            try:
                statuses.append(self.put("batches", message))
            except Problem as problem:
                if problem.type != "erased":
                    raise
                statuses.append(problem.status)
            del self.outbox[0]
        return statuses

    def put(self, kind: str, message: bytes) -> int:
        """Sends a batch or a blob; it is there when the answer names it."""
        digest = backend.sha256(message)
        return self.service.ask(
            Yes.stored("hash", digest), "PUT", f"{self.path}/{kind}/{digest.hex()}", message, MESSAGE).status
