internal import ArgumentParser
internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

// What an option must be, whatever else is wrong: it is said before a person is asked for a secret, or anything is
// done.

/// Why a word is no value of an option: what would be.
struct UnusableValue: Error, CustomStringConvertible {
  let description: String

  /// A number that is not in a range.
  static func outside(_ range: ClosedRange<some BinaryInteger>) -> UnusableValue {
    UnusableValue(description: "give a number from \(range.lowerBound) to \(range.upperBound)")
  }
}

/// A number that an option takes: a word that begins with `-` is its value, too.
extension Option {
  init(
    wrappedValue: Value, name: NameSpecification = .long, in range: ClosedRange<Value>, help: ArgumentHelp
  ) where Value: FixedWidthInteger & Sendable {
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditional,
      help: help.naming(range, default: "\(wrappedValue)"), transform: range.number)
  }

  init(name: NameSpecification = .long, in range: ClosedRange<Value>, help: ArgumentHelp)
  where Value: FixedWidthInteger & Sendable {
    self.init(name: name, parsing: .unconditional, help: help.naming(range), transform: range.number)
  }

  init<Number: FixedWidthInteger & Sendable>(
    name: NameSpecification = .long, in range: ClosedRange<Number>, help: ArgumentHelp
  ) where Value == Number? {
    self.init(name: name, parsing: .unconditional, help: help.naming(range), transform: range.number)
  }
}

extension ClosedRange where Bound: FixedWidthInteger & Sendable {
  /// Reads a number of this range.
  fileprivate var number: @Sendable (String) throws -> Bound {
    { word in
      guard let number = Bound(word), contains(number) else { throw UnusableValue.outside(self) }
      return number
    }
  }
}

extension ArgumentHelp {
  fileprivate func naming<Number: FixedWidthInteger>(
    _ range: ClosedRange<Number>, default value: String? = nil
  ) -> ArgumentHelp {
    var help = self
    if range.upperBound < Number.max {
      help.abstract += " From \(range.lowerBound) to \(range.upperBound)."
    }
    if let value { help.abstract += " (default: \(value))" }
    return help
  }
}

/// The path that an option or argument has. One that is empty is a variable that was not set, in all likelihood.
enum Path {
  /// Of a file; `-` is a stream.
  @Sendable static func file(_ path: String) throws -> String {
    guard !path.isEmpty else { throw UnusableValue(description: "give the path of a file") }
    return path
  }

  /// Of a folder, or the address of a service; `-` is none.
  @Sendable static func folder(_ path: String) throws -> String {
    guard !path.isEmpty, path != "-" else {
      throw UnusableValue(
        description: "give the path of a folder\(path == "-" ? "; - is standard input or output" : "")")
    }
    return path
  }
}

/// One word that a person writes, such as an id or a time, with words for what it must be.
protocol WordArgument: ExpressibleByArgument, Sendable {
  /// What to give in the place of `word`, which is none.
  static func fault(_ word: String) -> String
}

extension WordArgument {
  @Sendable fileprivate static func read(_ word: String) throws -> Self {
    guard let value = Self(argument: word) else { throw UnusableValue(description: fault(word)) }
    return value
  }
}

extension Option {
  init(
    wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp,
    completion: CompletionKind? = nil
  ) where Value: WordArgument {
    var help = help
    help.abstract += " (default: \(wrappedValue.defaultValueDescription))"
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditional, help: help,
      completion: completion ?? Value.defaultCompletionKind, transform: Value.read)
  }

  init(name: NameSpecification = .long, help: ArgumentHelp, completion: CompletionKind? = nil)
  where Value: WordArgument {
    self.init(
      name: name, parsing: .unconditional, help: help, completion: completion ?? Value.defaultCompletionKind,
      transform: Value.read)
  }

  init<Word: WordArgument>(
    name: NameSpecification = .long, help: ArgumentHelp, completion: CompletionKind? = nil
  ) where Value == Word? {
    self.init(
      name: name, parsing: .unconditional, help: help, completion: completion ?? Word.defaultCompletionKind,
      transform: Word.read)
  }

  init<Word: WordArgument>(
    wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp,
    completion: CompletionKind? = nil
  ) where Value == [Word] {
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditionalSingleValue, help: help,
      completion: completion ?? Word.defaultCompletionKind, transform: Word.read)
  }
}

/// Refuses what nobody can be called.
func requireLabel(_ option: String, _ label: String) throws {
  guard label.utf8.count <= 255 else {
    throw ValidationError("\(option) has at most 255 bytes, not \(label.utf8.count)")
  }
  guard label.isEmpty || !Legible.skeleton(label).isEmpty else {
    throw ValidationError("\(option) is blank, and nobody would see it: give letters or digits, or nothing")
  }
}

/// Refuses what cannot be a login name. §9.1
func requireLogin(_ login: String) throws {
  do {
    _ = try Credentials(loginName: login, password: SecretBytes(copying: [])).loginID()
  } catch {
    throw ValidationError("--login is of 1 to 255 bytes, and no white space alone")
  }
}

extension RetentionDays {
  /// The days that an option can say.
  static let range = 7...3_650
}
