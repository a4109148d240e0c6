// Records what a process does to the files below one folder, to be preloaded into it (LD_PRELOAD).
//
//   CAMSPOOL_RECORD       the log, appended to; one process at a time
//   CAMSPOOL_RECORD_ROOT  the folder, absolute, without links, on one file system
//   CAMSPOOL_RECORD_KILL  kill this process after so many records, between two calls (optional)
//   CAMSPOOL_RECORD_KILL_AT  count only records of this kind whose path begins so: "Udata/" (optional)
//
// One mutex is held over a call and its record, so the log has the true order. Only fsync runs
// outside of it: "begun" is logged before and "ended" after, and what was logged before "begun" is
// what it has forced. A call that fails is not logged. Files are named by their inode: while a file
// has a name or is open its inode number is its own, and a creation says that a number begins anew.
// What is not followed (a writable shared mapping, sendfile) is logged as such, so that a reader can
// refuse the log; stdio's buffered writes are not seen, and a JVM makes none. Files that end in -shm are left out: SQLite maps them, and rebuilds them.
//
// A record: kind (1 byte), first, second (8 bytes each), lengths of two texts (4 bytes each), texts.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_FD = 65536, APPENDS = 2 };

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *root = "";
static size_t root_length;
static long left_to_live;
static const char *counted = "";
static uint64_t forces;
static unsigned char tracked[MAX_FD];  // 0: not below the root; 1, or with APPENDS: how it was opened

static void append(const void *bytes, size_t length) {
  for (const char *at = bytes; length > 0;) {
    ssize_t written = syscall(SYS_write, log_fd, at, length);
    if (written <= 0) abort();
    at += written;
    length -= written;
  }
}

static void begin_record(char kind, uint64_t first, uint64_t second, size_t one, size_t two) {
  unsigned char head[25];
  uint32_t lengths[2] = {(uint32_t)one, (uint32_t)two};
  head[0] = kind;
  memcpy(head + 1, &first, 8);
  memcpy(head + 9, &second, 8);
  memcpy(head + 17, lengths, 8);
  append(head, sizeof head);
}

static void end_record(char kind, const char *path) {
  int counts = *counted == 0 || (*counted == kind && strncmp(counted + 1, path, strlen(counted + 1)) == 0);
  if (left_to_live > 0 && counts && --left_to_live == 0) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
  }
}

static void record(char kind, uint64_t first, uint64_t second, const char *one, const char *two) {
  int kept = errno;
  begin_record(kind, first, second, strlen(one), strlen(two));
  append(one, strlen(one));
  append(two, strlen(two));
  end_record(kind, one);
  errno = kept;
}

__attribute__((constructor)) static void start(void) {
  const char *log = getenv("CAMSPOOL_RECORD"), *folder = getenv("CAMSPOOL_RECORD_ROOT");
  const char *kill_after = getenv("CAMSPOOL_RECORD_KILL");
  if (log == NULL || folder == NULL) return;
  root = folder;
  root_length = strlen(folder);
  if (getenv("CAMSPOOL_RECORD_KILL_AT") != NULL) counted = getenv("CAMSPOOL_RECORD_KILL_AT");
  left_to_live = kill_after == NULL ? 0 : atol(kill_after);
  log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log_fd < 0) abort();
  record('P', getpid(), 0, "", "");
}

// The path below the root, "" for the root itself; NULL where it is none of ours.
static const char *below(int folder, const char *path, char *buffer) {
  if (log_fd < 0 || path == NULL || *path == 0) return NULL;
  if (path[0] != '/') {
    char link[64];
    if (folder == AT_FDCWD) strcpy(link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, buffer, PATH_MAX);
    if (length < 0 || length + strlen(path) + 2 > 2 * PATH_MAX) return NULL;
    buffer[length] = '/';
    strcpy(buffer + length + 1, path);
    path = buffer;
  }
  size_t length = strlen(path);
  if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return NULL;
  if (strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == 0) return path + root_length;
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static int follows(int fd, struct stat *about) {
  return log_fd >= 0 && fd >= 0 && fd < MAX_FD && tracked[fd] && fstat(fd, about) == 0 &&
         (S_ISREG(about->st_mode) || S_ISDIR(about->st_mode));
}

static void lock(void) { pthread_mutex_lock(&order); }

static void unlock(void) {
  int kept = errno;
  pthread_mutex_unlock(&order);
  errno = kept;
}

// Opening

static int open_file(int folder, const char *path, int flags, mode_t mode) {
  char buffer[2 * PATH_MAX];
  const char *name = below(folder, path, buffer);
  if (name == NULL) {
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd >= 0 && fd < MAX_FD) tracked[fd] = 0;
    return fd;
  }
  struct stat before, after;
  lock();
  int existed = fstatat(folder, path, &before, 0) == 0;
  int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (fd >= MAX_FD) abort();
  if (fd >= 0) {
    tracked[fd] = 1 | (flags & O_APPEND ? APPENDS : 0);
    if ((flags & O_TMPFILE) == O_TMPFILE) record('X', 0, 0, "O_TMPFILE", name);
    else if (!existed && fstat(fd, &after) == 0) record('C', after.st_ino, 0, name, "");
    else if ((flags & O_TRUNC) && before.st_size > 0) record('T', before.st_ino, 0, "", "");
  }
  unlock();
  return fd;
}

