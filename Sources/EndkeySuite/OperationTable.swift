// swift-format-ignore-file
// Made by `tools/run generate operations` of spec/operations.json; not edited by hand.

extension Layer {
  /// The layer of each code of the registry.
  static let ofCode: [String: Layer] = [
    "truncated": .format,
    "trailing_bytes": .format,
    "bad_magic": .format,
    "unknown_version": .format,
    "unexpected_type": .format,
    "unknown_value": .format,
    "value_out_of_range": .format,
    "length_out_of_range": .format,
    "not_canonical": .format,
    "bad_prefix": .format,
    "bad_base64url": .format,
    "bad_bech32m": .format,
    "iterations_out_of_range": .policy,
    "bad_password": .policy,
    "bad_login_name": .policy,
    "account_secret_mismatch": .policy,
    "bad_key": .policy,
    "bad_validity": .policy,
    "clock_wrong": .policy,
    "value_too_long": .policy,
    "value_not_utf8": .policy,
    "unsafe_context": .policy,
    "limit_reached": .policy,
    "wrong_account": .auth,
    "wrong_recipient": .auth,
    "unknown_agent": .auth,
    "certificate_invalid": .auth,
    "signature_invalid": .auth,
    "mac_invalid": .auth,
    "password_open_failed": .crypto,
    "person_keys_open_failed": .crypto,
    "grant_open_failed": .crypto,
    "token_open_failed": .crypto,
    "blob_open_failed": .crypto,
    "vault_open_failed": .crypto,
    "local_state_open_failed": .crypto,
    "frame_open_failed": .crypto,
    "bad_frame": .crypto,
    "internal_error": .crypto,
    "not_pinned": .state,
    "already_pinned": .state,
    "no_state": .state,
    "no_grant": .state,
    "no_epoch_key": .state,
    "state_expired": .state,
    "generation_rollback": .state,
    "epoch_rollback": .state,
    "epoch_mismatch": .state,
    "epoch_fork": .state,
    "counter_rollback": .state,
    "counter_fork": .state,
    "state_fork": .state,
    "chain_broken": .state,
    "sequence_gap": .state,
    "sequence_repeat": .state,
    "sequence_fork": .state,
    "state_withheld": .state,
    "state_stale": .state,
    "erased_unseen": .state,
    "blob_missing": .state,
    "pin_mismatch": .state,
    "head_changed": .state,
    "code_expired": .state,
    "nonce_reused": .state,
    "approval_required": .state,
    "root_required": .state,
    "unsettled": .state,
    "no_master_key": .state,
    "revoked": .state,
    "latched": .state,
    "stopped": .state,
  ]
}

extension OperationDescription {
  /// Every operation, in the order of the table.
  public static let all: [OperationDescription] = [
    hash, derive, pbkdf2, hmac, kwWrap, kwUnwrap, oaepEncrypt, oaepDecrypt, rsaCheck, ed25519Sign,
    ed25519Verify, sivSeal, sivOpen, sealedSeal, sealedOpen, normalPassword, normalLoginName, keys,
    accountId, agentId, wirePersonKeys, wirePasswordWrap, wireAccountState, wireOwnerVault,
    wireEnrolmentRequest, wirePersonRequest, wireGrant, wireSealedBlob, wireRecordBatch, wireRuleSet,
    wireToken, wireLocalState, wireSpoolHeader, wireCapture, textToken, textTokenEncode, textBlob,
    textBlobEncode, textCode, textCodeEncode, textAccountSecret, textAccountSecretEncode, textRecovery,
    textRecoveryEncode, scan, passwordLogin, personKeysMake, personKeysOpen, passwordWrap, passwordOpen,
    vaultMake, vaultOpen, personOpen, enrolmentVerify, certificateMake, stateMake, grantMake,
    publicationMake, publicationSettle, publicationMerge, accountCreate, accountRecover, tokenOpen,
    blobOpen, batchAudit, rulesMake, rulesOpen, ownerMachine, enrolmentRequest, stateAccept,
    clockAccept, clockNow, grantOpen, tokenSeal, blobSeal, captureValue, captureSeal, batchSign,
    spoolRecover, localStateOpen, agentMachine, agentRun, blobSealRandom, personKeysMakeRandom,
    enrolmentRequestRandom, grantMakeRandom, codeRandom, agentOpen, agentStep, agentClose, ownerOpen,
    ownerStep, ownerClose,
  ]

  private static let hash = OperationDescription(
    "hash", "H(label, data). Section 2.3.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("label", .name(["account-id", "agent-id", "password-salt", "login-id", "login-verifier", "frame-check"])), Member("data", .hex(0...Int.max))],
    out: [Member("hash", .hex(32...32))],
    codes: [])

  private static let derive = OperationDescription(
    "derive", "Derive(key, label, context, the label's length). Section 2.3.", [.agent, .owner],
    cost: 1,
    in: [Member("key", .hex(0...Int.max)), Member("label", .name(["person-keys", "password-wrap", "password-commitment", "login", "token", "agent", "vault", "commitment", "blob", "spool", "upload", "local-state", "enrolment-mac", "admission", "recovery"])), Member("context", .hex(0...Int.max))],
    out: [Member("key", .hex(32...64))],
    codes: [])

  private static let pbkdf2 = OperationDescription(
    "pbkdf2", "PBKDF2-HMAC-SHA-256, 32 bytes. Section 9.2.", [.owner],
    cost: 6,
    in: [Member("password", .hex(0...Int.max)), Member("salt", .hex(0...Int.max)), Member("iterations", .number(1...10000000))],
    out: [Member("key", .hex(32...32))],
    codes: [])

  private static let hmac = OperationDescription(
    "hmac", "HMAC-SHA-256. Section 2.", [.agent, .owner],
    cost: 1,
    in: [Member("key", .hex(0...Int.max)), Member("data", .hex(0...Int.max))],
    out: [Member("mac", .hex(32...32))],
    codes: [])

  private static let kwWrap = OperationDescription(
    "kw/wrap", "AES-256 key wrap, 32 to 40 bytes. Section 9.3.", [.owner],
    cost: 1,
    in: [Member("kek", .hex(32...32)), Member("key", .hex(32...32))],
    out: [Member("wrapped", .hex(40...40))],
    codes: [])

  private static let kwUnwrap = OperationDescription(
    "kw/unwrap", "AES-256 key unwrap, 40 to 32 bytes. Section 9.3.", [.owner],
    cost: 1,
    in: [Member("kek", .hex(32...32)), Member("wrapped", .hex(0...Int.max))],
    out: [Member("key", .hex(32...32))],
    codes: ["password_open_failed"])

  private static let oaepEncrypt = OperationDescription(
    "oaep/encrypt", "RSAES-OAEP with SHA-1 and this seed. Section 11.", [.owner],
    cost: 1,
    in: [Member("modulus", .hex(0...Int.max)), Member("seed", .hex(20...20)), Member("message", .hex(0...214))],
    out: [Member("ciphertext", .hex(256...256))],
    codes: ["bad_key"])

