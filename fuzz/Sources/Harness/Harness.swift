public import EndkeyFuzz
internal import Glibc

/// What libFuzzer calls, in a binary that holds many targets.
///
/// Which one runs is read once, from `ENDKEY_FUZZ_TARGET`, or else from the binary's own name, which is then
/// `fuzz-NAME`: ClusterFuzzLite and OSS-Fuzz want a file for each target. libFuzzer starts itself again to merge
/// and to minimise: the environment comes along, an argument of ours would not be known to it.
public enum Harness {
  nonisolated(unsafe) private static var target: FuzzTarget?
  nonisolated(unsafe) private static var effort = Effort.sampled

  public typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>

  /// `LLVMFuzzerInitialize`: chooses one of `targets`, or lists them.
  public static func start(_ targets: [FuzzTarget], _ arguments: Arguments) -> CInt {
    let name = unsafe variable("ENDKEY_FUZZ_TARGET") ?? program(arguments.pointee)
    if name == "list" {
      for target in targets { print(target.listing) }
      exit(0)
    }
    guard let found = targets.first(where: { $0.name == name }) else {
      let names = targets.map(\.name).joined(separator: " ")
      fail("no target \"\(name)\": set ENDKEY_FUZZ_TARGET to one of \(names)")
    }
    unsafe target = found
    if variable("ENDKEY_FUZZ_EFFORT") == "full" { unsafe effort = .full }
    return 0
  }

  /// `LLVMFuzzerTestOneInput`: ends the process when a property does not hold.
  public static func run(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do throws(Violation) {
      _ = try unsafe target?.run(UnsafeBufferPointer(start: start, count: count).span, effort)
    } catch {
      fail("property violated: \(error)")
    }
    return 0
  }

  private static func fail(_ message: String) -> Never {
    let line = Array("endkey-fuzz: \(message)\n".utf8)
    unsafe line.withUnsafeBytes { unsafe _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    abort()
  }

  private static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// NAME of a binary called `fuzz-NAME`.
  private static func program(_ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> String {
    guard let path = unsafe arguments?.pointee else { return "" }
    let name = unsafe String(cString: path).split(separator: "/").last ?? ""
    return String(name.trimmingPrefix("fuzz-"))
  }
}
