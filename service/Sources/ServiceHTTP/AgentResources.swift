internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import ServiceHash
internal import ServiceModel
internal import ServiceStore

/// `spec/http.md`, section 7.3
let agentRoutes: [Route] = [
  Route(.get, "/v1/a/{a}/agents", .active) { exchange in
    let query = try exchange.query("after", "limit", "lacking_grant")
    guard query["lacking_grant"] ?? "1" == "1" else { throw Problem.malformed(member: "lacking_grant") }
    let (after, limit) = try exchange.place(query)
    let page = try await exchange.store.agents(
      of: try exchange.account, after: after, atMost: limit, lacking: query["lacking_grant"] != nil)
    return page.answer { agent in
      [
        "ordinal": .integer(agent.ordinal), "id": .hex(agent.id.bytes),
        "status": .string(agent.isListed ? "listed" : agent.isGranted ? "granted" : "pending"),
        "last_seen": agent.lastSeen.map { .integer($0) } ?? .null,
        "last_sequence": .integer(agent.lastSequence),
        "granted_epoch": agent.grantedEpoch.map { .integer($0) } ?? .null, "batches": .integer(agent.batches),
        "bytes": .integer(agent.bytes), "skew_ms": agent.skew.map { .integer($0) } ?? .null,
      ]
    }
  },
  Route(.put, "/v1/a/{a}/batches/{h}", .uploader) { exchange in
    guard let caller = exchange.caller else { throw Problem(.noCredential) }
    let hash: Hash = try exchange.fixed("h")
    let bytes = try await exchange.body(.message, atMost: BodyLimit.batch)
    guard Hash(of: bytes) == hash else { throw Problem(.digestMismatch) }
    let batch = try Exchange.parsed { () throws(WireError) in try RecordBatch(parsing: bytes) }
    guard batch.accountID == caller.account, batch.agentID == caller.id else { throw Problem(.wrongAgent) }
    let (ordinal, isNew) = try await exchange.store.store(
      batch, bytes, hash: hash, by: caller.id, in: caller.account)
    return Answer(
      ["ordinal": .integer(ordinal), "hash": .hex(hash.bytes)], status: isNew ? .created : .ok)
  },
  Route(.get, "/v1/a/{a}/batches/{h}", .agentOrActive) { exchange in
    let (agent, body) = try await exchange.store.batch(try exchange.fixed("h"), of: try exchange.account)
    if case .agent(_, let asking, _, _) = exchange.caller, asking != agent { throw Problem(.notFound) }
    let tag = Hash(of: body)
    if exchange.isKnown(tag) { return .unchanged(tag) }
    let part = try exchange.part(of: body.count, tag)
    return Answer(part.map { Array(body[$0]) } ?? body, .message).part(part, of: body.count).tagged(tag)
  },
  Route(.get, "/v1/a/{a}/batches", .active) { exchange in
    let query = try exchange.query("after", "limit", "agent", "from", "to")
    let (after, limit) = try exchange.place(query)
    let most: Int64 = 9_007_199_254_740_991
    let agent = try query["agent"].map { text throws(Problem) in
      guard let id = AgentID(digits: text) else { throw .malformed(member: "agent") }
      return id
    }
    let (store, account, isStream) = (exchange.store, try exchange.account, exchange.accepts(.batches))
    let page = try await store.batches(
      of: account, by: agent, from: try Exchange.number(query, "from", in: 0...most, else: 0),
      to: try Exchange.number(query, "to", in: 0...most, else: most), after: after, atMost: limit,
      bodies: isStream)
    if isStream {
      return page.stream(.batches, exchange, count: \.bodyCount) { batch in
        try await store.batch(batch.hash, of: account).body
      }
    }
    return page.answer { batch in
      [
        "ordinal": .integer(batch.ordinal), "hash": .hex(batch.hash.bytes), "agent": .hex(batch.agent.bytes),
        "sequence": .integer(batch.sequence), "size": .integer(batch.size),
        "received": .integer(batch.received),
        "made": .integer(batch.made), "first": .integer(batch.first), "last": .integer(batch.last),
        "epoch": .integer(batch.epoch), "erased": batch.erased.map { .integer($0) } ?? .null,
      ]
    }
  },
  Route(.get, "/v1/a/{a}/retention", .active) { exchange in
    let retention = try await exchange.store.retention(of: try exchange.account)
    return Answer([
      "days": retention.map { .integer($0.days) } ?? .null,
      "blob_days": retention.map { .integer($0.blobDays) } ?? .null,
    ])
  },
  Route(.put, "/v1/a/{a}/retention", .freshOwner) { exchange in
    let (days, blobDays): (Int64, Int64) = try await exchange.json(atMost: BodyLimit.retention) { fields in
      let range = Int64(Limit.retentionMin)...Int64(Limit.retentionMax)
      return (
        try fields.required("days").integer(in: range), try fields.required("blob_days").integer(in: range)
      )
    }
    try await exchange.store.retain(days: days, blobDays: blobDays, in: try exchange.account)
    return .empty
  },
  Route(.post, "/v1/a/{a}/erasures", .freshOwner) { exchange in
    let (agent, batches, blobs): (AgentID, [Hash], [Hash]) = try await exchange.json(
      atMost: BodyLimit.erasure
    ) {
      fields in
      (
        try fields.required("agent").fixed(),
        try fields.optional("batches")?.array().map { try $0.fixed() } ?? [],
        try fields.optional("blobs")?.array().map { try $0.fixed() } ?? []
      )
    }
    let count = try await exchange.store.erase(
      batches: batches, blobs: blobs, of: agent, in: try exchange.account)
    return Answer(["erased": .integer(count)])
  },
]