  private static let oaepDecrypt = OperationDescription(
    "oaep/decrypt", "RSAES-OAEP with SHA-1. Section 11.", [.agent],
    cost: 1,
    in: [Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("ciphertext", .hex(0...Int.max))],
    out: [Member("message", .hex(0...214))],
    codes: ["grant_open_failed"])

  private static let rsaCheck = OperationDescription(
    "rsa/check", "Which moduli the suite accepts. Section 6.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("modulus", .hex(0...Int.max))],
    out: [],
    codes: ["bad_key"])

  private static let ed25519Sign = OperationDescription(
    "ed25519/sign", "Ed25519 of a message as it is. Section 6.", [.agent, .owner],
    cost: 1,
    in: [Member("seed", .hex(32...32)), Member("message", .hex(0...Int.max))],
    out: [Member("verify_key", .hex(32...32)), Member("signature", .hex(64...64))],
    codes: [])

  private static let ed25519Verify = OperationDescription(
    "ed25519/verify", "Strict Ed25519. Section 6.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("verify_key", .hex(0...Int.max)), Member("message", .hex(0...Int.max)), Member("signature", .hex(0...Int.max))],
    out: [],
    codes: ["bad_key", "signature_invalid"])

  private static let sivSeal = OperationDescription(
    "siv/seal", "AES-256-SIV with one element of associated data. Section 14.1.", [.agent, .owner],
    cost: 1,
    in: [Member("key", .hex(64...64)), Member("ad", .hex(0...Int.max)), Member("plaintext", .hex(0...Int.max))],
    out: [Member("v", .hex(16...16)), Member("c", .hex(0...Int.max))],
    codes: [])

  private static let sivOpen = OperationDescription(
    "siv/open", "AES-256-SIV with one element of associated data. Section 14.1.", [.owner],
    cost: 1,
    in: [Member("key", .hex(64...64)), Member("ad", .hex(0...Int.max)), Member("v", .hex(0...Int.max)), Member("c", .hex(0...Int.max))],
    out: [Member("plaintext", .hex(0...Int.max))],
    codes: ["token_open_failed"])

  private static let sealedSeal = OperationDescription(
    "sealed/seal", "Seal, with this salt. Section 2.5.", [.agent, .owner],
    cost: 1,
    in: [Member("key", .hex(32...32)), Member("context", .hex(0...Int.max)), Member("salt", .hex(24...24)), Member("plaintext", .hex(0...Int.max))],
    out: [Member("sealed", .hex(72...16777215))],
    codes: [])

  private static let sealedOpen = OperationDescription(
    "sealed/open", "Open. Section 2.5.", [.agent, .owner],
    cost: 1,
    in: [Member("key", .hex(32...32)), Member("context", .hex(0...Int.max)), Member("sealed", .hex(0...Int.max))],
    out: [Member("plaintext", .hex(0...Int.max))],
    codes: ["blob_open_failed"])

  private static let normalPassword = OperationDescription(
    "normal/password", "The normal form of a password. Section 9.1.", [.owner],
    cost: 1,
    in: [Member("password", .hex(0...Int.max))],
    out: [Member("normal", .hex(1...1024))],
    codes: ["bad_password"])

  private static let normalLoginName = OperationDescription(
    "normal/login-name", "The normal form of a login name. Section 9.1.", [.owner],
    cost: 1,
    in: [Member("login_name", .hex(0...Int.max))],
    out: [Member("normal", .hex(1...255))],
    codes: ["bad_login_name"])

