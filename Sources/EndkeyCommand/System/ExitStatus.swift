/// How the process ends.
enum ExitStatus: Int32, Error {
  case done = 0
  /// A check failed: of a vector, a signature, a password, a batch.
  case checkFailed = 1
  /// A file or text is not what it must be, or cannot be read or written.
  case badInput = 2
  /// A client under test did not start, or did not shake hands.
  case noClient = 3
  /// What was captured is kept on this disk, and not delivered yet: it is not to be recorded again.
  case kept = 4
  /// It was done, or may have been: only what it has to say could not be written.
  case untold = 5
  /// The command line itself is wrong.
  case misuse = 64
}
