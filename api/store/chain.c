/* Hashing records and walking their chain.
 *
 * What the chain finds: a record that was changed, removed, put elsewhere or
 * slipped in, and a missing end, as long as whoever did it did not also
 * recompute every later hash and the note of the last one. What it cannot
 * find: exactly that. There is no secret in it, so who may write the file may
 * write a whole new history; only a hash that was written down elsewhere
 * (`kvgov journal verify` in a ticket, a backup) shows it. */
#include "chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char chain_start[CHAIN_HASH_SIZE] =
    "0000000000000000000000000000000000000000000000000000000000000000";

void chain_hash(char out[CHAIN_HASH_SIZE], const struct record *record)
{
    struct buf form = { .limit = SIZE_MAX };

    buf_putf(&form, "%" PRId64 "\n%" PRId64 "\n%s\n%" PRId64 "\n%s\n",
        record->number, record->time_s, record->kind, record->of,
        record->previous);
    buf_put(&form, record->body);

    /* An empty one, where the library refuses, breaks the chain rather than
     * passing it. */
    digest_hex(out, buf_view(&form));
    buf_done(&form);
}

void chain_init(struct chain *chain)
{
    *chain = (struct chain){ .next = 1 };
    memcpy(chain->last, chain_start, sizeof chain->last);
}

static bool fits(const struct chain *chain, const struct record *record)
{
    char hash[CHAIN_HASH_SIZE];

    chain_hash(hash, record);
    return record->number == chain->next &&
           strcmp(record->previous, chain->last) == 0 && *hash &&
           strcmp(record->hash, hash) == 0;
}

void chain_take(struct chain *chain, const struct record *record)
{
    chain->records++;
    if (chain->broken_at)
        return;
    if (!fits(chain, record)) {
        chain->broken_at = chain->next;
        return;
    }
    chain->next++;
    memcpy(chain->last, record->hash, sizeof chain->last);
}

void chain_end(struct chain *chain, int64_t number, const char *hash)
{
    if (chain->broken_at)
        return;
    if (number != chain->next - 1 || strcmp(hash, chain->last) != 0)
        chain->broken_at = chain->next;
}