#include "open.h"
int creat(const char *path, mode_t mode) { return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd) {
  if (fd >= 0 && fd < MAX_FD) tracked[fd] = 0;
  return (int)syscall(SYS_close, fd);
}

static int copied(int from, int to) {
  if (to >= 0 && to < MAX_FD) tracked[to] = from >= 0 && from < MAX_FD ? tracked[from] : 0;
  return to;
}
int dup(int fd) { return copied(fd, (int)syscall(SYS_dup, fd)); }
int dup3(int fd, int to, int flags) { return copied(fd, (int)syscall(SYS_dup3, fd, to, flags)); }
int dup2(int fd, int to) { return fd == to ? (fcntl(fd, F_GETFD) < 0 ? -1 : to) : dup3(fd, to, 0); }

// Content

// A write of these pieces at an offset, or where the file stands: -1.
static ssize_t write_pieces(int fd, const struct iovec *pieces, int count, off_t at) {
  struct stat about;
  int ours = follows(fd, &about);
  off_t place = at;
  if (ours) {
    lock();
    if (fstat(fd, &about) != 0) abort();
    if (tracked[fd] & APPENDS) place = about.st_size;  // with an offset too: so does Linux
    else if (at < 0) place = lseek(fd, 0, SEEK_CUR);
  }
  ssize_t written = at >= 0 ? syscall(SYS_pwritev, fd, pieces, count, at, 0) : syscall(SYS_writev, fd, pieces, count);
  if (ours && written > 0) {
    begin_record('W', about.st_ino, place, written, 0);
    for (size_t left = written; left > 0; pieces++) {
      size_t part = pieces->iov_len < left ? pieces->iov_len : left;
      append(pieces->iov_base, part);
      left -= part;
    }
    end_record('W', "");
  }
  if (ours) unlock();
  return written;
}

static ssize_t write_bytes(int fd, const void *bytes, size_t count, off_t at) {
  struct stat about;
  if (!follows(fd, &about))
    return at >= 0 ? syscall(SYS_pwrite64, fd, bytes, count, at) : syscall(SYS_write, fd, bytes, count);
  struct iovec piece = {(void *)bytes, count};
  return write_pieces(fd, &piece, 1, at);
}

ssize_t write(int fd, const void *bytes, size_t count) { return write_bytes(fd, bytes, count, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return write_bytes(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return write_bytes(fd, bytes, count, at); }
ssize_t writev(int fd, const struct iovec *pieces, int count) { return write_pieces(fd, pieces, count, -1); }
ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t at) { return write_pieces(fd, pieces, count, at); }
ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off_t at) { return write_pieces(fd, pieces, count, at); }

