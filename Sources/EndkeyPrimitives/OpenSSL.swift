internal import COpenSSL

/// Checks the results of OpenSSL's calls. Every failure leaves the thread's error queue empty.
enum OpenSSL {
  /// Throws unless `result` is 1, which is what OpenSSL's calls answer on success.
  static func check(
    _ result: Int32, or error: @autoclosure () -> PrimitiveError = .libraryFailure
  ) throws(PrimitiveError) {
    guard result == 1 else {
      ERR_clear_error()
      throw error()
    }
  }

  /// Throws when OpenSSL answered a null pointer.
  static func check(_ pointer: OpaquePointer?) throws(PrimitiveError) -> OpaquePointer {
    guard let pointer = unsafe pointer else {
      ERR_clear_error()
      throw .libraryFailure
    }
    return unsafe pointer
  }
}
