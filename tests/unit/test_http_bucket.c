/* Buckets: how much may go, when more may, and who goes first. The time is the
 * test's own. */
#include "charge.h"

#include "test.h"

#include <string.h>

#define SUBSCRIPTION                                                           \
    "https://management.azure.com/subscriptions/"                              \
    "1efdfa4c-1db1-4e35-8d2c-3a665f62c412/providers/"                          \
    "Microsoft.Authorization/locks?api-version=2020-05-01"
#define OTHER "https://management.azure.com/subscriptions/other"
#define RESOURCE_GRAPH                                                         \
    "https://management.azure.com/providers/Microsoft.ResourceGraph/"          \
    "resources?api-version=2024-04-01"

/* ---- a bucket by itself ---- */

struct size_row {
    enum bucket_kind kind;
    uint32_t background;  /* requests at once */
    uint32_t interactive; /* and after these */
    int64_t each_ms;      /* until one more of them may go */
};

static const struct size_row size_rows[] = {
    { BUCKET_READS, 225, 25, 40 },
    { BUCKET_WRITES, 180, 20, 100 },
    { BUCKET_DELETES, 180, 20, 100 },
    { BUCKET_VAULT, 90, 10, 100 },
    { BUCKET_LOGS, 180, 20, 167 },
};

static uint32_t drain(struct bucket *bucket, bool interactive, int64_t now_ms)
{
    uint32_t taken = 0;

    while (bucket_has(bucket, 1, interactive, now_ms)) {
        bucket_take(bucket, 1, now_ms);
        taken++;
    }
    return taken;
}

static void check_size(const struct size_row *row)
{
    struct bucket *bucket = bucket_new(row->kind, (struct view){ 0 }, 1000);
    const struct bucket_told full = { .left =
                                          row->background + row->interactive };

    bucket_learn(bucket, &full, 1000);
    uint32_t background = drain(bucket, false, 1000);
    uint32_t interactive = drain(bucket, true, 1000);
    int64_t due_ms = bucket_due_ms(bucket, 1, true, 1000);

    if (background != row->background || interactive != row->interactive ||
        due_ms != 1000 + row->each_ms)
        fail_with("kind %d: %u, %u, due %lld", (int)row->kind, background,
            interactive, (long long)due_ms);
    assert_false(bucket_has(bucket, 1, true, due_ms - 1));
    assert_true(bucket_has(bucket, 1, true, due_ms));
    assert_false(bucket_has(bucket, 1, false, due_ms));
    assert_false(bucket_is_full(bucket, due_ms));
    assert_true(bucket_is_full(bucket, 1000 + 600000));
    assert_int_equal(drain(bucket, false, 1000 + 600000), row->background);
    bucket_free(bucket);
}

static void test_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(size_rows); i++)
        check_size(&size_rows[i]);
}

/* What the service says is so; what is on its way may not be counted yet. */
static void test_learning(void **state)
{
    struct bucket *bucket = bucket_new(BUCKET_READS, (struct view){ 0 }, 0);

    (void)state;
    bucket_take(bucket, 5, 0);
    bucket_settle(bucket, 1);
    bucket_learn(bucket, &(struct bucket_told){ .left = 14 }, 0);
    assert_int_equal(drain(bucket, true, 0), 10);
    bucket_learn(bucket, &(struct bucket_told){ .left = 3 },
        0); /* fewer than are unanswered */
    assert_false(bucket_has(bucket, 1, true, 39));
    assert_true(bucket_has(bucket, 1, true, 40));
    bucket_settle(bucket, 14);
    bucket_learn(bucket, &(struct bucket_told){ .left = 11999 },
        0); /* an older way of counting */
    assert_true(bucket_has(bucket, 5000, false, 0));
    bucket_take(bucket, 5000, 60000);
    assert_true(bucket_has(bucket, 6900, true, 60000));
    bucket_free(bucket);
}

/* How many may go is a guess until an answer tells; a person does not wait, nor
 * anybody where answers never tell. */
static void test_first_alone(void **state)
{
    struct bucket *reads = bucket_new(BUCKET_READS, (struct view){ 0 }, 0);
    struct bucket *vault = bucket_new(BUCKET_VAULT, (struct view){ 0 }, 0);

    (void)state;
    assert_int_equal(drain(reads, false, 0), 1);
    assert_int_equal(bucket_due_ms(reads, 1, false, 0), INT64_MAX);
    assert_true(bucket_has(reads, 1, true, 0));
    bucket_settle(reads, 1);
    bucket_learn(reads, &(struct bucket_told){ .left = 30 }, 0);
    assert_int_equal(drain(reads, false, 0), 5);
    assert_int_equal(drain(vault, false, 0), 90);
    bucket_free(reads);
    bucket_free(vault);
}

