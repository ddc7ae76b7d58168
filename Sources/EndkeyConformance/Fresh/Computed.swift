internal import EndkeyJSON
internal import EndkeySuite

/// An operation whose answer to any input the runner can compute by a rule of a few lines.
struct Computed: Sendable {
  let op: String
  let req: [String]
  var count = 12
  /// Questions on drawn values; the suite says what its own look like.
  let ask: @Sendable (inout Drawing, ConformanceSuite) -> [Question]

  var check: Check {
    let name = "check-fresh-\(op.split(separator: "/").joined(separator: "-"))"
    return Check(name, ops: [op], req: req, "\(op) of drawn values gives what its rule says.") {
      (examination) throws(Check.Stop) in
      var drawing = examination.drawing(name)
      var questions: [Question] = []
      for _ in 0..<count { questions += ask(&drawing, examination.suite) }
      try examination.judge(questions, &drawing)
    }
  }
}

extension Computed {
  static let all = hashes + numbers + normalForms + scans

  /// One question whose answer is an output.
  private init(
    _ op: String, _ req: String, draw: @escaping @Sendable (inout Drawing) -> JSONObject,
    out: @escaping @Sendable (JSONObject) -> JSONObject
  ) {
    self.init(op: op, req: [req]) { drawing, _ in
      let input = draw(&drawing)
      return [Question(op, input, .gives(out(input)), "of drawn values")]
    }
  }

  // MARK: - Hashes

  private static let hashes = [
    Computed(
      "hash", "R-2.3-1",
      draw: { drawing in
        .of([
          "label": .string(drawing.element(of: RoundTrip.names("hash", "label"))),
          "data": .hex(drawing.bytes(drawing.length())),
        ])
      }, out: { .of(["hash": .hex(Digest.labelled($0.name("label"), $0.given("data")))]) }),
    Computed(
      "account-id", "R-7-4", draw: { drawing in .of(["root_key": .hex(drawing.bytes(32))]) },
      out: { .of(["account_id": .hex(Digest.labelled("account-id", $0.given("root_key")).prefix(16))]) }),
    Computed(
      "agent-id", "R-7-4",
      draw: { drawing in .of(["modulus": .hex(drawing.bytes(256)), "verify_key": .hex(drawing.bytes(32))]) },
      out: {
        let keys = $0.given("modulus") + $0.given("verify_key")
        return .of(["agent_id": .hex(Digest.labelled("agent-id", keys).prefix(16))])
      }),
    Computed(
      "hmac", "R-2.3-1",
      draw: { drawing in
        .of(["key": .hex(drawing.bytes(drawing.length())), "data": .hex(drawing.bytes(drawing.length()))])
      }, out: { .of(["mac": .hex(Digest.hmac($0.given("key"), $0.given("data")))]) }),
    Computed(op: "derive", req: ["R-2.3-1"]) { drawing, suite in
      // A label has keys and contexts of some lengths only.
      let examples = suite.accepted("derive")
      guard !examples.isEmpty else { return [] }
      let example = drawing.element(of: examples)
      let label = example.name("label")
      let key = drawing.bytes(example.given("key").count)
      let context = drawing.bytes(example.given("context").count)
      let right = Digest.derive(key, label, context, count: label == "token" ? 64 : 32)
      return [
        Question(
          "derive", .of(["key": .hex(key), "label": .string(label), "context": .hex(context)]),
          .gives(.of(["key": .hex(right)])), "of drawn values")
      ]
    },
    Computed(
      "keys", "R-7-3",
      draw: { drawing in
        .of([
          "master_key": .hex(drawing.bytes(32)), "account_id": .hex(drawing.bytes(16)),
          "epoch": .integer(drawing.edge(1...Int(UInt32.max))), "agent_id": .hex(drawing.bytes(16)),
        ])
      },
      out: {
        let epoch = big(UInt32(truncatingIfNeeded: $0.number("epoch")))
        let account = $0.given("account_id") + epoch
        let agent = account + $0.given("agent_id")
        let master = $0.given("master_key")
        let agentKey = Digest.derive(master, "agent", agent, count: 32)
        return .of([
          "token_key": .hex(Digest.derive(master, "token", account, count: 64)), "agent_key": .hex(agentKey),
          "vault_key": .hex(Digest.derive(master, "vault", account, count: 32)),
          "commitment": .hex(Digest.derive(master, "commitment", account, count: 32)),
          "blob_key": .hex(Digest.derive(agentKey, "blob", agent, count: 32)),
        ])
      }),
    Computed(op: "pbkdf2", req: ["R-9.2-1"], count: 3) { drawing, _ in
      let (password, salt) = (drawing.bytes(1...100), drawing.bytes(drawing.length()))
      let iterations = drawing.number(1...20)
      return [
        Question(
          "pbkdf2",
          .of(["password": .hex(password), "salt": .hex(salt), "iterations": .integer(iterations)]),
          .gives(.of(["key": .hex(Digest.pbkdf2(password, salt, iterations))])), "\(iterations) iterations")
      ]
    },
  ]

