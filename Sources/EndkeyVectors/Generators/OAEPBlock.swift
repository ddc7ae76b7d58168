internal import EndkeyPrimitives
internal import EndkeyWire

/// A block of EME-OAEP of 256 bytes, any part of which can be made wrong. RFC 8017 §7.1.1
struct OAEPBlock {
  enum Hash {
    case sha1, sha256

    func digest(_ bytes: [UInt8]) throws -> [UInt8] {
      self == .sha1 ? try SHA1.hash(bytes) : SHA256.hash(bytes)
    }

    /// MGF1. RFC 8017 §B.2.1
    func mgf1(_ seed: [UInt8], _ count: Int) throws -> [UInt8] {
      var mask: [UInt8] = []
      var index: UInt32 = 0
      while mask.count < count {
        mask += try digest(seed + be(index, 4))
        index += 1
      }
      return [UInt8](mask[..<count])
    }
  }

  var leading: UInt8 = 0
  let seed: [UInt8]
  var lHash: [UInt8]
  var padding: [UInt8]
  var separator: UInt8 = 1
  var message: [UInt8]
  var maskHash: Hash

  /// The block of `message`, right but for what `edit` does. The seed is as long as the hash.
  init(
    message: [UInt8], seed: [UInt8], hash: Hash = .sha1, _ edit: (inout OAEPBlock) -> Void = { _ in }
  ) throws {
    lHash = try hash.digest([])
    self.message = message
    self.seed = seed
    maskHash = hash
    padding = .zeros(256 - 2 * lHash.count - 2 - message.count)
    edit(&self)
  }

  /// The 256 bytes that are encrypted.
  var bytes: [UInt8] {
    get throws {
      let db = lHash + padding + [separator] + message
      let maskedDB = db ^ (try maskHash.mgf1(seed, db.count))
      let maskedSeed = seed ^ (try maskHash.mgf1(maskedDB, seed.count))
      return [leading] + maskedSeed + maskedDB
    }
  }
}
