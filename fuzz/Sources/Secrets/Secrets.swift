internal import CMemcheck
internal import EndkeyFuzzProtocol
internal import Glibc

/// Runs each operation on secrets under memcheck; `fuzz/secrets` reads the log.
@main enum Secrets {
  static func main() {
    guard endkey_is_checked() != 0 else {
      fatalError("this is run by fuzz/secrets, under valgrind")
    }
    for operation in SecretOperation.all {
      endkey_log("=== \(operation.name)")
      let holds = operation.run { bytes, isSecret in
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe isSecret
            ? endkey_mark_secret(bytes.baseAddress, bytes.count)
            : endkey_mark_public(bytes.baseAddress, bytes.count)
        }
      }
      guard holds else { fatalError("\(operation.name) gives a wrong result") }
    }
    endkey_log("=== end")
  }
}
