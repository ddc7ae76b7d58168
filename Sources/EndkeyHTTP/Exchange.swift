internal import EndkeyJSON
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
  /// What an answer that says yes must be.
  var expected: Expected
  /// The greatest body of an answer that says yes. One that says no has at most 64 KiB.
  var limit: Int

  /// Whether "it has not changed" is an answer.
  var isConditional: Bool { headers.contains { $0.name == "If-None-Match" } }
}

/// What an answer that says yes must be; whatever else has a status of class 2xx is none. H-10-5
enum Expected: Sendable {
  /// It has no body.
  case nothing
  /// It has a body of this type.
  case body(MediaType)
  /// It has a body of this type, or the part of it that was asked for.
  case part(MediaType)
  /// It has JSON.
  case json
  /// It has JSON, of which a member names what was sent: that is stored.
  case stored(String, name: String)

  /// Whether an answer is that.
  func fits(_ answer: Answer) -> Bool {
    switch self {
    case .nothing: answer.status == 204
    case .body(let type): answer.status == 200 && answer.type == type
    case .part(let type): [200, 206].contains(answer.status) && answer.type == type
    case .json: [200, 201].contains(answer.status) && answer.type == .json
    case .stored(let member, let name): Self.json.fits(answer) && answer.text(of: member) == name
    }
  }
}

extension Answer {
  fileprivate var type: MediaType? { headers["content-type"].flatMap(MediaType.init(rawValue:)) }

  /// What a member of the JSON says; nil where it does not parse, or has no such text.
  fileprivate func text(of member: String) -> String? {
    do {
      var fields = try JSONCursor(JSONValue(parsing: body)).fields()
      return try fields.required(member).string()
    } catch {
      return nil
    }
  }
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
