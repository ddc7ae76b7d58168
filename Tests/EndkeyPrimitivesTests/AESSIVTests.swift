import TestPrimitives
import Testing

@testable import EndkeyPrimitives

@Suite("AES-SIV") struct AESSIVTests {
  static let key = Array(UInt8(0)..<64)

  static func siv(_ key: [UInt8] = key) throws(PrimitiveError) -> AESSIV {
    try AESSIV(key: SecretBytes(copying: key))
  }

  struct Vector: Sendable {
    let key, data, plaintext, v, ciphertext: String
  }

  /// A sample of Wycheproof's vectors for keys of 512 bits: empty, one byte, whole blocks, a rest.
  static let vectors = [
    Vector(
      key: """
        bc7635c1fd566aa8357fd103714bfaee1c9e5b3c578b3980401a981030254a54b1756a8c96e600b7252fd0aab12f39d1
        15d256b3f3e7c2c41a7fece72ba7c3c4
        """, data: "", plaintext: "", v: "44b1c6fe8a8c07dee5377b161f283c31", ciphertext: ""),
    Vector(
      key: """
        aff6388fdd2908e0c3b610e3dcd410c8146a268d6befd5c45ffdd23508b5b311cc3a9d8f838f456436b289018682151d
        d57d8d65d1a823c06eca8ab8ee01da01
        """, data: "d0bb2949a411e22d32964526", plaintext: "", v: "e288d802a0e56ed7544a2e5775459389",
      ciphertext: ""),
    Vector(
      key: """
        e2c5662bb18fbb411d0304e4241db073fe60a4704fee290073513038a22b4cd542580b2b4edbc37e3de01c0cb61abcad
        46986cdc491ce9e5ae5af223ff58b953
        """, data: "fab912dec29a34aabfaef176", plaintext: "0d", v: "1c6969ecb15741a9959b7a8492250e39",
      ciphertext: "1a"),
    Vector(
      key: """
        c25cafc6018b98dfbb79a40ec89c575a4f88c4116489bba27707479800c0130235334a45dbe8d8dae3da8dcb45bbe5dc
        e031b0f68ded544fda7eca30d6749442
        """, data: "deeb0ccf3aef47a296ed1ca8f4ae5907", plaintext: "beec61030fa3d670337196beade6aeaa",
      v: "5865208eab9163db85cab9f96d846234", ciphertext: "a2626aae22f5c17c9aad4b501f4416e4"),
    Vector(
      key: """
        139383f3f82dc78e0b380027f9e5fcd2ed23716404be5c554452e4dc73d237026594491820c6b8297185cc1fa84f49a5
        c7d7cd05c5de090ff1c3397bc2740437
        """, data: "d39da73ffc03ad0a9213ffc7", plaintext: "48604944a80fadf50d55b87727934458c8",
      v: "a9cf73951cb39823777f35c96c845169", ciphertext: "476e2ec2317cb6b8dd8b6172fdceabff9d"),
  ]

  @Test("public vectors for keys of 512 bits seal and open", arguments: vectors)
  func published(_ vector: Vector) throws {
    var siv = try Self.siv(hex(vector.key))
    let sealed = try siv.seal(hex(vector.plaintext), associatedData: [hex(vector.data)])
    #expect(sealed.v == hex(vector.v))
    #expect(sealed.ciphertext == hex(vector.ciphertext))
    let opened = try siv.open(
      v: hex(vector.v), ciphertext: hex(vector.ciphertext), associatedData: [hex(vector.data)])
    #expect(opened == hex(vector.plaintext))
  }

  struct Digested: Sendable {
    let count: Int
    let data: [[UInt8]]
    let hash: String
    init(_ count: Int, _ data: [String], _ hash: String) {
      (self.count, self.data, self.hash) = (count, data.map { Array($0.utf8) }, hash)
    }
  }

