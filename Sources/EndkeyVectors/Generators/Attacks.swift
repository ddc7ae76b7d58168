internal import EndkeySuite

extension ScenarioFile.Attack {
  /// The seventeen attacks that the design was held against, in the order of `spec/rationale.md`. A scenario whose
  /// id has `attack-N-` tries the one of that number.
  static func numbered(_ scenarios: [Scenario]) -> [Self] {
    seventeen.enumerated().map { index, attack in
      Self(
        attack: "\(index + 1): \(attack.name)", rule: attack.rule,
        scenarios: scenarios.map(\.id).filter { $0.contains("-attack-\(index + 1)-") },
        untestable: attack.untestable)
    }
  }

  private static let seventeen: [(name: String, rule: String, untestable: String?)] = [
    ("one epoch is used by two rotations", "R-11-10", nil),
    ("the newest state is withheld from an agent whose clock is held back", "R-13.5-1", nil),
    (
      "a page, table or report is made so that opened values leave", "R-18.2-1",
      "no operation draws a page or writes a table; the tests of the page and of the command line do"
    ),
    ("a report has names swapped, rows twice, agents left out, a tail dropped", "R-16.2-1", nil),
    ("batches of a removed member are dated back", "R-16.2-4", nil),
    ("old and new messages are mixed", "R-12.5-5", nil),
    ("two tokens have one V", "R-16.2-7", nil),
    ("two ends are led along two lines", "R-12.7-4", nil),
    ("one code is used by two computers, of which one is removed", "R-12.3-2", nil),
    ("a removed manager signs on, and the service helps", "R-12.1-6", nil),
    ("a picture is swapped or deleted", "R-2.5-3", nil),
    ("a weaker password is asked for", "R-12.7-2", nil),
    ("the pins of a device are deleted", "R-13.2-2", nil),
    ("a foreign file lies at the next batch's place; a computer is cloned", "R-16.2-5", nil),
    (
      "controls and escapes in a title are shown at a terminal", "R-18.2-4",
      "no operation writes to a terminal; the tests of the command line do"
    ),
    ("messages of great lengths, and long lists in a vault", "R-8.4-2", nil),
    ("epoch and counter are driven to their last numbers", "R-12.9-1", nil),
  ]

  /// What a malicious service may try besides.
  static let others = [
    Self(
      attack: "Iterations of 1, 0, 599,999 or 2^31", rule: "R-9.2-1",
      scenarios: ["scenario-owner-attack-12-weaker-password"]),
    Self(
      attack: "A login key asked for under a salt or parameters of the service's choice", rule: "R-12.7-2",
      scenarios: ["scenario-owner-attack-12-weaker-password"]),
    Self(
      attack: "An agent's key swapped at enrolment", rule: "R-10.2-1",
      scenarios: ["scenario-owner-key-swapped"],
      vectors: ["enrolment-verify-modulus-swapped", "enrolment-verify-keys-swapped-by-the-service"]),
    Self(
      attack: "Its own MasterKey or account planted at an agent", rule: "R-11-1",
      scenarios: ["scenario-agent-master-key-planted"]),
    Self(
      attack: "Old grants and states replayed to an agent", rule: "R-12.1-1",
      scenarios: ["scenario-agent-replay", "scenario-agent-fork"]),
    Self(
      attack: "A token moved to another field, account or epoch", rule: "R-14.1-1",
      vectors: [
        "token-open-moved-to-field-1", "token-open-moved-to-epoch-2", "token-open-moved-to-another-account",
      ]),
    Self(
      attack: "An agent used as a decryption oracle", rule: "R-11-3", scenarios: ["scenario-agent-oracle"]),
    Self(
      attack: "A key or message of one purpose used for another", rule: "R-2.3-1",
      scenarios: ["scenario-agent-property-6-another-purpose"], vectors: ["keys-epoch-1"]),
    Self(
      attack: "\"Encryption is off\", an error page, an unknown version, a corrupt local state",
      rule: "R-13.1-3",
      scenarios: ["scenario-agent-property-5-encryption-off", "scenario-agent-state-damaged"]),
    Self(
      attack: "A root act held back until another one was made", rule: "R-12.9-2",
      scenarios: ["scenario-owner-root-act-lost"]),
    Self(
      attack: "Lengths and frequencies of tokens observed", rule: "",
      untestable: "deterministic encryption shows them to whoever stores the tokens; no client can prevent it"
    ),
    Self(
      attack: "The script that is served to the browser changed", rule: "",
      untestable: "no protocol that runs in that script can prevent it"),
  ]
}
