// These are this program's own: of the library's algorithms no name comes with `import Endkey`.

struct AESGCM {}
struct AESSIV {}
struct HKDF {}
struct RSAPublicKey {}
struct SHA256 {}
enum Ed25519 {}
enum PBKDF2 {}

/// Would not compile if a name meant two things.
let ownNames: [Any.Type] = [
  AESGCM.self, AESSIV.self, HKDF.self, RSAPublicKey.self, SHA256.self, Ed25519.self, PBKDF2.self,
]
