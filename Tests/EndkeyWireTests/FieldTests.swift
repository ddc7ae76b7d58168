import EndkeyWire
import Testing

/// A place in a sample, as the tables below name it.
struct Place: Sendable, CustomTestStringConvertible {
  let sample: Sample
  let offset: Int
  let name: String

  init(_ sample: Sample, _ name: String, _ within: Int = 0) {
    self.sample = sample
    self.offset = sample.offset(name) + within
    self.name = "\(sample.name).\(name)+\(within)"
  }

  var testDescription: String { name }
}

@Suite("Fields") struct FieldTests {
  static let enums: [(Place, ClosedRange<UInt8>)] = [
    (Place(.passwordHeader, "account_secret"), 0...1),
    (Place(.grant, "kind"), 1...2),
    (Place(.sealedBlob, "field"), 16...21),
    (Place(.recordBatch, "records"), 1...10),
    (Place(.recordBatch, "records", 15), 1...2),
    (Place(.recordBatch, "records", 17), 1...5),
    (Place(.recordBatch, "records", 73), 16...21),
    (Place(.token, "field"), 1...5),
    (Place(.blobReference, "field"), 16...21),
    (Place(.ruleSet, "rules", 16), 1...5),
    (Place(.ruleSet, "rules", 17), 1...3),
    (Place(.member, "role"), 1...2),
    (Place(.member, "status"), 1...2),
    (Place(.member, "kind"), 1...2),
    (Place(.ruleDefinition, "field"), 1...5),
    (Place(.ruleDefinition, "category"), 1...3),
    (Place(.ruleDefinition, "seen"), 0...1),
    (Place(.vaultContents, "codes", 16), 1...2),
    (Place(.vaultContents, "codes", 17), 1...2),
    (Place(.vaultContents, "members", 304), 1...2),
    (Place(.vaultContents, "rules"), 1...5),
    (Place(.agentContents, "phase"), 1...6),
  ]

  @Test("R-2.2-5, R-8.4-1: a value that no enumeration lists is unknown, at its byte", arguments: enums)
  func unknownValue(_ place: Place, _ listed: ClosedRange<UInt8>) {
    for value in UInt8.min...UInt8.max where !listed.contains(value) {
      let fault = place.sample.fault(place.sample.replacing(place.offset, [value]))
      #expect(fault == Fault(.unknownValue, place.offset))
    }
  }

  static let counters: [Place] = [
    Place(.passwordHeader, "counter"), Place(.ownerVault, "counter"), Place(.grant, "counter"),
    Place(.accountState, "counter"), Place(.recordBatch, "sequence"), Place(.recordBatch, "state_counter"),
    Place(.recordBatch, "records", 1), Place(.recordBatch, "records", 74), Place(.blobReference, "length"),
    Place(.ruleSet, "counter"), Place(.spoolHeader, "segment"), Place(.agentState, "generation"),
    Place(.ownerContents, "wrap_counter"), Place(.ownerContents, "vault_counter"),
    Place(.ownerContents, "state_counter"), Place(.member, "grant_counter"),
    Place(.member, "audited_sequence"), Place(.vaultContents, "state_counter"),
    Place(.vaultContents, "wrap_counter"), Place(.vaultContents, "grant_counter"),
    Place(.vaultContents, "rule_set_counter"), Place(.vaultContents, "codes", 20),
    Place(.agentContents, "state_counter"), Place(.agentContents, "grant_counter"),
    Place(.agentContents, "sequence"),
  ]

  @Test("R-2.2-6: a counter or time above 2^53 - 1 is out of range, at its first byte", arguments: counters)
  func counter(_ place: Place) {
    for value in [0, 1, Limit.counterMax] {
      #expect(place.sample.fault(place.sample.replacing(place.offset, bigEndian(value, 8))) == nil)
    }
    for value in [Limit.counterMax + 1, 1 << 63, .max] {
      let fault = place.sample.fault(place.sample.replacing(place.offset, bigEndian(value, 8)))
      #expect(fault == Fault(.valueOutOfRange, place.offset))
    }
  }

