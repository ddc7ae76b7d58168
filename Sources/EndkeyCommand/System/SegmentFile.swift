internal import EndkeyWire
internal import Foundation

/// A spool segment that grows on disk, frame by frame. R-17-3
struct SegmentFile: ~Copyable {
  private let descriptor: Descriptor

  /// A new file, for its user alone.
  init(_ path: String, _ header: SpoolHeader) throws {
    try OutputFile.write(header.serialized, to: path, .refused, mode: 0o600)
    descriptor = try Descriptor(opening: path, O_WRONLY | O_APPEND, "write")
  }

  /// Returns when the frame is on the disk. What a failed write leaves is a torn end, which recovery drops.
  func append(_ frame: [UInt8]) throws {
    try descriptor.write(frame)
    try descriptor.synchronize()
  }
}