/* Resource Graph counts 15 in 5 s, begun by whichever came first: none comes
 * back until all do, and what is on its way starts no new five seconds. */
static void test_window(void **state)
{
    struct bucket *bucket = bucket_new(BUCKET_QUERIES, (struct view){ 0 }, 0);
    const struct bucket_told four = { .left = 4, .resets_ms = 3000 };

    (void)state;
    bucket_learn(bucket, &(struct bucket_told){ .left = 15 }, 0);
    assert_int_equal(drain(bucket, false, 0), 13); /* 2 are a person's */
    assert_int_equal(drain(bucket, false, 4999), 0);
    assert_int_equal(bucket_due_ms(bucket, 1, false, 4999), 5000);
    bucket_settle(bucket, 11);
    bucket_learn(bucket, &four, 4999); /* 2 are not counted yet */
    assert_int_equal(bucket_due_ms(bucket, 1, false, 5000), 7999);
    assert_int_equal(drain(bucket, true, 5000), 2);
    assert_int_equal(bucket_due_ms(bucket, 1, false, 5000), 10000);
    assert_false(bucket_is_full(bucket, 9999));
    assert_true(bucket_is_full(bucket, 10000));
    bucket_free(bucket);
}

static void test_holding(void **state)
{
    struct bucket *bucket = bucket_new(BUCKET_QUERIES, (struct view){ 0 }, 0);

    (void)state;
    bucket_hold(bucket, 5000, 0);
    bucket_hold(bucket, 2000, 0); /* a shorter pause ends nothing */
    assert_false(bucket_has(bucket, 1, true, 4999));
    assert_int_equal(bucket_due_ms(bucket, 1, true, 100), 5000);
    bucket_settle(bucket, 0);
    assert_int_equal(drain(bucket, false, 5000), 13); /* full again by then */
    bucket_free(bucket);
}

/* More at once than a bucket ever holds still goes, when it is full. */
static void test_too_many(void **state)
{
    struct bucket *bucket = bucket_new(BUCKET_QUERIES, (struct view){ 0 }, 0);

    (void)state;
    assert_true(bucket_has(bucket, 99, false, 0));
    bucket_take(bucket, 1, 0);
    bucket_settle(bucket, 1);
    assert_false(bucket_has(bucket, 99, false, 0));
    assert_int_equal(bucket_due_ms(bucket, 99, false, 0), 5000);
    bucket_free(bucket);
}

/* ---- with jobs ---- */

static void nothing(void *context, const struct http_answer *answer)
{
    (void)context;
    (void)answer;
}

struct scene {
    struct job_table jobs;
    struct host *host;
};

static struct scene scene_open(void)
{
    return (struct scene){
        .host = host_new("https://management.azure.com", 1000),
    };
}

static struct job *scene_ask(
    struct scene *scene, const char *url, bool interactive)
{
    struct job *job = job_new(&(struct http_request){
        .url = url,
        .method = strstr(url, "ResourceGraph") ? HTTP_POST : HTTP_GET,
        .repeatable = true,
        .quota = HTTP_QUOTA_ARM,
        .interactive = interactive,
        .done = nothing,
    });

    job_table_add(&scene->jobs, job);
    job->host = scene->host;
    charge_set(job, 0);
    host_queue(scene->host, job);
    return job;
}

static unsigned scene_send(struct scene *scene, int64_t now_ms)
{
    unsigned sent = 0;
    struct job *job;

    host_wake(scene->host, now_ms);
    while ((job = host_take(scene->host, now_ms))) {
        charge_settle(job);
        job_table_remove(&scene->jobs, job);
        job_free(job);
        sent++;
    }
    return sent;
}

static void scene_close(struct scene *scene)
{
    struct job *job;

    while ((job = job_table_any(&scene->jobs))) {
        host_unqueue(scene->host, job);
        job_table_remove(&scene->jobs, job);
        job_free(job);
    }
    assert_int_equal(scene->host->waiting, 0);
    job_table_done(&scene->jobs);
    host_free(scene->host);
}

static void test_pace(void **state)
{
    struct scene scene = scene_open();

    (void)state;
    for (int i = 0; i < 300; i++)
        scene_ask(&scene, SUBSCRIPTION, false);
    assert_int_equal(scene_send(&scene, 0), 225);
    assert_int_equal(scene.host->waiting, 75);
    assert_int_equal(host_due_ms(scene.host, 0), 40);
    assert_int_equal(host_held_ms(scene.host, 0), INT64_MAX); /* no pause */
    assert_int_equal(scene_send(&scene, 39), 0);
    assert_int_equal(scene_send(&scene, 40), 1);
    assert_int_equal(scene_send(&scene, 1040), 25);
    assert_int_equal(scene_send(&scene, 60000), 49);
    assert_int_equal(host_due_ms(scene.host, 60000), INT64_MAX);
    scene_close(&scene);
}

