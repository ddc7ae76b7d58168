// What every peer does around SIV. §8.3, §14.1
#ifndef PADDING_H
#define PADDING_H

#include "peers.h"

#include <string.h>

// The padded size of `count` bytes.
static inline ptrdiff_t padded_size(ptrdiff_t count) {
    ptrdiff_t size = 16;
    while (size <= count) size *= 2;
    return size;
}

// Pads the value at `start` into `padded`, writes all of the token but V and C, and returns the size of C.
static inline ptrdiff_t pad(const PeerJob *job, ptrdiff_t start, ptrdiff_t end, uint8_t padded[4096], uint8_t *token) {
    const ptrdiff_t count = end - start, size = padded_size(count);
    memcpy(padded, job->values + start, (size_t)count);
    memset(padded + count, 0, (size_t)(size - count));
    padded[count] = 0x80;
    memcpy(token, job->head, 6);
    token[22] = (uint8_t)(size >> 8);
    token[23] = (uint8_t)size;
    return size;
}

#endif
