// `import Endkey` is all that a program needs: what the library's public declarations mention comes with it.
//
// Of EndkeyWire that is everything: messages, their fields, limits, codes and text forms. Of EndkeyPrimitives it is
// the four types below. The algorithms (AES, SIV, RSA, Ed25519, SHA-256 and others) stay out of a program's sight:
// their names are common, and to use them beside the protocol is the mistake that the library is there to prevent.
// `tools/run documentation` asks the compiler that it is these four.

@_exported public import EndkeyWire

@_exported public import enum EndkeyPrimitives.PrimitiveError
@_exported public import protocol EndkeyPrimitives.RandomSource
@_exported public import struct EndkeyPrimitives.SecretBytes
@_exported public import struct EndkeyPrimitives.SystemRandom
