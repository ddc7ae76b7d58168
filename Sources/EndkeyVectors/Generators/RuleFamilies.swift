internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let ruleSets: [Family] = [
    Family("rules/make") { builder in try buildRulesMake(&builder) },
    Family("rules/open", flags: [ruleFlag]) { builder in try buildRulesOpen(&builder) },
  ]

  private static let ruleFlag = VectorFile.Flag(
    "Rules", bugType: "MISSING_CHECK", effect: "the service says what is productive", refs: ["R-16.4-3"])

  /// A key of an epoch, and a token under it.
  private static func tokenKey(_ epoch: UInt32, _ line: String = "") throws -> [UInt8] {
    try Fixture.made.get().key("token", epoch, line, count: 64)
  }

  private static func token(
    _ value: [UInt8], field: UInt8 = 2, epoch: UInt32 = 3, line: String = ""
  ) throws -> [UInt8] {
    let fixture = try Fixture.made.get()
    let ad = Fixture.labelled("token-ad", fixture.accountID + be(epoch, 4) + [field])
    var siv = try AESSIV(key: SecretBytes(copying: tokenKey(epoch, line)))
    let (v, c) = try siv.seal(padded(value), associatedData: [ad])
    return Fixture.joined([1, field], be(epoch, 4), v, be(c.count, 2), c)
  }

  private static func ruleSet(_ rules: [([UInt8], UInt8)], epoch: UInt32 = 3) throws -> [UInt8] {
    let list = rules.map { $0.0 + [$0.1] }.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
    return Fixture.header(9, try Fixture.made.get().accountID, epoch) + be(list.count, 3) + list
  }

  private static func buildRulesMake(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    typealias Definition = (field: String, category: String, value: [UInt8], seen: Bool, past: [Int])
    func input(_ definitions: [Definition], keys: [(Int, [UInt8])]? = nil) throws -> JSONObject {
      let keys =
        try keys ?? [
          (1, tokenKey(1)), (2, tokenKey(2)), (2, tokenKey(2, " of another line")), (3, tokenKey(3)),
        ]
      return .of([
        "account_id": .hex(fixture.accountID), "epoch": 3,
        "keys": .array(keys.map { ["epoch": .integer($0.0), "token_key": .hex($0.1)] }),
        "definitions": .array(
          definitions.map {
            [
              "field": .string($0.field), "category": .string($0.category), "value": .hex($0.value),
              "seen": .bool($0.seen), "past": .array($0.past.map { .integer($0) }),
            ]
          }),
      ])
    }
    let (editor, game, chat) = (Array("Editor".utf8), Array("Game".utf8), Array("Chat".utf8))
    func accept(
      _ id: String, _ req: String, _ comment: String, _ definitions: [Definition], _ rules: [([UInt8], UInt8)]
    ) throws {
      try builder.accept(
        "rules-make-\(id)", [req], comment, in: input(definitions), out: .of("rule_set", try ruleSet(rules)))
    }
    let seen: Definition = ("application_name", "productive", editor, true, [])
    try accept("one", "R-16.4-1", "A value that was seen.", [seen], [(token(editor), 1)])
    try accept("none", "R-16.4-1", "No rules.", [], [])
    for (id, keys) in [("without-a-key", []), ("with-another-epochs-key", [(1, try tokenKey(1))])] {
      let unseen: Definition = ("application_name", "productive", editor, false, [1])
      for (name, definitions) in [("none", []), ("unseen", [unseen])] {
        try builder.accept(
          "rules-make-\(name)-\(id)", ["R-16.4-1"], "Where no value was seen, no key is needed.",
          in: input(definitions, keys: keys), out: .of("rule_set", try ruleSet([])))
      }
    }
    try accept(
      "unseen", "R-16.4-1", "A value that was not seen has no token.",
      [seen, ("application_name", "unproductive", game, false, [1])], [(token(editor), 1)])
    try accept(
      "unseen-and-too-long", "R-16.4-1", "What was not seen is not looked at.",
      [seen, ("application_name", "unproductive", [UInt8](repeating: 0x61, count: 4_096), false, [])],
      [(token(editor), 1)])
    try accept(
      "sorted-by-token", "R-16.4-2", "The order of tokens tells nothing about the values.",
      [
        seen, ("application_name", "unproductive", game, true, []),
        ("application_name", "neutral", chat, true, []),
      ],
      [(token(editor), 1), (token(game), 3), (token(chat), 2)])
    try accept(
      "one-value-in-two-fields", "R-16.4-2", "A value is another token in another field.",
      [seen, ("window_title", "neutral", editor, true, [])],
      [(token(editor), 1), (token(editor, field: 3), 2)])
    try accept(
      "past-epochs", "R-16.4-1", "Data that is kept has the value's tokens of past epochs.",
      [("application_name", "productive", editor, true, [1])],
      [(token(editor), 1), (token(editor, epoch: 1), 1)])
    try accept(
      "past-epoch-of-two-keys", "R-7-5", "Two lines have used the epoch: a token under each key.",
      [("application_name", "productive", editor, true, [2])],
      [
        (token(editor), 1), (token(editor, epoch: 2), 1),
        (token(editor, epoch: 2, line: " of another line"), 1),
      ])
    // Values whose tokens have their Vs in another order than the fields, epochs or values before them.
    func differing(
      _ isOther: ([UInt8], [UInt8]) -> Bool, _ one: (Int) throws -> [UInt8], _ two: (Int) throws -> [UInt8]
    )
      throws -> Int
    {
      for number in 0..<1_000 where isOther([UInt8](try one(number)[6...]), [UInt8](try two(number)[6...])) {
        return number
      }
      throw SuiteError("rules/make: no such values")
    }
    func value(_ number: Int) -> [UInt8] { Array("Value \(number)".utf8) }
    let isBelow: ([UInt8], [UInt8]) -> Bool = { $0.lexicographicallyPrecedes($1) }
    for (id, isOther) in [("rising", isBelow), ("falling", { !isBelow($0, $1) })] {
      let inFields = try differing(isOther, { try token(value($0)) }, { try token(value($0), field: 3) })
      try accept(
        "fields-before-v-\(id)", "R-16.4-2", "Tokens are in the order of fields, whatever their V.",
        [
          ("application_name", "productive", value(inFields), true, []),
          ("window_title", "neutral", value(inFields), true, []),
        ], [(token(value(inFields)), 1), (token(value(inFields), field: 3), 2)])
      let inEpochs = try differing(isOther, { try token(value($0), epoch: 1) }, { try token(value($0)) })
      try accept(
        "epochs-before-v-\(id)", "R-16.4-2",
        "Tokens of a field are in the order of epochs, whatever their V.",
        [("application_name", "productive", value(inEpochs), true, [1])],
        [(token(value(inEpochs), epoch: 1), 1), (token(value(inEpochs)), 1)])
      let inValues = try differing(isOther, { try token(value($0)) }, { try token(value($0 + 1)) })
      try accept(
        "v-before-values-\(id)", "R-16.4-2",
        "Tokens of a field and epoch are in the order of V, whatever the values.",
        [
          ("application_name", "productive", value(inValues), true, []),
          ("application_name", "neutral", value(inValues + 1), true, []),
        ], [(token(value(inValues)), 1), (token(value(inValues + 1)), 2)])
    }
    try accept(
      "fields-before-epochs", "R-16.4-2", "A greater field of an older epoch comes later.",
      [("employee_name", "productive", editor, true, []), ("url", "neutral", editor, true, [1])],
      [
        (token(editor, field: 1), 1), (token(editor, field: 4), 2), (token(editor, field: 4, epoch: 1), 2),
      ])
    try accept(
      "empty-value", "R-16.4-1", "The empty value has a token.",
      [("application_name", "neutral", [], true, [])], [(token([]), 2)])
    try accept(
      "longest-value", "R-16.4-1", "A value of 4,095 bytes.",
      [("application_name", "neutral", [UInt8](repeating: 0x61, count: 4_095), true, [])],
      [(token([UInt8](repeating: 0x61, count: 4_095)), 2)])
    func reject(_ id: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode) throws {
      try builder.reject(
        "rules-make-\(id)", ["R-16.4-1"], comment, in: input, code: code, twin: "rules-make-one")
    }
    try reject(
      "too-long", "A value of 4,096 bytes.",
      input([("url", "neutral", [UInt8](repeating: 0x61, count: 4_096), true, [])]), .valueTooLong)
    for (place, at) in [("first", 0), ("middle", 1), ("last", 2)] {
      var definitions = ["a", "b", "c"].map { name -> Definition in
        ("url", "neutral", Array(name.utf8), true, [])
      }
      definitions[at].2 = [0xff]
      try reject(
        "\(place)-of-three-not-utf8", "The \(place) of three values is not UTF-8.", input(definitions),
        .valueNotUTF8)
    }
    try reject(
      "not-utf8", "A value that is not UTF-8.", input([("url", "neutral", [0xff], true, [])]), .valueNotUTF8)
    try reject(
      "last-not-utf8", "The last of two is not UTF-8.", input([seen, ("url", "neutral", [0xff], true, [])]),
      .valueNotUTF8)
    try reject(
      "no-key", "There is no key of the epoch.", input([seen], keys: [(1, tokenKey(1))]), .noEpochKey)
    try reject(
      "no-past-key", "There is no key of a past epoch.", input([("url", "neutral", editor, true, [1, 9])]),
      .noEpochKey)
    try reject(
      "order-length-before-utf8", "The length is looked at first.",
      input([("url", "neutral", [UInt8](repeating: 0xff, count: 4_096), true, [])]), .valueTooLong)
    try reject(
      "order-utf8-before-key", "The value is looked at before keys.",
      input([("url", "neutral", [0xff], true, [])], keys: []), .valueNotUTF8)
  }

  private static func buildRulesOpen(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let good = try ruleSet([(token(Array("Editor".utf8)), 1), (token(Array("Game".utf8)), 3)])
    func input(_ rules: [UInt8]?, hash: [UInt8]? = nil, epoch: Int = 3) -> JSONObject {
      .of([
        "account_id": .hex(fixture.accountID), "epoch": .integer(epoch),
        "expected_hash": .hex(hash ?? SHA256.hash(rules ?? [])), "rule_set": .hexOrNull(rules),
      ])
    }
    func accept(_ id: String, _ comment: String, _ input: JSONObject) throws {
      try builder.accept("rules-open-\(id)", ["R-16.4-3"], comment, in: input, out: JSONObject())
    }
    try accept("named", "The vault names the set.", input(good))
    try accept("empty-set", "A set without rules.", input(ruleSet([])))
    try accept("none", "The vault names none, and none is there.", input(nil, hash: .zeros(32)))
    try accept(
      "none-named", "The vault names none: what is there is not read.", input([1, 2, 3], hash: .zeros(32)))
    func reject(
      _ id: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode, offset: Int? = nil
    ) throws {
      try builder.reject(
        "rules-open-\(id)", ["R-16.4-3"], flags: ["Rules"], comment, in: input, code: code, offset: offset,
        twin: "rules-open-named")
    }
    let hash = SHA256.hash(good)
    try reject("missing", "The vault names a set, and none is there.", input(nil, hash: hash), .chainBroken)
    for (place, at) in [("first", 0), ("middle", 16), ("last", 31)] {
      try reject(
        "hash-\(place)-byte", "The hash differs in a byte.", input(good, hash: hash.flipped(at)), .chainBroken
      )
    }
    for (name, bad) in hash.neighbours {
      try reject("hash-\(name)", "The hash differs in a byte.", input(good, hash: bad), .chainBroken)
    }
    for (name, bad) in [("first", hash.with(.zeros(16), at: 16)), ("last", hash.with(.zeros(16), at: 0))] {
      try reject(
        "hash-\(name)-half", "Half of the hash, and zeros.", input(nil, hash: bad), .chainBroken)
    }
    for (name, bad) in good.neighbours(in: 4..<20) {
      try reject("account-\(name)", "The account differs in a byte.", input(bad), .wrongAccount)
    }
    try reject("another", "Another set.", input(ruleSet([]), hash: hash), .chainBroken)
    try reject(
      "category-changed", "A category was changed.", input(good.flipped(good.count - 1, 2), hash: hash),
      .chainBroken)
    try reject(
      "cut", "The set is cut, and named so.", input([UInt8](good.dropLast())), .truncated, offset: 27)
    try reject(
      "trailing-byte", "A byte too many, and named so.", input(good + [0]), .trailingBytes, offset: good.count
    )
    try reject(
      "of-another-account", "Of another account.", input(good.with(fixture.other.accountID, at: 4)),
      .wrongAccount)
    try reject(
      "of-a-similar-account", "The account differs in its last byte.", input(good.flipped(19)), .wrongAccount)
    try reject("of-the-epoch-before", "Of the epoch before.", input(good, epoch: 4), .epochMismatch)
    try reject("of-the-next-epoch", "Of the next epoch.", input(good, epoch: 2), .epochMismatch)
    try reject(
      "order-hash-before-format", "The hash is compared first.", input([UInt8](good.dropLast()), hash: hash),
      .chainBroken)
    try reject(
      "order-account-before-epoch", "The account is compared before the epoch.",
      input(good.flipped(19), epoch: 4), .wrongAccount)
  }
}
