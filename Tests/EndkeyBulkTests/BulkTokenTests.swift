import Endkey
import EndkeyBulk
import EndkeyWire
import TestSupport
import Testing

/// Together they must give what the plain form gives of each, byte for byte, whatever lies next to what.
@Suite("Tokens in bulk") struct BulkTokenTests {
  /// Text of exactly `count` bytes; `numbers` says where it is ASCII.
  static func text(_ count: Int, _ numbers: inout some RandomNumberGenerator) -> [UInt8] {
    let samples = ["é", "–", "界", "𐁁", "Ω", "\u{7f}"]
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece =
        UInt8.random(in: 0..<16, using: &numbers) == 0
        ? [UInt8]((samples.randomElement(using: &numbers) ?? "").utf8)
        : [UInt8.random(in: 0..<0x80, using: &numbers)]
      if bytes.count + piece.count <= count { bytes += piece }
    }
    return bytes
  }

  static func key() throws -> TokenKey { try ActivityFixture.masterKey().tokenKey() }

  /// All lengths are tried by `Benchmarks/run --quick`, whose build is optimised.
  @Test("Values of all short lengths, of those around each padded size, and of some others, in any order")
  func lengths() throws {
    var numbers = SystemRandomNumberGenerator()
    let sizes = [256, 512, 1_024, 2_048].flatMap { $0 - 2...$0 + 2 }
    let others = (0..<20).map { _ in Int.random(in: 131...4_095, using: &numbers) }
    let counts = (Array(0...130) + sizes + others + [4_094, 4_095]).shuffled(using: &numbers)
    var values = counts.map { Self.text($0, &numbers) }
    #expect(try TokenAgreement.disagreement(values, field: .windowTitle, key: Self.key()) == nil)
    values.insert(Self.text(4_096, &numbers), at: values.count / 2)
    #expect(try TokenAgreement.disagreement(values, field: .windowTitle, key: Self.key()) == nil)
  }

  @Test("Batches of few values, and around the sizes of a piece", arguments: [TokenField.employeeName, .url])
  func everySize(_ field: TokenField) throws {
    var numbers = SystemRandomNumberGenerator()
    for count in [0, 1, 2, 3, 4, 7, 8, 9, 20, 511, 513, 1_025] {
      let values = (0..<count).map { _ in Self.text(Int.random(in: 0..<150, using: &numbers), &numbers) }
      #expect(
        try TokenAgreement.disagreement(values, field: field, key: Self.key(), damageStep: 1 + count % 5)
          == nil)
    }
  }

  @Test("Many long values do not fit one plan, and one long value among short ones is no exception")
  func longValues() throws {
    var numbers = SystemRandomNumberGenerator()
    let long = (0..<20).map { _ in Self.text(4_095, &numbers) }
    #expect(try TokenAgreement.disagreement(long, field: .url, key: Self.key()) == nil)
    var mixed = (0..<100).map { _ in Self.text(3, &numbers) }
    mixed.insert(Self.text(4_000, &numbers), at: 50)
    #expect(try TokenAgreement.disagreement(mixed, field: .url, key: Self.key()) == nil)
  }

  @Test(
    "A code point split between two values is refused, though the bytes together are UTF-8",
    arguments: [0, 1, 7, 300, 511])
  func splitCodePoint(_ position: Int) throws {
    var values = [[UInt8]](repeating: [UInt8]("title".utf8), count: 600)
    values[position] = [0x61, 0xe2, 0x82]
    values[position + 1] = [0xac, 0x61]
    #expect(try TokenAgreement.disagreement(values, field: .url, key: Self.key()) == nil)
    var sealer = try BulkTokenSealer(key: Self.key())
    var flat = FlatBytes()
    for value in values { flat.append(value) }
    var tokens = FlatBytes()
    tokens.append([1, 2, 3])
    let before = tokens
    #expect(
      code { () throws(ProtocolError) in try sealer.seal(flat, field: .url, into: &tokens) } == .valueNotUTF8)
    #expect(tokens == before, "nothing was appended")
    #expect(
      code { () throws(ProtocolError) in try sealer.sealText(flat, field: .url, into: &tokens) }
        == .valueNotUTF8)
    #expect(tokens == before, "nothing was appended")
  }

  @Test("The refusal is that of the first value that is refused", arguments: [true, false])
  func firstRefusal(_ longFirst: Bool) throws {
    let (long, bad) = ([UInt8](repeating: 0x61, count: 4_096), [UInt8]([0xff]))
    let values = [[0x61], longFirst ? long : bad, longFirst ? bad : long, [0x62]]
    #expect(try TokenAgreement.disagreement(values, field: .url, key: Self.key()) == nil)
  }

  @Test("Tokens of several epochs, with and without a key, open in one batch")
  func epochs() throws {
    var flat = FlatBytes()
    var values: [[UInt8]] = []
    for index in 0..<700 {
      var sealer = try ActivityFixture.sealer(epoch: [7, 8, 9][index % 3])
      values.append([UInt8]("value \(index)".utf8))
      flat.append(try sealer.seal(values[index], field: .url).serialized)
    }
    var opener = BulkTokenOpener(ring: try ActivityFixture.ownerRing(epochs: [7, 9]))
    let opened = try opener.open(flat)
    #expect(opened.failures.map(\.index) == values.indices.filter { $0 % 3 == 1 })
    #expect(opened.failures.allSatisfy { $0.error.code == .noEpochKey })
    for index in values.indices { #expect(opened.values[index] == (index % 3 == 1 ? [] : values[index])) }
  }

  @Test("Texts that are no tokens fail alone, with the error that each has by itself")
  func texts() throws {
    var sealer = try ActivityFixture.sealer()
    let good = try sealer.seal("value", field: .url).text
    let bad: [String] = [
      "", "ekt1_", "ekt2_" + good.dropFirst(5), good + "A", String(good.dropLast()), good + "!",
      "ekt1_" + String(repeating: "A", count: 54), "ekt1_" + String(repeating: "A", count: 6_000),
      "ekt1_B" + good.dropFirst(6), String(repeating: "x", count: 10_000),
    ]
    var opener = TokenOpener(ring: try ActivityFixture.ownerRing())
    var bulkOpener = BulkTokenOpener(ring: try ActivityFixture.ownerRing())
    var flat = FlatBytes()
    for text in bad {
      flat.append(good.utf8)
      flat.append(text.utf8)
    }
    let opened = try bulkOpener.open(texts: flat)
    for (index, text) in bad.enumerated() {
      #expect(opened.values[2 * index] == [UInt8]("value".utf8))
      #expect(opened.values[2 * index + 1] == [])
      do throws(ProtocolError) {
        _ = try opener.open(text: text)
        Issue.record("opened")
      } catch {
        #expect(opened.failures[index].index == 2 * index + 1)
        #expect(opened.failures[index].error == error)
      }
    }
    #expect(opened.failures.count == bad.count)
  }

  @Test("Strings go in and come out")
  func strings() throws {
    var single = try ActivityFixture.sealer()
    var sealer = try BulkTokenSealer(key: Self.key())
    var opener = BulkTokenOpener(ring: try ActivityFixture.ownerRing())
    let values = ["", "mail", "Überblick – Q3", String(repeating: "x", count: 300)]
    let texts = try sealer.seal(values, field: .windowTitle)
    #expect(try texts == values.map { try single.seal($0, field: .windowTitle).text })
    #expect(try opener.open(texts: texts) == values)
    #expect(code { () throws(ProtocolError) in try opener.open(texts: texts + ["ekt1_"]) } == .truncated)
    // An opener that has made what it opens with is reflected, as by a logger, without an end of the program.
    var shown = ""
    dump(opener, to: &shown)
    #expect(shown.contains("BulkTokenOpener"))
  }

  @Test("In parallel, the tokens are the same and in the same order", arguments: [1, 3])
  func parallel(_ width: Int) async throws {
    var numbers = SystemRandomNumberGenerator()
    var flat = FlatBytes()
    for _ in 0..<1_500 { flat.append(Self.text(Int.random(in: 0..<200, using: &numbers), &numbers)) }
    var sealer = try BulkTokenSealer(key: Self.key())
    let expected = try sealer.seal(flat, field: .url)
    let pieces = try await BulkTokenSealer.sealInParallel(flat, field: .url, key: Self.key(), width: width)
    var tokens = FlatBytes()
    for piece in pieces { tokens.append(piece) }
    #expect(pieces.count == width && tokens == expected)
    flat.append([0xff])
    await #expect(throws: ProtocolError(.valueNotUTF8, "14.1")) {
      try await BulkTokenSealer.sealInParallel(flat, field: .url, key: Self.key(), width: width)
    }
  }

  @Test("Arbitrary bytes, as a fuzzer gives them")
  func arbitraryBytes() throws {
    var numbers = SystemRandomNumberGenerator()
    for count in [0, 2, 3, 4, 40, 5_000] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...(count % 3 == 0 ? 0xff : 0x7f), using: &numbers)
      }
      #expect(try TokenAgreement.disagreement(bytes) == nil)
    }
  }
}
