/* The journal's records, one a line, as any hand may have changed the file: the
 * first byte says which kind, the second which intent an outcome is of. */
#include "fuzz.h"

#include "body.h"
#include "entries.h"

#define TEXT_LIMIT (1u << 20)

/* What was read once is written and read as the same. */
static void check_intent(const json_t *body)
{
    struct kv_journal_entry first = { 0 };
    struct kv_journal_entry second = { 0 };
    struct buf text = { .limit = TEXT_LIMIT };
    json_t *again;

    body_get_intent(&first, body);
    body_put_intent(&text, &(struct journal_intent){ .who = first.who,
                               .plan = first.plan,
                               .remedy = first.remedy,
                               .action = first.action,
                               .target_id = first.target_id,
                               .target_name = first.target_name,
                               .reason = first.reason,
                               .change = first.change,
                               .reversible = first.reversible,
                               .undo_of = first.undo_of });
    fuzz_check(!strchr(buf_text(&text), '\n'));
    again = body_parse(buf_view(&text));
    fuzz_check(again != NULL);
    body_get_intent(&second, again);
    fuzz_check(strcmp(first.change, second.change) == 0);
    fuzz_check(strcmp(first.target_id, second.target_id) == 0);
    fuzz_check(first.undo_of == second.undo_of);
    fuzz_check(first.reversible == second.reversible);
    json_decref(again);
    buf_done(&text);
}

static void check_body(struct view text)
{
    json_t *body = body_parse(text);
    struct kv_journal_entry entry = { 0 };

    if (!body)
        return;
    check_intent(body);
    body_get_outcome(&entry, body);
    fuzz_check(entry.message && entry.request_id);
    fuzz_check(*kv_journal_result_name(entry.result));
    body_get_note(&entry, body);
    fuzz_check(entry.who && entry.action && entry.reason);
    json_decref(body);
}

static void take_record(
    struct entries *entries, struct view line, int64_t number)
{
    static const char *const kinds[] = { "intent", "outcome", "note", "what" };
    unsigned kind = fuzz_take_byte(&line);
    unsigned of = fuzz_take_byte(&line);
    const struct record record = { .number = number,
        .time_s = number,
        .kind = kinds[kind % LENGTH(kinds)],
        .of = of % 16,
        .body = line,
        .previous = chain_start,
        .hash = chain_start };
    char hash[CHAIN_HASH_SIZE];

    check_body(line);
    chain_hash(hash, &record);
    fuzz_check(strlen(hash) == CHAIN_HASH_SIZE - 1);
    entries_take(entries, &record);
}

static void check_entries(const struct entries *entries)
{
    int64_t last = 0;

    for (size_t i = 0; i < entries->count; i++) {
        const struct kv_journal_entry *entry = entries_get(entries, i);

        fuzz_check(entry->number > last);
        fuzz_check(entries_find(entries, entry->number) == entry);
        fuzz_check(entry->who && entry->target_id && entry->change);
        fuzz_check(*kv_journal_result_name(entry->result));
        last = entry->number;
    }
    fuzz_check(entries_open(entries) <= (int64_t)entries->count);
    fuzz_check(entries->last_plan >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view rest = fuzz_view(data, size);
    struct entries entries = { 0 };

    for (int64_t number = 1; rest.size > 0; number++)
        take_record(&entries, view_cut(&rest, '\n'), number);
    check_entries(&entries);
    entries_done(&entries);
    return 0;
}
