#include "memcheck_shim.h"

#include <unistd.h>
#include <valgrind/memcheck.h>
#include <valgrind/valgrind.h>

void endkey_mark_secret(const void *start, size_t count) { (void)VALGRIND_MAKE_MEM_UNDEFINED(start, count); }
void endkey_mark_public(const void *start, size_t count) { (void)VALGRIND_MAKE_MEM_DEFINED(start, count); }
void endkey_log(const char *line) { VALGRIND_PRINTF("%s\n", line); }
pid_t endkey_fork(void) { return fork(); }
int endkey_is_checked(void) { return (int)RUNNING_ON_VALGRIND; }
