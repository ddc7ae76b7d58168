import EndkeyWire
import Testing

/// A message put together from its parts by hand, so that the serialiser is not its own judge.
struct Sample: Sendable, CustomTestStringConvertible {
  /// A field of the specification, or the content of a vector.
  struct Part: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  let name: String
  /// The number of the type, for what has a header.
  let type: UInt8?
  let parts: [Part]
  /// `serialize(parse(bytes))`.
  let reserialize: @Sendable ([UInt8]) throws(WireError) -> [UInt8]

  var bytes: [UInt8] { parts.flatMap(\.bytes) }
  var testDescription: String { name }

  /// Where the part of this name starts.
  func offset(_ name: String) -> Int {
    var offset = 0
    for part in parts {
      if part.name == name { return offset }
      offset += part.bytes.count
    }
    preconditionFailure("\(self.name) has no part \(name)")
  }

  /// The bytes with others from `offset` on.
  func replacing(_ offset: Int, _ new: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
    return bytes
  }

  /// The code and offset of what the parser says to `bytes`, nil if it takes them.
  func fault(_ bytes: [UInt8]) -> Fault? {
    do throws(WireError) {
      _ = try reserialize(bytes)
      return nil
    } catch {
      return Fault(error.code, error.offset)
    }
  }
}

struct Fault: Equatable, CustomStringConvertible {
  let code: WireError.Code
  let offset: Int

  init(_ code: WireError.Code, _ offset: Int) {
    self.code = code
    self.offset = offset
  }

  init(_ error: WireError) { self.init(error.code, error.offset) }

  var description: String { "\(code.rawValue) at \(offset)" }
}

// MARK: - The parts

func bigEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
}

/// `count` bytes that are not all alike.
func filler(_ count: Int, _ seed: UInt8 = 1) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) &+ seed }
}

extension Sample {
  private init<Value: WireStruct>(_ value: Value.Type, _ parts: [(String, [UInt8])], type: UInt8? = nil) {
    self.init("\(Value.self)", parts, type: type) { bytes throws(WireError) in
      try Value(parsing: bytes).serialized
    }
  }

  private init(
    _ name: String, _ parts: [(String, [UInt8])], type: UInt8? = nil,
    _ reserialize: @escaping @Sendable ([UInt8]) throws(WireError) -> [UInt8]
  ) {
    self.name = name
    self.type = type
    self.parts = parts.map { Part(name: $0.0, bytes: $0.1) }
    self.reserialize = reserialize
  }

  /// The sample of a content that holds secrets: its own bytes are the secrets.
  private init<Value: SecretContents>(
    secret name: String, _ parts: [(String, [UInt8])],
    _ parse: @escaping @Sendable ([UInt8]) throws(WireError) -> Value
  ) {
    self.init(name, parts) { bytes throws(WireError) in
      let value = try parse(bytes)
      return Writer.array(count: value.serializedCount) { value.serialize(into: &$0, secrets: bytes.span) }
    }
  }

  static func header(_ type: UInt8, epoch: UInt64 = 3) -> [(String, [UInt8])] {
    [
      ("magic", [0x45, 0x4b]), ("version", [1]), ("type", [type]), ("account_id", filler(16, 9)),
      ("epoch", bigEndian(epoch, 4)),
    ]
  }

  /// A vector: its length in `width` bytes, and its content.
  static func vector(_ name: String, _ width: Int, _ content: [UInt8]) -> [(String, [UInt8])] {
    [("\(name).length", bigEndian(UInt64(content.count), width)), (name, content)]
  }

  static let tokenBytes =
    [1, 3] + bigEndian(3, 4) + filler(16, 40) + bigEndian(32, 2) + filler(32, 50)
  static let blobReferenceBytes = [19] + bigEndian(4_711, 8) + filler(32, 60)
  static let recordBytes =
    [2] + bigEndian(1_700_000_000_000, 8) + bigEndian(60_000, 4)
    + bigEndian(UInt64(2 + tokenBytes.count + blobReferenceBytes.count), 2)
    + [1] + tokenBytes + [2] + blobReferenceBytes
  static let emptyRecordBytes = [4] + bigEndian(9, 8) + bigEndian(1, 4) + [0, 0]

