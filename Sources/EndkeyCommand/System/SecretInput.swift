internal import EndkeyPrimitives
internal import EndkeyStore
internal import Foundation

/// Where a secret comes from: never from the arguments, which other users of the computer can see.
enum SecretInput: Equatable {
  /// A prompt on the terminal, without echo, that says what it asks for.
  case prompt(String, option: String, confirmed: Bool)
  /// A file that only its user can read; `-` is a line of standard input.
  case file(String)
  /// A descriptor that the caller of the process has opened.
  case descriptor(Int32)

  func read() throws -> SecretBytes {
    switch self {
    case .prompt(let text, let option, let confirmed): try Self.ask(text, option, confirmed: confirmed)
    case .file("-"): try Descriptor.input.typedLine()
    case .file(let path): try Self.read(path)
    case .descriptor(let number): try Descriptor(given: number, "descriptor \(number)").typed()
    }
  }

  /// The same of a text form, which has no white space: what was copied with some around it or in it is whole.
  func readText() throws -> SecretBytes { try read().withoutWhiteSpace() }

  private static func read(_ path: String) throws -> SecretBytes {
    let file = try Descriptor(opening: path, O_RDONLY, .read)
    try file.requirePrivate()
    return try file.typed()
  }

  private static func ask(_ text: String, _ option: String, confirmed: Bool) throws -> SecretBytes {
    // One of the two is enough: the other may be a report that is read or written.
    guard Descriptor.input.isTerminal || Descriptor.error.isTerminal else {
      throw CommandError(
        .misuse, nil, "there is no terminal to ask for the \(text)",
        next: "say where it is: \(option) FILE, or - for standard input")
    }
    let question = Console.shown(text.prefix(1).uppercased() + text.dropFirst())
    let secret = try Terminal.ask(question)
    if confirmed {
      let again = try Terminal.ask("\(question), again")
      guard secret.equals(again) else {
        throw CommandError(
          .badInput, nil, "the two are not the same", next: "do it again: nothing has changed")
      }
    }
    return secret
  }
}

extension SecretInput {
  /// A prompt when neither a file nor a descriptor is given.
  init(_ file: String?, _ descriptor: Int32?, _ name: String, option: String, isNew: Bool = false) {
    if let file {
      self = .file(file)
    } else if let descriptor {
      self = .descriptor(descriptor)
    } else {
      self = .prompt(name, option: option, confirmed: isNew)
    }
  }
}

extension Descriptor {
  /// What an editor or `echo` wrote: without the line end that they leave behind. At most 4,096 bytes.
  fileprivate func typed() throws -> SecretBytes { try secret(limit: 4_096).withoutLineEnd() }

  /// The next line, and nothing of what follows it. At most 4,096 bytes.
  fileprivate func typedLine() throws -> SecretBytes {
    var count = 0
    let line = try SecretBytes(count: 4_098) { bytes in
      while count < 4_098 {
        var next = bytes._mutatingExtracting(count..<count + 1)
        guard try read(into: &next) > 0 else { return }
        count += 1
        if next[0] == UInt8(ascii: "\n") { return }
      }
      throw StoreError.tooLong(place: name, limit: 4_096)
    }
    return line.withBytes { SecretBytes(copying: $0.extracting(0..<count)) }.withoutLineEnd()
  }
}

extension SecretBytes {
  fileprivate consuming func withoutWhiteSpace() -> SecretBytes {
    withBytes { bytes in
      func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
      // A byte order mark, which editors of some systems begin a file with.
      let isMarked = bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf
      let indices = bytes.indices.dropFirst(isMarked ? 3 : 0)
      var kept = 0
      for index in indices where !isSpace(bytes[index]) { kept += 1 }
      return SecretBytes(count: kept) { text in
        var next = 0
        for index in indices where !isSpace(bytes[index]) {
          text[next] = bytes[index]
          next += 1
        }
      }
    }
  }

  fileprivate consuming func withoutLineEnd() -> SecretBytes {
    withBytes { bytes in
      var end = bytes.count
      if end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
      if end < bytes.count, end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      return SecretBytes(copying: bytes.extracting(0..<end))
    }
  }
}
