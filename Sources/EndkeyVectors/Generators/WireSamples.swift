internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire

// Samples of every message, field by field, without the serialisers that they test.

extension WireSample {
  static let all = [
    personKeys, passwordWrap, accountState, ownerVault, enrolmentRequest, personRequest, grant, sealedBlob,
    recordBatch, ruleSet, token, localState, spoolHeader, capture,
  ]

  private static func passwordHead(_ prefix: String = "") -> [Field] {
    header(5, .zeroEpoch, prefix) + [
      counter("\(prefix)counter"), Field(name: "\(prefix)iterations", bytes: be(600_000, 4), rule: .opaque),
      Field(name: "\(prefix)account-secret", bytes: [1], rule: .oneOf([0, 1])), opaque("\(prefix)salt", 32),
    ]
  }

  private static func request(_ prefix: String = "") -> [Field] {
    header(3, .zeroEpoch, prefix) + [
      opaque("\(prefix)modulus", 256), opaque("\(prefix)verify-key", 32), opaque("\(prefix)nonce", 32),
      opaque("\(prefix)mac", 32), opaque("\(prefix)signature", 64),
    ]
  }

  private static let personKeys = WireSample(
    name: "PersonKeys", fields: passwordHead() + [opaque("sealed", 360)],
    more: { builder, sample in
      for (what, comment, field, bytes) in [
        ("iterations-of-32-bits", "The format sets iterations no bounds.", "iterations", be(0xffff_ffff, 4)),
        ("iterations-0", "The format sets iterations no bounds.", "iterations", be(0, 4)),
        ("counter-0", "The format sets the counter no least value.", "counter", be(0, 8)),
      ] {
        let message = sample.bytes.with(bytes, at: sample.offset(of: field))
        try builder.accept(
          "wire-personkeys-\(what)", ["R-2.2-6"], comment, in: .of("message", message),
          out: .of("message", message))
      }
    })

  private static let passwordWrap = WireSample(
    name: "PasswordWrap", fields: header(1, .epoch) + [opaque("commitment", 32), opaque("wrapped", 40)],
    more: { builder, sample in
      for (what, tail) in [("a-line-end", [0x0a]), ("eight-bytes", [UInt8](repeating: 0, count: 8))] {
        try builder.reject(
          "wire-passwordwrap-trailing-\(what)", ["R-2.2-1"], flags: ["Malleability"],
          "Bytes behind the last field.",
          in: .of("message", sample.bytes + tail), code: .trailingBytes, offset: sample.bytes.count,
          twin: "wire-passwordwrap-valid")
      }
    })

  private static let ownerVault = WireSample(
    name: "OwnerVault",
    fields: header(2, .epoch) + [counter("counter")]
      + vector("sealed", filler("vault", 80), width: 3, wrong: [0, 71], greatest: 0xff_ffff)
      + [opaque("signer", 32), opaque("signature", 64)],
    more: { builder, sample in
      let message = sample.replacing("sealed", with: filler("vault", 72))
      try builder.accept(
        "wire-ownervault-sealed-72-bytes", ["R-2.2-3"], "The shortest sealed message.",
        in: .of("message", message),
        out: .of("message", message))
    })

  private static let enrolmentRequest = WireSample(name: "EnrolmentRequest", fields: request())

  private static let personRequest = WireSample(
    name: "PersonRequest",
    fields: request("request-") + passwordHead("keys-") + [
      opaque("keys-sealed", 360), opaque("login-id", 32), opaque("login-verifier", 32),
    ])

  private static let grant = WireSample(
    name: "Grant",
    fields: header(4, .epoch) + [
      Field(name: "kind", bytes: [2], rule: .oneOf([1, 2])), opaque("recipient", 16),
      opaque("commitment", 32),
      opaque("signer", 32), opaque("ciphertext", 256), opaque("signature", 64),
    ])

