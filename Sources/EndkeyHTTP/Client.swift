internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

/// Asks the service of one origin: finds its interface, shows a person's session, asks again what was not answered.
actor Client {
  nonisolated let origin: Origin
  private let connection: Connection
  private let kept: KeptSession?
  /// How often a request is sent until somebody is told that there was no answer.
  private let attempts: Int
  private var api: String?
  private var isKeptRead = false
  private var session: Session?
  private(set) var incarnation: Bytes<16>?
  /// What was read last of an account, with its tag: what has not changed is not sent again.
  var whole: (tag: String, envelope: WholeEnvelope)?

  /// A person's session.
  struct Session: Sendable {
    let accountID: AccountID
    /// The line that shows it.
    let credential: Secret
  }

  init(_ origin: Origin, kept: KeptSession?, attempts: Int, authorities: String?) {
    self.origin = origin
    self.kept = kept
    self.attempts = attempts
    connection = Connection(isPlain: origin.isPlain, authorities: authorities)
  }
}

// MARK: - Sessions

extension Client {
  /// The person's session; throws `signInRequired` where there is none.
  func signedIn() throws(ServiceError) -> Session {
    if session == nil, !isKeptRead {
      isKeptRead = true
      if let kept, let stored = kept.load() { session = Session(stored) }
    }
    guard let session else { throw .signInRequired(place: origin.text) }
    return session
  }

  /// Takes a new session, and keeps it for the next program.
  func begin(_ session: Session, token: borrowing SecretBytes) {
    self.session = session
    whole = nil
    kept?.keep(session.stored(token))
  }

  /// The session that was there until now, and is forgotten.
  func signedOut() -> Session? {
    let last: Session?
    do throws(ServiceError) { last = try signedIn() } catch { last = nil }
    end()
    return last
  }

  private func end() {
    session = nil
    whole = nil
    kept?.forget()
  }
}

extension Client.Session {
  /// The session whose token is `token`.
  init(_ accountID: AccountID, token: borrowing SecretBytes) {
    self.accountID = accountID
    credential = .header("Authorization: Bearer ", token)
  }

  /// What a device keeps: the account, then the token.
  fileprivate func stored(_ token: borrowing SecretBytes) -> SecretBytes {
    .concatenating(SecretBytes(copying: accountID.bytes), token)
  }

  fileprivate init?(_ stored: consuming SecretBytes) {
    let accountID: AccountID
    let token: SecretBytes
    do {
      let account = try stored.slice(0..<AccountID.byteCount)
      accountID = account.withBytes { AccountID(unchecked: $0) }
      token = try stored.slice(AccountID.byteCount..<stored.count)
    } catch {
      return nil
    }
    self.init(accountID, token: token)
  }
}

// MARK: - Asking

/// What asks, and what is lost when no answer comes.
enum Asking {
  /// Nothing is changed: it is asked again at will.
  case reading
  /// Something may be changed when the answer is lost.
  case changing
}

extension Client {
  /// Sends a request below `api` until it is answered as it expects, or with 304 where it has a condition.
  func ask(
    _ request: Request, _ asking: Asking, isAgent: Bool = false
  ) async throws(ServiceError) -> Answer {
    switch try await answer(request, asking) {
    case .success(let answer): return answer
    case .failure(let problem):
      if problem.name == "no-credential" || problem.name == "fresh-required", !isAgent { end() }
      throw problem.error(at: origin.text, isAgent: isAgent)
    }
  }

  /// The same; a problem is the caller's to look at.
  func answer(_ request: Request, _ asking: Asking) async throws(ServiceError) -> Result<Answer, Problem> {
    var request = request
    request.url = try await interface() + request.url
    return try await repeated(request, asking)
  }

  /// Why there was no answer, or none that this protocol has.
  private struct Unanswered: Error {
    let error: ServiceError
    /// Whether the same may be answered in a moment.
    let isWorthAnother: Bool
  }