  private static let keys = OperationDescription(
    "keys", "All keys of an epoch and agent. Section 7.", [.owner],
    cost: 1,
    in: [Member("master_key", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("agent_id", .hex(16...16))],
    out: [Member("token_key", .hex(64...64)), Member("agent_key", .hex(32...32)), Member("vault_key", .hex(32...32)), Member("commitment", .hex(32...32)), Member("blob_key", .hex(32...32))],
    codes: [])

  private static let accountId = OperationDescription(
    "account-id", "The id that certifies an account's root key. Section 7.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("root_key", .hex(32...32))],
    out: [Member("account_id", .hex(16...16))],
    codes: [])

  private static let agentId = OperationDescription(
    "agent-id", "The id that certifies the keys of an agent or a person. Section 7.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("modulus", .hex(256...256)), Member("verify_key", .hex(32...32))],
    out: [Member("agent_id", .hex(16...16))],
    codes: [])

  private static let wirePersonKeys = OperationDescription(
    "wire/PersonKeys", "Parses a PersonKeys and serialises it again. Sections 2.2 and messages.", [.owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range"])

  private static let wirePasswordWrap = OperationDescription(
    "wire/PasswordWrap", "Parses a PasswordWrap and serialises it again. Sections 2.2 and messages.", [.owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range"])

  private static let wireAccountState = OperationDescription(
    "wire/AccountState", "Parses an AccountState and serialises it again. Sections 2.2 and messages.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "length_out_of_range", "not_canonical"])

  private static let wireOwnerVault = OperationDescription(
    "wire/OwnerVault", "Parses an OwnerVault and serialises it again. Sections 2.2 and messages.", [.owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "length_out_of_range"])

  private static let wireEnrolmentRequest = OperationDescription(
    "wire/EnrolmentRequest", "Parses an EnrolmentRequest and serialises it again. Sections 2.2 and messages.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range"])

  private static let wirePersonRequest = OperationDescription(
    "wire/PersonRequest", "Parses a PersonRequest and serialises it again. Sections 2.2 and messages.", [.owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range"])

  private static let wireGrant = OperationDescription(
    "wire/Grant", "Parses a Grant and serialises it again. Sections 2.2 and messages.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range"])

  private static let wireSealedBlob = OperationDescription(
    "wire/SealedBlob", "Parses a SealedBlob and serialises it again. Sections 2.2 and messages.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range"])

  private static let wireRecordBatch = OperationDescription(
    "wire/RecordBatch", "Parses a RecordBatch and serialises it again. Sections 2.2 and messages.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical"])

  private static let wireRuleSet = OperationDescription(
    "wire/RuleSet", "Parses a RuleSet and serialises it again. Sections 2.2 and messages.", [.owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical"])

  private static let wireToken = OperationDescription(
    "wire/Token", "Parses a Token and serialises it again. Sections 2.2 and messages.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "unknown_version", "unknown_value", "value_out_of_range", "length_out_of_range"])

  private static let wireLocalState = OperationDescription(
    "wire/LocalState", "Parses a LocalState and serialises it again. Sections 2.2 and contents.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "length_out_of_range"])

  private static let wireSpoolHeader = OperationDescription(
    "wire/SpoolHeader", "Parses a SpoolHeader and serialises it again. Sections 2.2 and spool.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range"])

  private static let wireCapture = OperationDescription(
    "wire/Capture", "Parses a Capture and serialises it again. Sections 2.2 and messages.", [.agent],
    cost: 1,
    in: [Member("message", .hex(0...Int.max))],
    out: [Member("message", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "not_canonical"])

  private static let textToken = OperationDescription(
    "text/token", "Reads the text form of a Token. Section 14.3.", [.owner, .service],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("bytes", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "unknown_version", "unknown_value", "value_out_of_range", "length_out_of_range", "bad_prefix", "bad_base64url"])

  private static let textTokenEncode = OperationDescription(
    "text/token-encode", "Writes the text form of a Token. Section 14.3.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("bytes", .hex(0...Int.max))],
    out: [Member("text", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "unknown_version", "unknown_value", "value_out_of_range", "length_out_of_range"])

  private static let textBlob = OperationDescription(
    "text/blob", "Reads the text form of a SealedBlob. Section 15.1.", [.owner, .service],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("bytes", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "bad_prefix", "bad_base64url"])

  private static let textBlobEncode = OperationDescription(
    "text/blob-encode", "Writes the text form of a SealedBlob. Section 15.1.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("bytes", .hex(0...Int.max))],
    out: [Member("text", .hex(0...Int.max))],
    codes: ["truncated", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "value_too_long"])

  private static let textCode = OperationDescription(
    "text/code", "Reads the text of an enrolment code. Section 18.1.", [.agent, .owner],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("account_id", .hex(16...16)), Member("secret", .hex(16...16)), Member("generation", .number(1...4294967295)), Member("made", .number(0...9007199254740991)), Member("kind", .name(["master", "scoped"])), Member("role", .name(["agent", "manager"]))],
    codes: ["unknown_version", "unknown_value", "value_out_of_range", "bad_prefix", "bad_bech32m"])

  private static let textCodeEncode = OperationDescription(
    "text/code-encode", "Writes the text of an enrolment code. Section 18.1.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("secret", .hex(16...16)), Member("generation", .number(1...4294967295)), Member("made", .number(0...9007199254740991)), Member("kind", .name(["master", "scoped"])), Member("role", .name(["agent", "manager"]))],
    out: [Member("text", .hex(86...86))],
    codes: [])

  private static let textAccountSecret = OperationDescription(
    "text/account-secret", "Reads the text of an account secret. Section 18.1.", [.owner],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("account_id", .hex(16...16)), Member("secret", .hex(16...16))],
    codes: ["unknown_version", "bad_prefix", "bad_bech32m"])

  private static let textAccountSecretEncode = OperationDescription(
    "text/account-secret-encode", "Writes the text of an account secret. Section 18.1.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("secret", .hex(16...16))],
    out: [Member("text", .hex(63...63))],
    codes: [])

  private static let textRecovery = OperationDescription(
    "text/recovery", "Reads a recovery text. Section 18.1.", [.owner],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("seed", .hex(32...32))],
    codes: ["unknown_version", "bad_prefix", "bad_bech32m"])

  private static let textRecoveryEncode = OperationDescription(
    "text/recovery-encode", "Writes a recovery text. Section 18.1.", [.owner],
    cost: 1,
    in: [Member("seed", .hex(32...32))],
    out: [Member("text", .hex(63...63))],
    codes: [])

  private static let scan = OperationDescription(
    "scan", "Finds text forms in any text. Section 18.", [.owner, .service],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("matches", .list(.object([Member("kind", .name(["token", "blob"])), Member("start", .number(0...9007199254740991)), Member("end", .number(0...9007199254740991))]), from: 0)), Member("skipped", .list(.object([Member("offset", .number(0...9007199254740991)), Member("code", .code)]), from: 0))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "bad_base64url"])

  private static let passwordLogin = OperationDescription(
    "password/login", "Checks a head and derives the login key. Sections 9.4 and 12.7.", [.owner],
    cost: 6,
    in: [Member("head", .hex(0...Int.max)), Member("pinned_head", .hex(69...69), isNullable: true), Member("password_changed", .boolean), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true)],
    out: [Member("login_id", .hex(32...32)), Member("login_key", .hex(32...32)), Member("login_verifier", .hex(32...32))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "iterations_out_of_range", "bad_password", "bad_login_name", "account_secret_mismatch", "counter_rollback", "pin_mismatch", "head_changed"])

  private static let personKeysMake = OperationDescription(
    "person-keys/make", "Makes PersonKeys under a password. Section 9.5.", [.owner],
    cost: 6,
    in: [Member("account_id", .hex(16...16)), Member("counter", .number(1...9007199254740991)), Member("iterations", .number(0...4294967295)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true), Member("salt", .hex(32...32)), Member("seal_salt", .hex(24...24)), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32))],
    out: [Member("keys", .hex(429...429)), Member("person_id", .hex(16...16)), Member("login_id", .hex(32...32)), Member("login_key", .hex(32...32)), Member("login_verifier", .hex(32...32))],
    codes: ["iterations_out_of_range", "bad_password", "bad_login_name"])

  private static let personKeysOpen = OperationDescription(
    "person-keys/open", "Opens PersonKeys. Section 9.5.", [.owner],
    cost: 6,
    in: [Member("head", .hex(69...69)), Member("keys", .hex(0...Int.max)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true)],
    out: [Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32)), Member("person_id", .hex(16...16))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "iterations_out_of_range", "bad_password", "bad_login_name", "account_secret_mismatch", "person_keys_open_failed", "pin_mismatch"])

  private static let passwordWrap = OperationDescription(
    "password/wrap", "Wraps a MasterKey under a password. Section 9.3.", [.owner],
    cost: 6,
    in: [Member("head", .hex(69...69)), Member("epoch", .number(1...4294967295)), Member("master_key", .hex(32...32)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true)],
    out: [Member("wrap", .hex(96...96))],
    codes: ["iterations_out_of_range", "bad_password", "bad_login_name", "account_secret_mismatch"])

  private static let passwordOpen = OperationDescription(
    "password/open", "Opens a PasswordWrap. Section 9.3.", [.owner],
    cost: 6,
    in: [Member("head", .hex(69...69)), Member("wrap", .hex(0...Int.max)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true)],
    out: [Member("master_key", .hex(32...32))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "iterations_out_of_range", "bad_password", "bad_login_name", "account_secret_mismatch", "wrong_account", "password_open_failed"])

