/* Decoding one recorded body, and walking the folder of them. */
#include "decode.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "temp.h"
#include "test.h"

#define TEXT_LIMIT (16u << 20)
#define READ_AT_S 1764000000

/* ---- one body ---- */

static json_t *load(const char *folder, const char *file)
{
    char *top = temp_path(test_shared(), "azure");
    char *middle = temp_path(top, folder);
    char *path = temp_path(middle, file);
    json_error_t where;
    json_t *json = json_load_file(path, 0, &where);

    if (!json)
        fail_with("%s: %s", path, where.text);
    mem_free(path);
    mem_free(middle);
    mem_free(top);
    return json;
}

/* An example keeps its answers by status, a recording in order. A recorded
 * body is parsed JSON, or text that is not. */
static const json_t *answer_of(const json_t *file, int answer)
{
    const json_t *interactions = json_object_get(file, "interactions");
    const json_t *from = json_array_get(interactions, (size_t)answer);
    char status[16];

    if (!interactions) {
        (void)snprintf(status, sizeof status, "%d", answer);
        from = json_object_get(json_object_get(file, "responses"), status);
        return json_object_get(from, "body");
    }
    from = json_object_get(json_object_get(from, "response"), "body");
    const json_t *data = json_object_get(from, "data");
    return data ? data : json_object_get(from, "string");
}

char *decode_body(const char *folder, const char *file, int answer)
{
    json_t *json = load(folder, file);
    const json_t *body = answer_of(json, answer);
    char *text =
        json_is_string(body) ? mem_copy_text(json_string_value(body)) : NULL;

    if (!body)
        fail_with("%s has no answer %d", file, answer);
    if (!text) {
        char *dumped = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);

        text = mem_copy_text(dumped);
        free(dumped);
    }
    json_decref(json);
    return text;
}

/* What a row decodes into, with every set open so that all is taken. */
static struct kv_estate *estate_begun(const char *below)
{
    struct kv_estate *estate = estate_new();

    if (below)
        (void)estate_refer_resource(estate, view_of(below));
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_begin(estate, (enum kv_facet)facet);
    return estate;
}

static void estate_commit_all(struct kv_estate *estate)
{
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_commit(estate, (enum kv_facet)facet);
}

static size_t take_all(
    struct kv_estate *estate, const struct decode_row *row, struct view body)
{
    struct azure_context context = {
        .estate = estate,
        .subject = row->below ? row->below : "",
        .read_at_s = READ_AT_S,
    };
    struct azure_page page;
    struct kv_error err = { 0 };

    if (azure_page_open(&page, row->read, body, &err) != KV_OK)
        fail_with("%s: %s", row->file, err.text);
    size_t items = page.items ? json_array_size(page.items) : 1;
    /* One at a time, as a slice of the loop may be. */
    while (!azure_page_ended(&page))
        if (azure_page_take(&page, row->read, &context, 1, &err) != KV_OK)
            fail_with("%s: %s", row->file, err.text);
    if (!page.whole)
        items = page.next;
    azure_page_done(&page);
    return items;
}

void decode_check(const char *folder, const struct decode_row *row)
{
    char *body = decode_body(folder, row->file, row->answer);
    struct kv_estate *estate = estate_begun(row->below);
    struct buf text = { .limit = TEXT_LIMIT };

    size_t items = take_all(estate, row, view_of(body));
    estate_commit_all(estate);
    describe_estate(&text, estate);
    if (items != row->items)
        fail_with("%s: %zu items, expected %zu", row->file, items, row->items);
    for (size_t i = 0; i < DECODE_SAYS && row->says[i]; i++)
        if (!strstr(buf_text(&text), row->says[i]))
            fail_with("%s (%d): expected\n%s\nin\n%s", row->file, row->answer,
                row->says[i], buf_text(&text));
    buf_done(&text);
    estate_free(estate);
    mem_free(body);
}

/* ---- all of them ---- */

/* Which rows and excuses were borne out by a file. */
struct coverage {
    const struct decode_row *rows;
    size_t count;
    const struct decode_excuse *excuses;
    size_t excuse_count;
    bool *excuse_used;
    struct buf missing;
};

static bool is_read(const struct coverage *coverage, const char *file)
{
    for (size_t i = 0; i < coverage->count; i++)
        if (strcmp(coverage->rows[i].file, file) == 0)
            return true;
    return false;
}

static bool is_excused(const struct coverage *coverage, const char *file)
{
    for (size_t i = 0; i < coverage->excuse_count; i++) {
        const char *prefix = coverage->excuses[i].prefix;

        if (strncmp(file, prefix, strlen(prefix)) != 0)
            continue;
        coverage->excuse_used[i] = true;
        return true;
    }
    return false;
}

static bool ends_in_json(const char *name)
{
    size_t size = strlen(name);

    return size > 5 && strcmp(name + size - 5, ".json") == 0;
}

static void visit(struct coverage *coverage, const char *top, const char *below)
{
    char *path = temp_path(top, below);
    DIR *folder = opendir(path);

    if (!folder)
        fail_with("%s cannot be read", path);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char *name = *below ? temp_path(below, entry->d_name)
                            : mem_copy_text(entry->d_name);

        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            visit(coverage, top, name);
        else if (ends_in_json(name) && !is_read(coverage, name) &&
                 !is_excused(coverage, name))
            buf_putf(&coverage->missing, "%s\n", name);
        mem_free(name);
    }
    (void)closedir(folder);
    mem_free(path);
}

void decode_check_covered(const char *folder, const struct decode_row *rows,
    size_t count, const struct decode_excuse *excuses, size_t excuse_count)
{
    char *azure = temp_path(test_shared(), "azure");
    char *top = temp_path(azure, folder);
    struct coverage coverage = {
        .rows = rows,
        .count = count,
        .excuses = excuses,
        .excuse_count = excuse_count,
        .excuse_used = mem_alloc(excuse_count * sizeof(bool) + 1),
        .missing.limit = TEXT_LIMIT,
    };

    visit(&coverage, top, "");
    if (coverage.missing.size > 0)
        fail_with(
            "neither decoded nor excused:\n%s", buf_text(&coverage.missing));
    for (size_t i = 0; i < excuse_count; i++)
        if (!coverage.excuse_used[i])
            fail_with("no file needs the excuse for %s", excuses[i].prefix);
    buf_done(&coverage.missing);
    mem_free(coverage.excuse_used);
    mem_free(top);
    mem_free(azure);
}
