internal import EndkeyJSON
internal import EndkeySuite

extension Check {
  /// Questions that no file has: drawn from the seed, anew in each run.
  static let fresh: [Check] = [
    Computed.all.map(\.check), RoundTrip.all.map(\.check), FreshMessages.checks, flips, compositions,
    [states, audit, signing, repeats],
  ].flatMap(\.self)
}

// MARK: - One bit of an accepted vector

extension Check {
  /// Operations of which a member of the input is protected as a whole: by a tag, a signature, a checksum or a hash.
  private static let protected: [(op: String, member: String, req: String)] = [
    ("kw/unwrap", "wrapped", "R-9.3-2"), ("oaep/decrypt", "ciphertext", "R-11-3"),
    ("ed25519/verify", "signature", "R-6-1"), ("siv/open", "c", "R-14.2-1"), ("siv/open", "v", "R-14.2-1"),
    ("sealed/open", "sealed", "R-2.5-2"), ("token/open", "token", "R-14.2-1"),
    ("blob/open", "blob", "R-15-2"),
    ("text/code", "text", "R-18.1-1"), ("text/account-secret", "text", "R-18.1-1"),
    ("text/recovery", "text", "R-18.1-1"), ("vault/open", "vault", "R-12.5-3"),
    ("grant/open", "grant", "R-11-3"),
    ("local-state/open", "message", "R-13.4-1"), ("state/accept", "message", "R-12.1-5"),
    ("enrolment/verify", "request", "R-10.2-1"), ("rules/open", "rule_set", "R-16.4-3"),
  ]

  private static let flips = protected.map { op, member, req in
    let name = "check-fresh-\(op.split(separator: "/").joined(separator: "-"))-\(member)-flipped"
    return Check(
      name, ops: [op], req: [req],
      "\(op) refuses a vector that it accepts once a drawn bit of `\(member)` is flipped, and takes it as it was."
    ) { (examination) throws(Stop) in
      var drawing = examination.drawing(name)
      var questions: [Question] = []
      let vectors = examination.suite.acceptedVectors(op).filter {
        !$0.input.given(member).isEmpty && !$0.isNoOp
      }
      guard !vectors.isEmpty else { throw .unsupported("the suite has no vector of \(op) with \(member)") }
      for vector in drawing.sample(8, of: vectors) {
        guard case .ok(let out) = vector.expect else { continue }
        questions.append(Question(op, vector.input, .gives(out), "as the suite has it"))
        let bytes = vector.input.given(member)
        for _ in 0..<3 {
          let flipped = drawing.flipped(bytes)
          questions.append(
            Question(
              op, vector.input.with([member: .hex(flipped)]), .refused([]),
              "\(vector.id) with a bit of \(member) flipped"))
        }
      }
      try examination.judge(questions, &drawing)
    }
  }
}

extension Vector {
  /// Whether its answer does not depend on all of the message: keys are held already, or no rules are looked for.
  fileprivate var isNoOp: Bool {
    if case .ok(let out) = expect, out["kind"] == "unchanged" { return true }
    return input["expected_hash"] != nil && input.given("expected_hash").allSatisfy { $0 == 0 }
  }
}

// MARK: - States

extension Check {
  private static let states = Check(
    "check-fresh-state-accept", ops: ["state/accept"], req: ["R-12.1-4", "R-12.1-5", "R-12.1-8"],
    "An accepted state is held against drawn ids, against the least generation, and against itself."
  ) { (examination) throws(Stop) in
    var drawing = examination.drawing("check-fresh-state-accept")
    let vectors = examination.suite.acceptedVectors("state/accept").filter { $0.input["last"] == .null }
    guard !vectors.isEmpty else { throw .unsupported("the suite has no vector of a first state") }
    var questions: [Question] = []
    for vector in drawing.sample(6, of: vectors) {
      guard case .ok(let out) = vector.expect else { continue }
      let input = vector.input
      let message = input.given("message")
      func ask(_ input: JSONObject, _ right: Question.Right, _ says: String) {
        questions.append(Question("state/accept", input, right, "\(vector.id), \(says)"))
      }
      ask(
        input.with(["agent_id": .hex(drawing.bytes(16))]), .gives(out.with(["listed": false])),
        "an agent that it does not list")
      ask(
        input.with(["account_id": .hex(drawing.flipped(input.given("account_id")))]),
        .refused(["wrong_account"]),
        "for another account")
      ask(
        input.with(["message": .hex(drawing.flipped(message, in: (message.count - 64)..<message.count))]),
        .refused(["signature_invalid"]), "a bit of its signature flipped")
      ask(
        input.with(["least_generation": .integer(UInt32.max)]), .refused(["generation_rollback"]),
        "below the least generation")
      ask(
        input.with(["last": .hex(message), "agent_id": .hex(drawing.bytes(16))]),
        .gives(.of(["changed": false, "listed": false, "keys_fit": true])), "a second time")
      ask(
        input.with(["message": .hex(message + drawing.bytes(1))]),
        Question.refused("trailing_bytes", at: message.count), "with a byte more")
    }
    try examination.judge(questions, &drawing)
  }
}

