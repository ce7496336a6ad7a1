/* Why no answer came, as a sentence for the person at the screen. */
#ifndef FAILURE_H
#define FAILURE_H

#include "http.h"

#include <curl/curl.h>

struct failure {
    CURLcode code;
    const char *host;   /* as shown, "management.azure.com" */
    const char *detail; /* libcurl's words about TLS; may be "" */
    long system_error;  /* errno of the connection; 0 unknown */
    int64_t elapsed_ms; /* from the start of the try */
    bool too_large;     /* we stopped it ourselves */
    size_t limit_bytes;
};

/* Writes the sentence and returns its status: KV_NETWORK, KV_TOO_LARGE. */
enum kv_status failure_explain(
    const struct failure *failure, struct kv_error *err);

/* Whether the same request may meet with better luck. */
bool failure_is_passing(const struct failure *failure);

#endif
