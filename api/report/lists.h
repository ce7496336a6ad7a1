/* The lists from the inside: which there are, what each is made of, and what
 * could not be known of it. */
#ifndef REPORT_LISTS_H
#define REPORT_LISTS_H

#include "listing.h"

struct list_row {
    const char *name;
    const struct listing_column *columns;
    size_t column_count;
    size_t sorted_by; /* that many columns from the left */
    uint32_t kinds;   /* of resources, 1u << enum kv_kind added up */
    uint64_t rows_need;  /* facets without which rows may be missing */
    uint64_t cells_need; /* and those without which a cell is unknown */
    void (*fill)(struct listing *listing, const struct kv_report_input *input,
        const struct kv_asked *asked);
};
#define LIST_VAULTS (1u << KV_KIND_VAULT)
#define LIST_HSMS (1u << KV_KIND_HSM)
#define LIST_BOTH (LIST_VAULTS | LIST_HSMS)

extern const struct list_row list_vaults;
extern const struct list_row list_hsms;
extern const struct list_row list_assignments;
extern const struct list_row list_principals;
extern const struct list_row list_network;
extern const struct list_row list_protection;
extern const struct list_row list_objects;

struct listing list_make(const struct list_row *list,
    const struct kv_report_input *input, const struct kv_asked *asked);

/* Walks the resources that are chosen and still there: starts and ends with
 * KV_NONE. */
uint32_t asked_next(const struct kv_report_input *input,
    const struct kv_asked *asked, uint32_t after);
/* Whether what is at this scope concerns what is chosen. */
bool asked_covers(const struct kv_report_input *input,
    const struct kv_asked *asked, const char *scope);
const struct kv_resource *asked_resource(
    const struct kv_report_input *input, const struct kv_asked *asked);

/* "Microsoft Entra principal": its name, or its id while that is not known. */
const char *list_who(const struct kv_estate *estate, const char *id);
void list_put_subscription(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource);

/* A line in the gaps for each of these facets that is not known of resources of
 * these kinds, or for each subscription that could not be listed; true when
 * there was none. */
bool gaps_put(const struct kv_report_input *input,
    const struct kv_asked *asked, uint32_t kinds, uint64_t needs);
bool gaps_put_unlisted(
    const struct kv_report_input *input, const struct kv_asked *asked);

/* ---- JSON around them ---- */

/* "{", with what every answer begins with. */
void answer_open(struct buf *out, const struct kv_report_input *input);
/* ",\n\"name\": " */
void answer_member(struct buf *out, const char *name);
void answer_text(struct buf *out, const char *name, const char *text);
/* With "complete" and "gaps". */
void answer_close(
    struct buf *out, const struct kv_asked *asked, bool complete);

#endif
