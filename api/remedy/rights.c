/* Rights as sets: what a role definition allows, what the words of an access
 * policy allow, and how both are said. */
#include "access.h"

#include <string.h>

#include "estate.h"

#define PREFIX "Microsoft.KeyVault/vaults/"
#define WORDS_MAX 32 /* of one kind: a bit each */

/* Above the actions, in the order of storage_words. */
static const char *const storage_rights[] = {
    PREFIX "storageaccounts/read",
    PREFIX "storageaccounts/set/action",
    PREFIX "storageaccounts/delete",
    PREFIX "storageaccounts/recover/action",
    PREFIX "storageaccounts/backup/action",
    PREFIX "storageaccounts/restore/action",
    PREFIX "storageaccounts/purge/action",
    PREFIX "storageaccounts/regeneratekey/action",
    PREFIX "storageaccounts/sas/read",
    PREFIX "storageaccounts/sas/set/action",
    PREFIX "storageaccounts/sas/delete",
};
#define STORAGE_RIGHTS (sizeof storage_rights / sizeof *storage_rights)
#define RIGHT_COUNT (KV_ACTION_COUNT + STORAGE_RIGHTS)

/* Azure's words, with the place of the right that each gives. */
static const struct {
    const char *word;
    unsigned right;
} storage_words[] = {
    { "get", 0 },
    { "list", 0 },
    { "update", 1 },
    { "set", 1 },
    { "delete", 2 },
    { "recover", 3 },
    { "backup", 4 },
    { "restore", 5 },
    { "purge", 6 },
    { "regeneratekey", 7 },
    { "getsas", 8 },
    { "listsas", 8 },
    { "setsas", 9 },
    { "deletesas", 10 },
};

static const struct {
    const char *name;
    enum kv_object_kind kind;
} kinds[] = {
    { "keys", KV_OBJECT_KEY },
    { "secrets", KV_OBJECT_SECRET },
    { "certificates", KV_OBJECT_CERTIFICATE },
    { "storage", KV_OBJECT_STORAGE },
};
#define KINDS (sizeof kinds / sizeof *kinds)

static const char *right_name(unsigned right)
{
    return right < KV_ACTION_COUNT ? kv_actions[right]
                                   : storage_rights[right - KV_ACTION_COUNT];
}

/* ---- of a role ---- */

static bool any_covers(json_t *patterns, const char *action)
{
    size_t index;
    json_t *pattern;

    json_array_foreach(patterns, index, pattern)
    {
        const char *text = json_string_value(pattern);

        if (text && role_pattern_matches(text, action))
            return true;
    }
    return false;
}

/* notActions take away within their own block only. */
static bool block_gives(json_t *block, unsigned right)
{
    const char *name = right_name(right);
    bool data = RIGHTS_DATA & KV_ACTION_BIT(right);

    return any_covers(
               json_object_get(block, data ? "dataActions" : "actions"),
               name) &&
           !any_covers(
               json_object_get(block, data ? "notDataActions" : "notActions"),
               name);
}

uint64_t rights_of_definition(json_t *definition)
{
    uint64_t rights = 0;
    size_t index;
    json_t *block;

    json_array_foreach(
        value_at(definition, "properties.permissions"), index, block)
    {
        for (unsigned right = 0; right < RIGHT_COUNT; right++)
            if (block_gives(block, right))
                rights |= KV_ACTION_BIT(right);
    }
    return rights;
}

/* ---- of an access policy ---- */

static uint64_t rights_of_storage(struct view word)
{
    uint64_t rights = 0;
    bool all = kv_permission_bit(KV_OBJECT_STORAGE, word) & KV_PERMISSION_ALL;

    for (size_t i = 0; i < sizeof storage_words / sizeof *storage_words; i++)
        if (all || view_equal_nocase(word, view_of(storage_words[i].word)))
            rights |= KV_ACTION_BIT(KV_ACTION_COUNT + storage_words[i].right);
    return rights;
}

static uint64_t rights_of_word(enum kv_object_kind kind, struct view word)
{
    return kind == KV_OBJECT_STORAGE
               ? rights_of_storage(word)
               : kv_actions_of_words(kind, kv_permission_bit(kind, word));
}

uint64_t rights_of_permissions(json_t *permissions)
{
    uint64_t rights = 0;

    for (size_t k = 0; k < KINDS; k++) {
        size_t index;
        json_t *word;

        json_array_foreach(
            value_at(permissions, kinds[k].name), index, word)
        {
            rights |= rights_of_word(
                kinds[k].kind, view_of(json_string_value(word)));
        }
    }
    return rights;
}

