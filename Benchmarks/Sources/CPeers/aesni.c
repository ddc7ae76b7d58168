// AES-256-SIV of tokens with AES-NI, multi-buffer: eight messages at a time with all state in registers. Written to be
// the limit: as fast as this algorithm gets on the machine without wider instructions, without regard for the rest.
#include "padding.h"

ptrdiff_t peer_token_bytes(const PeerJob *job) {
    ptrdiff_t total = 0, start = 0;
    for (ptrdiff_t i = 0; i < job->count; start = job->ends[i++]) total += 24 + padded_size(job->ends[i] - start);
    return total;
}

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdlib.h>
#include <string.h>

#define TARGET __attribute__((target("aes,sse4.1,ssse3")))

typedef struct {
    __m128i round[15];
} Key;

TARGET static __m128i expand_a(__m128i key, __m128i generated) {
    generated = _mm_shuffle_epi32(generated, 0xff);
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    return _mm_xor_si128(key, generated);
}

TARGET static __m128i expand_b(__m128i first, __m128i second) {
    __m128i generated = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(first, 0), 0xaa);
    second = _mm_xor_si128(second, _mm_slli_si128(second, 4));
    second = _mm_xor_si128(second, _mm_slli_si128(second, 4));
    second = _mm_xor_si128(second, _mm_slli_si128(second, 4));
    return _mm_xor_si128(second, generated);
}

TARGET static void expand(Key *key, const uint8_t *bytes) {
    __m128i *r = key->round;
    r[0] = _mm_loadu_si128((const __m128i *)bytes);
    r[1] = _mm_loadu_si128((const __m128i *)(bytes + 16));
#define ROUND(i, constant)                                                      \
    r[i] = expand_a(r[i - 2], _mm_aeskeygenassist_si128(r[i - 1], constant));   \
    if (i < 14) r[i + 1] = expand_b(r[i], r[i - 1]);
    ROUND(2, 0x01)
    ROUND(4, 0x02)
    ROUND(6, 0x04)
    ROUND(8, 0x08)
    ROUND(10, 0x10)
    ROUND(12, 0x20)
    r[14] = expand_a(r[12], _mm_aeskeygenassist_si128(r[13], 0x40));
}

TARGET static inline __m128i encrypt1(const Key *key, __m128i b) {
    b = _mm_xor_si128(b, key->round[0]);
    for (int i = 1; i < 14; i++) b = _mm_aesenc_si128(b, key->round[i]);
    return _mm_aesenclast_si128(b, key->round[14]);
}

TARGET static inline __attribute__((always_inline)) void encrypt8(const Key *key, __m128i b[8]) {
    __m128i k = key->round[0];
#define EACH(f) b[0] = f(b[0], k), b[1] = f(b[1], k), b[2] = f(b[2], k), b[3] = f(b[3], k), b[4] = f(b[4], k), \
                b[5] = f(b[5], k), b[6] = f(b[6], k), b[7] = f(b[7], k)
    EACH(_mm_xor_si128);
#pragma clang loop unroll(full)
    for (int i = 1; i < 14; i++) {
        k = key->round[i];
        EACH(_mm_aesenc_si128);
    }
    k = key->round[14];
    EACH(_mm_aesenclast_si128);
}

static void twice(uint8_t block[16]) {
    int carry = block[0] >> 7;
    for (int i = 0; i < 15; i++) block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    block[15] = (uint8_t)(block[15] << 1 ^ (carry ? 0x87 : 0));
}

TARGET static __m128i cmac(const Key *key, const uint8_t *message, ptrdiff_t count) {
    uint8_t subkey[16], last[16] = {0};
    _mm_storeu_si128((__m128i *)subkey, encrypt1(key, _mm_setzero_si128()));
    twice(subkey);
    __m128i state = _mm_setzero_si128();
    for (; count > 16; count -= 16, message += 16)
        state = encrypt1(key, _mm_xor_si128(state, _mm_loadu_si128((const __m128i *)message)));
    memcpy(last, message, (size_t)count);
    if (count < 16) {
        last[count] = 0x80;
        twice(subkey);
    }
    state = _mm_xor_si128(state, _mm_loadu_si128((const __m128i *)last));
    return encrypt1(key, _mm_xor_si128(state, _mm_loadu_si128((const __m128i *)subkey)));
}

// D and K1, which the last block of each message takes.
TARGET static __m128i last_mask(const Key *key, const PeerJob *job) {
    uint8_t zero[16] = {0}, d[16], k1[16];
    _mm_storeu_si128((__m128i *)d, cmac(key, zero, 16));
    twice(d);
    __m128i mask = _mm_xor_si128(_mm_loadu_si128((const __m128i *)d), cmac(key, job->ad, job->adCount));
    _mm_storeu_si128((__m128i *)k1, encrypt1(key, _mm_setzero_si128()));
    twice(k1);
    return _mm_xor_si128(mask, _mm_loadu_si128((const __m128i *)k1));
}

