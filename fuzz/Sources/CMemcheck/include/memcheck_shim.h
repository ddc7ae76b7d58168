#pragma once
#include <stddef.h>
#include <sys/types.h>

// The requests of valgrind's memcheck are macros, which Swift does not import. Without valgrind they do nothing.

/// Makes memcheck take the bytes for undefined: it reports each branch and address that comes of them.
void endkey_mark_secret(const void *start, size_t count);
/// Makes the bytes public again.
void endkey_mark_public(const void *start, size_t count);
/// Writes a line to memcheck's log.
void endkey_log(const char *line);
/// fork(2), which Swift does not import: the child's log has all of its reports, also those that another child has.
pid_t endkey_fork(void);
/// Whether the program runs under valgrind.
int endkey_is_checked(void);
