/* Parsing a filter, and asking it of an item. */
#include "filter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"

#define CELL_BYTES 1024

const struct filter_field filter_columns[] = { { 0 } };

const char *const filter_severities[] = {
    [KV_SEVERITY_INFO] = "info",
    [KV_SEVERITY_LOW] = "low",
    [KV_SEVERITY_MEDIUM] = "medium",
    [KV_SEVERITY_HIGH] = "high",
    [KV_SEVERITY_CRITICAL] = "critical",
    [KV_SEVERITY_COUNT] = NULL,
};

/* ---- parsing ---- */

static struct view after(struct view text, size_t size)
{
    return (struct view){ text.data + size, text.size - size };
}

struct compare_row {
    const char *sign;
    enum filter_compare compare;
};

/* The longer ones first. */
static const struct compare_row compares[] = {
    { ">=", FILTER_AT_LEAST },
    { "<=", FILTER_AT_MOST },
    { ">", FILTER_ABOVE },
    { "<", FILTER_BELOW },
    { ":", FILTER_HAS },
    { "=", FILTER_IS },
};

/* A key is a short ASCII word before one of the signs; anything else, such as a
 * time of day, is a plain word. */
static void term_split(struct filter_term *term, struct view word)
{
    size_t size = 0;

    while (size < word.size && word.data[size] >= 'a' && word.data[size] <= 'z')
        size++;
    term->value = word;
    for (size_t i = 0; i < sizeof(compares) / sizeof *(compares) && size; i++)
        if (view_starts_nocase(after(word, size), view_of(compares[i].sign))) {
            term->key = (struct view){ word.data, size };
            term->value = after(word, size + strlen(compares[i].sign));
            term->compare = compares[i].compare;
            return;
        }
}

static void unquote(struct view *value)
{
    if (!value->size || *value->data != '"')
        return;
    *value = after(*value, 1);
    if (value->size && value->data[value->size - 1] == '"')
        value->size--;
}

static struct filter_term term_parse(struct view word)
{
    struct filter_term term = { 0 };

    if (word.size > 1 && *word.data == '!') {
        term.negated = true;
        word = after(word, 1);
    }
    term_split(&term, word);
    unquote(&term.value);
    return term;
}

/* Up to a blank that is not between quotes. */
static struct view take_word(struct view *text)
{
    struct view word = { text->data, 0 };
    bool quoted = false;

    while (word.size < text->size && (quoted || text->data[word.size] != ' '))
        quoted ^= text->data[word.size++] == '"';
    *text = after(*text, word.size + (word.size < text->size));
    return word;
}

void filter_parse(struct filter *out, struct view text)
{
    out->count = 0;
    out->known = false;
    while (text.size && out->count < FILTER_TERMS) {
        struct view word = take_word(&text);

        if (word.size)
            out->terms[out->count++] = term_parse(word);
    }
}

/* ---- what terms mean ---- */

#define NO_COLUMN SIZE_MAX

/* "NAME" is name:, "C/H/M/?" is none. */
static bool is_title(const char *title, struct view key)
{
    return view_equal_nocase(view_of(title), key);
}

static size_t column_of(const struct list *list, struct view key)
{
    for (size_t i = 0; i < list->ops->column_count; i++)
        if (is_title(list->ops->columns[i].title, key))
            return i;
    return NO_COLUMN;
}

static const struct filter_field *field_of(
    const struct list *list, struct view key)
{
    for (const struct filter_field *at = list->ops->fields; at->name; at++)
        if (view_equal(view_of(at->name), key))
            return at;
    return NULL;
}

/* Every list knows these, whether it has a row for them or not. */
static bool is_general(struct view key)
{
    return view_equal(key, view_of("known")) ||
           view_equal(key, view_of("unknown"));
}

static uint32_t mask_of(enum filter_compare compare, size_t at)
{
    uint32_t one = 1u << at;

    switch (compare) {
    case FILTER_HAS:
    case FILTER_IS:
        return one;
    case FILTER_AT_LEAST:
        return ~(one - 1);
    case FILTER_ABOVE:
        return ~(one - 1) & ~one;
    case FILTER_AT_MOST:
        return one | (one - 1);
    case FILTER_BELOW:
        return one - 1;
    }
    return 0;
}

