"""The state machines of the agent (section 10.3) and of the owner's end (section 10.4), as tables."""

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
    "code", "state", "state_of_keys", "state_revokes", "grant", "activity", "service_off", "state_lost",
)

AGENT = {
    "unpinned": {
        "code": goes("pinned"),
        "state_lost": goes("unpinned"),
        OTHER: refuses("unpinned", "not_pinned"),
    },
    "pinned": {
        "state": goes("waiting"),
        "state_of_keys": goes("waiting"),
        "state_revokes": goes("revoked"),
        "state_lost": goes("stopped"),
        "code": refuses("pinned", "already_pinned"),
        "service_off": refuses("pinned", "latched"),
        OTHER: refuses("pinned", "no_state"),
    },
    "waiting": {
        "state": goes("waiting"),
        "state_of_keys": goes("active"),
        "state_revokes": goes("revoked"),
        "grant": goes("active"),
        "state_lost": goes("stopped"),
        "code": refuses("waiting", "already_pinned"),
        "service_off": refuses("waiting", "latched"),
        OTHER: refuses("waiting", "no_grant"),
    },
    "active": {
        "state": goes("waiting"),
        "state_of_keys": goes("active"),
        "state_revokes": goes("revoked"),
        "grant": goes("active"),
        "activity": goes("active"),
        "state_lost": goes("stopped"),
        "code": refuses("active", "already_pinned"),
        "service_off": refuses("active", "latched"),
    },
    "revoked": {
        "state_lost": goes("stopped"),
        "code": refuses("revoked", "already_pinned"),
        "service_off": refuses("revoked", "latched"),
        OTHER: refuses("revoked", "revoked"),
    },
    "stopped": {
        OTHER: refuses("stopped", "stopped"),
    },
}

OWNER_EVENTS = (
    "create", "open", "open_due", "change_password", "make_code", "request", "grant", "revoke", "revoke_due",
    "rotate", "rules", "audit", "read", "lock",
)

OWNER = {
    "absent": {
        "create": goes("open"),
        OTHER: refuses("absent", "no_master_key"),
    },
    "locked": {
        "open": goes("open"),
        "open_due": goes("rotation_due"),
        "create": refuses("locked", "already_pinned"),
        OTHER: refuses("locked", "no_master_key"),
    },
    "open": {
        "change_password": goes("open"),
        "make_code": goes("open"),
        "request": goes("open"),
        "grant": goes("open"),
        "revoke": goes("open"),
        "revoke_due": goes("rotation_due"),
        "rotate": goes("open"),
        "rules": goes("open"),
        "audit": goes("open"),
        "read": goes("open"),
        "lock": goes("locked"),
        OTHER: refuses("open", "already_pinned"),
    },
    "rotation_due": {
        "change_password": goes("rotation_due"),
        "make_code": goes("rotation_due"),
        "request": refuses("rotation_due", "rotation_due"),
        "grant": refuses("rotation_due", "rotation_due"),
        "revoke": goes("rotation_due"),
        "revoke_due": goes("rotation_due"),
        "rotate": goes("open"),
        "rules": goes("rotation_due"),
        "audit": goes("rotation_due"),
        "read": goes("rotation_due"),
        "lock": goes("locked"),
        OTHER: refuses("rotation_due", "already_pinned"),
    },
}


def step(machine: dict[str, dict[str, Step]], phase: str, event: str) -> Step:
    row = machine[phase]
    return row[event] if event in row else row[OTHER]
