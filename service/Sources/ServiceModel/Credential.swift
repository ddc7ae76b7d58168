internal import EndkeyJSON
public import EndkeyWire

/// What a request shows who sends it: a bearer token. `spec/http.md`, section 5
///
/// The secret is never stored: what is compared is its SHA-256.
public enum Credential: Sendable {
  /// A person's session, or what a person to be made for its request.
  case person(AccountID, secret: Secret)
  /// An agent.
  case agent(AccountID, AgentID, secret: Secret)

  /// 32 bytes that only their holder knows. They are hashed and let go.
  public typealias Secret = Bytes<32>

  /// The account that the credential is of.
  public var account: AccountID {
    switch self {
    case .person(let account, _), .agent(let account, _, _): account
    }
  }

  /// The credential that `text` is; nil where it is none.
  public init?(text: some StringProtocol) {
    guard text.utf8.count <= 128 else { return nil }
    let (prefix, encoded) = (String(text.prefix(5)), Array(text.dropFirst(5).utf8))
    let bytes: [UInt8]
    do { bytes = try Base64URL.decode(encoded.span) } catch { return nil }
    switch (prefix, bytes.count) {
    case ("ekp1_", 48):
      self = .person(AccountID(part: bytes[..<16]), secret: Secret(part: bytes[16...]))
    case ("eka1_", 64):
      self = .agent(
        AccountID(part: bytes[..<16]), AgentID(part: bytes[16..<32]), secret: Secret(part: bytes[32...]))
    default: return nil
    }
  }

  /// The text of a person's credential.
  public static func text(_ account: AccountID, secret: [UInt8]) -> String {
    "ekp1_" + Base64URL.encode((account.bytes + secret).span)
  }
}

extension FixedBytes {
  /// The value of bytes of which there are as many as it has.
  init(part bytes: ArraySlice<UInt8>) { self.init(unchecked: Array(bytes).span) }

  /// The value that lower-case hexadecimal digits write; nil where they write none.
  public init?(digits text: some StringProtocol) {
    guard text.utf8.count == 2 * Self.byteCount else { return nil }
    do {
      try self.init(try Hex.decode(String(text)))
    } catch {
      return nil
    }
  }
}
