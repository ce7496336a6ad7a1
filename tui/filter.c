/* Parsing a filter. */
#include "filter.h"

#include <string.h>

/* A key is a short ASCII word before ':' or ">="; anything else, such as a
 * time of day, is a plain word. */
static bool is_key(struct view text)
{
    if (!text.size)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 'a' || text.data[i] > 'z')
            return false;
    return true;
}

static struct view before(struct view text, const char *end)
{
    return (struct view){ text.data, (size_t)(end - text.data) };
}

static struct view after(struct view text, const char *start)
{
    return (struct view){ start, text.size - (size_t)(start - text.data) };
}

static struct filter_term term_parse(struct view word)
{
    struct filter_term term = { 0 };
    const char *colon;
    const char *least;

    if (word.size > 1 && *word.data == '!') {
        term.negated = true;
        word = after(word, word.data + 1);
    }
    colon = memchr(word.data, ':', word.size);
    least = memmem(word.data, word.size, ">=", 2);
    if (colon && is_key(before(word, colon))) {
        term.key = before(word, colon);
        term.value = after(word, colon + 1);
    } else if (least && is_key(before(word, least))) {
        term.key = before(word, least);
        term.value = after(word, least + 2);
        term.at_least = true;
    } else {
        term.value = word;
    }
    return term;
}

void filter_parse(struct filter *out, struct view text)
{
    out->count = 0;
    while (text.size && out->count < FILTER_TERMS) {
        struct view word = view_cut(&text, ' ');

        if (word.size)
            out->terms[out->count++] = term_parse(word);
    }
}
