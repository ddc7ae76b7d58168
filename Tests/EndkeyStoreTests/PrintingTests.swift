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
    for secret in [code.secret.bytes, made.code.text().bytes, try world.agentStore.deviceKey().bytes] {
      #expect(secret.count >= 16 && !Self.holds(secret, in: shown))
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