  private static let vaultMake = OperationDescription(
    "vault/make", "Seals and signs an OwnerVault. Section 12.5.", [.owner],
    cost: 1,
    in: [Member("seed", .hex(32...32)), Member("master_key", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("counter", .number(0...9007199254740991)), Member("salt", .hex(24...24)), Member("contents", .hex(0...Int.max))],
    out: [Member("vault", .hex(0...Int.max))],
    codes: ["limit_reached"])

  private static let vaultOpen = OperationDescription(
    "vault/open", "Opens an OwnerVault at an end that remembers nothing. Section 12.5.", [.owner],
    cost: 1,
    in: [Member("state", .hex(0...Int.max)), Member("master_key", .hex(32...32)), Member("person_id", .hex(16...16)), Member("person_keys", .hex(429...429)), Member("vault", .hex(0...Int.max))],
    out: [Member("contents", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "length_out_of_range", "wrong_account", "unknown_agent", "signature_invalid", "vault_open_failed", "epoch_mismatch", "chain_broken", "revoked"])

  private static let personOpen = OperationDescription(
    "person/open", "Opens all that the service gives to a person's end. Section 12.7.", [.owner],
    cost: 6,
    in: [Member("pins", .hex(0...Int.max), isNullable: true), Member("password_changed", .boolean), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true), Member("messages", .object([Member("head", .hex(0...Int.max)), Member("person_keys", .hex(0...Int.max)), Member("account_state", .hex(0...Int.max)), Member("password_wrap", .hex(0...Int.max), isNullable: true), Member("grant", .hex(0...Int.max), isNullable: true), Member("owner_vault", .hex(0...Int.max)), Member("rule_set", .hex(0...Int.max), isNullable: true)])), Member("kept", .list(.object([Member("person_keys", .hex(0...Int.max)), Member("account_state", .hex(0...Int.max)), Member("password_wrap", .hex(0...Int.max), isNullable: true), Member("grant", .hex(0...Int.max), isNullable: true), Member("owner_vault", .hex(0...Int.max)), Member("rule_set", .hex(0...Int.max), isNullable: true)]), from: 0)), Member("now", .number(0...9007199254740991))],
    out: [Member("person_id", .hex(16...16)), Member("role", .name(["owner", "manager"])), Member("master_key", .hex(32...32)), Member("contents", .hex(0...Int.max)), Member("findings", .list(.code, from: 0)), Member("expired", .boolean), Member("pins", .hex(0...Int.max)), Member("aside", .object([Member("vault_hash", .hex(32...32)), Member("counter", .number(0...9007199254740991)), Member("state", .hex(0...Int.max), isNullable: true), Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("master_key", .hex(32...32))]), from: 0))]), isNullable: true), Member("missing", .list(.object([Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("master_key", .hex(32...32))]), from: 0))]), from: 0))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "iterations_out_of_range", "bad_password", "bad_login_name", "account_secret_mismatch", "bad_key", "bad_validity", "limit_reached", "wrong_account", "wrong_recipient", "unknown_agent", "certificate_invalid", "signature_invalid", "person_keys_open_failed", "grant_open_failed", "vault_open_failed", "no_state", "generation_rollback", "epoch_rollback", "epoch_mismatch", "epoch_fork", "counter_rollback", "counter_fork", "state_fork", "chain_broken", "pin_mismatch", "head_changed", "no_master_key", "revoked"])

  private static let enrolmentVerify = OperationDescription(
    "enrolment/verify", "Verifies an EnrolmentRequest. Section 10.2.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("request", .hex(0...Int.max)), Member("codes", .list(.object([Member("id", .hex(8...8)), Member("secret", .hex(16...16)), Member("role", .name(["agent", "manager"])), Member("kind", .name(["master", "scoped"])), Member("approval", .name(["automatic", "manual"])), Member("uses_left", .number(0...65535)), Member("expires", .number(0...9007199254740991)), Member("nonces", .list(.hex(32...32), from: 0))]), from: 0)), Member("members", .list(.object([Member("agent_id", .hex(16...16)), Member("status", .name(["granted", "retired", "removed"]))]), from: 0)), Member("persons", .list(.object([Member("person_id", .hex(16...16)), Member("status", .name(["granted", "removed"]))]), from: 0)), Member("root", .boolean), Member("now", .number(0...9007199254740991)), Member("approved", .boolean)],
    out: [Member("agent_id", .hex(16...16)), Member("code_id", .hex(8...8)), Member("kind", .name(["master", "scoped"])), Member("role", .name(["agent", "manager"]))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "bad_key", "wrong_account", "wrong_recipient", "signature_invalid", "mac_invalid", "code_expired", "nonce_reused", "approval_required", "root_required", "revoked"])

  private static let certificateMake = OperationDescription(
    "certificate/make", "Signs a list of persons. Section 12.1.", [.owner],
    cost: 1,
    in: [Member("root_seed", .hex(32...32)), Member("generation", .number(1...4294967295)), Member("certificate_from", .number(0...9007199254740991)), Member("certificate_until", .number(0...9007199254740991)), Member("signers", .list(.object([Member("verify_key", .hex(32...32)), Member("person_id", .hex(16...16))]), from: 1))],
    out: [Member("account_id", .hex(16...16)), Member("certificate", .hex(64...64))],
    codes: [])

  private static let stateMake = OperationDescription(
    "state/make", "Makes an AccountState. Section 12.1.", [.owner],
    cost: 1,
    in: [Member("seed", .hex(32...32)), Member("master_key", .hex(32...32)), Member("epoch", .number(1...4294967295)), Member("counter", .number(0...9007199254740991)), Member("made", .number(0...9007199254740991)), Member("valid_until", .number(0...9007199254740991)), Member("root_key", .hex(32...32)), Member("generation", .number(1...4294967295)), Member("certificate_from", .number(0...9007199254740991)), Member("certificate_until", .number(0...9007199254740991)), Member("signers", .list(.object([Member("verify_key", .hex(32...32)), Member("person_id", .hex(16...16))]), from: 1)), Member("certificate", .hex(64...64)), Member("revoked", .list(.hex(16...16), from: 0))],
    out: [Member("state", .hex(0...Int.max))],
    codes: ["bad_validity", "certificate_invalid", "signature_invalid"])

  private static let grantMake = OperationDescription(
    "grant/make", "Makes a Grant. Section 11.", [.owner],
    cost: 1,
    in: [Member("seed", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("kind", .name(["master", "scoped"])), Member("recipient", .hex(16...16)), Member("modulus", .hex(256...256)), Member("verify_key", .hex(32...32)), Member("master_key", .hex(32...32)), Member("oaep_seed", .hex(20...20))],
    out: [Member("grant", .hex(425...425))],
    codes: ["bad_key", "wrong_recipient"])

  private static let publicationMake = OperationDescription(
    "publication/make", "Makes what an act publishes. Sections 12.8 and 12.9.", [.owner],
    cost: 1,
    in: [Member("act", .name(["edit", "renew_certificate", "rotate", "retire", "remove", "add_person", "remove_person", "repair"])), Member("seed", .hex(32...32)), Member("state", .hex(0...Int.max)), Member("vault", .hex(0...Int.max)), Member("master_key", .hex(32...32)), Member("contents", .hex(0...Int.max)), Member("aside", .object([Member("vault_hash", .hex(32...32)), Member("counter", .number(0...9007199254740991)), Member("state", .hex(0...Int.max), isNullable: true), Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("master_key", .hex(32...32))]), from: 0))]), isNullable: true), Member("missing", .list(.object([Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("master_key", .hex(32...32))]), from: 0))]), from: 0)), Member("remembered", .boolean), Member("generation", .number(1...4294967295)), Member("durable", .boolean), Member("says", .object([Member("newest", .boolean), Member("without_storage", .boolean), Member("clock", .boolean)])), Member("now", .number(0...9007199254740991)), Member("agents", .list(.hex(16...16), from: 0), when: ("act", ["retire", "remove", "remove_person", "repair"])), Member("staying", .list(.object([Member("agent_id", .hex(16...16)), Member("kind", .name(["master", "scoped"]))]), from: 0), when: ("act", ["remove", "add_person", "remove_person", "repair"])), Member("persons", .list(.hex(16...16), from: 0), when: ("act", ["remove_person"])), Member("person", .object([Member("modulus", .hex(256...256)), Member("verify_key", .hex(32...32)), Member("label", .hex(0...255))]), when: ("act", ["add_person"])), Member("next_master_key", .hex(32...32), isNullable: true, when: ("act", ["rotate", "remove", "add_person", "remove_person", "repair"])), Member("rule_set", .hex(0...Int.max), isNullable: true), Member("salt", .hex(24...24)), Member("oaep_seeds", .list(.hex(20...20), from: 0))],
    out: [Member("expect", .hex(32...32)), Member("state", .hex(0...Int.max), isNullable: true), Member("vault", .hex(0...Int.max)), Member("contents", .hex(0...Int.max)), Member("grants", .list(.hex(425...425), from: 0)), Member("generation", .number(1...4294967295))],
    codes: ["clock_wrong", "limit_reached", "wrong_recipient", "unknown_agent", "state_expired", "approval_required", "root_required", "unsettled", "revoked"])

  private static let publicationSettle = OperationDescription(
    "publication/settle", "Judges what became of a pending publication. Section 12.8.", [.owner],
    cost: 1,
    in: [Member("pending", .object([Member("vault", .hex(32...32)), Member("state", .hex(32...32), isNullable: true), Member("generation", .number(1...4294967295)), Member("root_act", .boolean), Member("asks", .boolean)])), Member("base_state", .hex(32...32)), Member("generation", .number(1...4294967295)), Member("answer", .name(["stored", "other", "none", "discard"])), Member("served", .object([Member("vault", .hex(32...32)), Member("recent", .list(.hex(32...32), from: 0)), Member("states", .list(.hex(32...32), from: 1))]), isNullable: true)],
    out: [Member("outcome", .name(["settled", "merge", "dead", "again"])), Member("generation", .number(1...4294967295))],
    codes: [])

  private static let publicationMerge = OperationDescription(
    "publication/merge", "Makes an act's vault anew on top of another one. Section 12.8.", [.owner],
    cost: 1,
    in: [Member("base", .hex(0...Int.max)), Member("ours", .hex(0...Int.max)), Member("theirs", .hex(0...Int.max)), Member("expect", .hex(32...32))],
    out: [Member("contents", .hex(0...Int.max))],
    codes: ["limit_reached"])

  private static let accountCreate = OperationDescription(
    "account/create", "Makes an account. Section 12.9.", [.owner],
    cost: 6,
    in: [Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32)), Member("master_key", .hex(32...32)), Member("iterations", .number(0...4294967295)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true), Member("retention_days", .number(7...3650)), Member("now", .number(0...9007199254740991)), Member("salt", .hex(32...32)), Member("keys_salt", .hex(24...24)), Member("vault_salt", .hex(24...24)), Member("oaep_seed", .hex(20...20))],
    out: [Member("account_id", .hex(16...16)), Member("person_keys", .hex(429...429)), Member("password_wrap", .hex(96...96)), Member("account_state", .hex(0...Int.max)), Member("owner_vault", .hex(0...Int.max)), Member("contents", .hex(0...Int.max)), Member("grant", .hex(425...425)), Member("recovery_text", .hex(63...63)), Member("login_id", .hex(32...32)), Member("login_verifier", .hex(32...32)), Member("recovery_verifier", .hex(32...32))],
    codes: ["iterations_out_of_range", "bad_password", "bad_login_name", "limit_reached"])

  private static let accountRecover = OperationDescription(
    "account/recover", "Makes an account's newest state and vault from its recovery text. Section 12.6.", [.owner],
    cost: 6,
    in: [Member("recovery_text", .hex(0...Int.max)), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("master_key", .hex(32...32)), Member("head", .hex(0...Int.max), isNullable: true), Member("state", .hex(0...Int.max)), Member("vault", .hex(0...Int.max)), Member("generation", .number(1...4294967295)), Member("confirmed", .boolean), Member("persons", .list(.hex(440...440), from: 0)), Member("members", .list(.object([Member("agent_id", .hex(16...16)), Member("kind", .name(["master", "scoped"]))]), from: 0)), Member("iterations", .number(0...4294967295)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true), Member("retention_days", .number(7...3650)), Member("now", .number(0...9007199254740991)), Member("salt", .hex(32...32)), Member("keys_salt", .hex(24...24)), Member("vault_salt", .hex(24...24)), Member("oaep_seeds", .list(.hex(20...20), from: 0))],
    out: [Member("person_keys", .hex(429...429)), Member("password_wrap", .hex(96...96)), Member("account_state", .hex(0...Int.max)), Member("owner_vault", .hex(0...Int.max)), Member("contents", .hex(0...Int.max)), Member("grants", .list(.hex(425...425), from: 0)), Member("login_id", .hex(32...32)), Member("login_verifier", .hex(32...32)), Member("recovery_verifier", .hex(32...32))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "bad_prefix", "bad_bech32m", "iterations_out_of_range", "bad_password", "bad_login_name", "bad_key", "bad_validity", "limit_reached", "wrong_account", "unknown_agent", "certificate_invalid", "signature_invalid", "approval_required"])

  private static let tokenOpen = OperationDescription(
    "token/open", "Opens a Token. Section 14.2.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("token_key", .hex(64...64))]), from: 0)), Member("token", .hex(0...Int.max))],
    out: [Member("field", .name(["employee_name", "application_name", "window_title", "url", "document_name"])), Member("epoch", .number(1...4294967295)), Member("value", .hex(0...4095))],
    codes: ["truncated", "trailing_bytes", "unknown_version", "unknown_value", "value_out_of_range", "length_out_of_range", "token_open_failed", "no_epoch_key"])

  private static let blobOpen = OperationDescription(
    "blob/open", "Opens a SealedBlob. Section 15.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("agent_id", .hex(16...16)), Member("agent_key", .hex(32...32))]), from: 0)), Member("blob", .hex(0...Int.max), isNullable: true), Member("reference", .object([Member("field", .name(["keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"])), Member("length", .number(0...9007199254740991)), Member("digest", .hex(32...32))]), isNullable: true)],
    out: [Member("field", .name(["keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"])), Member("agent_id", .hex(16...16)), Member("content", .hex(0...Int.max))],
    codes: ["truncated", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "wrong_account", "blob_open_failed", "no_epoch_key", "blob_missing"])

  private static let batchAudit = OperationDescription(
    "batch/audit", "Audits the batches of one member. Sections 16.2 and 16.3.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("members", .list(.object([Member("agent_id", .hex(16...16)), Member("request", .hex(0...Int.max), isNullable: true)]), from: 0)), Member("agent_id", .hex(16...16)), Member("status", .name(["granted", "retired", "removed"])), Member("mark", .object([Member("sequence", .number(0...9007199254740991)), Member("hash", .hex(32...32)), Member("generation", .number(0...4294967295)), Member("counter", .number(0...9007199254740991))])), Member("kept", .object([Member("sequence", .number(0...9007199254740991)), Member("hash", .hex(32...32))])), Member("now", .number(0...9007199254740991)), Member("retention_days", .number(7...3650)), Member("states", .list(.hex(56...56), from: 1)), Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("token_key", .hex(64...64))]), from: 0)), Member("erasures", .list(.object([Member("first", .number(0...9007199254740991)), Member("last", .number(0...9007199254740991)), Member("before_hash", .hex(32...32)), Member("last_hash", .hex(32...32))]), from: 0)), Member("erased", .list(.object([Member("first", .number(0...9007199254740991)), Member("last", .number(0...9007199254740991))]), from: 0)), Member("batches", .list(.hex(0...Int.max), from: 0))],
    out: [Member("findings", .list(.object([Member("batch", .number(0...9007199254740991), isNullable: true), Member("sequence", .number(0...9007199254740991), isNullable: true), Member("code", .code)]), from: 0)), Member("totals", .list(.object([Member("token", .hex(0...Int.max)), Member("milliseconds", .number(0...9007199254740991))]), from: 0)), Member("mark", .object([Member("sequence", .number(0...9007199254740991)), Member("hash", .hex(32...32)), Member("generation", .number(0...4294967295)), Member("counter", .number(0...9007199254740991))])), Member("erased", .list(.object([Member("first", .number(0...9007199254740991)), Member("last", .number(0...9007199254740991))]), from: 0)), Member("kept", .object([Member("sequence", .number(0...9007199254740991)), Member("hash", .hex(32...32))]))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "wrong_account", "wrong_recipient", "unknown_agent", "signature_invalid", "token_open_failed", "no_epoch_key", "epoch_mismatch", "counter_rollback", "state_fork", "chain_broken", "sequence_gap", "sequence_repeat", "sequence_fork", "state_withheld", "state_stale", "erased_unseen", "revoked"])

  private static let rulesMake = OperationDescription(
    "rules/make", "Makes a RuleSet. Section 16.4.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("keys", .list(.object([Member("epoch", .number(1...4294967295)), Member("token_key", .hex(64...64))]), from: 0)), Member("definitions", .list(.object([Member("field", .name(["employee_name", "application_name", "window_title", "url", "document_name"])), Member("category", .name(["productive", "neutral", "unproductive"])), Member("value", .hex(0...Int.max)), Member("seen", .boolean), Member("past", .list(.number(1...4294967295), from: 0))]), from: 0))],
    out: [Member("rule_set", .hex(0...Int.max))],
    codes: ["value_too_long", "value_not_utf8", "limit_reached", "no_epoch_key"])

  private static let rulesOpen = OperationDescription(
    "rules/open", "Checks a RuleSet against its vault. Section 16.4.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("expected_hash", .hex(32...32)), Member("rule_set", .hex(0...Int.max), isNullable: true)],
    out: [],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "wrong_account", "epoch_mismatch", "chain_broken"])

  private static let ownerMachine = OperationDescription(
    "owner/machine", "A step of the owner's state machine. Section 10.4.", [.owner],
    cost: 1,
    in: [Member("phase", .name(["absent", "locked", "open", "settling"])), Member("event", .name(["create", "enrol", "enrol_as_agent", "recover", "recover_unconfirmed", "open", "open_pending", "confirm", "act", "root_act", "act_unconfirmed", "act_expired", "act_behind", "act_before_due", "act_without_root", "root_due", "audit", "read", "grants_missing", "wrap_missing", "stored", "lost_same", "lost_other", "no_answer", "discard", "lost_first", "lock"]))],
    out: [Member("next", .name(["absent", "locked", "open", "settling"])), Member("error", .code, isNullable: true)],
    codes: ["clock_wrong", "wrong_recipient", "already_pinned", "state_expired", "approval_required", "root_required", "unsettled", "no_master_key"])

  private static let enrolmentRequest = OperationDescription(
    "enrolment/request", "Makes an EnrolmentRequest. Section 10.2.", [.agent],
    cost: 1,
    in: [Member("code", .text), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32)), Member("nonce", .hex(32...32))],
    out: [Member("request", .hex(440...440)), Member("agent_id", .hex(16...16))],
    codes: ["unknown_version", "unknown_value", "value_out_of_range", "bad_prefix", "bad_bech32m"])

  private static let stateAccept = OperationDescription(
    "state/accept", "Checks an AccountState. Section 12.1.", [.agent, .owner, .service],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("agent_id", .hex(16...16), isNullable: true), Member("least_generation", .number(1...4294967295), isNullable: true), Member("last", .hex(0...Int.max), isNullable: true), Member("message", .hex(0...Int.max))],
    out: [Member("changed", .boolean), Member("listed", .boolean), Member("keys_fit", .boolean)],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "length_out_of_range", "not_canonical", "bad_key", "bad_validity", "wrong_account", "certificate_invalid", "signature_invalid", "generation_rollback", "epoch_rollback", "epoch_fork", "counter_rollback", "counter_fork"])

  private static let clockAccept = OperationDescription(
    "clock/accept", "What an accepted state makes of an agent's clock. Section 13.5.", [.agent],
    cost: 1,
    in: [Member("terms", .object([Member("made", .number(0...9007199254740991)), Member("age", .number(0...9007199254740991))])), Member("last", .object([Member("generation", .number(1...4294967295)), Member("least", .number(0...9007199254740991)), Member("running", .number(0...9007199254740991))]), isNullable: true), Member("state", .object([Member("generation", .number(1...4294967295)), Member("made", .number(0...9007199254740991))]))],
    out: [Member("least", .number(0...9007199254740991))],
    codes: [])

  private static let clockNow = OperationDescription(
    "clock/now", "An agent's clock. Section 13.5.", [.agent],
    cost: 1,
    in: [Member("wall", .number(0...9007199254740991)), Member("least", .number(0...9007199254740991)), Member("running", .number(0...9007199254740991)), Member("valid_until", .number(0...9007199254740991))],
    out: [Member("now", .number(0...9007199254740991))],
    codes: ["state_expired"])

  private static let grantOpen = OperationDescription(
    "grant/open", "Checks and opens a Grant. Section 11.", [.agent, .owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("state", .hex(0...Int.max), isNullable: true), Member("kind", .name(["master", "scoped"])), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32)), Member("keys_held", .boolean), Member("grant", .hex(0...Int.max))],
    out: [Member("kind", .name(["master", "scoped", "unchanged"])), Member("token_key", .hex(64...64), when: ("kind", ["scoped"])), Member("agent_key", .hex(32...32), when: ("kind", ["scoped"])), Member("master_key", .hex(32...32), when: ("kind", ["master"]))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "wrong_account", "wrong_recipient", "signature_invalid", "grant_open_failed", "no_state", "epoch_rollback", "epoch_mismatch", "epoch_fork"])

  private static let tokenSeal = OperationDescription(
    "token/seal", "Seals a value as a Token. Section 14.1.", [.agent],
    cost: 1,
    in: [Member("token_key", .hex(64...64)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("field", .name(["employee_name", "application_name", "window_title", "url", "document_name"])), Member("value", .hex(0...Int.max))],
    out: [Member("token", .hex(0...Int.max))],
    codes: ["value_too_long", "value_not_utf8"])

  private static let blobSeal = OperationDescription(
    "blob/seal", "Seals a content as a SealedBlob, with this salt. Section 15.", [.agent],
    cost: 1,
    in: [Member("agent_key", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("agent_id", .hex(16...16)), Member("field", .name(["keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"])), Member("salt", .hex(24...24)), Member("content", .hex(0...Int.max))],
    out: [Member("blob", .hex(0...Int.max))],
    codes: [])

  private static let captureValue = OperationDescription(
    "capture/value", "What of a captured text is tokenised. Section 13.3.", [.agent],
    cost: 1,
    in: [Member("text", .hex(0...Int.max))],
    out: [Member("value", .hex(0...4095))],
    codes: [])

  private static let captureSeal = OperationDescription(
    "capture/seal", "Makes records and blobs of what was captured. Section 16.1.", [.agent],
    cost: 1,
    in: [Member("token_key", .hex(64...64)), Member("agent_key", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("agent_id", .hex(16...16)), Member("captures", .list(.hex(0...Int.max), from: 1)), Member("salts", .list(.hex(24...24), from: 0))],
    out: [Member("records", .list(.hex(0...Int.max), from: 0)), Member("blobs", .list(.hex(0...Int.max), from: 0))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "not_canonical", "wrong_account"])

  private static let batchSign = OperationDescription(
    "batch/sign", "Signs records as a batch. Section 16.1.", [.agent],
    cost: 1,
    in: [Member("seed", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("agent_id", .hex(16...16)), Member("sequence", .number(1...9007199254740991)), Member("previous", .hex(32...32)), Member("made", .number(0...9007199254740991)), Member("state_generation", .number(1...4294967295)), Member("state_counter", .number(0...9007199254740991)), Member("state", .hex(32...32)), Member("records", .list(.object([Member("kind", .name(["application", "website", "document", "idle", "keystrokes", "clipboard", "chat", "screenshot", "camera_shot", "voice"])), Member("start", .number(0...9007199254740991)), Member("duration", .number(0...4294967295)), Member("items", .list(.either([Member("token", .hex(0...Int.max)), Member("blob", .hex(0...Int.max))]), from: 0))]), from: 1))],
    out: [Member("batch", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "unknown_version", "unknown_value", "value_out_of_range", "length_out_of_range", "epoch_mismatch"])

  private static let spoolRecover = OperationDescription(
    "spool/recover", "Reads a spool segment, whatever happened to it. Section 17.", [.agent],
    cost: 1,
    in: [Member("device_key", .hex(32...32)), Member("account_id", .hex(16...16)), Member("agent_id", .hex(16...16)), Member("segment", .hex(0...Int.max))],
    out: [Member("error", .code, isNullable: true), Member("payloads", .list(.hex(0...Int.max), from: 0)), Member("damage", .list(.object([Member("offset", .number(0...9007199254740991)), Member("length", .number(0...9007199254740991)), Member("code", .code)]), from: 0)), Member("notes", .list(.object([Member("offset", .number(0...9007199254740991)), Member("code", .code)]), from: 0)), Member("torn", .number(0...9007199254740991), isNullable: true)],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "wrong_account", "wrong_recipient", "frame_open_failed", "bad_frame", "chain_broken"])

  private static let localStateOpen = OperationDescription(
    "local-state/open", "Opens the state on a device's disk. Section 13.4.", [.agent, .owner],
    cost: 1,
    in: [Member("device_key", .hex(32...32)), Member("message", .hex(0...Int.max))],
    out: [Member("contents", .hex(0...Int.max))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "value_out_of_range", "length_out_of_range", "local_state_open_failed"])

  private static let agentMachine = OperationDescription(
    "agent/machine", "A step of the agent's state machine. Section 10.3.", [.agent],
    cost: 1,
    in: [Member("phase", .name(["unpinned", "pinned", "waiting", "active", "revoked", "stopped"])), Member("event", .name(["code", "code_above", "code_of_manager", "code_of_other", "state", "state_of_keys", "state_revokes", "grant", "grant_listed", "capture", "activity", "activity_expired", "service_off", "state_lost"]))],
    out: [Member("next", .name(["unpinned", "pinned", "waiting", "active", "revoked", "stopped"])), Member("error", .code, isNullable: true)],
    codes: ["wrong_recipient", "not_pinned", "already_pinned", "no_state", "no_grant", "state_expired", "revoked", "latched", "stopped"])

  private static let agentRun = OperationDescription(
    "agent/run", "An agent and a service over many steps. Sections 10.3 and 13.1.", [.agent],
    cost: 6,
    in: [Member("code", .text), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32)), Member("nonce", .hex(32...32)), Member("steps", .list(.object([Member("event", .name(["code", "state", "grant", "capture", "activity", "service_off", "restart", "restart_damaged"])), Member("message", .hex(0...Int.max), isNullable: true), Member("runs", .number(0...9007199254740991)), Member("wall", .number(0...9007199254740991))]), from: 0))],
    out: [Member("results", .list(.object([Member("phase", .name(["unpinned", "pinned", "waiting", "active", "revoked", "stopped"])), Member("code", .code, isNullable: true), Member("now", .number(0...9007199254740991))]), from: 0))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "bad_prefix", "bad_bech32m", "bad_key", "bad_validity", "value_too_long", "value_not_utf8", "wrong_account", "wrong_recipient", "certificate_invalid", "signature_invalid", "grant_open_failed", "not_pinned", "already_pinned", "no_state", "no_grant", "state_expired", "generation_rollback", "epoch_rollback", "epoch_mismatch", "epoch_fork", "counter_rollback", "counter_fork", "revoked", "latched", "stopped"])

  private static let blobSealRandom = OperationDescription(
    "blob/seal-random", "Seals a blob with a fresh salt. Section 2.5.", [.agent],
    cost: 1,
    in: [Member("agent_key", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("agent_id", .hex(16...16)), Member("field", .name(["keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"])), Member("content", .hex(0...Int.max))],
    out: [Member("blob", .hex(0...Int.max))],
    codes: [])

  private static let personKeysMakeRandom = OperationDescription(
    "person-keys/make-random", "Makes PersonKeys with a fresh salt. Section 9.5.", [.owner],
    cost: 6,
    in: [Member("account_id", .hex(16...16)), Member("counter", .number(1...9007199254740991)), Member("iterations", .number(0...4294967295)), Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true), Member("seal_salt", .hex(24...24)), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32))],
    out: [Member("keys", .hex(429...429)), Member("person_id", .hex(16...16)), Member("login_id", .hex(32...32)), Member("login_key", .hex(32...32)), Member("login_verifier", .hex(32...32))],
    codes: ["iterations_out_of_range", "bad_password", "bad_login_name"])

  private static let enrolmentRequestRandom = OperationDescription(
    "enrolment/request-random", "Makes a request with a fresh nonce. Section 10.2.", [.agent, .owner],
    cost: 1,
    in: [Member("code", .text), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32))],
    out: [Member("request", .hex(440...440)), Member("agent_id", .hex(16...16))],
    codes: ["unknown_version", "unknown_value", "value_out_of_range", "bad_prefix", "bad_bech32m"])

  private static let grantMakeRandom = OperationDescription(
    "grant/make-random", "Makes a Grant with a fresh seed. Section 11.", [.owner],
    cost: 1,
    in: [Member("seed", .hex(32...32)), Member("account_id", .hex(16...16)), Member("epoch", .number(1...4294967295)), Member("kind", .name(["master", "scoped"])), Member("recipient", .hex(16...16)), Member("modulus", .hex(256...256)), Member("verify_key", .hex(32...32)), Member("master_key", .hex(32...32))],
    out: [Member("grant", .hex(425...425))],
    codes: ["bad_key", "wrong_recipient"])

  private static let codeRandom = OperationDescription(
    "code/random", "Makes an enrolment code. Section 10.1.", [.owner],
    cost: 1,
    in: [Member("account_id", .hex(16...16)), Member("generation", .number(1...4294967295)), Member("made", .number(0...9007199254740991)), Member("kind", .name(["master", "scoped"])), Member("role", .name(["agent", "manager"]))],
    out: [Member("text", .hex(86...86))],
    codes: [])

  private static let agentOpen = OperationDescription(
    "agent/open", "An agent that has pinned a code and sent its request. Section 10.3.", [.agent],
    cost: 6,
    in: [Member("code", .text), Member("p", .hex(128...128)), Member("q", .hex(128...128)), Member("seed", .hex(32...32)), Member("nonce", .hex(32...32))],
    out: [Member("handle", .number(0...9007199254740991)), Member("phase", .name(["unpinned", "pinned", "waiting", "active", "revoked", "stopped"]))],
    codes: ["unknown_version", "unknown_value", "value_out_of_range", "bad_prefix", "bad_bech32m", "wrong_recipient"])

  private static let agentStep = OperationDescription(
    "agent/step", "A step of agent/run. Sections 10.3 and 13.1.", [.agent],
    cost: 6,
    in: [Member("handle", .number(0...9007199254740991)), Member("event", .name(["code", "state", "grant", "capture", "activity", "service_off", "restart", "restart_damaged"])), Member("message", .hex(0...Int.max), isNullable: true), Member("runs", .number(0...9007199254740991)), Member("wall", .number(0...9007199254740991))],
    out: [Member("phase", .name(["unpinned", "pinned", "waiting", "active", "revoked", "stopped"])), Member("code", .code, isNullable: true), Member("now", .number(0...9007199254740991))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "bad_prefix", "bad_bech32m", "bad_key", "bad_validity", "value_too_long", "value_not_utf8", "wrong_account", "wrong_recipient", "certificate_invalid", "signature_invalid", "grant_open_failed", "not_pinned", "already_pinned", "no_state", "no_grant", "state_expired", "generation_rollback", "epoch_rollback", "epoch_mismatch", "epoch_fork", "counter_rollback", "counter_fork", "revoked", "latched", "stopped"])

  private static let agentClose = OperationDescription(
    "agent/close", "Ends an agent; its handle is unknown from then on. Section 10.3.", [.agent],
    cost: 1,
    in: [Member("handle", .number(0...9007199254740991))],
    out: [],
    codes: [])

  private static let ownerOpen = OperationDescription(
    "owner/open", "A device of a person's that remembers nothing, locked. Section 10.4.", [.owner],
    cost: 6,
    in: [Member("login_name", .hex(0...Int.max)), Member("password", .hex(0...Int.max)), Member("account_secret", .hex(16...16), isNullable: true), Member("durable", .boolean)],
    out: [Member("handle", .number(0...9007199254740991)), Member("phase", .name(["absent", "locked", "open", "settling"]))],
    codes: [])

  private static let ownerStep = OperationDescription(
    "owner/step", "A step of a person's end. Sections 10.4 and 12.7 to 12.9.", [.owner],
    cost: 6,
    in: [Member("handle", .number(0...9007199254740991)), Member("event", .name(["open", "confirm", "edit", "renew_certificate", "rotate", "repair", "request", "stored", "other", "no_answer", "discard", "lock", "restart", "restart_lost"])), Member("messages", .object([Member("head", .hex(0...Int.max)), Member("person_keys", .hex(0...Int.max)), Member("account_state", .hex(0...Int.max)), Member("password_wrap", .hex(0...Int.max), isNullable: true), Member("grant", .hex(0...Int.max), isNullable: true), Member("owner_vault", .hex(0...Int.max)), Member("rule_set", .hex(0...Int.max), isNullable: true)]), isNullable: true), Member("message", .hex(0...Int.max), isNullable: true), Member("says", .object([Member("password_changed", .boolean), Member("newest", .boolean), Member("without_storage", .boolean), Member("clock", .boolean)])), Member("now", .number(0...9007199254740991))],
    out: [Member("phase", .name(["absent", "locked", "open", "settling"])), Member("code", .code, isNullable: true), Member("findings", .list(.code, from: 0)), Member("generation", .number(0...4294967295))],
    codes: ["truncated", "trailing_bytes", "bad_magic", "unknown_version", "unexpected_type", "unknown_value", "value_out_of_range", "length_out_of_range", "not_canonical", "iterations_out_of_range", "bad_password", "bad_login_name", "account_secret_mismatch", "bad_key", "bad_validity", "clock_wrong", "limit_reached", "wrong_account", "wrong_recipient", "unknown_agent", "certificate_invalid", "signature_invalid", "mac_invalid", "person_keys_open_failed", "grant_open_failed", "vault_open_failed", "already_pinned", "no_state", "state_expired", "generation_rollback", "epoch_rollback", "epoch_mismatch", "epoch_fork", "counter_rollback", "counter_fork", "state_fork", "chain_broken", "pin_mismatch", "head_changed", "code_expired", "nonce_reused", "approval_required", "root_required", "unsettled", "no_master_key", "revoked"])

  private static let ownerClose = OperationDescription(
    "owner/close", "Ends a device; its handle is unknown from then on. Section 10.4.", [.owner],
    cost: 1,
    in: [Member("handle", .number(0...9007199254740991))],
    out: [],
    codes: [])
}
