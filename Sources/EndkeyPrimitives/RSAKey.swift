internal import COpenSSL
internal import Synchronization

/// An RSA key of OpenSSL, kept in its working form. Shared by the copies of its owner.
@safe final class RSAKey: @unchecked Sendable {
  // Sendable: OpenSSL locks what it caches in a key; nothing else of it changes. Contexts are behind a lock.
  private let key: OpaquePointer
  private let idle = Mutex<OAEPContext?>(nil)

  /// The exponent of every public key.
  static var publicExponent: [UInt8] { [1, 0, 1] }

  /// A key of these numbers, public or private as `selection` says.
  fileprivate init(_ parameters: consuming KeyParameters, selection: Int32) throws(PrimitiveError) {
    let context = try unsafe OpenSSL.check(EVP_PKEY_CTX_new_from_name(nil, "RSA", nil))
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    try unsafe OpenSSL.check(EVP_PKEY_fromdata_init(context))
    try unsafe parameters.build { (list) throws(PrimitiveError) in
      try unsafe OpenSSL.check(EVP_PKEY_fromdata(context, &key, selection, list), or: .invalidKey)
    }
    unsafe self.key = try OpenSSL.check(key)
  }

  /// The public key of `modulus`.
  convenience init(modulus: borrowing BigNumber) throws(PrimitiveError) {
    let exponent = try BigNumber(Self.publicExponent.span)
    var parameters = KeyParameters()
    try parameters.add("n", modulus)
    try parameters.add("e", exponent)
    try self.init(parameters, selection: ENDKEY_EVP_PKEY_PUBLIC_KEY)
  }

  /// The private key of two odd numbers. `invalidKey` unless the public exponent has an inverse and both pass Fermat's
  /// test.
  convenience init(p: borrowing BigNumber, q: borrowing BigNumber) throws(PrimitiveError) {
    let arithmetic = try Arithmetic()
    guard try arithmetic.passesFermat(p), try arithmetic.passesFermat(q) else { throw .invalidKey }
    let exponent = try BigNumber(Self.publicExponent.span)
    let modulus = try arithmetic.product(p, q)
    let pLess = try arithmetic.minusOne(p)
    let qLess = try arithmetic.minusOne(q)
    let order = try arithmetic.leastCommonMultiple(pLess, qLess)
    let d = try arithmetic.inverse(of: exponent, modulo: order)
    let dp = try arithmetic.inverse(of: exponent, modulo: pLess)
    let dq = try arithmetic.inverse(of: exponent, modulo: qLess)
    let qInverse = try arithmetic.inverse(of: q, modulo: p)
    var parameters = KeyParameters()
    try parameters.add("n", modulus)
    try parameters.add("e", exponent)
    try parameters.add("d", d)
    try parameters.add("rsa-factor1", p)
    try parameters.add("rsa-factor2", q)
    try parameters.add("rsa-exponent1", dp)
    try parameters.add("rsa-exponent2", dq)
    try parameters.add("rsa-coefficient1", qInverse)
    try self.init(parameters, selection: ENDKEY_EVP_PKEY_KEYPAIR)
  }

