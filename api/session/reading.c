/* One read of the table from its first page to its last: asked for, kept in
 * the store, taken into the estate in slices, with an error that says what is
 * not known now. */
#include "inside.h"

#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A list longer than this is a service gone wrong. */
#define PAGES_MAX 100000u
/* An answer that is garbled on its way is another one the next time. */
#define REPEATS_MAX 3u
#define BODY_BYTES_MAX (1u << 20)

static void reading_ask(struct reading *reading);
static bool reading_repeat(struct reading *reading, const struct kv_error *err);

static void reading_free(struct reading *reading)
{
    buf_done(&reading->next);
    mem_free(reading->seen);
    mem_free(reading->subject);
    mem_free(reading->place);
    mem_free(reading);
}

/* The rows of one resource take the place of those read before, or are given
 * up with the read. */
static void reading_settle(const struct reading *reading, bool whole)
{
    enum kv_facet facet = azure_reads[reading->read].facet;

    if (facet == AZURE_ACCOUNT || kv_facets[facet].level != KV_LEVEL_RESOURCE)
        return;
    if (whole)
        estate_commit_scope(reading->session->estate, facet, reading->subject);
    else
        estate_drop_scope(reading->session->estate, facet, reading->subject);
}

static void reading_end(
    struct reading *reading, long code, const struct kv_error *err)
{
    struct kv_session *session = reading->session;

    if (!session->closing) {
        if (!reading->part) {
            reading_settle(reading, err == NULL);
            reading_mark(session, reading, err);
        }
        if (reading->done)
            reading->done(reading->context, reading, code, err);
        session->news |= KV_NEWS_SCAN | KV_NEWS_ESTATE;
    } else if (reading->done && reading->context != session) {
        struct kv_error cancelled;

        kv_error_set(&cancelled, KV_CANCELLED, "the session ended");
        reading->done(reading->context, reading, 0, &cancelled);
    }
    reading_free(reading);
}

/* ---- answers ---- */

static void reading_keep(struct reading *reading, long code, struct view body)
{
    struct kv_session *session = reading->session;
    struct buf key = { .limit = 4096 };

    if (!session->store)
        return;
    buf_putf(&key, "%d:%s:%s%s:%u", (int)reading->read, reading->subject,
        reading->id_count ? reading->ids[0] : "",
        reading->place ? reading->place : "", reading->page);
    store_put(session->store, &(struct store_answer){
                                  .key = buf_text(&key),
                                  .kind = (uint32_t)reading->read,
                                  .subject = reading->subject,
                                  .code = code,
                                  .read_at_s = reading->read_at_s,
                                  .body = body,
                              });
    session->store_dirty = true;
    buf_done(&key);
}

static void reading_fail(struct reading *reading, long code, struct view body,
    const struct kv_error *err)
{
    struct buf detail = { .limit = 8192 };

    /* Not there is an answer, and the reader's to understand. */
    if (err->status != KV_CANCELLED && err->status != KV_NOT_FOUND) {
        buf_putf(&detail, "%s %s\n%.*s", azure_reads[reading->read].name,
            reading->subject, (int)(body.size < 4000 ? body.size : 4000),
            body.data ? body.data : "");
        message_add(reading->session, reading_level(reading->read, err),
            buf_text(&detail), "%s", err->text);
    }
    buf_done(&detail);
    reading_end(reading, code, err);
}

static void work_add(struct reading *reading, struct view body)
{
    struct work_queue *queue = &reading->session->work;
    struct work *work = mem_alloc(sizeof *work);

    work->reading = reading;
    work->body = mem_copy_view(body);
    work->body_bytes = body.size;
    if (reading->interactive || !queue->first) {
        work->next = queue->first;
        queue->first = work;
        if (!work->next)
            queue->last = work;
    } else {
        queue->last->next = work;
        queue->last = work;
    }
}

