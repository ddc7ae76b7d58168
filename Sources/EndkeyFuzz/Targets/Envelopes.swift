internal import EndkeyWire

extension FuzzTarget {
  /// What is sent and answered as one over HTTP: section 6 of `spec/http.md`.
  static let envelopes: [FuzzTarget] = [
    envelope("publication-envelope", seeds: "publication_envelopes") {
      (read: PublicationEnvelope) throws(WireError) in
      let admissions = read.admissions.map {
        Admission(credential: $0.credential, role: $0.role, uses: $0.uses, expires: $0.expires)
      }
      return PublicationEnvelope(
        expected: read.expected, vault: read.vault, state: read.state, ruleSet: read.ruleSet,
        keys: read.keys.map {
          KeysAndLogin(
            keys: $0.keys, loginID: $0.loginID, loginVerifier: $0.loginVerifier,
            recoveryVerifier: $0.recoveryVerifier)
        }, wrap: read.wrap, masters: read.masters, admissions: try BoundedList(admissions))
    },
    envelope("whole-envelope", seeds: "whole_envelopes") { (read: WholeEnvelope) throws(WireError) in
      WholeEnvelope(
        keys: read.keys, state: read.state, wrap: read.wrap, grant: read.grant, vault: read.vault,
        ruleSet: read.ruleSet)
    },
  ]

  /// `remade` makes what was read again, of its own fields.
  private static func envelope<Envelope: WireStruct>(
    _ name: String, seeds: String, remade: @escaping @Sendable (Envelope) throws(WireError) -> Envelope
  ) -> FuzzTarget {
    FuzzTarget(
      name, "\(Envelope.self): one encoding, refused when cut or longer, made again of its parts",
      maxLength: 4096, seeds: [.made(seeds)]
    ) { (input, effort) throws(Violation) in
      try Canonical.check(input, effort, prefix: .isRefused) { (bytes) throws(Violation) in
        do throws(WireError) {
          return try remade(Envelope(parsing: bytes)).serialized
        } catch {
          try Faults.check(error, in: bytes)
          return nil
        }
      }
    }
  }
}
