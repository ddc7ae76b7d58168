"""The enumerations of section 8.2 and the message types of section 8.1. The names are those of the specification."""

from enum import IntEnum


class MessageType(IntEnum):
    password_wrap = 1
    owner_vault = 2
    enrolment_request = 3
    grant = 4
    private_keys = 5
    account_state = 6
    sealed_blob = 7
    record_batch = 8
    rule_set = 9
    spool_segment = 10
    agent_state = 11
    owner_state = 12


class TokenField(IntEnum):
    employee_name = 1
    application_name = 2
    window_title = 3
    url = 4
    document_name = 5


class BlobField(IntEnum):
    keystrokes = 16
    clipboard = 17
    chat_text = 18
    screenshot = 19
    camera_shot = 20
    voice = 21


class AccountSecretUse(IntEnum):
    none = 0
    required = 1


class GrantKind(IntEnum):
    master = 1
    scoped = 2


class RecordKind(IntEnum):
    application = 1
    website = 2
    document = 3
    idle = 4
    keystrokes = 5
    clipboard = 6
    chat = 7
    screenshot = 8
    camera_shot = 9
    voice = 10


class ItemType(IntEnum):
    token = 1
    blob = 2


class Category(IntEnum):
    productive = 1
    neutral = 2
    unproductive = 3


class Role(IntEnum):
    agent = 1
    manager = 2


class Approval(IntEnum):
    automatic = 1
    manual = 2


class MemberStatus(IntEnum):
    granted = 1
    revoked = 2


class AgentPhase(IntEnum):
    unpinned = 1
    pinned = 2
    waiting = 3
    active = 4
    revoked = 5
    stopped = 6