/* One subscription's empty bucket stops nobody else; and a person finds the
 * part that is kept for him. */
static void test_others_go(void **state)
{
    struct scene scene = scene_open();
    struct job *urgent;

    (void)state;
    for (int i = 0; i < 240; i++)
        scene_ask(&scene, SUBSCRIPTION, false);
    scene_ask(&scene, OTHER, false);
    scene_ask(&scene, RESOURCE_GRAPH, false);
    assert_int_equal(scene_send(&scene, 0), 227);
    urgent = scene_ask(&scene, SUBSCRIPTION, true);
    assert_ptr_equal(host_take(scene.host, 0), urgent);
    host_queue_again(scene.host, urgent);
    scene_close(&scene);
}

/* Whoever waited goes in the order of asking, a person first. */
static void test_order(void **state)
{
    struct scene scene = scene_open();
    struct bucket *bucket;

    (void)state;
    struct job *first = scene_ask(&scene, SUBSCRIPTION, false);
    struct job *second = scene_ask(&scene, SUBSCRIPTION, false);
    struct job *urgent = scene_ask(&scene, SUBSCRIPTION, true);
    bucket = charge_own(first);
    assert_ptr_equal(charge_own(urgent), bucket);
    bucket_settle(bucket, 0);
    bucket_hold(bucket, 20000, 0);
    assert_null(host_take(scene.host, 0));
    assert_int_equal(scene.host->waiting, 3);
    assert_int_equal(host_held_ms(scene.host, 0), 20000);
    assert_int_equal(host_due_ms(scene.host, 0), 20000);
    assert_false(host_is_idle(scene.host, 0));
    host_wake(scene.host, 20000);
    assert_ptr_equal(host_take(scene.host, 20000), urgent);
    assert_ptr_equal(host_take(scene.host, 20000), first);
    assert_ptr_equal(host_take(scene.host, 20000), second);
    host_queue(scene.host, first);
    host_queue(scene.host, second);
    host_queue(scene.host, urgent);
    scene_close(&scene);
}

/* A batch waits until there is enough for all that is inside of it. */
static void test_batch(void **state)
{
    const char *const parts[] = {
        "/subscriptions/a/providers/x?api-version=1",
        "/subscriptions/B/providers/x?api-version=1",
        "/subscriptions/b/providers/y?api-version=1",
    };
    struct scene scene = scene_open();
    struct job *batch = job_new(&(struct http_request){
        .method = HTTP_POST,
        .url = "https://management.azure.com/batch?api-version=2020-06-01",
        .repeatable = true,
        .quota = HTTP_QUOTA_ARM,
        .parts = parts,
        .part_count = LENGTH(parts),
        .done = nothing,
    });
    struct bucket *both;

    (void)state;
    job_table_add(&scene.jobs, batch);
    batch->host = scene.host;
    charge_set(batch, 0);
    host_queue(scene.host, batch);
    assert_int_equal(batch->cost_count, 3);
    both = charge_part(scene.host, parts[1], 0);
    assert_int_equal(charge_of(batch, both), 2);
    bucket_learn(
        both, &(struct bucket_told){ .left = 26 }, 0); /* 25 are a person's */
    assert_null(host_take(scene.host, 0));
    assert_int_equal(host_due_ms(scene.host, 0), 40);
    host_wake(scene.host, 40);
    assert_ptr_equal(host_take(scene.host, 40), batch);
    host_queue(scene.host, batch);
    scene_close(&scene);
}

/* With a full window, or while a kind is held back, a bucket that has enough
 * is nothing to wake up for. */
static void test_no_spinning(void **state)
{
    struct scene scene = scene_open();
    struct host_pause pause = { .all = true, .until_ms = 90000 };

    (void)state;
    for (int i = 0; i < 300; i++)
        scene_ask(&scene, SUBSCRIPTION, false);
    assert_int_equal(scene_send(&scene, 0), 225);
    assert_true(host_hold(scene.host, &pause));
    host_wake(scene.host, 50000);
    assert_null(host_take(scene.host, 50000));
    assert_int_equal(host_due_ms(scene.host, 50000), 90000);
    scene.host->sent = scene.host->window;
    assert_int_equal(host_due_ms(scene.host, 95000), INT64_MAX);
    scene.host->sent = 0;
    assert_int_equal(scene_send(&scene, 95000), 75);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_learning),
        cmocka_unit_test(test_first_alone),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_holding),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_pace),
        cmocka_unit_test(test_others_go),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_no_spinning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
