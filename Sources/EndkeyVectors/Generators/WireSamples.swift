internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire

// Samples of every message, field by field, without the serialisers that they test.

extension WireSample {
  static let all = [
    passwordWrap, ownerVault, enrolmentRequest, grant, privateKeys, accountState, sealedBlob, recordBatch,
    ruleSet, token,
    localState, spoolHeader,
  ]

  private static let passwordWrap = WireSample(
    name: "PasswordWrap",
    fields: header(1, .epoch) + [
      counter("counter"), Field(name: "iterations", bytes: be(600_000, 4), rule: .opaque),
      Field(name: "account-secret", bytes: [1], rule: .oneOf([0, 1])), opaque("salt", 32),
      opaque("commitment", 32),
      opaque("wrapped", 40),
    ],
    more: { builder, sample in
      for (what, comment, field, bytes) in [
        ("iterations-of-32-bits", "The format sets iterations no bounds.", "iterations", be(0xffff_ffff, 4)),
        ("counter-0", "Counters start at 0.", "counter", be(0, 8)),
      ] {
        let message = sample.bytes.with(bytes, at: sample.offset(of: field))
        try builder.accept(
          "wire-passwordwrap-\(what)", ["R-2.2-6"], comment, in: .of("message", message),
          out: .of("message", message))
      }
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
      + vector("sealed", filler("vault", 80), width: 3, wrong: [0, 71], greatest: 0xff_ffff),
    more: { builder, sample in
      let message = sample.replacing("sealed", with: filler("vault", 72))
      try builder.accept(
        "wire-ownervault-sealed-72-bytes", ["R-2.2-3"], "The shortest sealed message.",
        in: .of("message", message),
        out: .of("message", message))
    })

  private static let enrolmentRequest = WireSample(
    name: "EnrolmentRequest",
    fields: header(3, .zeroEpoch) + [
      opaque("modulus", 256), opaque("verify-key", 32), opaque("nonce", 32), opaque("mac", 32),
      opaque("signature", 64),
    ])

  private static let grant = WireSample(
    name: "Grant",
    fields: header(4, .epoch) + [
      Field(name: "kind", bytes: [2], rule: .oneOf([1, 2])), opaque("recipient", 16), counter("counter"),
      opaque("ciphertext", 256), opaque("signature", 64),
    ])

  private static let privateKeys = WireSample(
    name: "PrivateKeys", fields: header(5, .epoch) + [opaque("sealed", 360)])

  private static let accountState = WireSample(
    name: "AccountState",
    fields: header(6, .epoch) + [
      counter("counter"), opaque("verify-key", 32), opaque("modulus", 256), opaque("commitment", 32),
      opaque("rule-set", 32),
      opaque("previous", 32),
    ] + vector("revoked", id(1) + id(2), width: 2, wrong: [1, 15, 17, 65_521, 65_535], greatest: 65_520) + [
      opaque("signature", 64)
    ],
    more: { builder, sample in
      let start = sample.offset(of: "revoked")
      let none = sample.replacing("revoked", with: [])
      try builder.accept(
        "wire-accountstate-nobody-revoked", ["R-2.2-3"], "An empty list.", in: .of("message", none),
        out: .of("message", none))
      let unsigned = sample.replacing("revoked", with: id(0x7f) + id(0x80))
      try builder.accept(
        "wire-accountstate-revoked-unsigned", ["R-2.2-8"], "Bytes are compared without a sign.",
        in: .of("message", unsigned), out: .of("message", unsigned))
      for (what, list) in [("descending", id(2) + id(1)), ("repeated", id(1) + id(1))] {
        try builder.reject(
          "wire-accountstate-revoked-\(what)", ["R-2.2-8"], flags: ["Malleability"], "Ids that are \(what).",
          in: .of("message", sample.replacing("revoked", with: list)), code: .notCanonical,
          offset: start + 16,
          twin: "wire-accountstate-valid")
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
      opaque("agent-id", 16), counter("sequence"), opaque("previous", 32), counter("state-counter"),
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
    fields: header(9, .epoch) + [counter("counter")]
      + vector(
        "rules", rule(1, 2, 1) + rule(1, 3, 2) + rule(2, 1, 3), width: 3,
        wrong: [1, 17, 19, 16_777_207, 0xff_ffff],
        greatest: 16_777_206) + [
        opaque("signature", 64)
      ],
    more: { builder, sample in
      let start = sample.offset(of: "rules")
      let none = sample.replacing("rules", with: [])
      try builder.accept(
        "wire-ruleset-no-rules", ["R-2.2-3"], "No rule.", in: .of("message", none), out: .of("message", none))
      for (what, code, offset, rules): (String, ErrorCode, Int, [UInt8]) in [
        ("descending-by-v", .notCanonical, 18, rule(2, 1, 1) + rule(1, 1, 1)),
        ("descending-by-field", .notCanonical, 18, rule(1, 3, 1) + rule(1, 2, 1)),
        ("repeated", .notCanonical, 18, rule(1, 2, 1) + rule(1, 2, 1)),
        ("two-categories", .notCanonical, 18, rule(1, 2, 1) + rule(1, 2, 2)),
        ("field-0", .unknownValue, 16, rule(1, 0, 1)), ("field-16", .unknownValue, 16, rule(1, 16, 1)),
        ("category-0", .unknownValue, 17, rule(1, 1, 0)), ("category-4", .unknownValue, 17, rule(1, 1, 4)),
      ] {
        try builder.reject(
          "wire-ruleset-\(what)", [code == .notCanonical ? "R-2.2-8" : "R-2.2-5"], flags: ["Malleability"],
          "Rules: \(what.split(separator: "-").joined(separator: " ")).",
          in: .of("message", sample.replacing("rules", with: rules)),
          code: code, offset: start + offset, twin: "wire-ruleset-valid")
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
      + [Field(name: "epoch", bytes: be(3, 4), rule: .opaque), counter("generation")]
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
    name: "SpoolHeader", fields: header(10, .epoch) + [opaque("agent-id", 16), counter("segment")])

  // Parts.

  private static func header(_ type: UInt8, _ epoch: Field.Rule) -> [Field] {
    let isZero = if case .zeroEpoch = epoch { true } else { false }
    return [
      Field(name: "magic", bytes: Array("EK".utf8), rule: .constant(.badMagic)),
      Field(name: "version", bytes: [1], rule: .constant(.unknownVersion)),
      Field(name: "type", bytes: [type], rule: .constant(.unexpectedType)), opaque("account-id", 16),
      Field(name: "epoch", bytes: be(isZero ? 0 : 3, 4), rule: epoch),
    ]
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

  private static func rule(_ v: UInt8, _ field: UInt8, _ category: UInt8) -> [UInt8] {
    [v] + filler("rule", 15) + [field, category]
  }
}

extension [WireSample.Field] {
  fileprivate func inserting(_ field: WireSample.Field, at index: Int) -> Self {
    var fields = self
    fields.insert(field, at: index)
    return fields
  }
}
