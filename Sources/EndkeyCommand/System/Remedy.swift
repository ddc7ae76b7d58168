internal import Endkey
internal import EndkeyStore
internal import Foundation

extension ErrorCode {
  /// What to do next at this command line; nil where the meaning says it. `section` is the one that refused.
  func remedy(_ section: String) -> String? {
    switch self {
    case .truncated: "get the whole of it again"
    case .trailingBytes: "get it again, alone"
    case .badMagic: "see what the file is with `endkey inspect`"
    case .unknownVersion: "use a newer endkey"
    case .unexpectedType: "see what it is with `endkey inspect`, and give the right one"
    case .unknownValue: "use a newer endkey, or get it again from where it came"
    case .valueOutOfRange, .lengthOutOfRange, .notCanonical:
      "`endkey inspect` shows the field; get it again from where it came"
    case .badPrefix: "copy the whole text, from its first character on"
    case .badBase64url, .badBech32m: "copy the whole text again, and nothing else"
    case .iterationsOutOfRange:
      "600000 to 10000000 are allowed; if the service asks for others, do not type the password, and ask who runs it"
    case .badPassword: "take one of 1 to 1024 bytes, without control characters"
    case .badLoginName: "take one of 1 to 255 bytes, without control characters"
    case .accountSecretMismatch: "give it with --account-secret-file, or leave that out"
    case .badKey: "do not use what it came with; whose it is has to begin anew"
    case .badValidity: "see whether the clocks of all devices are right, then `endkey account renew`"
    case .clockWrong:
      "set this computer's clock; if it is right, `endkey account repair` with --clock-is-right begins anew"
    case .valueTooLong: "give a shorter one"
    case .valueNotUTF8: "turn it into UTF-8"
    case .unsafeContext: "read it here, and not in a page"
    case .limitReached: nil
    case .wrongAccount: "see whether folder, service and message belong together"
    case .wrongRecipient:
      "a computer's code is for `endkey agent request`, a manager's for `endkey account person join`"
    case .unknownAgent:
      "`endkey account agents` and `endkey account person list` list who is known and who waits"
    case .certificateInvalid:
      "compare with another device; the owner lists the persons with `endkey account renew`"
    case .signatureInvalid: "do not use it, and ask who runs the service where it came from"
    case .macInvalid: "make a code with `endkey account code`, and ask again with that"
    case .passwordOpenFailed, .personKeysOpenFailed:
      "type it again, and mind the keyboard's language and spaces at the ends; if it was changed on another device, "
        + "type the new one"
    case .grantOpenFailed: "let the owner run `endkey grant` again"
    case .tokenOpenFailed: "copy it again, whole"
    case .blobOpenFailed: "get it from the service again"
    case .vaultOpenFailed: "try again; if it stays so, ask who runs the service for an earlier one"
    case .localStateOpenFailed:
      "a person's device that was restored: `endkey account open --restored`; an agent: enrol it anew"
    case .frameOpenFailed, .badFrame: "`endkey spool recover` shows what is whole; that is sent"
    case .internalError: "try again; if it stays so, report it with the command and `endkey --version`"
    case .notPinned: "`endkey agent request` takes one"
    case .alreadyPinned: "take another folder"
    case .noState: "`endkey agent accept` asks for it"
    case .noGrant: "the owner runs `endkey grant`, then `endkey agent accept` here gets them"
    case .noEpochKey: "open it with the folder of a person or a computer that was there at the time"
    case .stateExpired:
      section.hasPrefix("12")
        ? "compare what `endkey account open` shows with another device, then `endkey account renew --newest` makes "
          + "a new one"
        : "`endkey agent accept` gets a newer one, once a person has run `endkey account open`, or the owner "
          + "`endkey account renew --newest`"
    case .generationRollback, .epochRollback, .counterRollback:
      "ask who runs the service whether it was restored from a backup; if so, `endkey account restore` at a "
        + "person's end gives back what it lost"
    case .epochMismatch: "`endkey agent accept` gets the newest keys; then do it again"
    case .epochFork, .counterFork, .stateFork: "`endkey account repair`"
    case .chainBroken: "get both again; if it stays so, compare digits with another device"
    case .sequenceGap: "audit again later; if it stays so, ask who runs the service where they are"
    case .sequenceRepeat: "nothing counts twice; ask who runs the service why it has two"
    case .sequenceFork: "`endkey account remove`, then a new code for it"
    case .stateWithheld: "compare the digits of `endkey account open` with another device"
    case .stateStale: "see who was removed then; let the computer run `endkey agent accept`"
    case .erasedUnseen: "ask the owner who erased it"
    case .blobMissing:
      section.hasPrefix("16")
        ? "ask who runs the service for it; if its computer has lost it, as `agent send` says there, "
          + "`endkey batch audit --acknowledge` takes note of that"
        : "ask who runs the service for it"
    case .pinMismatch:
      "do not type the password elsewhere; if this device was restored from a copy, `endkey account open --restored`"
    case .headChanged: "if it was, say --password-changed"
    case .codeExpired: "`endkey account code` makes one"
    case .nonceReused: "let the computer ask again with a new code"
    case .approvalRequired:
      section.hasPrefix("10")
        ? "compare its id with the one that the computer shows, then `endkey grant --agent ID --approve`"
        : "compare what `endkey account open` shows with another device, then say --newest"
    case .rootRequired: "at the owner's end, `endkey account renew` lists the persons anew"
    case .unsettled:
      "do it again: what waits is sent first; `endkey account repair` makes up for an act that was lost"
    case .noMasterKey: "do it in the folder of the owner or of a manager who is still in"
    case .revoked: "if it should be in, remove its folder and let it ask again under a new code"
    case .latched: nil
    case .stopped: "remove its folder, and enrol it anew under a new code"
    }
  }
}