// MARK: - Batches

extension Check {
  private static let audit = Check(
    "check-fresh-batch-audit", ops: ["batch/audit"], req: ["R-16.2-1"],
    "Batches that an audit finds nothing wrong with: twice, without one of them, or with a drawn bit of a "
      + "signature flipped, it finds something."
  ) { (examination) throws(Stop) in
    var drawing = examination.drawing("check-fresh-batch-audit")
    let clean = examination.suite.acceptedVectors("batch/audit").filter { vector in
      guard case .ok(let out) = vector.expect, case .array(let batches)? = vector.input["batches"] else {
        return false
      }
      // Nothing was audited, erased or let go before, so that each batch counts.
      return out["findings"] == .array([]) && batches.count > 1 && vector.input["erasures"] == .array([])
        && [vector.input["mark"], vector.input["kept"]].allSatisfy {
          if case .object(let point)? = $0 { point["sequence"] == 0 } else { false }
        }
    }
    guard !clean.isEmpty else {
      throw .unsupported("the suite has no vector of several batches without a finding")
    }
    for vector in drawing.sample(6, of: clean) {
      guard case .array(let batches)? = vector.input["batches"] else { continue }
      var flipped = batches
      let place = drawing.number(0...(batches.count - 1))
      let bytes = JSONObject.of(["batch": batches[place]]).given("batch")
      flipped[place] = .hex(drawing.flipped(bytes, in: (bytes.count - 64)..<bytes.count))
      var missing = batches
      missing.remove(at: drawing.number(0...(batches.count - 2)))
      var twice = batches
      twice.insert(batches[place], at: place)
      let others = [
        ("with a bit of a signature flipped", flipped),
        ("without one that others follow", missing), ("with one of them twice", twice),
      ]
      let prompts = drawing.shuffled(others).map { ($0.0, vector.input.with(["batches": .array($0.1)])) }
      let outs = try examination.outputs(prompts.map { Prompt(op: vector.op, input: $0.1) })
      for ((says, _), out) in zip(prompts, outs) where out["findings"] == .array([]) || out["findings"] == nil
      {
        throw .fault(.fail, "batch/audit, \(vector.id) \(says): no finding")
      }
    }
  }

  private static let signing = Check(
    "check-fresh-batch-sign", ops: ["batch/sign", "ed25519/sign", "ed25519/verify"], req: ["R-8.5-1"],
    "The signature of a batch of drawn records verifies under the key of its seed, and under no other."
  ) { (examination) throws(Stop) in
    var drawing = examination.drawing("check-fresh-batch-sign")
    let examples = examination.suite.accepted("batch/sign")
    guard !examples.isEmpty else { throw .unsupported("the suite has no vector of batch/sign") }
    let inputs = (0..<6).map { _ in
      drawing.element(of: examples).with([
        "seed": .hex(drawing.bytes(32)), "account_id": .hex(drawing.bytes(16)),
        "agent_id": .hex(drawing.bytes(16)), "sequence": .integer(drawing.edge(1...(1 << 53 - 1))),
        "previous": .hex(drawing.bytes(32)), "state": .hex(drawing.bytes(32)),
      ])
    }
    let batches = try examination.outputs(inputs.map { Prompt(op: "batch/sign", input: $0) })
    let keys = try examination.outputs(
      inputs.map { Prompt(op: "ed25519/sign", input: $0.only("seed").merging(.of(["message": ""]))) })
    var questions: [Question] = []
    for (index, out) in batches.enumerated() {
      let batch = try out.bytes("batch", of: "batch/sign")
      guard batch.count > 64 else { throw .fault(.fail, "batch/sign gives \(batch.count) bytes") }
      let input = JSONObject.of([
        "verify_key": keys[index]["verify_key"] ?? .null,
        "message": .hex(Array("endkey/1 signature".utf8) + [0] + batch.dropLast(64)),
        "signature": .hex(batch.suffix(64)),
      ])
      let other = keys[(index + 1) % keys.count]["verify_key"] ?? .null
      questions.append(Question("ed25519/verify", input, .gives(JSONObject()), "of a batch"))
      questions.append(
        Question(
          "ed25519/verify", input.with(["verify_key": other]), .refused(["signature_invalid"]),
          "of a batch under another key"))
    }
    try examination.judge(questions, &drawing)
  }
}

