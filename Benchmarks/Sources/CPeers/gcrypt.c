// libgcrypt, if it is there: loaded at run time, so that nothing needs its headers.
#include "padding.h"

#include <dlfcn.h>

enum { CIPHER_AES256 = 9, MODE_SIV = 15 };

static struct {
    void *library;
    const char *(*check_version)(const char *);
    unsigned (*open)(void **, int, int, unsigned);
    void (*close)(void *);
    unsigned (*setkey)(void *, const void *, size_t);
    unsigned (*ctl)(void *, int, void *, size_t);
    unsigned (*authenticate)(void *, const void *, size_t);
    unsigned (*encrypt)(void *, void *, size_t, const void *, size_t);
    unsigned (*gettag)(void *, void *, size_t);
    const char *version;
} gcrypt;

const char *peer_gcrypt_version(void) {
    if (gcrypt.version) return gcrypt.version;
    void *library = dlopen("libgcrypt.so.20", RTLD_NOW);
    if (!library) return NULL;
    gcrypt.check_version = (const char *(*)(const char *))dlsym(library, "gcry_check_version");
    gcrypt.open = (unsigned (*)(void **, int, int, unsigned))dlsym(library, "gcry_cipher_open");
    gcrypt.close = (void (*)(void *))dlsym(library, "gcry_cipher_close");
    gcrypt.setkey = (unsigned (*)(void *, const void *, size_t))dlsym(library, "gcry_cipher_setkey");
    gcrypt.ctl = (unsigned (*)(void *, int, void *, size_t))dlsym(library, "gcry_cipher_ctl");
    gcrypt.authenticate = (unsigned (*)(void *, const void *, size_t))dlsym(library, "gcry_cipher_authenticate");
    gcrypt.encrypt = (unsigned (*)(void *, void *, size_t, const void *, size_t))dlsym(library, "gcry_cipher_encrypt");
    gcrypt.gettag = (unsigned (*)(void *, void *, size_t))dlsym(library, "gcry_cipher_gettag");
    if (!gcrypt.check_version || !gcrypt.open || !gcrypt.close || !gcrypt.setkey || !gcrypt.ctl ||
        !gcrypt.authenticate || !gcrypt.encrypt || !gcrypt.gettag)
        return NULL;
    return gcrypt.version = gcrypt.check_version(NULL);
}

int peer_siv_gcrypt(const PeerJob *job, uint8_t *tokens) {
    enum { RESET = 4 };  // GCRYCTL_RESET
    if (!peer_gcrypt_version()) return -2;
    void *handle = NULL;
    if (gcrypt.open(&handle, CIPHER_AES256, MODE_SIV, 0)) return -1;
    int result = gcrypt.setkey(handle, job->key, 64) ? -1 : 0;
    ptrdiff_t start = 0;
    for (ptrdiff_t i = 0; i < job->count && result == 0; i++) {
        uint8_t padded[4096];
        const ptrdiff_t size = pad(job, start, job->ends[i], padded, tokens);
        if (gcrypt.ctl(handle, RESET, NULL, 0) || gcrypt.authenticate(handle, job->ad, (size_t)job->adCount) ||
            gcrypt.encrypt(handle, tokens + 24, (size_t)size, padded, (size_t)size) ||
            gcrypt.gettag(handle, tokens + 6, 16))
            result = -1;
        tokens += 24 + size;
        start = job->ends[i];
    }
    gcrypt.close(handle);
    return result;
}