extension StoreError {
  /// What to do next; nil where the meaning says it.
  var remedy: String? {
    switch self {
    case .missing: "see whether the path is right"
    case .exists: "take another name, or move away what is there"
    case .tooLong: "see whether it is the right file"
    case .damaged(let place, _):
      switch place.split(separator: "/").last {
      case "config.json":
        "mend it, or take it from a backup: it has \"role\" (owner or agent), \"service\" (an address, or a path from "
          + "the root) and \"login\""
      case "device.key":
        "nothing else opens this folder: take a backup of it, or a person makes another with `endkey account open`, a "
          + "computer is enrolled anew"
      case "health": "`endkey agent run` writes it anew"
      default: nil
      }
    // Whoever knows the command knows what it has done by then.
    case .system where isOfStream: nil
    case .system(_, _, let code): SystemFault(code).remedy
    case .readableByOthers, .foreign, .busy: nil
    }
  }
}

extension StoreError {
  /// Whether what was not written is what the command says.
  var isOfStream: Bool {
    guard case .system(.write, let place, _) = self else { return false }
    return [Descriptor.output.name, Descriptor.error.name].contains(place)
  }
}

/// What keeps a file from being read or written, by what there is to do about it.
enum SystemFault: CaseIterable {
  case wrongPath, noRight, full, readOnly, inUse, broken, away, tooMany, isFolder, nameTooLong, tooLarge,
    other

  /// Of an error number.
  init(_ code: Int32) {
    self =
      switch code {
      case ENOENT, ENOTDIR, ELOOP: .wrongPath
      case EACCES, EPERM: .noRight
      case ENOSPC, EDQUOT: .full
      case EROFS: .readOnly
      case EBUSY, ETXTBSY, ENOTEMPTY, ENOLCK: .inUse
      case EIO, ENXIO: .broken
      case ESTALE, ENODEV, ENOTCONN, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH: .away
      case EMFILE, ENFILE, ENOMEM: .tooMany
      case EISDIR: .isFolder
      case ENAMETOOLONG: .nameTooLong
      case EFBIG: .tooLarge
      default: .other
      }
  }

  /// What to do next; nil where nobody knows.
  var remedy: String? {
    switch self {
    case .wrongPath: "see whether the path is right"
    case .noRight: "see with `ls -ld` whose it is: a command that ran as root leaves files of root's"
    case .full: "make room on the disk, then do it again: nothing is half written"
    case .readOnly: "the disk can only be read: mount it for writing, or take another folder"
    case .inUse:
      "see with `fuser -v` which program has it, or whether a disk is mounted there; then do it again"
    case .broken: "the disk may be failing: copy what is on it, and look into the system's log"
    case .away:
      "a disk or a share of the network is away: see with `mount` whether it is there, then do it again"
    case .tooMany: "this computer has nothing left to work with: end other programs, or raise `ulimit -n`"
    case .isFolder: "give a file, not a folder"
    case .nameTooLong: "take a shorter path"
    case .tooLarge:
      "files may not be so large here: raise `ulimit -f`, then do it again: nothing is half written"
    case .other: nil
    }
  }
}

extension ServiceError {
  /// What to do next; nil where the meaning says it.
  var remedy: String? {
    switch self {
    case .noAccount:
      "see whether the path is right and the disk is there; `endkey account move` and `endkey agent move` are for a "
        + "service that was moved"
    case .noLogin(_, false): "see how it is written, and whether the service is the right one"
    case .noLogin(_, true):
      "the owner runs `endkey account person add` with the id that `account person join` has shown"
    case .superseded, .signInRequired, .refused: nil
    case .unavailable(_, _, _, let cause?): cause.remedy
    case .unavailable: "do it again when the service is there"
    case .uncertain(_, _, let cause): cause?.remedy
    }
  }
}
