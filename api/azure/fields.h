/* Reading fields of a JSON answer: absent, null and of another type are one
 * and the same, and say so by an empty result. */
#ifndef FIELDS_H
#define FIELDS_H

#include "estate.h"

#include <jansson.h>

/* `path` is dotted: "properties.networkAcls.defaultAction". NULL if absent. */
const json_t *field(const json_t *object, const char *path);
struct view field_text(const json_t *object, const char *path);
/* Interned in the estate; NULL when absent. */
const char *field_keep(
    struct kv_estate *estate, const json_t *object, const char *path);
enum kv_tri field_tri(const json_t *object, const char *path);
/* 0 when absent or out of range. */
int64_t field_number(
    const json_t *object, const char *path, int64_t least, int64_t most);
int64_t field_time(const json_t *object, const char *path);
const json_t *field_array(const json_t *object, const char *path);
/* The texts of an array; what is no text is left out. */
const char *const *field_texts(struct kv_estate *estate, const json_t *object,
    const char *path, uint32_t *count);
/* The member "tags", a name and a value each. */
const struct kv_tag *field_tags(
    struct kv_estate *estate, const json_t *object, uint32_t *count);
/* Whether an array of texts holds the word, any casing. */
bool field_has_word(const json_t *object, const char *path, const char *word);

/* Finds `text` among words, any casing; `count` when it is none of them. */
uint32_t word_find(struct view text, const char *const *words, uint32_t count);

#endif
