internal import EndkeyWire

extension FuzzTarget {
  /// Each binary message of §8 and its parts.
  static let messages: [FuzzTarget] =
    rebuildableMessages.map { message($0) }
    + [message(PasswordHeader.self, seeds: [.vectors("password/login", "head")]), inspect]

  /// What is made of the one type, or of none, that headers of a message have.
  private static func form<Message: WireStruct>(of type: Message.Type) -> Inspection.Form? {
    if type == Token.self { return .token }
    let types = MessageType.allCases.filter { $0.message == type }
    guard types.count == 1, type != SpoolHeader.self else { return nil }
    return .message(types[0])
  }

  /// The name of a type in lower case, its words joined by hyphens.
  private static func name<Message: WireStruct>(of type: Message.Type) -> String {
    var name = ""
    for character in "\(type)" {
      if character.isUppercase, !name.isEmpty { name += "-" }
      name += character.lowercased()
    }
    return name
  }

  private static func message<Message: WireStruct & Rebuildable>(
    _ type: Message.Type, seeds: [Seed]? = nil
  ) -> FuzzTarget {
    let form = form(of: type)
    // Its last field is all that remains.
    let prefix: Canonical.Prefix = type == SealedBlob.self ? .mayBeRead : .isRefused
    return FuzzTarget(
      name(of: type),
      "\(type): one encoding, refused when cut or longer, made again of its parts, the dump agrees",
      maxLength: 2048, seeds: seeds ?? [.vectors("wire/\(type)", "message")]
    ) { (input, effort) throws(Violation) in
      let outcome = try Canonical.check(input, effort, prefix: prefix) { (bytes) throws(Violation) in
        let message: Message
        do throws(WireError) {
          message = try Message(parsing: bytes)
        } catch {
          try Faults.check(error, in: bytes)
          return nil
        }
        if bytes.count == input.count { try Canonical.checkRebuilt(message, from: bytes, effort) }
        return message.serialized
      }
      // The dump allocates for each field, so that it is left out of most runs of the fuzzer.
      if let form, effort == .full || input.mixed & 15 == 0 {
        try Faults.compare(Message.self, with: form, on: input)
      }
      return outcome
    }
  }

  /// The dump of any bytes: it never fails, and its fields lie back to back up to where it ends.
  private static var inspect: FuzzTarget {
    FuzzTarget(
      "inspect", "the annotated dump of any bytes: fields in order, without gaps, up to the fault",
      maxLength: 2048,
      seeds: [
        .vectors("wire/RecordBatch", "message"), .vectors("wire/SpoolHeader", "message"),
        .vectors("spool/recover", "segment"), .vectors("wire/RuleSet", "message"),
        .vectors("wire/Token", "message"), .vectors("wire/LocalState", "message"),
      ]
    ) { (input, _) throws(Violation) in
      let inspection = Inspection.inspect(input)
      try Faults.check(inspection, in: input)
      return inspection.error == nil ? .accepted : .refused
    }
  }
}
