// A web server for this machine alone, by civetweb. The library is loaded when a server starts, so that only the preview needs it.

#ifndef CHTTPSERVER_H
#define CHTTPSERVER_H

#include <stddef.h>

/// One request, as long as its handler runs.
struct mg_connection;

typedef struct {
    const char *method;
    /// The decoded path, from its first slash.
    const char *path;
    /// What comes after the question mark; NULL for nothing.
    const char *query;
    /// The header `Host`; NULL if there is none.
    const char *host;
} CHTTPRequest;

/// Answers a request; on any thread.
typedef void (*CHTTPHandler)(void *context, struct mg_connection *connection, const CHTTPRequest *request);

/// Starts a server on 127.0.0.1, which runs until the program ends.
///
/// - Parameter port: the port that it has chosen.
/// - Returns: whether it was started; if not, `error` has the reason.
int CHTTPStart(CHTTPHandler handler, void *context, int *port, char *error, size_t size);

/// Sends bytes. Returns whether the client is still there.
int CHTTPWrite(struct mg_connection *connection, const void *bytes, size_t count);

#endif