// Eight messages of `blocks` blocks each, already padded and back to back in `plain`, `stride` bytes apart.
TARGET static void seal8(const Key *mac, const Key *ctr, __m128i mask, const uint8_t *plain, ptrdiff_t blocks,
                         uint8_t *const tokens[8]) {
    const ptrdiff_t stride = 16 * blocks;
    __m128i v[8];
    for (int lane = 0; lane < 8; lane++) v[lane] = _mm_setzero_si128();
    for (ptrdiff_t step = 0; step < blocks; step++) {
#pragma clang loop unroll(full)
        for (int lane = 0; lane < 8; lane++)
            v[lane] = _mm_xor_si128(v[lane], _mm_load_si128((const __m128i *)(plain + lane * stride + 16 * step)));
        if (step == blocks - 1) {
#pragma clang loop unroll(full)
            for (int lane = 0; lane < 8; lane++) v[lane] = _mm_xor_si128(v[lane], mask);
        }
        encrypt8(mac, v);
    }
    const __m128i clear = _mm_set_epi8(-1, -1, -1, 0x7f, -1, -1, -1, 0x7f, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (int lane = 0; lane < 8; lane++) {
        _mm_storeu_si128((__m128i *)(tokens[lane] + 6), v[lane]);
        // The last 32 bits as a number: no message is long enough for a carry beyond.
        v[lane] = _mm_shuffle_epi8(_mm_and_si128(v[lane], clear), swap);
    }
    for (ptrdiff_t step = 0; step < blocks; step++) {
        __m128i b[8];
        const __m128i add = _mm_set_epi32((int)step, 0, 0, 0);
#pragma clang loop unroll(full)
        for (int lane = 0; lane < 8; lane++) b[lane] = _mm_shuffle_epi8(_mm_add_epi32(v[lane], add), swap);
        encrypt8(ctr, b);
#pragma clang loop unroll(full)
        for (int lane = 0; lane < 8; lane++) {
            __m128i p = _mm_load_si128((const __m128i *)(plain + lane * stride + 16 * step));
            _mm_storeu_si128((__m128i *)(tokens[lane] + 24 + 16 * step), _mm_xor_si128(b[lane], p));
        }
    }
}

typedef struct {
    const uint8_t *value;
    ptrdiff_t count;
    uint8_t *token;
} Lane;

// Messages wait in the lane of their size until there are eight.
TARGET static void flush(const Key *mac, const Key *ctr, __m128i mask, const Lane *lanes, int count, ptrdiff_t size) {
    static _Thread_local _Alignas(64) uint8_t plain[8 * 4096];
    static _Thread_local uint8_t unused[24 + 4096];
    uint8_t *tokens[8];
    for (int lane = 0; lane < 8; lane++) {
        uint8_t *target = plain + lane * size;
        if (lane >= count) {
            tokens[lane] = unused;
            continue;
        }
        tokens[lane] = lanes[lane].token;
        memcpy(target, lanes[lane].value, (size_t)lanes[lane].count);
        target[lanes[lane].count] = 0x80;
        memset(target + lanes[lane].count + 1, 0, (size_t)(size - lanes[lane].count - 1));
    }
    seal8(mac, ctr, mask, plain, size / 16, tokens);
}

TARGET int peer_siv_aesni(const PeerJob *job, uint8_t *tokens) {
    if (!__builtin_cpu_supports("aes") || !__builtin_cpu_supports("sse4.1")) return -1;
    Key mac, ctr;
    expand(&mac, job->key);
    expand(&ctr, job->key + 32);
    const __m128i mask = last_mask(&mac, job);
    Lane waiting[9][8];
    int counts[9] = {0};
    ptrdiff_t start = 0;
    uint64_t head = 0;
    memcpy(&head, job->head, 6);
    for (ptrdiff_t i = 0; i < job->count; i++) {
        const ptrdiff_t count = job->ends[i] - start;
        const int class = count < 16 ? 0 : 60 - __builtin_clzll((uint64_t)count);
        const ptrdiff_t size = (ptrdiff_t)16 << class;
        memcpy(tokens, &head, 8);
        tokens[22] = (uint8_t)(size >> 8);
        tokens[23] = (uint8_t)size;
        waiting[class][counts[class]++] = (Lane){job->values + start, count, tokens};
        if (counts[class] == 8) {
            flush(&mac, &ctr, mask, waiting[class], 8, size);
            counts[class] = 0;
        }
        tokens += 24 + size;
        start = job->ends[i];
    }
    for (int class = 0; class < 9; class++)
        if (counts[class] > 0) flush(&mac, &ctr, mask, waiting[class], counts[class], (ptrdiff_t)16 << class);
    return 0;
}
#else
int peer_siv_aesni(const PeerJob *job, uint8_t *tokens) { return -1; }
#endif
