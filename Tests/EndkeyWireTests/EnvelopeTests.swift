import EndkeyWire
import Testing

/// The envelopes of `spec/http.md`, section 6, put together from the samples of their messages.
@Suite("Envelopes") struct EnvelopeTests {
  static let present: [UInt8] = [1]
  static let absent: [UInt8] = [0]
  static let admission = filler(32) + [1] + bigEndian(7, 2) + bigEndian(99, 8)
  static let keys = Sample.personKeys.bytes + filler(32, 2) + filler(32, 3) + filler(32, 4)

  /// With all of its parts, or with none that may be absent.
  static func publication(full: Bool) -> [UInt8] {
    func part(_ bytes: [UInt8]) -> [UInt8] { full ? present + bytes : absent }
    let lists =
      full
      ? bigEndian(425, 2) + Sample.grant.bytes + bigEndian(43, 2) + admission
      : bigEndian(0, 2) + bigEndian(0, 2)
    return Array("EKpu".utf8) + filler(32, 5) + Sample.ownerVault.bytes + part(Sample.accountState.bytes)
      + part(Sample.ruleSet.bytes) + part(keys) + part(Sample.passwordWrap.bytes) + lists
  }

  static func whole(full: Bool) -> [UInt8] {
    func part(_ sample: Sample) -> [UInt8] { full ? present + sample.bytes : absent }
    return Array("EKwh".utf8) + Sample.personKeys.bytes + Sample.accountState.bytes + part(.passwordWrap)
      + part(.grant) + part(.ownerVault) + part(.ruleSet)
  }

  @Test("what is read is written as it was", arguments: [true, false])
  func roundTrip(full: Bool) throws {
    #expect(
      try PublicationEnvelope(parsing: Self.publication(full: full)).serialized
        == Self.publication(full: full))
    #expect(try WholeEnvelope(parsing: Self.whole(full: full)).serialized == Self.whole(full: full))
  }

  @Test("no envelope is the beginning of another, and none has bytes behind it", arguments: [true, false])
  func ends(full: Bool) {
    for (bytes, parse) in [
      (Self.publication(full: full), Self.parsePublication), (Self.whole(full: full), Self.parseWhole),
    ] {
      for count in 0..<bytes.count { #expect(parse(Array(bytes.prefix(count)))?.code == .truncated) }
      #expect(parse(bytes + [0]) == Fault(.trailingBytes, bytes.count))
    }
  }

  @Test("the magic, a presence and the order of admissions are checked where they stand")
  func faults() {
    var bytes = Self.publication(full: true)
    bytes[3] = 0
    #expect(Self.parsePublication(bytes)?.offset == 0)
    bytes = Self.publication(full: false)
    let presence = 36 + Sample.ownerVault.bytes.count
    bytes[presence] = 2
    #expect(Self.parsePublication(bytes)?.offset == presence)
    let head = Self.publication(full: true).dropLast(45)
    let twice = Array(head) + bigEndian(86, 2) + Self.admission + Self.admission
    #expect(Self.parsePublication(twice) == Fault(.notCanonical, head.count + 2 + 43))
  }

  private static func parsePublication(_ bytes: [UInt8]) -> Fault? {
    do {
      _ = try PublicationEnvelope(parsing: bytes)
      return nil
    } catch {
      return Fault(error)
    }
  }

  private static func parseWhole(_ bytes: [UInt8]) -> Fault? {
    do {
      _ = try WholeEnvelope(parsing: bytes)
      return nil
    } catch {
      return Fault(error)
    }
  }
}
