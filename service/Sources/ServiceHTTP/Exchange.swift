internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceModel
internal import ServiceStore

/// A request that has found its resource, and what it takes to answer it.
struct Exchange {
  let request: Request
  /// Where all is kept; a write by a caller who has lost the right meanwhile changes nothing.
  var store: Store
  /// The first bits of the address that asks: 32 of IPv4, 56 of IPv6. H-5.1-3
  let address: [UInt8]
  /// What stands in the place of each name of the resource's path.
  let parameters: [String: String]
  /// Who asks; nil where the resource is anybody's.
  var caller: Caller?
  /// Where the body lies while it comes.
  let memory: Memory.Piece
  /// The answers that go on.
  let streams: Streams

  var headers: HTTPFields { request.headers }

  // MARK: - Who asks

  /// The credential of the request. Throws `no-credential` where there is none.
  func credential() throws(Problem) -> Credential { try Self.credential(of: request) }

  /// The credential of a request. Throws `no-credential` where there is none.
  static func credential(of request: Request) throws(Problem) -> Credential {
    guard let text = request.headers[.authorization], text.prefix(7).lowercased() == "bearer ",
      let credential = Credential(text: text.dropFirst(7))
    else { throw Problem(.noCredential) }
    return credential
  }

  /// The person who asks, where the resource is for persons.
  var session: Session {
    get throws(Problem) {
      guard case .person(let session) = caller else { throw Problem(.notAllowed) }
      return session
    }
  }

  // MARK: - The path and the query

  /// The account of the path.
  var account: AccountID { get throws(Problem) { try fixed("a") } }

  /// A value of the path, in lower-case hexadecimal.
  func fixed<Value: FixedBytes>(_ name: String, as type: Value.Type = Value.self) throws(Problem) -> Value {
    guard let value = Value(digits: parameters[name] ?? "") else { throw Problem(.notFound) }
    return value
  }

  /// The parameters of the query, of which no other than `names` may be there, and each once.
  func query(_ names: String...) throws(Problem) -> [String: String] {
    var found: [String: String] = [:]
    for part in queryParts {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard pair.count == 2, names.contains(pair[0]), found.updateValue(pair[1], forKey: pair[0]) == nil
      else {
        throw .malformed(member: pair[0])
      }
    }
    return found
  }

  /// The parts of the query, as they came.
  var queryParts: [Substring] {
    let query = request.head.path?.split(separator: "?", maxSplits: 1).dropFirst().first
    return query?.split(separator: "&", omittingEmptySubsequences: false) ?? []
  }

  /// A number of the query: decimal, without leading zeros.
  static func number(
    _ query: [String: String], _ name: String, in range: ClosedRange<Int64>, else missing: Int64
  ) throws(Problem) -> Int64 {
    guard let text = query[name] else { return missing }
    guard let number = Int64(text), String(number) == text, range ~= number else {
      throw .malformed(member: name)
    }
    return number
  }

  // MARK: - The body

  /// The body, of a media type and of at most `limit` bytes. H-4.1-1, H-4.1-2
  func body(_ type: MediaType, atMost limit: Int) async throws -> [UInt8] {
    try requireType(type, atMost: limit)
    var bytes: [UInt8] = []
    for try await buffer in request.body {
      guard bytes.count + buffer.readableBytes <= limit else { throw Self.tooLarge(limit) }
      try memory.take(buffer.readableBytes)
      bytes += buffer.readableBytesView
    }
    return bytes
  }

  /// Refuses a body of another type, or one that says that it is larger.
  func requireType(_ type: MediaType, atMost limit: Int) throws(Problem) {
    let named = headers[.contentType]?.lowercased().filter { $0 != " " }
    guard named == type.rawValue || type == .json && named == "application/json;charset=utf-8",
      headers[.contentEncoding] == nil
    else { throw Problem(.mediaType) }
    if let length = headers[.contentLength], Int(length) ?? .max > limit { throw Self.tooLarge(limit) }
  }

  static func tooLarge(_ limit: Int) -> Problem { Problem(.tooLarge, [("limit", .integer(limit))]) }

  /// The one message that the body is.
  func message<Message: WireStruct>(
    _ type: MediaType = .message, atMost limit: Int, as: Message.Type = Message.self
  ) async throws -> Message {
    let bytes = try await body(type, atMost: limit)
    return try Self.parsed { () throws(WireError) in try Message(parsing: bytes) }
  }

  /// What a parser gives; its error as a problem.
  static func parsed<Value>(_ body: () throws(WireError) -> Value) throws(Problem) -> Value {
    do {
      return try body()
    } catch {
      throw .malformed(error)
    }
  }

  /// The members of the JSON object that the body is. `read` takes them; a member that it leaves is refused. H-3-2
  func json<Value>(atMost limit: Int, _ read: (inout JSONFields) throws -> Value) async throws -> Value {
    let bytes = try await body(.json, atMost: limit)
    do {
      var fields = try JSONCursor(try JSONValue(parsing: bytes)).fields()
      let value = try read(&fields)
      try fields.finish()
      return value
    } catch let error as JSONShapeError {
      throw Problem.malformed(member: error.path)
    } catch let error as JSONSyntaxError {
      throw Problem(
        .malformed, [("code", .string(error.reason.rawValue)), ("offset", .integer(error.offset))])
    }
  }

  /// Whether the answer shall be of a media type.
  func accepts(_ type: MediaType) -> Bool { headers[.accept] == type.rawValue }
}

extension JSONCursor {
  /// A value that lower-case hexadecimal digits write.
  func fixed<Value: FixedBytes>(as type: Value.Type = Value.self) throws(JSONShapeError) -> Value {
    guard let value = Value(digits: try string()) else {
      throw error("not \(2 * Value.byteCount) lower-case hexadecimal digits")
    }
    return value
  }
}
