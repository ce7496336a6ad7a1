/* What the files that write plans out share. */
#ifndef EXPORT_PARTS_H
#define EXPORT_PARTS_H

#include "plan.h"

bool export_is_ready(const struct target *target);
/* One line of comment; a stranger's text in it ends no line. */
void export_put_comment(
    struct buf *out, const char *mark, const char *label, const char *text);
/* The fields of one request before and after, a line each. */
void export_put_changes(struct buf *out, const char *mark,
    const struct target *target, uint32_t request);
void export_put_head(
    struct buf *out, const char *mark, const struct kv_plan *plan);

/* ---- export_resource.c: a request as a resource that is declared ---- */

struct declared {
    const struct target *target;
    uint32_t request;
    char *type;  /* "Microsoft.KeyVault/vaults" */
    char *name;  /* of it; of a child "parent/child" */
    char *scope; /* what it is set on, an id; NULL: it stands for itself */
    char *group; /* resource group, NULL: of a subscription or above */
    const char *api_version;
    json_t *body;   /* location, tags, properties, ... */
    bool is_there;  /* it exists: a change of it */
};
struct declaration {
    struct declared *items;
    size_t count;
    size_t capacity;
};

/* Fails with KV_REFUSED for what cannot be declared: removing something,
 * acting on it, what is inside of a vault; `as` names the format. */
KV_NODISCARD enum kv_status declaration_make(struct declaration *out,
    const struct kv_plan *plan, const char *as, struct kv_error *err);
void declaration_done(struct declaration *declaration);

#endif
