import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

/// §10: codes, requests, and the nine checks of a request.
@Suite("Enrolment") struct EnrolmentTests {
  private static func secret(_ first: UInt8) -> SecretBytes {
    SecretBytes(copying: [UInt8](repeating: first, count: 16))
  }

  private func live(
    _ first: UInt8 = 1, approval: Approval = .automatic, uses: UInt16 = 1, expires: Time? = nil,
    nonces: [Hash] = []
  ) -> LiveCode {
    LiveCode(
      secret: Self.secret(first), role: .agent, approval: approval, usesLeft: uses, expires: expires,
      nonces: nonces)
  }

  private static let nonce = Hash(sha256: [1])

  private func request(code: UInt8 = 1, agent: Int = 0, nonce: Hash = nonce) throws -> EnrolmentRequest {
    let code = TypedSecret(
      kind: .code, accountID: try Base.shared.get().accountID, secret: Self.secret(code))
    return try EnrolmentRequest.make(code: code, identity: Base.agent(agent), nonce: nonce)
  }

  private func check(
    _ codes: [LiveCode], revoked: Set<AgentID> = [], due: Bool = false
  ) throws -> EnrolmentCheck {
    EnrolmentCheck(
      accountID: try Base.shared.get().accountID, codes: codes, revoked: revoked, isRotationDue: due)
  }

  private func verify(
    _ check: EnrolmentCheck, _ bytes: [UInt8], now: Time = 100, approved: Bool = false
  ) throws -> EnrolmentCheck.Verified {
    try check.verify(bytes, now: now) { _ in approved }
  }

  @Test("R-10.1-1: codes come from the random source, 16 bytes each, and survive their text form")
  func codes() throws {
    var counting = CountingRandom()
    let accountID = try Base.shared.get().accountID
    let code = try TypedSecret(kind: .code, accountID: accountID, using: &counting)
    let next = try TypedSecret(kind: .code, accountID: accountID, using: &counting)
    #expect(code.secret.array == [UInt8](0..<16))
    #expect(next.secret.array == [UInt8](16..<32))
    let text = code.text()
    #expect(String(decoding: text.array, as: UTF8.self).hasPrefix("ekc1"))
    let read = try TypedSecret(text: text.array.span, kind: .code)
    #expect(read.secret.array == code.secret.array)
    #expect(read.accountID == accountID)
    expect(.badPrefix) { _ = try TypedSecret(text: text.array.span, kind: .accountSecret) }
    expect(.badBech32m) { _ = try TypedSecret(text: text.array.flipped(at: 40).span, kind: .code) }
  }

  @Test("A request under a code passes, and tells which code it was")
  func passes() throws {
    let request = try request(code: 2)
    let verified = try verify(check([live(1), live(2), live(3)]), request.serialized)
    #expect(verified.codeIndex == 1)
    #expect(verified.agentID == (try Base.agent().agentID))
    #expect(verified.request == request)
  }

  @Test("R-10.2-1: a request of another account, under no code, or changed in any byte is refused")
  func refused() throws {
    let bytes = try request().serialized
    let check = try check([live()])
    expect(.truncated) { _ = try verify(check, [UInt8](bytes.dropLast())) }
    expect(.wrongAccount) { _ = try verify(check, bytes.flipped(at: 5)) }
    expect(.macInvalid) { _ = try verify(try self.check([]), bytes) }
    expect(.macInvalid) { _ = try verify(try self.check([live(2), live(3)]), bytes) }
    for index in stride(from: 24, to: 376, by: 13) {
      expect(.macInvalid, "byte \(index)") { _ = try verify(check, bytes.flipped(at: index)) }
    }
    for index in [376, 400, 439] {
      expect(.signatureInvalid, "byte \(index)") { _ = try verify(check, bytes.flipped(at: index)) }
    }
  }

  @Test("R-10.2-4: all codes are tried, whichever of them is right", arguments: 0..<5)
  func allCodes(_ index: Int) throws {
    let codes = (0..<5).map { live(UInt8($0)) }
    let verified = try verify(check(codes), request(code: UInt8(index)).serialized)
    #expect(verified.codeIndex == index)
  }

  @Test("R-10.2-5: a code past its expiry or without uses enrols nobody")
  func dead() throws {
    let bytes = try request().serialized
    expect(.codeExpired) { _ = try verify(check([live(expires: 100)]), bytes) }
    expect(.codeExpired) { _ = try verify(check([live(expires: 99)]), bytes) }
    expect(.codeExpired) { _ = try verify(check([live(uses: 0)]), bytes) }
    _ = try verify(check([live(expires: 101)]), bytes)
  }

