internal import EndkeyWire

/// The properties of errors and dumps.
enum Faults {
  /// A fault is within the bytes, or at their end.
  static func check(_ error: WireError, in bytes: Span<UInt8>) throws(Violation) {
    try require(
      error.offset >= 0 && error.offset <= bytes.count, "\(error) is outside of \(bytes.count) bytes")
    try require(!error.section.isEmpty, "\(error) names no section")
  }

  /// Fields are in order and back to back, so that a dump shows every byte once.
  static func check(_ inspection: Inspection, in bytes: Span<UInt8>) throws(Violation) {
    var end = 0
    for field in inspection.fields {
      try require(field.offset == end, "the field \(field.name) starts at \(field.offset), not at \(end)")
      end += field.length
    }
    guard let error = inspection.error else {
      try require(end == bytes.count, "the dump of a whole message ends at \(end) of \(bytes.count)")
      return
    }
    try check(error, in: bytes)
    try require(end <= bytes.count, "the dump reaches \(end) of \(bytes.count) bytes")
  }

  /// The dump of a message stops at the same fault as its parser, or at none.
  static func compare<Message: WireStruct>(
    _ type: Message.Type, with form: Inspection.Form, on bytes: Span<UInt8>
  ) throws(Violation) {
    // 69 bytes of this type are dumped as the header that they may be.
    if type == PersonKeys.self, bytes.count == PasswordHeader.byteCount { return }
    var expected: WireError?
    do throws(WireError) {
      _ = try Message(parsing: bytes)
    } catch {
      expected = error
    }
    let inspection = Inspection.inspect(bytes, as: form)
    try check(inspection, in: bytes)
    try require(
      inspection.error == expected,
      "the dump ends with \(inspection.error.map { "\($0)" } ?? "no error"), the parser with "
        + (expected.map { "\($0)" } ?? "none"))
  }
}
