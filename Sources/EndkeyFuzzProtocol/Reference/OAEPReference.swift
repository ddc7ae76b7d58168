/// EME-OAEP by the letter of RFC 8017 §7.1, in the open: SHA-1, empty label, 256 bytes.
enum OAEPReference {
  /// Encodes whatever `data` block and `first` byte it is given, right or wrong.
  static func encode(first: UInt8, seed: [UInt8], data: [UInt8]) -> [UInt8] {
    let maskedData = xor(data, mask(seed, data.count))
    return [first] + xor(seed, mask(maskedData, seed.count)) + maskedData
  }

  /// The right data block of a message of at most 214 bytes.
  static func dataBlock(of message: [UInt8]) -> [UInt8] {
    OpenSSLReference.sha1([]) + [UInt8](repeating: 0, count: 214 - message.count) + [1] + message
  }

  /// The message, or nil when the encoding is wrong in any way.
  static func decode(_ block: [UInt8]) -> [UInt8]? {
    let maskedData = [UInt8](block[21...])
    let seed = xor([UInt8](block[1..<21]), mask(maskedData, 20))
    let data = xor(maskedData, mask(seed, maskedData.count))
    guard block[0] == 0, data[..<20].elementsEqual(OpenSSLReference.sha1([])),
      let one = data[20...].firstIndex(where: { $0 != 0 }), data[one] == 1
    else { return nil }
    return [UInt8](data[(one + 1)...])
  }

  private static func mask(_ seed: [UInt8], _ count: Int) -> [UInt8] {
    var mask: [UInt8] = []
    var counter: UInt8 = 0
    while mask.count < count {
      mask += OpenSSLReference.sha1(seed + [0, 0, 0, counter])
      counter += 1
    }
    return [UInt8](mask.prefix(count))
  }

  private static func xor(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] { zip(a, b).map { $0 ^ $1 } }
}
