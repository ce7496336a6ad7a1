/* Fields of a JSON answer. */
#include "fields.h"

#include <string.h>

const json_t *field(const json_t *object, const char *path)
{
    struct view rest = view_of(path);

    while (object && rest.size > 0) {
        struct view name = view_cut(&rest, '.');

        object = json_object_getn(object, name.data, name.size);
    }
    return object && !json_is_null(object) ? object : NULL;
}

struct view field_text(const json_t *object, const char *path)
{
    const json_t *value = field(object, path);

    if (!json_is_string(value))
        return (struct view){ NULL, 0 };
    return (struct view){ json_string_value(value), json_string_length(value) };
}

const char *field_keep(
    struct kv_estate *estate, const json_t *object, const char *path)
{
    return estate_text(estate, field_text(object, path));
}

enum kv_tri field_tri(const json_t *object, const char *path)
{
    const json_t *value = field(object, path);

    if (!json_is_boolean(value))
        return KV_TRI_ABSENT;
    return json_is_true(value) ? KV_TRI_TRUE : KV_TRI_FALSE;
}

int64_t field_number(
    const json_t *object, const char *path, int64_t least, int64_t most)
{
    const json_t *value = field(object, path);
    int64_t number = json_is_integer(value) ? json_integer_value(value) : 0;

    return number >= least && number <= most ? number : 0;
}

int64_t field_time(const json_t *object, const char *path)
{
    return time_parse(field_text(object, path));
}

const json_t *field_array(const json_t *object, const char *path)
{
    const json_t *value = field(object, path);

    return json_is_array(value) ? value : NULL;
}

const char *const *field_texts(struct kv_estate *estate, const json_t *object,
    const char *path, uint32_t *count)
{
    const json_t *list = field_array(object, path);
    size_t size = json_array_size(list);
    const char **texts = estate_array(estate, size, sizeof *texts);

    *count = 0;
    for (size_t i = 0; i < size; i++) {
        const json_t *text = json_array_get(list, i);

        if (json_string_length(text) > 0)
            texts[(*count)++] =
                estate_text(estate, (struct view){ json_string_value(text),
                                        json_string_length(text) });
    }
    return texts;
}

const struct kv_tag *field_tags(
    struct kv_estate *estate, const json_t *object, uint32_t *count)
{
    json_t *tags = (json_t *)field(object, "tags");
    struct kv_tag *kept =
        estate_array(estate, json_object_size(tags), sizeof *kept);
    const char *name;
    json_t *value;

    *count = 0;
    json_object_foreach(tags, name, value)
    {
        const char *text = json_string_value(value);

        kept[*count].name = estate_text(estate, view_of(name));
        kept[*count].value = estate_text(estate, view_of(text ? text : ""));
        ++*count;
    }
    return kept;
}

bool field_has_word(const json_t *object, const char *path, const char *word)
{
    const json_t *list = field_array(object, path);

    for (size_t i = 0; i < json_array_size(list); i++)
        if (view_equal_nocase(
                view_of(json_string_value(json_array_get(list, i))),
                view_of(word)))
            return true;
    return false;
}

uint32_t word_find(struct view text, const char *const *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (words[i] && view_equal_nocase(text, view_of(words[i])))
            return i;
    return count;
}
