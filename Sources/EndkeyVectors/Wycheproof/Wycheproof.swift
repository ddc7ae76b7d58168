internal import EndkeyJSON

/// Runs the test vectors of Project Wycheproof on Endkey's primitives: an independent judge of them.
public enum Wycheproof {
  /// The names by which files call the algorithms that Endkey uses.
  public static var algorithms: [String] { known.flatMap { $0.names } }

  /// Runs every test of one file, in the direction that the file states.
  ///
  /// The file has the layout of `testvectors_v1`, or the one before it. Its unknown keys are ignored, as they
  /// are others' to add. Errors: it is not JSON, lacks something, is of an algorithm that Endkey does not
  /// use, or holds fewer or more tests than it says. A file without tests gives a report of no tests, which
  /// is no success.
  public static func run(_ bytes: [UInt8], name: String) throws(WycheproofError) -> WycheproofReport {
    do {
      return try run(JSONCursor(JSONValue(parsing: bytes)), name: name)
    } catch let error as WycheproofError {
      throw error
    } catch {
      throw WycheproofError(kind: .malformed, file: name, reason: "\(error)")
    }
  }

  private static var known: [any WycheproofAlgorithm.Type] {
    [
      WycheproofSIV.self, WycheproofSIVWithNonce.self, WycheproofKeyWrap.self, WycheproofOAEP.self,
      WycheproofPBKDF2.self, WycheproofHKDF.self, WycheproofGCM.self, WycheproofEd25519.self,
      WycheproofHMAC.self,
    ]
  }

  private static func run(_ document: JSONCursor, name: String) throws -> WycheproofReport {
    var file = try document.fields()
    let algorithm = try file.required("algorithm").string()
    guard let type = known.first(where: { $0.names.contains(algorithm) }) else {
      throw WycheproofError(
        kind: .unknownAlgorithm, file: name,
        reason: "Endkey does not use \"\(algorithm)\". It uses: \(algorithms.joined(separator: ", "))")
    }
    var report = WycheproofReport(name: name, algorithm: algorithm)
    for group in try file.required("testGroups").array() { try run(group, of: type, into: &report) }
    if let stated = try file.optional("numberOfTests")?.integer(as: Int.self), stated != report.total {
      throw WycheproofError(
        kind: .malformed, file: name, reason: "it says it has \(stated) tests, but has \(report.total)")
    }
    return report
  }

  private static func run(
    _ group: JSONCursor, of type: any WycheproofAlgorithm.Type, into report: inout WycheproofReport
  ) throws {
    var fields = try group.fields()
    let tests = try fields.required("tests").array().map { try WycheproofTest($0) }
    do {
      let groupType = try fields.optional("type")?.string() ?? type.groupType
      guard groupType == type.groupType else { throw WycheproofStop.skip("a group of type \(groupType)") }
      let algorithm = try type.init(group: &fields)
      for test in tests { try report.add(test) { test throws in try algorithm.run(&test) } }
    } catch WycheproofStop.skip(let reason) {
      for test in tests { try report.add(test) { _ throws in throw WycheproofStop.skip(reason) } }
    }
  }
}