  /// Sends a request until it is answered, or was sent often enough.
  private func repeated(
    _ request: Request, _ asking: Asking
  ) async throws(ServiceError) -> Result<Answer, Problem> {
    var attempt = 0
    // Whether an earlier sending may have arrived: what becomes of a later one does not say that it has not.
    var lost: ServiceError?
    while true {
      attempt += 1
      let failure: Unanswered
      do throws(Unanswered) {
        return try await once(request, asking)
      } catch {
        failure = error
      }
      if case .uncertain = failure.error { lost = failure.error }
      guard attempt < attempts, failure.isWorthAnother else { throw lost ?? failure.error }
      do {
        // Drawn, so that those who were cut off together do not come back together.
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...min(30_000, 1_000 << attempt))))
      } catch {
        throw lost ?? failure.error
      }
    }
  }

  private func once(
    _ request: Request, _ asking: Asking
  ) async throws(Unanswered) -> Result<Answer, Problem> {
    let answer: Answer
    do throws(TransferFailure) {
      answer = try await connection.send(request)
    } catch {
      throw Unanswered(
        error: unanswered(asking, error.reason, mayHaveArrived: error.mayHaveArrived),
        isWorthAnother: !error.isLasting)
    }
    if let store = answer.headers["endkey-store"].flatMap({ Bytes<16>(hexadecimal: $0) }) {
      incarnation = store
    }
    if answer.isSuccess, request.expected.fits(answer) { return .success(answer) }
    if answer.status == 304, request.isConditional { return .success(answer) }
    let problem = Problem(answer)
    switch (answer.status / 100, problem) {
    case (4, let problem?) where problem.name == "slow-down":
      throw Unanswered(
        error: problem.error(at: origin.text, isAgent: false), isWorthAnother: problem.retryAfter ?? 60 <= 5)
    case (4, let problem?): return .failure(problem)
    case (4, nil) where request.method == "HEAD": return .failure(Problem(statusAlone: answer))
    case (5, let problem):
      let error = unanswered(
        asking, "it has a fault (status \(answer.status)): try again later",
        mayHaveArrived: problem?.name != "store-unavailable", retryAfter: answer.retryAfter)
      throw Unanswered(error: error, isWorthAnother: answer.retryAfter ?? 0 <= 5)
    case (3, _):
      throw lasting(
        asking, "it sends elsewhere (status \(answer.status)), which is not followed: is the address right?")
    default:
      throw lasting(
        asking,
        "it does not answer as a service of Endkey does (status \(answer.status)): is the address right?")
    }
  }

  private func lasting(_ asking: Asking, _ reason: String) -> Unanswered {
    Unanswered(error: unanswered(asking, reason, mayHaveArrived: true), isWorthAnother: false)
  }

  private func unanswered(
    _ asking: Asking, _ reason: String, mayHaveArrived: Bool, retryAfter: UInt64? = nil
  ) -> ServiceError {
    switch asking {
    case .changing where mayHaveArrived: .uncertain(place: origin.text, reason: reason)
    default: .unavailable(place: origin.text, reason: reason, retryAfter: retryAfter)
    }
  }

  /// Where the interface is, as the service says. H-3-1
  private func interface() async throws(ServiceError) -> String {
    if let api { return api }
    let request = Request("GET", "\(origin.text)/.well-known/endkey", limit: 64 << 10, expecting: .json)
    func refusal(_ reason: String) -> ServiceError { unanswered(.reading, reason, mayHaveArrived: false) }
    let (api, protocols): (String, [Int])
    switch try await repeated(request, .reading) {
    case .failure: throw refusal(Self.isNoService)
    case .success(let answer):
      do {
        var fields = try JSONCursor(JSONValue(parsing: answer.body)).fields()
        api = try fields.required("api").string()
        protocols = try fields.required("protocol").array().map { try $0.integer(as: Int.self) }
      } catch {
        throw refusal(Self.isNoService)
      }
    }
    guard protocols.contains(1) else {
      throw refusal("it speaks no version of Endkey that this program knows")
    }
    guard origin.allows(api) else { throw refusal("it names another place, \(api), which is not asked") }
    self.api = api
    return api
  }

  private static var isNoService: String { "no service of Endkey is here: is the address right?" }
}

// MARK: - Secrets in a request

extension Secret {
  /// A line of a header: a name with what goes before the secret, and the secret, which is text. It ends with a 0.
  static func header(_ start: String, _ secret: borrowing SecretBytes) -> Secret {
    secret.withBytes { secret in
      text(count: start.utf8.count + secret.count + 1) { writer in
        writer.bytes(start.utf8.span)
        writer.bytes(secret)
        writer.uint8(0)
      }
    }
  }

  /// `count` bytes that `write` writes.
  static func text(count: Int, _ write: (inout Writer) -> Void) -> Secret {
    Secret(.writing(count: count, write))
  }
}

extension SecretBytes {
  /// `count` bytes that `write` writes.
  static func writing(count: Int, _ write: (inout Writer) -> Void) -> SecretBytes {
    SecretBytes(count: count) { (bytes: inout MutableSpan<UInt8>) in
      var writer = Writer(&bytes)
      write(&writer)
    }
  }

  /// Two lower-case hexadecimal digits for each byte.
  func hexadecimal() -> SecretBytes {
    withBytes { bytes in
      .writing(count: 2 * bytes.count) { writer in
        for index in bytes.indices {
          for digit in [bytes[index] >> 4, bytes[index] & 15] {
            writer.uint8(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
          }
        }
      }
    }
  }

  /// A credential: its prefix, then the base64url of these bytes.
  func credential(_ prefix: String) -> SecretBytes {
    withBytes { bytes in
      .writing(count: prefix.utf8.count + Base64URL.textCount(bytes.count)) { writer in
        writer.bytes(prefix.utf8.span)
        Base64URL.encode(bytes, into: &writer)
      }
    }
  }
}
