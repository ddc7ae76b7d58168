internal import EndkeyPrimitives

/// Why a password will be guessed. It finds what guessers try first, and proves of none that it is good.
enum PasswordWeakness: String {
  case short = "since it is short"
  case common = "since it is one of the first that are tried"
  case repetitive = "since it repeats itself or runs along the keyboard"
  case login = "since it is little more than the login name"

  /// Nil when none of the reasons holds.
  init?(of password: borrowing SecretBytes, login: String) {
    let name = login.utf8.prefix { $0 != UInt8(ascii: "@") }.map(Self.folded)
    let found: PasswordWeakness? = password.withBytes { bytes in
      if bytes.count < 12 { return .short }
      if Self.firstTried.contains(where: { Self.isMost($0, of: bytes, besides: 4) }) { return .common }
      if name.count > 3, Self.isMost(name, of: bytes, besides: 8) { return .login }
      return bytes.indices.count { Self.isNew($0, in: bytes) } < 10 ? .repetitive : nil
    }
    guard let found else { return nil }
    self = found
  }

  /// What guessers do not tell apart: letters' case, and the usual figures for letters.
  private static func folded(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
    case UInt8(ascii: "0"): UInt8(ascii: "o")
    case UInt8(ascii: "1"), UInt8(ascii: "!"): UInt8(ascii: "i")
    case UInt8(ascii: "3"): UInt8(ascii: "e")
    case UInt8(ascii: "4"), UInt8(ascii: "@"): UInt8(ascii: "a")
    case UInt8(ascii: "5"), UInt8(ascii: "$"): UInt8(ascii: "s")
    default: byte
    }
  }

  /// Whether `word` stands in the password, with at most so many characters besides it.
  private static func isMost(_ word: [UInt8], of bytes: Span<UInt8>, besides others: Int) -> Bool {
    guard (0...others).contains(bytes.count - word.count) else { return false }
    for start in 0...(bytes.count - word.count)
    where word.indices.allSatisfy({ folded(bytes[start + $0]) == word[$0] }) { return true }
    return false
  }

  /// Whether a character is more than the one before, its neighbour, or the next of something that repeats itself.
  private static func isNew(_ index: Int, in bytes: Span<UInt8>) -> Bool {
    guard index > 0 else { return true }
    let (last, this) = (bytes[index - 1], bytes[index])
    if last.distance(to: this).magnitude <= 1 || areNeighbours(folded(last), folded(this)) { return false }
    for period in 1...4 where index >= 2 * period - 1 {
      if (0..<period).allSatisfy({ bytes[index - $0] == bytes[index - $0 - period] }) { return false }
    }
    return true
  }

  /// Whether two characters stand side by side on a row of keys.
  private static func areNeighbours(_ left: UInt8, _ right: UInt8) -> Bool {
    rows.contains { row in
      zip(row, row.dropFirst()).contains { $0 == (left, right) || $0 == (right, left) }
    }
  }

  private static let rows = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm"].map {
    Array($0.utf8)
  }

  private static let firstTried = [
    "passwordpassword", "password", "correct horse battery staple", "correcthorsebatterystaple", "iloveyou",
    "letmein",
    "administrator", "changeme", "welcome", "trustno1",
  ].map { $0.utf8.map(folded) }
}
