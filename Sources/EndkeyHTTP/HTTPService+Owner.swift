public import Endkey
internal import EndkeyJSON
public import EndkeyPrimitives
public import EndkeyStore
public import EndkeyWire

extension HTTPService: OwnerService {
  // MARK: Signing in. `spec/http.md`, section 5.1

  public func signIn(_ loginID: Hash, loginKey: borrowing SecretBytes) async throws(ServiceError) {
    try await signIn(Self.object([("login_id", "\(loginID)")], secret: "login_key", loginKey))
  }

  private func signIn(_ body: Secret) async throws(ServiceError) {
    let request = Request(
      "POST", "/sessions", limit: AnswerLimit.json, sending: (.json, .secret(body)), expecting: .json)
    let answer = try await client.ask(request, .reading)
    let (accountID, token): (AccountID, String)
    do {
      var fields = try JSONCursor(JSONValue(parsing: answer.body)).fields()
      accountID = try AccountID(fields.required("account").hex(count: AccountID.byteCount))
      token = try fields.required("token").string()
    } catch {
      throw client.unreadable(.reading)
    }
    guard token.hasPrefix("ekp1_"), token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw client.unreadable(.reading)
    }
    let secret = SecretBytes(utf8: token)
    await client.begin(Client.Session(accountID, token: secret), token: secret)
  }

  /// A JSON object of texts, the last of which is a secret in hexadecimal digits.
  private static func object(
    _ members: [(String, String)], secret name: String, _ secret: borrowing SecretBytes
  ) -> Secret {
    let start = "{" + members.map { "\"\($0)\":\"\($1)\"," }.joined() + "\"\(name)\":\""
    let digits = secret.hexadecimal()
    return digits.withBytes { digits in
      .text(count: start.utf8.count + digits.count + 2) { writer in
        writer.bytes(start.utf8.span)
        writer.bytes(digits)
        writer.bytes("\"}".utf8.span)
      }
    }
  }

  /// Ends the person's session, here and at the service, which has no other way to know that nobody uses it.
  ///
  /// Here it ends whatever the service answers.
  public func signOut() async throws(ServiceError) {
    guard let session = await client.signedOut() else { return }
    var request = Request("DELETE", "/session", limit: 0, expecting: .nothing)
    request.credential = session.credential
    do throws(ServiceError) {
      _ = try await client.ask(request, .reading)
    } catch {
      // It has ended already.
      guard case .signInRequired = error else { throw error }
    }
  }

  // MARK: Reading

  public func head(of loginID: Hash) async throws(ServiceError) -> ReceivedMessage {
    let place = "\(name): head"
    do throws(ServiceError) {
      // Who is signed in is told the head with all the rest, and the service counts no attempt.
      let keys = try await readWhole().keys.serialized
      return ReceivedMessage(place: place, bytes: Array(keys.prefix(PasswordHeader.byteCount)))
    } catch {
      guard case .signInRequired = error else { throw error }
    }
    let body = JSONValue.object(.of(["login_id": .string("\(loginID)")])).serialized(.compact)
    let request = Request(
      "POST", "/heads", limit: PasswordHeader.byteCount, sending: (.json, .bytes(body)),
      expecting: .body(.message))
    let answer = try await client.ask(request, .reading)
    return ReceivedMessage(place: place, bytes: answer.body)
  }

  public func whole(
    of loginID: Hash, loginKey: borrowing SecretBytes
  ) async throws(ServiceError) -> Whole {
    let whole = try await readWhole()
    guard let vault = whole.vault else {
      throw .refused(
        place: name, .init("pending", "the account's owner has not let you in yet: tell the owner your id"))
    }
    return Whole(
      personKeys: whole.keys.serialized, passwordWrap: whole.wrap?.serialized,
      accountState: whole.state.serialized, grant: whole.grant?.serialized, ownerVault: vault.serialized,
      ruleSet: whole.ruleSet?.serialized)
  }

  public func recoverySource(
    of accountID: AccountID, for recoveryKey: borrowing SecretBytes
  ) async throws(ServiceError) -> RecoverySource {
    try await signIn(Self.object([("account", "\(accountID)")], secret: "recovery", recoveryKey))
    let whole = try await readWhole()
    guard let vault = whole.vault else { throw client.unreadable(.reading) }
    return RecoverySource(
      accountState: whole.state.serialized, ownerVault: vault.serialized, head: whole.keys.head)
  }

  /// The whole account, as far as the person may see it. What has not changed is not sent again.
  private func readWhole() async throws(ServiceError) -> WholeEnvelope {
    let session = try await client.signedIn()
    var request = Request("GET", "\(session.path)/whole", limit: AnswerLimit.whole, expecting: .body(.whole))
    request.credential = session.credential
    let known = await client.whole
    if let known { request.headers.append(("If-None-Match", known.tag)) }
    let answer = try await client.ask(request, .reading)
    if let known, answer.status == 304 { return known.envelope }
    let whole: WholeEnvelope
    do {
      whole = try WholeEnvelope(parsing: answer.body)
    } catch {
      throw .unavailable(place: name, reason: "the account that it shows is damaged: \(error)")
    }
    if let tag = answer.headers["etag"] { await client.remember(whole, tag) }
    return whole
  }

  // MARK: Publishing. `spec/http.md`, section 8

  public func publish(_ publication: Publication, by personID: AgentID) async throws(ServiceError) {
    var request = Request(
      "POST", "/accounts", limit: AnswerLimit.stored,
      sending: (.publication, .bytes(try envelope(publication))),
      expecting: .stored("vault", name: "\(publication.vaultHash)"))
    if publication.expected != nil {
      let session = try await client.signedIn()
      request.url = "\(session.path)/publications"
      request.credential = session.credential
    }
    _ = try await client.ask(request, .changing)
  }

  private func envelope(_ publication: Publication) throws(ServiceError) -> [UInt8] {
    do {
      let keys = publication.personKeys.flatMap { keys in
        publication.login.map { login in
          KeysAndLogin(
            keys: keys, loginID: login.id, loginVerifier: login.verifier,
            recoveryVerifier: login.recoveryVerifier ?? .zero)
        }
      }
      return try PublicationEnvelope(
        expected: publication.expected ?? .zero, vault: publication.ownerVault,
        state: publication.accountState, ruleSet: publication.ruleSet, keys: keys,
        wrap: publication.passwordWrap, masters: BoundedList(publication.grants),
        admissions: BoundedList(publication.admissions)
      ).serialized
    } catch {
      throw .refused(place: name, .init("publication", "cannot be sent: \(error)", isOfMessage: true))
    }
  }

  public func put(_ wrap: PasswordWrap, madeWith keys: Hash) async throws(ServiceError) {
    let session = try await client.signedIn()
    var request = Request(
      "PUT", "\(session.path)/wrap", limit: 0, sending: (.message, .bytes(wrap.serialized)),
      expecting: .nothing)
    request.headers.append(("If-Match", "\"\(keys)\""))
    request.credential = session.credential
    _ = try await client.ask(request, .reading)
  }

  public func put(_ joining: borrowing JoinRequest) async throws(ServiceError) {
    let join = joining.request
    let accountID = join.request.accountID
    let own = SecretBytes.concatenating(SecretBytes(copying: accountID.bytes), joining.credential)
    var request = Request(
      "PUT", "/a/\(accountID)/requests/\(join.request.agentID)", limit: AnswerLimit.stored,
      sending: (.message, .bytes(join.serialized)), expecting: .stored("id", name: "\(join.request.agentID)"))
    request.credential = .header("Authorization: Bearer ", own.credential("ekp1_"))
    request.admission = .header("Endkey-Admission: ", joining.admission.hexadecimal())
    _ = try await client.ask(request, .changing, isAgent: true)
  }

  // MARK: Members

  public func recipients(
    of epoch: Epoch, _ commitment: Bytes<32>
  ) async throws(ServiceError) -> Set<AgentID> {
    let all = try await agents().map(\.id)
    let lacking = try await agents(query: "&lacking_grant=1").map(\.id)
    return Set(all).subtracting(lacking)
  }

  private struct ListedAgent {
    let id: AgentID
    let batchCount: UInt64
  }

  private func agents(query: String = "") async throws(ServiceError) -> [ListedAgent] {
    try await items(of: "agents", query: query) { (fields) throws in
      ListedAgent(
        id: try AgentID(fields.required("id").hex(count: AgentID.byteCount)),
        batchCount: try fields.required("batches").integer())
    }
  }

  public func put(_ grants: [Grant]) async throws(ServiceError) {
    guard !grants.isEmpty else { return }
    let session = try await client.signedIn()
    var request = Request(
      "POST", "\(session.path)/grants", limit: AnswerLimit.json,
      sending: (.grants, .bytes(grants.flatMap(\.serialized))), expecting: .json)
    request.credential = session.credential
    let answer = try await client.ask(request, .reading)
    do {
      var fields = try JSONCursor(JSONValue(parsing: answer.body)).fields()
      for refused in try fields.required("refused").array() {
        var fields = try refused.fields()
        // The others have left meanwhile: they need no keys.
        if try fields.required("type").string().hasSuffix(":stale-epoch") {
          throw ServiceError.superseded(place: name)
        }
      }
    } catch let error as ServiceError {
      throw error
    } catch {
      throw client.unreadable(.reading)
    }
  }

  public func requests() async throws(ServiceError) -> [ReceivedMessage] {
    try await allRequests().filter { EnrolmentRequest(reading: $0.bytes) != nil }
  }

  public func personRequests() async throws(ServiceError) -> [ReceivedMessage] {
    try await allRequests().filter { PersonRequest(reading: $0.bytes) != nil }
  }

  /// The requests of agents and persons, each of which the service has parsed.
  private func allRequests() async throws(ServiceError) -> [ReceivedMessage] {
    let requests = try await stream(of: "requests", as: .requests)
    for request in requests
    where EnrolmentRequest(reading: request.bytes) == nil && PersonRequest(reading: request.bytes) == nil {
      throw unlisted("requests")
    }
    return requests
  }

  public func refuse(requestOf id: AgentID) async throws(ServiceError) {
    let session = try await client.signedIn()
    var request = Request("DELETE", "\(session.path)/requests/\(id)", limit: 0, expecting: .nothing)
    request.credential = session.credential
    do throws(ServiceError) {
      _ = try await client.ask(request, .reading)
    } catch {
      guard case .noAccount = error else { throw error }
    }
  }

  // MARK: Batches

  public func batchAuthors() async throws(ServiceError) -> [String] {
    try await agents().filter { $0.batchCount > 0 }.map { "\($0.id)" }
  }

  public func batches(of author: String) async throws(ServiceError) -> [ReceivedMessage] {
    guard let agentID = AgentID(hexadecimal: author) else { return [] }
    // What was erased has no bytes.
    return try await stream(of: "batches", as: .batches, query: "&agent=\(agentID)").filter {
      !$0.bytes.isEmpty
    }
  }

  public func blob(
    _ reference: BlobReference, of agentID: AgentID
  ) async throws(ServiceError) -> ReceivedMessage? {
    try await answer(for: reference, expecting: .body(.message)).map { answer in
      ReceivedMessage(place: "\(name): blob \(reference.digest)", bytes: answer.body)
    }
  }

  public func hasBlob(_ reference: BlobReference, of agentID: AgentID) async throws(ServiceError) -> Bool {
    // The least that a service gives of it. H-7.3-3
    try await answer(for: reference, expecting: .part(.message), [("Range", "bytes=0-0")]) != nil
  }

  /// Nil where the service has no such blob.
  private func answer(
    for reference: BlobReference, expecting expected: Expected, _ headers: [(String, String)] = []
  ) async throws(ServiceError) -> Answer? {
    let session = try await client.signedIn()
    var request = Request(
      "GET", "\(session.path)/blobs/\(reference.digest)", limit: Int(clamping: reference.length.value),
      expecting: expected)
    request.credential = session.credential
    request.headers += headers
    do throws(ServiceError) {
      return try await client.ask(request, .reading)
    } catch {
      switch error {
      case .noAccount: return nil
      case .refused(_, let refusal) where refusal.name == "erased": return nil
      default: throw error
      }
    }
  }

  public func erase(
    batches: [Hash], blobs: [Hash], of agentID: AgentID
  ) async throws(ServiceError) {
    let session = try await client.signedIn()
    let all = batches.map { ("batches", $0) } + blobs.map { ("blobs", $0) }
    for start in stride(from: 0, to: all.count, by: Self.erasedAtOnce) {
      let piece = all[start..<min(start + Self.erasedAtOnce, all.count)]
      func hashes(_ kind: String) -> JSONValue {
        .array(piece.filter { $0.0 == kind }.map { .string("\($0.1)") })
      }
      let body: JSONValue = [
        "agent": .string("\(agentID)"), "batches": hashes("batches"), "blobs": hashes("blobs"),
      ]
      var request = Request(
        "POST", "\(session.path)/erasures", limit: AnswerLimit.json,
        sending: (.json, .bytes(body.serialized(.compact))), expecting: .json)
      request.credential = session.credential
      _ = try await client.ask(request, .reading)
    }
  }

  public func retain(_ days: RetentionDays, blobs blobDays: RetentionDays) async throws(ServiceError) {
    let session = try await client.signedIn()
    let body: JSONValue = ["days": .integer(days.value), "blob_days": .integer(blobDays.value)]
    var request = Request(
      "PUT", "\(session.path)/retention", limit: 0, sending: (.json, .bytes(body.serialized(.compact))),
      expecting: .nothing)
    request.credential = session.credential
    _ = try await client.ask(request, .reading)
  }

  public func retention() async throws(ServiceError) -> KeptDays? {
    let session = try await client.signedIn()
    var request = Request("GET", "\(session.path)/retention", limit: AnswerLimit.json, expecting: .json)
    request.credential = session.credential
    let answer = try await client.ask(request, .reading)
    do {
      var fields = try JSONCursor(JSONValue(parsing: answer.body)).fields()
      let (days, blobDays) = (try fields.required("days"), try fields.required("blob_days"))
      if days.value == .null, blobDays.value == .null { return nil }
      return KeptDays(
        batches: try RetentionDays(days.integer()), blobs: try RetentionDays(blobDays.integer()))
    } catch {
      throw client.unreadable(.reading)
    }
  }

  /// Hashes that one request names.
  private static var erasedAtOnce: Int { 50_000 }
}

