internal import ArgumentParser
internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

// What an option must be, whatever else is wrong: it is said before a person is asked for a secret, or anything is
// done.

/// Refuses a number that is not in a range.
func require(_ option: String, _ value: some BinaryInteger, in range: ClosedRange<Int>) throws {
  guard let value = Int(exactly: value), range.contains(value) else {
    throw ValidationError("\(option) is from \(range.lowerBound) to \(range.upperBound), not \(value)")
  }
}

/// Refuses what nobody can be called.
func requireLabel(_ option: String, _ label: String) throws {
  guard label.utf8.count <= 255 else {
    throw ValidationError("\(option) has at most 255 bytes, not \(label.utf8.count)")
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
  /// The days that an option says.
  init(option: String, _ days: Int) throws {
    try require(option, days, in: 7...3_650)
    self = try RetentionDays(days)
  }
}
