public import EndkeyFuzz

extension FuzzTarget {
  static let files: [FuzzTarget] = []
  static let primitives: [FuzzTarget] = []
  static let streams: [FuzzTarget] = []
  static let machines: [FuzzTarget] = []
}
