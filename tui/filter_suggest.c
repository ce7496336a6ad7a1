/* "did you mean": what the list has that is nearly what was typed. */
#include "filter.h"

#include <ctype.h>
#include <string.h>

#include "list.h"

/* Only so many items are looked at, from all over the list, and for no word
 * that is a slip away from nearly everything: it is a hint. */
#define ITEMS 250
#define WORD_LEAST 3
#define WORD_BYTES 40
#define CELL_BYTES 512

struct nearest {
    struct view wanted;
    char word[WORD_BYTES + 1];
    size_t distance; /* of that word; what is not nearer is not taken */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to add, drop, change or swap with the next one to make one of the
 * other. Both are short. */
static size_t distance(struct view a, struct view b)
{
    size_t rows[3][WORD_BYTES + 1];

    for (size_t j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3]; /* two above */

        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            bool same = a.data[i - 1] == b.data[j - 1];

            row[j] =
                least(above[j - 1] + !same, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
}

static void consider(struct nearest *nearest, struct view word)
{
    char lower[WORD_BYTES + 1] = "";
    size_t far;

    if (!word.size || word.size > WORD_BYTES ||
        word.size > nearest->wanted.size + nearest->distance)
        return;
    for (size_t i = 0; i < word.size; i++)
        lower[i] = (char)tolower((unsigned char)word.data[i]);
    far = distance((struct view){ lower, word.size }, nearest->wanted);
    if (far >= nearest->distance)
        return;
    nearest->distance = far;
    memcpy(nearest->word, lower, sizeof(lower));
}

/* The words of a text: "kv-pay-prod" has kv, pay and prod. */
static void consider_text(struct nearest *nearest, struct view text)
{
    size_t start = 0;

    for (size_t i = 0; i <= text.size; i++)
        if (i == text.size || !isalnum((unsigned char)text.data[i])) {
            consider(nearest, (struct view){ text.data + start, i - start });
            start = i + 1;
        }
}

static void consider_cell(struct nearest *nearest, const struct list *list,
    uint32_t item, size_t column)
{
    struct list_cell cell = { .text.limit = CELL_BYTES };

    list->ops->cell(list->context, item, column, &cell);
    consider_text(nearest, buf_view(&cell.text));
    buf_done(&cell.text);
}

static void consider_items(struct nearest *nearest, const struct list *list,
    const struct filter_term *term)
{
    size_t count = list->ops->column_count;
    uint32_t step = list->item_count / ITEMS + 1;

    if (nearest->wanted.size < WORD_LEAST)
        return;
    for (uint32_t item = 0; item < list->item_count; item += step) {
        if (list->ops->exists && !list->ops->exists(list->context, item))
            continue;
        for (size_t i = 0; i < count; i++)
            if (term->column >= count || term->column == i)
                consider_cell(nearest, list, item, i);
    }
}

static void consider_keys(struct nearest *nearest, const struct list *list)
{
    for (const struct filter_field *at = list->ops->fields; at->name; at++)
        consider(nearest, view_of(at->name));
    for (size_t i = 0; i < list->ops->column_count; i++)
        consider(nearest, view_of(list->ops->columns[i].title));
    consider(nearest, view_of("unknown"));
    consider(nearest, view_of("known"));
}

/* One slip, two in a long word: Enter takes it, so it must be what was meant. */
static struct nearest nearest_to(struct view wanted)
{
    return (
        struct nearest){ .wanted = wanted, .distance = wanted.size / 8 + 2 };
}

/* Puts the text with `part`, a view into it, replaced. */
static void put_replaced(
    struct buf *out, struct view text, struct view part, const char *word)
{
    buf_put(out, (struct view){ text.data, (size_t)(part.data - text.data) });
    buf_puts(out, word);
    buf_put(out, (struct view){ part.data + part.size,
                     (size_t)(text.data + text.size - part.data) - part.size });
}

static bool suggest_for(const struct list *list, const struct filter_term *term,
    struct nearest *nearest, struct view *part)
{
    struct filter alone = { .terms = { *term }, .count = 1 };
    struct buf problem = { .limit = 1024 };
    bool means = filter_resolve(&alone, list, &problem);

    buf_done(&problem);
    *part = means || alone.terms[0].field ? term->value : term->key;
    if (!part->size || part->size > WORD_BYTES)
        return false;
    *nearest = nearest_to(*part);
    if (!means && !alone.terms[0].field)
        consider_keys(nearest, list);
    else if (alone.terms[0].field && alone.terms[0].field->words)
        for (const char *const *word = alone.terms[0].field->words; *word;
             word++)
            consider(nearest, view_of(*word));
    else
        consider_items(nearest, list, &alone.terms[0]);
    return *nearest->word && !view_equal_nocase(view_of(nearest->word), *part);
}

bool filter_suggest(
    const struct list *list, struct view text, size_t term, struct buf *out)
{
    struct filter filter;
    struct nearest nearest;
    struct view part;

    filter_parse(&filter, text);
    if (term >= filter.count || filter.terms[term].negated ||
        !suggest_for(list, &filter.terms[term], &nearest, &part))
        return false;
    put_replaced(out, text, part, nearest.word);
    return true;
}
