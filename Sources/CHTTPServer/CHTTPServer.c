#include "CHTTPServer.h"

#include <civetweb.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// The functions of the library, when it is loaded.
static struct {
    unsigned (*initialise)(unsigned);
    struct mg_context *(*start)(const struct mg_callbacks *, void *, const char **);
    void (*setHandler)(struct mg_context *, const char *, mg_request_handler, void *);
    const struct mg_request_info *(*info)(const struct mg_connection *);
    int (*ports)(const struct mg_context *, int, struct mg_server_port *);
    int (*write)(struct mg_connection *, const void *, size_t);
} library;

typedef struct {
    CHTTPHandler handler;
    void *context;
} Server;

static const char *const names[] = {"libcivetweb.so.1", "libcivetweb.so", "libcivetweb.dylib"};

static void *load(void) {
    void *handle = NULL;
    for (size_t index = 0; !handle && index < sizeof names / sizeof *names; index++) handle = dlopen(names[index], RTLD_NOW);
    if (!handle) return NULL;
    *(void **)&library.initialise = dlsym(handle, "mg_init_library");
    *(void **)&library.start = dlsym(handle, "mg_start");
    *(void **)&library.setHandler = dlsym(handle, "mg_set_request_handler");
    *(void **)&library.info = dlsym(handle, "mg_get_request_info");
    *(void **)&library.ports = dlsym(handle, "mg_get_server_ports");
    *(void **)&library.write = dlsym(handle, "mg_write");
    int isWhole = library.initialise && library.start && library.setHandler && library.info && library.ports && library.write;
    return isWhole ? handle : NULL;
}

static int handle(struct mg_connection *connection, void *data) {
    const Server *server = data;
    const struct mg_request_info *info = library.info(connection);
    CHTTPRequest request = {info->request_method, info->local_uri, info->query_string, NULL};
    for (int index = 0; index < info->num_headers; index++) {
        if (!strcasecmp(info->http_headers[index].name, "Host")) request.host = info->http_headers[index].value;
    }
    server->handler(server->context, connection, &request);
    // The handler has answered; the status is for a log that is not kept.
    return 200;
}

int CHTTPStart(CHTTPHandler handler, void *context, int *port, char *error, size_t size) {
    if (!load()) {
        snprintf(error, size, "civetweb");
        return 0;
    }
    Server *server = malloc(sizeof *server);
    if (!server) return 0;
    *server = (Server){handler, context};
    library.initialise(0);
    // Each page that is open holds a thread that waits for changes.
    const char *options[] = {"listening_ports", "127.0.0.1:0", "num_threads", "32", "enable_directory_listing", "no", "request_timeout_ms", "10000", NULL};
    struct mg_callbacks callbacks = {0};
    struct mg_context *started = library.start(&callbacks, server, options);
    struct mg_server_port ports[4];
    if (!started || library.ports(started, 4, ports) < 1) {
        snprintf(error, size, "port");
        free(server);
        return 0;
    }
    *port = ports[0].port;
    library.setHandler(started, "**", handle, server);
    return 1;
}

int CHTTPWrite(struct mg_connection *connection, const void *bytes, size_t count) {
    return library.write(connection, bytes, count) == (int)count;
}