/* Keeps and takes a good answer, without what nobody is to keep. */
static void reading_take(struct reading *reading, struct view body)
{
    void (*clean)(json_t *) = azure_reads[reading->read].clean;
    json_t *json = clean ? json_loadb(body.data ? body.data : "", body.size,
                               JSON_ALLOW_NUL, NULL)
                         : NULL;
    char *text = NULL;

    if (json) {
        clean(json);
        text = json_dumps(json, JSON_COMPACT);
    }
    if (clean)
        body = view_of(text ? text : "");
    reading_keep(reading, 200, body);
    work_add(reading, body);
    json_decref(json);
    free(text);
}

static void reading_answered(void *context, const struct http_answer *answer)
{
    struct reading *reading = context;
    struct view none = { NULL, 0 };
    struct kv_error err;

    if (answer->status != KV_OK) {
        err = answer->error;
        if (err.status != KV_CANCELLED)
            kv_error_set(&err, answer->status, "%s: %s",
                azure_reads[reading->read].name, answer->error.text);
        if (!reading_repeat(reading, &err))
            reading_fail(reading, 0, none, &err);
        return;
    }
    reading->read_at_s = clock_now_s();
    if (answer->code == 200) {
        reading_take(reading, answer->body);
        return;
    }
    reading_keep(reading, answer->code, answer->body);
    if (answer->code == 204) { /* asked well, and there is nothing */
        reading_end(reading, answer->code, NULL);
        return;
    }
    azure_error_set(
        &err, answer->code, answer->body, azure_reads[reading->read].name);
    reading_fail(reading, answer->code, answer->body, &err);
}

/* ---- asking ---- */

/* The vault or HSM that the subject is, or is in; NULL for another subject. */
static const struct kv_resource *resource_of(const struct reading *reading)
{
    const struct kv_estate *estate = reading->session->estate;
    struct arm_id id = arm_id_parse(view_of(reading->subject));
    char *text = mem_copy_view(id.resource);
    uint32_t index = kv_estate_find(estate, text);

    mem_free(text);
    return index == KV_NONE ? NULL : kv_estate_resource(estate, index);
}

/* "https://kv-a.vault.azure.net", as ARM wrote it; "" when it is not known. */
static void put_home(struct buf *out, const struct reading *reading)
{
    const struct kv_resource *resource;
    struct view home;

    if (azure_reads[reading->read].service != AUTH_VAULT) {
        buf_puts(out, arm_origin(reading->session->arm,
                          azure_reads[reading->read].service));
        return;
    }
    resource = resource_of(reading);
    home = view_of(resource ? resource->uri : NULL);
    while (home.size > 0 && home.data[home.size - 1] == '/')
        home.size--;
    buf_put(out, home);
}

static void put_path(struct buf *path, const struct reading *reading)
{
    const struct azure_read_row *row = &azure_reads[reading->read];
    struct view rest = view_of(row->path);

    if (!row->put_body && reading->next.size) {
        buf_put(path, buf_view(&reading->next));
        return;
    }
    buf_put(path, view_cut(&rest, '%'));
    if (rest.size == 0)
        return;
    /* GET /tenants names no subject in its path. */
    if (reading->read > AZURE_SUBSCRIPTIONS)
        buf_puts(path, reading->place ? reading->place : reading->subject);
    buf_put(path, (struct view){ rest.data + 1, rest.size - 1 });
}

static void put_body(struct buf *body, const struct reading *reading)
{
    const struct azure_read_row *row = &azure_reads[reading->read];

    if (row->put_body)
        row->put_body(
            body, &(struct azure_ask){
                      .query = row->query,
                      .wide = row->wide,
                      .ids = reading->ids,
                      .id_count = reading->id_count,
                      .skip_token =
                          reading->next.size ? buf_text(&reading->next) : NULL,
                  });
}

/* The next page of a vault's list is an address already. */
static void plane_ask(struct reading *reading, const struct buf *path)
{
    const struct kv_resource *resource = resource_of(reading);
    bool hsm = resource && resource->kind == KV_KIND_HSM;
    struct buf url = { .limit = 16384 };

    if (path->size > 0 && path->data[0] == '/')
        put_home(&url, reading);
    buf_put(&url, buf_view(path));
    dataplane_send(reading->session->plane,
        &(struct dataplane_request){
            .service = hsm ? AUTH_HSM : AUTH_VAULT,
            .url = url.failed ? "" : buf_text(&url),
            .interactive = reading->interactive,
            .done = reading_answered,
            .context = reading,
        });
    buf_done(&url);
}

