internal import EndkeyFuzz
internal import Glibc

// What libFuzzer calls. One binary holds all targets, since building and linking one takes minutes with
// sanitizers: which one runs is read once, from the environment, or from the name under which the binary was
// started (ClusterFuzzLite and OSS-Fuzz want a file for each target).

nonisolated(unsafe) private var target: FuzzTarget?
nonisolated(unsafe) private var effort = Effort.sampled

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ argc: UnsafeMutablePointer<CInt>,
  _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
  let name = unsafe variable("ENDKEY_FUZZ_TARGET") ?? program(argv.pointee)
  if name == "list" {
    for target in FuzzTarget.all { print(target.listing) }
    exit(0)
  }
  guard let found = FuzzTarget.named(name) else {
    fail("no target \"\(name)\": set ENDKEY_FUZZ_TARGET to one of \(FuzzTarget.all.map(\.name).joined(separator: " "))")
  }
  unsafe target = found
  if variable("ENDKEY_FUZZ_EFFORT") == "full" { unsafe effort = .full }
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  do {
    _ = try unsafe target?.run(UnsafeBufferPointer(start: start, count: count).span, effort)
  } catch {
    fail("property violated: \(error)")
  }
  return 0
}

private func fail(_ message: String) -> Never {
  let line = Array("endkey-fuzz: \(message)\n".utf8)
  unsafe line.withUnsafeBytes { unsafe _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  abort()
}

private func variable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

/// The target's name in the file name `endkey-fuzz-NAME`.
private func program(_ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> String {
  guard let path = unsafe argv?.pointee else { return "" }
  let name = unsafe String(cString: path).split(separator: "/").last ?? ""
  return String(name.trimmingPrefix("endkey-fuzz-"))
}
