import Endkey

/// Repeatable numbers (SplitMix64).
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// Values as a computer's activity has them: names of applications of 8 to 15 bytes, titles of 20 to 80, URLs of 30 to
/// 150. Every eighth title holds letters outside ASCII.
enum Corpus {
  static func values(_ count: Int, seed: UInt64 = 1) -> [String] {
    var numbers = Numbers(seed: seed)
    let letters = Array("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./")
    func text(_ length: ClosedRange<Int>) -> String {
      String(
        (0..<Int.random(in: length, using: &numbers)).map { _ in letters.randomElement(using: &numbers) ?? " "
        })
    }
    return (0..<count).map { index in
      switch index % 3 {
      case 0: text(8...15)
      case 1: index % 8 == 1 ? "Übersicht – " + text(6...66) : text(20...80)
      default: "https://" + text(22...142)
      }
    }
  }
}
