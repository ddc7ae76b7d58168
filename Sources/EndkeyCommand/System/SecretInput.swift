internal import EndkeyPrimitives
internal import EndkeyStore
internal import Foundation

/// Where a secret comes from: never from the arguments, which other users of the computer can see.
enum SecretInput: Equatable {
  /// A prompt on the terminal, without echo.
  case prompt(String, confirmed: Bool)
  /// A file that only its user can read.
  case file(String)
  /// A descriptor that the caller of the process has opened.
  case descriptor(Int32)

  func read() throws -> SecretBytes {
    switch self {
    case .prompt(let text, let confirmed): try Self.ask(text, confirmed: confirmed)
    case .file(let path): try Self.read(path)
    case .descriptor(let number): try Descriptor(given: number, "descriptor \(number)").typed()
    }
  }

  private static func read(_ path: String) throws -> SecretBytes {
    let file = try Descriptor(opening: path, O_RDONLY, .read)
    try file.requirePrivate()
    return try file.typed()
  }

  private static func ask(_ text: String, confirmed: Bool) throws -> SecretBytes {
    guard Descriptor.input.isTerminal else {
      throw CommandError(
        .misuse, nil, "there is no terminal to ask for the \(text): give a file or a descriptor")
    }
    let secret = try ask(text)
    if confirmed {
      let again = try ask("\(text), again")
      guard secret.equals(again) else { throw CommandError(.badInput, nil, "the two are not the same") }
    }
    return secret
  }

  private static func ask(_ text: String) throws -> SecretBytes {
    let terminal = try Descriptor(opening: "/dev/tty", O_RDWR, .open)
    try terminal.write(Array("\(text): ".utf8))
    var before = termios()
    guard unsafe tcgetattr(terminal.number, &before) == 0 else {
      throw CommandError.system("/dev/tty", "use")
    }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    unsafe _ = tcsetattr(terminal.number, TCSAFLUSH, &silent)
    defer { unsafe _ = tcsetattr(terminal.number, TCSAFLUSH, &before) }
    let secret = try terminal.line()
    try terminal.write([UInt8(ascii: "\n")])
    return secret
  }
}

extension Descriptor {
  /// What an editor or `echo` wrote: without the line end that they leave behind. At most 4,096 bytes.
  fileprivate func typed() throws -> SecretBytes {
    try secret(limit: 4_096).withBytes { bytes in
      var end = bytes.count
      if end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
      if end < bytes.count, end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      return SecretBytes(copying: bytes.extracting(0..<end))
    }
  }

  /// One line that a person types: a terminal gives it whole.
  fileprivate func line() throws -> SecretBytes {
    var count = 0
    let bytes = try SecretBytes(count: 4_097) { bytes in count = try read(into: &bytes) }
    return bytes.withBytes { bytes in
      let end = count > 0 && bytes[count - 1] == UInt8(ascii: "\n") ? count - 1 : count
      return SecretBytes(copying: bytes.extracting(0..<end))
    }
  }
}
