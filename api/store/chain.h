/* The journal's records and the chain that holds them together. Pure: bytes
 * in, hashes and a verdict out. */
#ifndef CHAIN_H
#define CHAIN_H

#include "base.h"

#define CHAIN_HASH_SIZE DIGEST_SIZE

/* One row of the journal's file, borrowed. */
struct record {
    int64_t number; /* 1, 2, 3 ... without a gap */
    int64_t time_s;
    const char *kind; /* "intent", "outcome" or "note" */
    int64_t of;       /* an outcome's intent; else 0 */
    struct view body; /* JSON, hashed byte by byte as it stands */
    const char *previous;
    const char *hash;
};

/* What the first record has as its previous hash. */
extern const char chain_start[CHAIN_HASH_SIZE];

/* The hash of a record, whose own `hash` is not looked at:
 *
 *   SHA-256( number LF time_s LF kind LF of LF previous LF body )
 *
 * numbers in decimal, LF the byte 0x0a. No field before the body can hold an
 * LF, so two different records never have one form; and everybody can check a
 * record with printf and sha256sum. */
void chain_hash(char out[CHAIN_HASH_SIZE], const struct record *record);

/* A walk over all records in the order of their numbers. */
struct chain {
    int64_t records;   /* taken so far */
    int64_t next;      /* the number that must come now */
    int64_t broken_at; /* the first number that is not as it was written; 0 */
    char last[CHAIN_HASH_SIZE];
};

void chain_init(struct chain *chain);
void chain_take(struct chain *chain, const struct record *record);
/* `number` and `hash` are the last record's as noted apart from the records:
 * without that note a chain that lost its end would look whole. */
void chain_end(struct chain *chain, int64_t number, const char *hash);

#endif
