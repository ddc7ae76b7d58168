/// The versions of suite and specification that this code reads and writes.
public enum SuiteVersion {
  /// The version of the suite.
  public static let suite = "1.0.0"
  /// The revision of the specification that the suite is about.
  public static let spec = "1.0"
}
