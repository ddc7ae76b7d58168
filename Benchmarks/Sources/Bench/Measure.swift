import CPeers

/// Times several ways of doing the same, in turn and in one thread's processor time, so that what else the machine does
/// changes all of them alike.
struct Measurement {
  private var names: [String] = []
  private var bodies: [() throws -> Void] = []

  /// One more way. `body` does the whole work once.
  mutating func add(_ name: String, _ body: @escaping () throws -> Void) {
    names.append(name)
    bodies.append(body)
  }

  /// The median seconds of each way.
  func run(rounds: Int = 15, atLeast seconds: Double = 0.01) throws -> [String: Double] {
    // As many repetitions as make a sample long enough to be timed; the first run warms up.
    var repetitions: [Int] = []
    for body in bodies {
      try body()
      let start = peer_thread_seconds()
      try body()
      repetitions.append(max(1, Int(seconds / max(peer_thread_seconds() - start, 1e-9))))
    }
    var samples = [[Double]](repeating: [], count: bodies.count)
    for _ in 0..<rounds {
      for (index, body) in bodies.enumerated() {
        let start = peer_thread_seconds()
        for _ in 0..<repetitions[index] { try body() }
        samples[index].append((peer_thread_seconds() - start) / Double(repetitions[index]))
      }
    }
    return Dictionary(
      uniqueKeysWithValues: zip(names, samples.map { $0.sorted()[$0.count / 2] }))
  }
}
