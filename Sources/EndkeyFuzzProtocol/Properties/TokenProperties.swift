internal import Endkey
internal import EndkeyFuzz
internal import EndkeyWire
internal import TestSupport

/// The properties of tokens. §14
enum TokenProperties {
  static func check(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    let field = script.one(of: TokenField.allCases)
    let edits = script.byte()
    var values: [[UInt8]] = []
    while !script.isAtEnd, values.count < 40 { values.append(script.string(atMost: 80)) }
    // Lone bytes are rarely UTF-8: half of the values are made so.
    for index in values.indices where index % 2 == 0 {
      values[index] = Array(String(decoding: values[index], as: UTF8.self).utf8)
    }
    do {
      var sealer = try TokenSealer(key: Keys.tokenKey.value)
      var opener = TokenOpener(ring: Keys.ring)
      var sealed: [Token] = []
      var good: [[UInt8]] = []
      for value in values {
        let isText = String(validating: value, as: UTF8.self) != nil
        let code = refusal { () throws(ProtocolError) in sealed.append(try sealer.seal(value, field: field)) }
        try require(
          code == (isText ? nil : .valueNotUTF8), "a value is refused, or taken, that should not be")
        if isText { good.append(value) }
      }
      for (token, value) in zip(sealed, good) {
        try require(try opener.open(token) == value, "a token opens as another value")
        let size = token.serialized.count - Token.Layout.headCount
        try require(
          size >= 16 && size > value.count && size < max(17, 2 * value.count + 2), "a padding of \(size)")
        if value.count > 7 {
          try require(!token.serialized.contains(value), "the token shows its value")
        }
      }
      // R-14.1-1: equality of tokens is equality of values.
      for (token, value) in zip(sealed.dropFirst(), good.dropFirst()) {
        try require(
          (token == sealed[0]) == (value == good[0]), "equal tokens of unequal values, or the reverse")
      }
      if let difference = try TokenAgreement.disagreement(values, field: field, key: Keys.tokenKey.value) {
        throw Violation("together and one by one: \(difference)")
      }
      if let token = sealed.first {
        var copy = Script([edits, edits &* 7, 0, 1, edits &* 13].span)
        let changed = copy.edited(token.serialized)
        let code = refusal { () throws(ProtocolError) in _ = try opener.open(parsing: changed) }
        try require((code == nil) == (changed == token.serialized), "a changed token opens")
      }
      return sealed.isEmpty ? .refused : .accepted
    } catch {
      throw error as? Violation ?? Violation("\(error)")
    }
  }
}