  /// A new private key of OpenSSL's own making.
  init(generatingBits bits: Int32) throws(PrimitiveError) {
    let context = try unsafe OpenSSL.check(EVP_PKEY_CTX_new_from_name(nil, "RSA", nil))
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    try unsafe OpenSSL.check(EVP_PKEY_keygen_init(context))
    try unsafe OpenSSL.check(EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits))
    try unsafe OpenSSL.check(EVP_PKEY_generate(context, &key))
    unsafe self.key = try OpenSSL.check(key)
  }

  deinit {
    unsafe EVP_PKEY_free(key)  // wipes the private numbers
  }

  /// The number that OpenSSL calls `name`.
  func number(_ name: StaticString) throws(PrimitiveError) -> BigNumber {
    let number = try BigNumber()
    var pointer: OpaquePointer? = unsafe number.pointer
    try unsafe OpenSSL.check(EVP_PKEY_get_bn_param(key, name.cString, &pointer))
    return number
  }

  /// The modulus, 256 bytes.
  func modulus() throws(PrimitiveError) -> [UInt8] {
    var modulus = [UInt8](repeating: 0, count: RSAPublicKey.modulusByteCount)
    var bytes = modulus.mutableSpan
    try number("n").write(to: &bytes, at: 0..<bytes.count)
    return modulus
  }

  /// RSA of 256 bytes, a number below the modulus, without any padding: 256 bytes.
  func encrypt(_ block: Span<UInt8>) throws(PrimitiveError) -> [UInt8] {
    let context = try unsafe OpenSSL.check(EVP_PKEY_CTX_new_from_pkey(nil, key, nil))
    defer { unsafe EVP_PKEY_CTX_free(context) }
    try unsafe OpenSSL.check(EVP_PKEY_encrypt_init(context))
    try unsafe OpenSSL.check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING))
    return try unsafe [UInt8](count: block.count) { (output) throws(PrimitiveError) in
      var count = block.count
      let result = unsafe block.withPointer { block in
        unsafe EVP_PKEY_encrypt(context, output.assumingMemoryBound(to: UInt8.self), &count, block, count)
      }
      try OpenSSL.check(result)
      guard count == block.count else { throw .libraryFailure }
    }
  }

  /// RSAES-OAEP decryption of 256 bytes, with SHA-1 and an empty label. `authenticationFailed` for all that
  /// may be wrong; OpenSSL takes the same time for each.
  func decryptOAEP(_ ciphertext: Span<UInt8>) throws(PrimitiveError) -> SecretBytes {
    // Making a context takes 3 % of the time of its use. It serves one thread at a time: whoever finds none
    // makes another.
    var context = try takeContext()
    let plaintext = Scratch(count: ciphertext.count)  // OpenSSL wants room for a whole block
    let count = try context.decrypt(ciphertext, into: plaintext)
    keep(context)
    return plaintext.withBytes(0..<count) { SecretBytes(copying: $0) }
  }

  private func takeContext() throws(PrimitiveError) -> OAEPContext {
    if let context = idle.withLock({ $0.take() }) { return context }
    return try unsafe OAEPContext(key: key)
  }

  private func keep(_ context: consuming OAEPContext) {
    var context = Optional(context)
    idle.withLock { $0 = context.take() }
  }
}

/// What OpenSSL decrypts with, of one key.
@safe private struct OAEPContext: ~Copyable, @unchecked Sendable {
  // Sendable: one owner, and every call that changes OpenSSL's state is `mutating`.
  private let context: OpaquePointer

  init(key: OpaquePointer) throws(PrimitiveError) {
    let context = try unsafe OpenSSL.check(EVP_PKEY_CTX_new_from_pkey(nil, key, nil))
    let isReady =
      unsafe EVP_PKEY_decrypt_init(context) == 1
      && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
      && EVP_PKEY_CTX_set_rsa_oaep_md_name(context, "SHA1", nil) == 1
      && EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, "SHA1", nil) == 1
    guard isReady else {
      unsafe EVP_PKEY_CTX_free(context)
      ERR_clear_error()
      throw .libraryFailure
    }
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_PKEY_CTX_free(context)
  }

  /// How many bytes of `plaintext` it wrote.
  mutating func decrypt(
    _ ciphertext: Span<UInt8>, into plaintext: borrowing Scratch
  ) throws(PrimitiveError) -> Int {
    var count = plaintext.count
    let output = unsafe plaintext.start.assumingMemoryBound(to: UInt8.self)
    let result = unsafe ciphertext.withPointer { input in
      unsafe EVP_PKEY_decrypt(context, output, &count, input, ciphertext.count)
    }
    try OpenSSL.check(result, or: .authenticationFailed)
    return count
  }
}

/// The named numbers that OpenSSL makes a key from, in memory that is wiped when the value ends.
@safe private struct KeyParameters: ~Copyable {
  private static var byteCount: Int { 256 }  // of the largest number

  private let numbers = Scratch(count: 8 * byteCount)
  private var list: [OSSL_PARAM] = unsafe []

  mutating func add(_ name: StaticString, _ number: borrowing BigNumber) throws(PrimitiveError) {
    let offset = unsafe list.count * Self.byteCount
    precondition(offset < numbers.count)
    let start = unsafe numbers.start + offset
    let count = Int32(Self.byteCount)
    let result = unsafe BN_bn2nativepad(number.pointer, start.assumingMemoryBound(to: UInt8.self), count)
    guard result == count else {
      ERR_clear_error()
      throw .invalidKey
    }
    unsafe list.append(
      OSSL_PARAM_construct_BN(
        name.cString, start.assumingMemoryBound(to: UInt8.self), Self.byteCount))
  }

  /// Lends the list to `body`.
  func build(
    _ body: (UnsafeMutablePointer<OSSL_PARAM>) throws(PrimitiveError) -> Void
  ) throws(PrimitiveError) {
    var list = unsafe list + [OSSL_PARAM_construct_end()]
    try unsafe list.withUnsafeMutableBufferPointer { (list) throws(PrimitiveError) in
      guard let start = list.baseAddress else { return }
      try unsafe body(start)
    }
  }
}

extension StaticString {
  /// The string for C. It lives as long as the process, which OpenSSL relies on.
  fileprivate var cString: UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
