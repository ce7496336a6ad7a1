/* What may stand in a place of the command line. */
#include "shell_words.h"

#include <string.h>

#include "kvgov/posture.h"
#include "kvgov/who_can.h"

static void put_choices(struct view choices, struct buf *words)
{
    while (choices.size > 0) {
        if (words->size > 0)
            buf_putc(words, ' ');
        buf_put(words, view_cut(&choices, '|'));
    }
}

static void put_rows(struct buf *words)
{
    for (size_t i = 0; i < kv_catalogue_count; i++)
        buf_putf(words, "%s%s", i ? " " : "", kv_catalogue[i].id);
}

static void put_actions(enum kv_kind kind, struct buf *words)
{
    struct kv_askable row;

    for (size_t i = 0; kv_askable(kind, i, &row); i++)
        buf_putf(words, "%s%s", words->size ? " " : "", row.words);
}

static void put_all_actions(struct buf *words)
{
    put_actions(KV_KIND_VAULT, words);
    put_actions(KV_KIND_HSM, words);
}

/* Words of the tables that stand for something else. */
static const struct {
    const char *name;
    enum place_kind kind;
    void (*put)(struct buf *words);
} rows[] = {
    { "FILE", PLACE_FILE, NULL },
    { "DIR", PLACE_DIR, NULL },
    { "NAME", PLACE_NAME, NULL },
    { "SUBJECT", PLACE_NAME, NULL },
    { "SCOPE", PLACE_NAME, NULL },
    { "ROW", PLACE_WORDS, put_rows },
    { "ACTION", PLACE_WORDS, put_all_actions },
};

/* "[FILE]" and "[=FILE]" are a file. */
static struct view stripped(struct view argument)
{
    while (argument.size > 0 && strchr("[=", argument.data[0])) {
        argument.data++;
        argument.size--;
    }
    while (argument.size > 0 && argument.data[argument.size - 1] == ']')
        argument.size--;
    return argument;
}

enum place_kind place_of(struct view argument, struct buf *words)
{
    struct view name = stripped(argument);

    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++) {
        if (!view_equal(name, view_of(rows[i].name)))
            continue;
        if (rows[i].put)
            rows[i].put(words);
        return rows[i].kind;
    }
    if (!memchr(name.data, '|', name.size))
        return PLACE_ANYTHING;
    put_choices(name, words);
    return PLACE_WORDS;
}

struct view operand_of(const char *argument, size_t number)
{
    struct view rest = view_trim(view_of(argument));
    struct view operand = view_cut(&rest, ' ');

    while (number-- > 0)
        operand = view_cut(&rest, ' ');
    return operand;
}
