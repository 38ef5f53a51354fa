/* The port to Linux, for qemu's user mode or a real board: files through stdio. */
#include "port.h"

#include <stdio.h>

enum { MAX_FILES = 4 };
static FILE *files[MAX_FILES];

int port_open(const char *path, int writing) {
  for (int file = 0; file < MAX_FILES; ++file) {
    if (files[file])
      continue;
    files[file] = fopen(path, writing ? "wb" : "rb");
    return files[file] ? file : -1;
  }
  return -1;
}

int port_read(int file, void *data, size_t bytes) { return fread(data, 1, bytes, files[file]) != bytes; }

int port_write(int file, const void *data, size_t bytes) { return fwrite(data, 1, bytes, files[file]) != bytes; }

int port_close(int file) {
  int failed = fclose(files[file]);
  files[file] = NULL;
  return failed;
}
