public import EndkeyWire

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A spool segment that grows on disk, frame by frame. §17
///
/// A frame that `append` has returned from survives a crash and a loss of power: R-17-3.
public struct SegmentFile: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Makes a new file with the header, for its user alone.
  ///
  /// - Throws: `exists` when the file is there already; `system` when it cannot be written.
  public init(_ path: String, _ header: SpoolHeader) throws(StoreError) {
    try OutputFile.write(header.serialized, to: path, .refused, mode: 0o600)
    descriptor = try Descriptor(opening: path, O_WRONLY | O_APPEND, .write)
  }

  /// Writes a frame that `SpoolWriter` made, and returns when it is on the disk.
  ///
  /// What a failed write leaves is a torn end, which recovery drops.
  /// - Throws: `system` when the disk refuses it.
  public func append(_ frame: [UInt8]) throws(StoreError) {
    try descriptor.write(frame)
    try descriptor.synchronize()
  }
}
