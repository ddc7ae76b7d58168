// OpenSSL as its manuals show it.
#include "padding.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>
#include <time.h>

double peer_thread_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int peer_siv_evp(const PeerJob *job, uint8_t *tokens) {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-SIV", NULL);
    int result = cipher ? 0 : -1;
    ptrdiff_t start = 0;
    for (ptrdiff_t i = 0; i < job->count && result == 0; i++) {
        uint8_t padded[4096];
        const ptrdiff_t size = pad(job, start, job->ends[i], padded, tokens);
        int written;
        EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        if (!context || EVP_EncryptInit_ex2(context, cipher, job->key, NULL, NULL) != 1 ||
            EVP_EncryptUpdate(context, NULL, &written, job->ad, (int)job->adCount) != 1 ||
            EVP_EncryptUpdate(context, tokens + 24, &written, padded, (int)size) != 1 ||
            EVP_EncryptFinal_ex(context, tokens + 24 + size, &written) != 1 ||
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tokens + 6) != 1)
            result = -1;
        EVP_CIPHER_CTX_free(context);
        tokens += 24 + size;
        start = job->ends[i];
    }
    EVP_CIPHER_free(cipher);
    return result;
}

int peer_pbkdf2(const uint8_t *password, size_t passwordCount, const uint8_t *salt, size_t saltCount, int iterations,
                uint8_t *output) {
    return PKCS5_PBKDF2_HMAC((const char *)password, (int)passwordCount, salt, (int)saltCount, iterations, EVP_sha256(),
                             32, output) == 1
               ? 0
               : -1;
}

int peer_gcm(const uint8_t *key, const uint8_t *input, size_t chunkCount, size_t chunks, uint8_t *output) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int result = context && EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), key, NULL, NULL) == 1 ? 0 : -1;
    for (size_t i = 0; i < chunks && result == 0; i++) {
        uint8_t nonce[12] = {0};
        memcpy(nonce, &i, sizeof i);
        int written;
        if (EVP_EncryptInit_ex2(context, NULL, NULL, nonce, NULL) != 1 ||
            EVP_EncryptUpdate(context, output, &written, input + i * chunkCount, (int)chunkCount) != 1 ||
            EVP_EncryptFinal_ex(context, output + chunkCount, &written) != 1 ||
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, output + chunkCount) != 1)
            result = -1;
        output += chunkCount + 16;
    }
    EVP_CIPHER_CTX_free(context);
    return result;
}

int peer_wrap(const uint8_t *kek, const uint8_t *key, uint8_t *output) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    int written;
    int result = EVP_EncryptInit_ex2(context, EVP_aes_256_wrap(), kek, NULL, NULL) == 1 &&
                         EVP_EncryptUpdate(context, output, &written, key, 32) == 1 && written == 40
                     ? 0
                     : -1;
    EVP_CIPHER_CTX_free(context);
    return result;
}

void *peer_rsa_new(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048); }

void peer_rsa_free(void *key) { EVP_PKEY_free(key); }

int peer_rsa_primes(void *key, uint8_t *p, uint8_t *q) {
    BIGNUM *first = NULL, *second = NULL;
    int result = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR1, &first) == 1 &&
                         EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR2, &second) == 1
                     ? 0
                     : -1;
    if (result == 0) {
        int swapped = BN_cmp(first, second) < 0;
        BN_bn2binpad(swapped ? second : first, p, 128);
        BN_bn2binpad(swapped ? first : second, q, 128);
    }
    BN_clear_free(first);
    BN_clear_free(second);
    return result;
}

// A context of `key`, begun once by `begin` and kept until another key comes; NULL on failure.
typedef struct {
    EVP_PKEY_CTX *context;
    void *key;
} Kept;

static EVP_PKEY_CTX *keep(Kept *kept, void *key, int (*begin)(EVP_PKEY_CTX *)) {
    if (kept->key == key) return kept->context;
    EVP_PKEY_CTX_free(kept->context);
    kept->context = EVP_PKEY_CTX_new(key, NULL);
    kept->key = key;
    if (kept->context && begin(kept->context) == 1) return kept->context;
    EVP_PKEY_CTX_free(kept->context);
    *kept = (Kept){0};
    return NULL;
}

// As apps/speed.c: the context is kept, 36 bytes are signed without a digest's name.
int peer_rsa_sign(void *key, const uint8_t *hash, uint8_t *signature) {
    static _Thread_local Kept kept;
    EVP_PKEY_CTX *context = keep(&kept, key, EVP_PKEY_sign_init);
    size_t count = 256;
    return context && EVP_PKEY_sign(context, signature, &count, hash, 36) == 1 ? 0 : -1;
}

static int begin_oaep(EVP_PKEY_CTX *context) {
    return EVP_PKEY_decrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1;
}

int peer_rsa_oaep(void *key, const uint8_t *ciphertext, uint8_t *message) {
    static _Thread_local Kept kept;
    EVP_PKEY_CTX *context = keep(&kept, key, begin_oaep);
    size_t count = 256;
    return context && EVP_PKEY_decrypt(context, message, &count, ciphertext, 256) == 1 ? (int)count : -1;
}
