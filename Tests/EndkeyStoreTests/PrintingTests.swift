import Endkey
import EndkeyStore
import Testing

/// What a program shows when it prints what it holds, by mistake or into a log.
@Suite("Printing") struct PrintingTests {
  @Test("what holds secrets can be printed, described and dumped, and none of them is in it")
  func secrets() async throws {
    let world = try await World()
    let owner = try await world.owner()
    let made = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    let locked = try await LockedOwner(store: world.ownerStore, service: world.service)
    let vault = try #require(await owner.vault)
    let code = try #require(vault.codes.last)
    let text = made.code.text().bytes
    let audit = try #require(try await owner.audit())
    let (ring, agentRing) = (try await owner.keyRing(), try world.agent.keyRing())
    // One that has made what it opens tokens with.
    var opener = TokenOpener(ring: ring)
    var sealer = try world.agent.tokenSealer()
    _ = try opener.open(try sealer.seal("a", field: .applicationName))
    let held: [Any] = [
      owner, locked, vault, code, audit, ring, agentRing, opener, world.agent,
      world.ownerStore,
    ]
    let shown = held.map(Self.shown).joined()
    // The search finds what stands there.
    #expect(Self.holds(vault.accountID.bytes, in: shown))
    for secret in [Self.secret(of: text), text, try world.agentStore.deviceKey().bytes] {
      #expect(secret.count >= 16 && !Self.holds(secret, in: shown))
    }
  }

  /// The 16 secret bytes in the text of a code: bits 136 to 264 of what its characters stand for. §18.1
  private static func secret(of text: [UInt8]) -> [UInt8] {
    let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    let bits = text.dropFirst(4).flatMap { character in
      let number = alphabet.firstIndex(of: character) ?? 0
      return (0..<5).map { number >> (4 - $0) & 1 }
    }
    return stride(from: 136, to: 264, by: 8).map { place in
      bits[place..<place + 8].reduce(0) { $0 << 1 | UInt8($1) }
    }
  }

  private static func shown(_ value: Any) -> String {
    var text = ""
    print(value, to: &text)
    debugPrint(value, to: &text)
    dump(value, to: &text)
    return text + String(describing: value) + String(reflecting: value)
  }

  /// Whether `bytes` stand in `text`: as text, in hexadecimal, or as numbers behind each other.
  private static func holds(_ bytes: [UInt8], in text: String) -> Bool {
    let digits = Array("0123456789abcdef")
    let hexadecimal = String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    let numbers = { (text: String) in
      " " + text.split { !($0.isASCII && $0.isNumber) }.joined(separator: " ") + " "
    }
    return text.contains(String(decoding: bytes, as: UTF8.self)) || text.lowercased().contains(hexadecimal)
      || numbers(text).contains(numbers(bytes.map { "\($0)" }.joined(separator: ",")))
  }
}

extension SecretBytes {
  fileprivate var bytes: [UInt8] {
    withBytes { span in span.indices.map { span[$0] } }
  }
}
