/* Who is signed in and by which way, and what is kept on the disk. */
#include "listing.h"

#include "kvgov/checkup.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct listing_column columns[] = {
    { "ACCOUNT", "account" },
    { "OBJECT-ID", "object_id" },
    { "METHOD", "method" },
    { "TENANT", "tenant_id" },
    { "CLOUD", "cloud" },
    { "TOKEN-UNTIL", "token_until" },
};

void kv_report_account(
    struct buf *out, const struct kv_session *session, bool json)
{
    const struct kv_sign_in *sign_in = kv_session_sign_in(session);
    struct listing listing = listing_new(columns, LENGTH(columns));

    listing_text(&listing, sign_in->account);
    listing_text(&listing, sign_in->object_id);
    listing_text(&listing, sign_in->method);
    listing_text(&listing, sign_in->tenant);
    listing_text(&listing, kv_session_cloud(session));
    listing_time(&listing, kv_session_token_expires_at_s(session));
    if (json) {
        listing_put_json_record(out, &listing);
        buf_putc(out, '\n');
    } else {
        listing_put_record(out, &listing);
    }
    listing_done(&listing);
}

/* ---- files ---- */

static const struct listing_column kept_columns[] = {
    { "STATE", "state" },
    { "WHAT", "what" },
    { "BYTES", "bytes" },
    { "FILE", "file" },
};

void kv_report_kept(struct buf *out, const struct kv_kept *rows, size_t count,
    uint32_t width_cells, bool json)
{
    struct listing listing = listing_new(kept_columns, LENGTH(kept_columns));

    for (size_t i = 0; i < count; i++) {
        listing_text(&listing, rows[i].state);
        listing_text(&listing, rows[i].what);
        listing_count(&listing, (uint64_t)rows[i].bytes);
        listing_text(&listing, rows[i].path);
    }
    listing_sort(&listing, LENGTH(kept_columns));
    if (json) {
        listing_put_json(out, &listing);
        buf_putc(out, '\n');
    } else {
        listing_put_table(out, &listing, width_cells);
    }
    listing_done(&listing);
}