  private static func signer(_ number: UInt8) -> [UInt8] { [number] + filler("signer", 47) }

  private static let accountState = WireSample(
    name: "AccountState",
    fields: header(6, .epoch) + [
      counter("counter"), counter("made"), counter("valid-until"), opaque("commitment", 32),
      opaque("root-key", 32), generation("generation"), counter("certificate-from"),
      counter("certificate-until"),
    ]
      + vector(
        "signers", signer(1) + signer(2), width: 2, wrong: [0, 47, 49, 95, 3_071, 3_073, 3_120, 65_535],
        greatest: 3_072) + [opaque("certificate", 64)]
      + vector("revoked", id(1) + id(2), width: 2, wrong: [1, 15, 17, 65_521, 65_535], greatest: 65_520) + [
        opaque("signer", 32), opaque("signature", 64),
      ],
    more: { builder, sample in
      func same(_ what: String, _ req: String, _ comment: String, _ message: [UInt8]) throws {
        try builder.accept(
          "wire-accountstate-\(what)", [req], comment, in: .of("message", message),
          out: .of("message", message))
      }
      try same("nobody-revoked", "R-2.2-3", "An empty list.", sample.replacing("revoked", with: []))
      try same("one-signer", "R-2.2-3", "The owner alone.", sample.replacing("signers", with: signer(1)))
      try same(
        "64-signers", "R-2.2-3", "As many as may be.",
        sample.replacing("signers", with: (1...64).flatMap { signer($0) }))
      try same(
        "4095-revoked", "R-2.2-3", "As many as may be.",
        sample.replacing("revoked", with: (1...4_095).flatMap { be($0, 2) + filler("id", 14) }))
      try same(
        "revoked-unsigned", "R-2.2-8", "Bytes are compared without a sign.",
        sample.replacing("revoked", with: id(0x7f) + id(0x80)))
      try same(
        "signers-unsigned", "R-2.2-8", "Bytes are compared without a sign.",
        sample.replacing("signers", with: signer(0x7f) + signer(0x80)))
      let keyOf = signer(1)
      try same(
        "times-in-no-order", "R-2.2-6", "Which time comes first is no matter of the format.",
        sample.bytes.with(be(9, 8), at: sample.offset(of: "made")).with(
          be(3, 8), at: sample.offset(of: "valid-until")))
      for (list, size, pairs): (String, Int, [(String, [UInt8])]) in [
        ("revoked", 16, [("descending", id(2) + id(1)), ("repeated", id(1) + id(1))]),
        (
          "signers", 48,
          [
            ("descending", signer(2) + signer(1)), ("repeated", signer(1) + signer(1)),
            ("one-key-of-two-persons", keyOf + keyOf.flipped(47)),
          ]
        ),
      ] {
        for (what, content) in pairs {
          try builder.reject(
            "wire-accountstate-\(list)-\(what)", ["R-2.2-8"], flags: ["Malleability"],
            "Entries of \(list): \(what.split(separator: "-").joined(separator: " ")).",
            in: .of("message", sample.replacing(list, with: content)), code: .notCanonical,
            offset: sample.offset(of: list) + size, twin: "wire-accountstate-valid")
        }
      }
      for (what, list, at) in [
        ("third-revoked-out-of-order", id(1) + id(3) + id(2), 32),
        ("last-revoked-repeated", id(1) + id(2) + id(3) + id(3), 48),
      ] {
        try builder.reject(
          "wire-accountstate-\(what)", ["R-2.2-8"], flags: ["Malleability"], "The last ids are not in order.",
          in: .of("message", sample.replacing("revoked", with: list)), code: .notCanonical,
          offset: sample.offset(of: "revoked") + at, twin: "wire-accountstate-valid")
      }
    })

  private static let sealedBlob = WireSample(
    name: "SealedBlob",
    fields: header(7, .epoch) + [
      Field(name: "field", bytes: [19], rule: .oneOf(BlobField.allCases.map(\.rawValue))),
      opaque("agent-id", 16),
      opaque("sealed", 72),
    ],
    isOpen: true)

