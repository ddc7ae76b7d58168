import CPeers
import Endkey
import EndkeyBulk
import EndkeyPrimitives
import EndkeyWire
import Foundation
import TestSupport

/// Values to tokens and back, against the limit and the peers: targets 1 to 3.
final class TokenRows {
  static let secret = (0..<64).map { UInt8($0) }
  static let epoch: Epoch = 7

  let strings: [String]
  let values: FlatBytes
  let sealer: Box<BulkTokenSealer>
  let single: Box<TokenSealer>
  var opener: BulkTokenOpener
  var singleOpener: TokenOpener
  private let ends: [Int]
  private let associatedData =
    Array("endkey/1 token-ad".utf8) + [0] + [UInt8](repeating: 0, count: 16) + [
      0, 0, 0, 7, TokenField.url.rawValue,
    ]
  private let head: [UInt8] = [1, TokenField.url.rawValue, 0, 0, 0, 7]

  static func key() -> TokenKey {
    TokenKey(secret: SecretBytes(copying: secret), accountID: .zero, epoch: epoch)
  }

  init(count: Int) throws {
    strings = Corpus.values(count)
    values = FlatBytes(strings)
    let values = values
    ends = (0..<values.count).map { values.range($0).upperBound }
    sealer = Box(try BulkTokenSealer(key: Self.key()))
    single = Box(try TokenSealer(key: Self.key()))
    var ring = KeyRing(accountID: .zero, holder: .owner)
    ring.add(Self.key())
    opener = BulkTokenOpener(ring: ring)
    singleOpener = TokenOpener(ring: ring)
  }

  func measure(_ report: inout Report) throws {
    let tokens = try sealer.value.seal(values, field: .url)
    let texts = try sealer.value.sealText(values, field: .url)
    var buffer = [UInt8](repeating: 0, count: tokens.bytes.count)
    var way = Measurement()

    /// Adds a peer that is there and whose tokens are ours.
    func add(
      _ name: String, _ function: @escaping (UnsafePointer<PeerJob>, UnsafeMutablePointer<UInt8>) -> Int32
    ) -> Bool {
      guard run(function, into: &buffer) == 0 else { return false }
      report.check("tokens of \(name)", buffer == tokens.bytes)
      way.add(name) { [self] in
        guard run(function, into: &buffer) == 0 else { fatalError("\(name) failed") }
      }
      return true
    }
    let hasLimit = add("limit", peer_siv_aesni)
    let hasEVP = add("evp", peer_siv_evp)
    let hasGcrypt = add("gcrypt", peer_siv_gcrypt)
    precondition(hasEVP, "OpenSSL has no AES-256-SIV")

    var output = FlatBytes()
    way.add("batch") { [self] in
      output.removeAll()
      try sealer.value.seal(values, field: .url, into: &output)
    }
    way.add("batch text") { [self] in
      output.removeAll()
      try sealer.value.sealText(values, field: .url, into: &output)
    }
    way.add("batch strings") { [self] in _ = try sealer.value.seal(strings, field: .url) }
    way.add("open") { [self] in _ = try opener.open(tokens) }
    way.add("open text") { [self] in _ = try opener.open(texts: texts) }
    let arrays = strings.map { Array($0.utf8) }
    way.add("single") { [self] in for value in arrays { _ = try single.value.seal(value, field: .url) } }
    way.add("single string") { [self] in
      for value in strings { _ = try single.value.sealText(value, field: .url) }
    }
    let parsed = try (0..<tokens.count).map { try Token(parsing: tokens[$0]) }
    way.add("single open") { [self] in for token in parsed { _ = try singleOpener.open(token) } }
    let seconds = try way.run(quick: report.isQuick)
    let nanoseconds = { (name: String) in (seconds[name] ?? 0) * 1e9 / Double(self.strings.count) }

    /// How many times as fast as `peer` this is.
    func ratio(_ group: String, _ name: String, _ what: String, to peer: String, atLeast: Double) {
      report.row(group, what, nanoseconds(peer) / nanoseconds(name), "×", atLeast: atLeast)
    }
    let batch = "Tokens, \(strings.count) values"
    if hasLimit {
      ratio(batch, "batch", "seal, binary ÷ C AES-NI 8 lanes", to: "limit", atLeast: 0.75)
      ratio(
        batch, "batch text", "seal, base64url ÷ C AES-NI 8 lanes (which makes binary)", to: "limit",
        atLeast: 0.40)
      ratio(batch, "open", "open, binary ÷ C AES-NI 8 lanes sealing", to: "limit", atLeast: 0.60)
      ratio(batch, "open text", "open, from text ÷ C AES-NI 8 lanes sealing", to: "limit", atLeast: 0.33)
    } else {
      report.missing(batch, "÷ C AES-NI 8 lanes", "not available: no x86-64 with AES-NI")
    }
    ratio(batch, "batch", "seal, binary ÷ EVP AES-256-SIV naive", to: "evp", atLeast: 60)
    ratio(batch, "batch text", "seal, base64url ÷ EVP AES-256-SIV naive", to: "evp", atLeast: 35)
    if hasGcrypt {
      ratio(
        batch, "batch", "seal, binary ÷ libgcrypt \(String(cString: peer_gcrypt_version()))", to: "gcrypt",
        atLeast: 4)
    } else {
      report.missing(batch, "seal, binary ÷ libgcrypt", "not installed")
    }
    ratio(
      "Tokens, one by one", "single", "seal, bytes to Token ÷ EVP AES-256-SIV naive", to: "evp", atLeast: 25)
    ratio("Tokens, one by one", "single string", "seal, String to String ÷ EVP naive", to: "evp", atLeast: 12)
    for (name, _) in seconds.sorted(by: { $0.value < $1.value }) {
      report.row("Tokens, absolute", name, nanoseconds(name), "ns a value")
    }
  }