  @Test(
    "R-2.2-6: an epoch of zero is out of range",
    arguments: [
      Place(.token, "epoch"), Place(.recordBatch, "records", 18), Place(.member, "epoch"),
      Place(.vaultContents, "past_keys"), Place(.agentContents, "epochs"),
    ])
  func epoch(_ place: Place) {
    let fault = place.sample.fault(place.sample.replacing(place.offset, [0, 0, 0, 0]))
    #expect(fault == Fault(.valueOutOfRange, place.offset))
  }

  @Test("R-8.4-1: a past key of the vault's own epoch, or of a later one, is out of range")
  func pastEpoch() {
    let place = Place(.vaultContents, "past_keys", 36)
    for epoch in [UInt64(Sample.vaultEpoch), UInt64(UInt32.max)] {
      let fault = place.sample.fault(place.sample.replacing(place.offset, bigEndian(epoch, 4)))
      #expect(fault == Fault(.valueOutOfRange, place.offset))
    }
  }

  struct Length: Sendable, CustomTestStringConvertible {
    let place: Place
    let width: Int
    let bounds: ClosedRange<Int>
    let sizes: @Sendable (Int) -> Bool

    init(
      _ place: Place, _ width: Int, _ bounds: ClosedRange<Int>,
      _ sizes: @escaping @Sendable (Int) -> Bool = { _ in true }
    ) {
      self.place = place
      self.width = width
      self.bounds = bounds
      self.sizes = sizes
    }

    var testDescription: String { place.name }
  }

  static let lengths: [Length] = [
    Length(Place(.ownerVault, "sealed.length"), 3, 72...0xff_ffff),
    Length(Place(.agentState, "sealed.length"), 3, 72...0xff_ffff),
    Length(Place(.accountState, "revoked.length"), 2, 0...65_520) { $0 % 16 == 0 },
    Length(Place(.recordBatch, "records.length"), 3, 15...0xff_ffff),
    Length(Place(.recordBatch, "records", 13), 2, 0...65_535),
    Length(Place(.ruleSet, "rules.length"), 3, 0...16_777_206) { $0 % 18 == 0 },
    Length(Place(.token, "c.length"), 2, 16...4_096) {
      [16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096].contains($0)
    },
    Length(Place(.blobText, "blob.length"), 3, 113...65_536),
    Length(Place(.ruleDefinition, "value.length"), 2, 0...4_095),
    Length(Place(.vaultContents, "past_keys.length"), 3, 0...0xff_ffff) { $0 % 36 == 0 },
    Length(Place(.vaultContents, "codes.length"), 3, 0...0xff_ffff),
    Length(Place(.vaultContents, "codes", 28), 2, 0...65_535) { $0 % 32 == 0 },
    Length(Place(.vaultContents, "members.length"), 3, 0...0xff_ffff) { $0 % 359 == 0 },
    Length(Place(.vaultContents, "rules.length"), 3, 0...0xff_ffff),
    Length(Place(.agentContents, "request.length"), 2, 0...440) { $0 == 0 || $0 == 440 },
    Length(Place(.agentContents, "account_key.length"), 1, 0...32) { $0 == 0 || $0 == 32 },
    Length(Place(.agentContents, "epochs.length"), 2, 0...65_535),
    Length(Place(.agentContents, "epochs", 100), 1, 0...32) { $0 == 0 || $0 == 32 },
  ]

  @Test(
    "R-2.2-3, R-8.3-1: a length out of its bounds or sizes is refused at its prefix, before its content is missed",
    arguments: lengths)
  func length(_ length: Length) {
    let most = 1 << (8 * length.width) - 1
    let values =
      [
        0, 1, 15, 16, 17, 31, 33, length.bounds.lowerBound - 1, length.bounds.lowerBound,
        length.bounds.upperBound,
      ]
      + [length.bounds.upperBound + 1, most, most - 1, most & ~31]
    let sample = length.place.sample
    let offset = length.place.offset
    for value in values where 0...most ~= value {
      let fault = sample.fault(sample.replacing(offset, bigEndian(UInt64(value), length.width)))
      if !length.bounds.contains(value) || !length.sizes(value) {
        #expect(fault == Fault(.lengthOutOfRange, offset), "length \(value)")
      } else if offset + length.width + value > sample.bytes.count {
        #expect(fault == Fault(.truncated, offset + length.width), "length \(value)")
      }
    }
  }

