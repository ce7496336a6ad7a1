/* Text that is overwritten before it is freed. */
#include "hidden.h"

#include <string.h>

void hidden_set(struct hidden *hidden, struct view text)
{
    struct hidden copy = { .data = mem_copy_view(text), .size = text.size };

    hidden_take(hidden, &copy);
}

void hidden_take(struct hidden *hidden, struct hidden *from)
{
    hidden_done(hidden);
    *hidden = *from;
    *from = (struct hidden){ 0 };
}

void hidden_done(struct hidden *hidden)
{
    mem_cleanse(hidden->data, hidden->size);
    *hidden = (struct hidden){ 0 };
}

struct view hidden_view(const struct hidden *hidden)
{
    return (struct view){ hidden->data, hidden->size };
}

void hidden_wipe(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    if (json_is_string(value))
        explicit_bzero(
            (char *)json_string_value(value), json_string_length(value));
}

static void form_putc(struct form *form, char byte)
{
    if (!form->data)
        form->data = mem_alloc(FORM_LIMIT);
    if (form->size == FORM_LIMIT) {
        form->failed = true;
        return;
    }
    form->data[form->size++] = byte;
}

/* RFC 3986's unreserved characters stand for themselves. */
static bool is_unreserved(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' ||
           byte == '_' || byte == '~';
}

static void form_put_text(struct form *form, struct view text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];

        if (is_unreserved(text.data[i])) {
            form_putc(form, text.data[i]);
            continue;
        }
        form_putc(form, '%');
        form_putc(form, digits[byte >> 4]);
        form_putc(form, digits[byte & 15]);
    }
}

void form_put(struct form *form, const char *name, struct view value)
{
    if (form->size > 0)
        form_putc(form, '&');
    form_put_text(form, view_of(name));
    form_putc(form, '=');
    form_put_text(form, value);
}

struct view form_view(const struct form *form)
{
    return (struct view){ form->data, form->size };
}

void form_done(struct form *form)
{
    mem_cleanse(form->data, form->data ? FORM_LIMIT : 0);
    *form = (struct form){ 0 };
}
