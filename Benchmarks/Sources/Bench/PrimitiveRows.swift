import CPeers
import EndkeyPrimitives
import Foundation

#if SWIFT_CRYPTO
  import _CryptoExtras
#endif

/// Password, key and file algorithms against OpenSSL's own: targets 4 and 5.
enum PrimitiveRows {
  static func measure(_ report: inout Report) throws {
    try pbkdf2(&report)
    try gcm(&report)
    try rsa(&report)
    try keyWrap(&report)
  }

  private static func pbkdf2(_ report: inout Report) throws {
    let (password, salt) = (Array("correct horse battery staple".utf8), [UInt8](repeating: 7, count: 16))
    let iterations = report.isQuick ? 100 : 20_000
    let secret = Box(SecretBytes(copying: password))
    var expected = [UInt8](repeating: 0, count: 32)
    _ = peer_pbkdf2(password, password.count, salt, salt.count, Int32(iterations), &expected)
    let ours = try PBKDF2.hmacSHA256(
      password: secret.value, salt: salt, iterations: UInt32(iterations), count: 32)
    report.check("PBKDF2", ours.withBytes { $0.withUnsafeBytes { Array($0) } } == expected)
    var way = Measurement()
    way.add("ours") {
      _ = try PBKDF2.hmacSHA256(password: secret.value, salt: salt, iterations: UInt32(iterations), count: 32)
    }
    way.add("openssl") {
      var output = [UInt8](repeating: 0, count: 32)
      _ = peer_pbkdf2(password, password.count, salt, salt.count, Int32(iterations), &output)
    }
    #if SWIFT_CRYPTO
      way.add("swift-crypto") {
        _ = try KDF.Insecure.PBKDF2.deriveKey(
          from: password, salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: iterations)
      }
    #endif
    let seconds = try way.run(quick: report.isQuick, rounds: 11)
    let group = "PBKDF2-HMAC-SHA-256"
    let (own, openssl) = (seconds["ours"] ?? 0, seconds["openssl"] ?? 0)
    report.row(
      group, "÷ PKCS5_PBKDF2_HMAC, undeprecated calls only", openssl / own, "×", atLeast: 1.4)
    if let crypto = seconds["swift-crypto"] {
      report.row(group, "÷ swift-crypto's (BoringSSL)", crypto / own, "×")
    }
    report.row(group, "600,000 iterations", own * 600_000 / Double(iterations) * 1e3, "ms")
  }

  private static func gcm(_ report: inout Report) throws {
    let chunk = ChunkedEncryption.chunkByteCount
    let chunks = report.isQuick ? 4 : 256
    let input = [UInt8](repeating: 0x5a, count: chunk * chunks)
    let key = [UInt8](repeating: 9, count: 32)
    let secret = Box(SecretBytes(copying: key))
    var output = [UInt8](repeating: 0, count: ChunkedEncryption.headByteCount + (chunk + 16) * chunks)
    var sealed: [UInt8] = []
    var random = SystemRandom()
    var way = Measurement()
    way.add("ours") {
      sealed.removeAll(keepingCapacity: true)
      var sealer = try ChunkedEncryption.Sealer(key: secret.value, context: [], using: &random)
      try sealer.update(input.span, into: &sealed)
      try sealer.finish(into: &sealed)
    }
    way.add("evp") {
      // The places that the chunks have behind the head of a message: alignment shows in the time.
      let sealed = output.withUnsafeMutableBufferPointer { output in
        peer_gcm(key, input, chunk, chunks, output.baseAddress.map { $0 + ChunkedEncryption.headByteCount })
      }
      guard sealed == 0 else { fatalError("GCM") }
    }
    let seconds = try way.run(quick: report.isQuick)
    let opened = try ChunkedEncryption.open(sealed, key: secret.value, context: [])
    report.check("chunks open to what was sealed", opened == input)
    let (own, evp) = (seconds["ours"] ?? 0, seconds["evp"] ?? 0)
    report.row("AES-256-GCM in chunks", "seal ÷ C EVP, same chunks", evp / own, "×", atLeast: 0.97)
    report.row("AES-256-GCM in chunks", "seal", Double(input.count) / own / 1e6, "MB/s")
  }

  private static func rsa(_ report: inout Report) throws {
    guard let peer = peer_rsa_new() else { fatalError("no RSA key") }
    defer { peer_rsa_free(peer) }
    var (p, q) = ([UInt8](repeating: 0, count: 128), [UInt8](repeating: 0, count: 128))
    guard peer_rsa_primes(peer, &p, &q) == 0 else { fatalError("no primes") }
    let key = try RSAPrivateKey(p: SecretBytes(copying: p), q: SecretBytes(copying: q))
    var random = SystemRandom()
    let secret = SecretBytes(copying: [UInt8](repeating: 3, count: 32))
    let wrapped = try key.publicKey.wrap(secret, using: &random)
    report.check("RSA unwrap", try key.unwrap(wrapped).equals(secret))
    let hash = [UInt8](repeating: 1, count: 36)
    var signature = [UInt8](repeating: 0, count: 256)
    var way = Measurement()
    way.add("ours") { _ = try key.unwrap(wrapped) }
    way.add("secret") { _ = SecretBytes(copying: hash) }
    way.add("speed") { guard peer_rsa_sign(peer, hash, &signature) == 0 else { fatalError("RSA") } }
    way.add("evp") { guard peer_rsa_oaep(peer, wrapped, &signature) == 32 else { fatalError("OAEP") } }
    let seconds = try way.run(quick: report.isQuick)
    let (own, speed, evp) = (seconds["ours"] ?? 0, seconds["speed"] ?? 0, seconds["evp"] ?? 0)
    let group = "RSA-2048 OAEP"
    report.row(group, "unwrap ÷ C EVP OAEP, key and context kept", evp / own, "×", atLeast: 0.97)
    report.row(
      group, "C EVP OAEP ÷ private operation as `openssl speed` times it (signing)", speed / evp, "×")
    report.row(
      group, "unwrap ÷ private operation as `openssl speed` times it", speed / own, "×", atLeast: 0.97)
    report.row(group, "unwrap", 1 / own, "a second")
    report.row(group, "of which guarded memory for the secret", (seconds["secret"] ?? 0) / own * 100, "%")
  }

  private static func keyWrap(_ report: inout Report) throws {
    let (kek, key) = ([UInt8](repeating: 5, count: 32), [UInt8](repeating: 6, count: 32))
    let (kekSecret, keySecret) = (Box(SecretBytes(copying: kek)), Box(SecretBytes(copying: key)))
    var expected = [UInt8](repeating: 0, count: 48)
    guard peer_wrap(kek, key, &expected) == 0 else { fatalError("key wrap") }
    let ours = try AESKeyWrap.wrap(keySecret.value, kek: kekSecret.value)
    report.check("key wrap", ours == Array(expected[..<40]))
    var way = Measurement()
    way.add("ours") { _ = try AESKeyWrap.wrap(keySecret.value, kek: kekSecret.value) }
    way.add("evp") { _ = peer_wrap(kek, key, &expected) }
    let seconds = try way.run(quick: report.isQuick)
    let (own, evp) = (seconds["ours"] ?? 0, seconds["evp"] ?? 0)
    report.row("AES key wrap, 32 bytes", "wrap ÷ EVP_aes_256_wrap", evp / own, "×", atLeast: 4)
    report.row("AES key wrap, 32 bytes", "wrap", own * 1e6, "µs")
  }
}
