internal import Endkey
internal import EndkeyWire

/// The publication that a person's device is sending, as it lies on the disk: one file, with the pins that go with it,
/// so that it is replaced in one step. All of it is sealed or signed already. R-12.8-2
struct PendingFile: Equatable {
  /// The sealed pins, which name the publication. While the file stands they count, not those beside it.
  let pins: [UInt8]
  /// The person whose end this is.
  let personID: AgentID
  let pending: PendingPublication
}

// As bytes: a magic, the person, the count of the pins in 4 bytes, the pins, and the publication.

extension PendingFile {
  private static var magic: [UInt8] { Array("EKpb".utf8) }

  var serialized: [UInt8] {
    let count = (0..<4).map { UInt8(truncatingIfNeeded: pins.count >> (24 - 8 * $0)) }
    return Self.magic + personID.bytes + count + pins + pending.serialized
  }

  /// Nil when `bytes` are not those of `serialized`.
  init?(parsing bytes: [UInt8]) {
    let headCount = Self.magic.count + AgentID.byteCount
    guard bytes.starts(with: Self.magic), bytes.count >= headCount + 4 else { return nil }
    let count = bytes[headCount..<headCount + 4].reduce(0) { $0 << 8 | Int($1) }
    let rest = bytes.dropFirst(headCount + 4)
    guard count <= rest.count, let pending = PendingPublication(parsing: Array(rest.dropFirst(count))) else {
      return nil
    }
    do {
      personID = try AgentID(Array(bytes[Self.magic.count..<headCount]))
    } catch {
      return nil
    }
    pins = Array(rest.prefix(count))
    self.pending = pending
  }
}
