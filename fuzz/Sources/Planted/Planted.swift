internal import EndkeyFuzz
public import Harness

// Small parsers and machines, each broken in one way, held against the very properties that ours are. A harness that
// finds nothing proves nothing unless it finds these. `sound-` names the same without the bug: there is no alarm.

extension FuzzTarget {
  static let planted: [FuzzTarget] =
    PlantedToken.Bug.allCases.map { PlantedToken(bug: $0).target("planted-\($0.rawValue)") }
    + [
      PlantedToken(bug: nil).target("sound-token"),
      PlantedBase64(isLenient: true).target("planted-lenient-base64"),
      PlantedBase64(isLenient: false).target("sound-base64"),
      PlantedBech32m(takesMixedCase: true).target("planted-mixed-case"),
      PlantedBech32m(takesMixedCase: false).target("sound-bech32m"),
      PlantedScanner(forgetsCut: true).target("planted-cut-match"),
      PlantedScanner(forgetsCut: false).target("sound-scanner"),
    ]
    + PlantedAgent.Bug.allCases.map { PlantedAgent(bug: $0).target("planted-\($0.rawValue)") }
    + [PlantedAgent(bug: nil).target("sound-agent")]
    + PlantedPerson.Bug.allCases.map { PlantedPerson(bug: $0).target("planted-\($0.rawValue)") }
    + [PlantedPerson(bug: nil).target("sound-person")]
}

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ arguments: Harness.Arguments) -> CInt {
  unsafe Harness.start(FuzzTarget.planted, arguments)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  unsafe Harness.run(start, count)
}
