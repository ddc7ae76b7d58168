internal import Foundation

/// A folder of vector files.
struct VectorFolder {
  let path: String

  /// Writes all files or none, and gives the names of those that were not there already with the same bytes.
  ///
  /// Files of other content are refused unless `overwriting`. A new folder appears with all of its files at once; in
  /// an existing one each file is written beside its place first, and all are named at the end.
  func write(_ files: [(name: String, bytes: [UInt8])], overwriting: Bool) throws -> [String] {
    guard Folder.exists(path) else {
      let folder = try NewFolder(path)
      for file in files { try Self.write(file.bytes, to: file.name, in: folder.temporary) }
      try folder.commit()
      return files.map(\.name)
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
    let folder = try NewFolder(path, isReplacing: true)
    for file in changed {
      try Self.write(file.bytes, to: file.name, in: folder.temporary)
      try Self.makeFolder(of: file.name, in: path)
    }
    try folder.moveFiles(changed.map(\.name))
    return changed.map(\.name)
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
      let found = try Folder.names(in: place).filter { $0.hasSuffix(".json") }
      guard !found.isEmpty else { throw CommandError(.badInput, place, "no .json file in this folder") }
      files += found.map { "\(place)/\($0)" }
    }
    return files
  }
}