  @Test("the length of a spool frame has the bounds of what is sealed")
  func frameLength() {
    let place = Place(.spoolFrameHead, "length")
    for (length, isAllowed) in [(0, false), (71, false), (72, true), (0xff_ffff, true), (0x100_0000, false)] {
      let fault = place.sample.fault(place.sample.replacing(place.offset, bigEndian(UInt64(length), 4)))
      #expect(fault == (isAllowed ? nil : Fault(.lengthOutOfRange, place.offset)))
    }
  }

  @Test("R-2.2-4: an element that passes the end of its vector is truncated, though the message goes on")
  func elementPastTheEnd() {
    let sample = Sample.recordBatch
    let records = sample.offset("records")
    let content = Sample.recordBytes.count + Sample.emptyRecordBytes.count
    // One byte less of content: the last field of the last record, its length, is cut.
    let fault = sample.fault(sample.replacing(records - 3, bigEndian(UInt64(content - 1), 3)))
    #expect(fault == Fault(.truncated, records + content - 2))
    // The items of the first record one byte short: the digest of its blob is cut.
    let items = Sample.recordBytes.count - 15
    let short = sample.fault(sample.replacing(records + 13, bigEndian(UInt64(items - 1), 2)))
    #expect(short == Fault(.truncated, records + Sample.recordBytes.count - 32))
  }