  /// Lengths around blocks and around the buffer of CMAC; the hash is of V and the ciphertext, made by an
  /// independent implementation.
  static let lengths = [
    Digested(1, [], "20b2bc818a2a748f065aac38909620a8177e3cf4b721d6ebd7d6c3113fde5655"),
    Digested(15, [""], "3c970ccb72e0890f80681e357f69b6d5e2bae434d56cb9a455177afc5552fdf4"),
    Digested(16, ["a"], "71be108ee0a49a01f0a47c5aa569f49c9d9f4e371aed4ae9b09b2c842af847a4"),
    Digested(
      17, ["ab", "", String(repeating: "c", count: 33)],
      "5d060afcbf49014bdf45c70d8443b79e9ee9fc3439e0e8aeaa1183384b764311"),
    Digested(
      31, [String(repeating: "x", count: 16)],
      "e43b645d4b1de1ba4f605bd27036dabfc5d1e184fa98e5a48cf91fb1c5a74853"),
    Digested(
      32, [String(repeating: "x", count: 17)],
      "5b07f3f74ad2513d8f3896795539fb9f189e37d14a47ff12c9403ae1863a59cd"),
    Digested(48, ["q", "w"], "5b67a196739a447569a959177df642b7cba29876f40bf3be0b7934317023e205"),
    Digested(1024, ["ad"], "6a928511ff809f2bbabb5ea3585fca110b98a8e415e409dd55e27ca3d29d6d72"),
    Digested(1040, ["ad"], "f13e74d4d93d4b295ac79874e574d46db99f62a2b9a4126c5fac20eac2cb95b7"),
    Digested(1041, ["ad"], "b6623ade9176e6e8e9aed8a99cea0e34b15650e3c8fd75bf67262c43c3bc79a6"),
    Digested(
      5000, [String(repeating: "z", count: 100)],
      "f95e284e0186f84bee3ec6b4da92853aa71acb1d066849733ae1fa6c69f6a334"),
  ]

  @Test("an independent implementation agrees at every kind of length", arguments: lengths)
  func agrees(_ vector: Digested) throws {
    var siv = try Self.siv()
    let (v, ciphertext) = try siv.seal(pattern(vector.count), associatedData: vector.data)
    #expect(SHA256.hash(v + ciphertext) == hex(vector.hash))
    #expect(try siv.open(v: v, ciphertext: ciphertext, associatedData: vector.data) == pattern(vector.count))
  }

  /// V of the empty plaintext, composed independently from AES.
  static let emptyPlaintexts: [([String], String)] = [
    ([], "d4fc53b9c44c2aeea87bfb8c983b136c"),
    ([""], "6ff5b8ef53fc365606cd3ea047374885"),
    (["", ""], "de37bc4ba1d9d3dec5c042db92109a14"),
    (["a", "b"], "de7add59b5ba7770457336ab87de3d1b"),
    (["ab"], "b94e61cc48204f02e69007c0e6eae108"),
  ]

  @Test("no element, an empty one, two, and one joined of two are different", arguments: emptyPlaintexts)
  func emptyPlaintext(_ data: [String], _ v: String) throws {
    var siv = try Self.siv()
    let data = data.map { Array($0.utf8) }
    let sealed = try siv.seal([], associatedData: data)
    #expect(sealed.v == hex(v))
    #expect(sealed.ciphertext == [])
    #expect(try siv.open(v: sealed.v, ciphertext: [], associatedData: data) == [])
    for index in sealed.v.indices {
      let error = failure { () throws(PrimitiveError) in
        try siv.open(v: sealed.v.flipping(index), ciphertext: [], associatedData: data)
      }
      #expect(error == .authenticationFailed)
    }
  }

  /// Plaintexts of three blocks whose last was solved for, so that V is what makes the counter carry.
  static let carries = [
    (
      v: "ffffffffffffffffffffffff7fffffff", last: "d8e7957be7ec1eb97d4b5170055ced64",
      end: "09804abf1d65ad53a53becb860f2d3aa"
    ),
    (
      v: "ffffffffffffffffffffffffffffffff", last: "55fed33f58bc1bd02f4e980bd30007bc",
      end: "84990cfba235a83af73e25c3b6ae3972"
    ),
  ]

  @Test("the counter carries beyond bit 31, and bits 31 and 63 of V are cleared first", arguments: carries)
  func carry(_ vector: (v: String, last: String, end: String)) throws {
    var siv = try Self.siv()
    let data = [[UInt8](repeating: 0xad, count: 16)]
    let plaintext = Array(0x30..<0x50) + hex(vector.last)
    let sealed = try siv.seal(plaintext, associatedData: data)
    #expect(sealed.v == hex(vector.v))
    let start = "7fd5946dbcb177388368ca43181b5065520ae6992f2e60b53f833e1bc8bae721"
    // The first two blocks are the same for both: the two V differ only in bits that are cleared.
    #expect(sealed.ciphertext == hex(start + vector.end))
    #expect(try siv.open(v: sealed.v, ciphertext: sealed.ciphertext, associatedData: data) == plaintext)
  }

