package import Endkey
internal import EndkeyBulk
internal import EndkeyPrimitives
package import EndkeyWire

/// The property that binds `EndkeyBulk` to the plain form of `Endkey`: same tokens, same values, same refusals.
package enum TokenAgreement {
  /// The first difference between sealing and opening `values` together and one by one; nil when there is none. The
  /// tokens at every `damageStep`th place are damaged before they are opened, each in another way.
  package static func disagreement(
    _ values: [[UInt8]], field: TokenField, key: borrowing TokenKey, damageStep: Int = 3
  ) throws(ProtocolError) -> String? {
    var sealer = try TokenSealer(key: key)
    var bulkSealer = try BulkTokenSealer(key: key)

    // Refusals: that of many values is that of the first which is refused by itself.
    var accepted = FlatBytes()
    var plain: [Token] = []
    var firstRefusal: ProtocolError?
    var all = FlatBytes()
    for value in values {
      all.append(value)
      do {
        plain.append(try sealer.seal(value, field: field))
        accepted.append(value)
      } catch {
        firstRefusal = firstRefusal ?? error
      }
    }
    let together = Outcome { () throws(ProtocolError) in try bulkSealer.seal(all, field: field) }
    if let firstRefusal, together != .error(firstRefusal) { return "together, refused as \(together)" }

    // Tokens.
    let tokens = try bulkSealer.seal(accepted, field: field)
    guard tokens.count == plain.count else { return "\(tokens.count) tokens of \(plain.count) values" }
    for (index, token) in plain.enumerated() where tokens[index] != token.serialized {
      return "token \(index) of \(plain.count), of \(accepted.range(index).count) bytes"
    }
    let texts = try bulkSealer.sealText(accepted, field: field)
    guard texts.count == plain.count else { return "\(texts.count) texts of \(plain.count) values" }
    for (index, token) in plain.enumerated() {
      guard texts[index] == [UInt8](token.text.utf8) else { return "text \(index) of \(plain.count)" }
      let value = String(decoding: accepted[index], as: UTF8.self)
      guard try sealer.sealText(value, field: field) == token.text else {
        return "text of value \(index) of \(plain.count) alone"
      }
    }
    return try difference(inOpening: plain, of: key, damageStep)
  }

  /// The first difference between opening tokens, of which some are damaged, together and one by one; and the same of
  /// their texts.
  private static func difference(
    inOpening tokens: [Token], of key: borrowing TokenKey, _ damageStep: Int
  ) throws(ProtocolError) -> String? {
    var ring = KeyRing(accountID: key.accountID, holder: .owner)
    ring.add(key.copy())
    var opener = TokenOpener(ring: ring)
    var bulkOpener = BulkTokenOpener(ring: ring)
    var damaged = FlatBytes()
    var damagedTexts = FlatBytes()
    for (index, token) in tokens.enumerated() {
      var bytes = token.serialized
      if index % damageStep == 0 { bytes[index * 7 % bytes.count] ^= 1 << UInt8(index % 8) }
      damaged.append(bytes)
      var text = [UInt8](token.text.utf8)
      if index % damageStep == damageStep - 1 { text[index * 11 % text.count] ^= 1 << UInt8(index % 7) }
      damagedTexts.append(text)
    }
    let expected = (0..<damaged.count).map { index in
      Outcome { () throws(ProtocolError) in try opener.open(parsing: damaged[index]) }
    }
    if let difference = difference(try bulkOpener.open(damaged), expected) { return "token: \(difference)" }

    let expectedOfTexts = (0..<damagedTexts.count).map { index in
      Outcome { () throws(ProtocolError) in
        try opener.open(try token(of: damagedTexts[index]))
      }
    }
    if let difference = difference(try bulkOpener.open(texts: damagedTexts), expectedOfTexts) {
      return "text: \(difference)"
    }
    return nil
  }

  private static func difference(_ opened: OpenedTokens, _ expected: [Outcome<[UInt8]>]) -> String? {
    guard opened.values.count == expected.count else { return "\(opened.values.count) of \(expected.count)" }
    var failures = opened.failures[...]
    for (index, outcome) in expected.enumerated() {
      switch outcome {
      case .value(let value):
        guard opened.values[index] == value else { return "another value of \(index)" }
      case .error(let error):
        guard opened.values[index] == [] else { return "something of \(index), which does not open" }
        guard let failure = failures.popFirst(), failure.index == index, failure.error == error else {
          return "the failure of \(index), which is \(error)"
        }
      }
    }
    return failures.first.map { "\($0), which is no failure" }
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

private func token(of text: [UInt8]) throws(ProtocolError) -> Token {
  do {
    return try Token(text: text)
  } catch {
    throw ProtocolError(error)
  }
}
