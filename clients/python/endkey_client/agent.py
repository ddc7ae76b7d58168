"""An agent from its request on: takes events one by one and keeps what it accepted (sections 10.3, 13.1 and 13.5)."""

import os
from dataclasses import dataclass

from . import clock, enrolment, grants, keys, machines, states
from .enums import Role, TokenField
from .errors import Refused
from .grants import Recipient
from .limits import COUNTER_MAX
from .texts.secrets import EnrolmentCode
from .tokens import seal_token
from .wire.contents import AccountKeys, CodeTerms, ScopedKeys
from .wire.messages import AccountState, EnrolmentRequest


@dataclass
class Agent:
    account_id: bytes
    keys: AccountKeys
    terms: CodeTerms
    request: EnrolmentRequest
    phase: str = "pinned"
    state: AccountState | None = None
    least: int = 0
    running: int = 0
    age: int = 0
    granted: ScopedKeys | None = None

    @staticmethod
    def pin(code_text: bytes, own: AccountKeys, nonce: bytes) -> "Agent":
        """One that has pinned the code and sent its request."""
        code = EnrolmentCode.decode(code_text)
        if code.terms.role != Role.agent:
            raise Refused("wrong_recipient")
        return Agent(code.account_id, own, code.terms, enrolment.make_request(code, own, nonce))

    def agent_id(self) -> bytes:
        return keys.id_of(self.keys)

    # Time

    def run(self, milliseconds: int) -> None:
        """The computer has run so long since the step before."""
        self.age = min(self.age + milliseconds, COUNTER_MAX)
        if self.state is not None:
            self.running = min(self.running + milliseconds, COUNTER_MAX)

    def now(self, wall: int) -> int:
        return clock.now(wall, self.least, self.running)

    # Events

    def take(self, event: str, message: bytes, wall: int) -> None:
        """One step of `agent/run`. Refused is raised where the step is refused; nothing has changed then."""
        if event == "code":
            self.take_code(message)
        elif event == "state":
            self.take_state(message)
        elif event == "grant":
            self.take_grant(message)
        elif event == "activity":
            self.take_activity(message, self.now(wall))
        elif event == "restart":
            self.restart()
        elif event == "restart_damaged":
            self.lose_state()
        else:
            self.advance(event)

    def advance(self, event: str) -> None:
        self.check_phase(event)
        self.phase = machines.step(machines.AGENT, self.phase, event).next

    def check_phase(self, *events: str) -> None:
        """Refuses where every event that an input could become has the same error (R-10.3-1)."""
        first, *others = (machines.step(machines.AGENT, self.phase, event).error for event in events)
        if first is not None and all(error == first for error in others):
            raise Refused(first)

    def restart(self) -> None:
        """The state was kept, unless it was lost before: nobody has removed the mark since."""
        if self.phase == "stopped":
            self.advance("state_lost")

    def lose_state(self) -> None:
        self.advance("state_lost")
        self.drop_state()

    def drop_state(self) -> None:
        self.state = None
        self.least = 0
        self.running = 0
        self.granted = None

    def take_code(self, text: bytes) -> None:
        self.check_phase("code", "code_above", "code_of_manager", "code_of_other")
        code = EnrolmentCode.decode(text)
        event = self.event_of_code(code)
        self.advance(event)
        if event == "code_above":
            self.drop_state()
        self.take_terms(code.terms)
        self.request = enrolment.make_request(code, self.keys, os.urandom(32))

    def event_of_code(self, code: EnrolmentCode) -> str:
        if code.account_id != self.account_id:
            return "code_of_other"
        if code.terms.role == Role.manager:
            return "code_of_manager"
        if self.state is not None and code.terms.generation > self.state.generation:
            return "code_above"
        return "code"

    def take_terms(self, terms: CodeTerms) -> None:
        """R-10.3-4."""
        generation = max(self.terms.generation, terms.generation)
        made = max(terms.made, clock.anchor(self.terms.made, self.age))
        self.terms = CodeTerms(generation, made, terms.kind, terms.role)
        self.age = 0

    def take_state(self, message: bytes) -> None:
        self.check_phase("state", "state_of_keys", "state_revokes")
        accepted = states.accept_state(message, self.account_id, self.state, self.terms.generation)
        if not accepted.changed:
            return
        state = accepted.state
        event = self.event_of_state(state)
        self.advance(event)
        if event != "state_of_keys":
            self.granted = None
        last = None if self.state is None else clock.Since(self.state.generation, self.least, self.running)
        self.least = clock.accept(clock.anchor(self.terms.made, self.age), last, state.generation, state.made)
        self.running = 0
        self.state = state

    def event_of_state(self, state: AccountState) -> str:
        if self.agent_id() in state.revoked:
            return "state_revokes"
        if self.granted is not None and self.state is not None and states.same_keys(state, self.state):
            return "state_of_keys"
        return "state"

    def take_grant(self, message: bytes) -> None:
        listed = self.state is not None and self.agent_id() in self.state.revoked
        event = "grant_listed" if listed else "grant"
        self.check_phase(event)
        recipient = Recipient(self.account_id, self.state, self.terms.kind, self.keys, self.granted is not None)
        granted = grants.open_grant(message, recipient)
        self.advance(event)
        if isinstance(granted, ScopedKeys):
            self.granted = granted
        elif granted is not None and self.state is not None:
            self.granted = grants.scoped_keys(
                granted, self.account_id, self.state.header.epoch, self.agent_id())

    def take_activity(self, value: bytes, now: int) -> None:
        expired = self.state is not None and now >= self.state.valid_until
        event = "activity_expired" if expired else "activity"
        self.check_phase(event)
        if self.granted is not None and self.state is not None:
            seal_token(
                self.granted.token_key, self.account_id, self.state.header.epoch, TokenField.window_title, value)
        self.advance(event)
