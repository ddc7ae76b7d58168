internal import EndkeyPrimitives

/// Something that is done with secrets, to be run where every branch and address that comes of them is reported.
///
/// Secrets are marked before, results made public again after, so that looking at them is no report. What remains are
/// verdicts, which are public: that a key, tag or padding was wrong. `tools/run secrets` knows where they are.
public struct SecretOperation: Sendable {
  /// Marks bytes as secret (true), or as public again.
  public typealias Mark = (Span<UInt8>, Bool) -> Void

  public let name: String
  private let body: @Sendable (Mark) throws -> Bool

  init(_ name: String, _ body: @escaping @Sendable (Mark) throws -> Bool) {
    self.name = name
    self.body = body
  }

  /// Whether the result is right; errors are wrong.
  public func run(_ mark: Mark) -> Bool {
    do {
      return try body(mark)
    } catch {
      return false
    }
  }

  public static let all = keys + texts + tokens + planted
}

// MARK: Marking

extension SecretOperation {
  /// `count` bytes, none like its neighbour.
  static func bytes(_ first: UInt8, _ count: Int) -> [UInt8] {
    (0..<count).map { first &+ UInt8($0 & 255) &* 37 }
  }

  static func secret(_ bytes: [UInt8], _ mark: Mark) -> SecretBytes {
    let secret = SecretBytes(copying: bytes)
    secret.withBytes { mark($0, true) }
    return secret
  }

  /// The same bytes, public.
  static func open(_ bytes: [UInt8], _ mark: Mark) -> [UInt8] {
    mark(bytes.span, false)
    return bytes
  }

  static func open(_ secret: borrowing SecretBytes, _ mark: Mark) -> [UInt8] {
    secret.withBytes { bytes in
      mark(bytes, false)
      return bytes.indices.map { bytes[$0] }
    }
  }

  /// The same answer or number, public: its bytes are marked in memory, and read again.
  static func settled<Answer: BitwiseCopyable>(_ answer: Answer, _ mark: Mark) -> Answer {
    unsafe withUnsafeBytes(of: answer) { raw in
      mark(unsafe Span<UInt8>(_unsafeBytes: raw), false)
      return unsafe raw.loadUnaligned(as: Answer.self)
    }
  }
}
