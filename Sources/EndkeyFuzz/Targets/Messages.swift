internal import EndkeyWire

extension FuzzTarget {
  /// Each binary message of §8 and its parts.
  static let messages: [FuzzTarget] = [
    message("password-wrap", PasswordWrap.self, .message(.passwordWrap)),
    message("password-header", PasswordHeader.self, seeds: [.vectors("password/login", "head")]),
    message("owner-vault", OwnerVault.self, .message(.ownerVault)),
    message("enrolment-request", EnrolmentRequest.self, .message(.enrolmentRequest)),
    message("grant", Grant.self, .message(.grant)),
    message("private-keys", PrivateKeys.self, .message(.privateKeys)),
    message("account-state", AccountState.self, .message(.accountState)),
    message("sealed-blob", SealedBlob.self, .message(.sealedBlob), prefix: .mayBeRead),
    message("record-batch", RecordBatch.self, .message(.recordBatch)),
    message("rule-set", RuleSet.self, .message(.ruleSet)),
    message("token", Token.self, .token),
    message("local-state", LocalState.self),
    message("spool-header", SpoolHeader.self),
    inspect,
  ]

  private static func message<Message: WireStruct & Rebuildable>(
    _ name: String, _ type: Message.Type, _ form: Inspection.Form? = nil, seeds: [Seed]? = nil,
    prefix: Canonical.Prefix = .isRefused
  ) -> FuzzTarget {
    FuzzTarget(
      name, "\(type): one encoding, refused when cut or longer, made again of its parts, the dump agrees",
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
        if bytes.count == input.count { try message.checkRebuilt() }
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
