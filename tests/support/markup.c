/* A small reader of markup: one pass, with a stack of the open elements. */
#include "markup.h"

#include "test.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define DEPTH 64
#define NAME_BYTES 32

struct markup {
    const char *text;
    const char *at;
    char open[DEPTH][NAME_BYTES];
    size_t depth;
    size_t elements;
    /* What is looked for; NULL: nothing is. */
    const char *element;
    const char *attribute;
    const char *value;
    size_t found;
};

static void fail_at(const struct markup *markup, const char *why)
{
    const char *from = markup->at - markup->text > 40 ? markup->at - 40
                                                      : markup->text;

    fail_with("%s at byte %zu: ...%.80s...", why,
        (size_t)(markup->at - markup->text), from);
}

static void read_name(struct markup *markup, char name[NAME_BYTES])
{
    size_t size = 0;

    while (isalnum((unsigned char)*markup->at) || strchr("-:_", *markup->at)) {
        if (!*markup->at || size + 1 == NAME_BYTES)
            fail_at(markup, "an odd name");
        name[size++] = *markup->at++;
    }
    name[size] = '\0';
    if (size == 0)
        fail_at(markup, "no name");
}

static void read_entity(struct markup *markup)
{
    static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;",
        "&#39;", "&#8594;" };

    for (size_t i = 0; i < LENGTH(entities); i++)
        if (strncmp(markup->at, entities[i], strlen(entities[i])) == 0) {
            markup->at += strlen(entities[i]);
            return;
        }
    fail_at(markup, "an unknown entity");
}

/* One character of text, in quotes or between elements. */
static void read_character(struct markup *markup)
{
    unsigned char byte = (unsigned char)*markup->at;

    if (byte == '&')
        read_entity(markup);
    else if (byte == '<' || (byte < ' ' && !strchr("\n\t", byte)) ||
             byte == 0x7f)
        fail_at(markup, "a character that must be escaped");
    else
        markup->at++;
}

static void read_attribute(struct markup *markup)
{
    char name[NAME_BYTES];
    const char *value;

    read_name(markup, name);
    if (strncmp(markup->at, "=\"", 2) != 0)
        fail_at(markup, "an attribute without quotes");
    markup->at += 2;
    value = markup->at;
    while (*markup->at && *markup->at != '"')
        read_character(markup);
    if (markup->attribute && strcmp(markup->attribute, name) == 0 &&
        (!markup->value ||
            strncmp(value, markup->value, strlen(markup->value)) == 0))
        markup->found++;
    if (*markup->at++ != '"')
        fail_at(markup, "quotes without an end");
}

static void read_element(struct markup *markup)
{
    char *name = markup->open[markup->depth];

    if (markup->depth + 1 == DEPTH)
        fail_at(markup, "too deep");
    read_name(markup, name);
    markup->elements++;
    if (markup->element && strcmp(markup->element, name) == 0)
        markup->found++;
    while (*markup->at == ' ' || *markup->at == '\n') {
        markup->at++;
        read_attribute(markup);
    }
    if (strncmp(markup->at, "/>", 2) == 0) {
        markup->at += 2;
        return;
    }
    if (*markup->at++ != '>')
        fail_at(markup, "an element without an end");
    markup->depth++;
}

static void read_end(struct markup *markup)
{
    char name[NAME_BYTES];

    read_name(markup, name);
    if (markup->depth == 0 ||
        strcmp(markup->open[--markup->depth], name) != 0)
        fail_at(markup, "an end without its beginning");
    if (*markup->at++ != '>')
        fail_at(markup, "an end without an end");
}

static void skip_head(struct markup *markup)
{
    static const char *const heads[] = {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "<!DOCTYPE html>\n"
    };

    for (size_t i = 0; i < LENGTH(heads); i++)
        if (strncmp(markup->at, heads[i], strlen(heads[i])) == 0)
            markup->at += strlen(heads[i]);
}

static void read_all(struct markup *markup)
{
    skip_head(markup);
    while (*markup->at) {
        if (strncmp(markup->at, "</", 2) == 0) {
            markup->at += 2;
            read_end(markup);
        } else if (*markup->at == '<') {
            markup->at++;
            read_element(markup);
        } else {
            if (markup->depth == 0 && *markup->at != '\n')
                fail_at(markup, "text outside of everything");
            read_character(markup);
        }
    }
    if (markup->depth > 0)
        fail_at(markup, "an element is never closed");
    if (markup->elements == 0)
        fail_at(markup, "no element");
}

void markup_check(const char *text)
{
    struct markup markup = { .text = text, .at = text };

    read_all(&markup);
}

size_t markup_count(const char *text, const char *element)
{
    struct markup markup = { .text = text, .at = text, .element = element };

    read_all(&markup);
    return markup.found;
}

void markup_lacks_attribute(
    const char *text, const char *attribute, const char *value)
{
    struct markup markup = {
        .text = text,
        .at = text,
        .attribute = attribute,
        .value = value,
    };

    read_all(&markup);
    if (markup.found > 0)
        fail_with("%zu attributes %s=\"%s", markup.found, attribute,
            value ? value : "");
}
