internal import CEndkeyHeader
internal import Endkey

/// What a handle of C stands for. C holds one reference to it, until it frees the handle.
protocol Handle: AnyObject {}

extension Handle {
  /// What `handle` stands for. It is of this type: C's compiler has checked that.
  static func at(_ handle: OpaquePointer?) throws(Misuse) -> Self {
    guard let handle = unsafe handle else { throw .badArgument }
    return unsafe Unmanaged<Self>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  /// What `handle` stands for; nil for NULL.
  static func ifAny(_ handle: OpaquePointer?) -> Self? {
    guard let handle = unsafe handle else { return nil }
    return unsafe Unmanaged<Self>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  /// Gives a reference to C.
  func give(to place: UnsafeMutablePointer<OpaquePointer?>) {
    unsafe place.pointee = OpaquePointer(Unmanaged.passRetained(self).toOpaque())
  }

  /// Takes C's reference back.
  static func free(_ handle: OpaquePointer?) {
    guard let handle = unsafe handle else { return }
    unsafe Unmanaged<Self>.fromOpaque(UnsafeRawPointer(handle)).release()
  }
}

/// `ek_secret`.
final class SecretHandle: Handle {
  let bytes: SecretBytes

  init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}

/// `ek_stretched`.
final class StretchedHandle: Handle {
  let stretched: StretchedPassword

  init(_ stretched: consuming StretchedPassword) { self.stretched = stretched }
}

/// `ek_messages`.
final class MessagesHandle: Handle {
  struct Message {
    /// Nil for what is no message of the protocol.
    let type: MessageType?
    var recipient: AgentID?
    let bytes: [UInt8]
  }

  let messages: [Message]
  /// Of the vault that these messages replace.
  let expected: Hash?
  let login: Publication.Login?

  init(_ messages: [Message], expected: Hash? = nil, login: Publication.Login? = nil) {
    self.messages = messages
    self.expected = expected
    self.login = login
  }

  convenience init(_ type: MessageType?, _ bytes: [UInt8]) { self.init([Message(type: type, bytes: bytes)]) }

  convenience init(_ publication: Publication) {
    var messages: [Message] = []
    func add(_ type: MessageType, _ bytes: [UInt8]?) {
      if let bytes { messages.append(Message(type: type, bytes: bytes)) }
    }
    add(.ownerVault, publication.ownerVault.serialized)
    add(.accountState, publication.accountState?.serialized)
    add(.ruleSet, publication.ruleSet?.serialized)
    add(.personKeys, publication.personKeys?.serialized)
    add(.passwordWrap, publication.passwordWrap?.serialized)
    messages += publication.grants.map(Message.init)
    self.init(messages, expected: publication.expected, login: publication.login)
  }

  /// The message at `index`; nil where there is none.
  subscript(index: Int) -> Message? { messages.indices.contains(index) ? messages[index] : nil }
}

extension MessagesHandle.Message {
  init(_ grant: Grant) { self.init(type: .grant, recipient: grant.recipient, bytes: grant.serialized) }
}

/// `ek_agent`.
final class AgentHandle: Handle {
  var agent: Agent
  /// Made at the first token, and anew when the agent's keys may have changed.
  private var sealer: TokenSealer?

  init(_ agent: consuming Agent) {
    self.agent = agent
    sealer = nil
  }

  func accept(state: [UInt8]) throws(ProtocolError) {
    sealer = nil
    try agent.accept(state: state)
  }

  func accept(grant: [UInt8]) throws(ProtocolError) {
    sealer = nil
    try agent.accept(grant: grant)
  }

  /// Lends the sealer of the agent's current keys, unless the account's state has ended.
  func withSealer<Value>(
    at now: Time, _ body: (inout TokenSealer) throws(ProtocolError) -> Value
  ) throws(ProtocolError) -> Value {
    if !agent.isExpired(at: now), let kept = sealer.take() { return try use(kept, body) }
    return try use(try agent.tokenSealer(at: now), body)
  }

  /// Lends `sealer`, and keeps it for the next token.
  private func use<Value>(
    _ sealer: consuming TokenSealer, _ body: (inout TokenSealer) throws(ProtocolError) -> Value
  ) throws(ProtocolError) -> Value {
    let value = try body(&sealer)
    self.sealer = consume sealer
    return value
  }
}

/// `ek_owner`.
final class OwnerHandle: Handle {
  var owner: Owner
  /// Made at the first token, and anew after a step that may have changed the keys.
  private var opener: TokenOpener?

  init(_ owner: consuming Owner) { self.owner = owner }

  /// Makes a step, after which the keys may be others.
  func step<Value: ~Copyable>(
    _ body: (inout Owner) throws -> Value
  ) throws -> Value {
    opener = nil
    return try body(&owner)
  }

  /// Opens with the keys of all epochs.
  func open(_ body: (inout TokenOpener) throws(ProtocolError) -> [UInt8]) throws(ProtocolError) -> [UInt8] {
    var opener: TokenOpener
    if let kept = self.opener { opener = kept } else { opener = try owner.tokenOpener() }
    defer { self.opener = opener }
    return try body(&opener)
  }
}

/// `ek_audit`.
final class AuditHandle: Handle {
  let agentID: AgentID
  let report: AuditReport
  /// In ascending order of bytes.
  let totals: [(token: [UInt8], milliseconds: UInt64)]

  init(_ agentID: AgentID, _ report: AuditReport) {
    self.agentID = agentID
    self.report = report
    totals = report.totals.sums.map { ($0.key.token.serialized, $0.value) }
      .sorted { $0.token.lexicographicallyPrecedes($1.token) }
  }
}

/// `ek_records`.
final class RecordsHandle: Handle {
  private var sealer: CaptureSealer
  private(set) var records: [Record] = []

  init(_ sealer: consuming CaptureSealer) { self.sealer = sealer }

  func add(_ record: Record) { records.append(record) }

  /// Adds the record of a capture, and gives the blobs that it names.
  func seal(_ capture: Capture) throws(ProtocolError) -> [SealedBlob] {
    var random = SystemRandom()
    let sealed = try sealer.seal(capture, using: &random)
    records.append(sealed.record)
    return sealed.blobs
  }
}

/// `ek_blob_sealer`: nil once it has finished.
final class BlobSealerHandle: Handle {
  var sealer: BlobSealer?

  init(_ sealer: consuming BlobSealer) { self.sealer = consume sealer }
}

/// `ek_blob_opener`: nil once it has finished.
final class BlobOpenerHandle: Handle {
  var opener: BlobOpener?

  init(_ opener: consuming BlobOpener) { self.opener = consume opener }
}

/// `ek_spool`.
final class SpoolHandle: Handle {
  var writer: SpoolWriter

  init(_ writer: consuming SpoolWriter) { self.writer = writer }
}

/// `ek_recovery`.
final class RecoveryHandle: Handle {
  let found: SpoolRecovery

  init(_ found: SpoolRecovery) { self.found = found }
}
