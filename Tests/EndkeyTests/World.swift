import EndkeyPrimitives
import EndkeyWire
import Foundation
import TestSupport
import Testing

@testable import Endkey

/// What all tests of the two ends start from: keys and an account, made once, since both cost time.
final class Base: Sendable {
  static let shared = Result { try Base() }
  static let loginName = "ana@example.com"
  static let password = "correct horse"
  static let iterations: UInt32 = 600_000

  /// `AccountKeys` of the account and of three agents.
  private let identities: [SecretBytes.Box]
  let accountID: AccountID
  let messages: StoredMessages
  let masterKey: SecretBytes.Box
  /// The password, stretched for the account's wrap.
  let stretched: Shared<StretchedPassword>

  private init() throws {
    var random = SystemRandom()
    var identities: [SecretBytes.Box] = []
    for _ in 0..<5 {
      identities.append(SecretBytes.Box(try Identity.generate(using: &random).contents()))
    }
    self.identities = identities

    var owner = Owner.absent()
    let account = try owner.create(
      identity: try Self.identity(identities[0]), credentials: Base.credentials(),
      iterations: Base.iterations, using: &random)
    guard let session = owner.session else { throw ProtocolError(.internalError, "10.4") }
    accountID = session.accountID
    messages = StoredMessages(account)
    masterKey = SecretBytes.Box(session.masterKey.value.secret.copy())
    stretched = Shared(try StretchedPassword(Base.credentials(), head: account.passwordWrap.head))
  }

  static func credentials(
    _ password: String = password, loginName: String = loginName
  ) -> Credentials {
    Credentials(loginName: loginName, password: SecretBytes(copying: [UInt8](password.utf8)))
  }

  private static func identity(_ contents: SecretBytes.Box) throws -> Identity {
    try Identity(AccountKeys(at: 0), in: contents.value, or: .internalError, "8.4")
  }

  /// The account's keys.
  static func account() throws -> Identity { try identity(shared.get().identities[0]) }
  /// The keys of one of three agents.
  static func agent(_ index: Int = 0) throws -> Identity { try identity(shared.get().identities[1 + index]) }
  /// The keys of another account.
  static func other() throws -> Identity { try identity(shared.get().identities[4]) }

  /// The account's MasterKey of epoch 1.
  static func masterKey() throws -> MasterKey {
    let base = try shared.get()
    return MasterKey(secret: base.masterKey.value.copy(), accountID: base.accountID, epoch: 1)
  }
}

extension SecretBytes {
  typealias Box = Shared<SecretBytes>
}

/// An owner's end, open, and the service that stores what it gives.
struct World: ~Copyable {
  var owner: Owner
  var stored: StoredMessages
  var grants: [AgentID: [UInt8]] = [:]
  var random = SystemRandom()

  /// The account that all tests share, opened without its password: no PBKDF2.
  init() throws {
    let messages = try Base.shared.get().messages
    var owner = Owner.locked()
    try owner.open(messages, with: Base.masterKey())
    self.owner = owner
    stored = messages
  }

  var accountID: AccountID { owner.accountID ?? .zero }

  mutating func store(_ made: borrowing some Publication & ~Copyable) {
    stored.store(made)
    for case .grant(let grant) in made.messages { grants[grant.recipient] = grant.serialized }
  }

  /// The text of a new code.
  mutating func code(
    role: Role = .agent, approval: Approval = .automatic, uses: UInt16 = 1, expires: Time? = nil
  ) throws -> SecretBytes {
    let new = try owner.makeCode(
      role: role, approval: approval, uses: uses, expires: expires, now: 1_000, using: &random)
    store(new)
    return new.code.text()
  }

  mutating func approve(_ request: EnrolmentRequest, kind: GrantKind? = nil) throws {
    store(try owner.approve(request.serialized, kind: kind, now: 1_000, using: &random))
  }

  /// An agent that was enrolled and granted.
  mutating func activeAgent(_ index: Int = 0, role: Role = .agent, kind: GrantKind? = nil) throws -> Agent {
    var agent = Agent(identity: try Base.agent(index))
    let code = try code(role: role)
    try approve(try agent.enrol(code: code, using: &random), kind: kind)
    try deliver(to: &agent)
    return agent
  }

  /// Gives an agent the newest state, and its newest grant.
  func deliver(to agent: inout Agent) throws {
    try agent.accept(state: stored.accountState)
    guard let agentID = agent.agentID, let grant = grants[agentID] else { throw Missing() }
    try agent.accept(grant: grant)
  }

  mutating func revoke(_ agentID: AgentID?) throws {
    guard let agentID else { throw Missing() }
    store(try owner.revoke(agentID, using: &random))
  }

  mutating func rotate() throws {
    store(try owner.rotate(with: Base.credentials(), iterations: Base.iterations, using: &random))
  }
}

/// A test asks for what is not there.
struct Missing: Error {}

/// Expects `body` to be refused with `code`.
func expect(
  _ code: ErrorCode, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  var found: ErrorCode?
  do {
    try body()
  } catch {
    found = (error as? ProtocolError)?.code
  }
  #expect(found == code, comment, sourceLocation: sourceLocation)
}

extension [UInt8] {
  /// The same bytes with one bit flipped.
  func flipped(at index: Int) -> [UInt8] {
    var copy = self
    copy[index] ^= 1
    return copy
  }
}

extension Span<UInt8> {
  var array: [UInt8] { indices.map { self[$0] } }
}

extension SecretBytes {
  /// For tests: the bytes in the open.
  var array: [UInt8] { withBytes { $0.array } }
}
