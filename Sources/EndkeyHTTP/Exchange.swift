internal import EndkeyPrimitives

/// A request of HTTP, and how much of an answer is taken.
struct Request: Sendable {
  /// What a request carries.
  enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// Bytes that hold a key.
    case secret(Secret)
  }

  var method: String
  var url: String
  /// Names and values; not the credential.
  var headers: [(name: String, value: String)] = []
  /// The whole line of the header that shows who asks, if anybody does.
  var credential: Secret?
  /// A line of a header with another key.
  var admission: Secret?
  var body = Body.none
  /// The greatest body of an answer that says yes. One that says no has at most 64 KiB.
  var limit: Int
}

/// Bytes that are wiped when nobody has them any more, as an object that several may have.
final class Secret: Sendable {
  let bytes: SecretBytes

  init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}

// What it has cannot be copied, and so not be reflected.
extension Secret: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// An answer of HTTP, whatever its status.
struct Answer: Sendable {
  var status = 0
  /// Names in lower case.
  var headers: [String: String] = [:]
  var body: [UInt8] = []

  var isSuccess: Bool { status / 100 == 2 }
}

/// Why there is no answer.
struct TransferFailure: Error {
  let reason: String
  /// Whether the request may have arrived.
  let mayHaveArrived: Bool
  /// Whether the next attempt would fare the same.
  var isLasting = false
}
