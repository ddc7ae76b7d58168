// The numbers, names and state machines of spec/registry.json. selftest.mjs compares the two.

/**
 * Message types (section 8.1).
 * @type {Record<string, number>}
 */
export const MESSAGE_TYPES = {
  password_wrap: 1,
  owner_vault: 2,
  enrolment_request: 3,
  grant: 4,
  private_keys: 5,
  account_state: 6,
  sealed_blob: 7,
  record_batch: 8,
  rule_set: 9,
  spool_segment: 10,
  agent_state: 11,
  owner_state: 12,
};

/**
 * Enumerations (section 8.2).
 * @type {Record<string, Record<string, number>>}
 */
export const ENUMS = {
  TokenField: { employee_name: 1, application_name: 2, window_title: 3, url: 4, document_name: 5 },
  BlobField: { keystrokes: 16, clipboard: 17, chat_text: 18, screenshot: 19, camera_shot: 20, voice: 21 },
  AccountSecretUse: { none: 0, required: 1 },
  GrantKind: { master: 1, scoped: 2 },
  RecordKind: {
    application: 1, website: 2, document: 3, idle: 4, keystrokes: 5, clipboard: 6, chat: 7, screenshot: 8,
    camera_shot: 9, voice: 10,
  },
  ItemType: { token: 1, blob: 2 },
  Category: { productive: 1, neutral: 2, unproductive: 3 },
  Role: { agent: 1, manager: 2 },
  Approval: { automatic: 1, manual: 2 },
  MemberStatus: { granted: 1, revoked: 2 },
  AgentPhase: { unpinned: 1, pinned: 2, waiting: 3, active: 4, revoked: 5, stopped: 6 },
};

/** Limits (section 6.1). */
export const LIMITS = {
  iterations_min: 600000,
  iterations_max: 10000000,
  password_max: 1024,
  login_name_max: 255,
  counter_max: 9007199254740991,
  token_value_max: 4095,
  token_padded_max: 4096,
  blob_text_max: 65536,
  chunk: 16384,
  records_max: 16777215,
  items_max: 65535,
  rules_max: 16777206,
  revoked_max: 65520,
  sealed_min: 72,
  sealed_max: 16777215,
  codes_max: 256,
  members_max: 4095,
  smallest_factor: 1024,
};

/**
 * The agent's state machine (section 10.3): phase, event, next phase, error.
 * @type {[string, string, string, string | null][]}
 */
export const AGENT_MACHINE = [
  ["unpinned", "code", "pinned", null],
  ["unpinned", "state_lost", "unpinned", null],
  ["unpinned", "any other", "unpinned", "not_pinned"],
  ["pinned", "state", "waiting", null],
  ["pinned", "state_of_keys", "waiting", null],
  ["pinned", "state_revokes", "revoked", null],
  ["pinned", "state_lost", "stopped", null],
  ["pinned", "code", "pinned", "already_pinned"],
  ["pinned", "service_off", "pinned", "latched"],
  ["pinned", "any other", "pinned", "no_state"],
  ["waiting", "state", "waiting", null],
  ["waiting", "state_of_keys", "active", null],
  ["waiting", "state_revokes", "revoked", null],
  ["waiting", "grant", "active", null],
  ["waiting", "state_lost", "stopped", null],
  ["waiting", "code", "waiting", "already_pinned"],
  ["waiting", "service_off", "waiting", "latched"],
  ["waiting", "any other", "waiting", "no_grant"],
  ["active", "state", "waiting", null],
  ["active", "state_of_keys", "active", null],
  ["active", "state_revokes", "revoked", null],
  ["active", "grant", "active", null],
  ["active", "activity", "active", null],
  ["active", "state_lost", "stopped", null],
  ["active", "code", "active", "already_pinned"],
  ["active", "service_off", "active", "latched"],
  ["revoked", "state_lost", "stopped", null],
  ["revoked", "code", "revoked", "already_pinned"],
  ["revoked", "service_off", "revoked", "latched"],
  ["revoked", "any other", "revoked", "revoked"],
  ["stopped", "any other", "stopped", "stopped"],
];

/**
 * The owner's state machine (section 10.4): phase, event, next phase, error.
 * @type {[string, string, string, string | null][]}
 */
export const OWNER_MACHINE = [
  ["absent", "create", "open", null],
  ["absent", "any other", "absent", "no_master_key"],
  ["locked", "open", "open", null],
  ["locked", "open_due", "rotation_due", null],
  ["locked", "create", "locked", "already_pinned"],
  ["locked", "any other", "locked", "no_master_key"],
  ["open", "change_password", "open", null],
  ["open", "make_code", "open", null],
  ["open", "request", "open", null],
  ["open", "grant", "open", null],
  ["open", "revoke", "open", null],
  ["open", "revoke_due", "rotation_due", null],
  ["open", "rotate", "open", null],
  ["open", "rules", "open", null],
  ["open", "audit", "open", null],
  ["open", "read", "open", null],
  ["open", "lock", "locked", null],
  ["open", "any other", "open", "already_pinned"],
  ["rotation_due", "change_password", "rotation_due", null],
  ["rotation_due", "make_code", "rotation_due", null],
  ["rotation_due", "request", "rotation_due", "rotation_due"],
  ["rotation_due", "grant", "rotation_due", "rotation_due"],
  ["rotation_due", "revoke", "rotation_due", null],
  ["rotation_due", "revoke_due", "rotation_due", null],
  ["rotation_due", "rotate", "open", null],
  ["rotation_due", "rules", "rotation_due", null],
  ["rotation_due", "audit", "rotation_due", null],
  ["rotation_due", "read", "rotation_due", null],
  ["rotation_due", "lock", "locked", null],
  ["rotation_due", "any other", "rotation_due", "already_pinned"],
];
