/// How JSON is laid out.
public enum JSONStyle: Sendable {
  /// One line without white space: what a line protocol sends.
  case compact
  /// A member or element a line, two spaces a level: what files hold.
  case pretty
}
