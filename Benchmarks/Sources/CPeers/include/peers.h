// Peers and limits that Endkey is measured against. Nothing here is part of Endkey.
#ifndef PEERS_H
#define PEERS_H

#include <stddef.h>
#include <stdint.h>

// Many values to many tokens: `ends[i]` is where value i ends in `values`; tokens are written back to back in the
// layout of the specification, §8.3 and §14.1. `key` has 64 bytes; `ad` is the one element of associated data, `head`
// the six bytes before V.
typedef struct {
    const uint8_t *values;
    const ptrdiff_t *ends;
    ptrdiff_t count;
    const uint8_t *key;
    const uint8_t *ad;
    ptrdiff_t adCount;
    const uint8_t *head;
} PeerJob;

// Bytes of all tokens of the job.
ptrdiff_t peer_token_bytes(const PeerJob *job);

// The limit: AES-NI, eight messages at a time in registers. 0, or -1 when this processor cannot.
int peer_siv_aesni(const PeerJob *job, uint8_t *tokens);

// OpenSSL's EVP AES-256-SIV as its manual shows it: a context for each token. 0, or -1.
int peer_siv_evp(const PeerJob *job, uint8_t *tokens);

// libgcrypt's SIV, one handle kept, loaded at run time. 0, -1 on failure, -2 when it is not installed.
int peer_siv_gcrypt(const PeerJob *job, uint8_t *tokens);
const char *peer_gcrypt_version(void);

// OpenSSL: PKCS5_PBKDF2_HMAC with SHA-256, 32 bytes.
int peer_pbkdf2(const uint8_t *password, size_t passwordCount, const uint8_t *salt, size_t saltCount, int iterations,
                uint8_t *output);

// OpenSSL: AES-256-GCM of `chunks` chunks of `chunkCount` bytes with one kept context and a new nonce for each;
// each is followed by its tag.
int peer_gcm(const uint8_t *key, const uint8_t *input, size_t chunkCount, size_t chunks, uint8_t *output);

// OpenSSL: RFC 3394 wrap of 32 bytes, a context for each.
int peer_wrap(const uint8_t *kek, const uint8_t *key, uint8_t *output);

// OpenSSL: an RSA-2048 key, made and kept, with its contexts.
void *peer_rsa_new(void);
void peer_rsa_free(void *key);
int peer_rsa_primes(void *key, uint8_t *p, uint8_t *q);
// The private operation as `openssl speed` times it: 0, or -1.
int peer_rsa_sign(void *key, const uint8_t *hash, uint8_t *signature);
// OAEP decryption of 256 bytes to at most 256: their number, or -1.
int peer_rsa_oaep(void *key, const uint8_t *ciphertext, uint8_t *message);

// Seconds of processor time of this thread.
double peer_thread_seconds(void);

#endif
