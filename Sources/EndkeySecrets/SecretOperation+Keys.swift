internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension SecretOperation {
  /// Keys and what they are made of. Each result is held against the one for the same bytes when they are public: that
  /// those are right is shown elsewhere, by vectors.
  static let keys: [SecretOperation] = [
    SecretOperation("key-wrap") { mark in
      let (kek, key) = (bytes(1, 32), bytes(2, 32))
      let wrapped = try AESKeyWrap.wrap(secret(key, mark), kek: secret(kek, mark))
      let again = try AESKeyWrap.wrap(SecretBytes(copying: key), kek: SecretBytes(copying: kek))
      return open(wrapped, mark) == again
    },
    SecretOperation("key-unwrap") { mark in
      let (kek, key) = (bytes(1, 32), bytes(2, 32))
      let wrapped = try AESKeyWrap.wrap(SecretBytes(copying: key), kek: SecretBytes(copying: kek))
      return open(try AESKeyWrap.unwrap(wrapped, kek: secret(kek, mark)), mark) == key
    },
    SecretOperation("compare") { mark in
      // All results are made public before they are looked at.
      let a = secret(bytes(5, 32), mark)
      let equal = settled(a.equals(secret(bytes(5, 32), mark)), mark)
      let other = settled(a.equals(secret(bytes(6, 32), mark)), mark)
      return equal && !other
    },
    SecretOperation("oaep-wrap") { mark in
      // Any odd number of 2,048 bits without a small factor will do.
      var modulus = [UInt8](repeating: 0xff, count: 256)
      while true {
        do throws(PrimitiveError) {
          _ = try RSAPublicKey(modulus: modulus)
          break
        } catch {
          modulus[255] -= 2
        }
      }
      let key = try RSAPublicKey(modulus: modulus)
      let message = bytes(8, 64)
      var random = DeterministicRandom("seed")
      var again = random
      let wrapped = try key.wrap(secret(message, mark), using: &random)
      return try open(wrapped, mark) == key.wrap(SecretBytes(copying: message), using: &again)
    },
    SecretOperation("derive") { mark in
      let key = bytes(12, 32)
      let secretKey = MasterKey(secret: secret(key, mark), accountID: .zero, epoch: .first)
      let publicKey = MasterKey(secret: SecretBytes(copying: key), accountID: .zero, epoch: .first)
      let commitment = open(try secretKey.commitment().bytes, mark)
      let derived = open(try secretKey.tokenKey().secret, mark)
      return try derived == open(publicKey.tokenKey().secret, mark)
        && commitment == publicKey.commitment().bytes
    },
    SecretOperation("stretch") { mark in
      let password = bytes(9, 20)
      let stretched = try PBKDF2.hmacSHA256(
        password: secret(password, mark), salt: [1, 2, 3], iterations: 3, count: 32)
      let again = try PBKDF2.hmacSHA256(
        password: SecretBytes(copying: password), salt: [1, 2, 3], iterations: 3, count: 32)
      return open(stretched, mark) == open(again, mark)
    },
  ]
}
