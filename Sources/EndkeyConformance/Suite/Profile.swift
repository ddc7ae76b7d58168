/// What kind of client is judged: which operations it needs.
public enum Profile: String, CaseIterable, Sendable {
  case all, agent, owner, service

  /// Patterns of operations.
  public var patterns: [String] {
    switch self {
    case .all: ["*"]
    case .agent:
      [
        "hash", "derive", "hmac", "oaep/decrypt", "rsa/check", "ed25519/*", "siv/seal", "sealed/*",
        "account-id",
        "agent-id", "wire/AccountState", "wire/Grant", "wire/EnrolmentRequest", "wire/RecordBatch",
        "wire/Token",
        "wire/SealedBlob", "wire/LocalState", "wire/SpoolHeader", "text/token-encode", "text/blob-encode",
        "text/code", "enrolment/request*", "state/accept", "grant/open", "token/seal", "blob/seal*",
        "batch/sign", "spool/recover", "local-state/open", "agent/*",
      ]
    case .owner:
      [
        "hash", "derive", "pbkdf2", "hmac", "kw/*", "oaep/encrypt", "rsa/check", "ed25519/*", "siv/*",
        "sealed/*", "normal/*", "keys", "account-id", "agent-id", "wire/*", "text/*", "scan", "code/*",
        "password/*", "private-keys/open", "vault/open", "enrolment/verify", "grant/make*", "state/*",
        "token/open", "blob/open", "batch/audit", "rules/*", "local-state/open", "owner/*",
      ]
    case .service:
      [
        "hash", "rsa/check", "ed25519/verify", "account-id", "agent-id", "wire/*", "text/token*",
        "text/blob*",
        "scan", "state/accept", "rules/verify", "batch/audit",
      ]
    }
  }
}

/// A pattern of names, in which `*` stands for any text.
struct Glob: Sendable {
  private let parts: [[UInt8]]

  init(_ pattern: String) {
    parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map {
      Array($0)
    }
  }

  func matches(_ name: String) -> Bool {
    var rest = Array(name.utf8)[...]
    guard let first = parts.first, let last = parts.last else { return false }
    guard parts.count > 1 else { return rest.elementsEqual(first) }
    guard rest.starts(with: first) else { return false }
    rest = rest.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() {
      guard let end = Self.find(part, in: rest) else { return false }
      rest = rest[end...]
    }
    return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
  }

  /// Where the first `part` ends.
  private static func find(_ part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard text.count >= part.count else { return nil }
    return (text.startIndex...(text.endIndex - part.count)).first { text[$0...].starts(with: part) }
      .map { $0 + part.count }
  }
}
