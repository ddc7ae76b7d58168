/// Where a service is: what a person types, and nothing else. `spec/http.md`, section 3
struct Origin: Equatable, Sendable {
  /// Without a slash at the end.
  let text: String
  /// In lower case, without the port.
  let host: String
  /// Whether it is HTTP without TLS, to this computer.
  let isPlain: Bool

  /// Why a text is no origin.
  struct Fault: Error, Equatable {
    let reason: String
  }

  /// The origin that a text is.
  init(_ text: String) throws(Fault) {
    let (scheme, rest) = try Self.split(text)
    var authority = Substring(rest)
    if authority.hasSuffix("/") { authority = authority.dropLast() }
    guard !authority.contains(where: { "/?#@\\".contains($0) || $0.isWhitespace }), !authority.isEmpty else {
      throw Fault(reason: "an origin and nothing else, such as https://track.example")
    }
    host = try Self.host(of: authority)
    isPlain = scheme == "http"
    guard !isPlain || Self.isLoopback(host) else {
      throw Fault(reason: "without TLS only this computer is asked: use https://")
    }
    self.text = "\(scheme)://\(authority)"
  }

  /// Whether `api`, which the service of this origin names, may be asked. H-3-1
  func allows(_ api: String) -> Bool {
    do throws(Fault) {
      let (scheme, rest) = try Self.split(api)
      let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !rest.contains(where: { "?#@\\".contains($0) || $0.isWhitespace }) else {
        return false
      }
      let named = try Self.host(of: parts[0])
      guard scheme == "https" || isPlain && Self.isLoopback(named) else { return false }
      return named == host || named.hasSuffix(".\(host)")
    } catch {
      return false
    }
  }

  private static func split(_ text: String) throws(Fault) -> (scheme: String, rest: Substring) {
    for scheme in ["https", "http"] where text.lowercased().hasPrefix("\(scheme)://") {
      return (scheme, text.dropFirst(scheme.count + 3))
    }
    throw Fault(reason: "no address of a service: https://HOST, or a folder")
  }

  private static func host(of authority: Substring) throws(Fault) -> String {
    let fault = Fault(reason: "no host and port")
    var (host, port) = (authority, Substring())
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw fault }
      (host, port) = (authority[...end], authority[authority.index(after: end)...])
    } else if let colon = authority.firstIndex(of: ":") {
      (host, port) = (authority[..<colon], authority[colon...])
    }
    let isPort = port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
    guard isPort, !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw fault }
    return host.lowercased()
  }

  private static func isLoopback(_ host: String) -> Bool {
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    let isIPv4 = octets.count == 4 && octets.allSatisfy { UInt8($0) != nil } && octets[0] == "127"
    return isIPv4 || host == "[::1]" || host == "localhost"
  }
}
