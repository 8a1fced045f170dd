/* SPDX-License-Identifier: EUPL-1.2 */
/* Whole small files: read with a cap, written so that a reader never sees half of one. */
#ifndef VIDD_SERVER_FILE_H
#define VIDD_SERVER_FILE_H

#include <stddef.h>

/* Reads path into *out (NUL after *len bytes; free() it). 0, -EFBIG above max, or -errno. */
int file_read(const char *path, size_t max, char **out, size_t *len);
/* Writes a new file with mode 0600 beside path, syncs it and renames it over. 0 or -errno. */
int file_write_secret(const char *path, const void *data, size_t len);
/* Makes the directory (mode 0700) and its parents. 0 or -errno. */
int file_make_directory(const char *path);

#endif
