internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  /// `wire/NAME`: samples put together by hand, cut, stretched and bent at every field.
  static let wire: [Family] = WireSample.all.map { sample in
    Family("wire/\(sample.name)", flags: WireSample.flags) { builder in try sample.build(&builder) }
  }
}

/// A valid message as a list of fields, and what makes each wrong.
struct WireSample: Sendable {
  struct Field: Sendable {
    enum Rule: Sendable {
      /// Any bytes are right.
      case opaque
      /// One value.
      case constant(EndkeyCode)
      /// One of these bytes.
      case oneOf([UInt8])
      /// One of these types of message.
      case oneOfTypes([UInt8])
      /// A counter or time: at most 2^53 - 1.
      case counter
      /// Not 0.
      case epoch
      /// Always 0.
      case zeroEpoch
      /// A generation: not 0.
      case generation
      /// The length of the next field: these lengths are wrong. The greatest is right, but the sample has fewer bytes.
      case length(width: Int, wrong: [Int], greatest: Int)
    }

    let name: String
    let bytes: [UInt8]
    let rule: Rule
  }

  /// The format codes that a rule of one value may have.
  enum EndkeyCode: Sendable { case badMagic, unknownVersion, unexpectedType }

  let name: String
  let fields: [Field]
  /// The last field takes all bytes that remain, so that none is surplus.
  var isOpen = false
  /// Vectors that only this message has.
  var more: @Sendable (inout FamilyBuilder, WireSample) throws -> Void = { _, _ in }

  static let flags = [
    VectorFile.Flag(
      "Truncation", bugType: "MISSING_CHECK", effect: "reads beyond the end, or takes a part for the whole",
      refs: ["R-2.2-2"]),
    VectorFile.Flag(
      "Malleability", bugType: "MISSING_CHECK",
      effect: "two encodings of one message: hashes and comparisons differ",
      refs: ["R-2.2-1"]),
    VectorFile.Flag(
      "TypeConfusion", bugType: "MISSING_CHECK",
      effect: "a message made for one purpose is taken for another", refs: ["R-8.1-1"]),
    VectorFile.Flag(
      "Range", bugType: "MISSING_CHECK", effect: "a number that overflows, or that other clients refuse",
      refs: ["R-2.2-6"]),
  ]

  var bytes: [UInt8] { fields.flatMap(\.bytes) }

  func build(_ builder: inout FamilyBuilder) throws {
    let slug = "wire-" + name.lowercased()
    let valid = "\(slug)-valid"
    let whole = bytes
    try builder.accept(
      valid, ["R-8.1-1"], "A valid \(name).", in: .of("message", whole), out: .of("message", whole))
    try builder.reject(
      "\(slug)-empty", ["R-2.2-2"], flags: ["Truncation"], "No byte at all.", in: .of("message", []),
      code: .truncated,
      offset: 0, twin: valid)
    if !isOpen {
      try builder.reject(
        "\(slug)-trailing-byte", ["R-2.2-1"], flags: ["Malleability"], "One byte behind the last field.",
        in: .of("message", whole + [0]), code: .trailingBytes, offset: whole.count, twin: valid)
      try builder.reject(
        "\(slug)-twice", ["R-2.2-1"], flags: ["Malleability"], "The message, and once more behind it.",
        in: .of("message", whole + whole), code: .trailingBytes, offset: whole.count, twin: valid)
    }
    if whole.count <= 64 { try cutEverywhere(whole, slug, valid, &builder) }
    var offset = 0
    for field in fields {
      try bend(field, at: offset, in: whole, slug, valid, &builder)
      offset += field.bytes.count
    }
    try more(&builder, self)
  }

  /// The message cut at every offset at which no field's own vector cuts it.
  private func cutEverywhere(
    _ whole: [UInt8], _ slug: String, _ valid: String, _ builder: inout FamilyBuilder
  ) throws {
    var offset = 0
    for field in fields {
      for cut in 0..<max(field.bytes.count - 1, 0) where offset + cut > 0 {
        try builder.reject(
          "\(slug)-cut-at-\(offset + cut)", ["R-2.2-2"], flags: ["Truncation"],
          "Only the first \(offset + cut) bytes.", in: .of("message", [UInt8](whole[..<(offset + cut)])),
          code: .truncated, offset: offset, twin: valid)
      }
      offset += field.bytes.count
    }
  }

