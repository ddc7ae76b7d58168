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
      throw CommandError(.badInput, "line \(line)", Suggestion.unknown("struct", name, among: names))
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

  private static let parsers: [String: Parse] = {
    var parsers = texts
    for type in WireStructs.messages + WireStructs.parts {
      parsers["\(type)"] = { _ = try type.init(parsing: $0) }
    }
    return parsers
  }()

  private static let texts: [String: Parse] = [
    "SpoolFrameHead": { _ = try SpoolFrameHead(parsing: $0) },
    "TokenText": { _ = try Token(text: $0) },
    "BlobText": { _ = try SealedBlob(text: $0) },
    "CodeText": { _ = try EnrolmentCode(text: SecretBytes(copying: $0)) },
    "SecretText": { _ = try AccountSecret(text: SecretBytes(copying: $0)) },
    "RecoveryText": { _ = try RecoveryText(text: SecretBytes(copying: $0)) },
  ]
}
