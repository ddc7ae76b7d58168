/// The tables. Every key begins with the account, so that accounts can lie apart; logins and attempts lie by their own
/// key. There are no foreign keys and no triggers.
public enum Schema {
  /// The number of the newest schema.
  public static let version: Int64 = 5

  /// The statements that make an empty database one of `version`. `BYTEA` and `BIGINT` are what an engine calls bytes
  /// and 64-bit numbers.
  public static let tables: [String] = [
    "CREATE TABLE meta (schema BIGINT NOT NULL, store BYTEA NOT NULL)",
    """
    CREATE TABLE account (
      account BYTEA NOT NULL PRIMARY KEY, ordinal BIGINT NOT NULL, next_agent BIGINT NOT NULL,
      next_token BIGINT NOT NULL, created BIGINT NOT NULL, recovery BYTEA, retention_days BIGINT, blob_days BIGINT)
    """,
    "CREATE TABLE login (login_id BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, person BYTEA NOT NULL)",
    """
    CREATE TABLE attempt (
      what BYTEA NOT NULL, slot BIGINT NOT NULL, n BIGINT NOT NULL, ends BIGINT NOT NULL, PRIMARY KEY (what, slot))
    """,
    """
    CREATE TABLE person (
      account BYTEA NOT NULL, person BYTEA NOT NULL, active BIGINT NOT NULL, owner BIGINT NOT NULL,
      verifier BYTEA NOT NULL, keys BYTEA NOT NULL, login_id BYTEA NOT NULL, PRIMARY KEY (account, person))
    """,
    """
    CREATE TABLE session (
      account BYTEA NOT NULL, token_hash BYTEA NOT NULL, person BYTEA NOT NULL, used BIGINT NOT NULL,
      fresh_until BIGINT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (account, token_hash))
    """,
    """
    CREATE TABLE whole (
      account BYTEA NOT NULL PRIMARY KEY, vault_hash BYTEA NOT NULL, state_hash BYTEA NOT NULL, vault BYTEA NOT NULL,
      state BYTEA NOT NULL, rules BYTEA, wrap BYTEA)
    """,
    """
    CREATE TABLE grant_to (
      account BYTEA NOT NULL, recipient BYTEA NOT NULL, epoch BIGINT NOT NULL, commitment BYTEA NOT NULL,
      body BYTEA NOT NULL, PRIMARY KEY (account, recipient))
    """,
    """
    CREATE TABLE admission (
      account BYTEA NOT NULL, credential BYTEA NOT NULL, role BIGINT NOT NULL, uses BIGINT NOT NULL,
      expires BIGINT NOT NULL, PRIMARY KEY (account, credential))
    """,
    """
    CREATE TABLE request (
      account BYTEA NOT NULL, id BYTEA NOT NULL, role BIGINT NOT NULL, body BYTEA NOT NULL, credential BYTEA NOT NULL,
      ordinal BIGINT NOT NULL, received BIGINT NOT NULL, granted BIGINT NOT NULL, PRIMARY KEY (account, id))
    """,
    "CREATE INDEX request_ordinal ON request (account, ordinal)",
    """
    CREATE TABLE agent (
      account BYTEA NOT NULL, agent BYTEA NOT NULL, no BIGINT NOT NULL, credential BYTEA NOT NULL,
      ordinal BIGINT NOT NULL, granted BIGINT NOT NULL, listed BIGINT NOT NULL, last_seen BIGINT,
      last_sequence BIGINT NOT NULL, batches BIGINT NOT NULL, bytes BIGINT NOT NULL, skew_ms BIGINT,
      PRIMARY KEY (account, agent))
    """,
    "CREATE INDEX agent_ordinal ON agent (account, ordinal)",
    "CREATE INDEX agent_no ON agent (account, no)",
    batch,
    "CREATE INDEX batch_ordinal ON batch (account, ordinal)",
    "CREATE INDEX batch_agent ON batch (account, agent, ordinal)",
    unindexed,
    """
    CREATE TABLE token (
      account BYTEA NOT NULL, hash BYTEA NOT NULL, id BIGINT NOT NULL, token BYTEA NOT NULL, category BIGINT NOT NULL,
      PRIMARY KEY (account, hash))
    """,
    "CREATE INDEX token_id ON token (account, id)",
    """
    CREATE TABLE activity (
      account BYTEA NOT NULL, start BIGINT NOT NULL, ordinal BIGINT NOT NULL, n BIGINT NOT NULL, agent BIGINT NOT NULL,
      kind BIGINT NOT NULL, duration BIGINT NOT NULL, employee_name BIGINT, application_name BIGINT,
      window_title BIGINT, url BIGINT, document_name BIGINT, PRIMARY KEY (account, start, ordinal, n))
    """,
    """
    CREATE TABLE blob (
      account BYTEA NOT NULL, digest BYTEA NOT NULL, agent BYTEA NOT NULL, have BIGINT NOT NULL, done BIGINT NOT NULL,
      touched BIGINT NOT NULL, erased_at BIGINT, reason BIGINT, PRIMARY KEY (account, digest))
    """,
    incomplete,
    """
    CREATE TABLE blob_chunk (
      account BYTEA NOT NULL, digest BYTEA NOT NULL, at BIGINT NOT NULL, bytes BYTEA NOT NULL,
      PRIMARY KEY (account, digest, at))
    """,
    """
    CREATE TABLE blob_reference (
      account BYTEA NOT NULL, ordinal BIGINT NOT NULL, n BIGINT NOT NULL, field BIGINT NOT NULL, batch BYTEA NOT NULL,
      agent BYTEA NOT NULL, start BIGINT NOT NULL, digest BYTEA NOT NULL, length BIGINT NOT NULL,
      PRIMARY KEY (account, ordinal, n, field))
    """,
    references, long, alerts, firings, "CREATE INDEX firing_ordinal ON firing (account, ordinal)", webhooks,
  ]

