import Endkey
import EndkeyStore
import Testing

/// What a program shows when it prints what it holds, by mistake or into a log.
@Suite("Printing") struct PrintingTests {
  @Test("R-18.1-2: what holds secrets can be printed, described and dumped, and none of them is in it")
  func secrets() async throws {
    let world = try await OwnerWorld()
    let locked = try await LockedOwner(store: world.store, service: world.service, loginName: "l")
    let owner = try await locked.open(with: OwnerWorld.credentials())
    let (code, codeBytes) = try await Self.code(of: owner)
    let recovery = Self.bytes(try await owner.recoveryText().text())
    let vault = try #require(await owner.status.vault)
    let ring = try await owner.keyRing()
    let status = await owner.status
    let audit = try await owner.audit()
    let pins = try #require(world.store.items[.ownerPins])
    let key = try world.store.deviceKey()

    let agents = try AgentWorld()
    let text = try agents.code()
    let agentCode = Self.bytes(text)
    let request = try await agents.agent.enrol(code: text)
    try agents.publish()
    try await agents.agent.refresh()
    let agentRing = try agents.agent.keyRing()
    // One that has made what it opens tokens with.
    var opener = TokenOpener(ring: agentRing)
    var sealer = try agents.agent.tokenSealer()
    _ = try opener.open(try sealer.seal("a", field: .applicationName))

    let held: [Any] = [
      owner, locked, status, vault, vault.codes, audit, ring, try OwnerPins(opening: pins, deviceKey: key),
      agentRing, opener, agents.agent, try agents.agent.status(), world.store, agents.store, request,
      EndError.refused(ProtocolError(.badPassword, "9.1"), place: "p"),
    ]
    let shown = held.map(Self.shown).joined()
    // The search finds what stands there.
    let state = try #require(status.state)
    #expect(Self.holds(state.accountID.bytes, in: shown))
    let secrets = [
      codeBytes, code, Self.bytes(key), recovery, Self.secret(of: recovery, at: 8, 32), agentCode,
      Self.secret(of: agentCode, at: Self.codeSecret, 16), Self.bytes(try agents.store.deviceKey()),
    ]
    for secret in secrets {
      #expect(secret.count >= 16 && !Self.holds(secret, in: shown))
    }
  }

  @Test("R-19-1: an error says a code, a section and a place, and nothing of what was refused")
  func errors() throws {
    let secret = Array("ekc1secretsecretsecretsecret".utf8)
    do {
      _ = try EnrolmentCode(text: SecretBytes(copying: secret))
      Issue.record("taken")
    } catch {
      #expect(!Self.holds(Array(secret[4...]), in: Self.shown(error)))
      #expect(Self.shown(error).contains(error.code.rawValue))
    }
  }

  /// A code's text, and the secret in it.
  private static func code(of owner: OwnerWorld.End) async throws -> (text: [UInt8], secret: [UInt8]) {
    let holder = CodeHolder()
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      let code = try owner.makeCode(.agents(.automatic), expires: nil, now: now, using: &random)
      holder.keep(code.code.text())
      return code.publication
    }
    let text = bytes(try holder.code())
    return (text, secret(of: text, at: codeSecret, 16))
  }

  /// Where the secret of a code begins, in bits: behind version and account id. §18.1
  private static var codeSecret: Int { 8 * (1 + 16) }

  /// `count` secret bytes in a text, from a bit of what its characters stand for. §18.1
  private static func secret(of text: [UInt8], at start: Int, _ count: Int) -> [UInt8] {
    let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    let bits = text.dropFirst(4).flatMap { character in
      let number = alphabet.firstIndex(of: character) ?? 0
      return (0..<5).map { number >> (4 - $0) & 1 }
    }
    return stride(from: start, to: start + 8 * count, by: 8).map { place in
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

  private static func bytes(_ secret: borrowing SecretBytes) -> [UInt8] {
    secret.withBytes { span in span.indices.map { span[$0] } }
  }
}
