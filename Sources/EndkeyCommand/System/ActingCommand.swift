internal import ArgumentParser
internal import EndkeyStore
internal import Foundation

/// A command that changes something beyond what it says.
protocol ActingCommand: ParsableCommand {
  /// What shows, or brings back, what was done when the command could not say it.
  static var shownBy: String { get }
}

extension AgentCaptureCommand: ActingCommand {
  static let shownBy = "see `endkey agent status`; with --key giving it again counts nothing twice"
}
extension AgentRecordCommand: ActingCommand {
  static let shownBy = "see `endkey agent status`; with --key giving it again counts nothing twice"
}
extension AgentSendCommand: ActingCommand { static let shownBy = "see `endkey agent status`" }
extension AgentRunCommand: ActingCommand { static let shownBy = "see `endkey agent run --status`" }
extension AgentRequestCommand: ActingCommand {
  static let shownBy = "see `endkey agent status`; the same without a code sends the same request again"
}
extension AgentAcceptCommand: ActingCommand { static let shownBy = "see `endkey agent status`" }
extension AgentMoveCommand: ActingCommand { static let shownBy = "see `service` in its config.json" }
extension AccountMoveCommand: ActingCommand { static let shownBy = "see `service` in its config.json" }
extension AccountRestoreCommand: ActingCommand { static let shownBy = "see `endkey account open`" }
extension AccountCreateCommand: ActingCommand {
  static let shownBy = "see `endkey account open`; `endkey account recovery` writes the recovery file again"
}
extension AccountCodeCommand: ActingCommand {
  static let shownBy = "see `endkey account codes`, and end with --cancel the code that nobody has"
}
extension AccountCodesCommand: ActingCommand { static let shownBy = "see it again, without --cancel" }
extension AccountOpenCommand: ActingCommand { static let shownBy = "see whether its folder is there" }
extension AccountPasswordCommand: ActingCommand {
  static let shownBy = "see whether `endkey account open` takes the new password"
}
extension AccountPersonJoinCommand: ActingCommand { static let shownBy = "see whether its folder is there" }
extension AccountPersonAddCommand: ActingCommand { static let shownBy = "see `endkey account person list`" }
extension AccountPersonRemoveCommand: ActingCommand {
  static let shownBy = "see `endkey account person list`"
}
extension AccountRecoverCommand: ActingCommand { static let shownBy = "see whether its folder is there" }
extension AccountRemoveCommand: ActingCommand { static let shownBy = "see `endkey account agents`" }
extension AccountRefuseCommand: ActingCommand { static let shownBy = "see `endkey account agents`" }
extension AccountRetireCommand: ActingCommand { static let shownBy = "see `endkey account agents`" }
extension AccountLabelCommand: ActingCommand { static let shownBy = "see `endkey account agents`" }
extension AccountRetentionCommand: ActingCommand { static let shownBy = "see `endkey account open`" }
extension AccountRotateCommand: ActingCommand {
  static let shownBy = "see the epoch of `endkey account open`"
}
extension AccountRepairCommand: ActingCommand { static let shownBy = "see `endkey account open`" }
extension AccountRenewCommand: ActingCommand { static let shownBy = "see `endkey account open`" }
extension AccountRulesCommand: ActingCommand { static let shownBy = "see `endkey account rules`" }
extension AccountUnlockCommand: ActingCommand { static let shownBy = "`endkey account lock` ends it" }
extension GrantCommand: ActingCommand { static let shownBy = "see `endkey account agents`" }
extension BatchEraseCommand: ActingCommand { static let shownBy = "see `endkey batch audit`" }

/// The streams that the process was given.
enum StandardStreams {
  /// Puts something that can be neither read nor written into the place of each that is closed, so that no file that
  /// is opened later takes it.
  static func fill() {
    for (number, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(number, F_GETFD) < 0 {
      // The lowest that is free is this one.
      _ = unsafe open("/dev/null", flags)
    }
  }

  /// Refuses, before anything is done, a standard output that is closed, whose reader has gone, or that has no room.
  static func requireOutput() throws {
    var polled = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    let hasReader = unsafe poll(&polled, 1, 0) < 1 || polled.revents & Int16(POLLERR | POLLNVAL) == 0
    if !hasReader { errno = EPIPE }
    guard hasReader, unsafe write(STDOUT_FILENO, "", 0) == 0 else {
      var error = CommandError.system(Descriptor.output.name, "write")
      error.next = "nothing was done: do it again where the output has room"
      throw error
    }
  }
}