static void reading_ask(struct reading *reading)
{
    const struct azure_read_row *row = &azure_reads[reading->read];
    struct buf path = { .limit = 16384 };
    struct buf body = { .limit = BODY_BYTES_MAX };
    bool single = !row->put_body;

    put_path(&path, reading);
    put_body(&body, reading);
    if (row->service == AUTH_VAULT) {
        plane_ask(reading, &path);
        buf_done(&path);
        return;
    }
    arm_send(reading->session->arm,
        &(struct arm_request){
            .method = single ? HTTP_GET : HTTP_POST,
            .service = row->service,
            .path = buf_text(&path),
            .body = buf_view(&body),
            .interactive = reading->interactive,
            .repeatable = true,
            .batch = single && row->service == AUTH_ARM && reading->scan != 0 &&
                     buf_text(&path)[0] == '/',
            .done = reading_answered,
            .context = reading,
        });
    buf_done(&path);
    buf_done(&body);
}

void reading_start(
    struct kv_session *session, const struct reading_request *request)
{
    struct reading *reading = mem_alloc(sizeof *reading);

    reading->session = session;
    reading->read = request->read;
    reading->subject = mem_copy_text(request->subject ? request->subject : "");
    reading->place = mem_copy_text(request->place);
    reading->part = request->part;
    reading->ids = request->ids;
    reading->id_count = request->id_count;
    reading->interactive = request->interactive;
    reading->scan = request->scan;
    reading->done = request->done;
    reading->context = request->context;
    reading->next.limit = 16384;
    reading_ask(reading);
}

/* ---- the next page ---- */

static uint64_t hash_of(struct view text)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 1099511628211u;
    return hash;
}

/* Remembers a link; false when it was followed before. */
static bool reading_see_link(struct reading *reading, struct view link)
{
    uint64_t hash = hash_of(link);

    for (size_t i = 0; i < reading->seen_count; i++)
        if (reading->seen[i] == hash)
            return false;
    reading->seen = mem_grow(reading->seen, reading->seen_count,
        &reading->seen_capacity, sizeof *reading->seen);
    reading->seen[reading->seen_count++] = hash;
    return reading->page < PAGES_MAX;
}

static enum kv_status foreign_link(
    const char *name, const char *link, struct kv_error *err)
{
    struct buf origin = { .limit = 512 };

    if (http_origin(&origin, link, NULL) != KV_OK)
        buf_puts(&origin, "no usable address");
    kv_error_set(err, KV_FOREIGN_HOST,
        "%s: the next page is on another host (%s); not followed, no token "
        "was sent there",
        name, buf_text(&origin));
    buf_done(&origin);
    return KV_FOREIGN_HOST;
}

/* A vault's lists go on where they began; what a link could name else, such as
 * a single secret, is never asked for. */
static bool is_same_list(const struct reading *reading, const char *link)
{
    struct view path = view_of(azure_reads[reading->read].path);
    struct view wanted = view_cut(&path, '?');

    return azure_reads[reading->read].service != AUTH_VAULT ||
           view_equal(address_path(link), wanted);
}

static enum kv_status reading_check_link(
    struct reading *reading, bool graph, struct kv_error *err)
{
    const char *name = azure_reads[reading->read].name;
    const char *link = buf_text(&reading->next);
    struct buf home = { .limit = 4096 };
    bool at_home;

    put_home(&home, reading);
    at_home = graph || http_same_origin(link, buf_text(&home));
    buf_done(&home);
    if (!at_home)
        return foreign_link(name, link, err);
    if (!is_same_list(reading, link))
        return kv_error_set(err, KV_PROTOCOL,
            "%s: the next page is not of this list; not followed", name);
    if (!reading_see_link(reading, buf_view(&reading->next)))
        return kv_error_set(err, KV_PROTOCOL,
            "%s: a page repeats; reading was ended after %u pages", name,
            reading->page + 1);
    return KV_OK;
}

