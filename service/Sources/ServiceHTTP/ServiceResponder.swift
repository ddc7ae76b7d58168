internal import EndkeyJSON
internal import EndkeyWire
internal import Glibc
internal import HTTPTypes
public import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceModel
public import ServiceStore
public import ServiceWebhook

/// Answers the requests of `spec/http.md` out of a store.
public struct ServiceResponder: HTTPResponder {
  public typealias Context = ServiceContext

  private let store: Store
  private let routes: [Route]
  private let pages: Pages
  private let isBehindProxy: Bool
  private let memory = Memory()
  private let streams = Streams()

  /// A responder for the service that clients reach at `origin`; at the host that they name where there is none. A
  /// proxy says last in `X-Forwarded-For` who asks.
  public init(
    _ store: Store, origin: String?, isBehindProxy: Bool, pages: Pages, webhooks policy: WebhookPolicy
  ) {
    self.store = store
    self.isBehindProxy = isBehindProxy
    self.pages = pages
    routes = Self.routes(at: origin, policy)
  }

  /// The methods and paths that there are, for whoever compares them with the description of the interface.
  public static var resources: [String] {
    routes(at: nil, .none).map { "\($0.method.rawValue) \($0.path.joined(separator: "/"))" }
  }

  private static func routes(at origin: String?, _ policy: WebhookPolicy) -> [Route] {
    discovery(at: origin, features: policy == .none ? [] : ["webhooks"]) + accountRoutes + requestRoutes
      + agentRoutes + blobRoutes + reportRoutes
      + alertRoutes + webhookRoutes(within: policy)
  }

  public func respond(to request: Request, context: Context) async throws -> Response {
    if let page = pages.answer(request) { return page }
    var answer = request.method == .options ? Self.preflight : await answer(request, context)
    answer.headers[.store] = Hex.encode(store.id)
    answer.headers[.requestID] = context.id
    answer.headers[.accessControlAllowOrigin] = "*"
    answer.headers[.accessControlExposeHeaders] =
      "ETag, Retry-After, Upload-Offset, Upload-Complete, Content-Range, Endkey-Store, Request-Id, Link"
    if answer.headers[.cacheControl] == nil { answer.headers[.cacheControl] = "no-store" }
    answer.headers[.contentTypeOptions] = "nosniff"
    return Response(status: answer.status, headers: answer.headers, body: answer.body)
  }

  private func answer(_ request: Request, _ context: Context) async -> Answer {
    do {
      return try await routed(request, context)
    } catch let problem as Problem {
      var answer = Answer(problem)
      // The rest of a body that is refused is not read.
      if Self.hasBody(request) { answer.headers[.connection] = "close" }
      return answer
    } catch let failure as StoreFailure {
      context.logger.error("\(failure.reason)")
      return Answer(Problem(.storeUnavailable, retryAfter: 5))
    } catch {
      context.logger.error("\(type(of: error))")
      return Answer(Problem(.internal, retryAfter: 60))
    }
  }

  private func routed(_ request: Request, _ context: Context) async throws -> Answer {
    if let coding = request.headers[.transferEncoding], coding.lowercased() != "chunked" {
      throw Problem.malformed(member: "Transfer-Encoding")
    }
    let path = (request.head.path ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let segments = path.first?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    let matches = routes.compactMap { route in route.parameters(of: segments).map { (route, $0) } }
    guard !matches.isEmpty else { throw Problem(.notFound) }
    guard let (route, parameters) = matches.first(where: { $0.0.method == request.method }) else {
      return Answer(Problem(.method), allowed: matches.map(\.0.method.rawValue).joined(separator: ", "))
    }
    let address = isBehindProxy ? context.address(behindProxy: request.headers) : context.address
    guard route.who != .anybody else {
      return try await route.answer(
        Exchange(
          request: request, store: store, address: address, parameters: parameters, caller: nil,
          memory: context.piece(of: memory, for: address), streams: streams))
    }
    let credential = try Exchange.credential(of: request)
    let now = store.now
    let caller = try await store.caller(credential)
    let exchange = Exchange(
      request: request, store: store.writing(for: credential) { try route.who.check($0, at: now) },
      address: address, parameters: parameters, caller: caller,
      memory: context.piece(of: memory, for: caller.account.bytes), streams: streams)
    // A credential of another account gets what it would get of no account. H-4.2-4
    if parameters["a"] != nil, try exchange.account != caller.account { throw Problem(.notFound) }
    try route.who.check(caller, at: now)
    return try await route.answer(exchange).counted(in: exchange.memory)
  }

  private static func hasBody(_ request: Request) -> Bool {
    request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
  }

  private static var preflight: Answer {
    var answer = Answer.empty
    answer.headers[.accessControlAllowMethods] = "GET, HEAD, POST, PUT, PATCH, DELETE"
    answer.headers[.accessControlAllowHeaders] =
      "Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, Last-Event-ID, Endkey-Admission, "
      + "Upload-Offset, Upload-Complete"
    answer.headers[.accessControlMaxAge] = "86400"
    return answer
  }
}

/// What is known of a connection.
public struct ServiceContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  /// The first bits of the address that asks.
  let address: [UInt8]
  private let channel: any Channel

  public init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    address = source.channel.remoteAddress.peer
    channel = source.channel
  }

  /// The first bits of the address that a proxy forwards for; the proxy's own where it says none.
  func address(behindProxy headers: HTTPFields) -> [UInt8] {
    let last = headers[.forwardedFor]?.split(separator: ",").last?.filter { $0 != " " }
    let forwarded = last.flatMap { peer(ofAddress: $0) }
    return forwarded ?? address
  }

  /// Memory for the bodies of this connection, which is closed where it has to give way.
  func piece(of memory: Memory, for whose: [UInt8]) -> Memory.Piece {
    let channel = channel
    return memory.piece(for: whose) { channel.close(promise: nil) }
  }
}

extension SocketAddress? {
  /// The first bits of the address, by which a peer counts. H-5.1-3
  var peer: [UInt8] { self?.ipAddress.flatMap { ServiceHTTP.peer(ofAddress: $0) } ?? [] }
}

/// The first bits of an address, by which a peer counts: 32 of IPv4, 56 of IPv6; nil for none of the internet's.
private func peer(ofAddress text: String) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 16)
  if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
  return inet_pton(AF_INET6, text, &bytes) == 1 ? Array(bytes.prefix(7)) : nil
}
