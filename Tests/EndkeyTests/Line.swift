import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// The persons and agents of the tests, whose keys are made once: that takes time.
enum Party: Int, CaseIterable {
  /// Of the account of the tests.
  case owner, manager, second
  /// Of another account.
  case stranger
  case agent, otherAgent

  private static let contents = Result {
    var random = SystemRandom()
    return try allCases.map { _ in
      Shared<SecretBytes>(try Identity.generate(using: &random).contents())
    }
  }

  func identity() throws -> Identity {
    try Identity(
      AccountKeys(at: 0), in: Self.contents.get()[rawValue].value, or: .internalError, "8.4")
  }

  var id: AgentID { get throws { try identity().agentID } }
  var verifyKey: VerifyKey { get throws { try identity().verifyKey } }
  var signer: Signer { get throws { Signer(verifyKey: try verifyKey, personID: try id) } }
}

/// The account of the tests.
func testAccount() throws -> AccountID { AccountID(verifyKey: try Party.owner.verifyKey) }

/// A day since 1970, as a time.
func day(_ number: Int, hours: Int = 0) -> Time { Time(0).adding(days: number).adding(hours: hours) }

/// An AccountState and grants under it, to be made: a test changes what it is about.
struct Line {
  var generation: Generation = 1
  var counter: Counter = 1
  var epoch: Epoch = 1
  /// The MasterKey is 32 of these.
  var master: UInt8 = 1
  var made = day(100)
  var validDays: Int = 60
  /// When the list was first signed; with the state if nil.
  var from: Time?
  var certificateDays: Int = 90
  var root = Party.owner
  var persons: [Party] = [.owner, .manager, .second]
  var signer = Party.owner
  var revoked: [Party] = []

  func masterKey() throws -> MasterKey {
    MasterKey(
      secret: SecretBytes(copying: [UInt8](repeating: master, count: 32)), accountID: try testAccount(),
      epoch: epoch)
  }

  func list() throws -> Certificate {
    try Certificate.make(
      generation: generation, from: from ?? made, until: made.adding(days: certificateDays),
      signers: persons.map { try $0.signer }, rootKey: root.identity().signing)
  }

  func state() throws -> AccountState {
    try AccountState.make(
      counter: counter, made: made, validUntil: made.adding(days: validDays), masterKey: masterKey(),
      list: list(), revoked: Set(revoked.map { try $0.id }), signingKey: signer.identity().signing)
  }

  func bytes() throws -> [UInt8] { try state().serialized }

  func grant(
    _ kind: GrantKind = .scoped, to recipient: Party = .agent, by signer: Party = .owner
  ) throws -> Grant {
    var random = SystemRandom()
    return try Grant.make(
      kind, to: recipient.id, modulus: recipient.identity().modulus, masterKey: masterKey(),
      signingKey: signer.identity().signing, using: &random)
  }

  /// Another line that goes on from this one.
  func next(_ change: (inout Line) -> Void = { _ in }) -> Line {
    var line = self
    line.counter = line.counter.next ?? line.counter
    line.made = line.made.adding(days: 1)
    change(&line)
    return line
  }
}

extension EnrolmentCode {
  /// A code of the tests.
  static func test(
    account: Party = .owner, generation: Generation = 1, made: Time = day(99), kind: GrantKind = .scoped,
    role: Role = .agent, secret: UInt8 = 7
  ) throws -> EnrolmentCode {
    EnrolmentCode(
      accountID: AccountID(verifyKey: try account.verifyKey),
      secret: SecretBytes(copying: [UInt8](repeating: secret, count: 16)),
      terms: CodeTerms(generation: generation, made: made, kind: kind, role: role))
  }
}

extension Agent {
  /// An agent in each phase, under the first state of `line`.
  static func inPhase(
    _ phase: AgentPhase, under line: Line = Line(), kind: GrantKind = .scoped
  ) throws -> Agent {
    var random = SystemRandom()
    var agent = Agent(identity: try Party.agent.identity())
    if phase == .unpinned { return agent }
    if phase == .stopped {
      return try Agent(
        restoring: nil, deviceKey: SecretBytes(copying: [UInt8](repeating: 0, count: 32)), isMarked: true,
        using: &random)
    }
    _ = try agent.enrol(code: EnrolmentCode.test(kind: kind).text(), using: &random)
    if phase == .pinned { return agent }
    var line = line
    if phase == .revoked { line.revoked = [.agent] }
    try agent.accept(state: line.bytes())
    if phase == .active { try agent.accept(grant: line.grant(kind).serialized) }
    return agent
  }
}
