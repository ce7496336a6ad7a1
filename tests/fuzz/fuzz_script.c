/* Scripts of keys: every text is pressed to its end or refused with a sentence.
 * Stands in for the console that is pressed, whose clock runs fast. */
#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "script.h"

#define LONGEST (1u << 12)

/* The console and its session are this one fuzz entry's. */
struct kv_session {
    int64_t steady_ms;
    unsigned keys;
};

void kv_session_wait(struct kv_session *session, struct kv_wait_fd *fds,
    size_t count, int timeout_ms)
{
    (void)fds;
    (void)count;
    session->steady_ms += 1000 + timeout_ms;
}

unsigned kv_session_step(struct kv_session *session)
{
    (void)session;
    return 0;
}

bool kv_session_idle(const struct kv_session *session)
{
    return session->keys % 3 != 1;
}

int64_t app_steady_ms(const struct app *app)
{
    return app->session->steady_ms;
}

void app_news(struct app *app, unsigned news)
{
    (void)app;
    (void)news;
}

bool app_work(struct app *app)
{
    (void)app;
    return false;
}

void app_tick(struct app *app)
{
    (void)app;
}

void app_draw(struct app *app)
{
    grid_clear(&app->grid);
}

void app_key(struct app *app, struct key key)
{
    fuzz_check(key.code != CODE_NONE && !key.pasted);
    app->session->keys++;
}

static void run(const char *path, size_t size)
{
    struct kv_session session = { 0 };
    struct app app = { .session = &session };
    struct kv_error err = { 0 };

    grid_resize(&app.grid, 2, 10);
    if (script_run(&app, path, false, &err) != KV_OK)
        fuzz_check(err.status == KV_BAD_INPUT && err.text[0]);
    fuzz_check(session.keys <= size);
    grid_done(&app.grid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int file = memfd_create("keys", MFD_CLOEXEC);
    char path[64];

    size = size < LONGEST ? size : LONGEST;
    fuzz_check(file >= 0);
    fuzz_check(size == 0 || write(file, data, size) == (ssize_t)size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    run(path, size);
    (void)close(file);
    return 0;
}
