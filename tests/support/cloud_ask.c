/* Requests of the tests' own to the simulated cloud. */
#include "cloud_ask.h"

#include <string.h>
#include <strings.h>

#include "base.h"
#include "test.h"

#define ANSWER_LIMIT (32u << 20)
#define FORM "application/x-www-form-urlencoded"

void answer_done(struct answer *answer)
{
    mem_free(answer->head);
    json_decref(answer->body);
    *answer = (struct answer){ 0 };
}

struct answer cloud_ask(
    const struct cloud *cloud, const struct web_request *request)
{
    struct buf head = { .limit = ANSWER_LIMIT };
    struct buf body = { .limit = ANSWER_LIMIT };
    struct web_request sent = *request;
    struct answer answer = { 0 };

    if (!sent.origin)
        sent.origin = cloud->origin;
    sent.authority = cloud_variable(cloud, "SSL_CERT_FILE");
    sent.head = &head;
    answer.status = web_send(&sent, &body);
    answer.head = mem_copy_text(buf_text(&head));
    answer.body = json_loads(buf_text(&body), JSON_DECODE_ANY, NULL);
    buf_done(&head);
    buf_done(&body);
    return answer;
}

struct answer cloud_ask_token(const struct cloud *cloud, const char *form)
{
    struct buf path = { .limit = 256 };

    buf_putf(&path, "/%s/oauth2/v2.0/token",
        cloud_variable(cloud, "AZURE_TENANT_ID"));
    struct answer answer = cloud_ask(cloud, &(struct web_request){
                                                .method = "POST",
                                                .path = buf_text(&path),
                                                .content_type = FORM,
                                                .body = form,
                                            });
    buf_done(&path);
    return answer;
}

char *cloud_bearer(const struct cloud *cloud, const char *audience)
{
    struct buf form = { .limit = 4096 };

    buf_putf(&form,
        "grant_type=client_credentials&client_id=%s&client_secret=%s&"
        "scope=%s/.default",
        cloud_variable(cloud, "AZURE_CLIENT_ID"),
        cloud_variable(cloud, "AZURE_CLIENT_SECRET"), audience);
    struct answer answer = cloud_ask_token(cloud, buf_text(&form));
    char *bearer = answer_bearer(&answer);
    answer_done(&answer);
    buf_done(&form);
    return bearer;
}

char *answer_bearer(const struct answer *answer)
{
    struct buf text = { .limit = 16384 };

    if (answer->status != 200 || !*answer_text(answer, "access_token"))
        fail_with("no token: %d %s", answer->status,
            answer_text(answer, "error_description"));
    buf_putf(&text, "Bearer %s", answer_text(answer, "access_token"));
    char *bearer = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return bearer;
}

int answer_number(const struct answer *answer)
{
    return (int)json_integer_value(
        json_array_get(json_path(answer->body, "error_codes"), 0));
}

char *answer_header(const struct answer *answer, const char *name)
{
    struct view rest = view_of(answer->head);
    size_t size = strlen(name);

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');

        if (line.size <= size || line.data[size] != ':' ||
            strncasecmp(line.data, name, size) != 0)
            continue;
        line = (struct view){ line.data + size + 1, line.size - size - 1 };
        char *copy = mem_copy_view(line);
        copy[strcspn(copy, "\r")] = '\0';
        memmove(copy, copy + strspn(copy, " "),
            strlen(copy + strspn(copy, " ")) + 1);
        return copy;
    }
    return NULL;
}

const char *answer_text(const struct answer *answer, const char *path)
{
    const char *text = json_string_value(json_path(answer->body, path));

    return text ? text : "";
}
