internal import EndkeySuite

extension ScenarioFile.Attack {
  /// Section 21.1 of the specification, and where each row is tried.
  static let all = [
    Self(
      attack: "Iterations of 1, 0, 599,999 or 2^31", rule: "R-9.2-1",
      scenarios: ["scenario-owner-parameters"],
      vectors: [
        "password-open-iterations-0", "password-open-iterations-1", "password-open-iterations-599999",
        "password-open-iterations-2-to-31", "password-login-iterations-1",
      ]),
    Self(
      attack: "One salt for many accounts", rule: "R-9.2-1",
      vectors: ["password-open-wrong-login-name-of-another", "password-login-upper-case"]),
    Self(
      attack: "A login key asked for under a salt or parameters of the service's choice", rule: "R-9.4-1",
      scenarios: ["scenario-owner-parameters"],
      vectors: ["password-login-pin-with-another-salt", "password-login-pin-of-another-account"]),
    Self(
      attack: "An agent's key swapped at enrolment", rule: "R-10.2-1",
      scenarios: ["scenario-owner-key-swapped"],
      vectors: ["enrolment-verify-modulus-swapped", "enrolment-verify-keys-swapped-by-the-service"]),
    Self(
      attack: "Its own MasterKey or account planted at an agent", rule: "R-11-1",
      scenarios: ["scenario-agent-master-key-planted"]),
    Self(
      attack: "Old grants, wraps, states and vaults replayed", rule: "R-12.1-1",
      scenarios: [
        "scenario-agent-replay", "scenario-agent-fork", "scenario-owner-old-set", "scenario-owner-old-vault",
        "scenario-owner-mixed-set",
      ]),
    Self(
      attack: "A token moved to another field, account or epoch", rule: "R-14.1-1",
      vectors: [
        "token-open-moved-to-field-1", "token-open-moved-to-epoch-2", "token-open-moved-to-another-account",
      ]),
    Self(
      attack: "A blob cut, chunks swapped or repeated, another blob's header", rule: "R-2.5-3",
      vectors: [
        "sealed-open-last-chunk-dropped", "sealed-open-chunks-swapped", "sealed-open-chunk-repeated",
        "blob-open-another-agent", "blob-open-another-field",
      ]),
    Self(
      attack: "The wrapped key, the private keys or the vault mauled", rule: "R-9.3-1",
      scenarios: ["scenario-owner-mauled"],
      vectors: ["password-open-check-compensating", "private-keys-open-primes-of-another"]),
    Self(
      attack: "An agent used as a decryption oracle", rule: "R-11-3", scenarios: ["scenario-agent-oracle"]),
    Self(
      attack: "A key of one purpose used for another", rule: "R-2.3-1",
      vectors: ["keys-epoch-1", "password-open-wrapped-with-login-key", "private-keys-open-key-of-vault"]),
    Self(
      attack: "\"Encryption is off\", an error page, an unknown version, a corrupt local state",
      rule: "R-13.1-3",
      scenarios: ["scenario-agent-encryption-off", "scenario-agent-state-damaged", "scenario-agent-revoked"]),
    Self(
      attack: "Batches edited, dropped, repeated or reordered", rule: "R-16.2-3",
      vectors: [
        "batch-audit-duration-edited", "batch-audit-dropped", "batch-audit-repeated", "batch-audit-swapped",
        "batch-audit-forked",
      ]),
    Self(
      attack: "An AccountState kept back from the owner", rule: "R-16.2-3",
      vectors: ["batch-audit-state-withheld"]),
    Self(
      attack: "Lengths and frequencies of tokens observed", rule: "",
      untestable: "deterministic encryption shows them to whoever stores the tokens; no client can prevent it"
    ),
    Self(
      attack: "An old set of messages that fit together, given to a fresh device", rule: "",
      untestable: "an end without memory cannot tell it from the newest"),
    Self(
      attack: "The script that is served to the browser changed", rule: "",
      untestable: "no protocol that runs in that script can prevent it"),
  ]
}