  // MARK: - Numbers

  private static let counterMaximum = 1 << 53 - 1

  /// The sum of two times or counters.
  private static func sum(_ a: Int, _ b: Int) -> Int { min(a + b, counterMaximum) }

  private static let numbers = [
    Computed(op: "rsa/check", req: ["R-6-2"], count: 6) { drawing, _ in
      func question(_ modulus: [UInt8], _ right: Question.Right, _ says: String) -> Question {
        Question("rsa/check", .of(["modulus": .hex(modulus)]), right, says)
      }
      let right = modulus(&drawing)
      var even = right
      even[255] &= 0xfe
      var short = right
      short[0] &= 0x7f
      let factor = drawing.element(of: smallPrimes)
      return [
        question(right, .gives(JSONObject()), "an odd number of 2,048 bits without small factors"),
        question(even, .refused(["bad_key"]), "an even number"),
        question(short, .refused(["bad_key"]), "a number of 2,047 bits"),
        question([0] + right, .refused(["bad_key"]), "257 bytes"),
        question(multiple(of: factor, near: right), .refused(["bad_key"]), "a multiple of \(factor)"),
      ]
    },
    Computed(op: "clock/now", req: ["R-13.5-2"]) { drawing, _ in
      let (wall, least) = (drawing.edge(0...counterMaximum), drawing.edge(0...counterMaximum))
      let running = drawing.isOne(in: 2) ? drawing.number(0...1 << 32) : drawing.edge(0...counterMaximum)
      let now = max(wall, sum(least, running))
      let until = drawing.isOne(in: 2) ? drawing.edge(0...counterMaximum) : min(now + 1, counterMaximum)
      return [
        Question(
          "clock/now",
          .of([
            "wall": .integer(wall), "least": .integer(least), "running": .integer(running),
            "valid_until": .integer(until),
          ]),
          now < until ? .gives(.of(["now": .integer(now)])) : .refused(["state_expired"]),
          now < until ? "before its end" : "past its end")
      ]
    },
    Computed(op: "clock/accept", req: ["R-13.5-3"]) { drawing, _ in
      let (made, age) = (drawing.edge(0...counterMaximum), drawing.edge(0...counterMaximum))
      let (stateMade, generation) = (drawing.edge(0...counterMaximum), drawing.edge(1...Int(UInt32.max)))
      var least = max(stateMade, sum(made, age))
      var last = JSONValue.null
      if !drawing.isOne(in: 3) {
        let isSame = drawing.isOne(in: 2) || generation == 1
        let (before, running) = (drawing.edge(0...counterMaximum), drawing.edge(0...counterMaximum))
        last = [
          "generation": .integer(isSame ? generation : generation - 1), "least": .integer(before),
          "running": .integer(running),
        ]
        if isSame { least = max(sum(before, running), stateMade) }
      }
      return [
        Question(
          "clock/accept",
          .of([
            "terms": ["made": .integer(made), "age": .integer(age)], "last": last,
            "state": ["generation": .integer(generation), "made": .integer(stateMade)],
          ]), .gives(.of(["least": .integer(least)])), "drawn times")
      ]
    },
  ]

  static let smallPrimes = (2..<1024).filter { n in !(2..<n).contains { $0 * $0 <= n && n % $0 == 0 } }