// MARK: - What one operation says of another

extension Check {
  private static let compositions = [tokenBySIV, tokenOfSIV, blobBySeal, blobOfSeal]

  private static let tokenBySIV = Check(
    "check-fresh-token-seal-by-siv", ops: ["token/seal", "siv/seal"], req: ["R-14.1-1", "R-14.1-4"],
    "token/seal makes what siv/seal gives for the padded value."
  ) { (examination) throws(Stop) in
    try examination.compareTokens("check-fresh-token-seal-by-siv", isOpened: false)
  }

  private static let tokenOfSIV = Check(
    "check-fresh-token-open-of-siv", ops: ["token/open", "siv/seal"], req: ["R-14.1-1", "R-14.2-1"],
    "token/open opens a Token that is put together from what siv/seal gives."
  ) { (examination) throws(Stop) in
    try examination.compareTokens("check-fresh-token-open-of-siv", isOpened: true)
  }

  private static let blobBySeal = Check(
    "check-fresh-blob-seal-by-sealed", ops: ["blob/seal", "sealed/seal"], req: ["R-15-1", "R-15-2"],
    "blob/seal makes what sealed/seal gives under the derived key."
  ) { (examination) throws(Stop) in
    try examination.compareBlobs("check-fresh-blob-seal-by-sealed", isOpened: false)
  }

  private static let blobOfSeal = Check(
    "check-fresh-blob-open-of-sealed", ops: ["blob/open", "sealed/seal"], req: ["R-15-1", "R-15-2"],
    "blob/open opens a SealedBlob that is put together from what sealed/seal gives."
  ) { (examination) throws(Stop) in
    try examination.compareBlobs("check-fresh-blob-open-of-sealed", isOpened: true)
  }
}

extension Examination {
  fileprivate func compareTokens(_ name: String, isOpened: Bool) throws(Check.Stop) {
    var drawing = drawing(name)
    let fields = RoundTrip.names("token/seal", "field")
    var tokens: [(input: JSONObject, head: [UInt8])] = []
    var prompts: [Prompt] = []
    for _ in 0..<10 {
      let (key, account, value) = (drawing.bytes(64), drawing.bytes(16), drawing.text(0...drawing.length()))
      let (epoch, field) = (drawing.edge(1...Int(UInt32.max)), drawing.number(1...fields.count))
      var size = 16
      while size < value.count + 1 { size *= 2 }
      let head = [UInt8(field)]
      let place = big(UInt32(epoch))
      prompts.append(
        Prompt(
          op: "siv/seal",
          input: .of([
            "key": .hex(key), "ad": .hex(Array("endkey/1 token-ad".utf8) + [0] + account + place + head),
            "plaintext": .hex(value + [0x80] + [UInt8](repeating: 0, count: size - value.count - 1)),
          ])))
      tokens.append(
        (
          .of([
            "token_key": .hex(key), "account_id": .hex(account), "epoch": .integer(epoch),
            "field": .string(fields[field - 1]), "value": .hex(value),
          ]), [1] + head + place
        ))
    }
    var questions: [Question] = []
    for (token, sealed) in zip(tokens, try outputs(prompts)) {
      let c = try sealed.bytes("c", of: "siv/seal")
      let bytes =
        token.head + (try sealed.bytes("v", of: "siv/seal")) + big(UInt16(truncatingIfNeeded: c.count)) + c
      if isOpened {
        questions.append(
          Question(
            "token/open",
            .of([
              "account_id": token.input["account_id"] ?? .null,
              "keys": [.object(token.input.only("epoch", "token_key"))], "token": .hex(bytes),
            ]), .gives(token.input.only("field", "epoch", "value")), "a Token made by siv/seal"))
      } else {
        questions.append(
          Question("token/seal", token.input, .gives(.of(["token": .hex(bytes)])), "beside siv/seal"))
      }
    }
    try judge(questions, &drawing)
  }

