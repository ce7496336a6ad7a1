/* The filter language: terms lie inside of the text, and a term that is written
 * out is read as the same. */
#include "fuzz.h"

#include "filter.h"

static void check_again(const struct filter_term *term)
{
    struct buf text = { .limit = 1u << 20 };
    struct filter again;

    if (term->negated)
        buf_putc(&text, '!');
    buf_put(&text, term->key);
    if (term->key.size > 0)
        buf_puts(&text, term->at_least ? ">=" : ":");
    buf_put(&text, term->value);
    filter_parse(&again, buf_view(&text));
    fuzz_check(again.count == 1);
    fuzz_check(view_equal(again.terms[0].key, term->key));
    fuzz_check(view_equal(again.terms[0].value, term->value));
    fuzz_check(again.terms[0].negated == term->negated);
    fuzz_check(again.terms[0].at_least == term->at_least);
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
        fuzz_check(term->key.size > 0 || !term->at_least);
        check_again(term);
    }
    return 0;
}
