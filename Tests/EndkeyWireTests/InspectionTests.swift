import EndkeyWire
import Testing

@Suite("Inspection") struct InspectionTests {
  static let samples: [Sample] = Sample.messages + [.token]

  @Test("the fields of a whole message tile it", arguments: samples)
  func tiles(_ sample: Sample) {
    let inspection = Inspection.inspect(sample.bytes)
    #expect(inspection.error == nil)
    var offset = 0
    for field in inspection.fields {
      #expect(field.offset == offset)
      offset += field.length
    }
    #expect(offset == sample.bytes.count)
  }

  @Test(
    "of a damaged message there are the fields before the fault that the parser reports", arguments: samples)
  func damaged(_ sample: Sample) {
    for count in 4..<sample.bytes.count where !(sample.type == 5 && count == 69) {
      let bytes = Array(sample.bytes.prefix(count))
      let inspection = Inspection.inspect(bytes)
      #expect(inspection.error.map(Fault.init) == sample.fault(bytes))
      let end = inspection.fields.last.map { $0.offset + $0.length } ?? 0
      #expect(end <= inspection.error?.offset ?? -1)
    }
  }

  @Test("a field has its path, its value and the section that defines it")
  func names() {
    let fields = Inspection.inspect(Sample.recordBatch.bytes).fields
    func value(_ name: String) -> String? {
      fields.first { $0.name == name }.map { "\($0.value) §\($0.section)" }
    }
    #expect(value("header.magic") == "\"EK\" §8.1")
    #expect(value("header.version") == "1 §8.1")
    #expect(value("header.type") == "record_batch(8) §8.1")
    #expect(value("header.epoch") == "3 §8.1")
    #expect(value("records.length") == "\(Sample.recordBytes.count + 15) §8.3")
    #expect(value("records[0].kind") == "website(2) §8.3")
    #expect(value("records[0].items[0].token.field") == "window_title(3) §8.3")
    #expect(value("records[0].items[1].blob.field") == "screenshot(19) §8.3")
    #expect(value("records[1].duration") == "1 §8.3")
    #expect(value("sequence") == "7 §8.3")
    let grant = Inspection.inspect(Sample.grant.bytes).fields
    #expect(grant.last { $0.length == 256 }?.value.utf8.count == 67)
    #expect(grant.last?.value.utf8.count == 128)
    let state = Inspection.inspect(Sample.accountState.bytes).fields
    #expect(state.contains { $0.name == "revoked[2]" && $0.length == 16 })
  }

  @Test("a spool segment is read with its frames, up to the torn one")
  func spool() {
    let frame = Sample.spoolFrameHead.bytes + filler(72)
    let whole = Sample.spoolHeader.bytes + frame + frame
    let inspection = Inspection.inspect(whole)
    #expect(inspection.error == nil)
    #expect(inspection.fields.last?.name == "frames[1].sealed")
    let torn = Inspection.inspect(Array(whole.dropLast()))
    #expect(torn.error.map(Fault.init) == Fault(.truncated, whole.count - 72))
    #expect(torn.fields.last?.name == "frames[1].check")
  }

  @Test("what is no message is refused as a header is")
  func noMessage() {
    #expect(Inspection.inspect([]).error.map(Fault.init) == Fault(.truncated, 0))
    #expect(Inspection.inspect(Array("hello".utf8)).error.map(Fault.init) == Fault(.badMagic, 0))
    #expect(
      Inspection.inspect(Sample.grant.replacing(3, [99])).error.map(Fault.init) == Fault(.unknownValue, 3))
    #expect(Inspection.inspect(Sample.grant.bytes, as: .token).error?.code == .unknownVersion)
    #expect(Inspection.inspect(Sample.blobText.bytes, as: .blobText).error == nil)
  }
}
