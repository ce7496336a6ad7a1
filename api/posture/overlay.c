/* Finding what people decided of one finding, and saying so. */
#include "overlay.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "estate.h"
#include "evaluate.h"

#define DAY_S 86400

/* A record as it is looked up: by row, then by subject or scope. */
struct entry {
    uint32_t row;
    const char *id;
    const void *record;
};

struct entries {
    struct entry *items;
    size_t count;
};

struct overlay {
    struct entries attestations;
    struct entries exceptions;
    bool *has; /* by row */
};

/* ---- making ---- */

static int entry_compare(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;

    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return strcasecmp(a->id, b->id);
}

static void entries_add(struct overlay *overlay, struct entries *entries,
    const char *row, const char *id, const void *record)
{
    uint32_t index = kv_catalogue_find(row);

    if (index == KV_NONE)
        return;
    overlay->has[index] = true;
    entries->items[entries->count++] = (struct entry){ index, id, record };
}

static void entries_sort(struct entries *entries)
{
    if (entries->count > 0)
        qsort(entries->items, entries->count, sizeof *entries->items,
            entry_compare);
}

struct overlay *overlay_new(const struct kv_records *records)
{
    struct overlay *overlay = mem_alloc(sizeof *overlay);

    overlay->has = mem_alloc(kv_catalogue_count * sizeof *overlay->has);
    overlay->attestations.items = mem_alloc(
        (records->attestation_count + 1) * sizeof *overlay->attestations.items);
    overlay->exceptions.items = mem_alloc(
        (records->exception_count + 1) * sizeof *overlay->exceptions.items);
    for (size_t i = 0; i < records->attestation_count; i++)
        entries_add(overlay, &overlay->attestations,
            records->attestations[i].row, records->attestations[i].subject,
            &records->attestations[i]);
    for (size_t i = 0; i < records->exception_count; i++)
        entries_add(overlay, &overlay->exceptions, records->exceptions[i].row,
            records->exceptions[i].scope, &records->exceptions[i]);
    entries_sort(&overlay->attestations);
    entries_sort(&overlay->exceptions);
    return overlay;
}

void overlay_free(struct overlay *overlay)
{
    if (!overlay)
        return;
    mem_free(overlay->attestations.items);
    mem_free(overlay->exceptions.items);
    mem_free(overlay->has);
    mem_free(overlay);
}

/* ---- looking up ---- */

bool overlay_has(const struct overlay *overlay, uint32_t row)
{
    return overlay && overlay->has[row];
}

/* Those of the row and id stand one after the other: kvgov keeps one, but Azure
 * Policy may have others. NULL starts and ends. */
