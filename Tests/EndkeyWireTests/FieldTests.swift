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
    (Place(.ruleSet, "rules", 1), 1...5),
    (Place(.ruleSet, "rules", 56), 1...3),
    (Place(.person, "role"), 1...2),
    (Place(.person, "status"), 1...3),
    (Place(.member, "kind"), 1...2),
    (Place(.member, "status"), 1...3),
    (Place(.codeTerms, "kind"), 1...2),
    (Place(.codeTerms, "role"), 1...2),
    (Place(.ruleDefinition, "field"), 1...5),
    (Place(.ruleDefinition, "category"), 1...3),
    (Place(.ruleDefinition, "seen"), 0...1),
    (Place(.capture, "kind"), 1...10),
    (Place(.vaultContents, "codes", 26), 1...2),
    (Place(.vaultContents, "codes", 27), 1...2),
    (Place(.vaultContents, "codes", 28), 1...2),
    (Place(.vaultContents, "rules"), 1...5),
    (Place(.agentContents, "phase"), 1...6),
    (Place(.ownerContents, "confirmed"), 0...1),
  ]

  @Test("R-2.2-5: a value that no enumeration lists is unknown, at its byte", arguments: enums)
  func unknownValue(_ place: Place, _ listed: ClosedRange<UInt8>) {
    for value in UInt8.min...UInt8.max where !listed.contains(value) {
      let fault = place.sample.fault(place.sample.replacing(place.offset, [value]))
      #expect(fault == Fault(.unknownValue, place.offset))
    }
  }

  static let counters: [Place] = [
    Place(.passwordHeader, "counter"), Place(.ownerVault, "counter"), Place(.accountState, "counter"),
    Place(.accountState, "made"), Place(.accountState, "valid_until"),
    Place(.accountState, "certificate_from"), Place(.accountState, "certificate_until"),
    Place(.recordBatch, "made"), Place(.recordBatch, "state_counter"), Place(.recordBatch, "records", 1),
    Place(.recordBatch, "records", 74), Place(.blobReference, "length"), Place(.spoolHeader, "segment"),
    Place(.capture, "start"), Place(.agentState, "writes"), Place(.codeTerms, "made"),
    Place(.stateNote, "counter"), Place(.stateNote, "made"), Place(.member, "audited_state"),
    Place(.vaultContents, "made"), Place(.vaultContents, "codes", 31), Place(.ownerContents, "vault_counter"),
    Place(.agentContents, "least"), Place(.agentContents, "running"), Place(.agentContents, "age"),
    Place(.agentContents, "sequence"),
  ]

  @Test("R-2.2-6: a counter or time above 2^53 - 1 is out of range, at its first byte", arguments: counters)
  func counter(_ place: Place) {
    for value in [1, Limit.counterMax] {
      #expect(place.sample.fault(place.sample.replacing(place.offset, bigEndian(value, 8))) == nil)
    }
    for value in [Limit.counterMax + 1, 1 << 63, .max] {
      let fault = place.sample.fault(place.sample.replacing(place.offset, bigEndian(value, 8)))
      #expect(fault == Fault(.valueOutOfRange, place.offset))
    }
  }

  @Test(
    "R-2.2-6: an epoch or generation of zero is out of range",
    arguments: [
      Place(.token, "epoch"), Place(.recordBatch, "records", 18), Place(.recordBatch, "state_generation"),
      Place(.accountState, "generation"), Place(.codeTerms, "generation"), Place(.stateNote, "generation"),
      Place(.stateNote, "epoch"), Place(.ownerContents, "generation"), Place(.vaultContents, "past_keys"),
    ])
  func epoch(_ place: Place) {
    let fault = place.sample.fault(place.sample.replacing(place.offset, [0, 0, 0, 0]))
    #expect(fault == Fault(.valueOutOfRange, place.offset))
  }

  @Test(
    "R-2.2-9: a field that must fit another is out of range at its first byte, when the struct was read in full"
  )
  func fitting() {
    let terms = Sample.codeTerms
    let (kind, role) = (terms.offset("kind"), terms.offset("role"))
    #expect(terms.fault(terms.replacing(role, [2])) == Fault(.valueOutOfRange, kind))
    #expect(terms.fault(terms.replacing(kind, [1, 2])) == nil)
    #expect(terms.fault(terms.replacing(role, [3])) == Fault(.unknownValue, role))
    let member = Sample.member
    let (status, listed) = (member.offset("status"), member.offset("listed"))
    #expect(member.fault(member.replacing(status, [1])) == Fault(.valueOutOfRange, listed))
    #expect(member.fault(member.replacing(listed, bigEndian(0, 4))) == Fault(.valueOutOfRange, listed))
    #expect(member.fault(member.replacing(status, [1, 0, 0, 0, 0])) == nil)
    let kept = member.offset("kept_sequence")
    #expect(member.fault(member.replacing(kept, bigEndian(6, 8))) == Fault(.valueOutOfRange, kept))
    let erasure = Sample.erasure
    let first = erasure.offset("first")
    #expect(erasure.fault(erasure.replacing(first, bigEndian(5, 8))) == Fault(.valueOutOfRange, first))
    #expect(erasure.fault(erasure.replacing(first, bigEndian(0, 8))) == Fault(.valueOutOfRange, first))
    let vault = Sample.vaultContents
    let codes = vault.offset("codes")
    #expect(vault.fault(vault.replacing(codes + 26, [2])) == Fault(.valueOutOfRange, codes + 27))
    for days in [6, 3_651] as [UInt64] {
      for name in ["retention_days", "blob_days"] {
        let place = vault.offset(name)
        #expect(vault.fault(vault.replacing(place, bigEndian(days, 2))) == Fault(.valueOutOfRange, place))
      }
    }
    let capture = Sample.capture
    let field = capture.offset("items")
    for other in [0, 6, 15, 22, 255] as [UInt8] {
      #expect(capture.fault(capture.replacing(field, [other])) == Fault(.unknownValue, field))
    }
  }

  @Test("padding of a vault is zeros, as many as make it a multiple of 4,096 bytes")
  func padding() {
    let vault = Sample.vaultContents
    let length = vault.offset("padding.length")
    #expect(vault.bytes.count.isMultiple(of: 4_096))
    let count = vault.bytes.count - length - 2
    for other in [0, count - 1, count + 1, 4_095] where other != count {
      let bytes = Array(vault.bytes.prefix(length)) + bigEndian(UInt64(other), 2)
      #expect(vault.fault(bytes + filler(other).map { _ in 0 }) == Fault(.lengthOutOfRange, length))
    }
    for place in [length + 2, length + 2 + count / 2, vault.bytes.count - 1] {
      #expect(vault.fault(vault.replacing(place, [1])) == Fault(.notCanonical, place))
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
    Length(Place(.accountState, "signers.length"), 2, 48...3_072) { $0 % 48 == 0 },
    Length(Place(.accountState, "revoked.length"), 2, 0...65_520) { $0 % 16 == 0 },
    Length(Place(.recordBatch, "records.length"), 3, 15...0xff_ffff),
    Length(Place(.recordBatch, "records", 13), 2, 0...65_535),
    Length(Place(.ruleSet, "rules.length"), 3, 0...0xff_ffff),
    Length(Place(.capture, "items.length"), 3, 0...0xff_ffff),
    Length(Place(.token, "c.length"), 2, 16...4_096) {
      [16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096].contains($0)
    },
    Length(Place(.blobText, "blob.length"), 3, 113...65_536),
    Length(Place(.ruleDefinition, "value.length"), 2, 0...4_095),
    Length(Place(.vaultContents, "states.length"), 3, 56...229_376) { $0 % 56 == 0 },
    Length(Place(.vaultContents, "recent.length"), 2, 0...8_192) { $0 % 32 == 0 },
    Length(Place(.vaultContents, "persons.length"), 2, 339...65_535),
    Length(Place(.vaultContents, "past_keys.length"), 3, 0...147_456) { $0 % 36 == 0 },
    Length(Place(.vaultContents, "codes.length"), 3, 0...0xff_ffff),
    Length(Place(.vaultContents, "codes", 39), 2, 0...65_535) { $0 % 32 == 0 },
    Length(Place(.vaultContents, "members.length"), 3, 0...0xff_ffff),
    Length(Place(.vaultContents, "erasures.length"), 3, 0...131_040) { $0 % 96 == 0 },
    Length(Place(.vaultContents, "rules.length"), 3, 0...0xff_ffff),
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

  @Test("what is empty or a struct is that struct, read from its vector alone and in full")
  func emptyOrStruct() {
    let sample = Sample.agentContents
    let terms = sample.offset("terms")
    for count in [1, 3, 13] {
      let fault = sample.fault(sample.replacing(terms - 1, [UInt8(count)]))
      let field = [0, 4, 12, 13].last { $0 <= count } ?? 0
      #expect(fault == Fault(.truncated, terms + field))
    }
    #expect(sample.fault(sample.replacing(terms - 1, [15])) == Fault(.lengthOutOfRange, terms - 1))
    let (keys, state) = (sample.offset("epoch_keys"), sample.offset("state"))
    #expect(sample.fault(sample.replacing(keys - 1, [97])) == Fault(.lengthOutOfRange, keys - 1))
    #expect(sample.fault(sample.replacing(keys - 1, [95])) == Fault(.truncated, keys + 64))
    #expect(sample.fault(sample.replacing(state, [0x46])) == Fault(.badMagic, state))
    let without = Array(sample.bytes.prefix(keys - 1)) + [0]
    #expect(sample.fault(without) == nil)
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
    let rule = Sample.ruleBytes(1).count
    for (sample, name, size) in [
      (Sample.accountState, "revoked", 16), (Sample.accountState, "signers", 48),
      (Sample.ruleSet, "rules", rule), (Sample.vaultContents, "past_keys", 36),
      (Sample.vaultContents, "states", 56),
    ] {
      let expected = Fault(.notCanonical, sample.offset(name) + size)
      #expect(sample.fault(swapped(sample, name, size)) == expected)
      #expect(sample.fault(repeated(sample, name, size)) == expected)
    }
    let vault = Sample.vaultContents
    let (first, second) = (Sample.codeBytes(1, nonces: 2).count, Sample.codeBytes(2).count)
    #expect(
      vault.fault(swapped(vault, "codes", first, second))
        == Fault(.notCanonical, vault.offset("codes") + second))
    let rules = vault.offset("rules")
    #expect(
      vault.fault(swapped(vault, "rules", Sample.ruleDefinition.bytes.count, 5))
        == Fault(.notCanonical, rules + 5))
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
    let size = Sample.ruleBytes(1).count
    var bytes = sample.replacing(rules + size, Sample.ruleBytes(0, category: 9))
    #expect(sample.fault(bytes) == Fault(.unknownValue, rules + 2 * size - 1))
    bytes[rules + 2 * size - 1] = 1
    #expect(sample.fault(bytes) == Fault(.notCanonical, rules + size))
  }

  @Test("rules of a vault are in order of field, then value, where a head comes before the whole")
  func ruleOrder() throws {
    let values: [[UInt8]] = [[], [0], [0, 0], [1], [255]]
    let rules = try values.map {
      RuleDefinition(field: .url, category: .neutral, seen: false, value: try BoundedBytes($0))
    }
    for (index, rule) in rules.enumerated() {
      for (other, next) in rules.enumerated() {
        #expect(VaultContents.Rules.inOrder(rule, next, Span()) == (index < other))
      }
    }
  }

  @Test("one element above a limit is refused at its first byte")
  func counts() {
    let vault = Sample.vaultContents
    func vaultOf(_ name: String, _ elements: [[UInt8]]) -> [UInt8] {
      let bytes = Sample.vaultParts.flatMap { part in
        switch part.0 {
        case name: elements.flatMap(\.self)
        case name + ".length": bigEndian(UInt64(elements.joined().count), part.1.count)
        default: part.1
        }
      }
      return bytes + Sample.padded(bytes).flatMap(\.1)
    }
    let codes = (0..<257).map { number in bigEndian(UInt64(number), 8) + Sample.codeBytes(1).dropFirst(8) }
    #expect(vault.fault(vaultOf("codes", Array(codes.prefix(256)))) == nil)
    #expect(
      vault.fault(vaultOf("codes", codes))
        == Fault(.lengthOutOfRange, vault.offset("codes") + 256 * codes[0].count))
    let persons = (0..<65).map { number in bigEndian(UInt64(number), 16) + Sample.person.bytes.dropFirst(16) }
    #expect(vault.fault(vaultOf("persons", Array(persons.prefix(64)))) == nil)
    #expect(
      vault.fault(vaultOf("persons", persons))
        == Fault(.lengthOutOfRange, vault.offset("persons") + 64 * persons[0].count))
    let members = (0..<65_537).map { number in
      bigEndian(UInt64(number), 16) + Sample.member.bytes.dropFirst(16)
    }
    #expect(vault.fault(vaultOf("members", Array(members.prefix(65_536)))) == nil)
    #expect(
      vault.fault(vaultOf("members", members))
        == Fault(.lengthOutOfRange, vault.offset("members") + 65_536 * members[0].count))
  }

  @Test("secret fields are places in the bytes that were read")
  func secretPlaces() throws {
    let vault = try VaultContents(parsing: Sample.vaultContents.bytes.span)
    let start = Sample.vaultContents.offset("past_keys")
    #expect(vault.pastKeys.map { $0.masterKey.range } == [start + 4..<start + 36, start + 40..<start + 72])
    let codes = Sample.vaultContents.offset("codes")
    #expect(vault.codes[0].secret.range == codes + 8..<codes + 24)
    #expect(vault.codes[0].nonces.count == 2)
    let grant = try GrantContents(parsing: Sample.scopedContents.bytes.span, kind: .scoped)
    let keys = ScopedKeys(tokenKey: SecretPlace(at: 32), agentKey: SecretPlace(at: 96))
    #expect(grant.keys == .scoped(keys))
    let agent = try AgentContents(parsing: Sample.agentContents.bytes.span)
    let epochKeys = Sample.agentContents.offset("epoch_keys")
    #expect(agent.epochKeys?.tokenKey.range == epochKeys..<epochKeys + 64)
    #expect(agent.terms?.kind == .scoped && agent.state?.signers.count == 3)
  }

  @Test("a vault is written anew with secrets from two places put together")
  func rewrittenVault() throws {
    let old = Sample.vaultContents.bytes
    let secrets = old + [UInt8](repeating: 0xee, count: 16)
    var vault = try VaultContents(parsing: old.span)
    var code = vault.codes[0]
    code.id = try Bytes(filler(8, 9))
    code.secret = SecretPlace(at: old.count)
    vault.codes = try BoundedList(Array(vault.codes) + [code])
    let bytes = Writer.array(count: vault.serializedCount) {
      vault.serialize(into: &$0, secrets: secrets.span)
    }
    let read = try VaultContents(parsing: bytes.span)
    #expect(read.codes.count == 3)
    #expect(Array(bytes[read.codes[2].secret.range]) == [UInt8](repeating: 0xee, count: 16))
    #expect(Array(bytes[read.pastKeys[1].masterKey.range]) == filler(32))
  }
}
