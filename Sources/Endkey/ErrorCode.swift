/// Every error of the protocol. Raw values are the registry's names. The list is closed. §19
public enum ErrorCode: String, CaseIterable, Sendable {
  // Format: the codes of `WireError`, under the same names.
  case truncated
  case trailingBytes = "trailing_bytes"
  case badMagic = "bad_magic"
  case unknownVersion = "unknown_version"
  case unexpectedType = "unexpected_type"
  case unknownValue = "unknown_value"
  case valueOutOfRange = "value_out_of_range"
  case lengthOutOfRange = "length_out_of_range"
  case notCanonical = "not_canonical"
  case badPrefix = "bad_prefix"
  case badBase64url = "bad_base64url"
  case badBech32m = "bad_bech32m"

  // Policy: what the protocol does not do.
  case iterationsOutOfRange = "iterations_out_of_range"
  case badPassword = "bad_password"
  case badLoginName = "bad_login_name"
  case accountSecretMismatch = "account_secret_mismatch"
  case badKey = "bad_key"
  case valueTooLong = "value_too_long"
  case valueNotUTF8 = "value_not_utf8"
  case limitReached = "limit_reached"

  // Auth: who it is from, and for whom.
  case wrongAccount = "wrong_account"
  case wrongRecipient = "wrong_recipient"
  case unknownAgent = "unknown_agent"
  case signatureInvalid = "signature_invalid"
  case macInvalid = "mac_invalid"

  // Crypto: one code for each thing that opens, whatever was wrong with it.
  case passwordOpenFailed = "password_open_failed"
  case grantOpenFailed = "grant_open_failed"
  case tokenOpenFailed = "token_open_failed"
  case blobOpenFailed = "blob_open_failed"
  case vaultOpenFailed = "vault_open_failed"
  case privateKeysOpenFailed = "private_keys_open_failed"
  case localStateOpenFailed = "local_state_open_failed"
  case frameOpenFailed = "frame_open_failed"
  case internalError = "internal_error"

  // State: what this end remembers forbids it.
  case notPinned = "not_pinned"
  case alreadyPinned = "already_pinned"
  case noState = "no_state"
  case noGrant = "no_grant"
  case noEpochKey = "no_epoch_key"
  case epochRollback = "epoch_rollback"
  case epochMismatch = "epoch_mismatch"
  case counterRollback = "counter_rollback"
  case counterFork = "counter_fork"
  case chainBroken = "chain_broken"
  case sequenceGap = "sequence_gap"
  case sequenceRepeat = "sequence_repeat"
  case sequenceFork = "sequence_fork"
  case stateWithheld = "state_withheld"
  case pinMismatch = "pin_mismatch"
  case codeExpired = "code_expired"
  case nonceReused = "nonce_reused"
  case approvalRequired = "approval_required"
  case rotationDue = "rotation_due"
  case noMasterKey = "no_master_key"
  case revoked
  case latched
  case stopped

  /// The layers of §19. Only `format` errors carry an offset.
  public enum Layer: String, CaseIterable, Sendable {
    case format, policy, auth, crypto, state
  }

  public var layer: Layer {
    switch self {
    case .truncated, .trailingBytes, .badMagic, .unknownVersion, .unexpectedType, .unknownValue,
      .valueOutOfRange, .lengthOutOfRange, .notCanonical, .badPrefix, .badBase64url, .badBech32m:
      .format
    case .iterationsOutOfRange, .badPassword, .badLoginName, .accountSecretMismatch, .badKey, .valueTooLong,
      .valueNotUTF8, .limitReached:
      .policy
    case .wrongAccount, .wrongRecipient, .unknownAgent, .signatureInvalid, .macInvalid: .auth
    case .passwordOpenFailed, .grantOpenFailed, .tokenOpenFailed, .blobOpenFailed, .vaultOpenFailed,
      .privateKeysOpenFailed, .localStateOpenFailed, .frameOpenFailed, .internalError:
      .crypto
    case .notPinned, .alreadyPinned, .noState, .noGrant, .noEpochKey, .epochRollback, .epochMismatch,
      .counterRollback, .counterFork, .chainBroken, .sequenceGap, .sequenceRepeat, .sequenceFork,
      .stateWithheld, .pinMismatch, .codeExpired, .nonceReused, .approvalRequired, .rotationDue, .noMasterKey,
      .revoked, .latched, .stopped:
      .state
    }
  }
}
