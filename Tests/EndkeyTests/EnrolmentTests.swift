import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

/// §10.2: a person's check of a request to be enrolled.
@Suite("Enrolment") struct EnrolmentTests {
  /// A live code whose secret is that of `EnrolmentCode.test`.
  private func live(
    secret: UInt8 = 7, id: UInt8 = 1, role: Role = .agent, kind: GrantKind = .scoped,
    approval: Approval = .automatic, uses: UInt16 = 1, expires: Time? = nil, nonces: [Hash] = []
  ) throws -> LiveCode {
    let isMaster = role == .manager || kind == .master
    return LiveCode(
      id: try Bytes([UInt8](repeating: id, count: 8)),
      secret: SecretBytes(copying: [UInt8](repeating: secret, count: 16)), label: .empty, role: role,
      kind: isMaster ? .master : .scoped, approval: isMaster ? .manual : approval,
      usesLeft: uses, expires: expires, nonces: nonces)
  }

  private func request(_ party: Party = .agent, secret: UInt8 = 7) throws -> EnrolmentRequest {
    try EnrolmentRequest.make(
      code: .test(secret: secret), identity: party.identity(), nonce: Hash(sha256: [secret]))
  }

  private func check(
    _ codes: [LiveCode], revoked: [Party] = [], persons: [Party] = [], members: [Party] = [],
    hasRootKey: Bool = true
  ) throws -> EnrolmentCheck {
    EnrolmentCheck(
      accountID: try testAccount(), codes: codes, revoked: Set(try revoked.map { try $0.id }),
      persons: Set(try persons.map { try $0.id }), members: Set(try members.map { try $0.id }),
      hasRootKey: hasRootKey)
  }

  @Test("A request under a live code passes, and its code is found at any place", arguments: 0..<3)
  func passes(_ place: Int) throws {
    var codes = [try live(secret: 1, id: 1), try live(secret: 2, id: 2)]
    codes.insert(try live(id: 9), at: place)
    let verified = try check(codes).verify(request().serialized, now: day(100)) { _ in false }
    #expect(verified.codeIndex == place)
    #expect(try verified.agentID == Party.agent.id)
  }

  @Test("R-10.2-1: each fault by itself")
  func faults() throws {
    let good = try request().serialized
    func refused(
      _ code: ErrorCode, _ bytes: [UInt8], by check: EnrolmentCheck, isApproved: Bool = false
    ) {
      expect(code) { _ = try check.verify(bytes, now: day(100)) { _ in isApproved } }
    }
    let one = try check([live()])
    refused(.truncated, good.dropLast(), by: one)
    refused(.wrongAccount, good.flipped(at: 5), by: one)
    refused(.macInvalid, good.flipped(at: 350), by: one)
    refused(.macInvalid, good.flipped(at: 100), by: one)
    refused(.macInvalid, good, by: try check([]))
    refused(.macInvalid, good, by: try check([live(secret: 8)]))
    refused(.codeExpired, good, by: try check([live(uses: 0)]))
    refused(.codeExpired, good, by: try check([live(expires: day(100))]))
    refused(.nonceReused, good, by: try check([live(nonces: [Hash(sha256: [1]), Hash(sha256: [7])])]))
    refused(.signatureInvalid, good.flipped(at: 439), by: one)
    refused(.revoked, good, by: try check([live()], revoked: [.agent]))
    refused(.wrongRecipient, good, by: try check([live()], persons: [.agent]))
    refused(.wrongRecipient, good, by: try check([live(role: .manager)], members: [.agent]))
    refused(.rootRequired, good, by: try check([live(role: .manager)], hasRootKey: false))
    refused(.approvalRequired, good, by: try check([live(approval: .manual)]))
    refused(.approvalRequired, good, by: try check([live(role: .manager)]))
    refused(.approvalRequired, good, by: try check([live(kind: .master)]))
    _ = try check([live(approval: .manual)]).verify(good, now: day(100)) { _ in true }
    _ = try check([live()], members: [.agent]).verify(good, now: day(100)) { _ in false }
  }

  @Test("Keys that the suite does not take are refused before their signature is looked at")
  func badKeys() throws {
    func made(_ change: (inout EnrolmentRequest) throws -> Void) throws -> [UInt8] {
      var request = try request()
      try change(&request)
      let key = try EnrolmentCode.test().requestKey()
      request.mac = try Bytes(HMACSHA256.authenticate(request.authenticatedBytes, key: key))
      return request.serialized
    }
    let check = try check([live()])
    let even = try made { $0.modulus = try Modulus($0.modulus.bytes.dropLast() + [0]) }
    let small = try made { $0.verifyKey = .zero }
    for bytes in [even, small] {
      expect(.badKey) { _ = try check.verify(bytes, now: day(100)) { _ in true } }
    }
  }

  @Test("Of many faults the first in the order of checks is reported")
  func order() throws {
    let request = try request().serialized.flipped(at: 439)
    let codes: [(ErrorCode, LiveCode)] = [
      (.codeExpired, try live(role: .manager, uses: 0, nonces: [Hash(sha256: [7])])),
      (.nonceReused, try live(role: .manager, nonces: [Hash(sha256: [7])])),
      (.signatureInvalid, try live(role: .manager)),
    ]
    for (code, live) in codes {
      let check = try check([live], revoked: [.agent], persons: [.agent], hasRootKey: false)
      expect(code) { _ = try check.verify(request, now: day(100)) { _ in false } }
    }
    let good = try self.request().serialized
    let all = try check([live(role: .manager)], revoked: [.agent], persons: [.agent], hasRootKey: false)
    expect(.revoked) { _ = try all.verify(good, now: day(100)) { _ in false } }
    let person = try check([live(role: .manager)], persons: [.agent], hasRootKey: false)
    expect(.wrongRecipient) { _ = try person.verify(good, now: day(100)) { _ in false } }
  }

  @Test("A code that is full of nonces is full")
  func full() throws {
    let nonces = (0..<LiveCode.noncesMax).map { Hash(sha256: [UInt8($0 & 0xff), UInt8($0 >> 8)]) }
    let code = try live(uses: 1, nonces: Array(nonces.dropLast()))
    let used = try code.used(for: .zero)
    #expect(used.usesLeft == 0 && used.nonces.count == LiveCode.noncesMax)
    expect(.limitReached) { _ = try used.used(for: .zero) }
    expect(.limitReached) { _ = try live(uses: 1, nonces: nonces).used(for: .zero) }
  }
}
