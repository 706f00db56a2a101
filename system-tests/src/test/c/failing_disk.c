/*
 * A disk that fails: loaded before libc, it answers the calls by which a process changes files below one
 * directory. FAILING_DISK names a file that says what fails: "sync EIO", "write short", "write,change EROFS",
 * "sync hang", or nothing. Each failure is noted in a file beside it, with the ending ".hits".
 *
 * sync: fdatasync, fsync, msync. write: write, pwrite, writev, pwritev. change: ftruncate, rename, unlink, mkdir,
 * and open for writing. msync has no file to ask about, so it counts wherever it is called.
 */
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
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void note(const char *kind, const char *mode, const char *path) {
  char file[PATH_MAX], line[PATH_MAX + 64];
  snprintf(file, sizeof file, "%s.hits", getenv("FAILING_DISK"));
  int length = snprintf(line, sizeof line, "%s %s %s\n", kind, mode, path);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd >= 0) {
    syscall(SYS_write, fd, line, length);
    syscall(SYS_close, fd);
  }
}

/* Copies what is to happen to calls of this kind; 0 when nothing. */
static int mode_of(const char *kind, char *mode) {
  char text[128], kinds[64];
  const char *control = getenv("FAILING_DISK");
  int fd = control ? (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY, 0) : -1;
  if (fd < 0) {
    return 0;
  }
  long length = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  text[length < 0 ? 0 : length] = 0;
  return sscanf(text, "%63s %15s", kinds, mode) == 2 && strstr(kinds, kind) != NULL;
}

static int is_below(const char *path) {
  const char *store = getenv("FAILING_DISK_BELOW");
  return store && strncmp(path, store, strlen(store)) == 0;
}

/* 0: let it through; -1: it fails with errno; 1: only a part of it is done. */
static int fate(const char *kind, const char *path) {
  static __thread int is_second;
  char mode[16];
  if (!is_below(path) || !mode_of(kind, mode)) {
    return 0;
  }
  note(kind, mode, path);
  while (strcmp(mode, "hang") == 0) {
    usleep(5000);
    if (!mode_of(kind, mode)) {
      return 0;
    }
    if (strcmp(mode, "hang") != 0) {
      note(kind, mode, path);
    }
  }
  if (strcmp(mode, "short") == 0 && !is_second) {
    is_second = 1;
    return 1;
  }
  is_second = 0;
  errno = strcmp(mode, "ENOSPC") == 0 ? ENOSPC : strcmp(mode, "EROFS") == 0 ? EROFS : EIO;
  return -1;
}

static int fate_of(const char *kind, int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = 0;
  return fate(kind, path);
}

int fdatasync(int fd) { return fate_of("sync", fd) ? -1 : REAL(fdatasync)(fd); }
int fsync(int fd) { return fate_of("sync", fd) ? -1 : REAL(fsync)(fd); }
int msync(void *at, size_t length, int flags) {
  const char *below = getenv("FAILING_DISK_BELOW");
  return below && fate("sync", below) ? -1 : REAL(msync)(at, length, flags);
}

#define WRITES(name, offset_type)                                              \
  ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) { \
    int what = fate_of("write", fd);                                           \
    return what < 0 ? -1 : REAL(name)(fd, bytes, what ? (length + 1) / 2 : length, offset); \
  }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
  int what = fate_of("write", fd);
  return what < 0 ? -1 : REAL(write)(fd, bytes, what ? (length + 1) / 2 : length);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fate_of("write", fd) < 0 ? -1 : REAL(writev)(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return fate_of("write", fd) < 0 ? -1 : REAL(pwritev)(fd, parts, count, offset);
}

int ftruncate(int fd, off_t length) { return fate_of("change", fd) ? -1 : REAL(ftruncate)(fd, length); }
int ftruncate64(int fd, off64_t length) {
  return fate_of("change", fd) ? -1 : REAL(ftruncate64)(fd, length);
}
int rename(const char *from, const char *to) { return fate("change", to) ? -1 : REAL(rename)(from, to); }
int unlink(const char *path) { return fate("change", path) ? -1 : REAL(unlink)(path); }
int mkdir(const char *path, mode_t mode) { return fate("change", path) ? -1 : REAL(mkdir)(path, mode); }

#define OPENS(name)                                                            \
  int name(const char *path, int flags, ...) {                                 \
    va_list rest;                                                              \
    va_start(rest, flags);                                                     \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                  \
    va_end(rest);                                                              \
    if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) && fate("change", path)) {     \
      return -1;                                                               \
    }                                                                          \
    return REAL(name)(path, flags, mode);                                      \
  }
OPENS(open)
OPENS(open64)
