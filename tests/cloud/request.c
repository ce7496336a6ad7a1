/* Taking a request apart: path, query parameters, forms. */
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "route.h"
#include "service.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that a percent sign stands for; negative when it stands for none.
 * A NUL would cut the text short, so that is none either. */
static int percent_byte(const char *text, size_t length)
{
    int value;

    if (length < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
        return -1;
    value = hex_digit(text[1]) * 16 + hex_digit(text[2]);
    return value > 0 ? value : -1;
}

char *route_decode(const char *text, size_t length, bool form)
{
    struct buffer out = { 0 };

    for (size_t i = 0; i < length; i++) {
        int byte = text[i] == '%' ? percent_byte(text + i, length - i) : -1;

        if (byte >= 0) {
            buffer_putc(&out, (char)byte);
            i += 2;
        } else {
            buffer_putc(&out, form && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return buffer_take(&out);
}

void route_parameters(const char *text, struct parameter **out, size_t *count)
{
    while (*text) {
        size_t length = strcspn(text, "&");
        size_t name = strcspn(text, "=&");
        size_t value = name < length ? name + 1 : length;

        if (length > 0) {
            *out = alloc_grow(*out, *count + 1, sizeof **out);
            (*out)[(*count)++] = (struct parameter){
                .name = route_decode(text, name, true),
                .value = route_decode(text + value, length - value, true),
            };
        }
        text += length + (text[length] == '&');
    }
}

static void prepare_link(struct call *call)
{
    const char *query = strchr(call->target, '?');
    struct buffer link = { 0 };
    const char *at = query ? query + 1 : "";

    buffer_put(&link, call->target,
        query ? (size_t)(query - call->target) : strlen(call->target));
    buffer_putc(&link, '?');
    while (*at) {
        size_t length = strcspn(at, "&");

        if (!text_starts(at, "$skiptoken=") &&
            !text_starts(at, "%24skiptoken=")) {
            if (link.data[link.length - 1] != '?')
                buffer_putc(&link, '&');
            buffer_put(&link, at, length);
        }
        at += length + (at[length] == '&');
    }
    call->link = buffer_take(&link);
}

/* Microsoft's libraries put a slash before a scope that has one already, and
 * Resource Manager takes the two for one. */
static void target_tidy(char *target)
{
    size_t slashes = strspn(target, "/");

    if (slashes > 1)
        memmove(target, target + slashes - 1, strlen(target) - slashes + 2);
}

void route_prepare(struct call *call)
{
    size_t length;

    target_tidy(call->target);
    length = strcspn(call->target, "?");
    if (call->target[length])
        route_parameters(
            call->target + length + 1, &call->query, &call->query_count);
    prepare_link(call);
    if (*call->target == '/')
        call->path = route_decode(call->target, length, false);
    else
        call->path = alloc_text("/"); /* "*", or an absolute address */
    length = strlen(call->path);
    if (length > 1 && call->path[length - 1] == '/')
        call->path[length - 1] = '\0';
    service_find(call);
    if (!text_starts(call->path, "/_cloud/"))
        faults_apply(call->cloud->faults, call);
}
