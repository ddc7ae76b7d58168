internal import EndkeyPrimitives
public import EndkeyStore
internal import EndkeyWire

/// The service of both ends over HTTP. `spec/http.md`
///
/// It may be malicious, as every service: what it gives is bounded while it is read, and judged by the ends.
public struct HTTPService: Sendable {
  let client: Client
  var agent: Agent?

  /// An agent that asks, with what it shows.
  struct Agent: Sendable {
    let credential: AgentCredential
    /// The line that shows it.
    let header: Secret
  }

  /// The service at an origin, such as `https://track.example`. Nothing is asked before something is asked for.
  ///
  /// - Parameters:
  ///   - origin: a scheme and a host, with a port if it is not the scheme's own. `http` is for this computer alone.
  ///   - session: where a person's device keeps the session; nil for no longer than the program runs.
  ///   - attempts: how often a request is sent until there is an answer. An agent's program has a schedule of its own.
  ///   - authorities: a file of certificates that are trusted in the place of the system's.
  /// - Throws: `refused` for what is no origin.
  public init(
    at origin: String, session: KeptSession? = nil, attempts: Int = 4, authorities: String? = nil
  ) throws(ServiceError) {
    do throws(Origin.Fault) {
      client = Client(
        try Origin(origin), kept: session, attempts: attempts, authorities: authorities)
    } catch {
      throw .refused(place: origin, .init("origin", error.reason))
    }
  }

  /// The origin.
  public var name: String { client.origin.text }
}

/// The media types of `spec/http.md`, section 4.1.
enum MediaType: String {
  case message = "application/vnd.endkey.message"
  case publication = "application/vnd.endkey.publication"
  case whole = "application/vnd.endkey.whole"
  case grants = "application/vnd.endkey.grants"
  case requests = "application/vnd.endkey.requests"
  case batches = "application/vnd.endkey.batches"
  case json = "application/json"
  case partialUpload = "application/partial-upload"
}

/// The greatest answers, in bytes.
enum AnswerLimit {
  static let json = 4 << 20
  /// What says that something is stored.
  static let stored = 4_096
  static let message = 1 << 24
  /// Two messages of 2^24 bytes, and what goes with them.
  static let whole = 36 << 20
  /// 64 MiB, and what one item has above it.
  static let stream = 128 << 20
}

extension Request {
  init(
    _ method: String, _ path: String, limit: Int, sending: (MediaType, Body)? = nil, expecting: Expected
  ) {
    self.init(method: method, url: path, expected: expecting, limit: limit)
    if let (type, body) = sending {
      headers.append(("Content-Type", type.rawValue))
      self.body = body
    }
  }
}

extension Client {
  /// An answer that says yes and cannot be read is as good as none.
  nonisolated func unreadable(_ asking: Asking) -> ServiceError {
    let reason = "its answer is not what it must be"
    return switch asking {
    case .reading: .unavailable(place: origin.text, reason: reason)
    case .changing: .uncertain(place: origin.text, reason: reason)
    }
  }
}
