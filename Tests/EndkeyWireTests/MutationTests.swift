import EndkeyWire
import TestPrimitives
import Testing

@Suite("Mutations") struct MutationTests {
  /// 4,000 mutants of each sample: 100,000 in all.
  @Test("no mutant traps, and whatever parses has one encoding", arguments: Sample.all)
  func mutants(_ sample: Sample) {
    var random = DeterministicRandom("mutants of \(sample.bytes.count) bytes")
    var accepted = 0
    for _ in 0..<4_000 {
      let bytes = Self.mutant(of: sample.bytes, &random)
      do throws(WireError) {
        let again = try sample.reserialize(bytes)
        if again != bytes { Issue.record("two encodings: \(bytes)") }
        accepted += 1
      } catch {
        if !(0...bytes.count ~= error.offset) { Issue.record("\(error) in \(bytes.count) bytes") }
      }
    }
    #expect(accepted > 0)
  }

  @Test("no mutant of a text form traps, and whatever is read has one text")
  func textMutants() throws {
    var random = DeterministicRandom("mutants of texts")
    for _ in 0..<2_000 {
      let token = Self.mutant(of: TextFormTests.tokenText, &random)
      if let read = try? Token(text: token) { #expect(Array(read.text.utf8) == token) }
      let blob = Self.mutant(of: TextFormTests.blobText, &random)
      if let read = try? SealedBlob(text: blob) { #expect(try Array(read.text().utf8) == blob) }
      let code = Self.mutant(of: SecretTextTests.text(.code), &random)
      if let bytes = try? SecretTextTests.decode(code, .code) {
        let upper = SecretTextTests.encode(bytes, .code).map { (97...122).contains($0) ? $0 - 32 : $0 }
        #expect(code == SecretTextTests.encode(bytes, .code) || code == upper)
      }
    }
  }

  /// Up to three changes: a bit, a byte, a boundary value, a cut, an insertion, a repetition.
  static func mutant(of bytes: [UInt8], _ random: inout DeterministicRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard let index = bytes.indices.randomElement(using: &random) else { return bytes }
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
      case 2: bytes[index] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
      case 3: bytes.removeLast(bytes.count - index)
      case 4: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
      case 5: bytes.remove(at: index)
      default:
        let end = Int.random(in: index...min(index + 40, bytes.count), using: &random)
        bytes.insert(contentsOf: bytes[index..<end], at: end)
      }
    }
    return bytes
  }
}
