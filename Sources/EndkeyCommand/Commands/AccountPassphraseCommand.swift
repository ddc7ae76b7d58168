internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore

struct AccountPassphraseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Make a passphrase that nobody guesses.",
    discussion: """
      Words of consonants and vowels that can be said and typed on any keyboard, 16 random bits each. It needs no \
      account.
      """)

  @Option(in: 4...16, help: "How many words; 5 are 80 bits.")
  var words = 5
  @Option(
    help: ArgumentHelp(
      "Write it to this new file that only you can read; - is standard output. (default: -)",
      valueName: "file"),
    completion: .file(), transform: Path.file)
  var out = "-"
  @OptionGroup var output: OutputOptions

  func run() throws {
    var random = SystemRandom()
    let seed = try random.secret(2 * words)
    let text = Passphrase.text(of: seed)
    guard output.json, out == "-" else { return try NamedOutput.write(secret: text, to: out) }
    let shown = text.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    try Console.print(["passphrase": .string(shown), "bits": .integer(16 * words)])
  }
}

/// Random bits as words that can be said: consonant, vowel, consonant, vowel, consonant, of 4, 2, 4, 2 and 4 bits.
enum Passphrase {
  static func text(of seed: borrowing SecretBytes) -> SecretBytes {
    let words = seed.count / 2
    return seed.withBytes { seed in
      SecretBytes(count: 6 * words - 1) { text in
        for word in 0..<words {
          if word > 0 { text[6 * word - 1] = UInt8(ascii: "-") }
          let bits = Int(seed[2 * word]) << 8 | Int(seed[2 * word + 1])
          for (place, shift) in [12, 10, 6, 4, 0].enumerated() {
            let isVowel = place % 2 == 1
            text[6 * word + place] = isVowel ? vowels[bits >> shift & 3] : consonants[bits >> shift & 15]
          }
        }
      }
    }
  }

  private static let consonants = Array("bdfghjklmnprstvz".utf8)
  private static let vowels = Array("aiou".utf8)
}
