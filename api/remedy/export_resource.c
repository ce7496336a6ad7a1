/* Requests as resources that are declared: what a PUT makes is that already; a
 * PATCH of a vault or HSM becomes the whole resource as it was read, with the
 * changes, and without what Azure alone writes. */
#include "export_parts.h"

#include <string.h>

#define TEXT_LIMIT 8192

/* ---- parts of an id ---- */

/* Where the last "/providers/" of an id begins. */
static size_t provider_at(const char *id)
{
    static const char marker[] = "/providers/";
    size_t at = 0;

    for (const char *p = id; *p; p++)
        if (strncasecmp(p, marker, sizeof marker - 1) == 0)
            at = (size_t)(p - id);
    return at;
}

/* "Microsoft.X/parents/children" and "parent/child" out of
 * "Microsoft.X/parents/parent/children/child". */
static void split(struct buf *type, struct buf *name, struct view rest)
{
    buf_put(type, view_cut(&rest, '/'));
    while (rest.size > 0) {
        buf_putc(type, '/');
        buf_put(type, view_cut(&rest, '/'));
        if (name->size > 0)
            buf_putc(name, '/');
        buf_put(name, view_cut(&rest, '/'));
    }
}

static char *group_of(const char *id)
{
    struct view rest = view_of(id);

    while (rest.size > 0)
        if (view_equal_nocase(
                view_cut(&rest, '/'), view_of("resourceGroups")))
            return mem_copy_view(view_cut(&rest, '/'));
    return NULL;
}

/* ---- bodies ---- */

/* Of vaults and HSMs, by their published types. */
static const char *const azures_own[] = { "provisioningState", "statusMessage",
    "hsmUri", "vaultUri", "hsmPoolResourceId", "privateEndpointConnections",
    "scheduledPurgeDate", "securityDomainProperties" };

static json_t *whole_of(json_t *subject, const struct step *step)
{
    static const char *const kept[] = { "location", "tags", "sku", "identity",
        "properties" };
    json_t *whole = json_object();
    json_t *properties;

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        json_t *value = value_at(subject, kept[i]);

        if (value)
            (void)json_object_set_new(whole, kept[i], json_deep_copy(value));
    }
    for (size_t i = 0; i < step->change_count; i++)
        value_set(whole, step->changes[i].path,
            json_deep_copy(step->changes[i].after));
    properties = json_object_get(whole, "properties");
    for (size_t i = 0; i < sizeof azures_own / sizeof azures_own[0]; i++)
        (void)json_object_del(properties, azures_own[i]);
    return whole;
}

static json_t *made_by(const struct step *step)
{
    struct buf text = { .limit = 1u << 20 };
    json_t *body;

    step_body(step, &text, JSON_COMPACT);
    body = json_loads(buf_text(&text), 0, NULL);
    buf_done(&text);
    return body;
}

/* ---- one request ---- */

static bool is_put(const struct step *step)
{
    return strcmp(step->call.method, "PUT") == 0 && step->call.path[0] == '/';
}

/* A PATCH of the target itself, which was read whole. */
static bool is_change(const struct target *target, const struct step *step)
{
    return strcmp(step->call.method, "PATCH") == 0 &&
           text_equal_nocase(step->call.path, target->id) &&
           !step->call.body;
}

static json_t *subject_of(const struct target *target)
{
    return target->live.count > 0 ? target->live.answers[0]->body : NULL;
}

static void declare(struct declared *out, const struct target *target,
    uint32_t request, const struct step *step)
{
    const char *path = step->call.path;
    size_t at = provider_at(path);
    struct buf type = { .limit = TEXT_LIMIT };
    struct buf name = { .limit = TEXT_LIMIT };
    bool change = is_change(target, step);

    split(&type, &name, view_of(path + at + strlen("/providers/")));
    *out = (struct declared){
        .target = target,
        .request = request,
        .type = mem_copy_text(buf_text(&type)),
        .name = mem_copy_text(buf_text(&name)),
        .group = group_of(path),
        .api_version = step->call.api_version,
        .is_there = change,
        .body = change ? whole_of(subject_of(target), step) : made_by(step),
    };
    /* An extension is set on the resource that stands before it. */
    if (provider_at(path) > 0 && strstr(path, "/providers/") != path + at)
        out->scope = mem_copy_view((struct view){ path, at });
    buf_done(&type);
    buf_done(&name);
}

static enum kv_status declare_target(struct declaration *out,
    const struct target *target, const char *as, struct kv_error *err)
{
    for (size_t i = 0; i < target->draft.step_count; i++) {
        const struct step *step = &target->draft.steps[i];

        if (!is_put(step) && !is_change(target, step))
            return kv_error_set(err, KV_REFUSED,
                "%s cannot say %s %s of %s: it declares what is to be there. "
                "Write the plan as az or json.",
                as, step->call.method, step->call.path, target->name);
        out->items = mem_grow(
            out->items, out->count, &out->capacity, sizeof *out->items);
        declare(&out->items[out->count++], target, (uint32_t)i, step);
    }
    return KV_OK;
}

enum kv_status declaration_make(struct declaration *out,
    const struct kv_plan *plan, const char *as, struct kv_error *err)
{
    enum kv_status status = KV_OK;

    for (size_t i = 0; i < plan->target_count && status == KV_OK; i++) {
        if (export_is_ready(&plan->targets[i]))
            status = declare_target(out, &plan->targets[i], as, err);
    }
    return status;
}

void declaration_done(struct declaration *declaration)
{
    for (size_t i = 0; i < declaration->count; i++) {
        mem_free(declaration->items[i].type);
        mem_free(declaration->items[i].name);
        mem_free(declaration->items[i].scope);
        mem_free(declaration->items[i].group);
        json_decref(declaration->items[i].body);
    }
    mem_free(declaration->items);
    *declaration = (struct declaration){ 0 };
}
