#pragma once
#include <stddef.h>

// The requests of valgrind's memcheck are macros, which Swift does not import. Without valgrind they do nothing.

/// Makes memcheck take the bytes for undefined: it reports each branch and address that comes of them.
void endkey_mark_secret(const void *start, size_t count);
/// Makes the bytes public again.
void endkey_mark_public(const void *start, size_t count);
/// Writes a line to memcheck's log.
void endkey_log(const char *line);
/// Whether the program runs under valgrind.
int endkey_is_checked(void);