int ftruncate(int fd, off_t size) {
  struct stat about;
  if (!follows(fd, &about)) return (int)syscall(SYS_ftruncate, fd, size);
  lock();
  int result = (int)syscall(SYS_ftruncate, fd, size);
  if (result == 0) record('T', about.st_ino, size, "", "");
  unlock();
  return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int truncate(const char *path, off_t size) {
  int fd = open_file(AT_FDCWD, path, O_WRONLY, 0);
  if (fd < 0) return -1;
  int result = ftruncate(fd, size), kept = errno;
  close(fd);
  errno = kept;
  return result;
}
int truncate64(const char *path, off_t size) { return truncate(path, size); }

int fallocate(int fd, int mode, off_t at, off_t length) {
  struct stat about;
  if (!follows(fd, &about)) return (int)syscall(SYS_fallocate, fd, mode, at, length);
  lock();
  int result = (int)syscall(SYS_fallocate, fd, mode, at, length);
  if (result == 0 && mode == 0 && fstat(fd, &about) == 0) record('T', about.st_ino, about.st_size, "", "");
  else if (result == 0 && mode != FALLOC_FL_KEEP_SIZE) record('X', mode, 0, "fallocate", "");
  unlock();
  return result;
}
int fallocate64(int fd, int mode, off_t at, off_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) { return fallocate(fd, 0, at, length) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off_t at, off_t length) { return posix_fallocate(fd, at, length); }

static int force(int fd, long call) {
  struct stat about;
  if (!follows(fd, &about)) return (int)syscall(call, fd);
  char link[64], path[PATH_MAX + 1];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX);
  path[length < 0 ? 0 : length] = 0;
  const char *name = below(AT_FDCWD, path, NULL);
  lock();
  uint64_t token = ++forces;
  record('B', about.st_ino, token, name == NULL ? "" : name, "");
  unlock();
  int result = (int)syscall(call, fd);
  if (result == 0) {
    lock();
    record('E', about.st_ino, token, "", "");
    unlock();
  }
  return result;
}
int fsync(int fd) { return force(fd, SYS_fsync); }
int fdatasync(int fd) { return force(fd, SYS_fdatasync); }

// Not followed

static void refuse(int fd, const char *what) {
  struct stat about;
  if (!follows(fd, &about)) return;
  lock();
  record('X', about.st_ino, 0, what, "");
  unlock();
}
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if ((protection & PROT_WRITE) && (flags & MAP_SHARED)) refuse(fd, "mmap");
  return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  return mmap(at, length, protection, flags, fd, offset);
}
ssize_t sendfile(int to, int from, off_t *at, size_t count) {
  refuse(to, "sendfile");
  return syscall(SYS_sendfile, to, from, at, count);
}
ssize_t sendfile64(int to, int from, off_t *at, size_t count) { return sendfile(to, from, at, count); }
ssize_t copy_file_range(int from, off_t *at, int to, off_t *to_at, size_t count, unsigned flags) {
  refuse(to, "copy_file_range");
  return syscall(SYS_copy_file_range, from, at, to, to_at, count, flags);
}

// Names

static int rename_file(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  char buffer[2 * PATH_MAX], to_buffer[2 * PATH_MAX];
  const char *name = below(from_folder, from, buffer), *to_name = below(to_folder, to, to_buffer);
  lock();
  int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (result == 0 && (name != NULL || to_name != NULL)) {
    if (name == NULL || to_name == NULL || (flags & ~RENAME_NOREPLACE))
      record('X', flags, 0, "rename across the root, or exchange", to);
    else record('R', 0, 0, name, to_name);
  }
  unlock();
  return result;
}
int rename(const char *from, const char *to) { return rename_file(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return rename_file(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  return rename_file(from_folder, from, to_folder, to, flags);
}

static int unlink_file(int folder, const char *path, int flags) {
  char buffer[2 * PATH_MAX];
  const char *name = below(folder, path, buffer);
  if (name == NULL) return (int)syscall(SYS_unlinkat, folder, path, flags);
  lock();
  int result = (int)syscall(SYS_unlinkat, folder, path, flags);
  if (result == 0) record('U', 0, 0, name, "");
  unlock();
  return result;
}
int unlink(const char *path) { return unlink_file(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return unlink_file(folder, path, flags); }
int rmdir(const char *path) { return unlink_file(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int result = unlink(path);
  return result != 0 && errno == EISDIR ? rmdir(path) : result;
}

static int link_file(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  char buffer[2 * PATH_MAX];
  const char *name = below(to_folder, to, buffer);
  struct stat about;
  lock();
  int result = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (result == 0 && name != NULL && fstatat(to_folder, to, &about, AT_SYMLINK_NOFOLLOW) == 0)
    record('L', about.st_ino, 0, name, "");
  unlock();
  return result;
}
int link(const char *from, const char *to) { return link_file(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  return link_file(from_folder, from, to_folder, to, flags);
}

static int make_folder(int folder, const char *path, mode_t mode) {
  char buffer[2 * PATH_MAX];
  const char *name = below(folder, path, buffer);
  if (name == NULL) return (int)syscall(SYS_mkdirat, folder, path, mode);
  struct stat about;
  lock();
  int result = (int)syscall(SYS_mkdirat, folder, path, mode);
  if (result == 0 && fstatat(folder, path, &about, 0) == 0) record('M', about.st_ino, 0, name, "");
  unlock();
  return result;
}
int mkdir(const char *path, mode_t mode) { return make_folder(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return make_folder(folder, path, mode); }
