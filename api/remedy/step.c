/* A step: one request and the fields that it changes. Composing its body,
 * taking it back and keeping it in the journal are the same for every remedy
 * and stand only here. */
#include "plan.h"

#include <stdarg.h>
#include <string.h>

#define STEP_TEXT_LIMIT (1u << 20) /* 1,000 rules before, after and undo */
#define STEP_VERSION 2             /* of the journal's form */
#define ADDRESS_LIMIT 8192

static void call_init(struct call *call, const char *method, const char *path,
    const char *api_version)
{
    *call = (struct call){
        .method = mem_copy_text(method),
        .path = mem_copy_text(path),
        .api_version = mem_copy_text(api_version),
    };
}

static void call_done(struct call *call)
{
    mem_free(call->method);
    mem_free(call->path);
    mem_free(call->api_version);
    json_decref(call->body);
}

static void call_copy(struct call *out, const struct call *call)
{
    call_init(out, call->method, call->path, call->api_version);
    out->body = json_incref(call->body);
}

static void set_text(char **place, const char *text)
{
    char *copy = mem_copy_text(text);

    mem_free(*place);
    *place = copy;
}

void step_init(struct step *step, const char *method, const char *path,
    const char *api_version)
{
    *step = (struct step){ 0 };
    call_init(&step->call, method, path, api_version);
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
    call_done(&step->call);
    call_done(&step->back);
    json_decref(step->keep);
    json_decref(step->give);
    mem_free(step->what);
    mem_free(step->find);
    mem_free(step->scope);
    mem_free(step->action);
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

void step_body_is(struct step *step, json_t *body)
{
    json_decref(step->call.body);
    step->call.body = body;
}

void step_keep(struct step *step, json_t *keep)
{
    json_decref(step->keep);
    step->keep = keep;
}

void step_give(struct step *step, json_t *give)
{
    json_decref(step->give);
    step->give = give;
}

void step_back(struct step *step, const char *method, const char *path,
    const char *api_version, json_t *body)
{
    call_done(&step->back);
    call_init(&step->back, method, path, api_version);
    step->back.body = body;
}

void step_find_at(struct step *step, const char *format, ...)
{
    struct buf text = { .limit = ADDRESS_LIMIT };
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    set_text(&step->find, buf_text(&text));
    buf_done(&text);
}

void step_scope_is(struct step *step, const char *scope)
{
    set_text(&step->scope, scope);
}

void step_action_is(struct step *step, const char *action, bool data)
{
    set_text(&step->action, action);
    step->data_action = data;
}

void step_address(const struct step *step, struct buf *out)
{
    buf_putf(out, "%s%sapi-version=%s", step->call.path,
        strchr(step->call.path, '?') ? "&" : "?", step->call.api_version);
}

void step_found_at(const struct step *step, struct buf *out)
{
    if (step->find)
        buf_puts(out, step->find);
    else
        step_address(step, out);
}

void step_body(const struct step *step, struct buf *out, size_t flags)
{
    json_t *body = json_incref(step->call.body);

    if (!body && (strcmp(step->call.method, "DELETE") == 0 ||
                     step->proof != PROOF_VALUES || step->give))
        return;
    if (!body)
        body = json_object();
    for (size_t i = 0; !step->call.body && i < step->change_count; i++) {
        const struct change *change = &step->changes[i];

        value_set(body, change->path, json_incref(change->after));
    }
    value_dump(out, body, flags);
    json_decref(body);
}

/* After the last "/providers/" types and names take turns: the action is the
 * namespace and the types. */
static void put_derived_action(const struct call *call, struct buf *out)
{
    static const char marker[] = "/providers/";
    const char *provider = call->path;
    struct view rest;

    for (const char *p = call->path; *p; p++) {
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
    buf_puts(out, strcmp(call->method, "DELETE") == 0 ? "/delete" : "/write");
}

void step_action(const struct step *step, struct buf *out)
{
    if (step->action)
        buf_puts(out, step->action);
    else
        put_derived_action(&step->call, out);
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

static json_t *call_format(const struct call *call)
{
    json_t *root = json_pack("{s:s, s:s, s:s}", "method", call->method, "path",
        call->path, "api_version", call->api_version);

    put_member(root, "body", call->body);
    return root;
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text)
        (void)json_object_set_new(object, name, json_string(text));
}

static const char *const proof_names[] = {
    [PROOF_VALUES] = NULL, /* as every record says that says nothing */
    [PROOF_OTHER] = "other",
    [PROOF_ANSWER] = "answer",
};
#define PROOF_COUNT (sizeof proof_names / sizeof proof_names[0])

void step_format(const struct step *step, struct buf *out)
{
    json_t *root = call_format(&step->call);

    (void)json_object_set_new(root, "version", json_integer(STEP_VERSION));
    (void)json_object_set_new(
        root, "reversible", json_boolean(step->reversible));
    if (step->loose)
        (void)json_object_set_new(root, "loose", json_true());
    put_text(root, "proof", proof_names[step->proof]);
    (void)json_object_set_new(root, "changes", changes_format(step));
    put_text(root, "what", step->what);
    put_text(root, "find", step->find);
    put_text(root, "scope", step->scope);
    if (step->back.method)
        (void)json_object_set_new(root, "back", call_format(&step->back));
    value_dump(out, root, JSON_COMPACT);
    json_decref(root);
}

static bool is_method(const char *method)
{
    return method &&
           (strcmp(method, "PATCH") == 0 || strcmp(method, "PUT") == 0 ||
               strcmp(method, "DELETE") == 0 || strcmp(method, "POST") == 0);
}

/* Nothing that would end an address on the wire. */
static bool is_unbroken(const char *text)
{
    while ((unsigned char)*text > ' ' && *text != 0x7f)
        text++;
    return *text == '\0';
}

/* "2026-02-01", "2021-05-01-preview", "7.6"; nothing that could add to a
 * query. */
static bool is_version(const char *text)
{
    static const char plain[] = "0123456789-.abcdefghijklmnopqrstuvwxyz";

    return text && *text && text[strspn(text, plain)] == '\0';
}

static bool is_below(const char *path, const char *place)
{
    struct view root = view_of(place);

    while (root.size > 0 && root.data[root.size - 1] == '/')
        root.size--;
    return root.size > 0 && view_starts_nocase(view_of(path), root) &&
           (path[root.size] == '\0' || path[root.size] == '/' ||
               path[root.size] == '?');
}

static bool is_on_estate(const char *path, const struct kv_estate *estate)
{
    uint32_t count = estate ? kv_estate_resource_count(estate) : 0;

    for (uint32_t i = 0; i < count; i++)
        if (is_below(path, kv_estate_resource(estate, i)->uri))
            return true;
    return false;
}

/* A record is from this disk: what it addresses is its target, what is below
 * it, the vault or HSM itself; and something else only where its remedy does
 * that. */
static bool is_sendable(const char *path, const struct step_owner *owner)
{
    if (!path || strpbrk(path, "#\\") || strstr(path, "/..") ||
        !is_unbroken(path))
        return false;
    return is_below(path, owner->id) || is_below(path, owner->uri) ||
           (owner->beyond && ((path[0] == '/' && path[1] != '/') ||
                                 is_on_estate(path, owner->estate)));
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

static bool call_parse(
    struct call *call, json_t *root, const struct step_owner *owner)
{
    const char *method = value_text(root, "method");
    const char *path = value_text(root, "path");
    const char *api_version = value_text(root, "api_version");

    if (!is_method(method) || !is_sendable(path, owner) || strchr(path, '?') ||
        !is_version(api_version))
        return false;
    call_init(call, method, path, api_version);
    call->body = json_incref(value_at(root, "body"));
    return true;
}

static bool proof_parse(enum step_proof *out, const char *name)
{
    *out = PROOF_VALUES;
    for (size_t i = 0; name && i < PROOF_COUNT; i++)
        if (proof_names[i] && strcmp(proof_names[i], name) == 0)
            *out = (enum step_proof)i;
    return !name || *out != PROOF_VALUES;
}

static bool step_take(
    struct step *step, json_t *root, const struct step_owner *owner)
{
    json_int_t version = json_integer_value(value_at(root, "version"));
    const char *find = value_text(root, "find");
    const char *scope = value_text(root, "scope");
    json_t *back = value_at(root, "back");

    if (version < 1 || version > STEP_VERSION ||
        !call_parse(&step->call, root, owner) ||
        (find && !is_sendable(find, owner)) ||
        (scope && !is_sendable(scope, owner)) ||
        (back && !call_parse(&step->back, back, owner)) ||
        !proof_parse(&step->proof, value_text(root, "proof")))
        return false;
    step->find = mem_copy_text(find);
    step->scope = mem_copy_text(scope);
    step->what = mem_copy_text(value_text(root, "what"));
    step->reversible = json_is_true(value_at(root, "reversible"));
    step->loose = json_is_true(value_at(root, "loose"));
    return changes_parse(step, value_at(root, "changes"));
}

struct step_owner step_owner_of(
    const struct kv_estate *estate, const struct kv_journal_entry *entry)
{
    const struct kv_remedy *remedy = kv_remedy_find(entry->remedy);
    uint32_t resource = kv_estate_find(estate, entry->target_id);

    return (struct step_owner){
        .id = entry->target_id ? entry->target_id : "",
        .uri = resource == KV_NONE ? NULL
                                   : kv_estate_resource(estate, resource)->uri,
        .beyond = remedy && remedy->work->beyond,
        .estate = estate,
    };
}

enum kv_status step_parse(struct step *out, const char *text,
    const struct step_owner *owner, struct kv_error *err)
{
    json_t *root = text ? json_loads(text, 0, NULL) : NULL;
    struct step step = { 0 };
    bool taken = root && step_take(&step, root, owner);

    json_decref(root);
    if (!taken) {
        step_done(&step);
        return kv_error_set(err, KV_BAD_INPUT,
            "The journal's record of the change to %s cannot be read: it was "
            "written by another version of kvgov, or is damaged.",
            owner->id);
    }
    *out = step;
    return KV_OK;
}

/* ---- taking back ---- */

/* What was made is removed, what was removed is made again; what was replaced
 * is put back. */
static const char *method_reversed(const struct step *step)
{
    bool restores = false;

    for (size_t i = 0; i < step->change_count; i++)
        restores = restores || step->changes[i].undo;
    if (strcmp(step->call.method, "PUT") == 0 && !restores)
        return "DELETE";
    return strcmp(step->call.method, "DELETE") == 0 ? "PUT" : step->call.method;
}

/* Another request takes it back, but the change is seen where it was made. */
static void find_own(struct step *out, const struct step *step)
{
    struct buf address = { .limit = ADDRESS_LIMIT };

    step_address(step, &address);
    out->find = mem_copy_text(buf_text(&address));
    buf_done(&address);
}

void step_reverse(struct step *out, const struct step *step)
{
    *out = (struct step){
        .what = mem_copy_text(step->what),
        .find = mem_copy_text(step->find),
        .scope = mem_copy_text(step->scope),
        .undo_of = step->undo_of,
        .loose = step->loose,
    };
    if (step->back.method && !step->find)
        find_own(out, step);
    if (step->back.method)
        call_copy(&out->call, &step->back);
    else
        call_init(&out->call, method_reversed(step), step->call.path,
            step->call.api_version);
    for (size_t i = 0; i < step->change_count; i++) {
        const struct change *change = &step->changes[i];

        step_set(
            out, change->path, change->after, json_incref(change->undo), NULL);
    }
}
