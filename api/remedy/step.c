/* A step: one request and the fields that it changes. Composing its body,
 * taking it back and keeping it in the journal are the same for every remedy
 * and stand only here. */
#include "plan.h"

#include <string.h>

#define STEP_TEXT_LIMIT (1u << 20) /* 1,000 rules before, after and undo */
#define STEP_VERSION 1             /* of the journal's form */

void step_init(struct step *step, const char *method, const char *path,
    const char *api_version)
{
    *step = (struct step){
        .method = mem_copy_text(method),
        .path = mem_copy_text(path),
        .api_version = mem_copy_text(api_version),
    };
}

void step_done(struct step *step)
{
    for (size_t i = 0; i < step->change_count; i++) {
        mem_free(step->changes[i].path);
        json_decref(step->changes[i].before);
        json_decref(step->changes[i].after);
        json_decref(step->changes[i].undo);
    }
    mem_free(step->changes);
    mem_free(step->method);
    mem_free(step->path);
    mem_free(step->api_version);
    *step = (struct step){ 0 };
}

void step_set(struct step *step, const char *path, json_t *before,
    json_t *after, json_t *undo)
{
    step->changes = mem_grow(step->changes, step->change_count,
        &step->change_capacity, sizeof *step->changes);
    step->changes[step->change_count++] = (struct change){
        .path = mem_copy_text(path),
        .before = json_incref(before),
        .after = after,
        .undo = undo,
    };
}

void step_address(const struct step *step, struct buf *out)
{
    buf_putf(out, "%s?api-version=%s", step->path, step->api_version);
}

void step_body(const struct step *step, struct buf *out, size_t flags)
{
    json_t *body;

    if (strcmp(step->method, "DELETE") == 0)
        return;
    body = json_object();
    for (size_t i = 0; i < step->change_count; i++) {
        const struct change *change = &step->changes[i];

        value_set(body, change->path, json_incref(change->after));
    }
    value_dump(out, body, flags);
    json_decref(body);
}

/* After the last "/providers/" types and names take turns: the action is the
 * namespace and the types. */
void step_action(const struct step *step, struct buf *out)
{
    static const char marker[] = "/providers/";
    const char *provider = step->path;
    struct view rest;

    for (const char *p = step->path; *p; p++) {
        if (strncasecmp(p, marker, sizeof marker - 1) == 0)
            provider = p + sizeof marker - 1;
    }
    rest = view_of(provider);
    buf_put(out, view_cut(&rest, '/'));
    while (rest.size > 0) {
        buf_putc(out, '/');
        buf_put(out, view_cut(&rest, '/'));
        (void)view_cut(&rest, '/');
    }
    buf_puts(out, strcmp(step->method, "DELETE") == 0 ? "/delete" : "/write");
}

/* ---- the journal's form ---- */

/* Absent is a missing name: null would not survive as such in ARM either. */
static void put_member(json_t *object, const char *name, json_t *value)
{
    if (value)
        (void)json_object_set(object, name, value);
}

static json_t *changes_format(const struct step *step)
{
    json_t *list = json_array();

    for (size_t i = 0; i < step->change_count; i++) {
        const struct change *change = &step->changes[i];
        json_t *item = json_pack("{s:s}", "path", change->path);

        put_member(item, "before", change->before);
        put_member(item, "after", change->after);
        put_member(item, "undo", change->undo);
        (void)json_array_append_new(list, item);
    }
    return list;
}

void step_format(const struct step *step, struct buf *out)
{
    json_t *root = json_pack("{s:i, s:s, s:s, s:s, s:b, s:o}", "version",
        STEP_VERSION, "method", step->method, "path", step->path, "api_version",
        step->api_version, "reversible", step->reversible ? 1 : 0, "changes",
        changes_format(step));

    value_dump(out, root, JSON_COMPACT);
    json_decref(root);
}

static bool is_method(const char *method)
{
    return method &&
           (strcmp(method, "PATCH") == 0 || strcmp(method, "PUT") == 0 ||
               strcmp(method, "DELETE") == 0);
}

/* Nothing that would end an address on the wire. */
static bool is_unbroken(const char *text)
{
    while ((unsigned char)*text > ' ' && *text != 0x7f)
        text++;
    return *text == '\0';
}

/* "2026-02-01", "2021-05-01-preview"; nothing that could add to a query. */
static bool is_version(const char *text)
{
    static const char plain[] = "0123456789-abcdefghijklmnopqrstuvwxyz";

    return text && *text && text[strspn(text, plain)] == '\0';
}

/* An address is sent only if it is the target's own or below it. */
static bool is_path_of(const char *path, const char *target_id)
{
    size_t size = strlen(target_id);

    return path && size > 0 &&
           view_starts_nocase(view_of(path), view_of(target_id)) &&
           (path[size] == '\0' || path[size] == '/') &&
           !strpbrk(path, "?#\\") && !strstr(path, "/..") && is_unbroken(path);
}

static bool changes_parse(struct step *step, json_t *list)
{
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
    {
        const char *path = value_text(item, "path");

        if (!path)
            return false;
        step_set(step, path, value_at(item, "before"),
            json_incref(value_at(item, "after")),
            json_incref(value_at(item, "undo")));
    }
    return step->change_count > 0;
}

static bool step_take(struct step *step, json_t *root, const char *target_id)
{
    const char *method = value_text(root, "method");
    const char *path = value_text(root, "path");
    const char *api_version = value_text(root, "api_version");

    if (json_integer_value(value_at(root, "version")) != STEP_VERSION ||
        !is_method(method) || !is_path_of(path, target_id) ||
        !is_version(api_version))
        return false;
    step_init(step, method, path, api_version);
    step->reversible = json_is_true(value_at(root, "reversible"));
    return changes_parse(step, value_at(root, "changes"));
}

enum kv_status step_parse(struct step *out, const char *text,
    const char *target_id, struct kv_error *err)
{
    json_t *root = text ? json_loads(text, 0, NULL) : NULL;
    struct step step = { 0 };
    bool taken = root && step_take(&step, root, target_id ? target_id : "");

    json_decref(root);
    if (!taken) {
        step_done(&step);
        return kv_error_set(err, KV_BAD_INPUT,
            "The journal's record of the change to %s cannot be read: it was "
            "written by another version of kvgov, or is damaged.",
            target_id ? target_id : "a resource");
    }
    *out = step;
    return KV_OK;
}

static const char *method_reversed(const char *method)
{
    if (strcmp(method, "PUT") == 0)
        return "DELETE";
    return strcmp(method, "DELETE") == 0 ? "PUT" : "PATCH";
}

void step_reverse(struct step *out, const struct step *step)
{
    step_init(
        out, method_reversed(step->method), step->path, step->api_version);
    for (size_t i = 0; i < step->change_count; i++) {
        const struct change *change = &step->changes[i];

        step_set(
            out, change->path, change->after, json_incref(change->undo), NULL);
    }
}
