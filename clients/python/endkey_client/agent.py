"""An agent from its request on: takes events one by one and keeps what it accepted (sections 10.3 and 13.1)."""

from dataclasses import dataclass, field

from . import backend, keys, machines
from .enums import TokenField
from .errors import Refused
from .grants import LastGrant, Recipient, open_grant
from .states import accept_state, revokes
from .tokens import seal_token
from .wire.account_state import AccountState
from .wire.grant import ScopedKeys
from .wire.private_keys import AccountKeys

EPOCHS_KEPT = 2


@dataclass
class Agent:
    account_id: bytes
    keys: AccountKeys
    phase: str = "pinned"
    state: bytes | None = None
    last_grant: LastGrant | None = None
    token_keys: dict[int, bytes] = field(default_factory=dict)

    def agent_id(self) -> bytes:
        return keys.agent_id_of(self.keys.p, self.keys.q, self.keys.seed)

    def take(self, event: str, message: bytes) -> None:
        """One step of `agent/run`. Refused is raised where the step is refused; nothing has changed then."""
        if event == "restart_damaged":
            self.advance("state_lost")
            return
        if event == "restart":
            self.restart()
            return
        self.check_phase(event)
        if event == "state":
            self.take_state(message)
        elif event == "grant":
            self.take_grant(message)
        elif event == "activity":
            self.take_activity(message)
        else:
            self.advance(event)

    def restart(self) -> None:
        """The state was kept, unless it was lost before: nobody has removed the mark since."""
        if self.phase == "stopped":
            self.advance("state_lost")

    def check_phase(self, event: str) -> None:
        """An agent's phase is checked before its message (section 19.1)."""
        step = machines.step(machines.AGENT, self.phase, event)
        if step.error is not None:
            raise Refused(step.error)

    def advance(self, event: str) -> None:
        self.check_phase(event)
        self.phase = machines.step(machines.AGENT, self.phase, event).next

    def take_state(self, message: bytes) -> None:
        state, unchanged = accept_state(message, self.account_id, self.state)
        if unchanged:
            return
        self.advance(self.event_of(state))
        self.state = message

    def event_of(self, state: AccountState) -> str:
        if revokes(state, self.agent_id()):
            return "state_revokes"
        if state.header.epoch in self.token_keys:
            return "state_of_keys"
        return "state"

    def take_grant(self, message: bytes) -> None:
        state = None if self.state is None else AccountState.parse(self.state)
        grant, granted = open_grant(message, Recipient(self.account_id, state, self.keys, self.last_grant))
        if granted is None:
            return
        self.advance("grant")
        self.last_grant = LastGrant(grant.counter, backend.sha256(message))
        self.keep_key(grant.header.epoch, granted)

    def keep_key(self, epoch: int, granted: ScopedKeys | bytes) -> None:
        if isinstance(granted, ScopedKeys):
            self.token_keys[epoch] = granted.token_key
        else:
            self.token_keys[epoch] = keys.token_key(granted, self.account_id, epoch)
        for old in sorted(self.token_keys)[:-EPOCHS_KEPT]:
            del self.token_keys[old]

    def take_activity(self, value: bytes) -> None:
        assert self.state is not None
        epoch = AccountState.parse(self.state).header.epoch
        seal_token(self.token_keys[epoch], self.account_id, epoch, TokenField.window_title, value)
        self.advance("activity")