  private static let recordBatch = WireSample(
    name: "RecordBatch",
    fields: header(8, .epoch) + [
      opaque("agent-id", 16), counter("sequence"), opaque("previous", 32), counter("made"),
      generation("state-generation"), counter("state-counter"), opaque("state", 32),
    ]
      + vector("records", record(tokenItem(2) + tokenItem(3)), width: 3, wrong: [0, 14], greatest: 0xff_ffff)
      + [
        opaque("signature", 64)
      ],
    more: { builder, sample in
      let start = sample.offset(of: "records")
      func edit(
        _ what: String, _ records: [UInt8], _ code: ErrorCode, _ offset: Int, _ req: [String],
        _ comment: String
      ) throws {
        try builder.reject(
          "wire-recordbatch-\(what)", req, flags: ["Malleability"], comment,
          in: .of("message", sample.replacing("records", with: records)), code: code, offset: start + offset,
          twin: "wire-recordbatch-valid")
      }
      for (what, items) in [
        ("a-blob-reference", blobItem(19)), ("all-five-token-fields", (1...5).flatMap { tokenItem($0) }),
        ("no-items", []),
      ] {
        let message = sample.replacing("records", with: record(items))
        try builder.accept(
          "wire-recordbatch-\(what)", ["R-2.2-8"], "A record with other items.", in: .of("message", message),
          out: .of("message", message))
      }
      let two = sample.replacing("records", with: record([]) + record([]))
      try builder.accept(
        "wire-recordbatch-equal-records", ["R-2.2-8"], "Records have no order: equal ones are two.",
        in: .of("message", two),
        out: .of("message", two))
      let item = tokenItem(2).count
      try edit(
        "items-descending", record(tokenItem(3) + tokenItem(2)), .notCanonical, 15 + item, ["R-2.2-8"],
        "Fields 3, 2.")
      try edit(
        "field-twice", record(tokenItem(2) + tokenItem(2)), .notCanonical, 15 + item, ["R-2.2-8"],
        "One field twice.")
      try edit(
        "blob-before-token", record(blobItem(19) + tokenItem(2)), .notCanonical, 15 + 42, ["R-2.2-8"],
        "Fields 19, 2.")
      try edit(
        "record-kind-0", [0] + record([]).dropFirst(), .unknownValue, 0, ["R-2.2-5"],
        "A kind of record that is none.")
      try edit(
        "record-kind-11", [11] + record([]).dropFirst(), .unknownValue, 0, ["R-2.2-5"],
        "A kind of record that is none.")
      try edit(
        "record-start-2-to-53", [1] + be(1 << 53, 8) + be(1, 4) + be(0, 2), .valueOutOfRange, 1, ["R-2.2-6"],
        "A time too late.")
      try edit(
        "item-type-0", record([0] + tokenItem(2).dropFirst()), .unknownValue, 15, ["R-2.2-5"],
        "An item that is none.")
      try edit(
        "item-type-3", record([3] + tokenItem(2).dropFirst()), .unknownValue, 15, ["R-2.2-5"],
        "An item that is none.")
      try edit(
        "token-version-2", record([1, 2] + tokenItem(2).dropFirst(2)), .unknownVersion, 16, ["R-2.2-7"],
        "A token of version 2.")
      try edit(
        "token-field-16", record([1, 1, 16] + tokenItem(2).dropFirst(3)), .unknownValue, 17, ["R-2.2-5"],
        "A blob's field in a token.")
      try edit(
        "blob-field-2", record([2, 2] + blobItem(19).dropFirst(2)), .unknownValue, 16, ["R-2.2-5"],
        "A token's field in a blob.")
      try edit(
        "items-length-too-long", record([]).dropLast(2) + be(1, 2), .truncated, 15, ["R-2.2-4"],
        "Items that reach beyond the records.")
      try edit(
        "item-beyond-items", record([]).dropLast(2) + be(item - 1, 2) + tokenItem(2).dropLast(),
        .truncated, 15 + 25,
        ["R-2.2-4"], "A token that reaches beyond its items.")
      try edit(
        "half-a-record", record([]) + [1, 0], .truncated, 16, ["R-2.2-4"], "A second record of two bytes.")
    })