  @Test("R-2.2-8, R-16.4-2: equal or descending neighbours are not canonical, at the later one")
  func order() {
    func swapped(_ sample: Sample, _ name: String, _ size: Int, _ second: Int? = nil) -> [UInt8] {
      let start = sample.offset(name)
      let (first, next) = (sample.bytes[start..<start + size], start + size..<start + size + (second ?? size))
      return sample.replacing(start, Array(sample.bytes[next] + first))
    }
    func repeated(_ sample: Sample, _ name: String, _ size: Int) -> [UInt8] {
      let start = sample.offset(name)
      return sample.replacing(start + size, Array(sample.bytes[start..<start + size]))
    }
    for (sample, name, size) in [
      (Sample.accountState, "revoked", 16), (Sample.ruleSet, "rules", 18),
      (Sample.vaultContents, "past_keys", 36),
    ] {
      let expected = Fault(.notCanonical, sample.offset(name) + size)
      #expect(sample.fault(swapped(sample, name, size)) == expected)
      #expect(sample.fault(repeated(sample, name, size)) == expected)
    }
    let vault = Sample.vaultContents
    let codes = vault.offset("codes")
    #expect(
      vault.fault(swapped(vault, "codes", Sample.codeBytes.count, Sample.lastCodeBytes.count))
        == Fault(.notCanonical, codes + Sample.lastCodeBytes.count))
    let rules = vault.offset("rules")
    #expect(
      vault.fault(swapped(vault, "rules", Sample.ruleDefinition.bytes.count, 5))
        == Fault(.notCanonical, rules + 5))
    let agent = Sample.agentContents
    #expect(
      agent.fault(swapped(agent, "epochs", 101, 133)) == Fault(.notCanonical, agent.offset("epochs") + 133))
    let batch = Sample.recordBatch
    let items = batch.offset("records") + 15
    let token = Array(batch.bytes[items..<items + 57])
    let blob = Array(batch.bytes[items + 57..<items + 99])
    #expect(batch.fault(batch.replacing(items, blob + token)) == Fault(.notCanonical, items + 42))
  }

  @Test("R-2.2-8: an element out of order is parsed in full before its order is judged")
  func orderAfterParsing() {
    let sample = Sample.ruleSet
    let rules = sample.offset("rules")
    var bytes = sample.replacing(rules + 18, filler(16, 0) + [1, 9])
    #expect(sample.fault(bytes) == Fault(.unknownValue, rules + 35))
    bytes[rules + 35] = 1
    #expect(sample.fault(bytes) == Fault(.notCanonical, rules + 18))
  }

  @Test("rules of a vault are in order of field, then value, where a head comes before the whole")
  func ruleOrder() throws {
    let values: [[UInt8]] = [[], [0], [0, 0], [1], [255]]
    let rules = try values.map {
      RuleDefinition(field: .url, category: .neutral, seen: false, value: try BoundedBytes($0))
    }
    for (index, rule) in rules.enumerated() {
      for (other, next) in rules.enumerated() {
        #expect(RuleDefinition.inOrder(rule, next) == (index < other))
      }
    }
  }

  @Test("R-8.4-1: one element above a limit is refused at its first byte")
  func counts() {
    let vault = Sample.vaultContents
    func vaultOf(_ name: String, _ elements: [[UInt8]]) -> [UInt8] {
      vault.parts.flatMap { part in
        switch part.name {
        case name: elements.flatMap(\.self)
        case name + ".length": bigEndian(UInt64(elements.joined().count), 3)
        default: part.bytes
        }
      }
    }
    let codes = (0..<257).map { bigEndian(UInt64($0), 16) + [1, 1, 0, 0] + bigEndian(0, 8) + [0, 0] }
    #expect(vault.fault(vaultOf("codes", Array(codes.prefix(256)))) == nil)
    #expect(
      vault.fault(vaultOf("codes", codes)) == Fault(.lengthOutOfRange, vault.offset("codes") + 256 * 30))
    let members = (0..<4_096).map { bigEndian(UInt64($0), 16) + Sample.member.bytes.dropFirst(16) }
    #expect(vault.fault(vaultOf("members", Array(members.prefix(4_095)))) == nil)
    #expect(
      vault.fault(vaultOf("members", members))
        == Fault(.lengthOutOfRange, vault.offset("members") + 4_095 * 359))
    let agent = Sample.agentContents
    let epochs = Sample.epochKeysBytes + [0xff]
    let bytes = Array(agent.bytes.prefix(agent.offset("epochs.length"))) + bigEndian(UInt64(epochs.count), 2)
    #expect(
      agent.fault(bytes + epochs)
        == Fault(.lengthOutOfRange, agent.offset("epochs") + Sample.epochKeysBytes.count))
  }

  @Test("secret fields are places in the bytes that were read")
  func secretRanges() throws {
    let vault = try VaultContents(parsing: Sample.vaultContents.bytes.span, epoch: Epoch(Sample.vaultEpoch))
    let start = Sample.vaultContents.offset("past_keys")
    #expect(vault.pastKeys.map { $0.masterKey.range } == [start + 4..<start + 36, start + 40..<start + 72])
    let codes = Sample.vaultContents.offset("codes")
    #expect(vault.codes[0].secret.range == codes..<codes + 16)
    #expect(vault.codes[0].nonces.count == 2)
    let grant = try GrantContents(parsing: Sample.scopedContents.bytes.span, kind: .scoped)
    let keys = ScopedKeys(tokenKey: SecretPlace(at: 32), agentKey: SecretPlace(at: 96))
    #expect(grant.keys == .scoped(keys))
    let agent = try AgentContents(parsing: Sample.agentContents.bytes.span)
    #expect(agent.epochs.map { $0.masterKey?.range.count } == [nil, 32])
  }

  @Test("a vault is written anew with secrets from two places put together")
  func rewrittenVault() throws {
    let old = Sample.vaultContents.bytes
    let vault = try VaultContents(parsing: old.span, epoch: Epoch(Sample.vaultEpoch))
    let secrets = old + [UInt8](repeating: 0xee, count: 16)
    let code = Code(
      secret: SecretPlace(at: old.count), role: .agent, approval: .manual, usesLeft: 1, expires: 0,
      nonces: try BoundedList([]))
    var new = vault
    new.codes = try BoundedList(vault.codes.elements + [code], secrets: secrets.span)
    let bytes = Writer.array(count: new.serializedCount) { new.serialize(into: &$0, secrets: secrets.span) }
    let read = try VaultContents(parsing: bytes.span, epoch: Epoch(Sample.vaultEpoch))
    #expect(read.codes.count == 3)
    #expect(Array(bytes[read.codes[2].secret.range]) == [UInt8](repeating: 0xee, count: 16))
    #expect(Array(bytes[read.pastKeys[1].masterKey.range]) == filler(32))
  }
}
