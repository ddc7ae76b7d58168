import CPeers

/// Times several ways of doing the same, in turn and in this thread's processor time, so that what else the machine
/// does changes all of them alike.
struct Measurement {
  private var names: [String] = []
  private var bodies: [() throws -> Void] = []

  /// One more way. `body` does the whole work once.
  mutating func add(_ name: String, _ body: @escaping () throws -> Void) {
    names.append(name)
    bodies.append(body)
  }

  /// The median seconds of each way.
  func run(quick: Bool, rounds: Int = 21, sampleSeconds: Double = 0.02) throws -> [String: Double] {
    // As many repetitions as make a sample long enough to be timed. The first run warms up.
    var repetitions: [Int] = []
    for body in bodies {
      try body()
      let seconds = try Self.time(body)
      repetitions.append(quick ? 1 : max(1, Int(sampleSeconds / max(seconds, 1e-9))))
    }
    var samples = [[Double]](repeating: [], count: bodies.count)
    for _ in 0..<(quick ? 1 : rounds) {
      for (index, body) in bodies.enumerated() {
        let start = peer_thread_seconds()
        for _ in 0..<repetitions[index] { try body() }
        samples[index].append((peer_thread_seconds() - start) / Double(repetitions[index]))
      }
    }
    let medians = samples.map { max($0.sorted()[$0.count / 2], 1e-12) }
    return Dictionary(uniqueKeysWithValues: zip(names, medians))
  }

  /// The seconds that `body` takes once.
  static func time(_ body: () throws -> Void) rethrows -> Double {
    let start = peer_thread_seconds()
    try body()
    return peer_thread_seconds() - start
  }
}
