#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Why something that an end keeps could not be read, written, removed or locked.
///
/// It says what happened and at which place; `meaning` adds what to do next where the place alone does not tell.
public enum StoreError: Error, Equatable, Sendable {
  /// What was tried when the system refused it.
  public enum Action: String, Sendable {
    /// Opening a file or folder that is there.
    case open
    /// Reading a file.
    case read
    /// Writing a file, or giving it its name.
    case write
    /// Making a new file.
    case create
    /// Taking the lock of a folder.
    case lock
    /// Removing a file or folder.
    case remove
    /// Reading the names in a folder.
    case list = "read this folder"
    /// Making a folder.
    case makeFolder = "make this folder"
  }

  /// The system refused an action at a place: a full disk, missing rights. `code` is its error number, `errno`.
  case system(Action, place: String, code: Int32)
  /// Nothing stands at a place where something must.
  case missing(place: String)
  /// Something stands at a place already, and is not overwritten.
  case exists(place: String)
  /// What stands at a place is not what was written there.
  case damaged(place: String, reason: String)
  /// What stands at a place is longer than anything that is written there. `limit` is in bytes.
  case tooLong(place: String, limit: Int)
  /// A secret stands at a place where other users of the computer can read it.
  case readableByOthers(place: String)
  /// What stands at a place belongs to another user of the computer: this one must neither read nor write it.
  case foreign(place: String)
  /// Another process has worked at a place for as long as this one was willing to wait, in seconds.
  case busy(place: String, waited: Int)

  /// Whether what stands there is at fault, so that trying again will not help: it is no file, or a bad disk.
  var isOfContents: Bool {
    switch self {
    case .damaged, .tooLong: true
    case .system(_, _, let code): [EIO, EISDIR, ENXIO, ELOOP].contains(code)
    default: false
    }
  }

  /// Whether the disk, or this user's share of it, is full.
  var isOfRoom: Bool {
    guard case .system(_, _, let code) = self else { return false }
    return code == ENOSPC || code == EDQUOT
  }

  /// The file, folder or other place at fault, for a message.
  public var place: String {
    switch self {
    case .system(_, let place, _), .missing(let place), .exists(let place), .damaged(let place, _),
      .tooLong(let place, _), .readableByOthers(let place), .foreign(let place),
      .busy(let place, _):
      place
    }
  }

  /// What happened, and what to do next, in words for a person; without the place.
  public var meaning: String {
    switch self {
    case .system(let action, _, let code): "cannot \(action.rawValue): \(systemText(code))"
    case .missing: "no such folder"
    case .exists: "exists already, and is not overwritten"
    case .damaged(_, let reason): reason
    case .tooLong(_, let limit): "longer than \(limit) bytes"
    case .readableByOthers: "others can read what is secret here: chmod go= makes it yours alone"
    case .foreign: "belongs to another user of this computer: do this as that user"
    case .busy(_, let waited): "another process has worked here for \(waited) s: try again when it is done"
    }
  }
}

extension StoreError: CustomStringConvertible {
  public var description: String { "\(place): \(meaning)" }
}