static bool gives_any(
    enum kv_object_kind kind, struct view word, uint64_t rights)
{
    return (rights_of_word(kind, word) & rights) != 0;
}

/* As Azure spells it; what it does not know stays as it is. */
static void put_spelled(
    struct buf *out, enum kv_object_kind kind, struct view word)
{
    uint32_t bit = kv_permission_bit(kind, word);

    if (bit)
        kv_permissions_put(out, kind, bit);
    else
        buf_put(out, word);
}

static void add_word(json_t *list, struct view word)
{
    size_t index;
    json_t *known;

    json_array_foreach(list, index, known)
    {
        if (view_equal_nocase(view_of(json_string_value(known)), word))
            return;
    }
    (void)json_array_append_new(list, json_stringn(word.data, word.size));
}

/* What is left of "all", word by word. */
static void add_all(json_t *list, enum kv_object_kind kind, uint64_t rights)
{
    struct buf word = { .limit = 64 };

    for (unsigned bit = 0; bit + 1 < WORDS_MAX; bit++) {
        buf_clear(&word);
        kv_permissions_put(&word, kind, 1u << bit);
        if (word.size > 0 && !gives_any(kind, buf_view(&word), rights))
            add_word(list, buf_view(&word));
    }
    buf_done(&word);
}

/* A word that is not known is nobody's to take away. */
static json_t *words_without(
    json_t *words, enum kv_object_kind kind, uint64_t rights)
{
    json_t *left = json_array();
    size_t index;
    json_t *item;

    json_array_foreach(words, index, item)
    {
        struct view word = view_of(json_string_value(item));
        struct buf spelled = { .limit = 256 };

        put_spelled(&spelled, kind, word);
        if (!gives_any(kind, word, rights))
            add_word(left, buf_view(&spelled));
        else if (kv_permission_bit(kind, word) & KV_PERMISSION_ALL)
            add_all(left, kind, rights);
        buf_done(&spelled);
    }
    return left;
}

json_t *permissions_without(json_t *permissions, uint64_t rights)
{
    json_t *left = json_object();

    for (size_t k = 0; k < KINDS; k++) {
        json_t *words = value_at(permissions, kinds[k].name);

        if (words)
            (void)json_object_set_new(left, kinds[k].name,
                words_without(words, kinds[k].kind, rights));
    }
    return left;
}

/* ---- in words ---- */

/* Wholes that are said as one, the widest first. */
static const struct {
    const char *name;
    uint64_t rights;
} wholes[] = {
    { "keys/*", KV_ACTIONS_KEYS },
    { "secrets/*", KV_ACTIONS_SECRETS },
    { "certificates/*", KV_ACTIONS_CERTIFICATES },
};

static void put_next(struct buf *out, const char **gap, struct view text)
{
    buf_puts(out, *gap);
    buf_put(out, text);
    *gap = ", ";
}

/* "secrets/getSecret" of "Microsoft.KeyVault/vaults/secrets/getSecret/action";
 * of the control plane the whole name. */
static struct view short_name(unsigned right)
{
    struct view name = view_of(right_name(right));
    struct view prefix = view_of(PREFIX);
    struct view suffix = view_of("/action");

    if (!(RIGHTS_DATA & KV_ACTION_BIT(right)))
        return name;
    if (view_starts_nocase(name, prefix)) {
        name.data += prefix.size;
        name.size -= prefix.size;
    }
    if (name.size > suffix.size &&
        memcmp(name.data + name.size - suffix.size, suffix.data, suffix.size) ==
            0)
        name.size -= suffix.size;
    return name;
}

void rights_put(struct buf *out, uint64_t rights)
{
    const char *gap = "";

    if (rights == 0)
        buf_puts(out, "nothing");
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
        if ((rights & wholes[i].rights) != wholes[i].rights)
            continue;
        put_next(out, &gap, view_of(wholes[i].name));
        rights &= ~wholes[i].rights;
    }
    for (unsigned right = 0; right < RIGHT_COUNT; right++)
        if (rights & KV_ACTION_BIT(right))
            put_next(out, &gap, short_name(right));
}

json_t *rights_as_actions(uint64_t rights)
{
    json_t *list = json_array();

    for (unsigned right = 0; right < RIGHT_COUNT; right++)
        if (rights & RIGHTS_DATA & KV_ACTION_BIT(right))
            (void)json_array_append_new(list, json_string(right_name(right)));
    return list;
}
