/* How evidence is put, so that every row words the same thing the same way. */
#include "evaluate.h"

void evidence_new_line(struct buf *evidence)
{
    if (evidence && evidence->size > 0)
        buf_putc(evidence, '\n');
}

void evidence_put_text(struct buf *evidence, const char *text)
{
    buf_put_visible(evidence, view_of(text), false);
}

void evidence_put_number(
    struct buf *evidence, uint64_t count, const char *one, const char *many)
{
    if (!evidence)
        return;
    buf_put_count(evidence, count);
    buf_putf(evidence, " %s", count == 1 ? one : many);
}

void evidence_put_date(struct buf *evidence, int64_t time_s)
{
    struct buf text = { .limit = 64 };
    struct view rest;

    if (!evidence)
        return;
    buf_put_time(&text, time_s);
    rest = buf_view(&text);
    buf_put(evidence, view_cut(&rest, 'T')); /* the day of ISO 8601 */
    buf_done(&text);
}

#define LINES_SHOWN 12 /* of a list, before the rest is counted */

struct buf *evidence_list_next(struct evidence_list *list)
{
    return list->count++ < LINES_SHOWN ? list->evidence : NULL;
}

void evidence_list_end(const struct evidence_list *list)
{
    if (list->count <= LINES_SHOWN)
        return;
    evidence_new_line(list->evidence);
    buf_putf(list->evidence, "and %u more", list->count - LINES_SHOWN);
}

void evidence_put_missing(struct buf *evidence, enum kv_facet facet,
    const struct kv_facet_status *status)
{
    const struct kv_facet_info *info = &kv_facets[facet];

    buf_putf(evidence, "%s: ", info->name);
    switch (status->state) {
    case KV_FACET_DENIED:
        buf_putf(evidence, "not readable: needs ");
        evidence_put_text(
            evidence, status->why ? status->why : info->permission);
        buf_putf(evidence, " (denied)");
        break;
    case KV_FACET_FAILED:
        buf_putf(evidence, "could not be read: ");
        evidence_put_text(evidence, status->why ? status->why : "no reason");
        break;
    case KV_FACET_ABSENT:
        buf_puts(evidence, info->deep ? "not read: open the resource, or scan "
                                        "with --deep"
                                      : "not read yet");
        break;
    case KV_FACET_LOADING:
    case KV_FACET_READY:
    case KV_FACET_UNREGISTERED:
        buf_puts(evidence, "not read yet");
        break;
    }
}

/* Each is named, so that one missing permission does not hide another. */
void evidence_put_unread(
    struct buf *evidence, const struct kv_subject *subject, uint64_t facets)
{
    uint64_t unread = evidence ? facets & ~subject_ready(subject) : 0;

    for (unsigned facet = 0; unread != 0 && facet < KV_FACET_COUNT; facet++) {
        struct kv_facet_status status;

        if (!(unread & KV_FACET_BIT(facet)))
            continue;
        status = subject_facet(subject, (enum kv_facet)facet);
        evidence_new_line(evidence);
        evidence_put_missing(evidence, (enum kv_facet)facet, &status);
    }
}