  /// What rsa/check accepts; most such numbers are no modulus, which it does not look for.
  private static func modulus(_ drawing: inout Drawing) -> [UInt8] {
    while true {
      var bytes = drawing.bytes(256)
      bytes[0] |= 0x80
      bytes[255] |= 1
      if smallPrimes.allSatisfy({ remainder(bytes, $0) != 0 }) { return bytes }
    }
  }

  private static func remainder(_ bytes: [UInt8], _ divisor: Int) -> Int {
    bytes.reduce(0) { ($0 << 8 | Int($1)) % divisor }
  }

  /// An odd multiple of an odd `factor`, or an even number.
  private static func multiple(of factor: Int, near bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[253] = 0
    bytes[254] = 0
    bytes[255] = 0
    // The greatest rest is below 1,024, so that what is added stays below 2^11 and the number odd.
    var rest = (factor - remainder(bytes, factor)) % factor
    if rest % 2 == 0, factor != 2 { rest += factor }
    bytes[254] = UInt8(rest >> 8)
    bytes[255] = UInt8(rest & 0xff)
    return bytes
  }

  // MARK: - Texts

  private static let normalForms = [
    Computed(op: "normal/password", req: ["R-9.1-1"]) { drawing, _ in
      let (typed, normal) = composed(&drawing, 1...300)
      func question(_ password: [UInt8], _ right: Question.Right, _ says: String) -> Question {
        Question("normal/password", .of(["password": .hex(password)]), right, says)
      }
      return [
        question(typed, .gives(.of(["normal": .hex(normal)])), "letters, some with marks"),
        question(typed + [0] + normal, .refused(["bad_password"]), "U+0000"),
        question(typed + [0xff], .refused(["bad_password"]), "a byte that is no UTF-8"),
        question(drawing.text(1025...1030), .refused(["bad_password"]), "more than 1,024 bytes"),
      ]
    },
    Computed(op: "normal/login-name", req: ["R-9.1-2"]) { drawing, _ in
      let (typed, normal) = composed(&drawing, 1...60)
      // Of the composed letters, A to Z alone are lowered before they compose: their capitals are none of them.
      let lowered = normal.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
      func question(_ name: [UInt8], _ right: Question.Right, _ says: String) -> Question {
        Question("normal/login-name", .of(["login_name": .hex(name)]), right, says)
      }
      return [
        question(typed, .gives(.of(["normal": .hex(lowered)])), "letters, some with marks"),
        question([0] + typed, .refused(["bad_login_name"]), "U+0000"),
        question(typed + [0xc3], .refused(["bad_login_name"]), "a byte that is no UTF-8"),
        question(drawing.text(256...260), .refused(["bad_login_name"]), "more than 255 bytes"),
      ]
    },
    Computed(op: "capture/value", req: ["R-13.3-1"]) { drawing, _ in
      let text = drawing.text(0...200)
      let long = drawing.text(4096...5000)
      func question(_ text: [UInt8], _ value: [UInt8], _ says: String) -> Question {
        Question("capture/value", .of(["text": .hex(text)]), .gives(.of(["value": .hex(value)])), says)
      }
      return [
        question(text, text, "a short text"), question(long, Array(long.prefix(4095)), "a long text"),
        question(text + [0xff] + text, text + [0xef, 0xbf, 0xbd] + text, "a byte that is no UTF-8"),
      ]
    },
  ]

  /// Small letters with a mark that composes, beside plain ASCII: as typed, and in Normalization Form C.
  private static func composed(
    _ drawing: inout Drawing, _ counts: ClosedRange<Int>
  ) -> (typed: [UInt8], normal: [UInt8]) {
    let pairs = ["e\u{301}\u{e9}", "n\u{303}\u{f1}", "u\u{308}\u{fc}", "a\u{30a}\u{e5}", "c\u{327}\u{e7}"]
    var (typed, normal): ([UInt8], [UInt8]) = ([], [])
    for _ in 0..<drawing.number(counts) / 2 + 1 {
      guard drawing.isOne(in: 4) else {
        let letter = drawing.text(1...1)
        typed += letter
        normal += letter
        continue
      }
      let scalars = Array(drawing.element(of: pairs).unicodeScalars)
      typed += scalars[..<2].flatMap { Array($0.utf8) }
      normal += Array(scalars[2].utf8)
    }
    return (typed, normal)
  }

  // MARK: - Scans

