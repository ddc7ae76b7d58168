internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  static let agentOperations: [Operation] = [
    Operation("enrolment/request") { fields in
      let text = try fields.required("code").string()
      let identity = try identity(&fields)
      let nonce = try fields.hash("nonce")
      let code = try TypedSecret(text: [UInt8](text.utf8).span, kind: .code)
      let request = try EnrolmentRequest.make(code: code, identity: identity, nonce: nonce)
      return .of(["request": .hex(request.serialized), "agent_id": .hex(request.agentID.bytes)])
    },
    Operation("state/accept") { fields in
      let accountID = try fields.accountID()
      let agentID = try fields.nullable("agent_id") { try AgentID($0.hex(count: 16)) }
      let last = try fields.nullable("last") { StateMark(try AccountState(parsing: $0.hex())) }
      let state = try AccountState(accepting: fields.bytes("message"), accountID: accountID, last: last)
      let event =
        if StateMark(state) == last {
          "unchanged"
        } else if let agentID, state.revoked.contains(agentID) {
          "state_revokes"
        } else {
          "state"
        }
      return .of(["event": .string(event)])
    },
    Operation("grant/open") { fields in
      let accountID = try fields.accountID()
      let state = try fields.nullable("state") { AcceptedState(try AccountState(parsing: $0.hex())) }
      let identity = try identity(&fields)
      let last = try fields.nullable("last") { cursor in
        try cursor.object { GrantMark(counter: try $0.counter(), hash: try $0.hash("hash")) }
      }
      let bytes = try fields.bytes("grant")
      let check = GrantCheck(accountID: accountID, agentID: identity.agentID, state: state, last: last)
      guard let keys = try check.open(bytes, with: identity) else { return .of(["kind": "unchanged"]) }
      var out = JSONObject.of(["kind": .string(keys.kind.name)])
      switch keys.masterKey {
      case .some(let masterKey): out.append("master_key", .hex(masterKey.secret.disclosed))
      case .none:
        out.append("token_key", .hex(keys.tokenKey.secret.disclosed))
        out.append("agent_key", .hex(keys.agentKey.secret.disclosed))
      }
      return out
    },
    Operation("batch/sign") { fields in
      let seed = try fields.secret("seed", count: 32)
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let agentID = try fields.agentID()
      let sequence: UInt64 = try fields.required("sequence").integer(in: 1...Limit.counterMax)
      let previous = try fields.hash("previous")
      let stateCounter = try fields.counter("state_counter")
      let records = try fields.list("records") { try $0.object { try record(&$0) } }
      var chain = BatchChain(
        accountID: accountID, agentID: agentID, sequence: try Counter(sequence - 1), hash: previous)
      let signingKey = try Ed25519.PrivateKey(seed: seed)
      let batch = try chain.append(
        records, epoch: epoch, stateCounter: stateCounter, signingKey: signingKey)
      return .of("batch", batch.serialized)
    },
    Operation("spool/recover") { fields in
      let key = try agentKey(&fields)
      let segment = try fields.bytes("segment")
      var ring = KeyRing(accountID: key.accountID, holder: .agent(key.agentID))
      ring.add(key)
      return report(of: try SpoolRecovery(segment: segment.span, ring: ring))
    },
    Operation("local-state/open") { fields in
      let deviceKey = try fields.secret("device_key", count: 32)
      let bytes = try fields.bytes("message")
      let message = try LocalState(parsing: bytes)
      switch message.type {
      case .ownerState: _ = try OwnerPins(opening: bytes, deviceKey: deviceKey)
      case .agentState: _ = try Agent(opening: bytes, deviceKey: deviceKey)
      }
      return .of("contents", try message.open(deviceKey: deviceKey).disclosed)
    },
    Operation("agent/machine") { fields in
      let phase: AgentPhase = try fields.named("phase")
      let event: AgentMachine.Event = try fields.required("event").name()
      let step = AgentMachine.step(phase, event)
      return .of(["next": .string(step.next.name), "error": .code(step.error)])
    },
    Operation("agent/run") { fields in
      let code = try fields.required("code").string()
      let identity = try identity(&fields)
      let nonce = try fields.bytes("nonce", count: 32)
      var run = try AgentRun(identity: identity, code: [UInt8](code.utf8), nonce: nonce)
      let results = try fields.list("steps") { cursor in
        let (event, message) = try cursor.object { step in
          let event: AgentRun.Event = try step.required("event").name()
          return (event, try step.nullable("message") { try $0.hex() })
        }
        return JSONValue.object(try run.step(event, message ?? []))
      }
      return .of(["results": .array(results)])
    },
  ]

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
      "error": .code(recovery.refusal?.code),
      "payloads": .array(recovery.frames.map { .hex($0.payload) }),
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