  /// What makes a database of an earlier schema one of the next, by the earlier one's number.
  public static let changes: [Int64: [String]] = [
    2: [
      "ALTER TABLE account ADD COLUMN retention_days BIGINT",
      "ALTER TABLE account ADD COLUMN blob_days BIGINT",
      "ALTER TABLE batch RENAME TO batch_before", "DROP INDEX batch_ordinal", "DROP INDEX batch_agent", batch,
      """
      INSERT INTO batch SELECT account, hash, agent, ordinal, sequence, epoch, made, received, first_start, last_end,
        size, erased_at, CASE WHEN erased_at IS NULL THEN NULL ELSE 0 END, NULL, body FROM batch_before
      """,
      "DROP TABLE batch_before", "CREATE INDEX batch_ordinal ON batch (account, ordinal)",
      "CREATE INDEX batch_agent ON batch (account, agent, ordinal)", unindexed,
      "ALTER TABLE blob ADD COLUMN reason BIGINT", incomplete, references,
    ],
    3: [long, alerts, firings, "CREATE INDEX firing_ordinal ON firing (account, ordinal)"],
    4: [webhooks],
  ]

  /// `indexed` counts the records that reports see already; it is NULL where they see all. The body is last: what is
  /// before it is read without it.
  private static let batch = """
    CREATE TABLE batch (
      account BYTEA NOT NULL, hash BYTEA NOT NULL, agent BYTEA NOT NULL, ordinal BIGINT NOT NULL,
      sequence BIGINT NOT NULL, epoch BIGINT NOT NULL, made BIGINT NOT NULL, received BIGINT NOT NULL,
      first_start BIGINT NOT NULL, last_end BIGINT NOT NULL, size BIGINT NOT NULL, erased_at BIGINT, reason BIGINT,
      indexed BIGINT, body BYTEA, PRIMARY KEY (account, hash))
    """
  private static let unindexed =
    "CREATE INDEX batch_unindexed ON batch (account, ordinal) WHERE indexed IS NOT NULL"
  private static let incomplete =
    "CREATE INDEX blob_incomplete ON blob (account, agent, touched) WHERE done = 0"
  /// Records of more than an hour: reports look for them further back than for others.
  private static let long = "CREATE INDEX activity_long ON activity (account, start) WHERE duration > 3600000"
  /// `judged` is the time up to which ended days were looked at; `due_first` to `due_last` are to be looked at again,
  /// as often as `due` is above `done`.
  private static let alerts = """
    CREATE TABLE alert_list (
      account BYTEA NOT NULL PRIMARY KEY, tag BYTEA NOT NULL, judged BIGINT NOT NULL, due BIGINT NOT NULL,
      done BIGINT NOT NULL, due_first BIGINT, due_last BIGINT, body BYTEA NOT NULL)
    """
  /// The agent is empty where the sum is the account's.
  private static let firings = """
    CREATE TABLE firing (
      account BYTEA NOT NULL, alert BYTEA NOT NULL, agent BYTEA NOT NULL, day BIGINT NOT NULL, ordinal BIGINT NOT NULL,
      ms BIGINT NOT NULL, as_of BIGINT NOT NULL, at BIGINT NOT NULL, acknowledged BIGINT,
      PRIMARY KEY (account, alert, agent, day))
    """
  /// `told` is the ordinal of the newest firing that was told, or given up.
  private static let webhooks = """
    CREATE TABLE webhook (
      account BYTEA NOT NULL PRIMARY KEY, url BYTEA NOT NULL, secret BYTEA NOT NULL, told BIGINT NOT NULL,
      tries BIGINT NOT NULL, next_at BIGINT NOT NULL)
    """
  private static let references =
    "CREATE INDEX blob_reference_digest ON blob_reference (account, digest, start)"
}
