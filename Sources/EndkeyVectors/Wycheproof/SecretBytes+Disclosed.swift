internal import EndkeyPrimitives

extension SecretBytes {
  /// The bytes in the open. Test vectors are public.
  var disclosed: [UInt8] {
    withBytes { bytes in
      var copy: [UInt8] = []
      copy.reserveCapacity(bytes.count)
      for index in 0..<bytes.count { copy.append(bytes[index]) }
      return copy
    }
  }
}
