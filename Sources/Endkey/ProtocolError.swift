package import EndkeyPrimitives
public import EndkeyWire

/// Why an operation was refused: what, where if it is a fault of format, and the section of the specification
/// that says so. It holds no byte of any input. R-19-1
public struct ProtocolError: Error, Equatable, Sendable {
  /// What was refused, as a code of the closed list.
  public let code: ErrorCode
  /// Where the fault is, in bytes from the start of the message or text. Only errors of the layer `format`
  /// have one.
  public let offset: Int?
  /// The section of the specification that says so, for example `"11"`.
  public let section: String

  package init(_ code: ErrorCode, _ section: String) {
    self.code = code
    self.offset = nil
    self.section = section
  }

  /// A parser's error, under the same name.
  public init(_ error: WireError) {
    code = ErrorCode(error.code)
    offset = error.offset
    section = error.section
  }

  /// An algorithm's error as that of an operation: `failure`, whatever was wrong with the input, unless a
  /// library failed by itself, which is `internalError`.
  package init(_ error: PrimitiveError, as failure: ErrorCode, _ section: String) {
    self.init(error == .libraryFailure ? .internalError : failure, section)
  }
}

extension ProtocolError: CustomStringConvertible {
  public var description: String {
    let place = offset.map { " at \($0)" } ?? ""
    return "\(code.rawValue)\(place) (§\(section))"
  }
}

extension WireStruct {
  /// Reads a whole message, its fault as the protocol's.
  init(received bytes: Span<UInt8>) throws(ProtocolError) {
    do {
      try self.init(parsing: bytes)
    } catch {
      throw ProtocolError(error)
    }
  }

  /// Reads a whole message, its fault as the protocol's.
  package init(received bytes: [UInt8]) throws(ProtocolError) { try self.init(received: bytes.span) }
}

extension WireStruct {
  /// Reads a whole message that somebody else has kept, such as a service; nil when the bytes are none.
  package init?(reading bytes: [UInt8]) {
    do {
      try self.init(parsing: bytes)
    } catch {
      return nil
    }
  }
}

extension LocalState {
  /// Reads a whole message of this type alone, its fault as the protocol's.
  init(received bytes: [UInt8], type: HeaderType) throws(ProtocolError) {
    do {
      try self.init(parsing: bytes, type: type)
    } catch {
      throw ProtocolError(error)
    }
  }
}

/// What `body` reads or makes of values of fields, its error as the protocol's.
func wire<Value>(_ body: () throws(WireError) -> Value) throws(ProtocolError) -> Value {
  do {
    return try body()
  } catch {
    throw ProtocolError(error)
  }
}

/// What `body` parses of a plaintext that was sealed. Any fault is `failure`: an offset into what is sealed is
/// nobody's business.
func wire<Value>(
  _ section: String, or failure: ErrorCode, _ body: () throws(WireError) -> Value
) throws(ProtocolError) -> Value {
  do {
    return try body()
  } catch {
    throw ProtocolError(failure, section)
  }
}

/// What `body` opens or checks; any fault of the input is `failure`. Without `failure` there is no input that
/// could be at fault, and every error is `internalError`.
package func primitive<Value: ~Copyable>(
  _ section: String, or failure: ErrorCode = .internalError, _ body: () throws(PrimitiveError) -> Value
) throws(ProtocolError) -> Value {
  do {
    return try body()
  } catch {
    throw ProtocolError(error, as: failure, section)
  }
}
