/// Every statement but that of a report. The condition of each begins with the account, those about logins and attempts
/// with their own key.
extension Statement {
  static let store = Statement("SELECT store FROM meta")

  // MARK: - Accounts

  static let makeAccount = Statement("INSERT INTO account VALUES ($1, 0, 0, 0, $2, NULL, NULL, NULL)")
  static let ordinal = Statement("SELECT ordinal FROM account WHERE account = $1")
  static let nextOrdinal = Statement(
    "UPDATE account SET ordinal = ordinal + 1 WHERE account = $1 RETURNING ordinal")
  static let undoOrdinal = Statement("UPDATE account SET ordinal = ordinal - 1 WHERE account = $1")
  static let nextAgent = Statement(
    "UPDATE account SET next_agent = next_agent + 1 WHERE account = $1 RETURNING next_agent")
  static let nextToken = Statement(
    "UPDATE account SET next_token = next_token + 1 WHERE account = $1 RETURNING next_token")
  static let recovery = Statement("SELECT recovery FROM account WHERE account = $1")
  static let storeRecovery = Statement("UPDATE account SET recovery = $2 WHERE account = $1")

  static let retention = Statement("SELECT retention_days, blob_days FROM account WHERE account = $1")
  static let setRetention = Statement(
    "UPDATE account SET retention_days = $2, blob_days = $3 WHERE account = $1")

  // MARK: - What changes as one

  static let heldWhole = Statement("SELECT vault_hash, state_hash, state FROM whole WHERE account = $1")
  static let whole = Statement("SELECT vault, state, rules, wrap FROM whole WHERE account = $1")
  static let state = Statement("SELECT state FROM whole WHERE account = $1")
  static let dropWhole = Statement("DELETE FROM whole WHERE account = $1")
  static let storeWhole = Statement("INSERT INTO whole VALUES ($1, $2, $3, $4, $5, $6, $7)")
  static let storeWrap = Statement("UPDATE whole SET wrap = $2 WHERE account = $1")
  static let dropAdmissions = Statement("DELETE FROM admission WHERE account = $1")
  static let storeAdmission = Statement("INSERT INTO admission VALUES ($1, $2, $3, $4, $5)")
  static let accountsAfter = Statement(
    "SELECT account FROM account WHERE account > $1 ORDER BY account LIMIT $2")
  static let useAdmission = Statement(
    """
    UPDATE admission SET uses = uses - 1
    WHERE account = $1 AND credential = $2 AND role = $3 AND uses > 0 AND expires > $4
    """)

  // MARK: - Persons

  static let persons = Statement("SELECT person FROM person WHERE account = $1")
  static let activePersons = Statement("SELECT person FROM person WHERE account = $1 AND active = 1")
  static let person = Statement("SELECT keys, active, owner FROM person WHERE account = $1 AND person = $2")
  static let owner = Statement("SELECT person FROM person WHERE account = $1 AND owner = 1")
  static let dropPerson = Statement("DELETE FROM person WHERE account = $1 AND person = $2")
  static let dropWaitingPerson = Statement(
    "DELETE FROM person WHERE account = $1 AND person = $2 AND active = 0")
  static let storePerson = Statement("INSERT INTO person VALUES ($1, $2, $3, $4, $5, $6, $7)")
  static let setActive = Statement(
    "UPDATE person SET active = 1, owner = $3 WHERE account = $1 AND person = $2")

  // MARK: - Logins and sessions

