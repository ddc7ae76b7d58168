internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  static let agentOperations: [Operation] = [
    Operation("enrolment/request") { fields in
      let code = try EnrolmentCode(text: text(&fields, "code"))
      let identity = try identity(&fields)
      let request = try EnrolmentRequest.make(code: code, identity: identity, nonce: fields.hash("nonce"))
      return .of(["request": .hex(request.serialized), "agent_id": .hex(request.agentID.bytes)])
    },
    Operation("state/accept") { fields in
      let accountID = try fields.accountID()
      let agentID = try fields.nullable("agent_id") { try $0.fixed(as: AgentID.self) }
      let least = try fields.nullable("least_generation") { try Generation($0.integer(in: 1...UInt32.max)) }
      let last = try fields.nullable("last") { AcceptedState(try AccountState(parsing: $0.hex())) }
      let check = StateCheck(accountID: accountID, last: last, leastGeneration: least ?? .first)
      let accepted = try check.accept(fields.bytes("message"))
      let isRepeated = if case .repeated = accepted.order { true } else { false }
      let (state, before) = (accepted.state.state, last?.state)
      return .of([
        "changed": .bool(!isRepeated), "listed": .bool(agentID.map { state.revoked.contains($0) } ?? false),
        "keys_fit": .bool(
          state.generation == before?.generation && state.epoch == before?.epoch
            && state.commitment == before?.commitment),
      ])
    },
    Operation("clock/accept") { fields in
      let terms = try fields.required("terms").object { (try $0.time("made"), try $0.counter("age")) }
      let last = try fields.nullable("last") { cursor in
        try cursor.object { (try $0.generation(), try $0.time("least"), try $0.counter("running")) }
      }
      let (generation, made) = try fields.required("state").object {
        (try $0.generation(), try $0.time("made"))
      }
      var clock = AgentClock(least: last?.1 ?? 0, running: last?.2 ?? 0, age: terms.1)
      if last?.0 == generation {
        clock.proceed(to: made)
      } else {
        clock.begin(
          at: made, CodeTerms(generation: generation, made: terms.0, kind: .scoped, role: .agent))
      }
      return .of(["least": .integer(clock.least.milliseconds)])
    },
    Operation("clock/now") { fields in
      let wall = try fields.time("wall")
      let clock = AgentClock(least: try fields.time("least"), running: try fields.counter("running"))
      let now = clock.now(wall: wall)
      guard try now < fields.time("valid_until") else { throw ProtocolError(.stateExpired, "13.5") }
      return .of(["now": .integer(now.milliseconds)])
    },
    Operation("grant/open") { fields in
      let accountID = try fields.accountID()
      let state = try fields.nullable("state") { AcceptedState(try AccountState(parsing: $0.hex())) }
      let kind: GrantKind = try fields.named("kind")
      let identity = try identity(&fields)
      let isHeld = try fields.flag("keys_held")
      let check = GrantCheck(accountID: accountID, recipient: identity.agentID, kind: kind, state: state)
      let bytes = try fields.bytes("grant")
      guard !isHeld else {
        _ = try check.check(bytes)
        return .of(["kind": "unchanged"])
      }
      switch try check.open(bytes, with: identity) {
      case .master(let key): return .of(["kind": "master", "master_key": .hex(key.secret.disclosed)])
      case .scoped(let keys):
        return .of([
          "kind": "scoped", "token_key": .hex(keys.tokenKey.secret.disclosed),
          "agent_key": .hex(keys.agentKey.secret.disclosed),
        ])
      }
    },
    Operation("batch/sign") { fields in
      let signingKey = try Ed25519.PrivateKey(seed: fields.secret("seed", count: 32))
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let agentID = try fields.agentID()
      let sequence: UInt64 = try fields.required("sequence").integer(in: 1...Limit.counterMax)
      let previous = try fields.hash("previous")
      let made = try fields.time("made")
      let note = StateNote(
        generation: try fields.generation("state_generation"), counter: try fields.counter("state_counter"),
        epoch: epoch, made: 0, hash: try fields.hash("state"))
      let records = try fields.list("records") { try $0.object { try record(&$0) } }
      var chain = BatchChain(agentID: agentID, sequence: try Counter(sequence - 1), hash: previous)
      let batch = try chain.append(
        records, accountID: accountID, under: note, made: made, signingKey: signingKey)
      return .of("batch", batch.serialized)
    },
    Operation("spool/recover") { fields in
      let deviceKey = try fields.secret("device_key", count: 32)
      let key = try SpoolKey(
        deviceKey: deviceKey, accountID: fields.accountID(), agentID: fields.agentID())
      let segment = try fields.bytes("segment")
      return report(of: try SpoolRecovery(segment: segment.span, key: key))
    },
    Operation("local-state/open") { fields in
      let deviceKey = try fields.secret("device_key", count: 32)
      let bytes = try fields.bytes("message")
      let state = try LocalState(parsing: bytes)
      switch state.type {
      case .agentState: _ = try Agent(opening: bytes, deviceKey: deviceKey)
      case .ownerState: _ = try OwnerPins(opening: bytes, deviceKey: deviceKey)
      }
      return .of("contents", try state.open(deviceKey: deviceKey).disclosed)
    },
    Operation("agent/machine") { fields in
      let phase: AgentPhase = try fields.named("phase")
      let event: AgentMachine.Event = try fields.required("event").name()
      let step = AgentMachine.step(phase, event)
      return .of(["next": .string(step.next.name), "error": .code(step.error)])
    },
    Operation("agent/run") { fields in
      var run = try AgentRun(&fields)
      let results = try fields.list("steps") { cursor in
        JSONValue.object(try run.step(try cursor.object { try AgentRun.Step(&$0) }))
      }
      return .of(["results": .array(results)])
    },
  ]

  /// A text that vectors have as it is.
  static func text(_ fields: inout JSONFields, _ key: String) throws -> SecretBytes {
    SecretBytes(copying: [UInt8](try fields.required(key).string().utf8))
  }

  /// `p`, `q` and `seed`.
  static func identity(_ fields: inout JSONFields) throws -> Identity {
    let p = try fields.secret("p", count: 128)
    let q = try fields.secret("q", count: 128)
    let seed = try fields.secret("seed", count: 32)
    return Identity(rsa: try RSAPrivateKey(p: p, q: q), signing: try Ed25519.PrivateKey(seed: seed))
  }

  private static func record(_ fields: inout JSONFields) throws -> Record {
    let kind: RecordKind = try fields.named("kind")
    let start = try fields.time("start")
    let duration: UInt32 = try fields.required("duration").integer()
    let items = try fields.list("items") { cursor in
      try cursor.object { item -> Item in
        if let token = item.optional("token") { return .token(try Token(parsing: token.hex())) }
        return .blob(try BlobReference(parsing: item.bytes("blob")))
      }
    }
    return Record(kind: kind, start: start, duration: duration, items: try BoundedList(items))
  }

  private static func report(of recovery: SpoolRecovery) -> JSONObject {
    .of([
      "error": .code(recovery.refusal?.code), "payloads": .hexes(recovery.frames.map(\.capture.serialized)),
      "damage": .array(
        recovery.damage.map {
          ["offset": .integer($0.offset), "length": .integer($0.length), "code": .code($0.code)]
        }),
      "notes": .array(
        recovery.frames.filter(\.breaksChain).map {
          ["offset": .integer($0.offset), "code": .code(.chainBroken)]
        }),
      "torn": recovery.tornOffset.map { .integer($0) } ?? .null,
    ])
  }
}