extension Client {
  func remember(_ whole: WholeEnvelope, _ tag: String) { self.whole = (tag, whole) }
}

extension Client.Session {
  var path: String { "/a/\(accountID)" }
}

// MARK: - Listings. `spec/http.md`, section 4.3

extension HTTPService {
  /// All items of a listing, page by page.
  private func items<Item>(
    of list: String, query: String = "", _ read: (inout JSONFields) throws -> Item
  ) async throws(ServiceError) -> [Item] {
    let session = try await client.signedIn()
    var (items, pages, last): ([Item], Pages, UInt64) = ([], Pages(), 0)
    while true {
      var request = Request(
        "GET", "\(session.path)/\(list)?after=\(pages.after)&limit=1000\(query)", limit: AnswerLimit.json,
        expecting: .json)
      request.credential = session.credential
      let answer = try await client.ask(request, .reading)
      do {
        var page = try JSONCursor(JSONValue(parsing: answer.body)).fields()
        let given = try page.required("items").array()
        for item in given {
          var fields = try item.fields()
          let ordinal: UInt64 = try fields.required("ordinal").integer(in: 0...Pages.greatest)
          guard ordinal > last else { throw Pages.Fault() }
          last = ordinal
          items.append(try read(&fields))
        }
        if try page.required("end").bool() { return items }
        try pages.turn(to: try page.required("next").integer(), from: given.count)
      } catch {
        throw unlisted(list)
      }
    }
  }