  static let keysOfLogin = Statement(
    "SELECT p.keys FROM login l JOIN person p ON p.account = l.account AND p.person = l.person WHERE l.login_id = $1"
  )
  static let verifierOfLogin = Statement(
    """
    SELECT p.account, p.person, p.verifier
    FROM login l JOIN person p ON p.account = l.account AND p.person = l.person WHERE l.login_id = $1
    """)
  static let claimLogin = Statement("INSERT INTO login VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
  static let holderOfLogin = Statement("SELECT account, person FROM login WHERE login_id = $1")
  static let moveLogin = Statement("UPDATE login SET person = $2 WHERE login_id = $1")
  static let dropLogins = Statement("DELETE FROM login WHERE account = $1 AND person = $2")
  static let dropOtherLogins = Statement(
    "DELETE FROM login WHERE account = $1 AND person = $2 AND login_id <> $3")
  static let beginSession = Statement("INSERT INTO session VALUES ($1, $2, $3, $4, $5, $6)")
  static let session = Statement(
    """
    SELECT s.person, p.owner, p.active, s.fresh_until, s.expires, s.used
    FROM session s JOIN person p ON p.account = s.account AND p.person = s.person
    WHERE s.account = $1 AND s.token_hash = $2
    """)
  static let useSession = Statement("UPDATE session SET used = $3 WHERE account = $1 AND token_hash = $2")
  static let endSession = Statement("DELETE FROM session WHERE account = $1 AND token_hash = $2")
  static let endSessions = Statement(
    "DELETE FROM session WHERE account = $1 AND (expires <= $2 OR used <= $3)")
  static let endSessionsOf = Statement("DELETE FROM session WHERE account = $1 AND person = $2")
  static let endOtherSessions = Statement(
    "DELETE FROM session WHERE account = $1 AND person = $2 AND token_hash <> $3")
  static let renameSessions = Statement("UPDATE session SET person = $3 WHERE account = $1 AND person = $2")
  static let noteAttempt = Statement("INSERT INTO attempt VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING")
  static let countAttempt = Statement("UPDATE attempt SET n = n + 1 WHERE what = $1 AND slot = $2")
  static let attempts = Statement("SELECT n FROM attempt WHERE what = $1 AND slot = $2")
  static let uncountAttempt = Statement(
    "UPDATE attempt SET n = n - 1 WHERE what = $1 AND slot = $2 AND n > 0")
  static let keepAttempt = Statement("UPDATE attempt SET ends = $3 WHERE what = $1 AND slot = $2")
  static let forgetAttempts = Statement("DELETE FROM attempt WHERE ends <= $1")

  // MARK: - Grants and requests

  static let grant = Statement(
    "SELECT epoch, commitment, body FROM grant_to WHERE account = $1 AND recipient = $2")
  static let dropGrant = Statement("DELETE FROM grant_to WHERE account = $1 AND recipient = $2")
  static let storeGrant = Statement("INSERT INTO grant_to VALUES ($1, $2, $3, $4, $5)")
  static let request = Statement("SELECT body, credential FROM request WHERE account = $1 AND id = $2")
  static let requests = Statement(
    """
    SELECT ordinal, id, role, received, granted, body FROM request
    WHERE account = $1 AND ordinal > $2 AND ($4 IS NULL OR granted = $4) ORDER BY ordinal LIMIT $3
    """)
  static let countWaiting = Statement("SELECT COUNT(*) FROM request WHERE account = $1 AND granted = 0")
  static let oldRequests = Statement(
    "SELECT id FROM request WHERE account = $1 AND granted = 0 AND received < $2 LIMIT $3")
  static let refuseRequest = Statement("DELETE FROM request WHERE account = $1 AND id = $2 AND granted = 0")
  static let storeRequest = Statement("INSERT INTO request VALUES ($1, $2, $3, $4, $5, $6, $7, 0)")
  static let replaceRequest = Statement(
    "UPDATE request SET body = $3, ordinal = $4, received = $5, granted = 0 WHERE account = $1 AND id = $2")
  /// An agent that was granted and asks again is what it was when it is refused.
  static let regrantRequest = Statement(
    """
    UPDATE request SET granted = 1 WHERE account = $1 AND id = $2 AND granted = 0
      AND EXISTS (SELECT 1 FROM agent a WHERE a.account = $1 AND a.agent = $2 AND a.granted = 1)
    """)
  static let grantRequest = Statement("UPDATE request SET granted = 1 WHERE account = $1 AND id = $2")

  // MARK: - Agents

  static let agent = Statement(
    "SELECT credential, granted, listed FROM agent WHERE account = $1 AND agent = $2")
  static let agentNumber = Statement("SELECT no FROM agent WHERE account = $1 AND agent = $2")
  static let storeAgent = Statement(
    "INSERT INTO agent VALUES ($1, $2, $3, $4, $5, 0, 0, NULL, 0, 0, 0, NULL)")
  static let dropAgent = Statement("DELETE FROM agent WHERE account = $1 AND agent = $2 AND granted = 0")
  static let grantAgent = Statement(
    "UPDATE agent SET granted = 1, listed = 0 WHERE account = $1 AND agent = $2")
  static let setListed = Statement("UPDATE agent SET listed = 1 WHERE account = $1 AND agent = $2")
  static let noteAgent = Statement(
    """
    UPDATE agent SET last_seen = $3, batches = batches + 1, bytes = bytes + $5, skew_ms = $6,
      last_sequence = CASE WHEN last_sequence < $4 THEN $4 ELSE last_sequence END
    WHERE account = $1 AND agent = $2
    """)
  static let agents = Statement(
    """
    SELECT a.ordinal, a.agent, a.granted, a.listed, a.last_seen, a.last_sequence, g.epoch, a.batches, a.bytes, a.skew_ms
    FROM agent a LEFT JOIN grant_to g ON g.account = $1 AND g.recipient = a.agent
    WHERE a.account = $1 AND a.ordinal > $2
      AND ($4 = 0 OR g.epoch IS NULL OR g.epoch <> $5 OR g.commitment <> $6)
    ORDER BY a.ordinal LIMIT $3
    """)

  // MARK: - Batches

  static let batch = Statement(
    "SELECT ordinal, erased_at, agent, reason, body FROM batch WHERE account = $1 AND hash = $2")
  /// Where a batch lies, without its body.
  static let placeOfBatch = Statement(
    """
    SELECT ordinal, erased_at, agent, reason, first_start, last_end, indexed FROM batch WHERE account = $1 AND hash = $2
    """)
  static let storeBatch = Statement(
    "INSERT INTO batch VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL, 0, $12)")
  static let setIndexed = Statement("UPDATE batch SET indexed = $3 WHERE account = $1 AND hash = $2")
  static let firstUnindexed = Statement(
    "SELECT MIN(ordinal) FROM batch WHERE account = $1 AND indexed IS NOT NULL")
  static let unindexed = Statement(
    "SELECT hash FROM batch WHERE account = $1 AND indexed IS NOT NULL ORDER BY ordinal LIMIT $2")
  /// Of each agent the newest batch that is past; it stays.
  static let newestPast = Statement(
    """
    SELECT agent, MAX(sequence) FROM batch
    WHERE account = $1 AND erased_at IS NULL AND made < $2 AND last_end < $2 GROUP BY agent
    """)
  /// The first batch of an agent that is not past, or has not been here for long.
  static let firstStaying = Statement(
    """
    SELECT MIN(sequence) FROM batch WHERE account = $1 AND agent = $3 AND erased_at IS NULL
      AND (made >= $2 OR last_end >= $2 OR received >= $4)
    """)
  static let past = Statement(
    """
    SELECT hash FROM batch WHERE account = $1 AND agent = $3 AND erased_at IS NULL AND made < $2 AND last_end < $2
      AND received < $4 AND sequence < $5 LIMIT $6
    """)
  static let batches = Statement(
    """
    SELECT ordinal, hash, agent, sequence, size, received, made, first_start, last_end, epoch, erased_at FROM batch
    WHERE account = $1 AND ordinal > $2 AND ($4 IS NULL OR agent = $4) AND last_end >= $5 AND first_start < $6
    ORDER BY ordinal LIMIT $3
    """)
  static let eraseBatch = Statement(
    """
    UPDATE batch SET erased_at = $3, reason = $4, body = NULL, indexed = NULL
    WHERE account = $1 AND hash = $2 AND erased_at IS NULL
    """)
  static let storeActivity = Statement(
    "INSERT INTO activity VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
  static let dropActivities = Statement(
    "DELETE FROM activity WHERE account = $1 AND start >= $3 AND start <= $4 AND ordinal = $2")
  static let storeReference = Statement(
    "INSERT INTO blob_reference VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
  static let dropReferences = Statement("DELETE FROM blob_reference WHERE account = $1 AND ordinal = $2")
  static let tokenID = Statement("SELECT id FROM token WHERE account = $1 AND hash = $2")
  static let storeToken = Statement("INSERT INTO token VALUES ($1, $2, $3, $4, 0)")
  static let noCategories = Statement("UPDATE token SET category = 0 WHERE account = $1 AND category <> 0")
  static let dropUnusedTokens = Statement(
    """
    DELETE FROM token WHERE account = $1 AND category = 0 AND id NOT IN (
      SELECT employee_name FROM activity WHERE account = $1 AND employee_name IS NOT NULL
      UNION SELECT application_name FROM activity WHERE account = $1 AND application_name IS NOT NULL
      UNION SELECT window_title FROM activity WHERE account = $1 AND window_title IS NOT NULL
      UNION SELECT url FROM activity WHERE account = $1 AND url IS NOT NULL
      UNION SELECT document_name FROM activity WHERE account = $1 AND document_name IS NOT NULL)
    """)
  static let setCategory = Statement("UPDATE token SET category = $3 WHERE account = $1 AND id = $2")

  // MARK: - Blobs

  static let blob = Statement(
    "SELECT agent, have, done, erased_at, reason, touched FROM blob WHERE account = $1 AND digest = $2")
  static let beginBlob = Statement(
    "INSERT INTO blob VALUES ($1, $2, $3, 0, 0, $4, NULL, NULL) ON CONFLICT DO NOTHING")
  /// Uploads of an agent that are not complete, but for those that moved last.
  static let excessBlobs = Statement(
    """
    SELECT digest FROM blob WHERE account = $1 AND agent = $2 AND done = 0 AND erased_at IS NULL
    ORDER BY touched DESC LIMIT 1000 OFFSET $3
    """)
  static let pastBlobs = Statement(
    """
    SELECT b.digest, b.agent FROM blob b WHERE b.account = $1 AND b.done = 1 AND b.erased_at IS NULL AND b.touched < $3
      AND NOT EXISTS (SELECT 1 FROM blob_reference r WHERE r.account = $1 AND r.digest = b.digest AND r.start >= $2)
      AND (b.touched < $2 OR EXISTS (SELECT 1 FROM blob_reference r WHERE r.account = $1 AND r.digest = b.digest))
    LIMIT $4
    """)
  static let growBlob = Statement(
    """
    UPDATE blob SET have = have + $4, touched = $5
    WHERE account = $1 AND digest = $2 AND have = $3 AND done = 0 AND erased_at IS NULL
    """)
  static let completeBlob = Statement("UPDATE blob SET done = 1 WHERE account = $1 AND digest = $2")
  static let dropBlob = Statement("DELETE FROM blob WHERE account = $1 AND digest = $2")
  static let dropIncomplete = Statement(
    "DELETE FROM blob WHERE account = $1 AND digest = $2 AND agent = $3 AND done = 0 AND erased_at IS NULL")
  static let eraseBlob = Statement(
    """
    UPDATE blob SET erased_at = $3, reason = $5
    WHERE account = $1 AND digest = $2 AND agent = $4 AND erased_at IS NULL
    """)
  static let storeChunk = Statement("INSERT INTO blob_chunk VALUES ($1, $2, $3, $4)")
  static let chunkPlaces = Statement(
    "SELECT at FROM blob_chunk WHERE account = $1 AND digest = $2 ORDER BY at")
  static let chunk = Statement("SELECT bytes FROM blob_chunk WHERE account = $1 AND digest = $2 AND at = $3")
  static let brokenBlobs = Statement(
    "SELECT digest FROM blob WHERE account = $1 AND done = 0 AND erased_at IS NULL AND touched < $2 LIMIT $3")
  static let dropChunks = Statement("DELETE FROM blob_chunk WHERE account = $1 AND digest = $2")

  // MARK: - Alerts and events

  static let alerts = Statement(
    "SELECT tag, body, judged, due, done, due_first, due_last FROM alert_list WHERE account = $1")
  static let dropAlerts = Statement("DELETE FROM alert_list WHERE account = $1")
  static let storeAlerts = Statement("INSERT INTO alert_list VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
  static let alertedAccounts = Statement(
    """
    SELECT account FROM alert_list WHERE account > $1 AND ($2 = 0 OR due > done) ORDER BY account LIMIT $3
    """)
  /// What lies within a span of time is to be looked at again.
  static let setDue = Statement(
    """
    UPDATE alert_list SET due = due + 1,
      due_first = CASE WHEN due_first IS NULL OR due_first > $2 THEN $2 ELSE due_first END,
      due_last = CASE WHEN due_last IS NULL OR due_last < $3 THEN $3 ELSE due_last END
    WHERE account = $1
    """)
  static let setDone = Statement(
    "UPDATE alert_list SET done = $2, due_first = NULL, due_last = NULL WHERE account = $1 AND due = $2")
  static let setJudged = Statement("UPDATE alert_list SET judged = $2 WHERE account = $1")
  static let firedAlerts = Statement("SELECT DISTINCT alert FROM firing WHERE account = $1")
  static let dropFirings = Statement("DELETE FROM firing WHERE account = $1 AND alert = $2")
  static let fired = Statement("SELECT agent, day FROM firing WHERE account = $1 AND alert = $2")
  static let fire = Statement(
    "INSERT INTO firing VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL) ON CONFLICT DO NOTHING")
  static let firings = Statement(
    """
    SELECT ordinal, alert, agent, day, ms, as_of, at, acknowledged FROM firing
    WHERE account = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3
    """)
  static let acknowledge = Statement(
    "UPDATE firing SET acknowledged = $3 WHERE account = $1 AND ordinal = $2 AND acknowledged IS NULL")
  /// The agents that may upload, when something last came of each, and when its first record began.
  static let heardAgents = Statement(
    """
    SELECT a.agent, a.last_seen, (SELECT MIN(b.first_start) FROM batch b WHERE b.account = $1 AND b.agent = a.agent)
    FROM agent a WHERE a.account = $1 AND a.granted = 1 AND a.listed = 0 AND a.last_seen IS NOT NULL
    """)
  static let news = Statement(
    """
    SELECT a.ordinal, w.vault_hash, (SELECT MAX(ordinal) FROM batch WHERE account = $1),
      (SELECT MAX(ordinal) FROM request WHERE account = $1), (SELECT MAX(ordinal) FROM firing WHERE account = $1)
    FROM account a JOIN whole w ON w.account = $1 WHERE a.account = $1
    """)

  // MARK: - Webhooks

  static let webhook = Statement("SELECT url, secret, told, tries, next_at FROM webhook WHERE account = $1")
  static let dropWebhook = Statement("DELETE FROM webhook WHERE account = $1")
  static let storeWebhook = Statement("INSERT INTO webhook VALUES ($1, $2, $3, $4, 0, 0)")
  static let newestFiring = Statement("SELECT MAX(ordinal) FROM firing WHERE account = $1")
  /// The accounts whose turn it is, with what fired last.
  static let dueWebhooks = Statement(
    """
    SELECT w.account, w.url, w.secret, w.tries, (SELECT MAX(f.ordinal) FROM firing f WHERE f.account = w.account)
    FROM webhook w WHERE w.next_at <= $1
      AND EXISTS (SELECT 1 FROM firing f WHERE f.account = w.account AND f.ordinal > w.told) ORDER BY w.next_at LIMIT $2
    """)
  static let setTold = Statement(
    "UPDATE webhook SET told = $3, tries = 0, next_at = 0 WHERE account = $1 AND secret = $2")
  static let setUntold = Statement(
    "UPDATE webhook SET tries = tries + 1, next_at = $3 WHERE account = $1 AND secret = $2")
}
