// The four ways to open a file, each handed to open_file of the file that includes this.
#define OPEN(signature, folder)                                        \
  int signature {                                                      \
    mode_t mode = 0;                                                   \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {       \
      va_list more;                                                    \
      va_start(more, flags);                                           \
      mode = va_arg(more, mode_t);                                     \
      va_end(more);                                                    \
    }                                                                  \
    return open_file(folder, path, flags, mode);                       \
  }
OPEN(open(const char *path, int flags, ...), AT_FDCWD)
OPEN(open64(const char *path, int flags, ...), AT_FDCWD)
OPEN(openat(int folder, const char *path, int flags, ...), folder)
OPEN(openat64(int folder, const char *path, int flags, ...), folder)
