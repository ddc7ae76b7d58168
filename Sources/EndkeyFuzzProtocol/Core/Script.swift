internal import EndkeyFuzz

/// An input read as a list of choices: whatever the bytes are, they say something. At the end, all is zero.
///
/// Structure-aware targets build a valid thing from it, break it in chosen ways, and know what must come of it.
struct Script {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: Span<UInt8>) { self.bytes = bytes.array }

  var isAtEnd: Bool { offset >= bytes.count }

  mutating func byte() -> UInt8 {
    guard offset < bytes.count else { return 0 }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// A number below `bound`, or 0 if there is none.
  mutating func below(_ bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    var value = Int(byte())
    if bound > 256 { value = value << 8 | Int(byte()) }
    return value % bound
  }

  mutating func one<Element>(of choices: [Element]) -> Element { choices[below(choices.count)] }

  /// At most `count` of the bytes that follow.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var taken: [UInt8] = []
    while taken.count < count, !isAtEnd { taken.append(byte()) }
    return taken
  }

  /// A length, then as many bytes.
  mutating func string(atMost bound: Int) -> [UInt8] { bytes(below(bound + 1)) }

  /// The same bytes, or the same with an edit: bits flipped, bytes cut, removed, doubled or put in.
  mutating func edited(_ original: [UInt8]) -> [UInt8] {
    var result = original
    for _ in 0..<below(4) { edit(&result) }
    return result
  }

  private mutating func edit(_ bytes: inout [UInt8]) {
    let place = below(max(1, bytes.count))
    switch below(6) {
    case 0 where !bytes.isEmpty: bytes[place] ^= max(1, byte())
    case 1: bytes.removeLast(min(bytes.count, below(64) + 1))
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + below(64) + 1))
    case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + below(64) + 1)], at: place)
    case 4: bytes.insert(contentsOf: string(atMost: 16), at: place)
    default: bytes.append(byte())
    }
  }
}

/// Steps that take as long as a thousand others: checking primes, stretching passwords. Most inputs may take none, so
/// that the fuzzer does not spend its time on them.
enum SlowSteps {
  /// How many the input that starts here may take.
  static func allowed(_ script: inout Script) -> Int {
    switch script.byte() {
    case 0xf0...0xf7: 1
    case 0xf8...: 2
    default: 0
    }
  }
}
