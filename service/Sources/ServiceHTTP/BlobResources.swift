internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceHash
internal import ServiceModel
internal import ServiceStore

/// `spec/http.md`, sections 7.3 and 9
let blobRoutes: [Route] = [
  Route(.put, "/v1/a/{a}/blobs/{h}", .uploader) { exchange in
    let upload = try Upload(exchange, .message)
    if let progress = try await upload.progress() {
      if progress.isComplete {
        guard try await upload.hash() == upload.digest else { throw Problem(.digestMismatch) }
        return upload.stored(.ok)
      }
      try await exchange.store.restart(upload.digest, by: upload.agent, in: upload.account)
    }
    _ = try await upload.receive(at: 0)
    try await exchange.store.complete(upload.digest, by: upload.agent, in: upload.account)
    return upload.stored(.created)
  },
  Route(.head, "/v1/a/{a}/blobs/{h}", .uploader) { exchange in
    guard let progress = try await Upload(exchange).progress() else { throw Problem(.notFound) }
    var answer = Answer.empty
    answer.headers[.uploadOffset] = String(progress.have)
    answer.headers[.uploadComplete] = progress.isComplete ? "?1" : "?0"
    return answer
  },
  Route(.patch, "/v1/a/{a}/blobs/{h}", .uploader) { exchange in
    let upload = try Upload(exchange, .partialUpload)
    guard let text = exchange.headers[.uploadOffset], let offset = Int(text), String(offset) == text,
      offset >= 0
    else {
      throw Problem.malformed(member: "Upload-Offset")
    }
    if let progress = try await upload.progress(), progress.isComplete { return upload.stored(.ok) }
    let have = try await upload.receive(at: offset)
    guard exchange.headers[.uploadComplete] == "?1" else {
      var answer = Answer.empty
      answer.headers[.uploadOffset] = String(have)
      answer.headers[.uploadComplete] = "?0"
      return answer
    }
    try await exchange.store.complete(upload.digest, by: upload.agent, in: upload.account)
    return upload.stored(.created)
  },
  Route(.get, "/v1/a/{a}/blobs/{h}", .active) { exchange in
    let (account, digest) = (try exchange.account, try exchange.fixed("h", as: Hash.self))
    let store = exchange.store
    let (length, places) = try await store.pieces(of: digest, in: account)
    if exchange.isKnown(digest) { return .unchanged(digest) }
    let part = try exchange.part(of: length, digest)
    let asked = part ?? 0..<length
    var answer = Answer(status: .ok)
    answer.headers[.contentType] = MediaType.message.rawValue
    answer.content = .stream(
      ResponseBody(contentLength: asked.count) { writer in
        for (place, end) in zip(places, places.dropFirst() + [length]) where asked.overlaps(place..<end) {
          let piece = try await store.piece(of: digest, at: place, in: account)
          let within = asked.clamped(to: place..<end)
          guard piece.count == end - place else { throw Problem(.notFound) }
          try await writer.write(
            ByteBuffer(bytes: piece[(within.lowerBound - place)..<(within.upperBound - place)]))
        }
        try await writer.finish(nil)
      })
    return answer.part(part, of: length).tagged(digest)
  },
]

/// A blob on its way in.
private struct Upload {
  private let exchange: Exchange
  let account: AccountID
  let agent: AgentID
  let digest: Hash

  /// How many bytes are stored at once: a blob is never held whole.
  private static let chunk = 256 << 10

  init(_ exchange: Exchange, _ type: MediaType? = nil) throws(Problem) {
    guard let caller = exchange.caller else { throw Problem(.noCredential) }
    if let type { try exchange.requireType(type, atMost: BodyLimit.blob) }
    self.exchange = exchange
    account = caller.account
    agent = caller.id
    digest = try exchange.fixed("h")
  }

  /// The answer to what completes the blob, or finds it complete.
  func stored(_ status: HTTPResponse.Status) -> Answer {
    Answer(["hash": .hex(digest.bytes)], status: status)
  }

  func progress() async throws -> BlobProgress? {
    try await exchange.store.progress(of: digest, by: agent, in: account)
  }

  /// Stores the body from an offset on; gives how far the blob is then. What came before a break stays.
  func receive(at offset: Int) async throws -> Int {
    var (have, pending) = (offset, [UInt8]())
    do {
      for try await buffer in exchange.request.body {
        guard buffer.readableBytes <= BodyLimit.blob - have - pending.count else {
          throw Exchange.tooLarge(BodyLimit.blob)
        }
        try exchange.memory.take(buffer.readableBytes)
        pending += buffer.readableBytesView
        guard pending.count >= Self.chunk else { continue }
        have = try await append(pending, at: have)
        exchange.memory.give(pending.count)
        pending = []
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      if !pending.isEmpty { _ = try await append(pending, at: have) }
      throw error
    }
    // An empty part is held against the offset, too.
    return pending.isEmpty && have > offset ? have : try await append(pending, at: have)
  }

  /// The SHA-256 of the body, which is not kept.
  func hash() async throws -> Hash {
    var stream = SHA256Stream()
    var count = 0
    for try await buffer in exchange.request.body {
      count += buffer.readableBytes
      guard count <= BodyLimit.blob else { throw Exchange.tooLarge(BodyLimit.blob) }
      stream.update(Array(buffer.readableBytesView))
    }
    return stream.value()
  }

  private func append(_ bytes: [UInt8], at offset: Int) async throws -> Int {
    try await exchange.store.append(bytes, at: offset, to: digest, by: agent, in: account)
  }
}
