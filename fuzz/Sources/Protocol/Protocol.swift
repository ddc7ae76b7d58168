internal import EndkeyFuzz
internal import EndkeyFuzzProtocol
public import Harness

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ arguments: Harness.Arguments) -> CInt {
  unsafe Harness.start(FuzzTarget.protocols, arguments)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  unsafe Harness.run(start, count)
}
