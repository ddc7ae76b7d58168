"""The state machines and an agent's run (sections 10.3, 10.4 and 13.1)."""

from ..mutant import of_module


def row(event: str, step: str) -> str:
    return f'        "{event}": {step},\n'


def other(phase: str, error: str) -> str:
    return f'        OTHER: refuses("{phase}", "{error}"),\n'


def of_phase(phase: str, event: str, step: str) -> str:
    """The row and those before it, from the head of the phase, where the row alone stands elsewhere, too."""
    return f'    "{phase}": {{\n' + row(event, step)


KEPT = row("capture", 'goes("pinned")') + row("service_off", 'refuses("pinned", "latched")')
RESTART = '        if self.phase == "stopped":\n            self.advance("state_lost")\n'
DROPPED = '        if event == "code_above":\n            self.drop_state()\n'
TERMS_MADE = "made = max(terms.made, clock.anchor(self.terms.made, self.age))"
WIPED = '        if event != "state_of_keys":\n            self.granted = None\n'
OPENED = "        granted = grants.open_grant(message, recipient)\n        self.advance(event)\n"
EXPIRED = "        expired = self.state is not None and now >= self.state.valid_until\n"
AGENT_ACTIVE = (
    '        "state_of_keys": goes("active"),\n        "state_revokes": goes("revoked"),\n        "grant": goes("active"),\n'
    '        "grant_listed"')