/* The scan that it was part of was stopped, or another one has begun. */
static bool reading_is_orphan(const struct reading *reading)
{
    const struct scan *scan = &reading->session->scan;

    return reading->scan != 0 && (reading->scan != scan->number ||
                                     scan->view.state != KV_SCAN_RUNNING);
}

/* Asks for the same page again when its answer made no sense; false when that
 * was done often enough, or would be no use. */
static bool reading_repeat(struct reading *reading, const struct kv_error *err)
{
    bool garbled = err->status == KV_PROTOCOL || err->status == KV_TOO_LARGE;

    if (!garbled || reading->repeats >= REPEATS_MAX ||
        reading_is_orphan(reading))
        return false;
    reading->repeats++;
    reading_ask(reading);
    return true;
}

/* Called when every item of a page was taken. */
static void reading_page_taken(struct reading *reading, struct work *work)
{
    bool graph = azure_reads[reading->read].query != NULL;
    struct view next = graph ? azure_page_skip_token(&work->page)
                             : azure_page_next_link(&work->page);
    struct view none = { NULL, 0 };
    struct kv_error err;

    if (next.size > 0 && reading->part && reading_is_orphan(reading)) {
        kv_error_set(&err, KV_CANCELLED, "reading was stopped");
        reading_end(reading, 0, &err);
        return;
    }
    if (next.size == 0 || reading_is_orphan(reading)) {
        reading_end(reading, 200, NULL);
        return;
    }
    buf_clear(&reading->next);
    buf_put(&reading->next, next);
    if (reading_check_link(reading, graph, &err) != KV_OK) {
        reading_fail(reading, 200, none, &err);
        return;
    }
    reading->page++;
    reading->repeats = 0;
    reading_ask(reading);
}

/* ---- work ---- */

static void work_free(struct work *work)
{
    azure_page_done(&work->page);
    mem_free(work->body);
    mem_free(work);
}

static struct work *work_take_first(struct work_queue *queue)
{
    struct work *work = queue->first;

    queue->first = work->next;
    if (!queue->first)
        queue->last = NULL;
    return work;
}

static enum kv_status work_slice(struct work *work, struct kv_error *err)
{
    struct reading *reading = work->reading;
    struct view body = { work->body, work->body_bytes };
    struct azure_context context = {
        .estate = reading->session->estate,
        .subject = reading->subject,
        .read_at_s = reading->read_at_s,
    };
    enum kv_status status;

    if (!work->open) {
        status = azure_page_open(&work->page, reading->read, body, err);
        work->open = status == KV_OK;
        reading->expected = work->open ? azure_page_total(&work->page) : 0;
        return status;
    }
    return azure_page_take(
        &work->page, reading->read, &context, ITEMS_PER_SLICE, err);
}

/* One slice of the first piece of work. Ends it when it is through. */
static void work_first_step(struct kv_session *session)
{
    struct work *work = session->work.first;
    struct reading *reading = work->reading;
    struct view none = { NULL, 0 };
    struct kv_error err;

    if (work_slice(work, &err) != KV_OK) {
        bool open = work->open;

        work_take_first(&session->work);
        work_free(work);
        if (open || !reading_repeat(reading, &err))
            reading_fail(reading, 200, none, &err);
        return;
    }
    session->news |= KV_NEWS_ESTATE;
    if (azure_page_ended(&work->page)) {
        work_take_first(&session->work);
        reading_page_taken(reading, work);
        work_free(work);
    }
}

bool work_step(struct kv_session *session, int64_t deadline_ms)
{
    bool worked = false;

    while (session->work.first && clock_steady_ms() < deadline_ms) {
        work_first_step(session);
        worked = true;
    }
    return worked;
}

void work_done(struct kv_session *session)
{
    while (session->work.first) {
        struct work *work = work_take_first(&session->work);

        reading_end(work->reading, 0, NULL);
        work_free(work);
    }
}
