/// Values drawn from the seed of a run: the same for one seed and one purpose, whatever else was drawn before.
struct Drawing {
  private var random: SeededRandom

  init(seed: UInt64, for purpose: String) {
    var state = seed
    for byte in purpose.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    random = SeededRandom(seed: state)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  /// True once in `count` times.
  mutating func isOne(in count: Int) -> Bool { number(1...count) == 1 }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  mutating func bytes(_ counts: ClosedRange<Int>) -> [UInt8] { bytes(number(counts)) }

  /// Bytes of printable ASCII.
  mutating func text(_ counts: ClosedRange<Int>) -> [UInt8] {
    (0..<number(counts)).map { _ in UInt8(number(0x20...0x7e)) }
  }

  /// An element of a collection that is not empty.
  mutating func element<Elements: RandomAccessCollection>(of elements: Elements) -> Elements.Element {
    elements[elements.index(elements.startIndex, offsetBy: number(0...(elements.count - 1)))]
  }

  /// At most `count` elements, in a drawn order.
  mutating func sample<Element>(_ count: Int, of elements: [Element]) -> [Element] {
    Array(shuffled(elements).prefix(count))
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { elements.shuffled(using: &random) }

  /// A length: each border of blocks and a little around it is as likely as all others together.
  mutating func length(to maximum: Int = 300) -> Int {
    let borders = [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65].filter { $0 <= maximum }
    return isOne(in: 2) ? element(of: borders) : number(0...maximum)
  }

  /// A number of a range: its ends and the powers of two are as likely as all others together.
  mutating func edge(_ range: ClosedRange<Int>) -> Int {
    guard isOne(in: 2) else { return number(range) }
    let power = 1 << number(0...53)
    let near = [range.lowerBound, range.upperBound, power - 1, power, power + 1].filter(range.contains)
    return element(of: near)
  }

  /// The same bytes but for one bit; no bytes stay none.
  mutating func flipped(_ bytes: [UInt8], in range: Range<Int>? = nil) -> [UInt8] {
    var bytes = bytes
    let range = range ?? bytes.indices
    guard !range.isEmpty else { return bytes }
    bytes[element(of: range)] ^= 1 << UInt8(number(0...7))
    return bytes
  }
}

extension Examination {
  /// What a check of this name draws.
  func drawing(_ purpose: String) -> Drawing { Drawing(seed: options.seed, for: purpose) }
}
