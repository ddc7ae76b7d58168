/// The sections of the specification that define something to parse.
public enum Section: String, CaseIterable, Sendable {
  case base64url = "2.4"
  case header = "8.1"
  case messages = "8.3"
  case contents = "8.4"
  case tokenText = "14.3"
  case blobText = "15.1"
  case spool = "17"
  case scanner = "18"
  case secretText = "18.1"
}