  static let passwordHeader = Sample(
    PasswordHeader.self,
    header(5, epoch: 0) + [
      ("counter", bigEndian(7, 8)), ("iterations", bigEndian(600_000, 4)), ("account_secret", [1]),
      ("salt", filler(32)),
    ], type: 5)
  static let personKeys = Sample(
    PersonKeys.self,
    passwordHeader.parts.map { ($0.name, $0.bytes) } + [("sealed", filler(360))], type: 5)
  static let passwordWrap = Sample(
    PasswordWrap.self, header(1) + [("commitment", filler(32)), ("wrapped", filler(40))], type: 1)
  static let ownerVault = Sample(
    OwnerVault.self,
    header(2) + [("counter", bigEndian(7, 8))] + vector("sealed", 3, filler(80)) + [
      ("signer", filler(32)), ("signature", filler(64)),
    ], type: 2)
  static let enrolmentRequest = Sample(
    EnrolmentRequest.self,
    header(3, epoch: 0) + [
      ("modulus", filler(256)), ("verify_key", filler(32)), ("nonce", filler(32)), ("mac", filler(32)),
      ("signature", filler(64)),
    ], type: 3)
  static let personRequest = Sample(
    PersonRequest.self,
    (enrolmentRequest.parts + personKeys.parts).enumerated().map { ("\($0.offset)", $0.element.bytes) }
      + [("login_id", filler(32)), ("login_verifier", filler(32))])
  static let grant = Sample(
    Grant.self,
    header(4) + [
      ("kind", [2]), ("recipient", filler(16)), ("commitment", filler(32)), ("signer", filler(32)),
      ("ciphertext", filler(256)), ("signature", filler(64)),
    ], type: 4)
  static let accountState = Sample(
    AccountState.self,
    header(6) + [
      ("counter", bigEndian(7, 8)), ("made", bigEndian(1, 8)), ("valid_until", bigEndian(2, 8)),
      ("commitment", filler(32)), ("root_key", filler(32)), ("generation", bigEndian(5, 4)),
      ("certificate_from", bigEndian(1, 8)), ("certificate_until", bigEndian(3, 8)),
    ] + vector("signers", 2, filler(48, 1) + filler(48, 2) + filler(48, 3)) + [
      ("certificate", filler(64))
    ] + vector("revoked", 2, filler(16, 1) + filler(16, 2) + filler(16, 3)) + [
      ("signer", filler(32)), ("signature", filler(64)),
    ], type: 6)
  static let sealedBlob = Sample(
    SealedBlob.self, header(7) + [("field", [19]), ("agent_id", filler(16)), ("sealed", filler(72))], type: 7)
  static let recordBatch = Sample(
    RecordBatch.self,
    header(8) + [
      ("agent_id", filler(16)), ("sequence", bigEndian(7, 8)), ("previous", filler(32)),
      ("made", bigEndian(9, 8)), ("state_generation", bigEndian(1, 4)), ("state_counter", bigEndian(8, 8)),
      ("state", filler(32)),
    ] + vector("records", 3, recordBytes + emptyRecordBytes) + [("signature", filler(64))], type: 8)

  /// A rule of 57 bytes, whose token has this V.
  static func ruleBytes(_ v: UInt8, category: UInt8 = 1) -> [UInt8] {
    [1, 3] + bigEndian(3, 4) + filler(16, v) + bigEndian(32, 2) + filler(32, 50) + [category]
  }

