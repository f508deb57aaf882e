/*
 * Preloaded into the engine under test: makes its disk slow or refuse writes, and steps its system clock, as system-faults.ts says in
 * a file of 16 bytes that both map: clock offset in ms (int64), errno of refused writes (int32, 0: none), delay of a write in ms (int32).
 * Writes are those below the folder in FAULTS_FOLDER. The engine itself is the one that is shipped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct faults {
  volatile int64_t clock_offset_ms;
  volatile int32_t write_errno;
  volatile int32_t write_delay_ms;
};

static struct faults none;
static struct faults *faults = &none;
static const char *folder = "";

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULTS_CONTROL");
  if (getenv("FAULTS_FOLDER")) folder = getenv("FAULTS_FOLDER");
  int fd = path ? open(path, O_RDONLY) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(struct faults), PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) faults = mapped;
  close(fd);
}

#define REAL(name) ({ static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

static int active(void) { return *folder && (faults->write_errno || faults->write_delay_ms); }

static int below(const char *path) { return strncmp(path, folder, strlen(folder)) == 0; }

/* 0, or -1 with errno set; waits while the disk is slow, at most until it is fast again. */
static int disturb(void) {
  struct timespec step = {0, 5000000};
  for (int waited = 0; waited < faults->write_delay_ms; waited += 5) nanosleep(&step, NULL);
  if (!faults->write_errno) return 0;
  errno = faults->write_errno;
  return -1;
}

static int disturb_file(int fd) {
  char link[64], path[4096];
  if (!active()) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path) ? disturb() : 0;
}

static int disturb_path(const char *path) { return active() && below(path) ? disturb() : 0; }

ssize_t write(int fd, const void *bytes, size_t count) {
  return disturb_file(fd) ? -1 : REAL(write)(fd, bytes, count);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return disturb_file(fd) ? -1 : REAL(pwrite)(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  return disturb_file(fd) ? -1 : REAL(pwrite64)(fd, bytes, count, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  return disturb_file(fd) ? -1 : REAL(writev)(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  return disturb_file(fd) ? -1 : REAL(pwritev)(fd, parts, count, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  return disturb_file(fd) ? -1 : REAL(pwritev64)(fd, parts, count, at);
}
int fdatasync(int fd) { return disturb_file(fd) ? -1 : REAL(fdatasync)(fd); }
int fsync(int fd) { return disturb_file(fd) ? -1 : REAL(fsync)(fd); }
int ftruncate(int fd, off_t size) { return disturb_file(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return disturb_file(fd) ? -1 : REAL(ftruncate64)(fd, size); }
int mkdir(const char *path, mode_t mode) { return disturb_path(path) ? -1 : REAL(mkdir)(path, mode); }
int unlink(const char *path) { return disturb_path(path) ? -1 : REAL(unlink)(path); }
int rename(const char *from, const char *to) { return disturb_path(from) ? -1 : REAL(rename)(from, to); }

static mode_t mode_of(int flags, va_list rest) { return flags & O_CREAT ? va_arg(rest, mode_t) : 0; }

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return flags & (O_CREAT | O_WRONLY | O_RDWR) && disturb_path(path) ? -1 : REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return flags & (O_CREAT | O_WRONLY | O_RDWR) && disturb_path(path) ? -1 : REAL(open64)(path, flags, mode);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = REAL(clock_gettime)(clock, now);
  if (clock == CLOCK_REALTIME && faults->clock_offset_ms) {
    int64_t ns = now->tv_sec * 1000000000LL + now->tv_nsec + faults->clock_offset_ms * 1000000LL;
    now->tv_sec = ns / 1000000000LL;
    now->tv_nsec = ns % 1000000000LL;
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = REAL(gettimeofday)(now, zone);
  int64_t us = now->tv_sec * 1000000LL + now->tv_usec + faults->clock_offset_ms * 1000LL;
  now->tv_sec = us / 1000000LL;
  now->tv_usec = us % 1000000LL;
  return result;
}
