/* HTTPS by libcurl, with the certificate and its names checked. */
#include "web_secure.h"

#include <curl/curl.h>
#include <string.h>

#include "base.h"
#include "test.h"

#define ANSWER_LIMIT_MS 60000L
#define LINE_LIMIT 4096

static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct buf *out = context;

    if (out)
        buf_put(out, (struct view){ data, size * count });
    return size * count;
}

/* Each line of `text` without its CRLF. */
static struct curl_slist *headers_add(struct curl_slist *list, const char *text)
{
    struct view rest = view_of(text ? text : "");

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        char *copy = mem_copy_view(line);

        copy[strcspn(copy, "\r")] = '\0';
        list = curl_slist_append(list, copy);
        mem_free(copy);
    }
    return list;
}

static struct curl_slist *headers_new(const struct web_request *request)
{
    const char *type = request->content_type;
    struct buf text = { .limit = ANSWER_LIMIT_MS };

    if (request->authorization)
        buf_putf(&text, "Authorization: %s\r\n", request->authorization);
    if (request->body)
        buf_putf(
            &text, "Content-Type: %s\r\n", type ? type : "application/json");
    if (request->host)
        buf_putf(&text, "Host: %s\r\n", request->host);
    buf_puts(&text, request->headers ? request->headers : "");
    struct curl_slist *list = headers_add(NULL, buf_text(&text));
    buf_done(&text);
    return list;
}

/* "localhost:PORT" becomes "localhost:PORT:127.0.0.1". */
static struct curl_slist *addresses_new(const char *origin)
{
    char line[LINE_LIMIT];

    snprintf(line, sizeof line, "%s:127.0.0.1", origin + strlen("https://"));
    return curl_slist_append(NULL, line);
}

static void handle_set(
    CURL *curl, const struct web_request *request, struct buf *body)
{
    curl_easy_setopt(
        curl, CURLOPT_CUSTOMREQUEST, request->method ? request->method : "GET");
    if (request->body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    if (request->authority)
        curl_easy_setopt(curl, CURLOPT_CAINFO, request->authority);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ANSWER_LIMIT_MS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, request->head);
}

int web_send_secure(const struct web_request *request, struct buf *body)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_new(request);
    struct curl_slist *addresses = addresses_new(request->origin);
    struct buf url = { .limit = LINE_LIMIT };
    long status = 0;

    buf_putf(&url, "%s%s", request->origin, request->path);
    handle_set(curl, request, body);
    curl_easy_setopt(curl, CURLOPT_URL, buf_text(&url));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, addresses);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_slist_free_all(addresses);
    buf_done(&url);
    return (int)status;
}
