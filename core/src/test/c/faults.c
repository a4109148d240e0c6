// Fails calls that a process makes on a ledger's files, to be preloaded into it (LD_PRELOAD).
//
// The fault stands in a file `fault` beside the folder that holds the ledger, and is read at each
// call; none there: none. CALL SUFFIX FROM COUNT ERRNO, no two faults alike:
//
//   CALL    write, sync, truncate, open; `any` for all of them; `kill`: die by SIGKILL before a sync,
//           or with COUNT 2 after it
//   SUFFIX  how the path ends; - for both files
//   FROM    the first call that fails, from 1
//   COUNT   how many fail
//   ERRNO   a number. Negative: a write does half of its bytes before it fails; a sync that fails has
//           all that was written to the file since the last good one undone
//
// What is undone is zeroed: the old content is not known, and SQLite must not look at it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_WRITES = 65536, MOST_FAULTS = 1024 };

struct fault {
  char call[16], suffix[64];
  long from, count, error;
};

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static struct { char text[160]; long seen; } faults[MOST_FAULTS];
static struct { ino_t inode; off_t at; size_t length; } unforced[MOST_WRITES];
static int writes;

static int ends_with(const char *path, const char *suffix) {
  size_t length = strlen(path), end = strlen(suffix);
  return length >= end && strcmp(path + length - end, suffix) == 0;
}

static const char *path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX);
  path[length < 0 ? 0 : length] = 0;
  return path;
}

// The counter of the fault for a file; NULL where there is none.
static long *read_fault(const char *path, struct fault *fault) {
  char place[PATH_MAX + 8], text[160] = "";
  strcpy(place, path);
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(place, '/');
    if (slash == NULL) return NULL;
    *slash = 0;
  }
  strcat(place, "/fault");
  int kept = errno;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, place, O_RDONLY | O_CLOEXEC, 0);
  ssize_t length = fd < 0 ? 0 : syscall(SYS_read, fd, text, sizeof text - 1);
  if (fd >= 0) syscall(SYS_close, fd);
  errno = kept;
  if (length <= 0) return NULL;
  text[length] = 0;
  if (sscanf(text, "%15s %63s %ld %ld %ld", fault->call, fault->suffix, &fault->from, &fault->count, &fault->error) != 5)
    return NULL;
  if (strcmp(fault->suffix, "-") != 0 && !ends_with(path, fault->suffix)) return NULL;
  for (int i = 0; i < MOST_FAULTS; i++) {
    if (faults[i].text[0] == 0) strcpy(faults[i].text, text);
    if (strcmp(faults[i].text, text) == 0) return &faults[i].seen;
  }
  abort();
}

// 0: the call passes; else the error it ends with. The order is held.
static long fails(const char *call, const char *path) {
  struct fault fault;
  long *seen = read_fault(path, &fault);
  if (seen == NULL || (strcmp(fault.call, call) != 0 && strcmp(fault.call, "any") != 0)) return 0;
  ++*seen;
  return *seen >= fault.from && *seen < fault.from + fault.count ? fault.error : 0;
}

static int is_followed(const char *path) { return ends_with(path, "ledger.db") || ends_with(path, "ledger.db-wal"); }

static ssize_t write_at(int fd, const void *bytes, size_t count, off_t at, int has_place) {
  char path[PATH_MAX + 1];
  path_of(fd, path);
  if (!is_followed(path))
    return has_place ? syscall(SYS_pwrite64, fd, bytes, count, at) : syscall(SYS_write, fd, bytes, count);
  pthread_mutex_lock(&order);
  struct stat about;
  off_t place = has_place ? at : lseek(fd, 0, SEEK_CUR);
  long error = fails("write", path);
  ssize_t result;
  if (error > 0) {
    errno = (int)error;
    result = -1;
  } else {
    size_t part = error < 0 ? count / 2 : count;
    result = has_place ? syscall(SYS_pwrite64, fd, bytes, part, at) : syscall(SYS_write, fd, bytes, part);
    if (result > 0 && writes < MOST_WRITES && fstat(fd, &about) == 0) {
      unforced[writes].inode = about.st_ino;
      unforced[writes].at = place;
      unforced[writes++].length = result;
    }
    if (error < 0) {
      errno = (int)-error;
      result = -1;
    }
  }
  pthread_mutex_unlock(&order);
  return result;
}
ssize_t write(int fd, const void *bytes, size_t count) { return write_at(fd, bytes, count, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return write_at(fd, bytes, count, at, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return write_at(fd, bytes, count, at, 1); }

// Forgets what was written to a file since it was forced, and zeroes it where it is lost.
static void end_writes(int fd, int lost) {
  struct stat about, now;
  if (fstat(fd, &about) != 0) return;
  int left = 0;
  for (int i = 0; i < writes; i++) {
    if (unforced[i].inode != about.st_ino) {
      unforced[left++] = unforced[i];
    } else if (lost && fstat(fd, &now) == 0) {
      static const char zeroes[65536];
      off_t end = unforced[i].at + (off_t)unforced[i].length;
      if (end > now.st_size) end = now.st_size;
      for (off_t at = unforced[i].at; at < end;) {
        size_t part = (size_t)(end - at) < sizeof zeroes ? (size_t)(end - at) : sizeof zeroes;
        if (syscall(SYS_pwrite64, fd, zeroes, part, at) <= 0) break;
        at += part;
      }
    }
  }
  writes = left;
}

static int sync_file(int fd, long call) {
  char path[PATH_MAX + 1];
  path_of(fd, path);
  if (!is_followed(path)) return (int)syscall(call, fd);
  pthread_mutex_lock(&order);
  struct fault fault;
  long error = fails("sync", path);
  int kill_now = 0;
  long *seen = error == 0 ? read_fault(path, &fault) : NULL;
  if (seen != NULL && strcmp(fault.call, "kill") == 0 && ++*seen == fault.from) kill_now = (int)fault.count;
  if (kill_now == 1) syscall(SYS_kill, getpid(), SIGKILL);
  int result = 0;
  if (error != 0) {
    end_writes(fd, error < 0);
    errno = (int)labs(error);
    result = -1;
  } else {
    result = (int)syscall(call, fd);
    end_writes(fd, 0);
  }
  if (kill_now == 2) syscall(SYS_kill, getpid(), SIGKILL);
  pthread_mutex_unlock(&order);
  return result;
}
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

int ftruncate(int fd, off_t size) {
  char path[PATH_MAX + 1];
  path_of(fd, path);
  pthread_mutex_lock(&order);
  long error = is_followed(path) ? fails("truncate", path) : 0;
  int result = error == 0 ? (int)syscall(SYS_ftruncate, fd, size) : -1;
  if (error != 0) errno = (int)labs(error);
  pthread_mutex_unlock(&order);
  return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

static int open_file(int folder, const char *path, int flags, mode_t mode) {
  if (!is_followed(path)) return (int)syscall(SYS_openat, folder, path, flags, mode);
  pthread_mutex_lock(&order);
  // Who only reads is let in.
  long error = (flags & O_ACCMODE) == O_RDONLY ? 0 : fails("open", path);
  int fd = error == 0 ? (int)syscall(SYS_openat, folder, path, flags, mode) : -1;
  struct stat about;
  if (error != 0) errno = (int)labs(error);
  else if (fd >= 0 && fstat(fd, &about) == 0 && about.st_size == 0) end_writes(fd, 0);  // its inode may be another's
  pthread_mutex_unlock(&order);
  return fd;
}
#include "open.h"