static const struct entry *entries_next(const struct entries *entries,
    const struct entry *wanted, const struct entry *after)
{
    size_t low = after ? (size_t)(after - entries->items) + 1 : 0;
    size_t high = after ? low : entries->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entry_compare(&entries->items[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < entries->count &&
                   entry_compare(&entries->items[low], wanted) == 0
               ? &entries->items[low]
               : NULL;
}

const struct kv_attestation *overlay_attestation(
    const struct overlay *overlay, const struct overlay_key *key)
{
    const struct entry wanted = { key->row, key->subject, NULL };
    const struct entry *found =
        entries_next(&overlay->attestations, &wanted, NULL);

    return found ? found->record : NULL;
}

/* Of the scope's own: one that holds, kvgov's before Azure Policy's; else any.
 */
static const struct kv_exception *exception_at(const struct overlay *overlay,
    const struct overlay_key *key, const char *scope)
{
    const struct entry wanted = { key->row, scope, NULL };
    const struct entry *entry = NULL;
    const struct kv_exception *best = NULL;

    while ((entry = entries_next(&overlay->exceptions, &wanted, entry))) {
        const struct kv_exception *one = entry->record;
        bool holds = one->until_s >= key->now_s;

        if (!best || (holds && (best->until_s < key->now_s || !one->origin)))
            best = one;
    }
    return best;
}

/* Cuts an id to the scope above it: its resource group, its subscription,
 * everything; false at the end. */
static bool scope_rise(char *scope)
{
    char *group = strcasestr(scope, "/providers/");
    char *subscription = strcasestr(scope, "/resourceGroups/");

    if (strcmp(scope, "/") == 0)
        return false;
    if (group && group != scope)
        *group = '\0';
    else if (subscription && subscription != scope)
        *subscription = '\0';
    else
        memcpy(scope, "/", sizeof "/");
    return true;
}

const struct kv_exception *overlay_exception(
    const struct overlay *overlay, const struct overlay_key *key)
{
    const struct kv_exception *nearest = NULL;
    const struct kv_exception *holds = NULL;
    char *scope = mem_copy_text(key->subject);

    do {
        const struct kv_exception *found = exception_at(overlay, key, scope);

        if (found && !nearest)
            nearest = found;
        if (found && found->until_s >= key->now_s)
            holds = found;
    } while (!holds && scope_rise(scope));
    mem_free(scope);
    return holds ? holds : nearest;
}

int64_t attestation_end_s(
    const struct kv_attestation *attestation, const struct kv_policy *policy)
{
    int64_t longest_s =
        attestation->at_s + (int64_t)policy->attestation_days * DAY_S;

    return attestation->until_s < longest_s ? attestation->until_s : longest_s;
}

/* ---- in words ---- */

/* A day that has begun counts. */
static uint64_t days_left(int64_t end_s, int64_t now_s)
{
    int64_t days = (end_s - now_s + DAY_S - 1) / DAY_S;

    return days > 0 ? (uint64_t)days : 1;
}

static void put_end(struct buf *evidence, int64_t end_s, int64_t now_s)
{
    if (end_s == KV_UNTIL_OPEN) {
        buf_puts(evidence, ", without end");
        return;
    }
    buf_puts(evidence, end_s < now_s ? ", ended on " : ", until ");
    evidence_put_date(evidence, end_s);
    if (end_s < now_s || end_s - now_s > KV_RECORDS_WARNING_S)
        return;
    buf_puts(evidence, ", in ");
    evidence_put_number(evidence, days_left(end_s, now_s), "day", "days");
}

static void put_attestation(struct buf *evidence,
    const struct kv_attestation *attestation, const struct overlay_key *key)
{
    evidence_new_line(evidence);
    buf_puts(evidence, "attested ");
    buf_puts(evidence, attestation->pass ? "pass by " : "fail by ");
    evidence_put_text(evidence, attestation->name);
    buf_puts(evidence, " on ");
    evidence_put_date(evidence, attestation->at_s);
    put_end(evidence, attestation_end_s(attestation, key->policy), key->now_s);
    buf_puts(evidence, ": ");
    evidence_put_text(evidence, attestation->note);
}

static const char *exemption_name(const char *id)
{
    const char *slash = strrchr(id, '/');

    return slash ? slash + 1 : id;
}

static void put_exception(struct buf *evidence,
    const struct kv_exception *exception, const struct overlay_key *key)
{
    evidence_new_line(evidence);
    buf_puts(evidence, "accepted by ");
    evidence_put_text(evidence, exception->owner);
    put_end(evidence, exception->until_s, key->now_s);
    if (strcmp(exception->scope, "/") == 0)
        buf_puts(evidence, ", everywhere");
    else if (!text_equal_nocase(exception->scope, key->subject))
        buf_puts(evidence, ", for all in ");
    if (strcmp(exception->scope, "/") != 0 &&
        !text_equal_nocase(exception->scope, key->subject))
        evidence_put_text(evidence, exception->scope);
    buf_puts(evidence, ": ");
    evidence_put_text(evidence, exception->reason);
    if (exception->origin) {
        buf_puts(evidence, " (Azure Policy exemption ");
        evidence_put_text(evidence, exemption_name(exception->origin));
        buf_putc(evidence, ')');
    }
}

/* ---- the verdict ---- */

static enum kv_verdict answered(const struct overlay *overlay,
    const struct overlay_key *key, struct buf *evidence)
{
    const struct kv_attestation *attestation =
        overlay_attestation(overlay, key);

    if (!attestation)
        return KV_VERDICT_MANUAL;
    put_attestation(evidence, attestation, key);
    if (attestation_end_s(attestation, key->policy) < key->now_s)
        return KV_VERDICT_MANUAL;
    return attestation->pass ? KV_VERDICT_PASS : KV_VERDICT_FAIL;
}

static enum kv_verdict accepted(const struct overlay *overlay,
    const struct overlay_key *key, struct buf *evidence)
{
    const struct kv_exception *exception = overlay_exception(overlay, key);

    if (!exception)
        return KV_VERDICT_FAIL;
    put_exception(evidence, exception, key);
    return exception->until_s >= key->now_s ? KV_VERDICT_EXCEPTED
                                            : KV_VERDICT_FAIL;
}

enum kv_verdict overlay_verdict(const struct overlay *overlay,
    const struct overlay_key *key, enum kv_verdict judged, struct buf *evidence)
{
    enum kv_verdict verdict = judged;

    if (verdict == KV_VERDICT_MANUAL)
        verdict = answered(overlay, key, evidence);
    if (verdict == KV_VERDICT_FAIL)
        verdict = accepted(overlay, key, evidence);
    return verdict;
}

int64_t overlay_next_end_s(const struct overlay *overlay,
    const struct kv_policy *policy, int64_t now_s)
{
    int64_t next_s = 0;

    for (size_t i = 0; overlay && i < overlay->attestations.count; i++) {
        int64_t end_s =
            attestation_end_s(overlay->attestations.items[i].record, policy);

        if (end_s >= now_s && (next_s == 0 || end_s < next_s))
            next_s = end_s;
    }
    for (size_t i = 0; overlay && i < overlay->exceptions.count; i++) {
        const struct kv_exception *exception =
            overlay->exceptions.items[i].record;

        if (exception->until_s >= now_s &&
            exception->until_s != KV_UNTIL_OPEN &&
            (next_s == 0 || exception->until_s < next_s))
            next_s = exception->until_s;
    }
    return next_s;
}
