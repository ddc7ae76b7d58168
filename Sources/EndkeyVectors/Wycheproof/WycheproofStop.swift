/// Why a test ends before it has passed.
enum WycheproofStop: Error {
  /// It asks for something that Endkey does not do.
  case skip(String)
  /// Endkey does it wrong.
  case fail(String)
}