  private static let ruleSet = WireSample(
    name: "RuleSet",
    fields: header(9, .epoch)
      + vector(
        "rules", rule(1, 2, 1) + rule(2, 1, 2) + rule(3, 1, 3), width: 3, wrong: [], greatest: 0xff_ffff),
    more: { builder, sample in
      let start = sample.offset(of: "rules")
      let size = rule(1, 1, 1).count
      for (what, rules) in [
        ("no-rules", []), ("rules-of-past-epochs", rule(1, 1, 1, epoch: 2) + rule(1, 1, 1, epoch: 3)),
        ("ordered-by-epoch-before-v", rule(1, 9, 1, epoch: 2) + rule(1, 1, 1, epoch: 3)),
        ("ordered-unsigned", rule(1, 0x7f, 1) + rule(1, 0x80, 1)),
        ("longer-token-first", rule(1, 1, 1, size: 32) + rule(1, 2, 1)),
        ("ordered-by-length", rule(1, 1, 1) + rule(1, 1, 1, size: 32)),
      ] as [(String, [UInt8])] {
        let message = sample.replacing("rules", with: rules)
        try builder.accept(
          "wire-ruleset-\(what)", ["R-2.2-8"], "Rules are in the order of their tokens' bytes.",
          in: .of("message", message), out: .of("message", message))
      }
      for (what, code, offset, rules): (String, ErrorCode, Int, [UInt8]) in [
        ("descending-by-v", .notCanonical, size, rule(1, 2, 1) + rule(1, 1, 1)),
        ("descending-by-field", .notCanonical, size, rule(2, 1, 1) + rule(1, 2, 1)),
        ("descending-by-epoch", .notCanonical, size, rule(1, 1, 1, epoch: 3) + rule(1, 1, 1, epoch: 2)),
        ("descending-by-length", .notCanonical, size + 16, rule(1, 1, 1, size: 32) + rule(1, 1, 1)),
        ("repeated", .notCanonical, size, rule(1, 1, 1) + rule(1, 1, 1)),
        ("two-categories", .notCanonical, size, rule(1, 1, 1) + rule(1, 1, 2)),
        ("last-two-repeated", .notCanonical, 2 * size, rule(1, 1, 1) + rule(1, 2, 1) + rule(1, 2, 1)),
        ("field-0", .unknownValue, 1, rule(0, 1, 1)), ("field-16", .unknownValue, 1, rule(16, 1, 1)),
        ("token-version-2", .unknownVersion, 0, [2] + rule(1, 1, 1).dropFirst()),
        ("rule-epoch-0", .valueOutOfRange, 2, rule(1, 1, 1, epoch: 0)),
        ("category-0", .unknownValue, size - 1, rule(1, 1, 0)),
        ("category-4", .unknownValue, size - 1, rule(1, 1, 4)),
        ("category-missing", .truncated, size - 1, rule(1, 1, 1).dropLast()),
        ("token-of-17-bytes", .lengthOutOfRange, 22, rule(1, 1, 1, size: 17)),
        ("half-a-token", .truncated, size + 2, rule(1, 1, 1) + [1, 1]),
      ] {
        let req =
          code == .notCanonical
          ? "R-2.2-8" : code == .truncated ? "R-2.2-4" : code == .lengthOutOfRange ? "R-2.2-3" : "R-2.2-5"
        try builder.reject(
          "wire-ruleset-\(what)", [req], flags: ["Malleability"],
          "Rules: \(what.split(separator: "-").joined(separator: " ")).",
          in: .of("message", sample.replacing("rules", with: rules)),
          code: code, offset: start + offset, twin: "wire-ruleset-valid")
      }
    })