  private static let scans = [
    Computed(op: "scan", req: ["R-18-1"], count: 4) { drawing, _ in
      var (text, matches, skipped): ([UInt8], [JSONValue], [JSONValue]) = ([], [], [])
      for _ in 0..<drawing.number(0...8) {
        // Without letters of the prefixes, and without what base64url has.
        text += drawing.text(0...60).filter { !PublicForms.alphabet.contains($0) } + [UInt8(ascii: " ")]
        let start = text.count
        switch drawing.number(0...3) {
        case 0:
          text += "ekt1_".utf8 + PublicForms.base64url(drawing.bytes(0...23))
          skipped.append(["offset": .integer(start), "code": "truncated"])
        case 1:
          text += PublicForms.blobText(PublicForms.blob(&drawing))
          matches.append(["kind": "blob", "start": .integer(start), "end": .integer(text.count)])
        default:
          text += PublicForms.tokenText(PublicForms.token(&drawing))
          matches.append(["kind": "token", "start": .integer(start), "end": .integer(text.count)])
          // What stands behind a form does not matter; it is a form of its own no more.
          if drawing.isOne(in: 2) { text += "ekt".utf8 }
        }
        text.append(UInt8(ascii: "\""))
      }
      return [
        Question(
          "scan", .of(["text": .hex(text)]),
          .gives(.of(["matches": .array(matches), "skipped": .array(skipped)])),
          "of \(matches.count) forms and \(skipped.count) that are cut short")
      ]
    },
    Computed(op: "text/token-encode", req: ["R-14.3-1"], count: 4) { drawing, _ in
      let token = PublicForms.token(&drawing)
      return [
        Question(
          "text/token-encode", .of(["bytes": .hex(token)]),
          .gives(.of(["text": .hex(PublicForms.tokenText(token))])), "a Token"),
        Question(
          "text/token-encode", .of(["bytes": .hex(token + drawing.bytes(1))]),
          Question.refused("trailing_bytes", at: token.count), "a byte more"),
      ]
    },
    Computed(op: "text/blob-encode", req: ["R-15.1-1"], count: 4) { drawing, _ in
      let blob = PublicForms.blob(&drawing)
      return [
        Question(
          "text/blob-encode", .of(["bytes": .hex(blob)]),
          .gives(.of(["text": .hex(PublicForms.blobText(blob))])), "a SealedBlob")
      ]
    },
    Computed(op: "text/token", req: ["R-14.3-1", "R-2.4-1"], count: 4) { drawing, _ in
      let token = PublicForms.token(&drawing)
      let text = PublicForms.tokenText(token)
      return reading("text/token", text, gives: token, "a Token", &drawing) + [
        Question(
          "text/token", .of(["text": .hex(Array("EKT1_".utf8) + text.dropFirst(5))]),
          Question.refused("bad_prefix", at: 0), "upper case")
      ]
    },
    Computed(op: "text/blob", req: ["R-15.1-1", "R-2.4-1"], count: 4) { drawing, _ in
      let blob = PublicForms.blob(&drawing)
      let text = PublicForms.blobText(blob)
      return reading("text/blob", text, gives: blob, "a SealedBlob", &drawing) + [
        Question(
          "text/blob", .of(["text": .hex(text + Array("A".utf8))]), .refused([]), "a character more")
      ]
    },
  ]

  /// A text form is read, and refused with one character outside of base64url.
  private static func reading(
    _ op: String, _ text: [UInt8], gives bytes: [UInt8], _ says: String, _ drawing: inout Drawing
  ) -> [Question] {
    let place = drawing.number(5...(text.count - 1))
    var broken = text
    broken[place] = drawing.element(of: Array("=+/ \n.".utf8))
    return [
      Question(op, .of(["text": .hex(text)]), .gives(.of(["bytes": .hex(bytes)])), says),
      Question(
        op, .of(["text": .hex(broken)]), Question.refused("bad_base64url", at: place),
        "a character outside of the alphabet"),
    ]
  }
}

extension JSONObject {
  /// A member that is a text, and that the runner itself put there.
  func name(_ key: String) -> String {
    if case .string(let text)? = self[key] { text } else { "" }
  }

  func number(_ key: String) -> Int {
    if case .number(let number)? = self[key] { number.integer() ?? 0 } else { 0 }
  }
}