  @Test("R-10.2-3: a nonce is accepted once under a code")
  func nonce() throws {
    let bytes = try request().serialized
    let used = try live(uses: 2).used(for: Self.nonce)
    #expect(used.usesLeft == 1)
    expect(.nonceReused) { _ = try verify(check([used]), bytes) }
    _ = try verify(check([used]), request(nonce: Hash(sha256: [2])).serialized)
  }

  /// A request that its agent did not need private keys for, so that each half can be anything.
  private func forged(modulus: Modulus? = nil, verifyKey: VerifyKey? = nil) throws -> [UInt8] {
    let real = try request()
    var forged = EnrolmentRequest(
      accountID: real.accountID, modulus: modulus ?? real.modulus, verifyKey: verifyKey ?? real.verifyKey,
      nonce: real.nonce)
    let key = try Label.Derived.enrolmentMAC.derive(
      from: Self.secret(1), context: real.accountID.bytes)
    let mac = try HMACSHA256.authenticate(forged.authenticatedBytes, key: key)
    forged.mac = try Bytes(mac)
    return try forged.signed(by: Base.agent().signing).serialized
  }

  @Test("A key that the suite does not accept is refused before the signature is looked at")
  func badKeys() throws {
    let modulus = try request().modulus.bytes
    var even = modulus
    even[255] &= 0xfe
    var short = modulus
    short[0] &= 0x7f
    for bad in [even, short, [UInt8].zeros(256)] {
      expect(.badKey) { _ = try verify(check([live()]), forged(modulus: Bytes(bad))) }
    }
    for bad in [[UInt8].zeros(32), [1] + .zeros(31)] {
      expect(.badKey) { _ = try verify(check([live()]), forged(verifyKey: Bytes(bad))) }
    }
    // Another agent's key: a good key, but not the one that signed.
    let other = try Base.agent(1).verifyKey
    expect(.signatureInvalid) { _ = try verify(check([live()]), forged(verifyKey: other)) }
  }

  @Test("The last steps: revoked, rotation due, approval, in that order")
  func lastSteps() throws {
    let bytes = try request().serialized
    let agentID = try Base.agent().agentID
    let manual = [live(approval: .manual)]
    expect(.revoked) { _ = try verify(check(manual, revoked: [agentID], due: true), bytes) }
    expect(.rotationDue) { _ = try verify(check(manual, due: true), bytes, approved: true) }
    expect(.approvalRequired) { _ = try verify(check(manual), bytes) }
    _ = try verify(check(manual), bytes, approved: true)
  }

  @Test("R-10.2-2: approval is of the agent id that a person was shown, and of no other")
  func approval() throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    let request = try agent.enrol(code: world.code(approval: .manual), using: &world.random).serialized
    let agentID = try Base.agent().agentID
    let otherID = try Base.agent(1).agentID
    expect(.approvalRequired) { _ = try world.owner.approve(request, now: 0, using: &world.random) }
    expect(.approvalRequired) {
      _ = try world.owner.approve(request, approved: otherID, now: 0, using: &world.random)
    }
    world.store(try world.owner.approve(request, approved: agentID, now: 0, using: &world.random))
    try world.deliver(to: &agent)
    #expect(agent.phase == .active)
  }

  @Test("A code serves as many requests as it says, and its vault remembers them")
  func uses() throws {
    var world = try World()
    let code = try world.code(uses: 2)
    for index in 0..<2 {
      var agent = Agent(identity: try Base.agent(index))
      let request = try agent.enrol(code: code, using: &world.random)
      try world.approve(request)
      expect(index == 0 ? .nonceReused : .codeExpired) { try world.approve(request) }
    }
    var third = Agent(identity: try Base.agent(2))
    let request = try third.enrol(code: code, using: &world.random)
    expect(.codeExpired) { try world.approve(request) }
    let members = world.owner.vault?.members.count
    #expect(members == 2)
  }

  @Test("A full list of codes forgets dead ones, and is full when there are none")
  func fullList() throws {
    let accountID = try Base.shared.get().accountID
    var vault = Vault(accountID: accountID, epoch: 1)
    var random = SystemRandom()
    for index in 0..<256 {
      try vault.add(
        LiveCode(
          secret: random.secret(16), role: .agent, approval: .automatic, usesLeft: 1,
          expires: index == 0 ? 50 : nil), now: 0)
    }
    expect(.limitReached) { try vault.add(live(), now: 49) }
    try vault.add(live(), now: 50)
    #expect(vault.codes.count == 256)
    for (code, next) in zip(vault.codes, vault.codes.dropFirst()) {
      let isInOrder = code.secret.precedes(next.secret)
      #expect(isInOrder)
    }
  }
}
