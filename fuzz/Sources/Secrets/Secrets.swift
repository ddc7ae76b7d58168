internal import CMemcheck
internal import EndkeySecrets
internal import Glibc

/// Runs each operation on secrets under memcheck; `tools/run secrets` reads the logs.
@main enum Secrets {
  static func main() {
    guard endkey_is_checked() != 0 else {
      fatalError("this is run by `tools/run secrets`, under valgrind")
    }
    // A process for each: memcheck reports a place once, whatever else leads there later.
    for operation in SecretOperation.all {
      var status: CInt = 0
      switch endkey_fork() {
      case 0:
        run(operation)
        exit(0)
      case let child:
        guard unsafe waitpid(child, &status, 0) == child, status == 0 else {
          fatalError("\(operation.name) does not end well")
        }
      }
    }
  }

  private static func run(_ operation: SecretOperation) {
    unsafe endkey_log("=== \(operation.name)")
    let holds = operation.run { bytes, isSecret in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe isSecret
          ? endkey_mark_secret(bytes.baseAddress, bytes.count)
          : endkey_mark_public(bytes.baseAddress, bytes.count)
      }
    }
    guard holds else { fatalError("\(operation.name) gives a wrong result") }
    unsafe endkey_log("=== end")
  }
}
