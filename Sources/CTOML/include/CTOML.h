// Reads TOML 1.0 with toml++ (https://marzer.github.io/tomlplusplus), for Swift.

#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What is read, in the order of the file but for the keys of a table, which are sorted.
typedef enum {
    TOMLEventTable,   // a table begins; it ends with TOMLEventEnd
    TOMLEventList,    // a list begins; it ends with TOMLEventEnd
    TOMLEventEnd,     // the innermost table or list ends
    TOMLEventString,  // a string: text
    TOMLEventOther,   // a number, a date or a boolean
    TOMLEventError,   // the file is no TOML: text says why. Nothing else is sent
} TOMLEventKind;

typedef struct {
    TOMLEventKind kind;
    // Its name in the table around it, in UTF-8; empty in a list.
    const char *key;
    size_t keyCount;
    // The string, or what is wrong, in UTF-8.
    const char *text;
    size_t textCount;
    // Its place, or that of its key: line and column in characters, from 1.
    uint32_t line, column;
} TOMLEvent;

// Sends what bytes hold to a function. What an event points at is gone when the function returns.
void readTOML(const char *bytes, size_t count, void *context, void (*receive)(void *context, const TOMLEvent *event));

#ifdef __cplusplus
}
#endif

#endif
