//! What is thrown, and what to do about it.

import Endkey

let now = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
var owner = Owner.absent()
let account = try owner.create(identity: .generate(using: &random), credentials: credentials, using: &random)
let messages = StoredMessages(account)

// snippet.code
func open(_ messages: StoredMessages, password: consuming SecretBytes) -> String {
  var owner = Owner.locked()
  do {
    try owner.open(messages, with: Credentials(loginName: "ana@example.com", password: password))
    return "open"
  } catch {  // a ProtocolError: throws are typed
    switch error.code {
    case .passwordOpenFailed: return "wrong password"
    case .counterRollback, .epochRollback, .pinMismatch: return "the service gave something old"
    case .internalError: return "a library failed: try again"
    default: return "\(error)"  // its name, offset and section
    }
  }
}
// snippet.end
precondition(open(messages, password: SecretBytes(utf8: "correct horse")) == "open")
precondition(open(messages, password: SecretBytes(utf8: "correct house")) == "wrong password")

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
precondition(owner.pins == before)  // a step that throws changes nothing
// snippet.end

// snippet.parse
do {
  _ = try AccountState(parsing: [0x45, 0x4b])
} catch {  // a WireError
  print(error.code, error.offset)
}
// snippet.end
