// Preloaded into a program, this makes its changes to the file system fail, or ends the program in the middle of them.
//
// Every call that changes something below FAULT_BELOW is counted. At call number FAULT_AT:
//   FAULT_KIND=kill    the program ends before the call, as if the power failed
//   FAULT_KIND=torn    the same, but half of what a `write` was to write is written
//   FAULT_KIND=nospace from this call on, nothing new can be written (ENOSPC)
//   FAULT_KIND=rofs    from this call on, nothing can be changed (EROFS)
//   FAULT_KIND=broken  this call alone fails (EIO), as where a disk has a bad spot
//   FAULT_KIND=watch   no fault: at every call the program stops until it is told to go on, so that somebody can look
//                      at what would be left if it ended here. It writes a byte to the descriptor FAULT_STOP, `k`
//                      before the call and `t` in the middle of a `write`, and reads a byte from FAULT_GO.
// The number of calls is left in the file FAULT_COUNT at the end.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *below, *kind;
static long at, count;
static int stop = -1, go = -1;
static __thread int inside;

#define REAL(name, result, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  below = getenv("FAULT_BELOW");
  kind = getenv("FAULT_KIND");
  const char *number = getenv("FAULT_AT");
  at = number ? atol(number) : 0;
  if (kind && strcmp(kind, "watch") == 0) {
    stop = atoi(getenv("FAULT_STOP"));
    go = atoi(getenv("FAULT_GO"));
  }
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAULT_COUNT");
  if (!path) return;
  inside = 1;
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%ld\n", count);
  fclose(file);
}

static int is_below(const char *path) {
  char full[PATH_MAX];
  if (!below || inside || !path) return 0;
  if (path[0] != '/') {
    char folder[PATH_MAX / 2];
    if (!getcwd(folder, sizeof folder)) return 0;
    snprintf(full, sizeof full, "%s/%s", folder, path);
    path = full;
  }
  return strncmp(path, below, strlen(below)) == 0;
}

static int is_file_below(int fd) {
  char link[64], path[PATH_MAX];
  if (!below || inside) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, below, strlen(below)) == 0;
}

// Waits until somebody has looked.
static void show(char what) {
  static ssize_t (*write_it)(int, const void *, size_t);
  if (!write_it) write_it = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  char answer;
  if (write_it(stop, &what, 1) != 1 || read(go, &answer, 1) != 1) _exit(137);
}

// Counts a change. Gives the error that it must fail with, or 0. `frees`: it takes no new space.
static int change(int frees, int *tears) {
  count++;
  if (stop >= 0) {
    show('k');
    if (tears) *tears = 1;
    return 0;
  }
  if (!kind || !at || count < at) return 0;
  if (strcmp(kind, "nospace") == 0) return frees ? 0 : ENOSPC;
  if (strcmp(kind, "rofs") == 0) return EROFS;
  if (count > at) return 0;
  if (strcmp(kind, "broken") == 0) return EIO;
  if (strcmp(kind, "torn") == 0 && tears) {
    *tears = 1;
    return 0;
  }
  _exit(137);
}

#define FAIL_IF(condition, frees) \
  if (condition) { \
    int code = change(frees, NULL); \
    if (code) { \
      errno = code; \
      return -1; \
    } \
  }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name, int, const char *, int, ...); \
    va_list list; \
    va_start(list, flags); \
    int mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, int) : 0; \
    va_end(list); \
    FAIL_IF((flags & (O_CREAT | O_TRUNC)) && is_below(path), 0) \
    return real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    REAL(name, int, int, const char *, int, ...); \
    va_list list; \
    va_start(list, flags); \
    int mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, int) : 0; \
    va_end(list); \
    FAIL_IF((flags & (O_CREAT | O_TRUNC)) && (is_below(path) || is_file_below(folder)), 0) \
    return real(folder, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write, ssize_t, int, const void *, size_t);
  if (is_file_below(fd)) {
    int tears = 0, code = change(0, &tears);
    if (code) {
      errno = code;
      return -1;
    }
    if (tears) {
      ssize_t half = real(fd, bytes, length / 2);
      if (stop < 0) _exit(137);
      if (half < 0) return half;
      show('t');
      ssize_t rest = real(fd, (const char *)bytes + half, length - (size_t)half);
      return rest < 0 ? rest : half + rest;
    }
  }
  return real(fd, bytes, length);
}

int fsync(int fd) {
  REAL(fsync, int, int);
  FAIL_IF(is_file_below(fd), 1)
  return real(fd);
}

int rename(const char *from, const char *to) {
  REAL(rename, int, const char *, const char *);
  FAIL_IF(is_below(to), 1)
  return real(from, to);
}

int link(const char *from, const char *to) {
  REAL(link, int, const char *, const char *);
  FAIL_IF(is_below(to), 0)
  return real(from, to);
}

int unlink(const char *path) {
  REAL(unlink, int, const char *);
  FAIL_IF(is_below(path), 1)
  return real(path);
}

int unlinkat(int folder, const char *path, int flags) {
  REAL(unlinkat, int, int, const char *, int);
  FAIL_IF(is_below(path) || is_file_below(folder), 1)
  return real(folder, path, flags);
}

int rmdir(const char *path) {
  REAL(rmdir, int, const char *);
  FAIL_IF(is_below(path), 1)
  return real(path);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir, int, const char *, mode_t);
  FAIL_IF(is_below(path), 0)
  return real(path, mode);
}

int chmod(const char *path, mode_t mode) {
  REAL(chmod, int, const char *, mode_t);
  FAIL_IF(is_below(path), 1)
  return real(path, mode);
}
