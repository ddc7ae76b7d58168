internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let sealed: [Family] = [
    Family("private-keys/open", flags: [sealFlag]) { builder in
      let fixture = try Fixture.made.get()
      let (account, other) = (fixture.account, fixture.other)
      let header = Fixture.header(5, fixture.accountID, 1)
      let key = try fixture.key("private-keys", 1)
      let salt = bytes("salt", 24)
      func message(_ contents: [UInt8], key own: [UInt8]? = nil, context: [UInt8]? = nil) throws -> [UInt8] {
        header + (try Fixture.seal(contents, key: own ?? key, context: context ?? header, salt: salt))
      }
      func input(_ message: [UInt8], state: [UInt8]? = nil) -> JSONObject {
        .of([
          "master_key": .hex(fixture.masterKey(1)), "account_id": .hex(fixture.accountID), "epoch": 1,
          "message": .hex(message), "state": state.map { .hex($0) } ?? .null,
        ])
      }
      let out = JSONObject.of(["p": .hex(account.p), "q": .hex(account.q), "seed": .hex(account.seed)])
      let whole = try message(account.p + account.q + account.seed)
      let state = try fixture.state()
      let plain = "private-keys-open-plain"
      try builder.accept(plain, ["R-12.4-1"], "The account's keys.", in: input(whole), out: out)
      try builder.accept(
        "private-keys-open-with-state", ["R-12.4-1"], "The keys are those that the state names.",
        in: input(whole, state: state), out: out)
      func reject(
        _ id: String, _ comment: String, _ message: [UInt8], _ code: ErrorCode = .privateKeysOpenFailed,
        offset: Int? = nil, state: [UInt8]? = nil
      ) throws {
        try builder.reject(
          "private-keys-open-\(id)", ["R-12.4-1"], flags: ["Seal"], comment, in: input(message, state: state),
          code: code, offset: offset, twin: state == nil ? plain : "private-keys-open-with-state")
      }
      try reject("cut", "Cut.", [UInt8](whole.dropLast()), .truncated, offset: 24)
      try reject("account", "Of another account.", whole.flipped(4), .wrongAccount)
      try reject("epoch-2", "Of another epoch.", whole.with([2], at: 23), .epochMismatch)
      for (name, offset) in [("salt", 24), ("commitment", 48), ("first-byte", 80), ("tag", 383)] {
        try reject("\(name)-flipped", "The seal is damaged.", whole.flipped(offset))
      }
      let contents = account.p + account.q + account.seed
      try reject(
        "key-of-vault", "Sealed with the vault's key.", message(contents, key: try fixture.key("vault", 1)))
      try reject(
        "context-of-vault", "Sealed for another message.",
        message(contents, context: header.with([2], at: 3)))
      try reject(
        "primes-swapped", "The smaller prime comes first.", message(account.q + account.p + account.seed))
      try reject("primes-equal", "One prime twice.", message(account.p + account.p + account.seed))
      try reject(
        "prime-composite", "p is not prime.", message(account.p.flipped(127, 2) + account.q + account.seed))
      try reject(
        "second-prime-composite", "q is not prime.",
        message(account.p + account.q.flipped(127, 2) + account.seed))
      // The product of the two least primes above 2^512 - 2^504, and that of those above 7 * 2^509.
      let firstProduct = try Hex.decode(
        "fe010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000380"
          + "7c000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000030233"
      )
      let secondProduct = try Hex.decode(
        "c4000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000059"
          + "40000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000519"
      )
      try reject(
        "prime-of-two-large-factors", "p is the product of two primes of 512 bits.",
        message(firstProduct + account.q + account.seed))
      try reject(
        "second-prime-of-two-large-factors", "q is the product of two primes of 512 bits.",
        message(account.p + secondProduct + account.seed))
      try reject(
        "state-of-another-key", "The state names the modulus, and another's signing key.", whole,
        state: try other.sign(state.with(other.verifyKey, at: 32)))
      // Two primes just above 2^1023, made by Python: their product has 2,047 bits.
      let small = try Hex.decode(
        "85293770e3e9a9e8b534e2873f944c7c3dae41f7db94f367f1e11f158b39cf54ac9dbd3a8e08a816bc68f4724b61eca825a8b79958d1bfd2"
          + "07e40f130e2f328585e5eca5aefd947446196c548f5c6c7736bc9cc5ed703992526a9e98957c783cdd6a525fd68c947a15154418700d15f7"
          + "43d74a8e92da7e8355150dde6312760b84395ceaeb82e53972825c1e02b4cf302a6a6fea33b785cb48cc85154e11fe95cb86395e6fc6efe9"
          + "e556c144844339b4f55771417b7472513b917f2c7867bba951ccfeda72757e3ee441275a71a8fbe70756221274a41e0bf52e701519e5611a"
          + "e91b40f6a2560386ac035064983b74caed6415e35b5aa65ee4f350e03ee6f35b")
      try reject(
        "product-of-2047-bits", "Two primes whose product is too small.", message(small + account.seed))
      try reject(
        "modulus-ends-otherwise", "The last byte of the state's modulus differs.", whole,
        state: try fixture.account.sign(state.flipped(319, 2)))
      try reject(
        "seed-of-another", "The signing key is another's.", message(account.p + account.q + other.seed))
      try reject(
        "primes-of-another", "The state names another modulus.", message(other.p + other.q + account.seed),
        state: state)
    },
    Family("vault/open", flags: [sealFlag, vaultFlag]) { builder in try buildVaultOpen(&builder) },
    Family("local-state/open", flags: [sealFlag]) { builder in
      let fixture = try Fixture.made.get()
      let device = bytes("device key", 32)
      let contents = Fixture.joined(
        bytes("salt", 32), be(1, 8), be(2, 8), be(3, 8),
        bytes("hash", 32))
      let front = Fixture.header(12, fixture.accountID, 1) + be(4, 8)
      func message(
        _ contents: [UInt8], front: [UInt8], device: [UInt8] = device, context: [UInt8]? = nil
      ) throws -> [UInt8] {
        let key = try Fixture.derive(device, "local-state", [UInt8](front[4..<20]) + [front[3]])
        let sealed = try Fixture.seal(
          contents, key: key, context: context ?? front, salt: bytes("state salt", 24))
        return Fixture.joined(front, Fixture.length(sealed), sealed)
      }
      func input(_ message: [UInt8]) -> JSONObject {
        .of(["device_key": .hex(device), "message": .hex(message)])
      }
      let agentFront = Fixture.header(11, .zeros(16), 0) + be(1, 8)
      let agent = Fixture.joined(
        [1], fixture.agent.p, fixture.agent.q, fixture.agent.seed, [0, 0, 0], .zeros(154))
      let (owner, whole) = ("local-state-open-owner", try message(contents, front: front))
      try builder.accept(
        owner, ["R-13.4-1"], "What an owner's device remembers.", in: input(whole),
        out: .of("contents", contents))
      let ofAgent = "local-state-open-unpinned-agent"
      try builder.accept(
        ofAgent, ["R-13.4-1"], "An agent that nobody has enrolled.",
        in: input(try message(agent, front: agentFront)), out: .of("contents", agent))
      func reject(
        _ id: String, _ comment: String, _ message: [UInt8], _ code: ErrorCode = .localStateOpenFailed,
        offset: Int? = nil, twin: String = "local-state-open-owner"
      ) throws {
        try builder.reject(
          "local-state-open-\(id)", ["R-13.4-1", "R-13.1-4"], flags: ["Seal"], comment, in: input(message),
          code: code, offset: offset, twin: twin)
      }
      try reject("empty", "No state.", [], .truncated, offset: 0)
      try reject("cut", "Written in part.", [UInt8](whole.dropLast()), .truncated, offset: 35)
      try reject("type-of-vault", "Another message.", whole.with([2], at: 3), .unexpectedType, offset: 3)
      try reject("account-changed", "Another account's name on it.", whole.flipped(4))
      try reject("generation-changed", "The generation is in the context.", whole.flipped(31))
      try reject("epoch-changed", "The epoch is in the context.", whole.flipped(23, 2))
      try reject("owner-as-agent", "The state of an owner, taken for an agent's.", whole.with([11], at: 3))
      try reject("tag-flipped", "The seal is damaged.", whole.flipped(whole.count - 1))
      try reject(
        "of-another-device", "Sealed on another computer.",
        message(contents, front: front, device: bytes("another device", 32)))
      try reject("contents-cut", "The contents are cut.", message([UInt8](contents.dropLast()), front: front))
      try reject(
        "agent-stopped", "An agent that has stopped writes nothing.",
        message(agent.with([6], at: 0), front: agentFront), twin: ofAgent)
      try reject(
        "agent-active-without-keys", "An active agent has keys.",
        message(agent.with([4], at: 0), front: agentFront), twin: ofAgent)
      try reject(
        "agent-phase-0", "A phase that does not exist.", message(agent.with([0], at: 0), front: agentFront),
        twin: ofAgent)

      // Phases and what goes with them.
      let request = try EnrolmentSample(fixture: fixture).request()
      func epoch(_ number: UInt32, master: [UInt8] = []) -> [UInt8] {
        Fixture.joined(
          be(number, 4), bytes("token key", 64), bytes("agent key", 32),
          [UInt8(master.count)],
          master)
      }
      func enrolled(
        _ phase: UInt8, request: [UInt8] = request, accountKey: [UInt8] = fixture.account.verifyKey,
        epochs: [[UInt8]] = []
      ) -> [UInt8] {
        let epochs = [UInt8](epochs.joined())
        return Fixture.joined(
          [phase], fixture.agent.p, fixture.agent.q, fixture.agent.seed, be(request.count, 2),
          request,
          [UInt8(accountKey.count)], accountKey, .zeros(152), be(epochs.count, 2), epochs)
      }
      let pinnedFront = Fixture.header(11, fixture.accountID, 0) + be(1, 8)
      let statedFront = Fixture.header(11, fixture.accountID, 2) + be(1, 8)
      for (name, front, contents) in [
        ("pinned-agent", pinnedFront, enrolled(2, accountKey: [])),
        ("waiting-agent", statedFront, enrolled(3, epochs: [epoch(1)])),
        ("active-agent", statedFront, enrolled(4, epochs: [epoch(1), epoch(2, master: .zeros(32))])),
        ("revoked-agent", statedFront, enrolled(5, epochs: [epoch(2)])),
        ("waiting-agent-without-keys", statedFront, enrolled(3)),
        ("waiting-agent-without-request", statedFront, enrolled(3, request: [])),
        ("waiting-agent-with-a-master-key", statedFront, enrolled(3, epochs: [epoch(1, master: .zeros(32))])),
        ("waiting-agent-with-later-keys", statedFront, enrolled(3, epochs: [epoch(3)])),
        ("active-agent-of-one-epoch", statedFront, enrolled(4, epochs: [epoch(2)])),
        ("active-agent-without-request", statedFront, enrolled(4, request: [], epochs: [epoch(2)])),
        ("revoked-agent-without-keys", statedFront, enrolled(5)),
        ("revoked-agent-without-request", statedFront, enrolled(5, request: [])),
      ] {
        try builder.accept(
          "local-state-open-\(name)", ["R-13.4-1"], "A state that such an agent writes.",
          in: input(try message(contents, front: front)), out: .of("contents", contents))
      }
      for (name, comment, twin, front, contents) in [
        ("unpinned-of-an-account", "Unpinned, but of an account.", "unpinned-agent", pinnedFront, agent),
        (
          "unpinned-with-request", "Unpinned, but a request was sent.", "unpinned-agent", agentFront,
          enrolled(1, accountKey: [])
        ),
        (
          "unpinned-with-account-key", "Unpinned, with a key that only a state brings.", "unpinned-agent",
          agentFront, enrolled(1, request: [])
        ),
        (
          "unpinned-with-epoch-keys", "Unpinned, with keys that only a grant brings.", "unpinned-agent",
          agentFront, enrolled(1, request: [], accountKey: [], epochs: [epoch(1)])
        ),
        (
          "waiting-of-no-account", "Waiting, but for no account.", "waiting-agent",
          statedFront.with(.zeros(16), at: 4), enrolled(3, epochs: [epoch(1)])
        ),
        (
          "active-of-no-account", "Active, but for no account.", "active-agent-of-one-epoch",
          statedFront.with(.zeros(16), at: 4), enrolled(4, epochs: [epoch(2)])
        ),
        (
          "active-without-account-key", "Active, without the key that grants are verified with.",
          "active-agent-of-one-epoch", statedFront, enrolled(4, accountKey: [], epochs: [epoch(2)])
        ),
        (
          "active-without-keys", "Active, without keys of any epoch.", "active-agent-of-one-epoch",
          statedFront, enrolled(4)
        ),
        (
          "active-with-keys-around-its-epoch", "Active, with keys of the epochs before and after.",
          "active-agent-of-one-epoch", statedFront, enrolled(4, epochs: [epoch(1), epoch(3)])
        ),
        (
          "waiting-with-keys-alone", "Waiting for the only keys that are there.", "waiting-agent",
          statedFront, enrolled(3, epochs: [epoch(2)])
        ),
        (
          "revoked-of-no-account", "Revoked, but by no account.", "revoked-agent",
          statedFront.with(.zeros(16), at: 4), enrolled(5, epochs: [epoch(2)])
        ),
        (
          "revoked-without-account-key", "Revoked, but there is no key of the state that did it.",
          "revoked-agent", statedFront, enrolled(5, accountKey: [], epochs: [epoch(2)])
        ),
        (
          "request-of-another-type", "A request with the type of a grant.", "pinned-agent", pinnedFront,
          enrolled(2, request: request.with([4], at: 3), accountKey: [])
        ),
        (
          "active-with-a-request-that-is-none", "440 bytes that are no request, where there may be none.",
          "active-agent-of-one-epoch", statedFront, enrolled(4, request: .zeros(440), epochs: [epoch(2)])
        ),
        (
          "account-key-of-33-bytes", "A byte behind the key.", "revoked-agent", statedFront,
          enrolled(5, accountKey: fixture.account.verifyKey + [0], epochs: [epoch(2)])
        ),
        (
          "master-key-of-33-bytes", "A byte behind the MasterKey.", "active-agent", statedFront,
          enrolled(4, epochs: [epoch(2, master: .zeros(33))])
        ),
        (
          "epoch-twice", "Keys of one epoch twice.", "active-agent", statedFront,
          enrolled(4, epochs: [epoch(2), epoch(2)])
        ),
        (
          "pinned-of-no-account", "Pinned, but to no account.", "pinned-agent", agentFront,
          enrolled(2, accountKey: [])
        ),
        (
          "pinned-without-request", "Pinned, but no request was sent.", "pinned-agent", pinnedFront,
          enrolled(2, request: [], accountKey: [])
        ),
        (
          "pinned-with-account-key", "Pinned, with a key that only a state brings.", "pinned-agent",
          pinnedFront, enrolled(2)
        ),
        (
          "pinned-with-epoch-keys", "Pinned, with keys that only a grant brings.", "pinned-agent",
          pinnedFront,
          enrolled(2, accountKey: [], epochs: [epoch(1)])
        ),
        (
          "waiting-without-account-key", "A state was accepted, but there is no key of it.", "waiting-agent",
          statedFront,
          enrolled(3, accountKey: [])
        ),
        (
          "waiting-with-keys", "Waiting for keys that are there.", "waiting-agent", statedFront,
          enrolled(3, epochs: [epoch(1), epoch(2)])
        ),
        (
          "active-with-old-keys", "Active, with keys of an older epoch alone.", "active-agent", statedFront,
          enrolled(4, epochs: [epoch(1)])
        ),
        (
          "stopped-agent", "Stopped, and right in all else.", "active-agent", statedFront,
          enrolled(6, epochs: [epoch(2)])
        ),
        (
          "phase-7", "A phase that does not exist.", "active-agent", statedFront,
          enrolled(7, epochs: [epoch(2)])
        ),
        (
          "request-that-is-none", "440 bytes that are no request.", "pinned-agent", pinnedFront,
          enrolled(2, request: .zeros(440), accountKey: [])
        ),
        (
          "request-of-439-bytes", "A request that is cut.", "revoked-agent", statedFront,
          enrolled(5, request: [UInt8](request.dropLast()))
        ),
        (
          "account-key-of-31-bytes", "A key that is cut.", "revoked-agent", statedFront,
          enrolled(5, accountKey: [UInt8](fixture.account.verifyKey.dropLast()))
        ),
        (
          "master-key-of-16-bytes", "A MasterKey that is cut.", "active-agent", statedFront,
          enrolled(4, epochs: [epoch(2, master: .zeros(16))])
        ),
        (
          "three-epochs", "Keys of more than two epochs.", "active-agent", statedFront,
          enrolled(4, epochs: [epoch(1), epoch(2), epoch(3)])
        ),
        (
          "epochs-descending", "Epochs in the wrong order.", "active-agent", statedFront,
          enrolled(4, epochs: [epoch(2), epoch(1)])
        ),
      ] as [(String, String, String, [UInt8], [UInt8])] {
        try reject(name, comment, message(contents, front: front), twin: "local-state-open-\(twin)")
      }
    },
    Family("rules/make") { builder in
      let fixture = try Fixture.made.get()
      func rule(_ field: String, _ category: String, _ value: String, epoch: UInt32) throws -> [UInt8] {
        let number = TokenField.allCases.first { $0.name == field }?.rawValue ?? 0
        let rank = Category.allCases.first { $0.name == category }?.rawValue ?? 0
        let secret = SecretBytes(copying: try fixture.key("token", epoch, count: 64))
        var siv = try AESSIV(key: secret)
        let ad = Fixture.joined(
          Array("endkey/1 token-ad".utf8), [0], fixture.accountID, be(epoch, 4), [number])
        let (v, _) = try siv.seal(padded(Array(value.utf8)), associatedData: [ad])
        return v + [number, rank]
      }
      // Two values whose V start with the same byte, the greater one first.
      func alike() throws -> [String] {
        var values: [UInt8: String] = [:]
        var index = 0
        while true {
          let value = "program \(index)"
          let new = try rule("application_name", "neutral", value, epoch: 1)
          if let earlier = values[new[0]] {
            let old = try rule("application_name", "neutral", earlier, epoch: 1)
            if new.lexicographicallyPrecedes(old) { return [earlier, value] }
          }
          values[new[0]] = value
          index += 1
        }
      }
      let ops: [(String, [(String, String, Bool, String)])] = [
        ("none", []), ("unseen-left-out", [("url", "unproductive", false, "https://unseen.example/")]),
        ("one", [("url", "productive", true, "https://a.example/")]),
        ("empty-value", [("window_title", "neutral", true, "")]),
        (
          "one-value-in-two-fields",
          [
            ("url", "productive", true, "https://a.example/"),
            ("window_title", "neutral", true, "https://a.example/"),
          ]
        ),
        (
          "sorted-by-token",
          (0..<6).map { ("application_name", "productive", true, "application \($0)") }
        ),
        (
          "sorted-within-a-first-byte",
          try alike().map { ("application_name", "neutral", true, $0) }
        ),
        (
          "seen-and-unseen",
          [
            ("url", "productive", true, "https://a.example/"),
            ("url", "neutral", false, "https://b.example/"),
          ]
        ),
        ("document", [("document_name", "unproductive", true, "Plan.odt")]),
      ]
      for (name, epoch, definitions) in ops.map({ ($0, UInt32(1), $1) }) + [("of-epoch-2", 2, ops[2].1)] {
        let key = try fixture.key("token", epoch, count: 64)
        var rules: [[UInt8]] = []
        for (field, category, seen, value) in definitions where seen {
          rules.append(try rule(field, category, value, epoch: epoch))
        }
        rules.sort { $0.lexicographicallyPrecedes($1) }
        let content = [UInt8](rules.joined())
        let expected = try fixture.account.sign(
          Fixture.joined(
            Fixture.header(9, fixture.accountID, epoch), be(3, 8), Fixture.length(content), content,
            .zeros(64)))
        try builder.accept(
          "rules-make-\(name)", ["R-16.4-1", "R-16.4-2"], "A rule set.",
          in: .of([
            "account_seed": .hex(fixture.account.seed), "account_id": .hex(fixture.accountID),
            "epoch": .integer(epoch),
            "counter": 3, "token_key": .hex(key),
            "definitions": .array(
              definitions.map { field, category, seen, value in
                [
                  "field": .string(field), "category": .string(category), "seen": .bool(seen),
                  "value": .hex(Array(value.utf8)),
                ]
              }),
          ]), out: .of("rule_set", expected))
      }
    },
    Family("rules/verify", flags: [ruleFlag]) { builder in
      let fixture = try Fixture.made.get()
      let (account, other) = (fixture.account, fixture.other)
      func rules(_ rules: [[UInt8]], counter: UInt64 = 3, epoch: UInt32 = 1) throws -> [UInt8] {
        let content = [UInt8](rules.joined())
        return try account.sign(
          Fixture.joined(
            Fixture.header(9, fixture.accountID, epoch), be(counter, 8), Fixture.length(content), content,
            .zeros(64)))
      }
      func input(
        _ message: [UInt8], hash: [UInt8]? = nil, last: UInt64 = 2, epoch: UInt32 = 1
      ) -> JSONObject {
        .of([
          "account_id": .hex(fixture.accountID), "verify_key": .hex(account.verifyKey),
          "epoch": .integer(epoch),
          "last_counter": .integer(last), "expected_hash": .hex(hash ?? SHA256.hash(message)),
          "rule_set": .hex(message),
        ])
      }
      let low = [UInt8](repeating: 1, count: 16) + [4, 1]
      let high = [UInt8](repeating: 2, count: 16) + [3, 2]
      let whole = try rules([low, high])
      let plain = "rules-verify-plain"
      func accept(_ id: String, _ comment: String, _ input: JSONObject) throws {
        try builder.accept(id, ["R-16.4-2"], comment, in: input, out: JSONObject())
      }
      try accept(plain, "A rule set.", input(whole))
      try accept("rules-verify-empty", "No rules.", input(try rules([])))
      try accept("rules-verify-same-counter", "The rule set that was accepted last.", input(whole, last: 3))
      func reject(
        _ id: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode, offset: Int? = nil
      ) throws {
        try builder.reject(
          "rules-verify-\(id)", ["R-16.4-2"], flags: ["Rules"], comment, in: input, code: code,
          offset: offset, twin: plain)
      }
      try reject("cut", "Cut.", input([UInt8](whole.dropLast())), .truncated, offset: 71)
      try reject("unsorted", "Not in order.", input(try rules([high, low])), .notCanonical, offset: 53)
      try reject("twice", "A rule twice.", input(try rules([low, low])), .notCanonical, offset: 53)
      try reject(
        "of-another-account", "Of another account.",
        input(try account.sign(whole.with(other.accountID, at: 4))), .wrongAccount)
      for fault in try SignatureFault.all(of: whole, by: account, other: other) {
        try reject(fault.name, fault.comment, input(fault.message), .signatureInvalid)
      }
      try reject("counter-back", "An older rule set.", input(whole, last: 4), .counterRollback)
      try reject(
        "not-that-of-the-state", "The state names another rule set.", input(whole, hash: .zeros(32)),
        .chainBroken)
      try reject("of-another-epoch", "Of the epoch before.", input(whole, epoch: 2), .epochMismatch)
      try reject(
        "of-a-later-epoch", "Of the epoch after.", input(try rules([low, high], epoch: 2)), .epochMismatch)
      try reject(
        "hash-ends-otherwise", "The last byte of the state's hash differs.",
        input(whole, hash: SHA256.hash(whole).flipped(31)), .chainBroken)
      try reject(
        "order-hash-before-epoch", "The hash is compared before the epoch.",
        input(whole, hash: .zeros(32), epoch: 2),
        .chainBroken)
      try reject(
        "order-counter-before-hash", "The counter is compared before the hash.",
        input(whole, hash: .zeros(32), last: 4), .counterRollback)
      // Under a key of small order anybody signs: R = B and S = 1.
      var anybody = input(
        [UInt8](whole.dropLast(64)) + [0x58] + .init(repeating: 0x66, count: 31) + [1] + .zeros(31))
      anybody["verify_key"] = .hex([1] + .zeros(31))
      try builder.reject(
        "rules-verify-key-of-small-order", ["R-6-1"], flags: ["Rules"],
        "The key is the neutral element, and the equation holds.", in: anybody, code: .signatureInvalid,
        twin: plain)
    },
  ]

  private static let sealFlag = VectorFile.Flag(
    "Seal", bugType: "MISSING_CHECK", effect: "the service, or whoever has the disk, mauls private keys",
    refs: ["R-12.4-1", "R-13.4-1"])
  private static let vaultFlag = VectorFile.Flag(
    "Rollback", bugType: "MISSING_CHECK", effect: "an old vault forgets codes used and members revoked",
    refs: ["R-12.5-1", "R-12.5-2"])
  private static let ruleFlag = VectorFile.Flag(
    "Rules", bugType: "MISSING_CHECK", effect: "the service decides what counts as productive",
    refs: ["R-16.4-2"])

  /// The lists of a vault of epoch 3, right and wrong.
  private static func buildVaultContents(_ fixture: Fixture, _ builder: inout FamilyBuilder) throws {
    let front = Fixture.header(2, fixture.accountID, 3) + be(9, 8)
    let key = try fixture.key("vault", 3)
    func past(_ epoch: UInt32) -> [UInt8] { be(epoch, 4) + fixture.masterKey(epoch) }
    func code(_ name: UInt8, nonces: [UInt8] = .zeros(32)) -> [UInt8] {
      Fixture.joined(
        .init(repeating: name, count: 16), [1, 2, 0, 5], be(0, 8),
        be(nonces.count, 2),
        nonces)
    }
    func member(_ keys: FixtureKeys) -> [UInt8] {
      Fixture.joined(
        keys.agentID, keys.modulus, keys.verifyKey, [1, 1, 2], be(3, 4),
        be(4, 8),
        .zeros(40))
    }
    func rule(_ field: UInt8, seen: UInt8 = 1, _ value: [UInt8]) -> [UInt8] {
      Fixture.joined([field, 2, seen], be(value.count, 2), value)
    }
    let members = [member(fixture.agent), member(fixture.other)].sorted { $0.lexicographicallyPrecedes($1) }
    let (pasts, codes) = ([past(1), past(2)], [code(0x7f), code(0x80)])
    let rules = [rule(3, Array("zz".utf8)), rule(4, seen: 0, Array("a".utf8))]
    func lists(
      pasts own: [[UInt8]]? = nil, codes ownCodes: [[UInt8]]? = nil, members ownMembers: [[UInt8]]? = nil,
      rules ownRules: [[UInt8]]? = nil
    ) -> [UInt8] {
      var bytes = Fixture.joined(be(3, 8), .zeros(32), .zeros(24))
      for list in [own ?? pasts, ownCodes ?? codes, ownMembers ?? members, ownRules ?? rules] {
        let content = [UInt8](list.joined())
        bytes += Fixture.length(content) + content
      }
      return bytes
    }
    func input(_ contents: [UInt8]) throws -> JSONObject {
      let sealed = try Fixture.seal(contents, key: key, context: front, salt: bytes("vault salt", 24))
      return .of([
        "master_key": .hex(fixture.masterKey(3)), "account_id": .hex(fixture.accountID), "epoch": 3,
        "message": .hex(Fixture.joined(front, Fixture.length(sealed), sealed)), "pinned_counter": 0,
        "state": .null,
        "wrap": .null,
      ])
    }
    let full = "vault-open-full"
    try builder.accept(
      full, ["R-8.4-1"], "Past keys, codes, members and rules.", in: input(lists()),
      out: .of("contents", lists()))
    let manyCodes = (0..<256).map { be($0, 2) + .zeros(14) + [1, 1, 0, 1] + .zeros(10) }
    try builder.accept(
      "vault-open-codes-256", ["R-8.4-1"], "As many codes as may be.", in: input(lists(codes: manyCodes)),
      out: .of("contents", lists(codes: manyCodes)))
    for (id, comment, contents) in [
      (
        "code-of-an-expiry-of-2-to-53", "A time above its limit.",
        lists(codes: [codes[0].with([0, 0x20], at: 20)])
      ),
      ("member-role-3", "A role that is none.", lists(members: [members[0].with([3], at: 304)])),
      ("member-kind-3", "A kind of grant that is none.", lists(members: [members[0].with([3], at: 306)])),
      ("rule-field-0", "A field that is none.", lists(rules: [rule(0, [])])),
      ("rule-category-0", "A category that is none.", lists(rules: [rule(3, []).with([0], at: 1)])),
      ("past-key-of-its-own-epoch", "A past key of the vault's epoch.", lists(pasts: [past(1), past(3)])),
      ("past-key-of-a-later-epoch", "A past key of an epoch to come.", lists(pasts: [past(1), past(4)])),
      ("past-key-of-epoch-0", "A past key of no epoch.", lists(pasts: [past(0), past(1)])),
      ("past-keys-descending", "Past keys in the wrong order.", lists(pasts: [past(2), past(1)])),
      ("past-key-twice", "A past key twice.", lists(pasts: [past(1), past(1)])),
      ("codes-descending", "Codes in the wrong order.", lists(codes: codes.reversed())),
      ("code-twice", "A code twice.", lists(codes: [codes[0], codes[0]])),
      (
        "codes-257", "A code too many.",
        lists(codes: (0..<257).map { be($0, 2) + .zeros(14) + [1, 1, 0, 1] + .zeros(10) })
      ),
      ("code-nonces-of-33-bytes", "Nonces that are not whole.", lists(codes: [code(1, nonces: .zeros(33))])),
      ("code-role-3", "A role that is none.", lists(codes: [codes[0].with([3], at: 16)])),
      ("code-approval-3", "An approval that is none.", lists(codes: [codes[0].with([3], at: 17)])),
      ("members-descending", "Members in the wrong order.", lists(members: members.reversed())),
      ("member-twice", "A member twice.", lists(members: [members[0], members[0]])),
      ("member-status-3", "A status that is none.", lists(members: [members[0].with([3], at: 305)])),
      ("member-cut", "A member that is not whole.", lists(members: [[UInt8](members[0].dropLast())])),
      ("rules-descending", "Rules in the wrong order.", lists(rules: rules.reversed())),
      ("rule-twice", "A rule twice.", lists(rules: [rules[0], rules[0]])),
      ("rule-seen-2", "seen is 2.", lists(rules: [rule(3, seen: 2, [])])),
      ("rule-value-4096", "A value too long.", lists(rules: [rule(3, .init(repeating: 0x61, count: 4096))])),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "vault-open-\(id)", ["R-8.4-1"], flags: ["Seal"], comment, in: input(contents),
        code: .vaultOpenFailed,
        twin: full)
    }
  }

  private static func buildVaultOpen(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let state = try fixture.state(counter: 3, previous: bytes("previous", 32))
    let wrap = try PasswordSample(fixture).with { $0.counter = 2 }.wrap()
    let key = try fixture.key("vault", 1)
    let front = Fixture.header(2, fixture.accountID, 1) + be(9, 8)
    let lists = [UInt8].zeros(12)
    func contents(state counter: UInt64 = 3, hash: [UInt8]? = nil, wrap: UInt64 = 2) -> [UInt8] {
      Fixture.joined(
        be(counter, 8), hash ?? SHA256.hash(state), be(wrap, 8), be(5, 8),
        .zeros(8), lists)
    }
    func message(
      _ contents: [UInt8], key own: [UInt8]? = nil, context: [UInt8]? = nil
    ) throws -> [UInt8] {
      let sealed = try Fixture.seal(
        contents, key: own ?? key, context: context ?? front, salt: bytes("vault salt", 24))
      return Fixture.joined(front, Fixture.length(sealed), sealed)
    }
    func input(_ message: [UInt8], pinned: UInt64 = 0, alone: Bool = false) -> JSONObject {
      .of([
        "master_key": .hex(fixture.masterKey(1)), "account_id": .hex(fixture.accountID), "epoch": 1,
        "message": .hex(message), "pinned_counter": .integer(pinned),
        "state": alone ? .null : .hex(state), "wrap": alone ? .null : .hex(wrap),
      ])
    }
    let whole = try message(contents())
    let plain = "vault-open-plain"
    func accept(_ id: String, _ comment: String, _ contents: [UInt8], pinned: UInt64 = 0, alone: Bool = false)
      throws
    {
      try builder.accept(
        "vault-open-\(id)", ["R-12.5-1", "R-12.5-2"], comment,
        in: input(message(contents), pinned: pinned, alone: alone), out: .of("contents", contents))
    }
    try accept("plain", "State and wrap are those of the vault.", contents())
    try accept("alone", "No state and no wrap at hand.", contents(), alone: true)
    try accept("pinned-counter", "The vault that was accepted last.", contents(), pinned: 9)
    try accept("state-newer", "The vault's maker was interrupted.", contents(state: 2, hash: .zeros(32)))
    func reject(
      _ id: String, _ flag: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode,
      offset: Int? = nil
    ) throws {
      try builder.reject(
        "vault-open-\(id)", ["R-12.5-1", "R-12.5-2"], flags: [flag], comment, in: input, code: code,
        offset: offset, twin: plain)
    }
    try accept("wrap-newer", "The password was changed since.", contents(wrap: 1))
    let wide = Fixture.header(2, fixture.accountID, 1) + be(1 << 32, 8)
    let sealedWide = try Fixture.seal(contents(), key: key, context: wide, salt: bytes("vault salt", 24))
    try builder.accept(
      "vault-open-counter-above-32-bits", ["R-12.5-2"], "Counters have more than 32 bits.",
      in: input(Fixture.joined(wide, Fixture.length(sealedWide), sealedWide), pinned: 9),
      out: .of("contents", contents()))
    try buildVaultContents(fixture, &builder)
    try reject("cut", "Seal", "Cut.", input([UInt8](whole.dropLast())), .truncated, offset: 35)
    try reject("account", "Seal", "Of another account.", input(whole.flipped(4)), .wrongAccount)
    try reject("epoch-2", "Seal", "Of another epoch.", input(whole.with([2], at: 23)), .epochMismatch)
    try reject("pinned-later", "Rollback", "Older than the last.", input(whole, pinned: 10), .counterRollback)
    try reject(
      "counter-changed", "Seal", "The counter is in the context.", input(whole.flipped(31)), .vaultOpenFailed)
    try reject("tag", "Seal", "Damaged.", input(whole.flipped(whole.count - 1)), .vaultOpenFailed)
    try reject(
      "key-of-private-keys", "Seal", "Sealed with another key.",
      input(try message(contents(), key: try fixture.key("private-keys", 1))), .vaultOpenFailed)
    try reject(
      "contents-cut", "Seal", "The contents are cut.", input(try message([UInt8](contents().dropLast()))),
      .vaultOpenFailed)
    try reject(
      "contents-trailing-byte", "Seal", "A byte too many.", input(try message(contents() + [0])),
      .vaultOpenFailed)
    try reject(
      "state-older", "Rollback", "The service gives an old state.", input(try message(contents(state: 4))),
      .counterRollback)
    try reject(
      "wrap-older", "Rollback", "The service gives an old wrap.", input(try message(contents(wrap: 3))),
      .counterRollback)
    try reject(
      "order-pin-before-seal", "Rollback", "The pinned counter is compared before the seal opens.",
      input(whole.flipped(whole.count - 1), pinned: 10), .counterRollback)
    try reject(
      "state-forked-in-the-last-byte", "Rollback", "The last byte of the state's hash differs.",
      input(try message(contents(hash: SHA256.hash(state).flipped(31)))), .counterFork)
    try reject(
      "order-wrap-before-fork", "Rollback", "The wrap's counter is compared before the state's hash.",
      input(try message(contents(hash: .zeros(32), wrap: 3))), .counterRollback)
    try reject(
      "contents-cut-alone", "Seal", "The contents are cut, and no state is at hand.",
      input(try message([UInt8](contents().dropLast())), alone: true), .vaultOpenFailed)
    try reject(
      "state-forked", "Rollback", "Another state with the same counter.",
      input(try message(contents(hash: .zeros(32)))), .counterFork)
  }
}
