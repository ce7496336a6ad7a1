/* Merging records: an intent makes an entry, an outcome completes it, a note
 * is one by itself. Of several outcomes the last one counts. */
#include "entries.h"

#include "body.h"

#include <stdlib.h>
#include <string.h>

/* The texts of `shown` live in the bodies. */
struct entry {
    struct kv_journal_entry shown;
    json_t *said; /* of the intent or note; NULL if it could not be read */
    json_t *told; /* of the last outcome; NULL without one */
};

void entries_done(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        json_decref(entries->items[i].said);
        json_decref(entries->items[i].told);
    }
    mem_free(entries->items);
    *entries = (struct entries){ 0 };
}

static int compare_number(const void *key, const void *item)
{
    const int64_t *number = key;
    const struct entry *entry = item;

    return (*number > entry->shown.number) - (*number < entry->shown.number);
}

static struct entry *find(const struct entries *entries, int64_t number)
{
    if (entries->count == 0)
        return NULL;
    return bsearch(&number, entries->items, entries->count,
        sizeof *entries->items, compare_number);
}

/* Also what a damaged record shows: every text is there, and empty. */
static struct entry *add(struct entries *entries, const struct record *record)
{
    struct entry *entry;

    entries->items = mem_grow(entries->items, entries->count,
        &entries->capacity, sizeof *entries->items);
    entry = &entries->items[entries->count++];
    *entry = (struct entry){
        .said = body_parse(record->body),
        .shown = {
            .number = record->number,
            .time_s = record->time_s,
            .who = "",
            .plan = "",
            .remedy = "",
            .action = "",
            .target_id = "",
            .target_name = "",
            .reason = "",
            .message = "",
            .change = "",
            .request_id = "",
        },
    };
    if (!entry->said)
        entry->shown.message = "this record of the journal cannot be read";
    return entry;
}

static void take_plan(struct entries *entries, const char *plan)
{
    int64_t number;

    if (strncmp(plan, "p-", 2) != 0)
        return;
    number = strtoll(plan + 2, NULL, 10);
    if (number > entries->last_plan && number < INT64_MAX)
        entries->last_plan = number;
}

static void take_intent(struct entries *entries, const struct record *record)
{
    struct entry *entry = add(entries, record);

    body_get_intent(&entry->shown, entry->said);
    take_plan(entries, entry->shown.plan);
}

static void take_note(struct entries *entries, const struct record *record)
{
    struct entry *entry = add(entries, record);

    body_get_note(&entry->shown, entry->said);
    entry->shown.result = KV_JOURNAL_NOTE;
}

static bool was_applied(enum kv_journal_result result)
{
    return result == KV_JOURNAL_DONE || result == KV_JOURNAL_UNVERIFIED;
}

/* Only an undo that took effect undid something. */
static void mark_undone(struct entries *entries, const struct entry *undo)
{
    struct entry *undone = find(entries, undo->shown.undo_of);

    if (!undone)
        return;
    if (was_applied(undo->shown.result))
        undone->shown.undone_by = undo->shown.number;
    else if (undone->shown.undone_by == undo->shown.number)
        undone->shown.undone_by = 0;
}

/* An outcome that cannot be read leaves its intent in doubt, to be settled by
 * looking at the resource itself. */
static void take_outcome(struct entries *entries, const struct record *record)
{
    struct entry *entry = find(entries, record->of);
    json_t *told = body_parse(record->body);

    if (!entry || !told) {
        json_decref(told);
        return;
    }
    body_get_outcome(&entry->shown, told);
    json_decref(entry->told);
    entry->told = told;
    mark_undone(entries, entry);
}

static const struct {
    const char *kind;
    void (*take)(struct entries *entries, const struct record *record);
} kinds[] = {
    { "intent", take_intent },
    { "outcome", take_outcome },
    { "note", take_note },
};

void entries_take(struct entries *entries, const struct record *record)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, record->kind) == 0)
            kinds[i].take(entries, record);
    entries->seen = record->number;
}

const struct kv_journal_entry *entries_get(
    const struct entries *entries, size_t index)
{
    return index < entries->count ? &entries->items[index].shown : NULL;
}

const struct kv_journal_entry *entries_find(
    const struct entries *entries, int64_t number)
{
    const struct entry *entry = find(entries, number);

    return entry ? &entry->shown : NULL;
}

int64_t entries_open(const struct entries *entries)
{
    int64_t open = 0;

    for (size_t i = 0; i < entries->count; i++)
        open += entries->items[i].shown.result == KV_JOURNAL_IN_DOUBT;
    return open;
}
