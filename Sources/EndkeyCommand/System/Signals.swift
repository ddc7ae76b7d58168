internal import Foundation

/// What stops or ends this process from outside.
enum Signals {
  /// Has the system end the process where it is at fault. What Swift does there is for a developer: it asks at the
  /// terminal, and shows what was in memory. A file that may not grow is no fault: whoever writes it is told.
  static func prepare() {
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
      if unsafe unsafeBitCast(signal(number, SIG_DFL), to: Int.self) == ignored { signal(number, SIG_IGN) }
    }
  }

  /// Does what a signal does to this process, and has done it when this returns, if the process still goes on.
  static func take(_ number: Int32) {
    // To this thread alone, which may have it blocked: one that is sent to the process comes at any time, to any
    // thread.
    var only = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&only)
    unsafe sigaddset(&only, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &only, &before)
    raise(number)
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// What is done with a signal that is ignored, as under nohup.
  static let ignored = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
}
