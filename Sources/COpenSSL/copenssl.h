// OpenSSL 3 without its deprecated calls. The importer skips some macros; they are declared here again.
#define OPENSSL_NO_DEPRECATED 1
#define OPENSSL_API_COMPAT 30000
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

static const int ENDKEY_EVP_PKEY_KEYPAIR = EVP_PKEY_KEYPAIR;
static const int ENDKEY_EVP_PKEY_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;