  /// A listing that this protocol does not have is a fault of the service, whoever reads it. H-4.3-3
  private func unlisted(_ list: String) -> ServiceError {
    .unavailable(place: name, reason: "its list of \(list) is not what it must be: a fault of the service")
  }

  /// All messages of a listing.
  private func stream(
    of list: String, as type: MediaType, query: String = ""
  ) async throws(ServiceError) -> [ReceivedMessage] {
    let session = try await client.signedIn()
    var (messages, pages): ([ReceivedMessage], Pages) = ([], Pages())
    while true {
      var request = Request(
        "GET", "\(session.path)/\(list)?after=\(pages.after)&limit=1000\(query)", limit: AnswerLimit.stream,
        expecting: .body(type))
      request.headers.append(("Accept", type.rawValue))
      request.credential = session.credential
      let answer = try await client.ask(request, .reading)
      let before = messages.count
      var rest = answer.body[...]
      while !rest.isEmpty {
        guard rest.count >= 4 else { throw unlisted(list) }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard count <= rest.count else { throw unlisted(list) }
        let bytes = Array(rest.prefix(count))
        messages.append(
          ReceivedMessage(place: "\(name): \(list) \(Hash(sha256: bytes))", bytes: bytes))
        rest = rest.dropFirst(count)
      }
      guard let link = answer.headers["link"] else { return messages }
      do throws(Pages.Fault) {
        try pages.turn(to: Self.next(in: link), from: messages.count - before)
      } catch {
        throw unlisted(list)
      }
    }
  }

  /// The ordinal after which the next page begins.
  private static func next(in link: String) -> UInt64? {
    guard link.hasPrefix("<?after="), let end = link.firstIndex(where: { $0 == "&" || $0 == ">" }) else {
      return nil
    }
    return UInt64(link[link.index(link.startIndex, offsetBy: 8)..<end])
  }
}

/// How far a listing has been read. H-4.3-3
struct Pages {
  /// Behind which ordinal the next page begins.
  private(set) var after: UInt64 = 0
  private var count = 0

  /// What no service does that this protocol has.
  struct Fault: Error {}

  /// The greatest integer of JSON.
  static let greatest: UInt64 = 1 << 53 - 1
  private static let most = 10_000

  /// Goes on behind `next` after a page that had `itemCount` items. Otherwise it might never end.
  mutating func turn(to next: UInt64?, from itemCount: Int) throws(Fault) {
    count += 1
    guard let next, next > after, next <= Self.greatest, itemCount > 0, count < Self.most else {
      throw Fault()
    }
    after = next
  }
}
