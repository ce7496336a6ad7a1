/* The filter language of every list: words, name:prod, net:open, sev>=high,
 * fail>10, changed<7d, tag:env=prod, sub:"Contoso Payments", unknown:, !word.
 * Terms must all hold. What cannot be known is kept, whatever was asked of it,
 * unless known: is there: a filter never hides a gap.
 *
 * What a key means is a row of the list's table of fields; each column of the
 * list is a field too, by its title. */
#ifndef FILTER_H
#define FILTER_H

#include "kvgov/text.h"

#define FILTER_TERMS 16

struct list;

enum filter_answer {
    FILTER_NO,
    FILTER_YES,
    FILTER_UNKNOWN,
};

enum filter_compare {
    FILTER_HAS, /* ':' */
    FILTER_IS,  /* '=' */
    FILTER_AT_LEAST,
    FILTER_AT_MOST,
    FILTER_ABOVE,
    FILTER_BELOW,
};

/* What a term found in a text that many items share. */
struct filter_found {
    const char *text;
    const struct filter_term *term;
    bool found;
};
#define FILTER_MEMORY 512

struct filter_term {
    struct view key;   /* empty for a plain word */
    struct view value; /* may be empty: "unknown:" */
    enum filter_compare compare;
    bool negated; /* !term */
    /* What it was found to mean, see filter_resolve(). */
    const struct filter_field *field; /* NULL: a word, or a column */
    size_t column;
    uint32_t mask; /* of a field's words: one bit each that is asked for */
    struct filter_found *memory; /* of its filter */
};

/* A row of a table that {0} ends. */
struct filter_field {
    const char *name;
    const char *what; /* for help, one phrase */
    /* All that the value may be, from least to most; NULL: any text. An
     * abbreviation is enough. */
    const char *const *words;
    /* With `words` looks at the mask only, else at the value. */
    enum filter_answer (*match)(
        const void *context, uint32_t item, const struct filter_term *term);
};

/* Of lists that have a filter and no fields but their columns. */
extern const struct filter_field filter_columns[];

/* The words of a severity, from least to most; a bit is its number. */
extern const char *const filter_severities[];

/* Views point into the parsed text. */
struct filter {
    struct filter_term terms[FILTER_TERMS];
    size_t count;
    bool known; /* known: is there */
    struct filter_found memory[FILTER_MEMORY];
};

/* Never fails: what is no key is a word; more than FILTER_TERMS are dropped. */
void filter_parse(struct filter *out, struct view text);
/* Finds what each term means to the list. False where one means nothing: says
 * what there is. From then on the filter stays where it is, and only as long as
 * no text of the list changes. */
bool filter_resolve(
    struct filter *filter, const struct list *list, struct buf *problem);
bool filter_passes(
    const struct filter *filter, const struct list *list, uint32_t item);

/* "name: kind: sev>=high", for the line below the field. */
void filter_put_help(const struct list *list, struct buf *out);

/* The text with its nth term put right, where the list has something that is
 * nearly what was typed; false where it has not. */
bool filter_suggest(
    const struct list *list, struct view text, size_t term, struct buf *out);

/* ---- for fields ---- */

/* The value as a part of the text, or all of it for FILTER_IS; any ASCII case.
 * NULL holds nothing. */
bool filter_finds(const struct filter_term *term, const char *text);
/* The same for a text that stays where it is, as the estate's do, and that many
 * items have: it is read once. */
bool filter_finds_shared(const struct filter_term *term, const char *text);
enum filter_answer filter_answer(bool holds);

#endif
