/* Building answers: bodies, headers and ARM's error envelope; and reading
 * what a request says. */
#include "cloud.h"

#include <openssl/rand.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *call_query(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->query_count; i++)
        if (text_same(call->query[i].name, name))
            return call->query[i].value;
    return NULL;
}

const char *call_asked(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->asked_count; i++)
        if (text_same(call->asked[i].name, name))
            return call->asked[i].value;
    return NULL;
}

const char *call_object_id(const struct call *call)
{
    const char *id = json_string_value(json_object_get(call->principal, "id"));

    return id ? id : "";
}

bool call_is(const struct call *call, const char *method)
{
    return strcmp(call->method, method) == 0;
}

json_t *call_json(struct call *call)
{
    json_error_t error;
    json_t *json = json_loadb(
        call->body.data ? call->body.data : "", call->body.length, 0, &error);

    if (json_is_object(json))
        return json;
    json_decref(json);
    answer_error(call, 400, "InvalidRequestContent",
        "The request content was invalid and could not be deserialized: "
        "'%s'.",
        error.text);
    return NULL;
}

static void headers_free(struct header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(headers[i].name);
        free(headers[i].value);
    }
    free(headers);
}

void call_done(struct call *call)
{
    for (size_t i = 0; i < call->query_count; i++) {
        free(call->query[i].name);
        free(call->query[i].value);
    }
    headers_free(call->headers, call->header_count);
    headers_free(call->asked, call->asked_count);
    for (size_t i = 0; i < CAPTURE_LIMIT; i++)
        free(call->captures[i]);
    free(call->query);
    free(call->method);
    free(call->path);
    free(call->target);
    free(call->link);
    free(call->authorization);
    free(call->origin);
    free(call->vault);
    buffer_done(&call->body);
    buffer_done(&call->answer);
}

void call_header(struct call *call, const char *name, const char *format, ...)
{
    struct buffer value = { 0 };
    char text[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buffer_puts(&value, text);
    call->headers = alloc_grow(
        call->headers, call->header_count + 1, sizeof *call->headers);
    call->headers[call->header_count++] = (struct header){
        .name = alloc_text(name),
        .value = buffer_take(&value),
    };
}

void call_drop_header(struct call *call, const char *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < call->header_count; i++) {
        if (!text_same(call->headers[i].name, name)) {
            call->headers[kept++] = call->headers[i];
            continue;
        }
        free(call->headers[i].name);
        free(call->headers[i].value);
    }
    call->header_count = kept;
}

static void answer_start(struct call *call, unsigned status)
{
    call->status = status;
    buffer_done(&call->answer);
}

void answer_json(struct call *call, unsigned status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);

    answer_start(call, status);
    buffer_puts(&call->answer, text ? text : "{}");
    free(text);
    json_decref(body);
}

void answer_item(struct call *call, unsigned status, const struct item *item)
{
    answer_start(call, status);
    buffer_put(&call->answer, item->text.at, item->text.length);
}

void answer_empty(struct call *call, unsigned status)
{
    answer_start(call, status);
}

void answer_error(struct call *call, unsigned status, const char *code,
    const char *format, ...)
{
    char *message = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&message, format, args) < 0)
        message = NULL;
    va_end(args);
    answer_json(call, status,
        json_pack("{s:{s:s, s:s}}", "error", "code", code, "message",
            message ? message : ""));
    free(message);
}

char *guid_new(void)
{
    unsigned char b[16];

    if (RAND_bytes(b, sizeof b) != 1)
        memset(b, 0x11, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    return alloc_format("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
                        "%02x%02x%02x%02x%02x%02x",
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
        b[11], b[12], b[13], b[14], b[15]);
}

char *secret_new(void)
{
    unsigned char bytes[32];
    struct buffer text = { 0 };

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    for (size_t i = 0; i < sizeof bytes; i++)
        buffer_putf(&text, "%02x", bytes[i]);
    return buffer_take(&text);
}

void time_text(time_t when, char out[32])
{
    struct tm parts;

    gmtime_r(&when, &parts);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void time_now_text(char out[40])
{
    struct timespec now;
    struct tm parts;
    char seconds[24];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out, 40, "%s.%07dZ", seconds, (int)(now.tv_nsec / 100) % 10000000);
}

long long time_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
