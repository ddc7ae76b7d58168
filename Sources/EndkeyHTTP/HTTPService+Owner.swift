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
    let request = Request("POST", "/sessions", limit: AnswerLimit.json, sending: (.json, .secret(body)))
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
      "POST", "/heads", limit: PasswordHeader.byteCount, sending: (.json, .bytes(body)))
    let answer = try await client.ask(request, .reading)
    try client.require(.message, answer, .reading)
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
    var request = Request("GET", "\(session.path)/whole", limit: AnswerLimit.whole)
    request.credential = session.credential
    let known = await client.whole
    if let known { request.headers.append(("If-None-Match", known.tag)) }
    let answer = try await client.ask(request, .reading, isUnchangedTaken: known != nil)
    if let known, answer.status == 304 { return known.envelope }
    try client.require(.whole, answer, .reading)
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
      "POST", "/accounts", limit: AnswerLimit.json, sending: (.publication, .bytes(try envelope(publication)))
    )
    if publication.expected != nil {
      let session = try await client.signedIn()
      request.url = "\(session.path)/publications"
      request.credential = session.credential
    }
    let answer = try await client.ask(request, .changing)
    do {
      var fields = try JSONCursor(JSONValue(parsing: answer.body)).fields()
      let vault = try Hash(fields.required("vault").hex(count: Hash.byteCount))
      guard vault == publication.vaultHash else { throw client.unreadable(.changing) }
    } catch {
      throw client.unreadable(.changing)
    }
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
      "PUT", "\(session.path)/wrap", limit: 0, sending: (.message, .bytes(wrap.serialized)))
    request.headers.append(("If-Match", "\"\(keys)\""))
    request.credential = session.credential
    _ = try await client.ask(request, .reading)
  }

  public func put(_ join: PersonRequest, under code: borrowing EnrolmentCode) async throws(ServiceError) {
    let accountID = join.request.accountID
    var random = SystemRandom()
    let (admission, credential): (Secret, Secret)
    do {
      admission = .header("Endkey-Admission: ", try code.admission().hexadecimal())
      let own = SecretBytes.concatenating(SecretBytes(copying: accountID.bytes), try random.secret(32))
      credential = .header("Authorization: Bearer ", own.credential("ekp1_"))
    } catch {
      throw .refused(place: name, .init("request", "cannot be made: \(error)"))
    }
    var request = Request(
      "PUT", "/a/\(accountID)/requests/\(join.request.agentID)", limit: 0,
      sending: (.message, .bytes(join.serialized)))
    request.credential = credential
    request.admission = admission
    do throws(ServiceError) {
      _ = try await client.ask(request, .changing, isAgent: true)
    } catch {
      // The keys of a request that nobody keeps are of no use: it is made anew.
      guard case .uncertain(let place, let reason, _) = error else { throw error }
      throw .unavailable(place: place, reason: reason)
    }
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
      sending: (.grants, .bytes(grants.flatMap(\.serialized))))
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
    try await stream(of: "requests", as: .requests).filter { $0.bytes.count == EnrolmentRequest.byteCount }
  }

  public func personRequests() async throws(ServiceError) -> [ReceivedMessage] {
    try await stream(of: "requests", as: .requests).filter { $0.bytes.count != EnrolmentRequest.byteCount }
  }

  public func refuse(requestOf id: AgentID) async throws(ServiceError) {
    let session = try await client.signedIn()
    var request = Request("DELETE", "\(session.path)/requests/\(id)", limit: 0)
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
    let session = try await client.signedIn()
    var request = Request(
      "GET", "\(session.path)/blobs/\(reference.digest)", limit: Int(clamping: reference.length.value))
    request.credential = session.credential
    do throws(ServiceError) {
      let answer = try await client.ask(request, .reading)
      return ReceivedMessage(place: "\(name): blob \(reference.digest)", bytes: answer.body)
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
        sending: (.json, .bytes(body.serialized(.compact))))
      request.credential = session.credential
      _ = try await client.ask(request, .reading)
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
    var items: [Item] = []
    var after: UInt64 = 0
    while true {
      var request = Request(
        "GET", "\(session.path)/\(list)?after=\(after)&limit=1000\(query)", limit: AnswerLimit.json)
      request.credential = session.credential
      let answer = try await client.ask(request, .reading)
      do {
        var page = try JSONCursor(JSONValue(parsing: answer.body)).fields()
        for item in try page.required("items").array() {
          var fields = try item.fields()
          items.append(try read(&fields))
        }
        if try page.required("end").bool() { return items }
        let next: UInt64 = try page.required("next").integer()
        // Otherwise it would never end.
        guard next > after else { throw client.unreadable(.reading) }
        after = next
      } catch {
        throw client.unreadable(.reading)
      }
    }
  }

  /// All messages of a listing.
  private func stream(
    of list: String, as type: MediaType, query: String = ""
  ) async throws(ServiceError) -> [ReceivedMessage] {
    let session = try await client.signedIn()
    var messages: [ReceivedMessage] = []
    var after: UInt64 = 0
    while true {
      var request = Request(
        "GET", "\(session.path)/\(list)?after=\(after)&limit=1000\(query)", limit: AnswerLimit.stream,
        accepting: type)
      request.credential = session.credential
      let answer = try await client.ask(request, .reading)
      try client.require(type, answer, .reading)
      var rest = answer.body[...]
      while !rest.isEmpty {
        guard rest.count >= 4 else { throw client.unreadable(.reading) }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard count <= rest.count else { throw client.unreadable(.reading) }
        let bytes = Array(rest.prefix(count))
        messages.append(
          ReceivedMessage(place: "\(name): \(list) \(Hash(sha256: bytes))", bytes: bytes))
        rest = rest.dropFirst(count)
      }
      guard let link = answer.headers["link"] else { return messages }
      guard let next = Self.next(in: link), next > after else { throw client.unreadable(.reading) }
      after = next
    }
  }

  /// The ordinal after which the next page begins.
  private static func next(in link: String) -> UInt64? {
    guard link.hasPrefix("<?after="), let end = link.firstIndex(of: ">") else { return nil }
    return UInt64(link[link.index(link.startIndex, offsetBy: 8)..<end])
  }
}