/* A value that is still being typed asks for nothing yet. */
static bool resolve_words(struct filter_term *term, struct buf *problem)
{
    const char *const *words = term->field->words;

    term->mask = term->value.size ? 0 : UINT32_MAX;
    for (size_t i = 0; words[i] && !term->mask; i++)
        if (view_starts_nocase(view_of(words[i]), term->value))
            term->mask = mask_of(term->compare, i) | 1u << 31;
    if (term->mask)
        return true;
    buf_putf(problem, "%s: is not \"%.*s\" but one of", term->field->name,
        (int)term->value.size, term->value.data);
    for (size_t i = 0; words[i]; i++)
        buf_putf(problem, "%s %s", i ? "," : "", words[i]);
    return false;
}

static bool resolve_term(
    struct filter_term *term, const struct list *list, struct buf *problem)
{
    term->column = NO_COLUMN;
    if (!term->key.size)
        return true;
    term->field = field_of(list, term->key);
    if (term->field)
        return !term->field->words || resolve_words(term, problem);
    term->column = column_of(list, term->key);
    if (term->column != NO_COLUMN || is_general(term->key))
        return true;
    buf_putf(problem, "there is no \"%.*s\" here, there is ",
        (int)term->key.size, term->key.data);
    filter_put_help(list, problem);
    return false;
}

bool filter_resolve(
    struct filter *filter, const struct list *list, struct buf *problem)
{
    memset(filter->memory, 0, sizeof filter->memory);
    for (size_t i = 0; i < filter->count; i++) {
        struct filter_term *term = &filter->terms[i];

        term->memory = filter->memory;
        if (!resolve_term(term, list, problem))
            return false;
        if (!term->negated && view_equal(term->key, view_of("known")))
            filter->known = true;
    }
    return true;
}

/* Severities have an order too. */
static void put_field(struct buf *out, const char *name, bool number)
{
    bool ordered = number || text_equal_nocase(name, "sev");

    buf_puts(out, out->size && out->data[out->size - 1] != ' ' ? " " : "");
    for (; *name; name++)
        buf_putc(out, (char)tolower((unsigned char)*name));
    buf_puts(out, ordered ? ">=" : ":");
}

static bool is_word(const char *title)
{
    for (; *title; title++)
        if (!isalpha((unsigned char)*title))
            return false;
    return true;
}

static bool is_field(const struct list *list, const char *title)
{
    for (const struct filter_field *at = list->ops->fields; at->name; at++)
        if (text_equal_nocase(at->name, title))
            return true;
    return false;
}

void filter_put_help(const struct list *list, struct buf *out)
{
    for (const struct filter_field *at = list->ops->fields; at->name; at++)
        put_field(out, at->name, false);
    for (size_t i = 0; i < list->ops->column_count; i++) {
        const char *title = list->ops->columns[i].title;

        if (is_word(title) && !is_field(list, title))
            put_field(out, title, list->ops->columns[i].right);
    }
    if (!field_of(list, view_of("unknown")))
        put_field(out, "unknown", false);
    if (!field_of(list, view_of("known")))
        put_field(out, "known", false);
    buf_puts(out, " !word");
}

/* ---- values ---- */

enum filter_answer filter_answer(bool holds)
{
    return holds ? FILTER_YES : FILTER_NO;
}

/* Nearly every place differs in its first letter already, so that is all that
 * is looked at there: 100,000 items are asked at every key. */
static bool has_part(struct view text, struct view part)
{
    int first = part.size ? *part.data | ' ' : 0; /* the same in any case */

    for (size_t i = 0; i + part.size <= text.size && part.size; i++)
        if ((text.data[i] | ' ') == first &&
            view_starts_nocase(after(text, i), part))
            return true;
    return !part.size;
}

bool filter_finds(const struct filter_term *term, const char *text)
{
    if (!text)
        return false;
    return term->compare == FILTER_IS
               ? view_equal_nocase(view_of(text), term->value)
               : has_part(view_of(text), term->value);
}

/* The end of an address says most. */
static size_t place_of(const struct filter_term *term, const char *text)
{
    return ((uintptr_t)text / 8 ^ (uintptr_t)term / sizeof *term) %
           FILTER_MEMORY;
}

bool filter_finds_shared(const struct filter_term *term, const char *text)
{
    struct filter_found *found = &term->memory[place_of(term, text)];

    if (found->text != text || found->term != term)
        *found = (struct filter_found){ text, term, filter_finds(term, text) };
    return found->found;
}

/* "1,204", "97.7%", "14d" in seconds, "<1m" as less than a minute; false for
 * what is no number. */
