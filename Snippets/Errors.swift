//! What is thrown, and what to do about it.

import Endkey

let now = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random), credentials: credentials, retentionDays: RetentionDays(365), now: now,
  using: &random)
try owner.stored()
guard let keys = account.publication.personKeys, let wrap = account.publication.passwordWrap else {
  preconditionFailure("an account without its owner's keys")
}
let whole = Whole(
  personKeys: keys.serialized, passwordWrap: wrap.serialized,
  accountState: account.accountState.serialized, grant: account.publication.grants.first?.serialized,
  ownerVault: account.publication.ownerVault.serialized, ruleSet: nil)

// snippet.code
func open(_ whole: Whole, head: PasswordHeader, password: consuming SecretBytes) -> String {
  var owner = Owner.locked()
  do {
    let credentials = Credentials(loginName: "ana@example.com", password: password)
    try owner.open(whole, with: owner.stretch(credentials, for: head))
    return "open"
  } catch {  // a ProtocolError: throws are typed
    switch error.code {
    case .personKeysOpenFailed: return "wrong password"
    case .counterRollback, .generationRollback, .pinMismatch: return "the service gave something old"
    case .internalError: return "a library failed: try again"
    default: return "\(error)"  // its name, offset and section
    }
  }
}
// snippet.end
precondition(open(whole, head: keys.head, password: SecretBytes(utf8: "correct horse")) == "open")
precondition(open(whole, head: keys.head, password: SecretBytes(utf8: "correct house")) == "wrong password")

// snippet.layer
func meaning(of error: ProtocolError) -> String {
  switch error.code.layer {
  case .format: "these bytes are no such message, from byte \(error.offset ?? 0) on"
  case .policy: "the protocol does not allow this value"
  case .auth: "this is from somebody else, or for somebody else"
  case .crypto: "it does not open: the key is another, or it was changed"
  case .state: "what this end remembers forbids it"
  }
}
// snippet.end

// snippet.unchanged
let before = owner.pins
do {
  _ = try owner.approve([1, 2, 3], now: now, using: &random)
} catch {
  print(error, "-", meaning(of: error))
}
precondition(owner.pins == before && owner.pending == nil)  // a step that throws changes nothing
// snippet.end

// snippet.parse
do {
  _ = try AccountState(parsing: [0x45, 0x4b])
} catch {  // a WireError
  print(error.code, error.offset)
}
// snippet.end
