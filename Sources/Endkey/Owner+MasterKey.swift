import EndkeyWire

extension Owner {
  /// The MasterKey of the newest state's epoch. `noMasterKey` when the account is not open.
  package func masterKey() throws(ProtocolError) -> MasterKey {
    try openSession(.read).masterKey.value.copy()
  }
}