  static let ruleSet = Sample(
    RuleSet.self,
    header(9) + vector("rules", 3, ruleBytes(1) + ruleBytes(2, category: 3) + ruleBytes(3)), type: 9)
  static let spoolHeader = Sample(
    SpoolHeader.self, header(10, epoch: 0) + [("agent_id", filler(16)), ("segment", bigEndian(7, 8))],
    type: 10)
  static let spoolFrameHead = Sample(
    SpoolFrameHead.self,
    [
      ("magic", [0x45, 0x4b, 0x66, 0x72]), ("index", bigEndian(5, 4)), ("length", bigEndian(72, 4)),
      ("previous", filler(32)), ("check", filler(8)),
    ])
  static let agentState = Sample(
    "LocalState (agent)",
    header(11, epoch: 0) + [("writes", bigEndian(7, 8))] + vector("sealed", 3, filler(72)), type: 11
  ) { bytes throws(WireError) in try LocalState(parsing: bytes, type: .agentState).serialized }
  static let ownerState = Sample(
    "LocalState (owner)",
    header(12) + [("writes", bigEndian(7, 8))] + vector("sealed", 3, filler(73)), type: 12
  ) { bytes throws(WireError) in try LocalState(parsing: bytes, type: .ownerState).serialized }
  static let capture = Sample(
    Capture.self,
    header(13, epoch: 0) + [("kind", [2]), ("start", bigEndian(1, 8)), ("duration", bigEndian(2, 4))]
      + vector("items", 3, [3] + bigEndian(2, 3) + [7, 8] + [19] + bigEndian(0, 3)), type: 13)

  static let token = Sample(
    Token.self,
    [("version", [1]), ("field", [3]), ("epoch", bigEndian(3, 4)), ("v", filler(16))]
      + vector("c", 2, filler(32)))
  static let blobReference = Sample(
    BlobReference.self, [("field", [19]), ("length", bigEndian(7, 8)), ("digest", filler(32))])
  static let blobText = Sample(BlobText.self, vector("blob", 3, sealedBlob.bytes))
  static let codeTerms = Sample(
    CodeTerms.self,
    [("generation", bigEndian(3, 4)), ("made", bigEndian(4, 8)), ("kind", [2]), ("role", [1])])
  static let stateNote = Sample(
    StateNote.self,
    [
      ("generation", bigEndian(3, 4)), ("counter", bigEndian(4, 8)), ("epoch", bigEndian(5, 4)),
      ("made", bigEndian(6, 8)), ("hash", filler(32)),
    ])
  static let person = Sample(
    Person.self,
    [
      ("person_id", filler(16)), ("role", [1]), ("status", [1]), ("modulus", filler(256)),
      ("verify_key", filler(32)), ("keys", filler(32)),
    ] + vector("label", 1, Array("Ana".utf8)))
  static let member = Sample(
    Member.self,
    [("agent_id", filler(16))] + vector("label", 1, Array("pc".utf8)) + [
      ("code_id", filler(8)), ("kind", [2]), ("status", [2]), ("listed", bigEndian(2, 4)),
      ("audited_sequence", bigEndian(5, 8)), ("audited_hash", filler(32)),
      ("audited_generation", bigEndian(0, 4)), ("audited_state", bigEndian(4, 8)),
      ("kept_sequence", bigEndian(3, 8)), ("kept_hash", filler(32)),
    ])
  static let erasure = Sample(
    Erasure.self,
    [
      ("agent_id", filler(16)), ("first", bigEndian(2, 8)), ("last", bigEndian(4, 8)),
      ("before_hash", filler(32)), ("last_hash", filler(32)),
    ])
  static let ruleDefinition = Sample(
    RuleDefinition.self,
    [("field", [4]), ("category", [1]), ("seen", [1])] + vector("value", 2, Array("example.org".utf8)))
  static let ownerContents = Sample(
    OwnerContents.self,
    passwordHeader.parts.map { ("head.\($0.name)", $0.bytes) } + vector("state", 3, accountState.bytes) + [
      ("generation", bigEndian(5, 4)), ("confirmed", [1]), ("vault_counter", bigEndian(2, 8)),
      ("vault_hash", filler(32)), ("pending_vault", filler(32)), ("pending_state", filler(32)),
      ("pending_rule_set", filler(32)),
    ])

