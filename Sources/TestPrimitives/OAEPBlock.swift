internal import EndkeyPrimitives

/// A block of EME-OAEP of 256 bytes by the letter of RFC 8017 §7.1, any part of which can be made wrong.
package struct OAEPBlock {
  package enum Hash {
    case sha1, sha256

    package func digest(_ bytes: [UInt8]) -> [UInt8] {
      self == .sha1 ? OpenSSLReference.sha1(bytes) : SHA256.hash(bytes)
    }

    /// MGF1. RFC 8017 §B.2.1
    package func mgf1(_ seed: [UInt8], _ count: Int) -> [UInt8] {
      var mask: [UInt8] = []
      var index: UInt8 = 0
      while mask.count < count {
        mask += digest(seed + [0, 0, 0, index])
        index += 1
      }
      return [UInt8](mask[..<count])
    }
  }

  package var leading: UInt8 = 0
  package let seed: [UInt8]
  package var lHash: [UInt8]
  package var padding: [UInt8]
  package var separator: UInt8 = 1
  package var message: [UInt8]
  package var maskHash: Hash

  /// The block of `message` with an empty label, right but for what `edit` does. The seed is as long as the hash.
  package init(
    message: [UInt8], seed: [UInt8], hash: Hash = .sha1, _ edit: (inout OAEPBlock) -> Void = { _ in }
  ) {
    lHash = hash.digest([])
    self.message = message
    self.seed = seed
    maskHash = hash
    padding = [UInt8](repeating: 0, count: 254 - 2 * lHash.count - message.count)
    edit(&self)
  }

  /// The data block.
  package var data: [UInt8] { lHash + padding + [separator] + message }

  /// The 256 bytes that are encrypted.
  package var bytes: [UInt8] { Self.encode(leading: leading, seed: seed, data: data, maskHash: maskHash) }

  /// The 256 bytes of any data block, right or wrong.
  package static func encode(
    leading: UInt8 = 0, seed: [UInt8], data: [UInt8], maskHash: Hash = .sha1
  ) -> [UInt8] {
    let maskedData = combine(data, maskHash.mgf1(seed, data.count))
    return [leading] + combine(seed, maskHash.mgf1(maskedData, seed.count)) + maskedData
  }

  /// The seed and the data block that 256 bytes encode with SHA-1.
  package static func unmask(_ bytes: [UInt8]) -> (seed: [UInt8], data: [UInt8]) {
    let maskedData = [UInt8](bytes[21...])
    let seed = combine([UInt8](bytes[1..<21]), Hash.sha1.mgf1(maskedData, 20))
    return (seed, combine(maskedData, Hash.sha1.mgf1(seed, maskedData.count)))
  }

  /// The message that 256 bytes encode with SHA-1 and an empty label, nil when they are wrong in any way.
  package static func decode(_ bytes: [UInt8]) -> [UInt8]? {
    let data = unmask(bytes).data
    guard bytes[0] == 0, data.starts(with: Hash.sha1.digest([])),
      let one = data[20...].firstIndex(where: { $0 != 0 }), data[one] == 1
    else { return nil }
    return [UInt8](data[(one + 1)...])
  }
}

private func combine(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] { zip(a, b).map { $0 ^ $1 } }
