internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeySuite
internal import EndkeyVectors
internal import Foundation

/// A folder of vector files.
struct VectorFolder {
  let path: String

  /// Names of files that were not there already with the same bytes, and of those that had to go.
  typealias Change = (written: [String], removed: [String])

  /// Writes all files or none, and removes vector files that are not among them.
  ///
  /// Files of other content, or too many, are refused unless `overwriting`. A new folder appears with all of its files
  /// at once; in an existing one each file is written beside its place first, and all are named at the end.
  func write(_ files: [(name: String, bytes: [UInt8])], overwriting: Bool) throws -> Change {
    guard Folder.exists(path) else {
      let folder = try NewFolder(path)
      for file in files { try Self.write(file.bytes, to: file.name, in: folder.temporary) }
      try folder.commit()
      return (files.map(\.name), [])
    }
    var changed: [(name: String, bytes: [UInt8])] = []
    for file in files {
      let place = "\(path)/\(file.name)"
      guard OutputFile.exists(place) else {
        changed.append(file)
        continue
      }
      guard try Descriptor(reading: place).rest() != file.bytes else { continue }
      guard overwriting else {
        throw CommandError(.badInput, place, "exists with other content; --force overwrites it")
      }
      changed.append(file)
    }
    let stale = try stale(besides: Set(files.map(\.name)))
    if !overwriting, let name = stale.first {
      throw CommandError(.badInput, "\(path)/\(name)", "is no longer generated; --force removes it")
    }
    let folder = try NewFolder(path, isReplacing: true)
    for file in changed {
      try Self.write(file.bytes, to: file.name, in: folder.temporary)
      try Self.makeFolder(of: file.name, in: path)
    }
    try folder.moveFiles(changed.map(\.name))
    for name in stale { try OutputFile.remove("\(path)/\(name)") }
    return (changed.map(\.name), stale)
  }

  /// Names of vector files of the folder that are not among `names`. Files of other kinds are not the suite's.
  private func stale(besides generated: Set<String>) throws -> [String] {
    try Self.names(in: path).filter { name in
      guard !generated.contains(name) else { return false }
      let bytes = try Descriptor(reading: "\(path)/\(name)").rest()
      return VectorFile.isOfThisFormat(bytes)
    }
  }

  /// The names of the vector files of a folder: all JSON but the record of kills.
  static func names(in path: String) throws -> [String] {
    try Folder.names(in: path).filter { $0.hasSuffix(".json") && $0 != SuiteRecords.killsName }
  }

  /// The records in a folder, as far as they are there.
  static func records(in path: String) throws -> SuiteRecords {
    func bytes(_ name: String) throws -> [UInt8]? {
      let place = "\(path)/\(name)"
      return OutputFile.exists(place) ? try Descriptor(reading: place).rest() : nil
    }
    do {
      return try SuiteRecords(kills: bytes(SuiteRecords.killsName), attest: bytes(SuiteRecords.attestName))
    } catch let error as SuiteError {
      throw CommandError(.badInput, path, error.description)
    }
  }

  /// The records in the folder of a file.
  static func records(besides file: String) throws -> SuiteRecords {
    try records(in: URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false))
  }

  private static func write(_ bytes: [UInt8], to name: String, in folder: String) throws {
    try makeFolder(of: name, in: folder)
    try OutputFile.write(bytes, to: "\(folder)/\(name)", .refused)
  }

  /// Makes the folder that a name of the form `FOLDER/FILE` asks for.
  private static func makeFolder(of name: String, in folder: String) throws {
    guard let slash = name.lastIndex(of: "/") else { return }
    try Folder.make("\(folder)/\(name[..<slash])")
  }

  /// The vector files, in the order of their names. A folder without any is an error.
  static func files(in places: [String]) throws -> [String] {
    var files: [String] = []
    for place in places {
      guard Folder.exists(place) else {
        files.append(place)
        continue
      }
      let found = try names(in: place)
      guard !found.isEmpty else { throw CommandError(.badInput, place, "no vector file in this folder") }
      files += found.map { "\(place)/\($0)" }
    }
    return files
  }
}
