internal import EndkeyPrimitives
internal import EndkeyStore

/// A file that a command was told to write: a new one, whole or not at all. `-` is standard output, which gets nothing
/// before all of it is there, either.
///
/// A command makes it before it asks for a secret and before it changes anything: where the file cannot be written,
/// nothing has happened.
struct NamedOutput: ~Copyable {
  private var file: OutputFile?
  private var held: [UInt8] = []

  init(_ path: String, mode: UInt32 = 0o644) throws {
    file = nil
    if path != "-" { file = .some(try OutputFile(path, .refused, mode: mode)) }
  }

  mutating func write(_ bytes: [UInt8]) throws {
    switch file {
    case .some(let file): try file.write(bytes)
    case .none: held += bytes
    }
  }

  consuming func commit() throws {
    switch consume file {
    case .some(let file): try file.commit()
    case .none: try Descriptor.output.write(held)
    }
  }

  /// Writes a secret and a line end, and gives the file its name.
  consuming func commit(secret: borrowing SecretBytes) throws {
    switch consume file {
    case .some(let file):
      try file.write(secret: secret, line: true)
      try file.commit()
    case .none:
      try secret.withBytes { try Descriptor.output.write($0) }
      try Descriptor.output.write([UInt8(ascii: "\n")])
    }
  }

  /// Writes a secret and a line end, for its user alone.
  static func write(secret: borrowing SecretBytes, to path: String) throws {
    try NamedOutput(path, mode: 0o600).commit(secret: secret)
  }
}
