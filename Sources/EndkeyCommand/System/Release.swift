internal import EndkeyStore
internal import EndkeySuite
internal import Foundation

/// What this program was built from.
enum Release {
  /// The version of the tools, by the rule of CHANGELOG.md.
  static let version = "1.0.0"
  /// The commit. `tools/run release` writes this line in its copy of the source; a checkout is of no commit.
  static let commit: String? = nil
  /// The hash of the vectors that were released with it: `sha256sum *.json | sha256sum` in their folder.
  static let vectors: String? = nil

  /// What `--version` says.
  static let description = """
    \(version)
    commit \(commit ?? "unknown: built from a checkout")
    vectors \(SuiteVersion.suite)\(vectors.map { " \($0)" } ?? "")
    """

  /// The folder of the vectors unless another one is named: the current folder's, or else those that were installed
  /// with this program, in `share/endkey/vectors` beside its `bin`.
  static func vectorFolder() -> String {
    let here = "vectors"
    if OutputFile.exists(here) { return here }
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath()
    let prefix = program?.deletingLastPathComponent().deletingLastPathComponent()
    guard let installed = prefix?.appending(path: "share/endkey/vectors").path(percentEncoded: false),
      OutputFile.exists(installed)
    else { return here }
    return installed
  }
}
