import EndkeyWire
import Testing

@Suite("Construction") struct ConstructionTests {
  static func header(_ type: MessageType) throws(WireError) -> Header {
    try Header(type: type, accountID: .zero, epoch: type == .enrolmentRequest ? 0 : 1)
  }

  static func fault(_ body: () throws(WireError) -> Void) -> Fault? { TextFormTests.fault(body) }

  @Test("a value that no parser would read cannot be made: it throws what the parser would")
  func refused() throws {
    let over = Limit.counterMax + 1
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Header(type: .grant, accountID: .zero, epoch: 0)
      } == Fault(.valueOutOfRange, 20))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Header(type: .enrolmentRequest, accountID: .zero, epoch: 1)
      } == Fault(.valueOutOfRange, 20))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Grant(header: Self.header(.ruleSet), kind: .master, recipient: .zero, counter: 1)
      } == Fault(.unexpectedType, 3))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Grant(header: Self.header(.grant), kind: .master, recipient: .zero, counter: over)
      } == Fault(.valueOutOfRange, 41))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Grant(
          header: Self.header(.grant), kind: .master, recipient: .zero, counter: 1, ciphertext: filler(255))
      } == Fault(.lengthOutOfRange, 49))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Token(field: .url, epoch: 1, v: .zero, c: filler(48))
      } == Fault(.lengthOutOfRange, 22))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Token(field: .url, epoch: 0, v: .zero, c: filler(16))
      } == Fault(.valueOutOfRange, 2))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try RecordBatch(
          header: Self.header(.recordBatch), agentID: .zero, sequence: 1, previous: .zero, stateCounter: 1,
          records: [])
      } == Fault(.lengthOutOfRange, 88))
    let blob = Item.blob(try BlobReference(field: .voice, length: 1, digest: .zero))
    let token = Item.token(try Token(field: .url, epoch: 1, v: .zero, c: filler(16)))
    for items in [[blob, token], [token, token], [blob, blob]] {
      #expect(
        Self.fault { () throws(WireError) in
          _ = try Record(kind: .idle, start: 0, duration: 0, items: items)
        } == Fault(.notCanonical, 13))
    }
    let agent = try AgentID(filler(16))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try AccountState(
          header: Self.header(.accountState), counter: 1, verifyKey: filler(32), modulus: filler(256),
          commitment: filler(32), ruleSet: .zero, previous: .zero, revoked: [agent, agent])
      } == Fault(.notCanonical, 416))
    let rule = Rule(v: .zero, field: .url, category: .neutral)
    #expect(
      Self.fault { () throws(WireError) in
        _ = try RuleSet(header: Self.header(.ruleSet), counter: 1, rules: [rule, rule])
      } == Fault(.notCanonical, 32))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try OwnerVault(header: Self.header(.ownerVault), counter: 1, sealed: filler(71))
      } == Fault(.lengthOutOfRange, 32))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try SealedBlob(
          context: .init(header: Self.header(.sealedBlob), field: .voice, agentID: .zero), sealed: [])
      } == Fault(.truncated, 41))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try SpoolFrameHead(index: 0, length: 71, previous: .zero)
      } == Fault(.lengthOutOfRange, 8))
    #expect(Self.fault { () throws(WireError) in _ = try AgentID(filler(15)) } == Fault(.lengthOutOfRange, 0))
  }

  @Test("contents with secrets of a wrong size, out of order or too many cannot be made")
  func refusedContents() throws {
    func vault(_ past: [PastKey], _ codes: [Code]) -> Fault? {
      Self.fault { () throws(WireError) in
        _ = try VaultContents(
          epoch: 3, secrets: filler(64).span, stateCounter: 1, stateHash: .zero, wrapCounter: 1,
          grantCounter: 0, ruleSetCounter: 0, pastKeys: past, codes: codes, members: [], rules: [])
      }
    }
    let key = try PastKey(epoch: 2, masterKey: 0..<32)
    #expect(vault([key], []) == nil)
    #expect(vault([key, key], []) == Fault(.notCanonical, 64))
    #expect(vault([try PastKey(epoch: 3, masterKey: 0..<32)], []) == Fault(.valueOutOfRange, 64))
    let codes = try [0..<16, 16..<32].map {
      try Code(secret: $0, role: .agent, approval: .manual, usesLeft: 1, expires: 0, nonces: [])
    }
    #expect(vault([], codes) == nil)
    #expect(vault([], codes.reversed()) == Fault(.notCanonical, 67))
    #expect(vault([], Array(repeating: codes[0], count: 257)) == Fault(.lengthOutOfRange, 67))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try PastKey(epoch: 2, masterKey: 0..<31)
      } == Fault(.lengthOutOfRange, 4))
    #expect(
      Self.fault { () throws(WireError) in
        _ = try EpochKeys(epoch: 1, tokenKey: 0..<64, agentKey: 0..<32, masterKey: 0..<0)
      } == Fault(.lengthOutOfRange, 100))
  }

  @Test("a signature covers all bytes before it, and changes nothing else")
  func signatures() throws {
    func check(_ message: some SignedMessage) throws {
      let signed = try message.signed(filler(64, 99))
      #expect(signed.serialized == message.signedBytes + filler(64, 99))
      #expect(
        Self.fault { () throws(WireError) in _ = try message.signed(filler(63)) }?.code == .lengthOutOfRange)
    }
    try check(try Grant(parsing: Sample.grant.bytes))
    try check(try EnrolmentRequest(parsing: Sample.enrolmentRequest.bytes))
    try check(try AccountState(parsing: Sample.accountState.bytes))
    try check(try RecordBatch(parsing: Sample.recordBatch.bytes))
    try check(try RuleSet(parsing: Sample.ruleSet.bytes))
    let grant = try Grant(parsing: Sample.grant.bytes)
    #expect(grant.hashedBytes == Array(Sample.grant.bytes.prefix(49)))
    #expect(try grant.encrypted(filler(256, 5)).ciphertext == filler(256, 5))
    let request = try EnrolmentRequest(parsing: Sample.enrolmentRequest.bytes)
    #expect(request.authenticatedBytes == Array(Sample.enrolmentRequest.bytes.prefix(344)))
    #expect(try request.authenticated(filler(32, 5)).mac == filler(32, 5))
    let vault = try OwnerVault(parsing: Sample.ownerVault.bytes)
    #expect(vault.context == Array(Sample.ownerVault.bytes.prefix(32)))
    let state = try LocalState(parsing: Sample.ownerState.bytes)
    #expect(state.context == Array(Sample.ownerState.bytes.prefix(32)))
    let frame = try SpoolFrameHead(parsing: Sample.spoolFrameHead.bytes)
    #expect(frame.checkedBytes == Array(Sample.spoolFrameHead.bytes.prefix(44)))
    #expect(try frame.checked(filler(8, 5)).check == filler(8, 5))
  }

  @Test("ids are in the order of their bytes")
  func idOrder() throws {
    let ids = try [[0, 0], [0, 255], [1, 0], [127, 1], [128, 0], [255, 255]].map { ends in
      try AgentID([ends[0]] + filler(14) + [ends[1]])
    }
    #expect(ids.shuffled().sorted() == ids)
    let hash = try Hash(filler(32))
    #expect(hash.description.hasPrefix("01080f16"))
    #expect(Hash.zero < hash)
  }
}
