internal import EndkeyJSON
internal import EndkeyStore

/// A problem document, as far as a client looks at it. `spec/http.md`, section 14
struct Problem: Error, Equatable, Sendable {
  let status: Int
  /// The name of its type; empty for a document that has none of this protocol's.
  let name: String
  /// The vault's SHA-256, the offset of an upload and others, as they are told.
  let offset: Int?
  let retryAfter: UInt64?

  /// The problem that an answer is; nil for one of class 4xx that has none.
  init?(_ answer: Answer) {
    guard answer.headers["content-type"] == "application/problem+json" else { return nil }
    do {
      var fields = try JSONCursor(JSONValue(parsing: answer.body)).fields()
      let type = try fields.required("type").string()
      guard type.hasPrefix(Self.prefix) else { return nil }
      name = String(type.dropFirst(Self.prefix.count))
      offset = try fields.optional("offset").map { try $0.integer(in: 0...Int(1 << 53)) }
    } catch {
      return nil
    }
    status = answer.status
    retryAfter = answer.retryAfter
  }

  /// The problem of an answer to `HEAD`, which has no document.
  init(statusAlone answer: Answer) {
    name = ""
    (status, offset, retryAfter) = (answer.status, nil, answer.retryAfter)
  }

  private static var prefix: String { "urn:endkey:http:1:" }
}

extension Answer {
  /// What the service asks to wait, in seconds.
  var retryAfter: UInt64? { headers["retry-after"].flatMap { UInt64($0) } }
}

extension Problem {
  /// What the end is told. `isAgent` is whether an agent has asked.
  func error(at place: String, isAgent: Bool) -> ServiceError {
    switch name {
    case "no-credential" where !isAgent, "fresh-required": .signInRequired(place: place)
    case "not-found": .noAccount(place: place)
    case "other-publication", "stale-epoch", "other-keys": .superseded(place: place)
    case "slow-down":
      .unavailable(
        place: place, reason: "too many requests: try again in \(retryAfter ?? 60) s",
        retryAfter: retryAfter ?? 60)
    default: .refused(place: place, refusal)
    }
  }

  private var refusal: ServiceError.Refusal {
    .init(
      name, "the service refuses this (\(name))" + (Self.next[name].map { ": \($0)" } ?? ""),
      isOfMessage: Self.ofMessage.contains(name), retryAfter: Self.pauses[name] ?? retryAfter)
  }

  /// The service will never take the message.
  private static let ofMessage: Set = [
    "malformed", "inconsistent", "wrong-agent", "too-large", "id-mismatch", "media-type",
  ]

  /// When an agent asks again, in seconds. `spec/http.md`, section 10
  private static let pauses: [String: UInt64] = ["no-credential": 3_600, "not-granted": 600]

  /// What is the matter, and what to do next.
  private static let next = [
    "no-credential": "it does not know this computer, whose request was refused or has not arrived: "
      + "`endkey agent request` sends it again",
    "login-failed": "login name, password or account secret is wrong, or nobody has this login",
    "admission-refused": "no code lets this in: it was used up or has ended, so ask for a new one",
    "signup-refused": "accounts are not made here: ask whoever runs the service",
    "login-taken": "another person has this login name: take another one",
    "not-granted": "the account's owner has not granted keys yet",
    "agent-listed": "the account's newest state lists this computer as removed",
    "owner-required": "only the account's owner may do this",
    "not-allowed": "the owner has not let you in yet, or not for this",
    "quota": "the account has as many as it may",
    "other-credential": "others have asked under this id: begin with a new folder",
    "other-bytes": "another request stands there: begin with a new folder",
    "malformed": "a fault of one of the two programs: keep what is named here, and report it",
    "inconsistent": "a fault of one of the two programs: keep what is named here, and report it",
    "wrong-agent": "a fault of one of the two programs: keep what is named here, and report it",
  ]
}
