/// Bech32m (BIP 350), as far as the two secret texts need it. §18.1
///
/// Characters and numbers are turned into each other without a look-up at a secret index.
enum Bech32m {
  /// The number of checksum characters.
  static var checksumCount: Int { 6 }
  /// What the checksum of a right text leaves; that of Bech32 would be 1.
  static var constant: UInt32 { 0x2bc8_30a3 }

  /// The checksum so far, and what goes in.
  struct Checksum {
    private(set) var value: UInt32 = 1

    /// Takes in the human-readable part, in lower case.
    init(humanReadable: String) {
      for byte in humanReadable.utf8 { add(byte >> 5) }
      add(0)
      for byte in humanReadable.utf8 { add(byte & 31) }
    }

    mutating func add(_ number: UInt8) {
      let top = value >> 25
      value = (value & 0x1ff_ffff) << 5 ^ UInt32(number)
      for (bit, generator) in Self.generators.enumerated() {
        value ^= generator & (0 &- (top >> UInt32(bit) & 1))
      }
    }

    private static let generators: [UInt32] = [
      0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
    ]
  }

  /// The lower-case character for `number`, which is below 32.
  static func character(_ number: UInt8) -> UInt8 {
    var character: UInt8 = 0
    for (index, candidate) in alphabet.enumerated() {
      character |= candidate & mask(UInt8(truncatingIfNeeded: index), number)
    }
    return character
  }

  /// The number for a character of one case, or `noNumber` when it is none of the alphabet in that case.
  static func number(_ character: UInt8, isUpper: Bool = false) -> UInt8 {
    var number: UInt8 = 0
    var found: UInt8 = 0
    for (index, candidate) in (isUpper ? upperAlphabet : alphabet).enumerated() {
      let mask = mask(candidate, character)
      number |= UInt8(truncatingIfNeeded: index) & mask
      found |= mask
    }
    return number | ~found
  }

  /// All ones: no number has the highest bits.
  static var noNumber: UInt8 { 0xff }

  /// All ones when both are equal, else zero.
  private static func mask(_ left: UInt8, _ right: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: (UInt16(left ^ right) &- 1) >> 8)
  }

  private static let alphabet: [UInt8] = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let upperAlphabet: [UInt8] = Array("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".utf8)
}
