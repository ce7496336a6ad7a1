/* What people decided, as a table and as JSON; what ends soon stands out. */
#include "kvgov/report.h"

#include "listing.h"
#include "node.h"

/* An attestation or an exception, as both are shown. */
struct decided {
    const char *row;
    const char *on;
    const char *answer; /* NULL: an exception */
    const char *who;
    const char *text;
    const char *origin; /* NULL: kept by kvgov */
    int64_t at_s;
    int64_t until_s;
};

static struct decided attested(const struct kv_attestation *attestation)
{
    return (struct decided){
        .row = attestation->row,
        .on = attestation->subject,
        .answer = attestation->pass ? "pass" : "fail",
        .who = attestation->name,
        .text = attestation->note,
        .at_s = attestation->at_s,
        .until_s = attestation->until_s,
    };
}

static struct decided excepted(const struct kv_exception *exception)
{
    return (struct decided){
        .row = exception->row,
        .on = exception->scope,
        .who = exception->owner,
        .text = exception->reason,
        .origin = exception->origin,
        .at_s = exception->at_s,
        .until_s = exception->until_s,
    };
}

static const char *state_of(int64_t until_s, int64_t now_s)
{
    if (until_s < now_s)
        return "ended";
    return until_s - now_s <= KV_RECORDS_WARNING_S ? "ends soon" : "holds";
}

/* ---- as a table ---- */

static const struct listing_column columns[] = {
    { "ID", "recommendation" }, { "STATE", "state" }, { "UNTIL", "until" },
    { "ANSWER", "answer" }, { "WHO", "name" }, { "TEXT", "note" },
    { "ON", "subject" }, { "EXEMPTION", "origin" }, /* of Azure Policy */
};

static void put_day(struct listing *listing, int64_t time_s)
{
    struct buf text = { .limit = 64 };
    struct buf day = { .limit = 64 };
    struct view rest;

    if (time_s == KV_UNTIL_OPEN) {
        buf_puts(&day, "no end");
    } else {
        buf_put_time(&text, time_s);
        rest = buf_view(&text);
        buf_put(&day, view_cut(&rest, 'T'));
    }
    listing_text(listing, buf_text(&day));
    buf_done(&text);
    buf_done(&day);
}

static void put_decided(
    struct listing *listing, const struct decided *one, int64_t now_s)
{
    listing_text(listing, one->row);
    listing_text(listing, state_of(one->until_s, now_s));
    put_day(listing, one->until_s);
    listing_text(listing, one->answer);
    listing_text(listing, one->who);
    listing_text(listing, one->text);
    listing_text(listing, one->on);
    listing_text(listing, one->origin);
}

void kv_report_attestations_table(struct buf *out,
    const struct kv_records *records, int64_t now_s, uint32_t width_cells)
{
    struct listing listing =
        listing_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; i < records->attestation_count; i++) {
        struct decided one = attested(&records->attestations[i]);

        put_decided(&listing, &one, now_s);
    }
    listing_put_table(out, &listing, width_cells);
    listing_done(&listing);
}

void kv_report_exceptions_table(struct buf *out,
    const struct kv_records *records, int64_t now_s, uint32_t width_cells)
{
    struct listing listing =
        listing_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; i < records->exception_count; i++) {
        struct decided one = excepted(&records->exceptions[i]);

        put_decided(&listing, &one, now_s);
    }
    listing_put_table(out, &listing, width_cells);
    listing_done(&listing);
}

/* ---- as JSON ---- */

/* Of the object's form; grows when a member changes its meaning or goes. */
#define RECORDS_VERSION 1

static json_t *decided_node(
    const struct decided *one, const char *on, int64_t now_s)
{
    json_t *object = json_object();

    node_set(object, "recommendation", node_text(one->row));
    node_set(object, on, node_text(one->on));
    if (one->answer)
        node_set(object, "answer", node_text(one->answer));
    node_set(object, one->answer ? "name" : "owner", node_text(one->who));
    node_set(object, one->answer ? "note" : "reason", node_text(one->text));
    node_set(object, "at", node_time(one->at_s));
    node_set(object, "until", node_time(one->until_s));
    node_set(object, "state", node_text(state_of(one->until_s, now_s)));
    return object;
}

json_t *node_attestation(
    const struct kv_attestation *attestation, int64_t now_s)
{
    struct decided one = attested(attestation);

    return decided_node(&one, "subject", now_s);
}

json_t *node_exception(const struct kv_exception *exception, int64_t now_s)
{
    struct decided one = excepted(exception);
    json_t *object = decided_node(&one, "scope", now_s);

    if (exception->origin)
        node_set(object, "origin", node_text(exception->origin));
    return object;
}

void kv_report_records_json(
    struct buf *out, const struct kv_records *records, int64_t now_s)
{
    json_t *object = json_object();
    json_t *attestations = json_array();
    json_t *exceptions = json_array();

    for (size_t i = 0; i < records->attestation_count; i++)
        json_array_append_new(
            attestations, node_attestation(&records->attestations[i], now_s));
    for (size_t i = 0; i < records->exception_count; i++)
        json_array_append_new(
            exceptions, node_exception(&records->exceptions[i], now_s));
    node_set(object, "version", json_integer(RECORDS_VERSION));
    node_set(object, "attestations", attestations);
    node_set(object, "exceptions", exceptions);
    node_put(out, object, JSON_INDENT(2));
    buf_putc(out, '\n');
}
