internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import ServiceHash
internal import ServiceModel
internal import ServiceStore

/// `spec/http.md`, section 7.2
let requestRoutes: [Route] = [
  Route(.put, "/v1/a/{a}/requests/{i}", .anybody) { exchange in
    let id: AgentID = try exchange.fixed("i")
    let credential = try exchange.credential()
    guard let admission = exchange.headers[.admission].flatMap({ Hash(digits: $0) }) else {
      throw Problem(.admissionRefused)
    }
    let bytes = try await exchange.body(.message, atMost: BodyLimit.request)
    let joining = try Exchange.parsed { () throws(WireError) in try Joining(parsing: bytes) }
    guard joining.id == id else { throw Problem(.idMismatch) }
    let isNew = try await exchange.store.store(
      joining, in: try exchange.account, admission: Hash(of: admission.bytes), credential: credential,
      from: exchange.address)
    return Answer(["id": .hex(id.bytes)], status: isNew ? .created : .ok)
  },
  Route(.get, "/v1/a/{a}/requests/{i}", .anybody) { exchange in
    let (account, id) = (try exchange.account, try exchange.fixed("i", as: AgentID.self))
    let credential = try exchange.credential()
    guard credential.account == account else { throw Problem(.notFound) }
    if !(try await exchange.store.isRequest(of: id, shown: credential)) {
      try Who.active.check(try await exchange.store.caller(credential), at: exchange.store.now)
    }
    return Answer(try await exchange.store.request(of: id, in: account), .message)
  },
  Route(.delete, "/v1/a/{a}/requests/{i}", .active) { exchange in
    try await exchange.store.refuse(try exchange.fixed("i"), in: try exchange.account)
    return .empty
  },
  Route(.get, "/v1/a/{a}/requests", .active) { exchange in
    let query = try exchange.query("after", "limit", "status")
    let isGranted: Bool?
    switch query["status"] {
    case nil: isGranted = nil
    case "pending": isGranted = false
    case "granted": isGranted = true
    default: throw Problem.malformed(member: "status")
    }
    let (after, limit) = try exchange.place(query)
    let page = try await exchange.store.requests(
      of: try exchange.account, after: after, atMost: limit, isGranted: isGranted)
    if exchange.accepts(.requests) {
      return page.stream(.requests, exchange, count: \.body.count) { $0.body }
    }
    return page.answer { request in
      [
        "ordinal": .integer(request.ordinal), "id": .hex(request.id.bytes),
        "role": .string(request.isAgent ? "agent" : "manager"), "received": .integer(request.received),
        "status": .string(request.isGranted ? "granted" : "pending"),
      ]
    }
  },
]

extension Exchange {
  /// Where a page begins, and how many items it has. `spec/http.md`, section 4.3
  func place(_ query: [String: String]) throws(Problem) -> (after: Int64, limit: Int) {
    let after = try Self.number(query, "after", in: 0...9_007_199_254_740_991, else: 0)
    return (after, Int(try Self.number(query, "limit", in: 1...1_000, else: 100)))
  }
}

extension Page {
  /// The page as JSON.
  func answer(_ members: (Item) -> KeyValuePairs<String, JSONValue>) -> Answer {
    Answer([
      "items": .array(items.map { .object(.of(members($0))) }), "next": .integer(next), "end": .bool(isLast),
    ])
  }

  /// The page as messages, each behind its length; with a link to the next one where there is one.
  func stream(
    _ type: MediaType, _ exchange: Exchange, count: (Item) -> Int,
    _ read: @escaping @Sendable (Item) async throws -> [UInt8]
  ) -> Answer {
    var answer = Answer.messages(items, type, in: exchange.memory, count: count, read)
    if !isLast {
      let others = exchange.queryParts.filter { !$0.hasPrefix("after=") }
      let query = (["after=\(next)"] + others).joined(separator: "&")
      answer.headers[.link] = "<?\(query)>; rel=\"next\""
    }
    return answer
  }
}