  /// The place of the field `name`.
  func offset(of name: String) -> Int {
    var offset = 0
    for field in fields {
      if field.name == name { return offset }
      offset += field.bytes.count
    }
    preconditionFailure("\(self.name) has no field \(name)")
  }

  /// The sample with other bytes for a field, and with them the length before it.
  func replacing(_ name: String, with bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for (index, field) in fields.enumerated() {
      let isLengthOfIt = index + 1 < fields.count && fields[index + 1].name == name
      if field.name == name {
        result += bytes
      } else if isLengthOfIt, case .length(let width, _, _) = field.rule {
        result += be(bytes.count, width)
      } else {
        result += field.bytes
      }
    }
    return result
  }

  private func bend(
    _ field: Field, at offset: Int, in whole: [UInt8], _ slug: String, _ valid: String,
    _ builder: inout FamilyBuilder
  ) throws {
    let id = "\(slug)-\(field.name)"
    func edited(_ bytes: [UInt8]) -> JSONObject {
      var message = whole
      message.replaceSubrange(offset..<offset + field.bytes.count, with: bytes)
      return .of("message", message)
    }
    if field.bytes.count > 0 {
      try builder.reject(
        "\(id)-cut", ["R-2.2-2"], flags: ["Truncation"], "Ends one byte before the end of \(field.name).",
        in: .of("message", [UInt8](whole[..<(offset + field.bytes.count - 1)])), code: .truncated,
        offset: offset,
        twin: valid)
    }
    /// A wrong field that is the last of what is there: said is what is wrong, not that more is missing.
    func wrongAndCut(_ bytes: [UInt8], _ code: ErrorCode, _ req: String) throws {
      try builder.reject(
        "\(id)-wrong-and-cut-behind", [req, "R-2.2-2"], flags: ["Truncation"],
        "\(field.name) is wrong, and nothing comes behind it.", in: .of("message", whole[..<offset] + bytes),
        code: code, offset: offset, twin: valid)
    }
    switch field.rule {
    case .opaque: break
    case .constant(let code):
      let codes: (ErrorCode, String) =
        switch code {
        case .badMagic: (.badMagic, "R-2.2-7")
        case .unknownVersion: (.unknownVersion, "R-2.2-7")
        case .unexpectedType: (.unexpectedType, "R-8.1-1")
        }
      try wrongAndCut(field.bytes.flipped(0, 0x80), codes.0, codes.1)
    case .oneOf: try wrongAndCut([0xff], .unknownValue, "R-2.2-5")
    case .oneOfTypes: try wrongAndCut([0xff], .unexpectedType, "R-8.1-1")
    case .counter: try wrongAndCut(be(1 << 53, 8), .valueOutOfRange, "R-2.2-6")
    case .epoch, .generation: try wrongAndCut(be(0, 4), .valueOutOfRange, "R-2.2-6")
    case .zeroEpoch: try wrongAndCut(be(1, 4), .valueOutOfRange, "R-8.1-2")
    case .length(let width, let wrong, _):
      if let length = wrong.last { try wrongAndCut(be(length, width), .lengthOutOfRange, "R-2.2-3") }
    }
    switch field.rule {
    case .opaque: break
    case .constant(.badMagic):
      for (index, what) in ["first", "second"].enumerated() {
        var bytes = field.bytes
        bytes[index] ^= 0x20
        try builder.reject(
          "\(id)-\(what)-byte-lower-case", ["R-2.2-7"], flags: ["TypeConfusion"], "The magic in lower case.",
          in: edited(bytes), code: .badMagic, offset: offset, twin: valid)
      }
    case .constant(.unknownVersion):
      for version: UInt8 in [0, 2, 255] {
        try builder.reject(
          "\(id)-\(version)", ["R-2.2-7"], flags: ["TypeConfusion"], "Version \(version).",
          in: edited([version]),
          code: .unknownVersion, offset: offset, twin: valid)
      }
    case .constant(.unexpectedType):
      for type: UInt8 in [0, field.bytes[0] == 13 ? 1 : field.bytes[0] + 1, 14, 255] {
        try builder.reject(
          "\(id)-\(type)", ["R-8.1-1"], flags: ["TypeConfusion"], "Type \(type) in a \(name).",
          in: edited([type]),
          code: .unexpectedType, offset: offset, twin: valid)
      }
    case .oneOfTypes(let types):
      for type in types {
        try builder.accept(
          "\(id)-\(type)", ["R-8.1-1"], "Type \(type).", in: edited([type]), out: edited([type]))
      }
      for type: UInt8 in [0, 10, 13, 14, 255] {
        try builder.reject(
          "\(id)-\(type)", ["R-8.1-1"], flags: ["TypeConfusion"], "Type \(type) in a \(name).",
          in: edited([type]),
          code: .unexpectedType, offset: offset, twin: valid)
      }
    case .oneOf(let values):
      var wrong: Set<UInt8> = [0, 255]
      for value in values { wrong.formUnion([value &+ 1, value &- 1]) }
      for value in wrong.subtracting(values).sorted() {
        try builder.reject(
          "\(id)-\(value)", ["R-2.2-5"], flags: ["Range"], "\(field.name) \(value), which is none.",
          in: edited([value]),
          code: .unknownValue, offset: offset, twin: valid)
      }
    case .counter:
      try builder.accept(
        "\(id)-greatest", ["R-2.2-6"], flags: ["Range"], "2^53 - 1.", in: edited(be(1 << 53 - 1, 8)),
        out: edited(be(1 << 53 - 1, 8)))
      for (value, what): (UInt64, String) in [(1 << 53, "2-to-53"), (1 << 63, "2-to-63"), (.max, "all-ones")]
      {
        try builder.reject(
          "\(id)-\(what)", ["R-2.2-6"], flags: ["Range"], "Above 2^53 - 1.", in: edited(be(value, 8)),
          code: .valueOutOfRange,
          offset: offset, twin: valid)
      }
    case .epoch:
      try builder.accept(
        "\(id)-greatest", ["R-8.1-2"], flags: ["Range"], "The greatest epoch.",
        in: edited(be(0xffff_ffff, 4)),
        out: edited(be(0xffff_ffff, 4)))
      try builder.reject(
        "\(id)-0", ["R-8.1-2"], flags: ["Range"], "Epoch 0.", in: edited(be(0, 4)), code: .valueOutOfRange,
        offset: offset,
        twin: valid)
    case .generation:
      try builder.accept(
        "\(id)-greatest", ["R-2.2-6"], flags: ["Range"], "The greatest generation.",
        in: edited(be(0xffff_ffff, 4)), out: edited(be(0xffff_ffff, 4)))
      try builder.reject(
        "\(id)-0", ["R-2.2-6"], flags: ["Range"], "Generation 0.", in: edited(be(0, 4)),
        code: .valueOutOfRange, offset: offset, twin: valid)
    case .zeroEpoch:
      for epoch: UInt64 in [1, 0xffff_ffff] {
        try builder.reject(
          "\(id)-\(epoch)", ["R-8.1-2"], flags: ["Range"], "An epoch where there is none.",
          in: edited(be(epoch, 4)),
          code: .valueOutOfRange, offset: offset, twin: valid)
      }
    case .length(let width, let wrong, let greatest):
      try builder.reject(
        "\(id)-\(greatest)", ["R-2.2-3"], flags: ["Truncation"], "The greatest length, and fewer bytes.",
        in: edited(be(greatest, width)), code: .truncated, offset: offset + width, twin: valid)
      for length in wrong {
        try builder.reject(
          "\(id)-\(length)", ["R-2.2-3"], flags: ["Range"], "A length that the vector cannot have.",
          in: edited(be(length, width)), code: .lengthOutOfRange, offset: offset, twin: valid)
      }
    }
  }
}
