internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceModel

/// What a request is answered with.
struct Answer {
  var status: HTTPResponse.Status
  var headers: HTTPFields = [:]
  var content = Content.none

  /// What the body is.
  enum Content {
    case none
    /// Bytes that lie in memory.
    case bytes(ByteBuffer)
    /// What is read while it is sent.
    case stream(ResponseBody)
  }

  /// No content.
  static let empty = Answer(status: .noContent)

  init(status: HTTPResponse.Status) { self.status = status }

  /// Bytes of a media type.
  init(_ bytes: [UInt8], _ type: MediaType, status: HTTPResponse.Status = .ok) {
    self.status = status
    headers[.contentType] = type.rawValue
    content = .bytes(ByteBuffer(bytes: bytes))
  }

  /// A JSON object.
  init(_ members: KeyValuePairs<String, JSONValue>, status: HTTPResponse.Status = .ok) {
    self.init(.of(members), status: status)
  }

  /// A JSON object.
  init(_ object: JSONObject, status: HTTPResponse.Status = .ok) {
    self.init(JSONValue.object(object).serialized(.compact), .json, status: status)
  }

  /// A problem document. What the request still sends is not read.
  init(_ problem: Problem, allowed: String? = nil) {
    self.init(problem.document, .problem, status: .init(code: problem.kind.status))
    headers[.retryAfter] = problem.retryAfter.map(String.init)
    headers[.allow] = allowed
    if problem.kind.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
  }

  /// The same with a strong `ETag`; 304 without a body where the request names it.
  func tagged(_ tag: Hash, unless exchange: Exchange) -> Answer {
    exchange.isKnown(tag) ? .unchanged(tag) : tagged(tag)
  }

  /// The same with a strong `ETag`.
  func tagged(_ tag: Hash) -> Answer {
    var answer = self
    answer.headers[.eTag] = "\"\(tag)\""
    return answer
  }

  /// What has this tag is as it was.
  static func unchanged(_ tag: Hash) -> Answer { Answer(status: .notModified).tagged(tag) }
}

extension Exchange {
  /// The tag of what the request would replace, which it has to name.
  var expectedTag: Hash {
    get throws(Problem) {
      guard let condition = headers[.ifMatch] else { throw Problem(.conditionRequired) }
      guard condition.hasPrefix("\""), condition.hasSuffix("\""),
        let tag = Hash(digits: condition.dropFirst().dropLast())
      else { throw .malformed(member: "If-Match") }
      return tag
    }
  }

  /// Whether the request says that it has what has this tag.
  func isKnown(_ tag: Hash) -> Bool {
    let known = headers[.ifNoneMatch]?.filter { $0 != " " && $0 != "\t" }.split(separator: ",") ?? []
    return known.contains { $0 == "*" || $0 == "\"\(tag)\"" || $0 == "W/\"\(tag)\"" }
  }
}

/// The most bytes that are handed to a peer at once, so that it is seen whether it takes any.
private let sentAtOnce = 64 << 10

extension Answer {
  /// The body, as it is sent.
  var body: ResponseBody {
    switch content {
    case .none: ResponseBody()
    case .bytes(let bytes): ResponseBody(byteBuffer: bytes)
    case .stream(let body): body
    }
  }

  /// The same answer, with its bytes counted until the peer has them.
  func counted(in memory: Memory.Piece) throws(Problem) -> Answer {
    guard case .bytes(let bytes) = content, bytes.readableBytes > sentAtOnce else { return self }
    try memory.take(bytes.readableBytes)
    var answer = self
    answer.content = .stream(
      ResponseBody(contentLength: bytes.readableBytes) { writer in
        try await writer.write(inPieces: bytes)
        try await writer.finish(nil)
        withExtendedLifetime(memory) {}
      })
    return answer
  }

  /// Messages that are read one by one while they are sent, each behind its length.
  static func messages<Item: Sendable>(
    _ items: [Item], _ type: MediaType, in memory: Memory.Piece, count: (Item) -> Int,
    _ read: @escaping @Sendable (Item) async throws -> [UInt8]
  ) -> Answer {
    let counts = items.map(count)
    var answer = Answer(status: .ok)
    answer.headers[.contentType] = type.rawValue
    answer.content = .stream(
      ResponseBody(contentLength: counts.reduce(0) { $0 + 4 + $1 }) { writer in
        for (item, count) in zip(items, counts) {
          try memory.take(count)
          let message = count == 0 ? [] : try await read(item)
          // It went meanwhile: the length is told, so nobody takes this for an answer.
          guard message.count == count else { throw Problem(.notFound) }
          var buffer = ByteBuffer(integer: UInt32(count))
          buffer.writeBytes(message)
          try await writer.write(inPieces: buffer)
          memory.give(count)
        }
        try await writer.finish(nil)
      })
    return answer
  }
}

extension ResponseBodyWriter {
  fileprivate mutating func write(inPieces bytes: ByteBuffer) async throws {
    var rest = bytes
    while let piece = rest.readSlice(length: min(rest.readableBytes, sentAtOnce)), piece.readableBytes > 0 {
      try await write(piece)
    }
  }
}

/// What bodies are.
enum MediaType: String {
  case message = "application/vnd.endkey.message"
  case publication = "application/vnd.endkey.publication"
  case whole = "application/vnd.endkey.whole"
  case grants = "application/vnd.endkey.grants"
  case requests = "application/vnd.endkey.requests"
  case batches = "application/vnd.endkey.batches"
  case json = "application/json"
  case problem = "application/problem+json"
  case csv = "text/csv; charset=utf-8; header=present"
  case partialUpload = "application/partial-upload"
  case events = "text/event-stream"
}

extension HTTPField.Name {
  static let admission = known("Endkey-Admission")
  static let store = known("Endkey-Store")
  static let requestID = known("Request-Id")
  static let uploadOffset = known("Upload-Offset")
  static let link = known("Link")
  static let forwardedFor = known("X-Forwarded-For")
  static let contentTypeOptions = known("X-Content-Type-Options")
  static let uploadComplete = known("Upload-Complete")
  static let referrerPolicy = known("Referrer-Policy")
  static let openerPolicy = known("Cross-Origin-Opener-Policy")
  static let resourcePolicy = known("Cross-Origin-Resource-Policy")
  static let lastEventID = known("Last-Event-ID")
  static let accelBuffering = known("X-Accel-Buffering")
  static let permissionsPolicy = known("Permissions-Policy")

  /// A name that this program writes, which is one.
  private static func known(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { fatalError("\(text) is no name of a header") }
    return name
  }
}
