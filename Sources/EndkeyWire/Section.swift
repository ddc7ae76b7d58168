/// The sections of the specification that define something to parse.
public enum Section: String, CaseIterable, Sendable {
  /// §2.4 defines base64url.
  case base64url = "2.4"
  /// §8.1 defines the Header.
  case header = "8.1"
  /// §8.3 defines the messages between the parties.
  case messages = "8.3"
  /// §8.4 defines what is sealed in messages.
  case contents = "8.4"
  /// §14.3 defines the text form of a token.
  case tokenText = "14.3"
  /// §15.1 defines the text form of a blob.
  case blobText = "15.1"
  /// §17 defines the spool.
  case spool = "17"
  /// §18 defines the scanner.
  case scanner = "18"
  /// §18.1 defines the texts of codes and account secrets.
  case secretText = "18.1"
  /// §6 of the document about HTTP defines the envelopes.
  case envelopes = "HTTP 6"
}
