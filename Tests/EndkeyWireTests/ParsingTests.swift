import EndkeyWire
import Testing

@Suite("Parsing") struct ParsingTests {
  @Test("a message is read and written byte for byte", arguments: Sample.all)
  func roundTrip(_ sample: Sample) throws {
    #expect(try sample.reserialize(sample.bytes) == sample.bytes)
  }

  @Test(
    "R-2.2-2: cut anywhere, it is truncated at the first byte of the field that is not whole",
    arguments: Sample.all)
  func cut(_ sample: Sample) {
    var offset = 0
    for part in sample.parts {
      for length in offset..<offset + part.bytes.count {
        #expect(sample.fault(Array(sample.bytes.prefix(length))) == Fault(.truncated, offset))
      }
      offset += part.bytes.count
    }
  }

  @Test(
    "R-2.2-1: bytes behind the last field are trailing",
    arguments: Sample.all.filter { $0.name != "SealedBlob" })
  func appended(_ sample: Sample) {
    for more in [[0], [255], [0, 0, 0]] as [[UInt8]] {
      #expect(sample.fault(sample.bytes + more) == Fault(.trailingBytes, sample.bytes.count))
    }
  }

  @Test("what remains of a sealed blob is sealed, however much")
  func blobTakesTheRest() throws {
    let bytes = Sample.sealedBlob.bytes + filler(1_000)
    #expect(try SealedBlob(parsing: bytes).sealed.count == 1_072)
    #expect(try SealedBlob(parsing: bytes).serialized == bytes)
  }

  @Test("R-2.2-7: other magic is refused at its first byte", arguments: Sample.messages + [.spoolFrameHead])
  func magic(_ sample: Sample) {
    for index in sample.parts[0].bytes.indices {
      let wrong = sample.replacing(index, [sample.bytes[index] ^ 0x20])
      #expect(sample.fault(wrong) == Fault(.badMagic, 0))
    }
  }

  @Test("R-2.2-7: another version is refused", arguments: Sample.messages + [.token])
  func version(_ sample: Sample) {
    let offset = sample.offset("version")
    for version in UInt8.min...UInt8.max where version != 1 {
      #expect(sample.fault(sample.replacing(offset, [version])) == Fault(.unknownVersion, offset))
    }
  }

  @Test(
    "R-8.1-1: a message under another type, listed or not, is of an unexpected type",
    arguments: Sample.messages)
  func typeConfusion(_ sample: Sample) {
    for type in UInt8.min...UInt8.max where type != sample.type {
      #expect(sample.fault(sample.replacing(3, [type])) == Fault(.unexpectedType, 3))
    }
  }

  @Test("R-8.1-1: a message is refused where another is asked for", arguments: Sample.messages)
  func messageConfusion(_ sample: Sample) {
    for other in Sample.messages where other.type != sample.type {
      #expect(sample.fault(other.bytes) == Fault(.unexpectedType, 3))
    }
  }

  @Test(
    "R-8.1-2: the epoch of a header is zero in what is of no epoch, and only there or in a local state",
    arguments: Sample.messages)
  func headerEpoch(_ sample: Sample) {
    for epoch in [0, 1, UInt64(UInt32.max)] {
      let isAllowed =
        switch sample.type {
        case 3, 5, 10, 13: epoch == 0
        case 11, 12: true
        default: epoch > 0
        }
      let fault = sample.fault(sample.replacing(20, bigEndian(epoch, 4)))
      #expect(fault == (isAllowed ? nil : Fault(.valueOutOfRange, 20)))
    }
  }

  @Test("a header alone takes every listed type, and no other")
  func headerAlone() {
    for type in UInt8.min...UInt8.max {
      let bytes = Sample.header(type, epoch: [3, 5, 10, 13].contains(type) ? 0 : 1).flatMap(\.1)
      do throws(WireError) {
        #expect(try Header(parsing: bytes).serialized == bytes)
        #expect(1...13 ~= type)
      } catch {
        #expect(Fault(error) == Fault(.unknownValue, 3))
        #expect(!(1...13 ~= type))
      }
    }
  }

  @Test("the first fault of several is reported")
  func firstFault() {
    let sample = Sample.grant
    var bytes = sample.bytes
    bytes[0] = 0
    bytes[2] = 2
    bytes[3] = 9
    #expect(sample.fault(bytes) == Fault(.badMagic, 0))
    bytes[0] = 0x45
    #expect(sample.fault(bytes) == Fault(.unknownVersion, 2))
    bytes[2] = 1
    #expect(sample.fault(bytes) == Fault(.unexpectedType, 3))
    #expect(sample.fault([0x58]) == Fault(.truncated, 0))
  }

  @Test("an error names the section that defines the field")
  func section() {
    func section(_ sample: Sample, _ bytes: [UInt8]) -> String? {
      do throws(WireError) {
        _ = try sample.reserialize(bytes)
        return nil
      } catch {
        return error.section
      }
    }
    #expect(section(.grant, Sample.grant.replacing(0, [0])) == "8.1")
    #expect(section(.grant, Sample.grant.replacing(24, [0])) == "8.3")
    #expect(section(.grant, Sample.grant.bytes + [0]) == "8.3")
    #expect(section(.ownerState, Sample.ownerState.replacing(32, [0, 0, 0])) == "8.4")
    #expect(section(.vaultContents, [0]) == "8.4")
    #expect(section(.spoolFrameHead, [0]) == "17")
  }
}
