internal import Endkey

/// The keys of whichever end a folder is: an owner's are behind the password, an agent's are not.
enum ReadingEnd {
  static func keyRing(_ path: String, _ password: PasswordOptions) throws -> KeyRing {
    if try EndFolder(path).role == .owner { return try OwnerEnd.open(path, password).owner.keyRing() }
    return try naming(path) { try AgentEnd.open(path).agent.keyRing() }
  }
}
