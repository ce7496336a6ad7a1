/* One vault or HSM with all that is known of it: its row of each list, and what
 * was found on it. */
#include "lists.h"

#include "node.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define EVIDENCE_LIMIT (64u << 10)

/* ---- findings ---- */

static const struct listing_column finding_columns[] = {
    { "ROW", "recommendation" },
    { "SEVERITY", "severity" },
    { "VERDICT", "verdict" },
    { "SINCE", "since" },
    { "TITLE", "title" },
    { "EVIDENCE", "evidence" },
};

/* Evidence has a line for each step; here it is one. */
static void put_evidence(struct listing *listing, struct view lines)
{
    struct buf text = { .limit = EVIDENCE_LIMIT };

    while (lines.size > 0) {
        if (text.size > 0)
            buf_puts(&text, "; ");
        buf_put(&text, view_cut(&lines, '\n'));
    }
    listing_text(listing, buf_text(&text));
    buf_done(&text);
}

static void put_finding(struct listing *listing,
    const struct kv_report_input *input, uint32_t row, uint32_t resource)
{
    struct buf evidence = { .limit = EVIDENCE_LIMIT };
    enum kv_verdict verdict =
        kv_posture_evidence(input->posture, row, resource, &evidence);
    struct kv_since since = { 0 };

    if (input->session)
        since = kv_session_since(input->session, row,
            kv_posture_subject_of(input->posture, row, resource));
    listing_text(listing, kv_catalogue[row].id);
    listing_text(listing, kv_severity_name(kv_catalogue[row].severity));
    listing_text(listing, kv_verdict_name(verdict));
    listing_time(listing, since.since_s);
    listing_text(listing, verdict == KV_VERDICT_FAIL ? kv_catalogue[row].fails
                                                     : kv_catalogue[row].title);
    put_evidence(listing, buf_view(&evidence));
    buf_done(&evidence);
}

static void fill_findings(struct listing *listing,
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict verdict =
            kv_posture_verdict(input->posture, row, asked->resource);

        if (verdict != KV_VERDICT_NONE && verdict != KV_VERDICT_NOT_APPLICABLE)
            put_finding(listing, input, row, asked->resource);
    }
}

static const struct list_row list_findings = {
    .name = "findings",
    .columns = finding_columns,
    .column_count = LENGTH(finding_columns),
    .fill = fill_findings,
};

/* ---- all of it ---- */

/* Whether it is a list, or a single row. */
struct part {
    const struct list_row *list;
    const char *heading;
    bool record;
};

static const struct part parts[] = {
    { &list_protection, "PROTECTION", true },
    { &list_network, "NETWORK", false },
    { &list_assignments, "ASSIGNMENTS", false },
    { &list_objects, "OBJECTS", false },
    { &list_findings, "FINDINGS", false },
};

static void put_json(struct buf *out, const char *name,
    const struct listing *listing, bool record)
{
    answer_member(out, name);
    if (record)
        listing_put_json_record(out, listing);
    else
        listing_put_json(out, listing);
}

static void put_text(struct buf *out, const struct kv_report_input *input,
    const char *heading, const struct listing *listing, bool record)
{
    if (listing_rows(listing) == 0)
        return;
    if (heading)
        buf_putf(out, "\n%s\n", heading);
    if (record)
        listing_put_record(out, listing);
    else
        listing_put_table(out, listing, input->width_cells);
}

static void put_part(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked, const struct part *part)
{
    struct listing listing = list_make(part->list, input, asked);

    if (asked->json)
        put_json(out, part->list->name, &listing, part->record);
    else
        put_text(out, input, part->heading, &listing, part->record);
    listing_done(&listing);
}

static uint64_t needs_of(const struct kv_resource *resource)
{
    const struct list_row *first =
        resource->kind == KV_KIND_HSM ? &list_hsms : &list_vaults;
    uint64_t needs = first->cells_need;

    for (size_t i = 0; i < LENGTH(parts); i++)
        if (parts[i].list != &list_objects)
            needs |= parts[i].list->rows_need | parts[i].list->cells_need;
    return needs;
}

bool kv_report_resource(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked)
{
    const struct kv_resource *resource = asked_resource(input, asked);
    const struct part first = {
        resource->kind == KV_KIND_HSM ? &list_hsms : &list_vaults,
        NULL,
        true,
    };
    bool complete = gaps_put(input, asked, LIST_BOTH, needs_of(resource));

    if (asked->json) {
        answer_open(out, input);
        answer_text(out, "kind", kv_kind_name(resource->kind));
    }
    put_part(out, input, asked, &first);
    for (size_t i = 0; i < LENGTH(parts); i++)
        put_part(out, input, asked, &parts[i]);
    if (asked->json)
        answer_close(out, asked, complete);
    return complete;
}
