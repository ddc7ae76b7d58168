internal import CLibcurl
internal import Dispatch
internal import Glibc

/// Where webhooks may lead. `spec/http.md`, section 13.3
public enum WebhookPolicy: String, Sendable {
  /// Nowhere.
  case none
  /// To https and public addresses.
  case `public`
  /// To http, and to this computer and private networks, as well.
  case local

  /// Whether a webhook of this URL may be kept. Where its name leads is looked at when it is called.
  public func allows(_ url: String) -> Bool {
    guard self != .none, url.utf8.count <= 2_000, url.utf8.allSatisfy({ 0x21...0x7e ~= $0 }),
      let parts = curl_url()
    else { return false }
    defer { curl_url_cleanup(parts) }
    guard curl_url_set(parts, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK else {
      return false
    }
    func part(_ which: CURLUPart) -> String? {
      var text: UnsafeMutablePointer<CChar>?
      guard curl_url_get(parts, which, &text, 0) == CURLUE_OK, let text else { return nil }
      defer { curl_free(text) }
      return String(cString: text)
    }
    guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST),
      part(CURLUPART_FRAGMENT) == nil,
      scheme == "https" || scheme == "http" && self == .local
    else { return false }
    return self == .local || addressBytes(host).map(isPublic) ?? true
  }
}

/// Sends a body to a URL; gives whether it was taken, by a status of class 2xx. No redirect is followed, no proxy is
/// asked, little of the answer is read, and nobody is waited for longer than 10 seconds.
public func call(
  _ url: String, _ body: [UInt8], headers: [String], within policy: WebhookPolicy
) async -> Bool {
  guard policy.allows(url) else { return false }
  return await withCheckedContinuation { done in
    calls.async { done.resume(returning: perform(url, body, headers, policy)) }
  }
}

/// Threads of their own: a call waits.
private let calls = DispatchQueue(label: "webhooks", attributes: .concurrent)

private func perform(_ url: String, _ body: [UInt8], _ headers: [String], _ policy: WebhookPolicy) -> Bool {
  guard let easy = curl_easy_init() else { return false }
  defer { curl_easy_cleanup(easy) }
  var list: UnsafeMutablePointer<curl_slist>?
  for header in headers { list = curl_slist_append(list, header) }
  defer { curl_slist_free_all(list) }
  let longs: [(CURLoption, Int)] = [
    (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_TIMEOUT, 10), (CURLOPT_NOSIGNAL, 1), (CURLOPT_POST, 1),
    (CURLOPT_POSTFIELDSIZE, body.count), (CURLOPT_FORBID_REUSE, 1),
  ]
  for (option, value) in longs where endkey_curl_set_long(easy, option, value) != CURLE_OK { return false }
  let opens: curl_opensocket_callback =
    policy == .local
    ? { _, _, address in opened(address) } : { _, _, address in isPublic(address) ? opened(address) : -1 }
  guard endkey_curl_set_open(easy, opens) == CURLE_OK,
    endkey_curl_set_write(easy, { _, size, count, _ in size * count <= answerMost ? size * count : 0 })
      == CURLE_OK,
    endkey_curl_set_pointer(easy, CURLOPT_HTTPHEADER, list) == CURLE_OK
  else { return false }
  let code = url.withCString { url in
    (policy == .local ? "http,https" : "https").withCString { protocols in
      "*".withCString { everywhere in
        body.withUnsafeBytes { body in
          let pointers: [(CURLoption, UnsafeRawPointer?)] = [
            (CURLOPT_URL, UnsafeRawPointer(url)), (CURLOPT_PROTOCOLS_STR, UnsafeRawPointer(protocols)),
            (CURLOPT_NOPROXY, UnsafeRawPointer(everywhere)), (CURLOPT_POSTFIELDS, body.baseAddress),
          ]
          for (option, value) in pointers where endkey_curl_set_pointer(easy, option, value) != CURLE_OK {
            return CURLE_FAILED_INIT
          }
          return curl_easy_perform(easy)
        }
      }
    }
  }
  var status = 0
  return code == CURLE_OK && endkey_curl_status(easy, &status) == CURLE_OK && 200...299 ~= status
}

/// Bytes of an answer that come at once; who sends more is not heard.
private let answerMost = 16_384

private func opened(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
  guard let address = address?.pointee else { return -1 }
  return socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
}

private func isPublic(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> Bool {
  guard let address else { return false }
  var bytes = [UInt8](repeating: 0, count: 16)
  let count = Int(endkey_curl_address(address, &bytes))
  return count > 0 && isPublic(Array(bytes.prefix(count)))
}

/// The bytes of an address that a host is written as; nil for a name.
private func addressBytes(_ host: String) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 16)
  if inet_pton(AF_INET, host, &bytes) == 1 { return Array(bytes.prefix(4)) }
  let inner = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
  return inet_pton(AF_INET6, inner, &bytes) == 1 ? bytes : nil
}

/// Whether an address is one that everybody on the internet reaches. RFC 6890
func isPublic(_ address: [UInt8]) -> Bool {
  func lies(in prefix: [UInt8], _ bits: Int) -> Bool {
    zip(address, prefix).enumerated().allSatisfy { index, pair in
      let left = min(8, max(0, bits - 8 * index))
      return (pair.0 ^ pair.1) >> UInt8(8 - left) == 0 || left == 0
    }
  }
  if address.count == 4 {
    let reserved: [([UInt8], Int)] = [
      ([0, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([100, 64, 0, 0], 10), ([127, 0, 0, 0], 8),
      ([169, 254, 0, 0], 16),
      ([172, 16, 0, 0], 12), ([192, 0, 0, 0], 24), ([192, 0, 2, 0], 24), ([192, 88, 99, 0], 24),
      ([192, 168, 0, 0], 16), ([198, 18, 0, 0], 15), ([198, 51, 100, 0], 24), ([203, 0, 113, 0], 24),
      ([224, 0, 0, 0], 3),
    ]
    return !reserved.contains { lies(in: $0.0, $0.1) }
  }
  // Of the addresses that are given out, without those that hold another of IPv4, and examples.
  let reserved: [([UInt8], Int)] = [
    ([0x20, 0x01, 0, 0], 23), ([0x20, 0x01, 0x0d, 0xb8], 32), ([0x20, 0x02], 16),
  ]
  return lies(in: [0x20], 3) && !reserved.contains { lies(in: $0.0, $0.1) }
}
