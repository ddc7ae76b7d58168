internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
public import EndkeyStore
public import EndkeyWire

extension HTTPService: AgentService {
  public func asked(by credential: AgentCredential) -> HTTPService {
    let ids = SecretBytes(copying: credential.accountID.bytes + credential.agentID.bytes)
    let shown = SecretBytes.concatenating(ids, credential.uploadKey).credential("eka1_")
    var service = self
    service.agent = Agent(credential: credential, header: .header("Authorization: Bearer ", shown))
    return service
  }

  public func incarnation() async -> Bytes<16>? { await client.incarnation }

  public func accountState(unless known: Hash?) async throws(ServiceError) -> ReceivedMessage? {
    let agent = try asking()
    var request = Request(
      "GET", "\(agent.path)/state", limit: AnswerLimit.message, expecting: .body(.message))
    if let known { request.headers.append(("If-None-Match", "\"\(known)\"")) }
    request.credential = agent.header
    let answer = try await client.ask(request, .reading, isAgent: true)
    guard answer.status != 304 else { return nil }
    return ReceivedMessage(place: "\(name): state", bytes: answer.body)
  }

  public func grant(to agentID: AgentID) async throws(ServiceError) -> ReceivedMessage? {
    let agent = try asking()
    var request = Request("GET", "\(agent.path)/grant", limit: Grant.byteCount, expecting: .body(.message))
    request.credential = agent.header
    switch try await client.answer(request, .reading) {
    case .success(let answer): return ReceivedMessage(place: "\(name): grant", bytes: answer.body)
    case .failure(let problem):
      if problem.name == "no-grant" { return nil }
      throw problem.error(at: name, isAgent: true)
    }
  }

  @discardableResult
  public func put(_ enrolment: EnrolmentRequest) async throws(ServiceError) -> String {
    let agent = try asking()
    let path = "\(agent.path)/requests/\(agent.credential.agentID)"
    var request = Request(
      "PUT", path, limit: AnswerLimit.stored, sending: (.message, .bytes(enrolment.serialized)),
      expecting: .stored("id", name: "\(agent.credential.agentID)"))
    request.credential = agent.header
    request.admission = agent.admission
    _ = try await client.ask(request, .changing, isAgent: true)
    return "\(name): request \(agent.credential.agentID)"
  }

  /// The agent that asks; every step of an agent's end names one.
  private func asking() throws(ServiceError) -> Agent {
    guard let agent else {
      throw .refused(place: name, .init("no-credential", "no agent has shown a credential"))
    }
    return agent
  }
}

extension HTTPService.Agent {
  var path: String { "/a/\(credential.accountID)" }

  /// The line that lets its request in. Who has none any more is known already, or is refused.
  fileprivate var admission: Secret? { Self.admission(credential.admission) }

  /// A function, since Swift 6.3 does not optimise the same where it stands in the property.
  private static func admission(_ key: borrowing SecretBytes?) -> Secret? {
    switch key {
    case .some(let key): .header("Endkey-Admission: ", key.hexadecimal())
    case .none: nil
    }
  }
}

// MARK: - Batches and blobs

extension HTTPService {
  @discardableResult
  public func put(_ message: OutgoingMessage) async throws(ServiceError) -> String {
    let agent = try asking()
    let place = "\(name): \(message.kind) \(message.hash)"
    switch message.kind {
    case .batch: try await put(message, to: "\(agent.path)/batches/\(message.hash)", agent)
    case .blob: try await upload(message, to: "\(agent.path)/blobs/\(message.hash)", agent)
    }
    return place
  }

  /// Sends a message whole. One that the path has damaged is sent once more.
  private func put(_ message: OutgoingMessage, to path: String, _ agent: Agent) async throws(ServiceError) {
    var request = Request(
      "PUT", path, limit: AnswerLimit.stored, sending: (.message, .bytes(message.bytes)),
      expecting: .stored("hash", name: "\(message.hash)"))
    request.credential = agent.header
    var problem: Problem?
    for _ in 0..<2 {
      switch try await client.answer(request, .changing) {
      case .success: return
      // What was erased does not come back: it is as good as stored.
      case .failure(let refusal) where refusal.name == "erased": return
      case .failure(let refusal): problem = refusal
      }
      guard problem?.name == "digest-mismatch" else { break }
    }
    if let problem, problem.name != "digest-mismatch" { throw problem.error(at: name, isAgent: true) }
    throw .unavailable(place: name, reason: "what is sent arrives damaged")
  }

  /// From how many bytes on a blob goes on where it broke. `spec/http.md`, section 9
  private static var resumedCount: Int { 256 << 10 }
  /// How often an upload goes on within one call, as long as it comes further each time.
  private static var continuations: Int { 8 }

  private func upload(_ blob: OutgoingMessage, to path: String, _ agent: Agent) async throws(ServiceError) {
    guard blob.bytes.count >= Self.resumedCount else { return try await put(blob, to: path, agent) }
    var have = try await progress(of: path, agent)
    for _ in 0..<Self.continuations {
      do throws(ServiceError) {
        if have == 0 || have > blob.bytes.count { return try await put(blob, to: path, agent) }
        if try await patch(blob, from: have, to: path, agent) { return }
        have = try await progress(of: path, agent)
      } catch {
        guard case .uncertain = error else { throw error }
        let now = try await progress(of: path, agent)
        guard now > have else { throw error }
        have = now
      }
    }
    throw client.unreadable(.changing)
  }

  /// How many bytes of a blob the service says that it has. Whether it is stored, the answer to the last part says.
  private func progress(of path: String, _ agent: Agent) async throws(ServiceError) -> Int {
    var request = Request("HEAD", path, limit: 0, expecting: .nothing)
    request.credential = agent.header
    switch try await client.answer(request, .reading) {
    case .success(let answer):
      guard let offset = answer.headers["upload-offset"].flatMap({ Int($0) }), offset >= 0 else {
        throw client.unreadable(.reading)
      }
      return offset
    // What else is the matter, the next request is told.
    case .failure: return 0
    }
  }

  /// Sends the rest of a blob, also where nothing is left; false when the service goes on elsewhere.
  private func patch(
    _ blob: OutgoingMessage, from offset: Int, to path: String, _ agent: Agent
  ) async throws(ServiceError) -> Bool {
    var request = Request(
      "PATCH", path, limit: AnswerLimit.stored,
      sending: (.partialUpload, .bytes(Array(blob.bytes[offset...]))),
      expecting: .stored("hash", name: "\(blob.hash)"))
    request.headers += [("Upload-Offset", "\(offset)"), ("Upload-Complete", "?1")]
    request.credential = agent.header
    switch try await client.answer(request, .changing) {
    case .success: return true
    case .failure(let problem):
      switch problem.name {
      case "erased": return true
      // What came before the break was damaged: the service has dropped all of it.
      case "digest-mismatch", "mismatching-upload-offset": return false
      default: throw problem.error(at: name, isAgent: true)
      }
    }
  }
}