  private static func captured(_ field: UInt8, _ count: Int = 5) -> [UInt8] {
    [field] + be(count, 3) + filler("captured \(field)", count)
  }

  private static let capture = WireSample(
    name: "Capture",
    fields: header(13, .zeroEpoch) + [
      Field(name: "kind", bytes: [2], rule: .oneOf(RecordKind.allCases.map(\.rawValue))), counter("start"),
      Field(name: "duration", bytes: be(60_000, 4), rule: .opaque),
    ] + vector("items", captured(3) + captured(19), width: 3, wrong: [], greatest: 0xff_ffff),
    more: { builder, sample in
      let start = sample.offset(of: "items")
      for (what, items) in [
        ("no-items", []), ("an-empty-content", captured(1, 0)),
        ("all-fields", ([1, 2, 3, 4, 5, 16, 17, 18, 19, 20, 21] as [UInt8]).flatMap { captured($0) }),
        ("a-content-that-is-no-utf8", [3] + be(2, 3) + [0xff, 0xc0]),
        ("a-content-of-5000-bytes", captured(3, 5_000)),
      ] as [(String, [UInt8])] {
        let message = sample.replacing("items", with: items)
        try builder.accept(
          "wire-capture-\(what)", ["R-13.3-2"], "What was captured is kept as it was.",
          in: .of("message", message), out: .of("message", message))
      }
      for (what, code, offset, items): (String, ErrorCode, Int, [UInt8]) in [
        ("fields-descending", .notCanonical, 9, captured(4) + captured(3)),
        ("field-twice", .notCanonical, 9, captured(3) + captured(3)),
        ("blob-before-token", .notCanonical, 9, captured(19) + captured(3)),
        ("last-field-twice", .notCanonical, 18, captured(1) + captured(2) + captured(2)),
        ("field-0", .unknownValue, 0, captured(0)), ("field-6", .unknownValue, 0, captured(6)),
        ("field-15", .unknownValue, 0, captured(15)), ("field-22", .unknownValue, 0, captured(22)),
        ("field-255", .unknownValue, 0, captured(255)),
        ("content-beyond-items", .truncated, 4, captured(3).dropLast()),
        ("half-a-length", .truncated, 1, [3, 0]),
        ("second-content-cut", .truncated, 13, captured(3) + captured(4).dropLast()),
      ] {
        let req = code == .notCanonical ? "R-2.2-8" : code == .truncated ? "R-2.2-4" : "R-2.2-5"
        try builder.reject(
          "wire-capture-\(what)", [req], flags: ["Malleability"],
          "Items: \(what.split(separator: "-").joined(separator: " ")).",
          in: .of("message", sample.replacing("items", with: items)), code: code, offset: start + offset,
          twin: "wire-capture-valid")
      }
    })

  private static let token = WireSample(
    name: "Token",
    fields: [
      Field(name: "version", bytes: [1], rule: .constant(.unknownVersion)),
      Field(name: "field", bytes: [4], rule: .oneOf(TokenField.allCases.map(\.rawValue))),
      Field(name: "epoch", bytes: be(1, 4), rule: .epoch),
      opaque("v", 16),
    ]
      + vector(
        "c", filler("c", 16), width: 2, wrong: [0, 1, 15, 17, 24, 31, 33, 48, 4095, 4097, 8192, 65_535],
        greatest: 4096),
    more: { builder, sample in
      for count in [32, 64, 128, 256, 512, 1024, 2048, 4096] {
        let message = sample.replacing("c", with: filler("c", count))
        try builder.accept(
          "wire-token-c-\(count)-bytes", ["R-8.3-1"], "A padded value of \(count) bytes.",
          in: .of("message", message),
          out: .of("message", message))
      }
    })

