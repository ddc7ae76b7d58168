import EndkeyWire
import Testing

@Suite("Construction") struct ConstructionTests {
  static func fault(_ body: () throws(WireError) -> Void) -> WireError.Code? {
    TextFormTests.fault(body)?.code
  }

  @Test("a number that no parser would read is no value of its field")
  func numbers() throws {
    let over = Limit.counterMax + 1
    #expect(Self.fault { () throws(WireError) in _ = try Counter(over) } == .valueOutOfRange)
    #expect(
      Self.fault { () throws(WireError) in _ = try Time(milliseconds: over) } == .valueOutOfRange)
    #expect(Self.fault { () throws(WireError) in _ = try Epoch(0 as UInt32) } == .valueOutOfRange)
    #expect(Counter(exactly: over) == nil)
    for length in [71, 16_777_216, -1] {
      #expect(
        Self.fault { () throws(WireError) in _ = try ByteCount<72, 16_777_215>(length) } == .lengthOutOfRange)
    }
    #expect(try Counter(Limit.counterMax) == .max)
    #expect(try Epoch(1 as UInt32) == .first)
  }

  @Test("behind the last number there is none")
  func next() throws {
    #expect(Counter.max.next == nil)
    #expect(try Epoch(UInt32.max).next == nil)
    #expect(try Generation(UInt32.max).next == nil)
    #expect(try (0 as Counter).next == Counter(1 as UInt64))
    #expect(try Epoch.first.next == Epoch(2 as UInt32))
    #expect((0 as Counter).previous == nil && (1 as Counter).previous == 0)
    #expect(Generation.first.next == (try Generation(2)))
  }

  @Test("sums end at the greatest number there is")
  func sums() throws {
    let last = try Time(milliseconds: Limit.counterMax)
    #expect(Time.max == last && (0 as Time).adding(milliseconds: Limit.counterMax) == last)
    for more in [1, UInt64.max] {
      #expect(last.adding(milliseconds: more) == last)
      #expect(Counter.max.adding(more) == .max)
    }
    #expect((1 as Time).adding(days: 1) == (1 as Time).adding(hours: 24))
    #expect((1 as Time).adding(hours: 1).milliseconds == 3_600_001)
  }

  @Test("bytes that are too few or too many are no value of their field")
  func bytes() throws {
    for count in [0, 31, 33] {
      #expect(
        Self.fault { () throws(WireError) in _ = try Bytes<32>(filler(count)) } == .lengthOutOfRange)
    }
    #expect(Self.fault { () throws(WireError) in _ = try AgentID(filler(15)) } == .lengthOutOfRange)
    #expect(Self.fault { () throws(WireError) in _ = try Sealed(filler(71)) } == .lengthOutOfRange)
    #expect(
      Self.fault { () throws(WireError) in _ = try BoundedBytes<0, 4_095>(filler(4_096)) }
        == .lengthOutOfRange)
    #expect(try Bytes<32>(filler(32)).bytes == filler(32))
    #expect(try BoundedBytes<0, 4_095>(Array("caf\u{e9}".utf8)).bytes == [0x63, 0x61, 0x66, 0xc3, 0xa9])
    let blob = SealedBlob.Context(accountID: .zero, epoch: .first, field: .voice, agentID: .zero)
    #expect(
      Self.fault { () throws(WireError) in _ = try SealedBlob(context: blob, sealed: filler(71)) }
        == .truncated)
    #expect(
      Self.fault { () throws(WireError) in
        _ = try Token(field: .url, epoch: .first, v: .zero, c: filler(48))
      } == .lengthOutOfRange)
  }

  @Test("elements out of order, too few or too many are no value of their list")
  func lists() throws {
    let blob = Item.blob(BlobReference(field: .voice, length: 1, digest: .zero))
    let token = Item.token(try Token(field: .url, epoch: .first, v: .zero, c: filler(16)))
    for items in [[blob, token], [token, token], [blob, blob]] {
      #expect(
        Self.fault { () throws(WireError) in _ = try BoundedList<Record.Items>(items) } == .notCanonical)
    }
    let record = Record(kind: .idle, start: 0, duration: 0, items: try BoundedList([token, blob]))
    #expect(record.items.elements == [token, blob])
    #expect(
      Self.fault { () throws(WireError) in _ = try BoundedList<RecordBatch.Records>([]) }
        == .lengthOutOfRange)
    let agent = try AgentID(filler(16))
    #expect(
      Self.fault { () throws(WireError) in _ = try BoundedList<AccountState.Revoked>([agent, agent]) }
        == .notCanonical)
    let agents = (0..<4_096).map { AgentID(unchecked: bigEndian(UInt64($0), 16).span) }
    #expect(
      Self.fault { () throws(WireError) in _ = try BoundedList<AccountState.Revoked>(agents) }
        == .lengthOutOfRange)
    #expect(try BoundedList<AccountState.Revoked>([AgentID](agents.dropFirst())).count == 4_095)
    let rule = Rule(
      token: try Token(field: .url, epoch: .first, v: .zero, c: filler(16)), category: .neutral)
    #expect(
      Self.fault { () throws(WireError) in _ = try BoundedList<RuleSet.Rules>([rule, rule]) } == .notCanonical
    )
  }

  @Test("past keys that are not in the order of epoch and secret are no list")
  func secretLists() throws {
    let (epoch, next) = (try Epoch(2), try Epoch(3))
    let secrets = filler(32, 1) + filler(32, 2)
    func past(_ keys: [(Epoch, Int)]) -> WireError.Code? {
      Self.fault { () throws(WireError) in
        _ = try BoundedList<VaultContents.PastKeys>(
          keys.map { PastKey(epoch: $0.0, masterKey: SecretPlace(at: $0.1)) }, secrets: secrets.span)
      }
    }
    #expect(past([(epoch, 0), (next, 0)]) == nil)
    #expect(past([(epoch, 0), (epoch, 32)]) == nil)
    for keys in [[(epoch, 0), (epoch, 0)], [(epoch, 32), (epoch, 0)], [(next, 0), (epoch, 32)]] {
      #expect(past(keys) == .notCanonical)
    }
    #expect(past(Array(repeating: (epoch, 0), count: 4_097)) == .lengthOutOfRange)
  }

  @Test("a signature covers all bytes before it, and changes nothing else")
  func signatures() throws {
    func check<Message: SignedMessage>(_ message: Message) throws {
      var signed = message
      signed.signature = try Signature(filler(64, 99))
      #expect(signed.serialized == message.signedBytes + filler(64, 99))
    }
    try check(try Grant(parsing: Sample.grant.bytes))
    try check(try EnrolmentRequest(parsing: Sample.enrolmentRequest.bytes))
    try check(try AccountState(parsing: Sample.accountState.bytes))
    try check(try RecordBatch(parsing: Sample.recordBatch.bytes))
    try check(try OwnerVault(parsing: Sample.ownerVault.bytes))
    let grant = try Grant(parsing: Sample.grant.bytes)
    #expect(grant.hashedBytes == Array(Sample.grant.bytes.prefix(105)))
    let request = try EnrolmentRequest(parsing: Sample.enrolmentRequest.bytes)
    #expect(request.authenticatedBytes == Array(Sample.enrolmentRequest.bytes.prefix(344)))
    let vault = try OwnerVault(parsing: Sample.ownerVault.bytes)
    #expect(vault.context == Array(Sample.ownerVault.bytes.prefix(32)))
    let state = try LocalState(parsing: Sample.ownerState.bytes)
    #expect(state.context == Array(Sample.ownerState.bytes.prefix(32)))
    let frame = try SpoolFrameHead(parsing: Sample.spoolFrameHead.bytes)
    #expect(frame.checkedBytes == Array(Sample.spoolFrameHead.bytes.prefix(44)))
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
