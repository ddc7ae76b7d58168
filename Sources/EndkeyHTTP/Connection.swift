internal import CCurl
internal import Dispatch
internal import EndkeyPrimitives

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Requests to one origin, one after the other, over a connection that is kept while it lasts.
///
/// TLS and its checks are libcurl's, with the authorities of the system or of one file. There are no redirects, no
/// cookies, no decompression, and no other scheme than the one that was typed.
final class Connection: Sendable {
  private let queue = DispatchQueue(label: "endkey-http")
  private let easy: Easy
  private let isPlain: Bool
  private let authorities: String?

  /// `isPlain` is HTTP without TLS, which the caller allows to this computer alone. `authorities` is a file of
  /// certificates that are trusted in the place of the system's.
  init(isPlain: Bool, authorities: String?) {
    easy = Easy()
    self.isPlain = isPlain
    self.authorities = authorities
  }

  /// Sends a request and waits for its answer: on a thread of its own, so that nobody else waits.
  func send(_ request: Request) async throws(TransferFailure) -> Answer {
    let result = await withCheckedContinuation { continuation in
      queue.async { [self] in
        continuation.resume(
          returning: easy.perform(request, isPlain: isPlain, authorities: authorities))
      }
    }
    return try result.get()
  }
}

/// What comes in of an answer, as far as it is taken.
private final class Receiver {
  private(set) var answer = Answer()
  private(set) var isTooLong = false
  private let limit: Int
  private var headerCount = 0
  private static let headerLimit = 64 << 10
  private static let refusalLimit = 64 << 10

  init(limit: Int) { self.limit = limit }

  /// A line of the header; false ends the transfer.
  func take(header line: [UInt8]) -> Bool {
    headerCount += line.count
    guard headerCount <= Self.headerLimit else {
      isTooLong = true
      return false
    }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      // An interim answer goes before the one that counts.
      answer = Answer()
      answer.status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return true
    }
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return true }
    answer.headers[parts[0].lowercased()] = Self.trimmed(parts[1])
    return true
  }

  /// A piece of the body; false ends the transfer.
  func take(body piece: UnsafeBufferPointer<UInt8>) -> Bool {
    let most = answer.isSuccess ? limit : Self.refusalLimit
    guard piece.count <= most - answer.body.count else {
      isTooLong = true
      return false
    }
    unsafe answer.body.append(contentsOf: piece)
    return true
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let start = text.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...last])
  }
}

