#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The process that holds the lock of a folder or file.
public struct LockHolder: Equatable, Sendable {
  /// The number of the process.
  public let processID: Int32
  /// The words that it was started with, as far as this user may see them; empty otherwise.
  public let command: [String]

  /// Who holds the lock of a folder or file, where the system tells: Linux does.
  package static func current(of path: String) -> LockHolder? {
    do throws(StoreError) {
      let file = try Descriptor(opening: path, O_RDONLY, .open)
      let identity = try file.identity()
      let locks = try Descriptor(reading: "/proc/locks").rest(limit: 1 << 24)
      for line in String(decoding: locks, as: UTF8.self).split(separator: "\n") {
        // Number, kind, how strict, of what kind, process, place. Who waits has an arrow behind the number.
        let words = line.split(separator: " ")
        guard words.count >= 6, words[1] == "FLOCK", words[5].split(separator: ":").last == "\(identity)",
          let processID = Int32(words[4]), processID > 0
        else { continue }
        return LockHolder(processID: processID, command: command(of: processID))
      }
      return nil
    } catch {
      return nil
    }
  }

  private static func command(of processID: Int32) -> [String] {
    do throws(StoreError) {
      let words = try Descriptor(reading: "/proc/\(processID)/cmdline").rest(limit: 1 << 22)
      return words.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    } catch {
      return []
    }
  }
}
