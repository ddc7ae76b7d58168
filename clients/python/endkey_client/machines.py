"""The state machines of the agent (section 10.3) and of a person's end (section 10.4), as tables."""

from dataclasses import dataclass

OTHER = "any other"


@dataclass(frozen=True)
class Step:
    """The next phase, and the error if the event is refused."""

    next: str
    error: str | None = None


def goes(phase: str) -> Step:
    return Step(phase)


def refuses(phase: str, error: str) -> Step:
    return Step(phase, error)


AGENT_EVENTS = (
    "code", "code_above", "code_of_manager", "code_of_other", "state", "state_of_keys", "state_revokes", "grant",
    "grant_listed", "capture", "activity", "activity_expired", "service_off", "state_lost",
)

AGENT = {
    "unpinned": {
        "code": goes("pinned"),
        "code_above": goes("pinned"),
        "code_of_manager": refuses("unpinned", "wrong_recipient"),
        "code_of_other": goes("pinned"),
        "state_lost": goes("unpinned"),
        OTHER: refuses("unpinned", "not_pinned"),
    },
    "pinned": {
        "code": goes("pinned"),
        "code_above": goes("pinned"),
        "code_of_manager": refuses("pinned", "wrong_recipient"),
        "code_of_other": refuses("pinned", "already_pinned"),
        "state": goes("waiting"),
        "state_of_keys": goes("waiting"),
        "state_revokes": goes("revoked"),
        "capture": goes("pinned"),
        "service_off": refuses("pinned", "latched"),
        "state_lost": goes("stopped"),
        OTHER: refuses("pinned", "no_state"),
    },
    "waiting": {
        "code": goes("waiting"),
        "code_above": goes("pinned"),
        "code_of_manager": refuses("waiting", "wrong_recipient"),
        "code_of_other": refuses("waiting", "already_pinned"),
        "state": goes("waiting"),
        "state_of_keys": goes("waiting"),
        "state_revokes": goes("revoked"),
        "grant": goes("active"),
        "capture": goes("waiting"),
        "service_off": refuses("waiting", "latched"),
        "state_lost": goes("stopped"),
        OTHER: refuses("waiting", "no_grant"),
    },
    "active": {
        "state": goes("waiting"),
        "state_of_keys": goes("active"),
        "state_revokes": goes("revoked"),
        "grant": goes("active"),
        "grant_listed": refuses("active", "revoked"),
        "capture": goes("active"),
        "activity": goes("active"),
        "activity_expired": refuses("active", "state_expired"),
        "service_off": refuses("active", "latched"),
        "state_lost": goes("stopped"),
        OTHER: refuses("active", "already_pinned"),
    },
    "revoked": {
        "code": refuses("revoked", "already_pinned"),
        "code_above": refuses("revoked", "already_pinned"),
        "code_of_manager": refuses("revoked", "already_pinned"),
        "code_of_other": refuses("revoked", "already_pinned"),
        "state": goes("revoked"),
        "state_of_keys": goes("revoked"),
        "state_revokes": goes("revoked"),
        "grant": goes("active"),
        "service_off": refuses("revoked", "latched"),
        "state_lost": goes("stopped"),
        OTHER: refuses("revoked", "revoked"),
    },
    "stopped": {
        OTHER: refuses("stopped", "stopped"),
    },
}

OWNER_EVENTS = (
    "create", "enrol", "enrol_as_agent", "recover", "recover_unconfirmed", "open", "open_pending", "confirm", "act",
    "root_act", "act_unconfirmed", "act_expired", "act_behind", "act_before_due", "act_without_root", "root_due",
    "audit", "read", "grants_missing", "wrap_missing", "stored", "lost_same", "lost_other", "no_answer", "discard",
    "lost_first", "lock",
)

OWNER = {
    "absent": {
        "create": goes("settling"),
        "enrol": goes("locked"),
        "enrol_as_agent": refuses("absent", "wrong_recipient"),
        "recover": goes("settling"),
        "recover_unconfirmed": refuses("absent", "approval_required"),
        OTHER: refuses("absent", "no_master_key"),
    },
    "locked": {
        "open": goes("open"),
        "open_pending": goes("settling"),
        "create": refuses("locked", "already_pinned"),
        "enrol": refuses("locked", "already_pinned"),
        "enrol_as_agent": refuses("locked", "already_pinned"),
        "recover": refuses("locked", "already_pinned"),
        "recover_unconfirmed": refuses("locked", "already_pinned"),
        OTHER: refuses("locked", "no_master_key"),
    },
    "open": {
        "confirm": goes("open"),
        "act": goes("settling"),
        "root_act": goes("settling"),
        "act_unconfirmed": refuses("open", "approval_required"),
        "act_expired": refuses("open", "state_expired"),
        "act_behind": refuses("open", "clock_wrong"),
        "act_before_due": refuses("open", "unsettled"),
        "act_without_root": refuses("open", "root_required"),
        "root_due": goes("settling"),
        "audit": goes("open"),
        "read": goes("open"),
        "grants_missing": goes("open"),
        "wrap_missing": goes("open"),
        "lock": goes("locked"),
        OTHER: refuses("open", "already_pinned"),
    },
    "settling": {
        "audit": goes("settling"),
        "read": goes("settling"),
        "stored": goes("open"),
        "lost_same": goes("settling"),
        "lost_other": goes("open"),
        "no_answer": goes("settling"),
        "discard": goes("open"),
        "lost_first": goes("absent"),
        "lock": goes("locked"),
        OTHER: refuses("settling", "unsettled"),
    },
}


def step(machine: dict[str, dict[str, Step]], phase: str, event: str) -> Step:
    row = machine[phase]
    return row[event] if event in row else row[OTHER]