static bool number_parse(struct view text, double *out)
{
    static const char units[] = "smhdw";
    static const double seconds[] = { 1, 60, 3600, 86400, 604800 };
    char digits[32] = "";
    size_t size = 0;
    char *end = digits;
    const char *unit;
    bool less = text.size && *text.data == '<';

    for (size_t i = less; i < text.size && size + 1 < sizeof(digits); i++)
        if (text.data[i] != ',')
            digits[size++] = text.data[i];
    *out = strtod(digits, &end);
    if (end == digits)
        return false;
    unit = *end ? strchr(units, *end) : NULL;
    if (unit)
        *out *= seconds[unit - units];
    *out -= less;
    return !*end || unit || *end == '%';
}

static bool compares_to(enum filter_compare compare, double left, double right)
{
    switch (compare) {
    case FILTER_HAS:
    case FILTER_IS:
        return !(left < right) && !(right < left);
    case FILTER_AT_LEAST:
        return left >= right;
    case FILTER_AT_MOST:
        return left <= right;
    case FILTER_ABOVE:
        return left > right;
    case FILTER_BELOW:
        return left < right;
    }
    return false;
}

/* "CRIT" or "crit" as where it stands among the severities. */
static bool severity_parse(struct view text, double *out)
{
    for (int at = 0; at < KV_SEVERITY_COUNT && text.size; at++) {
        enum kv_severity severity = (enum kv_severity)at;

        *out = at;
        if (view_starts_nocase(view_of(kv_severity_name(severity)), text) ||
            view_equal_nocase(view_of(kv_severity_mark(severity)), text))
            return true;
    }
    return false;
}

/* What has an order has it in both. */
static bool both_parse(
    struct view left, struct view right, double *a, double *b)
{
    return (severity_parse(left, a) && severity_parse(right, b)) ||
           (number_parse(left, a) && number_parse(right, b));
}

/* ---- asking ---- */

static enum filter_answer ask_cell(
    const struct filter_term *term, const struct list_cell *cell)
{
    double left;
    double right;

    if (cell->role == ROLE_UNKNOWN)
        return FILTER_UNKNOWN;
    if (!term->value.size)
        return FILTER_YES;
    if (both_parse(buf_view(&cell->text), term->value, &left, &right) &&
        compares_to(term->compare, left, right))
        return FILTER_YES;
    return filter_answer(
        (term->compare == FILTER_HAS || term->compare == FILTER_IS) &&
        filter_finds(term, buf_text(&cell->text)));
}

static enum filter_answer ask_column(const struct filter_term *term,
    const struct list *list, uint32_t item, size_t column)
{
    struct list_cell cell = { .text.limit = CELL_BYTES };
    enum filter_answer answer;

    list->ops->cell(list->context, item, column, &cell);
    answer = ask_cell(term, &cell);
    buf_done(&cell.text);
    return answer;
}

/* A plain word stands in any cell; what is unknown does not hold it. */
static enum filter_answer ask_cells(
    const struct filter_term *term, const struct list *list, uint32_t item)
{
    for (size_t i = 0; i < list->ops->column_count; i++)
        if (ask_column(term, list, item, i) == FILTER_YES)
            return FILTER_YES;
    return FILTER_NO;
}

/* unknown: any cell is. */
static enum filter_answer ask_unknown(
    const struct list *list, uint32_t item, bool wanted)
{
    static const struct filter_term nothing = { 0 };

    for (size_t i = 0; i < list->ops->column_count; i++)
        if (ask_column(&nothing, list, item, i) == FILTER_UNKNOWN)
            return filter_answer(wanted);
    return filter_answer(!wanted);
}

static enum filter_answer ask(
    const struct filter_term *term, const struct list *list, uint32_t item)
{
    if (term->field && term->field->words && term->mask == UINT32_MAX)
        return FILTER_YES;
    if (term->field)
        return term->field->match(list->context, item, term);
    if (term->column != NO_COLUMN)
        return ask_column(term, list, item, term->column);
    if (term->key.size)
        return ask_unknown(
            list, item, view_equal(term->key, view_of("unknown")));
    if (list->ops->word)
        return filter_answer(list->ops->word(list->context, item, term));
    return ask_cells(term, list, item);
}

bool filter_passes(
    const struct filter *filter, const struct list *list, uint32_t item)
{
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        enum filter_answer answer = ask(term, list, item);

        if (answer == FILTER_UNKNOWN ? filter->known
                                     : (answer == FILTER_YES) == term->negated)
            return false;
    }
    return true;
}
