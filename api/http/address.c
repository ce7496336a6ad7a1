/* Addresses: what origin a URL belongs to, read by libcurl's own parser, so
 * that what is checked is what is later connected to. */
#include "address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

#define HOST_LIMIT 300 /* a DNS name has at most 253 bytes */
#define ADDRESS_LIMIT 65536

/* The parts of an address; libcurl's memory. */
struct parts {
    char *scheme;
    char *host; /* an IPv6 address keeps its brackets */
    char *port; /* NULL when it is the default */
    char *zone;
};

static void parts_done(struct parts *parts)
{
    curl_free(parts->scheme);
    curl_free(parts->host);
    curl_free(parts->port);
    curl_free(parts->zone);
}

/* Shows no query, which may hold a signature. */
static enum kv_status address_refuse(
    struct kv_error *err, const char *url, const char *why)
{
    size_t shown = strcspn(url, "?#");

    return kv_error_set(err, KV_BAD_INPUT, "the address %.*s is %s",
        shown < 200 ? (int)shown : 200, url, why);
}

static enum kv_status parts_read(
    struct parts *parts, const char *url, CURLU *parser, struct kv_error *err)
{
    CURLUcode code =
        curl_url_set(parser, CURLUPART_URL, url, CURLU_DISALLOW_USER);

    if (code == CURLUE_USER_NOT_ALLOWED)
        return kv_error_set(err, KV_BAD_INPUT,
            "an address with a user name or password in it is not used");
    if (code != CURLUE_OK)
        return address_refuse(err, url, "no absolute https address");
    curl_url_get(parser, CURLUPART_SCHEME, &parts->scheme, 0);
    curl_url_get(parser, CURLUPART_HOST, &parts->host, 0);
    curl_url_get(parser, CURLUPART_PORT, &parts->port, CURLU_NO_DEFAULT_PORT);
    curl_url_get(parser, CURLUPART_ZONEID, &parts->zone, 0);
    if (!parts->scheme || !parts->host || parts->zone)
        return address_refuse(err, url, "no absolute https address");
    return KV_OK;
}

static bool host_is_plain(const char *host)
{
    size_t size = strlen(host);

    return size > 0 && size < HOST_LIMIT &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-._[]:") == size;
}

/* A name that never leaves the machine (RFC 6761); what is below it the
 * transport connects to 127.0.0.1 without asking a name server. */
static bool host_is_local(struct view host)
{
    static const char local[] = "localhost";
    size_t size = sizeof local - 1;
    struct view tail = host;

    if (host.size > size) {
        tail.data += host.size - size;
        tail.size = size;
        if (tail.data[-1] != '.')
            return false;
    }
    return view_equal_nocase(tail, view_of(local));
}

static bool host_is_loopback(struct view host)
{
    char text[HOST_LIMIT] = "";
    struct in_addr v4;
    struct in6_addr v6;

    if (host_is_local(host))
        return true;
    if (host.size >= sizeof text)
        return false;
    if (host.size > 2 && host.data[0] == '[') {
        memcpy(text, host.data + 1, host.size - 2);
        return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
    }
    memcpy(text, host.data, host.size);
    return inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

/* Azure's metadata service, on a link that ends at the machine's own host. */
static bool host_is_machine(const char *host)
{
    return host_is_loopback(view_of(host)) ||
           strcmp(host, "169.254.169.254") == 0;
}

static enum kv_status parts_check(const struct parts *parts, const char *url,
    bool machine, struct kv_error *err)
{
    bool plain = strcmp(parts->scheme, "http") == 0;

    if (!plain && strcmp(parts->scheme, "https") != 0)
        return address_refuse(err, url, "no absolute https address");
    if (!host_is_plain(parts->host))
        return address_refuse(err, url, "without a usable host name");
    if (machine && !host_is_machine(parts->host))
        return address_refuse(err, url, "not one of this machine's own");
    if (plain && !machine && !host_is_loopback(view_of(parts->host)))
        return address_refuse(err, url,
            "plain http, which is used to this machine only: use https");
    return KV_OK;
}

static void origin_put(struct buf *out, const struct parts *parts)
{
    buf_puts(out, parts->scheme);
    buf_puts(out, "://");
    for (const char *at = parts->host; *at; at++)
        buf_putc(out, *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at);
    if (parts->port) {
        buf_putc(out, ':');
        buf_puts(out, parts->port);
    }
}

static enum kv_status origin_read(
    struct buf *out, const char *url, bool machine, struct kv_error *err)
{
    struct parts parts = { 0 };
    CURLU *parser;
    enum kv_status status;

    if (!url || strlen(url) > ADDRESS_LIMIT)
        return kv_error_set(err, KV_BAD_INPUT, "an address is %s",
            url ? "too long" : "missing");
    parser = curl_url();
    status = parts_read(&parts, url, parser, err);
    if (status == KV_OK)
        status = parts_check(&parts, url, machine, err);
    if (status == KV_OK)
        origin_put(out, &parts);
    parts_done(&parts);
    curl_url_cleanup(parser);
    return status;
}

enum kv_status http_origin(
    struct buf *out, const char *url, struct kv_error *err)
{
    return origin_read(out, url, false, err);
}

enum kv_status http_machine_origin(
    struct buf *out, const char *url, struct kv_error *err)
{
    return origin_read(out, url, true, err);
}

bool http_same_origin(const char *a, const char *b)
{
    struct buf first = { .limit = HOST_LIMIT + 32 };
    struct buf second = { .limit = HOST_LIMIT + 32 };
    bool same = http_origin(&first, a, NULL) == KV_OK &&
                http_origin(&second, b, NULL) == KV_OK && !first.failed &&
                !second.failed &&
                view_equal(buf_view(&first), buf_view(&second));

    buf_done(&first);
    buf_done(&second);
    return same;
}

const char *address_host(const char *origin)
{
    const char *mark = strstr(origin, "://");

    return mark ? mark + 3 : origin;
}

struct view address_path(const char *url)
{
    const char *path = address_host(url);

    path += strcspn(path, "/?#");
    return (struct view){ path, strcspn(path, "?#") };
}

bool address_is_loopback(const char *origin)
{
    struct view host = view_of(address_host(origin));
    size_t bracket = strcspn(host.data, "]");

    host.size = host.data[bracket] ? bracket + 1 : strcspn(host.data, ":/");
    return host_is_loopback(host);
}

bool address_is_below_localhost(const char *origin)
{
    const char *host = address_host(origin);
    struct view name = { host, strcspn(host, ":/") };

    return name.size > strlen("localhost") && host_is_local(name);
}