  @Test("the counter is 128 bits wide: after all ones come all zeros")
  func counterWidth() throws {
    let key = pattern(32)
    let counters: [Block] = [
      Block(high: .max, low: .max), Block(high: 0, low: 0), Block(high: 0, low: 1),
    ]
    var keystream = try Keystream(key: key.span)
    var stream = [UInt8](repeating: 0, count: 48)
    var bytes = stream.mutableSpan
    try keystream.combine(&bytes, 0..<48, from: counters[0])
    var ecb = try CipherContext(.aes256ECB, key: key.span, .encrypt)
    var expected: [UInt8] = []
    for counter in counters {
      var block = counter
      try ecb.transform(&block)
      expected += block.bytes
    }
    #expect(stream == expected)
  }

  @Test("a flipped bit of V or of the ciphertext, and every cut, is refused")
  func tampered() throws {
    var siv = try Self.siv()
    let data = [Array("data".utf8)]
    let (v, ciphertext) = try siv.seal(pattern(35), associatedData: data)
    for index in v.indices {
      let error = failure { () throws(PrimitiveError) in
        try siv.open(v: v.flipping(index, bit: 0x80), ciphertext: ciphertext, associatedData: data)
      }
      #expect(error == .authenticationFailed)
    }
    for index in ciphertext.indices {
      let error = failure { () throws(PrimitiveError) in
        try siv.open(v: v, ciphertext: ciphertext.flipping(index), associatedData: data)
      }
      #expect(error == .authenticationFailed)
      let cut = failure { () throws(PrimitiveError) in
        try siv.open(v: v, ciphertext: Array(ciphertext.prefix(index)), associatedData: data)
      }
      #expect(cut == .authenticationFailed)
    }
    for wrong in [[], Array(v.prefix(15)), v + [0]] {
      let error = failure { () throws(PrimitiveError) in
        try siv.open(v: wrong, ciphertext: ciphertext, associatedData: data)
      }
      #expect(error == .authenticationFailed)
    }
    #expect(try siv.open(v: v, ciphertext: ciphertext, associatedData: data) == pattern(35))
  }

  @Test("other associated data, other keys and swapped halves of the key are refused")
  func wrongKeys() throws {
    var siv = try Self.siv()
    let data = [Array("data".utf8)]
    let (v, ciphertext) = try siv.seal(pattern(35), associatedData: data)
    for other in [[], [[]], [Array("datb".utf8)], data + [[]], [Array("da".utf8), Array("ta".utf8)]] {
      let error = failure { () throws(PrimitiveError) in
        try siv.open(v: v, ciphertext: ciphertext, associatedData: other)
      }
      #expect(error == .authenticationFailed)
    }
    for key in [Self.key.flipping(0), Self.key.flipping(63), Array(Self.key[32...] + Self.key[..<32])] {
      let error = failure { () throws(PrimitiveError) in
        var siv = try Self.siv(key)
        return try siv.open(v: v, ciphertext: ciphertext, associatedData: data)
      }
      #expect(error == .authenticationFailed)
    }
  }

  @Test("a value that is kept answers like a new one, whatever came before")
  func reuse() throws {
    var kept = try Self.siv()
    var random = DeterministicRandom("siv")
    for round in 0..<200 {
      let plaintext = random.bytes(Int(random.bytes(1)[0]) * (round % 4 == 3 ? 9 : 1))
      let data = round % 3 == 0 ? [[UInt8(round)], [1]] : [[7]]
      var fresh = try Self.siv()
      let expected = try fresh.seal(plaintext, associatedData: data)
      let sealed = try kept.seal(plaintext, associatedData: data)
      #expect(sealed.v == expected.v && sealed.ciphertext == expected.ciphertext)
      if round % 5 == 0 {
        let error = failure { () throws(PrimitiveError) in
          try kept.open(v: sealed.v.flipping(3), ciphertext: sealed.ciphertext, associatedData: data)
        }
        #expect(error == .authenticationFailed)
      }
      #expect(try kept.open(v: sealed.v, ciphertext: sealed.ciphertext, associatedData: data) == plaintext)
    }
  }

  @Test("126 elements are taken, 127 are an error that leaves the value usable")
  func manyElements() throws {
    var siv = try Self.siv()
    let most = [[UInt8]](repeating: [1], count: 126)
    let (v, ciphertext) = try siv.seal([1], associatedData: most)
    let error = failure { () throws(PrimitiveError) in _ = try siv.seal([1], associatedData: most + [[1]]) }
    #expect(error == .invalidLength)
    #expect(try siv.open(v: v, ciphertext: ciphertext, associatedData: most) == [1])
  }

  @Test("a key that does not have 64 bytes is refused", arguments: [0, 32, 48, 63, 65, 128])
  func keySizes(_ count: Int) {
    #expect(failure { () throws(PrimitiveError) in try Self.siv(pattern(count)) } == .invalidKey)
  }
}
