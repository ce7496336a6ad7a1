/* The filter language: terms lie inside of the text, and a term that is written
 * out is read as the same. */
#include "fuzz.h"

#include "filter.h"

#include <string.h>

static const char *const compares[] = {
    [FILTER_HAS] = ":",
    [FILTER_IS] = "=",
    [FILTER_AT_LEAST] = ">=",
    [FILTER_AT_MOST] = "<=",
    [FILTER_ABOVE] = ">",
    [FILTER_BELOW] = "<",
};

static bool has_any(struct view text, const char *bytes)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr(bytes, text.data[i]))
            return true;
    return false;
}

/* Terms that no quotes are needed for say the same again. */
static void check_again(const struct filter_term *term)
{
    struct buf text = { .limit = 1u << 20 };
    struct filter again;

    if (has_any(term->value, " \t\n\v\f\r\"!:=<>") || term->value.size == 0)
        return;
    if (term->negated)
        buf_putc(&text, '!');
    buf_put(&text, term->key);
    if (term->key.size > 0)
        buf_puts(&text, compares[term->compare]);
    buf_put(&text, term->value);
    filter_parse(&again, buf_view(&text));
    fuzz_check(again.count == 1);
    fuzz_check(view_equal(again.terms[0].key, term->key));
    fuzz_check(view_equal(again.terms[0].value, term->value));
    fuzz_check(again.terms[0].negated == term->negated);
    fuzz_check(again.terms[0].compare == term->compare);
    buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view text = fuzz_view(data, size);
    struct filter filter;

    filter_parse(&filter, text);
    fuzz_check(filter.count <= FILTER_TERMS);
    for (size_t i = 0; i < filter.count; i++) {
        const struct filter_term *term = &filter.terms[i];

        fuzz_check_within(text, term->key);
        fuzz_check_within(text, term->value);
        fuzz_check(term->key.size > 0 || term->compare == FILTER_HAS);
        check_again(term);
    }
    return 0;
}
