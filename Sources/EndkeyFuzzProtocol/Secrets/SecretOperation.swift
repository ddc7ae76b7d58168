internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire

/// Something that is done with secrets, to be run where every branch and address that comes of them is reported.
///
/// Secrets are marked before, results made public again after, so that looking at them is no report. What remains are
/// verdicts, which are public: that a key, tag or padding was wrong. `fuzz/secrets` knows how many there are.
public struct SecretOperation: Sendable {
  /// Marks bytes as secret (true), or as public again.
  public typealias Mark = (Span<UInt8>, Bool) -> Void

  public let name: String
  private let body: @Sendable (Mark) throws -> Bool

  private init(_ name: String, _ body: @escaping @Sendable (Mark) throws -> Bool) {
    self.name = name
    self.body = body
  }

  /// Whether the result is right; errors are wrong.
  public func run(_ mark: Mark) -> Bool {
    do {
      return try body(mark)
    } catch {
      return false
    }
  }

  public static let all: [SecretOperation] = [
    SecretOperation("key-wrap") { mark in
      let (kek, key) = (bytes(1, 32), bytes(2, 32))
      let wrapped = try AESKeyWrap.wrap(secret(key, mark), kek: secret(kek, mark))
      return open(wrapped, mark) == OpenSSLReference.keyWrap(key, kek: kek, wraps: true)
    },
    SecretOperation("key-unwrap") { mark in
      let (kek, key) = (bytes(1, 32), bytes(2, 32))
      let wrapped = try AESKeyWrap.wrap(SecretBytes(copying: key), kek: SecretBytes(copying: kek))
      return open(try AESKeyWrap.unwrap(wrapped, kek: secret(kek, mark)), mark) == key
    },
    SecretOperation("siv-seal") { mark in
      let (key, plaintext) = (bytes(3, 64), bytes(4, 100))
      var siv = try AESSIV(key: secret(key, mark))
      let (v, ciphertext) = try secret(plaintext, mark).withBytes { (plaintext) throws(PrimitiveError) in
        try siv.seal(plaintext, associatedData: [[1, 2, 3]])
      }
      let reference = OpenSSLReference.siv(sealing: plaintext, key: key, associatedData: [[1, 2, 3]])
      return open(v, mark) == reference?.v && open(ciphertext, mark) == reference?.ciphertext
    },
    SecretOperation("siv-open") { mark in
      let (key, plaintext) = (bytes(3, 64), bytes(4, 100))
      var sealer = try AESSIV(key: SecretBytes(copying: key))
      let (v, ciphertext) = try sealer.seal(plaintext, associatedData: [[1, 2, 3]])
      var opener = try AESSIV(key: secret(key, mark))
      return open(try opener.open(v: v, ciphertext: ciphertext, associatedData: [[1, 2, 3]]), mark)
        == plaintext
    },
    SecretOperation("compare") { mark in
      // All results are made public before they are looked at.
      let a = secret(bytes(5, 32), mark)
      let equal = settled(a.equals(secret(bytes(5, 32), mark)), mark)
      let other = settled(a.equals(secret(bytes(6, 32), mark)), mark)
      return equal && !other
    },
    SecretOperation("padding") { mark in
      // The count of a value is public: it shows in the size of what is padded.
      let value = bytes(7, 21)
      mark(value.span, true)
      let padded = TokenPadding.pad(value.span)
      _ = open(value, mark)
      return open(padded, mark) == bytes(7, 21) + [0x80] + [UInt8](repeating: 0, count: 10)
    },
    SecretOperation("oaep-wrap") { mark in
      let message = bytes(8, 64)
      var random = Repeating(byte: 4)
      let wrapped = try RSAPublicKey(modulus: Keys.agents[0].modulus).wrap(
        secret(message, mark), using: &random)
      let opened = try Keys.agents[0].rsaKey.unwrap(open(wrapped, mark))
      return open(opened, mark) == message
    },
    SecretOperation("derive") { mark in
      let key = Keys.masterKey(epoch: 1)
      key.secret.withBytes { mark($0, true) }
      let derived = try key.tokenKey()
      key.secret.withBytes { mark($0, false) }
      let again = try Keys.masterKey(epoch: 1).tokenKey()
      return open(derived.secret, mark) == open(again.secret, mark)
    },
    SecretOperation("stretch") { mark in
      let password = bytes(9, 20)
      let stretched = try PBKDF2.hmacSHA256(
        password: secret(password, mark), salt: [1, 2, 3], iterations: 3, count: 32)
      let again = try PBKDF2.hmacSHA256(
        password: SecretBytes(copying: password), salt: [1, 2, 3], iterations: 3, count: 32)
      return open(stretched, mark) == open(again, mark)
    },
    SecretOperation("code-text") { mark in
      // Version and account id are public, the secret behind them is not.
      let content = [1] + bytes(10, 32)
      let text = SecretBytes(copying: content).withBytes { span in
        mark(span.extracting(17...), true)
        return Writer.array(count: SecretText.textCount) { SecretText.encode(span, as: .code, into: &$0) }
      }
      var again = [UInt8](repeating: 0, count: SecretText.byteCount)
      var target = again.mutableSpan
      var writer = Writer(&target)
      _ = try SecretText.decode(open(text, mark).span, as: .code, into: &writer)
      return again == content
    },
    // What must be reported, or the method sees nothing.
    SecretOperation("leak-lookup") { mark in
      let index = secret([3], mark).withBytes { $0[0] }
      let value = [table[Int(index & 63)]]
      return open(value, mark) == [table[3]]
    },
    SecretOperation("leak-early-exit") { mark in
      let a = bytes(11, 32)
      let b = secret(a, mark)
      let isEqual = b.withBytes { b in
        for index in b.indices where b[index] != a[index] { return false }
        return true
      }
      return settled(isEqual, mark)
    },
  ]

  // MARK: Marking

  private static func bytes(_ first: UInt8, _ count: Int) -> [UInt8] { pattern(count, first) }

  private static func secret(_ bytes: [UInt8], _ mark: Mark) -> SecretBytes {
    let secret = SecretBytes(copying: bytes)
    secret.withBytes { mark($0, true) }
    return secret
  }

  /// The same bytes, public.
  private static func open(_ bytes: [UInt8], _ mark: Mark) -> [UInt8] {
    mark(bytes.span, false)
    return bytes
  }

  private static func open(_ secret: borrowing SecretBytes, _ mark: Mark) -> [UInt8] {
    secret.withBytes { bytes in
      mark(bytes, false)
      return bytes.array
    }
  }

  /// The same answer, public. It is one byte in memory that is read again.
  private static func settled(_ answer: Bool, _ mark: Mark) -> Bool {
    unsafe withUnsafeBytes(of: answer) { raw in
      let byte = unsafe Span<UInt8>(_unsafeBytes: raw)
      mark(byte, false)
      return byte[0] == 1
    }
  }

  private static let table: [UInt8] = (0..<64).map { UInt8($0) &* 37 }
}
