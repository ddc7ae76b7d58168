internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

/// Reads any struct or text form by its name in the specification, for whoever compares parsers.
enum StructReader {
  private typealias Parse = @Sendable ([UInt8]) throws -> Void

  /// `{"ok":true}`, or `{"ok":false,"code":...,"offset":...}`.
  static func answer(_ name: String, hex: some Collection<UInt8>, line: Int) throws -> JSONValue {
    guard let parse = parsers[name] else {
      throw CommandError(.badInput, "line \(line)", "unknown struct \"\(name)\"")
    }
    let bytes: [UInt8]
    do {
      bytes = try Hex.decode(hex, letterCase: .any)
    } catch {
      throw CommandError(.badInput, "line \(line)", "\(error)")
    }
    do {
      try parse(bytes)
      return ["ok": true]
    } catch let error as WireError {
      return ["ok": false, "code": .string(error.code.rawValue), "offset": .integer(error.offset)]
    } catch let error as ProtocolError {
      return ["ok": false, "code": .string(error.code.rawValue), "offset": .integer(error.offset ?? 0)]
    }
  }

  static var names: [String] { parsers.keys.sorted() }

  private static let parsers: [String: Parse] = [
    "Header": { _ = try Header(parsing: $0) },
    "PasswordHeader": { _ = try PasswordHeader(parsing: $0) },
    "PasswordWrap": { _ = try PasswordWrap(parsing: $0) },
    "OwnerVault": { _ = try OwnerVault(parsing: $0) },
    "EnrolmentRequest": { _ = try EnrolmentRequest(parsing: $0) },
    "Grant": { _ = try Grant(parsing: $0) },
    "PrivateKeys": { _ = try PrivateKeys(parsing: $0) },
    "AccountState": { _ = try AccountState(parsing: $0) },
    "SealedBlob": { _ = try SealedBlob(parsing: $0) },
    "RecordBatch": { _ = try RecordBatch(parsing: $0) },
    "RuleSet": { _ = try RuleSet(parsing: $0) },
    "Token": { _ = try Token(parsing: $0) },
    "BlobReference": { _ = try BlobReference(parsing: $0) },
    "Item": { _ = try Item(parsing: $0) },
    "Record": { _ = try Record(parsing: $0) },
    "Rule": { _ = try Rule(parsing: $0) },
    "Member": { _ = try Member(parsing: $0) },
    "RuleDefinition": { _ = try RuleDefinition(parsing: $0) },
    "OwnerContents": { _ = try OwnerContents(parsing: $0) },
    "LocalState": { _ = try LocalState(parsing: $0) },
    "SpoolHeader": { _ = try SpoolHeader(parsing: $0) },
    "SpoolFrameHead": { _ = try SpoolFrameHead(parsing: $0) },
    "TokenText": { _ = try Token(text: $0) },
    "BlobText": { _ = try SealedBlob(text: $0) },
    "CodeText": { _ = try TypedSecret(text: $0.span, kind: .code) },
    "SecretText": { _ = try TypedSecret(text: $0.span, kind: .accountSecret) },
  ]
}
