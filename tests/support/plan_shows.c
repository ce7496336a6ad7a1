/* Whether a plan's preview showed a change of the simulated state: the state's
 * paths and words are held against the addresses and fields of its requests. */
#include "plan_shows.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "test.h"

/* What an address names, without host, query and version of an object. */
static bool names(const char *address, const char *path)
{
    const char *at = strstr(address, "://");
    struct view rest = view_of(at ? strchr(at + 3, '/') : address);
    struct view id = view_cut(&rest, '?');
    char *copy = mem_copy_view(id);
    struct view parts = id;
    bool found = text_contains_nocase(path, copy);

    /* Inside a vault the state has "dataPlane.VAULT.KIND[NAME]". */
    if (at && !found) {
        struct view host = { at + 3, strcspn(at + 3, ".") };
        char *vault = mem_copy_view(host);
        char *name;
        char *last;

        (void)view_cut(&parts, '/');
        (void)view_cut(&parts, '/');
        name = mem_copy_view(view_cut(&parts, '/'));
        last = mem_copy_text(strrchr(copy, '/') + 1);
        found = text_contains_nocase(path, vault) &&
                (text_contains_nocase(path, name) ||
                    text_contains_nocase(path, last));
        mem_free(last);
        mem_free(vault);
        mem_free(name);
    }
    mem_free(copy);
    return found;
}

/* The resource that a request acts on, where the request is below it: an
 * operation such as ".../accessPolicies/replace". */
static bool acts_on(const struct kv_target *target, const char *path)
{
    return text_contains_nocase(path, target->resource_id);
}

/* The cloud's words inside vaults and HSMs, and Azure's. */
static const struct {
    const char *state;
    const char *azure;
} inner_words[] = {
    { "expires", "attributes.exp" },
    { "contentType", "contentType" },
    { "rotation", "lifetimeActions" },
    { "policy.lifetime_actions", "lifetime_actions" },
    { "policy.x509_props", "x509_props" },
    { "policy.key_props", "key_props" },
    { "versions", "key.kid" },
    { "settings.Allow", "value" },
};

static bool shows_inner(
    const struct kv_target *target, uint32_t request, const char *path)
{
    for (uint32_t i = 0; i < target->change_count; i++)
        for (size_t j = 0; j < LENGTH(inner_words); j++)
            if (target->changes[i].request == request &&
                strstr(target->changes[i].path, inner_words[j].azure) &&
                strstr(path, inner_words[j].state))
                return true;
    return false;
}

static bool shows_field(
    const struct kv_target *target, uint32_t request, const char *path)
{
    for (uint32_t i = 0; i < target->change_count; i++) {
        const struct kv_change *change = &target->changes[i];
        struct view field = view_of(change->path);
        struct view first = view_cut(&field, '[');
        char *name = mem_copy_view(first);
        bool shows =
            change->request == request && text_contains_nocase(path, name);

        mem_free(name);
        if (shows)
            return true;
    }
    return false;
}

/* A deleted one of the name that the request makes again. */
static bool brings_back(const char *address, const char *path)
{
    struct view rest = view_of(address);
    struct view id = view_cut(&rest, '?');
    char *name;
    bool found;

    while (memchr(id.data, '/', id.size))
        (void)view_cut(&id, '/');
    name = mem_copy_view(id);
    found = text_contains_nocase(path, name) && strstr(path, "deleted");
    mem_free(name);
    return found;
}

bool plan_shows_path(
    const struct kv_target *target, const char *path, bool whole)
{
    for (uint32_t i = 0; i < target->request_count; i++) {
        const char *address = target->requests[i].path;

        if (names(address, path) &&
            (whole || shows_field(target, i, path) ||
                (address[0] != '/' && shows_inner(target, i, path))))
            return true;
        if (acts_on(target, path) && shows_field(target, i, path))
            return true;
        if (whole && acts_on(target, path) && brings_back(address, path))
            return true;
    }
    return false;
}

void expect_shown(
    void *context, const char *path, const json_t *before, const json_t *after)
{
    const struct plan_shows *shows = context;
    uint32_t count = kv_plan_target_count(shows->plan);
    char *was = before ? json_dumps(before, JSON_ENCODE_ANY) : NULL;
    char *is = after ? json_dumps(after, JSON_ENCODE_ANY) : NULL;
    bool told = shows->makes && strstr(path, shows->makes);

    for (uint32_t i = 0; i < count && !told; i++)
        told = plan_shows_path(
            kv_plan_target(shows->plan, i), path, !before || !after);
    if (!told)
        fail_with("%s: the plan did not show that\n%s\nbecomes, from %s,\n%s",
            kv_plan_remedy(shows->plan)->id, path, was ? was : "absent",
            is ? is : "absent");
    free(was);
    free(is);
}