/// A handle of libcurl, which one thread at a time may use: the queue's.
@safe private final class Easy: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer?

  /// libcurl's own state, made once for the process.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Seconds until a connection stands.
  private static let connectPatience = 30
  /// Seconds without progress. H-10-4
  private static let patience = 60
  /// Bytes a second that count as progress.
  private static let leastSpeed = 64

  init() { unsafe handle = Self.isReady ? curl_easy_init() : nil }

  deinit { unsafe curl_easy_cleanup(handle) }

  func perform(
    _ request: Request, isPlain: Bool, authorities: String?
  ) -> Result<Answer, TransferFailure> {
    guard let handle = unsafe handle else {
      return .failure(TransferFailure(reason: "libcurl does not start", mayHaveArrived: false))
    }
    let receiver = Receiver(limit: request.limit)
    // What is kept open stays so.
    unsafe curl_easy_reset(handle)
    let headers = Headers(request)
    var message = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    let code = unsafe message.withUnsafeMutableBufferPointer { message in
      unsafe set(handle, request, headers, isPlain, authorities)
      unsafe _ = endkey_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, message.baseAddress)
      let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
      unsafe _ = endkey_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
      unsafe _ = endkey_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
      let code = unsafe withBody(request.body, handle) {
        SignalMask.withoutPipe { unsafe curl_easy_perform(handle) }
      }
      unsafe curl_easy_reset(handle)
      return code
    }
    withExtendedLifetime(receiver) {}
    if receiver.isTooLong {
      return .failure(
        TransferFailure(
          reason: "the answer is longer than it may be", mayHaveArrived: true, isLasting: true))
    }
    guard code == CURLE_OK else {
      let told = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return .failure(Self.failure(code, told, isPlain: isPlain))
    }
    return .success(receiver.answer)
  }

  private func set(
    _ handle: UnsafeMutableRawPointer, _ request: Request, _ headers: Headers, _ isPlain: Bool,
    _ authorities: String?
  ) {
    unsafe _ = request.url.withCString { unsafe endkey_curl_set_pointer(handle, CURLOPT_URL, $0) }
    unsafe _ = request.method.withCString {
      unsafe endkey_curl_set_pointer(handle, CURLOPT_CUSTOMREQUEST, $0)
    }
    if request.method == "HEAD" { unsafe _ = endkey_curl_set_long(handle, CURLOPT_NOBODY, 1) }
    unsafe _ = endkey_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers.list)
    unsafe _ = (isPlain ? "http" : "https").withCString {
      unsafe endkey_curl_set_pointer(handle, CURLOPT_PROTOCOLS_STR, $0)
    }
    // A proxy would take what is plain off this computer.
    if isPlain {
      unsafe _ = "*".withCString { unsafe endkey_curl_set_pointer(handle, CURLOPT_NOPROXY, $0) }
    }
    if let authorities {
      unsafe _ = authorities.withCString { unsafe endkey_curl_set_pointer(handle, CURLOPT_CAINFO, $0) }
    }
    unsafe _ = "endkey".withCString { unsafe endkey_curl_set_pointer(handle, CURLOPT_USERAGENT, $0) }
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_FOLLOWLOCATION, 0),
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_DISALLOW_USERNAME_IN_URL, 1), (CURLOPT_HTTP_CONTENT_DECODING, 0),
      (CURLOPT_CONNECTTIMEOUT, Self.connectPatience), (CURLOPT_LOW_SPEED_LIMIT, Self.leastSpeed),
      (CURLOPT_LOW_SPEED_TIME, Self.patience), (CURLOPT_TCP_KEEPALIVE, 1),
    ]
    for (option, value) in numbers { unsafe _ = endkey_curl_set_long(handle, option, value) }
    unsafe _ = endkey_curl_set_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let receiver = unsafe Easy.receiver(context), let bytes = unsafe bytes else { return 0 }
      let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
      return unsafe receiver.take(body: piece.assumingMemoryBound(to: UInt8.self)) ? size * count : 0
    }
    unsafe _ = endkey_curl_set_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let receiver = unsafe Easy.receiver(context), let bytes = unsafe bytes else { return 0 }
      let line = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
      return receiver.take(header: line) ? size * count : 0
    }
  }

  private static func receiver(_ context: UnsafeMutableRawPointer?) -> Receiver? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
  }

  /// Lends the body to libcurl while `perform` runs.
  private func withBody(
    _ body: Request.Body, _ handle: UnsafeMutableRawPointer, _ perform: () -> CURLcode
  ) -> CURLcode {
    func lend(_ bytes: UnsafeRawBufferPointer) -> CURLcode {
      unsafe _ = endkey_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
      // Without bytes libcurl wants an address all the same.
      unsafe _ = "".withCString { empty in
        unsafe endkey_curl_set_pointer(
          handle, CURLOPT_POSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(empty))
      }
      return perform()
    }
    switch body {
    case .none: return perform()
    case .bytes(let bytes): return unsafe bytes.withUnsafeBytes { unsafe lend($0) }
    case .secret(let secret):
      return secret.bytes.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe lend($0) } }
    }
  }

  private static func failure(_ code: CURLcode, _ told: String, isPlain: Bool) -> TransferFailure {
    let text = told.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : told
    let reason =
      switch code {
      case CURLE_PEER_FAILED_VERIFICATION:
        "its certificate cannot be trusted: \(text): see that the address and this computer's clock are right; "
          + "SSL_CERT_FILE names certificates to trust in the place of the system's"
      case CURLE_SSL_CACERT_BADFILE: "SSL_CERT_FILE names no file of certificates: \(text)"
      case CURLE_SSL_CONNECT_ERROR: "it does not speak TLS as it must: \(text): is the address right?"
      case CURLE_OPERATION_TIMEDOUT: "no answer in time: \(text)"
      case CURLE_COULDNT_RESOLVE_HOST: "there is no such host: \(text): is the address right?"
      case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR: "its answer broke off: \(text)"
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2:
        "what answers is no server of HTTP: \(text): is the address right?"
      case CURLE_OUT_OF_MEMORY: "a line of its answer is longer than it may be, or no memory is left: \(text)"
      default: "cannot be reached: \(text)"
      }
    return TransferFailure(
      reason: reason + (isPlain ? "" : proxyNote), mayHaveArrived: !unsent.contains(code),
      isLasting: [CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE].contains(code))
  }

  /// What libcurl gives before a request has left.
  private static let unsent = [
    CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST,
    CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
  ]

  /// Who reads that a connection failed does not know by itself that it was one to a proxy.
  private static let proxyNote: String = {
    let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    guard let name = names.first(where: { unsafe getenv($0) != nil }) else { return "" }
    return " (by the proxy that \(name) names, unless NO_PROXY has the host)"
  }()
}

/// Lines of a header as libcurl wants them; wiped when they go, since some are secret.
@safe private final class Headers {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  init(_ request: Request) {
    for (name, value) in request.headers { add("\(name): \(value)") }
    // Without these two libcurl adds its own.
    add("Expect:")
    if !request.headers.contains(where: { $0.name == "Accept" }) { add("Accept:") }
    for secret in [request.credential, request.admission].compactMap(\.self) {
      secret.bytes.withBytes { line in
        unsafe line.withUnsafeBytes { line in
          // Its last byte is 0.
          if let start = unsafe line.baseAddress?.assumingMemoryBound(to: CChar.self) { unsafe add(start) }
        }
      }
    }
  }

  private func add(_ line: String) { unsafe line.withCString { unsafe add($0) } }

  private func add(_ line: UnsafePointer<CChar>) {
    if let longer = unsafe curl_slist_append(list, line) { unsafe list = longer }
  }

  deinit {
    var next = unsafe list
    while let node = unsafe next {
      if let line = unsafe node.pointee.data { unsafe memset(line, 0, strlen(line)) }
      unsafe next = node.pointee.next
    }
    unsafe curl_slist_free_all(list)
  }
}

/// A peer that closes a connection must not end the program: TLS is written without a flag that says so.
private enum SignalMask {
  static func withoutPipe<Output>(_ body: () -> Output) -> Output {
    var (pipe, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&pipe)
    unsafe sigaddset(&pipe, SIGPIPE)
    let wasPending = isPending
    unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer {
      var signal: Int32 = 0
      if !wasPending, isPending { unsafe sigwait(&pipe, &signal) }
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return body()
  }

  private static var isPending: Bool {
    var pending = sigset_t()
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGPIPE) == 1
  }
}
