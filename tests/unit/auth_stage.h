/* A sign-in against a cloud that answers by a script, for the tests of every
 * way. */
#ifndef AUTH_STAGE_H
#define AUTH_STAGE_H

#include "auth.h"

#include "loopback.h"
#include "temp.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATIENCE_MS 5000
#define TENANT "11111111-2222-3333-4444-555555555555"
#define SCRIPT_LIMIT 12
#define STAGE_VAULT "https://kv-pay.vault.contoso.example"
#define STAGE_HSM "https://hsm-pay.hsm.contoso.example"
#define STAGE_LOGS "https://logs.contoso.example"

/* A cloud that answers by a script, and a sign-in to it. */
struct stage {
    struct loopback_reply replies[SCRIPT_LIMIT];
    char texts[SCRIPT_LIMIT][1200];
    size_t count;
    struct loopback *server;
    struct http *http;
    struct auth *auth;
    char *folder;
    char *environment[16];
    unsigned changes;
    bool no_device_code;
    const char *way;
};

/* What a callback was told. */
struct told {
    unsigned times;
    enum kv_status status;
    struct http_token *token; /* held */
    char text[512];
};

static inline void told_token(
    void *context, struct http_token *token, const struct kv_error *err)
{
    struct told *told = context;

    told->times++;
    http_token_drop(told->token);
    told->token = token ? http_token_hold(token) : NULL;
    told->status = token ? KV_OK : err->status;
    snprintf(told->text, sizeof told->text, "%s", token ? "" : err->text);
}

static inline void ask(struct auth *auth, bool force, struct told *told)
{
    auth_token(auth, &(struct auth_token_request){
                         .force = force, .done = told_token, .context = told });
}

static inline void ask_for(
    struct auth *auth, struct auth_token_request request, struct told *told)
{
    request.done = told_token;
    request.context = told;
    auth_token(auth, &request);
}

static inline void told_done(struct told *told)
{
    http_token_drop(told->token);
    *told = (struct told){ 0 };
}

static inline void count_change(void *context)
{
    ((struct stage *)context)->changes++;
}

/* `field` is a whole header field with its line end, or "". */
static inline void add_reply_with(
    struct stage *stage, long code, const char *field, const char *body)
{
    snprintf(stage->texts[stage->count], sizeof stage->texts[0],
        "HTTP/1.1 %ld X\r\n%sContent-Length: %zu\r\n\r\n%s", code, field,
        strlen(body), body);
    stage->replies[stage->count].text = stage->texts[stage->count];
    stage->count++;
}

static inline void add_reply(struct stage *stage, long code, const char *body)
{
    add_reply_with(stage, code, "", body);
}

static inline void add_variable(struct stage *stage, const char *entry)
{
    size_t count = 0;

    while (stage->environment[count])
        count++;
    stage->environment[count] = strdup(entry);
}

static inline void add_variablef(struct stage *stage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void add_variablef(struct stage *stage, const char *format, ...)
{
    char entry[600];
    va_list args;

    va_start(args, format);
    vsnprintf(entry, sizeof entry, format, args);
    va_end(args);
    add_variable(stage, entry);
}

static inline void add_secret(struct stage *stage)
{
    add_variable(stage, "AZURE_TENANT_ID=" TENANT);
    add_variable(stage, "AZURE_CLIENT_ID=app-1");
    add_variable(stage, "AZURE_CLIENT_SECRET=p w&d");
}

/* The first answer is the cloud's; it needs the port, so it is made last. */
static inline void stage_open(struct stage *stage)
{
    char body[1000];

    stage->server = loopback_new(stage->replies, stage->count);
    snprintf(body, sizeof body,
        "[{\"name\":\"Test\",\"resourceManager\":\"%s/\",\"authentication\":"
        "{\"loginEndpoint\":\"%s/\",\"audiences\":[\"https://a.example/\"]},"
        "\"suffixes\":{\"keyVaultDns\":\"vault.contoso.example\",\"mhsmDns\":"
        "\"hsm.contoso.example\"},\"microsoftGraphResourceId\":\"%s/\","
        "\"logAnalyticsResourceId\":\"" STAGE_LOGS "\"}]",
        loopback_origin(stage->server), loopback_origin(stage->server),
        loopback_origin(stage->server));
    snprintf(stage->texts[0], sizeof stage->texts[0],
        "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    stage->http =
        http_new(&(struct http_options){ .backoff_ms = 2, .retries = 2 });
    stage->auth = auth_new(&(struct auth_options){
        .http = stage->http,
        .arm_endpoint = loopback_origin(stage->server),
        .way = stage->way,
        .no_device_code = stage->no_device_code,
        .backoff_ms = 2,
        .environment = stage->environment,
        .changed = count_change,
        .context = stage,
    });
}

/* Public Azure, of which only `az` is asked: nothing goes over the network. */
static inline void stage_open_public(struct stage *stage, const char *script)
{
    char *path;
    char variable[400];

    stage->folder = temp_new();
    path = temp_path(stage->folder, "az");
    if (script) {
        test_write_file(path, script);
        assert_int_equal(chmod(path, 0700), 0);
    }
    mem_free(path);
    add_variable(stage, "AZURE_TOKEN_CREDENTIALS=dev");
    snprintf(variable, sizeof variable, "PATH=:relative:%s", stage->folder);
    add_variable(stage, variable);
    stage->http = http_new(&(struct http_options){ .backoff_ms = 2 });
    stage->auth = auth_new(&(struct auth_options){
        .http = stage->http,
        .tenant = "contoso.example",
        .way = stage->way,
        .no_device_code = stage->no_device_code,
        .backoff_ms = 2,
        .environment = stage->environment,
        .changed = count_change,
        .context = stage,
    });
}

static inline void stage_close(struct stage *stage)
{
    auth_free(stage->auth);
    http_free(stage->http);
    loopback_free(stage->server);
    temp_done(stage->folder);
    for (size_t i = 0; stage->environment[i]; i++)
        free(stage->environment[i]);
}

static inline void stage_step(struct stage *stage)
{
    struct http_fd fd = { .fd = auth_fd(stage->auth) };
    int64_t due_ms = auth_due_ms(stage->auth);

    http_wait(stage->http, &fd, fd.fd >= 0,
        due_ms >= 0 && due_ms < 100 ? (int)due_ms : 100);
    http_step(stage->http);
    auth_step(stage->auth);
}

static inline void stage_run_until(
    struct stage *stage, enum kv_sign_in_state state)
{
    int64_t end_ms = clock_steady_ms() + PATIENCE_MS;

    while (auth_sign_in(stage->auth)->state != state) {
        if (clock_steady_ms() > end_ms)
            fail_with("state %d, not %d: %s",
                (int)auth_sign_in(stage->auth)->state, (int)state,
                auth_sign_in(stage->auth)->text);
        stage_step(stage);
    }
}

/* Opens, starts and runs to a state. */
static inline void stage_play(struct stage *stage, enum kv_sign_in_state state)
{
    stage_open(stage);
    auth_start(stage->auth);
    stage_run_until(stage, state);
}

static inline void stage_run_idle(struct stage *stage)
{
    int64_t end_ms = clock_steady_ms() + PATIENCE_MS;

    while (auth_busy(stage->auth) && clock_steady_ms() < end_ms)
        stage_step(stage);
    assert_false(auth_busy(stage->auth));
}

#define TOKEN(value, seconds)                                                  \
    "{\"token_type\":\"Bearer\",\"expires_in\":" seconds                       \
    ",\"access_token\":\"" value "\"}"

#endif
