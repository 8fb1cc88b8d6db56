#pragma once
#include <stddef.h>

/// The bytes of a file that is built into the program, by its name in `files.c`; null for an unknown name.
const unsigned char *embedded_file(const char *name, size_t *count);
