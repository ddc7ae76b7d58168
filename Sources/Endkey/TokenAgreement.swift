internal import EndkeyPrimitives
package import EndkeyWire

/// The property that binds the batch to the plain form: same tokens, same values, same refusals.
package enum TokenAgreement {
  /// The first difference between sealing and opening `values` together, one by one, and plainly; nil when there
  /// is none. The tokens at every `damageStep`th place are damaged before they are opened, each in another way.
  package static func disagreement(
    _ values: [[UInt8]], field: TokenField, key: borrowing TokenKey, damageStep: Int = 3
  ) throws(ProtocolError) -> String? {
    var siv = try primitive("14.1") { () throws(PrimitiveError) in try AESSIV(key: key.secret) }
    var sealer = try TokenSealer(key: key)
    var ring = KeyRing(accountID: key.accountID, holder: .owner)
    ring.add(key.copy())
    var opener = TokenOpener(ring: ring)

    // Refusals: the same of each value, and of the batch that of its first.
    var accepted = FlatBytes()
    var plain: [Token] = []
    var firstRefusal: ProtocolError?
    var all = FlatBytes()
    for (index, value) in values.enumerated() {
      all.append(value)
      let expected = Outcome { () throws(ProtocolError) in
        try PlainToken.seal(value, field: field, accountID: key.accountID, epoch: key.epoch, with: &siv)
      }
      let single = Outcome { () throws(ProtocolError) in try sealer.seal(value, field: field) }
      guard single == expected else { return "sealing value \(index) alone: \(single), not \(expected)" }
      switch expected {
      case .value(let token):
        accepted.append(value)
        plain.append(token)
      case .error(let error): firstRefusal = firstRefusal ?? error
      }
    }
    let batch = Outcome { () throws(ProtocolError) in try sealer.seal(all, field: field) }
    if let firstRefusal, batch != .error(firstRefusal) { return "the batch is refused as \(batch)" }

    // Tokens.
    let tokens = try sealer.seal(accepted, field: field)
    guard tokens.count == plain.count else { return "\(tokens.count) tokens of \(plain.count) values" }
    for (index, token) in plain.enumerated() where tokens[index] != token.serialized {
      return "token \(index) of \(plain.count), of \(accepted.range(index).count) bytes"
    }
    let texts = try sealer.sealText(accepted, field: field)
    guard texts.count == plain.count else { return "\(texts.count) texts of \(plain.count) values" }
    for (index, token) in plain.enumerated() {
      guard texts[index] == [UInt8](token.text.utf8) else { return "text \(index) of \(plain.count)" }
      let value = String(decoding: accepted[index], as: UTF8.self)
      guard try sealer.sealText(value, field: field) == token.text else {
        return "text of value \(index) of \(plain.count) alone"
      }
    }

    // Values, where some tokens are damaged, and then some texts.
    var damaged = FlatBytes()
    var damagedTexts = FlatBytes()
    for (index, token) in plain.enumerated() {
      var bytes = token.serialized
      if index % damageStep == 0 { bytes[index * 7 % bytes.count] ^= 1 << UInt8(index % 8) }
      damaged.append(bytes)
      var text = [UInt8](token.text.utf8)
      if index % damageStep == damageStep - 1 { text[index * 11 % text.count] ^= 1 << UInt8(index % 7) }
      damagedTexts.append(text)
    }
    var expected: [Outcome<[UInt8]>] = []
    for index in 0..<damaged.count {
      expected.append(
        Outcome { () throws(ProtocolError) in
          let token = try wire { () throws(WireError) in try Token(parsing: damaged[index]) }
          return try openPlainly(token, key, with: &siv)
        })
      let single = Outcome { () throws(ProtocolError) in try opener.open(parsing: damaged[index]) }
      guard single == expected[index] else {
        return "opening token \(index) alone: \(single), not \(expected[index])"
      }
    }
    if let difference = difference(try opener.open(damaged), expected) { return "token: \(difference)" }

    expected = []
    for index in 0..<damagedTexts.count {
      expected.append(
        Outcome { () throws(ProtocolError) in
          let token = try wire { () throws(WireError) in try Token(text: damagedTexts[index]) }
          return try openPlainly(token, key, with: &siv)
        })
    }
    if let difference = difference(try opener.open(texts: damagedTexts), expected) {
      return "text: \(difference)"
    }
    return nil
  }

  private static func openPlainly(
    _ token: Token, _ key: borrowing TokenKey, with siv: inout AESSIV
  ) throws(ProtocolError) -> [UInt8] {
    guard token.epoch == key.epoch else { throw ProtocolError(.noEpochKey, "14.2") }
    return try PlainToken.open(token, accountID: key.accountID, with: &siv)
  }

  private static func difference(_ opened: OpenedTokens, _ expected: [Outcome<[UInt8]>]) -> String? {
    guard opened.values.count == expected.count else { return "\(opened.values.count) of \(expected.count)" }
    var failures: [OpenedTokens.Failure] = []
    for (index, outcome) in expected.enumerated() {
      switch outcome {
      case .value(let value):
        guard opened.values[index] == value else { return "another value of \(index)" }
      case .error(let error):
        guard opened.values[index] == [] else { return "something of \(index), which does not open" }
        failures.append(OpenedTokens.Failure(index: index, error: error))
      }
    }
    return opened.failures == failures ? nil : "\(opened.failures), not \(failures)"
  }

  /// The same of what arbitrary bytes, such as a fuzzer's, stand for: a key, a field, and values of up to 4,351
  /// bytes behind two bytes of length each.
  package static func disagreement(_ input: [UInt8]) throws(ProtocolError) -> String? {
    guard input.count > 2 else { return nil }
    let secret = SecretBytes(copying: (0..<64).map { UInt8($0) &+ input[0] })
    let field = TokenField.allCases[Int(input[1]) % TokenField.allCases.count]
    var values: [[UInt8]] = []
    var rest = input[2...]
    while rest.count >= 2 {
      let count = Int(rest[rest.startIndex] % 17) << 8 | Int(rest[rest.startIndex + 1])
      rest = rest.dropFirst(2)
      values.append([UInt8](rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    let key = TokenKey(secret: secret, accountID: .zero, epoch: 1)
    return try disagreement(values, field: field, key: key)
  }

  private enum Outcome<Value: Equatable>: Equatable {
    case value(Value)
    case error(ProtocolError)

    init(_ body: () throws(ProtocolError) -> Value) {
      do {
        self = .value(try body())
      } catch {
        self = .error(error)
      }
    }
  }
}
