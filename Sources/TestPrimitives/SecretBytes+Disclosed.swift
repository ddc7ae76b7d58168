package import EndkeyPrimitives

extension SecretBytes {
  /// The bytes in the open: what tests and vectors hold is public.
  package var disclosed: [UInt8] {
    withBytes { bytes in bytes.indices.map { bytes[$0] } }
  }
}