  private static let localState = WireSample(
    name: "LocalState",
    fields: header(11, .epoch).filter { $0.name != "epoch" && $0.name != "type" }.inserting(
      Field(name: "type", bytes: [11], rule: .oneOfTypes([11, 12])), at: 2)
      + [Field(name: "epoch", bytes: be(3, 4), rule: .opaque), counter("writes")]
      + vector("sealed", filler("state", 90), width: 3, wrong: [0, 71], greatest: 0xff_ffff),
    more: { builder, sample in
      var message = sample.bytes
      message.replaceSubrange(4..<24, with: [UInt8](repeating: 0, count: 20))
      try builder.accept(
        "wire-localstate-nothing-known", ["R-8.1-2"], "Written before an account is known.",
        in: .of("message", message),
        out: .of("message", message))
    })

  private static let spoolHeader = WireSample(
    name: "SpoolHeader", fields: header(10, .zeroEpoch) + [opaque("agent-id", 16), counter("segment")])

  // Parts.

  private static func header(_ type: UInt8, _ epoch: Field.Rule, _ prefix: String = "") -> [Field] {
    let isZero = if case .zeroEpoch = epoch { true } else { false }
    return [
      Field(name: "\(prefix)magic", bytes: Array("EK".utf8), rule: .constant(.badMagic)),
      Field(name: "\(prefix)version", bytes: [1], rule: .constant(.unknownVersion)),
      Field(name: "\(prefix)type", bytes: [type], rule: .constant(.unexpectedType)),
      opaque("\(prefix)account-id", 16),
      Field(name: "\(prefix)epoch", bytes: be(isZero ? 0 : 3, 4), rule: epoch),
    ]
  }

  private static func generation(_ name: String) -> Field {
    Field(name: name, bytes: be(29_400_000, 4), rule: .generation)
  }

  private static func counter(_ name: String) -> Field { Field(name: name, bytes: be(7, 8), rule: .counter) }

  private static func opaque(_ name: String, _ count: Int) -> Field {
    Field(name: name, bytes: filler(name, count), rule: .opaque)
  }

  private static func vector(
    _ name: String, _ content: [UInt8], width: Int, wrong: [Int], greatest: Int
  ) -> [Field] {
    [
      Field(
        name: "\(name)-length", bytes: be(content.count, width),
        rule: .length(width: width, wrong: wrong, greatest: greatest)),
      Field(name: name, bytes: content, rule: .opaque),
    ]
  }

  /// Bytes that do not repeat, so that shifted fields show.
  private static func filler(_ name: String, _ count: Int) -> [UInt8] {
    var state = name.utf8.reduce(UInt32(17)) { ($0 &* 31) &+ UInt32($1) }
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }

  private static func id(_ number: UInt8) -> [UInt8] { [number] + filler("id", 15) }

  private static func tokenItem(_ field: UInt8) -> [UInt8] {
    [1, 1, field] + be(3, 4) + filler("v\(field)", 16) + be(16, 2) + filler("c\(field)", 16)
  }

  private static func blobItem(_ field: UInt8) -> [UInt8] {
    [2, field] + be(5_000, 8) + filler("digest", 32)
  }

  private static func record(_ items: [UInt8]) -> [UInt8] {
    [1] + be(1_764_000_000_000, 8) + be(60_000, 4) + be(items.count, 2) + items
  }

  private static func rule(
    _ field: UInt8, _ v: UInt8, _ category: UInt8, epoch: UInt32 = 3, size: Int = 16
  ) -> [UInt8] {
    var bytes: [UInt8] = [1, field] + be(epoch, 4)
    bytes += [v] + filler("rule", 15)
    return bytes + be(size, 2) + filler("rule c", size) + [category]
  }
}

extension [WireSample.Field] {
  fileprivate func inserting(_ field: WireSample.Field, at index: Int) -> Self {
    var fields = self
    fields.insert(field, at: index)
    return fields
  }
}