  static let masterContents = Sample(
    secret: "GrantContents (master)", [("head_hash", filler(32)), ("master_key", filler(32))]
  ) { bytes throws(WireError) in try GrantContents(parsing: bytes.span, kind: .master) }
  static let scopedContents = Sample(
    secret: "GrantContents (scoped)",
    [("head_hash", filler(32)), ("token_key", filler(64)), ("agent_key", filler(32))]
  ) { bytes throws(WireError) in try GrantContents(parsing: bytes.span, kind: .scoped) }
  static let accountKeys = Sample(
    secret: "AccountKeys", [("p", filler(128)), ("q", filler(128)), ("seed", filler(32))]
  ) { bytes throws(WireError) in try AccountKeys(parsing: bytes.span) }

  /// A code: 8 bytes of id, 16 of the secret, a label of one byte, then role, kind, approval, uses, expiry and nonces.
  static func codeBytes(_ id: UInt8, nonces: Int = 0, role: UInt8 = 1, kind: UInt8 = 2, uses: UInt64 = 9)
    -> [UInt8]
  {
    filler(8, id) + filler(16, 1) + [1, 0x61] + [role, kind, 2] + bigEndian(uses, 2) + bigEndian(0, 8)
      + bigEndian(UInt64(32 * nonces), 2) + filler(32 * nonces)
  }

  static let vaultParts =
    [("made", bigEndian(1, 8)), ("made_by", filler(16))]
    + vector("states", 3, stateNote.bytes + bigEndian(4, 4) + stateNote.bytes.dropFirst(4)) + []
    + vector("recent", 2, filler(32) + filler(32, 2)) + [
      ("rule_set", filler(32)), ("retention_days", bigEndian(7, 2)), ("blob_days", bigEndian(3_650, 2)),
    ] + vector("persons", 2, person.bytes)
    + vector("past_keys", 3, bigEndian(1, 4) + filler(32) + bigEndian(2, 4) + filler(32))
    + vector("codes", 3, codeBytes(1, nonces: 2) + codeBytes(2)) + vector("members", 3, member.bytes)
    + vector("erasures", 3, erasure.bytes) + vector("rules", 3, ruleDefinition.bytes + [5, 1, 0, 0, 0])

  /// With as many zeros behind it as make it a multiple of 4,096 bytes.
  static func padded(_ bytes: [UInt8]) -> [(String, [UInt8])] {
    let count = bytes.count + 2
    return vector("padding", 2, [UInt8](repeating: 0, count: (4_096 - count % 4_096) % 4_096))
  }

  static let vaultContents = Sample(
    secret: "VaultContents", vaultParts + padded(vaultParts.flatMap(\.1))
  ) { bytes throws(WireError) in try VaultContents(parsing: bytes.span) }

  static let agentContents = Sample(
    secret: "AgentContents",
    [("phase", [4]), ("keys.p", filler(128)), ("keys.q", filler(128)), ("keys.seed", filler(32))]
      + vector("request", 2, enrolmentRequest.bytes) + vector("terms", 1, codeTerms.bytes)
      + vector("state", 3, accountState.bytes) + [
        ("least", bigEndian(1, 8)), ("running", bigEndian(2, 8)), ("age", bigEndian(3, 8)),
        ("sequence", bigEndian(3, 8)), ("batch_hash", filler(32)),
      ] + vector("epoch_keys", 1, filler(96))
  ) { bytes throws(WireError) in try AgentContents(parsing: bytes.span) }

  /// One of each message that has a header of its own type.
  static let messages = [
    passwordWrap, ownerVault, enrolmentRequest, grant, passwordHeader, personKeys, accountState, sealedBlob,
    recordBatch, ruleSet, spoolHeader, agentState, ownerState, capture,
  ]

  static let all =
    messages + [
      personRequest, spoolFrameHead, token, blobReference, blobText, codeTerms, stateNote, person, member,
      erasure, ruleDefinition, ownerContents, masterContents, scopedContents, accountKeys, vaultContents,
      agentContents,
    ]
}
