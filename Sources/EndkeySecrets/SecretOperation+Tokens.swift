internal import Endkey
internal import EndkeyBulk
internal import EndkeyPrimitives
internal import EndkeyWire

extension SecretOperation {
  /// Values and their tokens, one by one and many at a time. Keys and values are secret; how long a value is, is not,
  /// from when V is verified: whoever asked for the value gets so many bytes, and nobody gets anything when V is wrong.
  static let tokens: [SecretOperation] = [
    SecretOperation("siv-seal") { mark in
      let (key, plaintext) = (bytes(3, 64), bytes(4, 100))
      var siv = try AESSIV(key: secret(key, mark))
      let (v, ciphertext) = try secret(plaintext, mark).withBytes { (plaintext) throws(PrimitiveError) in
        try siv.seal(plaintext, associatedData: [[1, 2, 3]])
      }
      var again = try AESSIV(key: SecretBytes(copying: key))
      let expected = try again.seal(plaintext, associatedData: [[1, 2, 3]])
      return open(v, mark) == expected.v && open(ciphertext, mark) == expected.ciphertext
    },
    SecretOperation("siv-open") { mark in
      let (key, plaintext) = (bytes(3, 64), bytes(4, 100))
      var sealer = try AESSIV(key: SecretBytes(copying: key))
      let (v, ciphertext) = try sealer.seal(plaintext, associatedData: [[1, 2, 3]])
      var opener = try AESSIV(key: secret(key, mark))
      return open(try opener.open(v: v, ciphertext: ciphertext, associatedData: [[1, 2, 3]]), mark)
        == plaintext
    },
    SecretOperation("padding") { mark in
      // The count of a value is public: it shows in the size of what is padded.
      let value = bytes(7, 21)
      mark(value.span, true)
      let padded = padded(value)
      _ = open(value, mark)
      return open(padded, mark) == bytes(7, 21) + [0x80] + [UInt8](repeating: 0, count: 10)
    },
    SecretOperation("padding-end") { mark in
      // From here on the count is public, so it is no secret that the search stops there.
      let value = bytes(0x41, 21).map { $0 & 0x7f }
      let padded = padded(value)
      mark(padded.span, true)
      // declassified(length): the length of a verified value, and the verdict on it
      let count = try TokenPadding.valueCount(padded.span)
      return settled(count, mark) == 21
    },
    SecretOperation("token-refuse-many") { mark in
      // V is another, so no value has a length: all that is done with the key is seen here.
      let tokens = try sealed()
      var changed = FlatBytes()
      for index in values.indices {
        var token = tokens[index]
        token[Token.Layout.vOffset] ^= 1
        changed.append(token)
      }
      var ring = KeyRing(accountID: .zero, holder: .owner)
      ring.add(key(mark))
      var opener = BulkTokenOpener(ring: ring)
      let opened = try opener.open(changed)
      return opened.failures.count == values.count
        && opened.failures.allSatisfy { $0.error.code == .tokenOpenFailed }
    },
    SecretOperation("token-seal") { mark in
      var sealer = try TokenSealer(key: key(mark))
      let token = try secret(values[2], mark).withBytes { (value) throws(ProtocolError) in
        try sealer.seal(value, field: .windowTitle)
      }
      return try open(token.serialized, mark) == sealed()[2]
    },
    SecretOperation("token-seal-many") { mark in
      var sealer = try BulkTokenSealer(key: key(mark))
      let values = flatValues
      mark(values.bytes.span, true)
      let tokens = try sealer.seal(values, field: .windowTitle)
      mark(tokens.bytes.span, false)
      mark(values.bytes.span, false)
      return try tokens == sealed()
    },
    SecretOperation("token-open") { mark in
      let token = try Token(parsing: hiding(sealed(), 2, mark))
      var opener = TokenOpener(ring: ring)
      return open(try opener.open(token), mark) == values[2]
    },
    SecretOperation("token-open-many") { mark in
      let tokens = try sealed()
      var hidden = FlatBytes()
      for index in values.indices { hidden.append(hiding(tokens, index, mark)) }
      var opener = BulkTokenOpener(ring: ring)
      let opened = try opener.open(hidden)
      mark(opened.values.bytes.span, false)
      return opened.failures.isEmpty && opened.values == flatValues
    },
  ]

  /// ASCII, of several sizes of padding, one of them full.
  private static let values: [[UInt8]] = [
    "", "a", "chat - Endkey", "exactly 15 long", "a title of thirty-two characters",
  ]
  .map { Array($0.utf8) }

  private static var flatValues: FlatBytes {
    var flat = FlatBytes()
    for value in values { flat.append(value) }
    return flat
  }

  private static func padded(_ value: [UInt8]) -> [UInt8] {
    var padded = [UInt8](repeating: 0, count: TokenPadding.size(value.count))
    var bytes = padded.mutableSpan
    TokenPadding.pad(value.span, into: &bytes)
    return padded
  }

  private static var keyBytes: [UInt8] { bytes(3, 64) }

  private static func key(_ mark: Mark) -> TokenKey {
    TokenKey(secret: secret(keyBytes, mark), accountID: .zero, epoch: .first)
  }

  private static var publicKey: TokenKey {
    TokenKey(secret: SecretBytes(copying: keyBytes), accountID: .zero, epoch: .first)
  }

  private static var ring: KeyRing {
    var ring = KeyRing(accountID: .zero, holder: .owner)
    ring.add(publicKey)
    return ring
  }

  /// The tokens of `values`, where nothing is secret.
  private static func sealed() throws -> FlatBytes {
    var sealer = try BulkTokenSealer(key: publicKey)
    return try sealer.seal(flatValues, field: .windowTitle)
  }

  /// A copy of a token of `values` that opens to a secret value with public padding: the bytes of its ciphertext that
  /// the value is under are marked, and the key is not. What decides then is the value, and never its length.
  private static func hiding(_ tokens: FlatBytes, _ index: Int, _ mark: Mark) -> [UInt8] {
    let token = tokens[index]
    let value = values[index]
    let start = token.count - TokenPadding.size(value.count)
    mark(token.span.extracting(start..<start + value.count), true)
    return token
  }
}
