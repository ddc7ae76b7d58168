/// What bytes must not show that a client chose at random, many times, in the order in which it chose them.
///
/// No source that is random fails by chance: each bound is so far from what is likely that a run in 10^9 is hit.
enum Randomness {
  /// How many samples each byte and bit is counted over.
  private static let countedMinimum = 256

  /// What is wrong with `samples`, which are of one size, 16 bytes or more; nothing if they may be random.
  static func fault(_ samples: [[UInt8]]) -> String? {
    guard let size = samples.first?.count, samples.count > 1 else { return nil }
    if Set(samples).count < samples.count { return "the same bytes are used twice" }
    if repeatsPart(samples) { return "eight bytes are used twice" }
    guard samples.count >= 6 else { return nil }
    let columns = (0..<size).map { place in samples.map { $0[place] } }
    if let place = columns.firstIndex(where: { Set($0).count == 1 }) {
      return "byte \(place) is always the same"
    }
    if repeatsDifference(samples) { return "each is the one before plus the same number, as of a counter" }
    guard samples.count >= countedMinimum else { return nil }
    return columnFault(columns) ?? pairFault(columns) ?? orderFault(samples)
  }

  /// Whether eight bytes at places that are multiples of eight come twice, in one sample or two.
  private static func repeatsPart(_ samples: [[UInt8]]) -> Bool {
    var seen: Set<ArraySlice<UInt8>> = []
    for sample in samples {
      for start in stride(from: 0, through: sample.count - 8, by: 8)
      where !seen.insert(sample[start..<start + 8]).inserted {
        return true
      }
    }
    return false
  }

  /// Whether two neighbours differ by what two others differ by: by bits, or as numbers of either byte order.
  private static func repeatsDifference(_ samples: [[UInt8]]) -> Bool {
    func difference(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> [UInt8] {
      var borrow = 0
      return zip(a, b).map { a, b in
        let value = Int(b) - Int(a) - borrow
        borrow = value < 0 ? 1 : 0
        return UInt8(truncatingIfNeeded: value)
      }
    }
    var seen: [Set<[UInt8]>] = [[], [], []]
    for (a, b) in zip(samples, samples.dropFirst()) {
      let found = [zip(a, b).map { $0 ^ $1 }, difference(a, b), difference(a.reversed(), b.reversed())]
      for (index, one) in found.enumerated() where !seen[index].insert(one).inserted { return true }
    }
    return false
  }

  /// The number of different values that so many random bytes have on average, of which a quarter may be missing.
  private static func least(of count: Int) -> Int {
    var missing = 256.0
    for _ in 0..<count { missing *= 255.0 / 256 }
    return Int((256 - missing) * 3 / 4)
  }

  private static func columnFault(_ columns: [[UInt8]]) -> String? {
    for (place, column) in columns.enumerated() {
      if Set(column).count < least(of: column.count) {
        return "byte \(place) has \(Set(column).count) values in \(column.count) outputs"
      }
      for bit in 0..<8 {
        let ones = column.count { $0 >> bit & 1 == 1 }
        let turns = zip(column, column.dropFirst()).count { ($0 ^ $1) >> bit & 1 == 1 }
        guard isHalf(ones, of: column.count), isHalf(turns, of: column.count - 1) else {
          return
            "bit \(bit) of byte \(place) is 1 in \(ones) of \(column.count) outputs, and changes \(turns) times"
        }
      }
    }
    return nil
  }

  /// Within ten standard deviations.
  private static func isHalf(_ part: Int, of count: Int) -> Bool {
    let distance = 2 * part - count
    return distance * distance <= 100 * count
  }

  /// Two places of which one follows from the other.
  private static func pairFault(_ columns: [[UInt8]]) -> String? {
    let minimum = least(of: columns.first?.count ?? 0)
    for first in columns.indices {
      for second in columns.indices.dropFirst(first + 1) {
        let (one, two) = (columns[first], columns[second])
        var isSeen = [[Bool]](repeating: [Bool](repeating: false, count: 256), count: 2)
        for index in one.indices {
          isSeen[0][Int(one[index] ^ two[index])] = true
          isSeen[1][Int(one[index] &- two[index])] = true
        }
        let values = isSeen.map { $0.count { $0 } }
        if values.contains(where: { $0 < minimum }) { return "byte \(second) follows from byte \(first)" }
      }
    }
    return nil
  }

  /// A clock goes up.
  private static func orderFault(_ samples: [[UInt8]]) -> String? {
    let pairs = Array(zip(samples, samples.dropFirst()))
    let rises = [
      pairs.count { $0.lexicographicallyPrecedes($1) },
      pairs.count { $0.reversed().lexicographicallyPrecedes($1.reversed()) },
    ]
    return rises.allSatisfy { isHalf($0, of: pairs.count) } ? nil : "they go up, or down, as of a clock"
  }
}