  fileprivate func compareBlobs(_ name: String, isOpened: Bool) throws(Check.Stop) {
    var drawing = drawing(name)
    let fields = RoundTrip.names("blob/seal", "field")
    var blobs: [(input: JSONObject, context: [UInt8])] = []
    var prompts: [Prompt] = []
    for _ in 0..<6 {
      let (key, account, agent) = (drawing.bytes(32), drawing.bytes(16), drawing.bytes(16))
      let (salt, content) = (drawing.bytes(24), drawing.bytes(drawing.length()))
      let (epoch, field) = (drawing.edge(1...Int(UInt32.max)), drawing.number(0...(fields.count - 1)))
      let place = account + big(UInt32(epoch))
      let context = Array("EK".utf8) + [1, 7] + place + [UInt8(16 + field)] + agent
      prompts.append(
        Prompt(
          op: "sealed/seal",
          input: .of([
            "key": .hex(Digest.derive(key, "blob", place + agent, count: 32)), "context": .hex(context),
            "salt": .hex(salt), "plaintext": .hex(content),
          ])))
      blobs.append(
        (
          .of([
            "agent_key": .hex(key), "account_id": .hex(account), "epoch": .integer(epoch),
            "agent_id": .hex(agent), "field": .string(fields[field]), "salt": .hex(salt),
            "content": .hex(content),
          ]), context
        ))
    }
    var questions: [Question] = []
    for (blob, sealed) in zip(blobs, try outputs(prompts)) {
      let bytes = blob.context + (try sealed.bytes("sealed", of: "sealed/seal"))
      if isOpened {
        questions.append(
          Question(
            "blob/open",
            .of([
              "account_id": blob.input["account_id"] ?? .null,
              "keys": [.object(blob.input.only("epoch", "agent_id", "agent_key"))], "blob": .hex(bytes),
              "reference": .null,
            ]), .gives(blob.input.only("field", "agent_id", "content")), "a SealedBlob made by sealed/seal"))
      } else {
        questions.append(
          Question("blob/seal", blob.input, .gives(.of(["blob": .hex(bytes)])), "beside sealed/seal"))
      }
    }
    try judge(questions, &drawing)
  }
}

// MARK: - Again, in another order

extension Check {
  /// Of what passed: a client that answers by what came before gives other answers now.
  private static let repeats = Check(
    "check-fresh-repeats", ops: [], req: [],
    "Questions that were answered rightly are answered alike in another order, some of them twice in a row."
  ) { (examination) throws(Stop) in
    var drawing = examination.drawing("check-fresh-repeats")
    let passed = Set(examination.results.filter { $0.verdict == .pass }.map(\.id))
    let known = examination.suite.vectors.filter { passed.contains($0.id) && $0.isQuick }
    guard !known.isEmpty else { throw .unsupported("nothing was answered rightly before") }
    var again: [Vector] = []
    for vector in drawing.sample(300, of: known) {
      again += [Vector](repeating: vector, count: drawing.isOne(in: 4) ? 2 : 1)
    }
    for (vector, reply) in zip(again, examination.client.ask(again.map(\.prompt))) {
      let judged = VectorJudge.judge(vector, reply.answer)
      guard judged.verdict != .pass else { continue }
      throw .fault(judged.verdict, "\(vector.id), answered rightly before: \(judged.reason)")
    }
  }
}

extension Vector {
  fileprivate var isQuick: Bool {
    OperationDescription.named[op]?.cost == 1
      && CanonicalJSON.bytes(of: .object(input)).count <= 1 << 16
  }
}
