/* Jobs and hosts: who goes next, who is held back, who is found by id. */
#include "host.h"

#include "test.h"

static void nothing(void *context, const struct http_answer *answer)
{
    (void)context;
    (void)answer;
}

struct queue {
    struct job_table jobs;
    struct host *host;
};

static struct job *queue_add(
    struct queue *queue, enum http_method method, bool interactive)
{
    struct job *job = job_new(&(struct http_request){
        .method = method,
        .url = "https://contoso.example/",
        .interactive = interactive,
        .done = nothing,
    });

    job_table_add(&queue->jobs, job);
    host_queue(queue->host, job);
    return job;
}

static void queue_done(struct queue *queue)
{
    struct job *job;

    while ((job = job_table_any(&queue->jobs))) {
        job_table_remove(&queue->jobs, job);
        job_free(job);
    }
    job_table_done(&queue->jobs);
    host_free(queue->host);
}

static void test_order(void **state)
{
    struct queue queue = { .host = host_new("https://contoso.example", 9) };
    struct job *read = queue_add(&queue, HTTP_GET, false);
    struct job *write = queue_add(&queue, HTTP_PUT, false);
    struct job *second = queue_add(&queue, HTTP_GET, false);
    struct job *urgent = queue_add(&queue, HTTP_DELETE, true);

    (void)state;
    assert_ptr_equal(host_take(queue.host, 0), urgent);
    assert_ptr_equal(host_take(queue.host, 0), read);
    assert_ptr_equal(host_take(queue.host, 0), write);
    assert_ptr_equal(host_take(queue.host, 0), second);
    host_queue_again(queue.host, second); /* whatever fails first */
    host_queue_again(queue.host, write);
    host_queue_again(queue.host, read);
    assert_ptr_equal(host_take(queue.host, 0), read);
    assert_ptr_equal(host_take(queue.host, 0), write);
    assert_ptr_equal(host_take(queue.host, 0), second);
    assert_null(host_take(queue.host, 0));
    queue_done(&queue);
}

static void test_pauses(void **state)
{
    struct queue queue = { .host = host_new("https://contoso.example", 9) };
    struct job *read = queue_add(&queue, HTTP_GET, true);
    struct job *write = queue_add(&queue, HTTP_PATCH, false);
    struct host_pause reads = { .kind = JOB_READ, .until_ms = 50 };
    struct host_pause all = { .all = true, .now_ms = 10, .until_ms = 40 };

    (void)state;
    assert_int_equal(host_due_ms(queue.host, 0), INT64_MAX);
    assert_true(host_hold(queue.host, &reads));
    assert_false(host_hold(queue.host, &reads));
    assert_int_equal(host_due_ms(queue.host, 0), 50);
    assert_ptr_equal(host_take(queue.host, 0), write);
    host_queue_again(queue.host, write);
    assert_true(host_hold(queue.host, &all));
    assert_null(host_take(queue.host, 39));
    assert_int_equal(host_due_ms(queue.host, 39), 40);
    assert_ptr_equal(host_take(queue.host, 40), write);
    assert_null(host_take(queue.host, 49)); /* a shorter pause ends nothing */
    assert_false(host_is_idle(queue.host, 49));
    assert_ptr_equal(host_take(queue.host, 50), read);
    assert_true(host_is_idle(queue.host, 50));
    queue_done(&queue);
}

static void test_window(void **state)
{
    struct queue queue = { .host = host_new("https://contoso.example", 4) };

    (void)state;
    queue_add(&queue, HTTP_GET, false);
    host_narrow(queue.host);
    host_narrow(queue.host);
    host_narrow(queue.host); /* never less than one */
    assert_non_null(host_take(queue.host, 0));
    queue.host->sent = 1;
    queue_add(&queue, HTTP_GET, true);
    assert_null(host_take(queue.host, 0));
    host_widen(queue.host);
    assert_non_null(host_take(queue.host, 0));
    for (int i = 0; i < 9; i++)
        host_widen(queue.host);
    assert_int_equal(queue.host->window, 4);
    queue_done(&queue);
}

static void test_ids(void **state)
{
    struct queue queue = { .host = host_new("https://contoso.example", 4) };
    struct job *first = queue_add(&queue, HTTP_GET, false);
    struct job *second = queue_add(&queue, HTTP_GET, false);
    uint64_t old = first->id;

    (void)state;
    assert_ptr_equal(job_table_find(&queue.jobs, old), first);
    assert_ptr_equal(job_table_find(&queue.jobs, second->id), second);
    assert_null(job_table_find(&queue.jobs, 0));
    assert_null(job_table_find(&queue.jobs, 99));
    host_unqueue(queue.host, first);
    job_table_remove(&queue.jobs, first);
    job_free(first);
    assert_null(job_table_find(&queue.jobs, old));
    first = queue_add(&queue, HTTP_GET, false); /* the same place again */
    assert_null(job_table_find(&queue.jobs, old));
    assert_ptr_equal(job_table_find(&queue.jobs, first->id), first);
    assert_int_equal(queue.jobs.jobs, 2);
    queue_done(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_pauses),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