  /// Runs a peer over the corpus.
  private func run(
    _ function: (UnsafePointer<PeerJob>, UnsafeMutablePointer<UInt8>) -> Int32, into output: inout [UInt8]
  ) -> Int32 {
    values.bytes.withUnsafeBufferPointer { values in
      ends.withUnsafeBufferPointer { ends in
        Self.secret.withUnsafeBufferPointer { key in
          associatedData.withUnsafeBufferPointer { data in
            head.withUnsafeBufferPointer { head in
              output.withUnsafeMutableBufferPointer { output in
                guard let start = output.baseAddress else { return -1 }
                var job = PeerJob(
                  values: values.baseAddress, ends: ends.baseAddress, count: ends.count, key: key.baseAddress,
                  ad: data.baseAddress, adCount: data.count, head: head.baseAddress)
                return function(&job, start)
              }
            }
          }
        }
      }
    }
  }

  /// The batch equals the plain form at every length, whatever lies next to it.
  static func checkAgreement(_ report: inout Report) throws {
    var numbers = SystemRandomNumberGenerator()
    for range in [0...4_095, 0...4_096] {
      let values = range.shuffled(using: &numbers).map { count in
        (0..<count).map { _ in UInt8.random(in: 0..<0x80, using: &numbers) }
      }
      let difference = try TokenAgreement.disagreement(values, field: .windowTitle, key: key())
      report.check(
        "batch and plain form at every length of \(range): \(difference ?? "equal")", difference == nil)
    }
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0..<6_000, using: &numbers)).map { _ in
        UInt8.random(in: 0...0x8f, using: &numbers)
      }
      let difference = try TokenAgreement.disagreement(bytes)
      report.check("batch and plain form on random bytes: \(difference ?? "equal")", difference == nil)
    }
  }
}

/// Holds what cannot be copied, for closures.
final class Box<Value: ~Copyable> {
  var value: Value
  init(_ value: consuming Value) { self.value = value }
}