MUTANTS = of_module(
    "machines.py",
    ("agent-off-unpins-pinned", "lets the service end a pinning", row("service_off", 'refuses("pinned", "latched")'), row("service_off", 'goes("unpinned")')),
    ("agent-off-unpins-waiting", "lets the service end the wait for a grant", row("service_off", 'refuses("waiting", "latched")'), row("service_off", 'goes("unpinned")')),
    ("agent-off-unpins-active", "goes back to plaintext when the service says that encryption is off", row("service_off", 'refuses("active", "latched")'), row("service_off", 'goes("unpinned")')),
    ("agent-off-stops-active", "stops when the service says that encryption is off", row("service_off", 'refuses("active", "latched")'), row("service_off", 'goes("stopped")')),
    ("agent-off-frees-revoked", "lets the service free a revoked agent", row("service_off", 'refuses("revoked", "latched")'), row("service_off", 'goes("unpinned")')),
    ("agent-code-of-other-pinned", "takes a code of another account while it is pinned", row("code_of_other", 'refuses("pinned", "already_pinned")'), row("code_of_other", 'goes("pinned")')),
    ("agent-code-of-other-waiting", "takes a code of another account while it waits", row("code_of_other", 'refuses("waiting", "already_pinned")'), row("code_of_other", 'goes("pinned")')),
    ("agent-code-of-other-revoked", "takes a code of another account when it was revoked", row("code_of_other", 'refuses("revoked", "already_pinned")'), row("code_of_other", 'goes("pinned")')),
    ("agent-code-of-manager-unpinned", "takes a manager's code", row("code_of_manager", 'refuses("unpinned", "wrong_recipient")'), row("code_of_manager", 'goes("pinned")')),
    ("agent-code-of-manager-pinned", "takes a manager's code while it is pinned", row("code_of_manager", 'refuses("pinned", "wrong_recipient")'), row("code_of_manager", 'goes("pinned")')),
    ("agent-code-of-manager-waiting", "takes a manager's code while it waits", row("code_of_manager", 'refuses("waiting", "wrong_recipient")'), row("code_of_manager", 'goes("waiting")')),
    ("agent-code-revoked", "takes a code when it was revoked", row("code", 'refuses("revoked", "already_pinned")'), row("code", 'goes("revoked")')),
    ("agent-code-above-revoked", "takes a code of a greater generation when it was revoked", row("code_above", 'refuses("revoked", "already_pinned")'), row("code_above", 'goes("pinned")')),
    ("agent-code-active", "takes another code while it is active", other("active", "already_pinned"), row("code", 'goes("active")') + other("active", "already_pinned")),
    ("agent-code-above-active", "takes a code of a greater generation while it is active", other("active", "already_pinned"), row("code_above", 'goes("pinned")') + other("active", "already_pinned")),
    ("agent-code-waiting-refused", "takes no other code while it waits", of_phase("waiting", "code", 'goes("waiting")'), of_phase("waiting", "code", 'refuses("waiting", "already_pinned")')),
    ("agent-code-above-waits-on", "goes on waiting under its state with a code of a greater generation", of_phase("waiting", "code", 'goes("waiting")') + row("code_above", 'goes("pinned")'), of_phase("waiting", "code", 'goes("waiting")') + row("code_above", 'goes("waiting")')),
    ("agent-code-pinned-refused", "takes no other code while it is pinned", of_phase("pinned", "code", 'goes("pinned")'), of_phase("pinned", "code", 'refuses("pinned", "already_pinned")')),
    ("agent-grant-before-state", "takes a grant before a state", KEPT, row("grant", 'goes("active")') + KEPT),
    ("agent-activity-unpinned", "sends activity before it is pinned", other("unpinned", "not_pinned"), row("activity", 'goes("unpinned")') + other("unpinned", "not_pinned")),
    ("agent-captures-unpinned", "captures before it is pinned", other("unpinned", "not_pinned"), row("capture", 'goes("unpinned")') + other("unpinned", "not_pinned")),
    ("agent-captures-not-pinned", "captures nothing before it has a state", KEPT, KEPT.split("\n", 1)[1]),
    ("agent-captures-not-waiting", "captures nothing while it waits for a grant", row("capture", 'goes("waiting")'), ""),
    ("agent-captures-revoked", "captures when it was revoked", other("revoked", "revoked"), row("capture", 'goes("revoked")') + other("revoked", "revoked")),
    ("agent-activity-waiting", "sends activity while it waits for keys of its state", other("waiting", "no_grant"), row("activity", 'goes("waiting")') + other("waiting", "no_grant")),
    ("agent-activity-revoked", "sends activity when it was revoked", other("revoked", "revoked"), row("activity", 'goes("revoked")') + other("revoked", "revoked")),
    ("agent-activity-expired", "sends activity when its state has expired", row("activity_expired", 'refuses("active", "state_expired")'), row("activity_expired", 'goes("active")')),
    ("agent-expiry-revokes", "takes the end of its state for a revocation", row("activity_expired", 'refuses("active", "state_expired")'), row("activity_expired", 'refuses("revoked", "state_expired")')),
    ("agent-grant-while-listed", "takes a grant though its state lists it", other("revoked", "revoked"), row("grant_listed", 'goes("active")') + other("revoked", "revoked")),
    ("agent-revoked-for-good", "takes no grant any more when it was revoked", row("state_revokes", 'goes("revoked")') + row("grant", 'goes("active")') + row("service_off", 'refuses("revoked", "latched")'), row("state_revokes", 'goes("revoked")') + row("grant", 'refuses("revoked", "revoked")') + row("service_off", 'refuses("revoked", "latched")')),
    ("agent-revoked-by-state-again", "goes on when a later state does not list it", row("code_of_other", 'refuses("revoked", "already_pinned")') + row("state", 'goes("revoked")'), row("code_of_other", 'refuses("revoked", "already_pinned")') + row("state", 'goes("waiting")')),
    ("agent-revoked-takes-no-state", "takes no state any more when it was revoked", row("code_of_other", 'refuses("revoked", "already_pinned")') + row("state", 'goes("revoked")'), row("code_of_other", 'refuses("revoked", "already_pinned")') + row("state", 'refuses("revoked", "revoked")')),
    ("agent-lost-state-starts-anew", "starts anew where its state is lost", row("service_off", 'refuses("active", "latched")') + row("state_lost", 'goes("stopped")'), row("service_off", 'refuses("active", "latched")') + row("state_lost", 'goes("unpinned")')),
    ("agent-lost-state-pinned-anew", "starts anew where its state is lost while it is pinned", row("service_off", 'refuses("pinned", "latched")') + row("state_lost", 'goes("stopped")'), row("service_off", 'refuses("pinned", "latched")') + row("state_lost", 'goes("unpinned")')),
    ("agent-lost-state-revoked-anew", "starts anew where its state is lost when it was revoked", row("service_off", 'refuses("revoked", "latched")') + row("state_lost", 'goes("stopped")'), row("service_off", 'refuses("revoked", "latched")') + row("state_lost", 'goes("unpinned")')),
    ("agent-stopped-takes-code", "takes a code when it has stopped", other("stopped", "stopped"), row("code", 'goes("pinned")') + other("stopped", "stopped")),
    ("agent-stopped-takes-state", "takes a state when it has stopped", other("stopped", "stopped"), row("state", 'goes("waiting")') + other("stopped", "stopped")),
    ("agent-new-epoch-stays-active", "stays active when a state comes for which it holds no keys", of_phase("active", "state", 'goes("waiting")'), of_phase("active", "state", 'goes("active")')),
    ("agent-known-keys-wait", "waits for a grant though it holds keys of the state", AGENT_ACTIVE, AGENT_ACTIVE.replace('"state_of_keys": goes("active")', '"state_of_keys": goes("waiting")')),
    ("agent-revocation-ignored", "does not stop when it is revoked", AGENT_ACTIVE, AGENT_ACTIVE.replace('goes("revoked")', 'goes("active")')),
    ("owner-create-over-locked", "makes a new account over a locked one", row("create", 'refuses("locked", "already_pinned")'), row("create", 'goes("settling")')),
    ("owner-recovers-over-locked", "recovers an account over a locked one", row("recover", 'refuses("locked", "already_pinned")'), row("recover", 'goes("settling")')),
    ("owner-recovers-unconfirmed", "recovers what nobody has confirmed", row("recover_unconfirmed", 'refuses("absent", "approval_required")'), row("recover_unconfirmed", 'goes("settling")')),
    ("owner-enrols-as-agent", "takes an agent's code", row("enrol_as_agent", 'refuses("absent", "wrong_recipient")'), row("enrol_as_agent", 'goes("locked")')),
    ("owner-create-needs-no-storing", "takes an account for open before it is stored", of_phase("absent", "create", 'goes("settling")'), of_phase("absent", "create", 'goes("open")')),
    ("owner-forgets-pending", "forgets at the next opening what is pending", row("open_pending", 'goes("settling")'), row("open_pending", 'goes("open")')),
    ("owner-reads-locked", "reads while it is locked", other("locked", "no_master_key"), row("read", 'goes("locked")') + other("locked", "no_master_key")),
    ("owner-acts-unconfirmed", "acts at an end that nobody has confirmed", row("act_unconfirmed", 'refuses("open", "approval_required")'), row("act_unconfirmed", 'goes("settling")')),
    ("owner-acts-expired", "acts when the state has expired", row("act_expired", 'refuses("open", "state_expired")'), row("act_expired", 'goes("settling")')),
    ("owner-acts-behind", "acts by a clock that is behind", row("act_behind", 'refuses("open", "clock_wrong")'), row("act_behind", 'goes("settling")')),
    ("owner-acts-before-due", "acts though a root act is due", row("act_before_due", 'refuses("open", "unsettled")'), row("act_before_due", 'goes("settling")')),
    ("owner-acts-without-root", "acts as the owner without the root key", row("act_without_root", 'refuses("open", "root_required")'), row("act_without_root", 'goes("settling")')),
    ("owner-act-needs-no-storing", "takes an act for done before it is stored", row("confirm", 'goes("open")') + row("act", 'goes("settling")'), row("confirm", 'goes("open")') + row("act", 'goes("open")')),
    ("owner-act-while-settling", "acts while a publication is pending", other("settling", "unsettled"), row("act", 'goes("settling")') + other("settling", "unsettled")),
    ("owner-grants-while-settling", "grants while a publication is pending", other("settling", "unsettled"), row("grants_missing", 'goes("settling")') + other("settling", "unsettled")),
    ("owner-settles-without-answer", "takes no answer for one", row("no_answer", 'goes("settling")'), row("no_answer", 'goes("open")')),
    ("owner-merge-is-done", "takes a merge for settled", row("lost_same", 'goes("settling")'), row("lost_same", 'goes("open")')),
    ("owner-lost-goes-on", "goes on with what was lost to another state", row("lost_other", 'goes("open")'), row("lost_other", 'goes("settling")')),
    ("owner-first-lost-opens", "keeps an account whose first publication was lost", row("lost_first", 'goes("absent")'), row("lost_first", 'goes("open")')),
    ("owner-locks-and-forgets", "forgets the account when it is locked", row("wrap_missing", 'goes("open")') + row("lock", 'goes("locked")'), row("wrap_missing", 'goes("open")') + row("lock", 'goes("absent")')),
) + of_module(
    "agent.py",
    ("agent-stopped-forgets-at-restart", "is pinned again when it starts after it had stopped", RESTART, RESTART.replace('self.advance("state_lost")', 'self.phase = "unpinned"')),
    ("agent-stopped-restart-goes-on", "waits for a state again when it starts after it had stopped", RESTART, RESTART.replace('self.advance("state_lost")', 'self.phase = "pinned"')),
    ("agent-stopped-restart-silent", "says nothing when it starts after it had stopped", RESTART, "        pass\n"),
    ("agent-forgets-at-restart", "forgets its state when it restarts", RESTART, RESTART + "        self.drop_state()\n"),
    ("agent-forgets-age-at-restart", "forgets at a restart how long it has run", RESTART, RESTART + "        self.age = self.running = 0\n"),
    ("agent-forgets-clock-at-restart", "forgets its clock at a restart", RESTART, RESTART + "        self.least = self.running = 0\n"),
    ("agent-forgets-revocation-at-restart", "forgets at a restart that it was revoked", RESTART, RESTART + '        if self.phase == "revoked":\n            self.phase = "waiting"\n'),
    ("agent-restart-unpins", "forgets its account at a restart", RESTART, '        self.phase = "unpinned"\n'),
    ("agent-damage-unpins", "starts anew where its state is damaged", '        self.advance("state_lost")\n        self.drop_state()\n', '        self.phase = "unpinned"\n'),
    ("agent-damage-keeps-going", "goes on where its state is damaged", '        self.advance("state_lost")\n        self.drop_state()\n', "        pass\n"),
    ("agent-message-before-phase", "looks at a state before the phase", '        self.check_phase("state", "state_of_keys", "state_revokes")\n', ""),
    ("agent-code-before-phase", "looks at a code before the phase", '        self.check_phase("code", "code_above", "code_of_manager", "code_of_other")\n', ""),
    ("agent-grant-before-phase", "looks at a grant before the phase", "        self.check_phase(event)\n        recipient =", "        recipient ="),
    ("agent-value-before-phase", "looks at a value before the phase", '        self.check_phase(event)\n        if self.granted is not None', '        from .tokens import is_utf8\n        if not is_utf8(value):\n            raise Refused("value_not_utf8")\n        self.check_phase(event)\n        if self.granted is not None'),
    ("agent-age-not-counted", "does not count how long it has run", "        self.age = min(self.age + milliseconds, COUNTER_MAX)\n", ""),
    ("agent-running-not-counted", "does not count how long it has run since its state", "            self.running = min(self.running + milliseconds, COUNTER_MAX)\n", "            pass\n"),
    ("agent-running-before-state", "counts what it ran before its state as run since", "        if self.state is not None:\n            self.running", "        if True:\n            self.running"),
    ("agent-running-kept", "does not begin to count anew with a state", "        self.running = 0\n        self.state = state\n", "        self.state = state\n"),
    ("agent-age-reset-by-state", "counts its age from its state", "        self.running = 0\n        self.state = state\n", "        self.running = 0\n        self.age = 0\n        self.state = state\n"),
    ("agent-manager-pins", "pins a manager's code", '        if code.terms.role != Role.agent:\n            raise Refused("wrong_recipient")\n', ""),
    ("agent-manager-before-account", "looks at a code's role before its account", '        if code.account_id != self.account_id:\n            return "code_of_other"\n        if code.terms.role == Role.manager:\n            return "code_of_manager"\n', '        if code.terms.role == Role.manager:\n            return "code_of_manager"\n        if code.account_id != self.account_id:\n            return "code_of_other"\n'),
    ("agent-code-never-above", "does not look at a code's generation", "        if self.state is not None and code.terms.generation > self.state.generation:\n", "        if False:\n"),
    ("agent-code-same-above", "drops its state with a code of its generation", "code.terms.generation > self.state.generation", "code.terms.generation >= self.state.generation"),
    ("agent-code-above-keeps-state", "keeps its state with a code of a greater generation", DROPPED, ""),
    ("agent-terms-not-taken", "keeps the terms of its first code", "        self.take_terms(code.terms)\n", ""),
    ("agent-terms-generation-back", "takes a lower generation with another code", "generation = max(self.terms.generation, terms.generation)", "generation = terms.generation"),
    ("agent-terms-generation-kept", "keeps the generation of its first code", "generation = max(self.terms.generation, terms.generation)", "generation = self.terms.generation"),
    ("agent-terms-made-back", "sets its anchor back with an older code", TERMS_MADE, "made = terms.made"),
    ("agent-terms-made-without-age", "forgets what it has run when another code comes", TERMS_MADE, "made = max(terms.made, self.terms.made)"),
    ("agent-terms-made-kept", "does not look when another code was made", TERMS_MADE, "made = clock.anchor(self.terms.made, self.age)"),
    ("agent-terms-age-kept", "counts on when another code comes", "        self.terms = CodeTerms(generation, made, terms.kind, terms.role)\n        self.age = 0\n", "        self.terms = CodeTerms(generation, made, terms.kind, terms.role)\n"),
    ("agent-terms-kind-kept", "keeps the kind of its first code", "CodeTerms(generation, made, terms.kind, terms.role)", "CodeTerms(generation, made, self.terms.kind, terms.role)"),
    ("agent-state-before-code", "accepts a state of an older generation than its code", "accept_state(message, self.account_id, self.state, self.terms.generation)", "accept_state(message, self.account_id, self.state, None)"),
    ("agent-state-kept-before-checks", "forgets its state when another one is refused", "        accepted = states.accept_state(message, self.account_id, self.state, self.terms.generation)\n", "        last, self.state = self.state, None\n        accepted = states.accept_state(message, self.account_id, last, self.terms.generation)\n        self.state = last\n"),
    ("agent-state-not-kept", "does not keep the state that it accepted", "        self.running = 0\n        self.state = state\n", "        self.running = 0\n        self.state = self.state or state\n"),
    ("agent-keys-not-wiped", "keeps keys of another state", WIPED, ""),
    ("agent-keys-kept-when-revoked", "keeps its keys when it is revoked", WIPED, '        if event == "state":\n            self.granted = None\n'),
    ("agent-keys-wiped-always", "wipes its keys with every state", WIPED, "        self.granted = None\n"),
    ("agent-revocation-forgotten", "forgets to look for itself among the revoked in a run", '        if self.agent_id() in state.revoked:\n            return "state_revokes"\n', ""),
    ("agent-any-keys-known", "takes its keys for those of every state", "self.state is not None and states.same_keys(state, self.state):", "self.state is not None:"),
    ("agent-keys-by-epoch", "takes its keys for those of every state of their epoch", "self.state is not None and states.same_keys(state, self.state):", "self.state is not None and state.header.epoch == self.state.header.epoch:"),
    ("agent-no-keys-known", "takes every state for one of new keys", "self.state is not None and states.same_keys(state, self.state):", "False:"),
    ("agent-grant-advances-first", "is active before it has opened a grant", OPENED, "        self.advance(event)\n        granted = grants.open_grant(message, recipient)\n"),
    ("agent-grant-listed-forgotten", "takes a grant while its state lists it", '        event = "grant_listed" if listed else "grant"\n', '        event = "grant"\n'),
    ("agent-grant-any-kind", "takes a grant of any kind", "        recipient = Recipient(self.account_id, self.state, self.terms.kind, self.keys, self.granted is not None)\n", "        from .wire.messages import Grant\n        kind = Grant.parse(message).kind\n        recipient = Recipient(self.account_id, self.state, kind, self.keys, self.granted is not None)\n"),
    ("agent-never-expires", "works on when its state has expired", EXPIRED, "        expired = False\n"),
    ("agent-expires-late", "works at the moment at which its state expires", EXPIRED, EXPIRED.replace(">=", ">")),
    ("agent-expires-by-wall", "goes by the computer's clock for the end of a state", "            self.take_activity(message, self.now(wall))\n", "            self.take_activity(message, wall)\n"),
)
