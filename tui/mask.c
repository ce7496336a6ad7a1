/* Pseudonyms. The names are a hash table; a text is searched for the longest
 * one at each of its words, since names may have blanks in them. */
#include "mask.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"
#include "place.h"

#define KEY_BYTES 16
/* Shorter ones are in too many words. */
#define NAME_LEAST 3
#define NAME_MOST 128
#define LETTERS 7 /* of a pseudonym, 5 bits each */
#define GUID_BYTES 36

struct entry {
    char *name; /* lower case; NULL: free */
    enum mask_kind kind;
};

struct mask {
    unsigned char key[KEY_BYTES];
    struct entry *entries;
    size_t size; /* a power of two */
    size_t count;
};

static const char *const kind_words[] = {
    [MASK_TENANT] = "tenant",
    [MASK_SUBSCRIPTION] = "sub",
    [MASK_GROUP] = "rg",
    [MASK_VAULT] = "vault",
    [MASK_OBJECT] = "object",
    [MASK_PERSON] = "who",
    [MASK_ROLE] = "role",
};

/* ---- the keyed hash: SipHash-2-4 ---- */

static uint64_t turned(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t load(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = turned(v[1], 13) ^ v[0];
    v[0] = turned(v[0], 32);
    v[2] += v[3];
    v[3] = turned(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = turned(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = turned(v[1], 17) ^ v[2];
    v[2] = turned(v[2], 32);
}

static void sip_take(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

static uint64_t sip_hash(
    const unsigned char key[KEY_BYTES], const unsigned char *text, size_t size)
{
    uint64_t k0 = load(key, 8);
    uint64_t k1 = load(key + 8, 8);
    uint64_t v[4] = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
        k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u };
    size_t at = 0;

    for (; at + 8 <= size; at += 8)
        sip_take(v, load(text + at, 8));
    sip_take(v, load(text + at, size - at) | (uint64_t)size << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void lower(char out[NAME_MOST], struct view text)
{
    for (size_t i = 0; i < text.size; i++)
        out[i] = (char)tolower((unsigned char)text.data[i]);
}

/* Of the name in lower case; the kind is no part of it. */
static uint64_t hash_of(const struct mask *mask, struct view name)
{
    char text[NAME_MOST];

    lower(text, name);
    return sip_hash(mask->key, (const unsigned char *)text, name.size);
}

/* ---- the key ---- */

static bool read_key(const char *path, unsigned char key[KEY_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool read_all;

    if (fd < 0)
        return false;
    read_all = read(fd, key, KEY_BYTES) == KEY_BYTES;
    close(fd);
    return read_all;
}

static void write_key(const char *path, const unsigned char key[KEY_BYTES])
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return; /* holds for this run */
    if (write(fd, key, KEY_BYTES) != KEY_BYTES)
        unlink(path);
    close(fd);
}

struct mask *mask_new_with(const unsigned char key[KEY_BYTES])
{
    struct mask *mask = heap_new(sizeof(*mask));

    memcpy(mask->key, key, KEY_BYTES);
    return mask;
}

struct mask *mask_new(void)
{
    struct buf path = { .limit = PATH_MAX };
    unsigned char key[KEY_BYTES] = { 0 };
    bool placed = place_of_config(&path, "mask.key");

    if (!placed || !read_key(buf_text(&path), key)) {
        while (getrandom(key, KEY_BYTES, 0) != KEY_BYTES)
            continue;
        if (placed && place_make_folder(buf_text(&path)))
            write_key(buf_text(&path), key);
    }
    buf_done(&path);
    return mask_new_with(key);
}

void mask_free(struct mask *mask)
{
    if (!mask)
        return;
    for (size_t i = 0; i < mask->size; i++)
        heap_free(mask->entries[i].name);
    heap_free(mask->entries);
    heap_free(mask);
}

/* ---- the names ---- */

static bool is_name(struct view text, const char *name)
{
    return name && view_equal_nocase(text, view_of(name));
}

/* Where it is, or would be. */
static struct entry *place_for(const struct mask *mask, struct view name)
{
    size_t at = (size_t)hash_of(mask, name) & (mask->size - 1);

    while (mask->entries[at].name && !is_name(name, mask->entries[at].name))
        at = (at + 1) & (mask->size - 1);
    return &mask->entries[at];
}

static void grow(struct mask *mask)
{
    struct mask larger = *mask;

    larger.size = mask->size ? mask->size * 2 : 256;
    larger.entries = heap_new(larger.size * sizeof(*larger.entries));
    for (size_t i = 0; i < mask->size; i++)
        if (mask->entries[i].name)
            *place_for(&larger, view_of(mask->entries[i].name)) =
                mask->entries[i];
    heap_free(mask->entries);
    *mask = larger;
}

void mask_add(struct mask *mask, enum mask_kind kind, const char *name)
{
    struct view text = view_of(name);
    struct entry *entry;

    if (text.size < NAME_LEAST || text.size > NAME_MOST)
        return;
    if (mask->count * 2 >= mask->size)
        grow(mask);
    entry = place_for(mask, text);
    if (entry->name)
        return;
    *entry = (struct entry){ .name = heap_copy(name), .kind = kind };
    mask->count++;
}

/* And everybody in a group; a group in itself would have no end. */
static void learn_principal(struct mask *mask, const struct kv_estate *estate,
    const char *id, int depth)
{
    const struct kv_principal *one =
        id && depth > 0 ? kv_estate_principal(estate, id) : NULL;

    if (!one)
        return;
    mask_add(mask, MASK_PERSON, one->name);
    for (uint32_t i = 0; i < one->member_count; i++)
        learn_principal(mask, estate, one->members[i], depth - 1);
}

/* The name in a row of a set; NULL where there is none. */
static void learn_set(struct mask *mask, const struct kv_estate *estate,
    enum kv_set set, enum mask_kind kind, const char *(*name)(const void *row))
{
    uint32_t count = kv_estate_row_count(estate, set);

    for (uint32_t i = 0; i < count; i++) {
        const void *row = kv_estate_row(estate, set, i);

        if (row && kind == MASK_PERSON && set != KV_SET_APPLICATIONS)
            learn_principal(mask, estate, name(row), 2);
        else if (row)
            mask_add(mask, kind, name(row));
    }
}

static const char *object_name(const void *row)
{
    return ((const struct kv_object *)row)->name;
}

static const char *deleted_name(const void *row)
{
    return ((const struct kv_deleted *)row)->name;
}

static const char *application_name(const void *row)
{
    return ((const struct kv_application *)row)->name;
}

static const char *assignee(const void *row)
{
    return ((const struct kv_assignment *)row)->principal_id;
}

static const char *local_assignee(const void *row)
{
    return ((const struct kv_local_assignment *)row)->principal_id;
}

static const char *identity_owner(const void *row)
{
    return ((const struct kv_identity *)row)->scope;
}

static void learn_rows(struct mask *mask, const struct kv_estate *estate)
{
    static const struct {
        enum kv_set set;
        enum mask_kind kind;
        const char *(*name)(const void *row);
    } rows[] = {
        { KV_SET_KEYS, MASK_OBJECT, object_name },
        { KV_SET_SECRETS, MASK_OBJECT, object_name },
        { KV_SET_CERTIFICATES, MASK_OBJECT, object_name },
        { KV_SET_DELETED_OBJECTS, MASK_OBJECT, object_name },
        { KV_SET_DELETED, MASK_VAULT, deleted_name },
        { KV_SET_APPLICATIONS, MASK_PERSON, application_name },
        { KV_SET_ASSIGNMENTS, MASK_PERSON, assignee },
        { KV_SET_LOCAL_ASSIGNMENTS, MASK_PERSON, local_assignee },
        { KV_SET_IDENTITIES, MASK_PERSON, identity_owner },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)
        learn_set(mask, estate, rows[i].set, rows[i].kind, rows[i].name);
}

/* Roles of the tenant's own are called as it likes. */
static void learn_roles(struct mask *mask, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_row_count(estate, KV_SET_ASSIGNMENTS);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_assignment *row =
            kv_estate_row(estate, KV_SET_ASSIGNMENTS, i);
        const struct kv_role *role = row && row->role != KV_NONE
                                         ? kv_estate_role(estate, row->role)
                                         : NULL;

        if (role && role->custom)
            mask_add(mask, MASK_ROLE, role->name);
    }
}

/* "Name (id)" is two. */
static void learn_account(struct mask *mask, const char *account)
{
    const char *end = account ? strstr(account, " (") : NULL;
    struct buf name = { .limit = 256 };

    mask_add(mask, MASK_PERSON, account);
    if (end)
        buf_put(&name, (struct view){ account, (size_t)(end - account) });
    mask_add(mask, MASK_PERSON, buf_text(&name));
    buf_done(&name);
}

void mask_learn(struct mask *mask, const struct kv_session *session)
{
    const struct kv_estate *estate = kv_session_estate(session);
    const struct kv_sign_in *sign_in = kv_session_sign_in(session);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *one = kv_estate_resource(estate, i);

        mask_add(mask, MASK_VAULT, one->name);
        mask_add(mask, MASK_GROUP, one->resource_group);
        for (uint32_t at = 0; at < one->policy_count; at++)
            learn_principal(mask, estate, one->policies[at].object_id, 2);
    }
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++)
        mask_add(
            mask, MASK_SUBSCRIPTION, kv_estate_subscription(estate, i)->name);
    mask_add(mask, MASK_TENANT, kv_estate_tenant_name(estate));
    mask_add(mask, MASK_TENANT, sign_in->tenant);
    learn_account(mask, sign_in->account);
    learn_rows(mask, estate);
    learn_roles(mask, estate);
}

/* ---- replacing ---- */

static bool is_word(char byte)
{
    return isalnum((unsigned char)byte) || byte == '-' || byte == '_' ||
           (unsigned char)byte >= 0x80;
}

static void put_letters(struct buf *out, uint64_t hash)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";

    for (int i = 0; i < LETTERS; i++, hash >>= 5)
        buf_putc(out, letters[hash & 31]);
}

static void put_pseudonym(const struct mask *mask, enum mask_kind kind,
    struct view name, struct buf *out)
{
    buf_putf(out, "%s-", kind_words[kind]);
    put_letters(out, hash_of(mask, name));
}

static void put_guid(const struct mask *mask, struct view guid, struct buf *out)
{
    uint64_t hash = hash_of(mask, guid);

    buf_putf(out, "%08x-%04x-4000-8000-%012llx", (unsigned)(hash >> 32),
        (unsigned)(hash >> 16 & 0xffff),
        (unsigned long long)(hash * 0x9e3779b97f4a7c15u >> 16));
}

static bool is_guid(struct view text)
{
    if (text.size < GUID_BYTES)
        return false;
    for (size_t i = 0; i < GUID_BYTES; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text.data[i] != '-' : !isxdigit((unsigned char)text.data[i]))
            return false;
    }
    return text.size == GUID_BYTES || !is_word(text.data[GUID_BYTES]);
}

/* Bytes of the account that begins here; 0: it is none. */
static size_t account_size(struct view text)
{
    size_t size = 0;
    bool at = false;

    while (size < text.size && size < NAME_MOST &&
           (is_word(text.data[size]) || strchr(".+#@", text.data[size])))
        at = text.data[size++] == '@' || at;
    while (size && !is_word(text.data[size - 1]))
        size--;
    return at ? size : 0;
}

struct path_row {
    const char *before;
    enum mask_kind kind;
};

/* What stands behind these in an ARM id or an address is a name. */
static const struct path_row path_rows[] = {
    { "/resourcegroups/", MASK_GROUP },
    { "/vaults/", MASK_VAULT },
    { "/managedhsms/", MASK_VAULT },
    { "/managementgroups/", MASK_GROUP },
    { "/keys/", MASK_OBJECT },
    { "/secrets/", MASK_OBJECT },
    { "/certificates/", MASK_OBJECT },
};

/* Of an id or an address; "Microsoft.KeyVault/vaults/read" is neither. */
static bool is_path(struct view whole, size_t at)
{
    size_t start = at;

    while (start > 0 && whole.data[start - 1] != ' ')
        start--;
    return whole.data[start] == '/' ||
           memmem(whole.data + start, at - start, "://", 3);
}

static bool is_in_path(struct view whole, size_t at, enum mask_kind *kind)
{
    for (size_t i = 0; i < sizeof(path_rows) / sizeof *(path_rows); i++) {
        struct view before = view_of(path_rows[i].before);

        if (at >= before.size && is_path(whole, at) &&
            view_equal_nocase(before,
                (struct view){ whole.data + at - before.size, before.size })) {
            *kind = path_rows[i].kind;
            return true;
        }
    }
    return false;
}

static size_t word_size(struct view text)
{
    size_t size = 0;

    while (size < text.size && size < NAME_MOST &&
           (is_word(text.data[size]) || text.data[size] == '.'))
        size++;
    return size;
}

/* Bytes of the longest known name that begins here. */
static size_t known_size(
    const struct mask *mask, struct view text, enum mask_kind *kind)
{
    size_t longest = 0;

    for (size_t size = NAME_LEAST;
         mask->size && size <= text.size && size <= NAME_MOST; size++) {
        struct entry *entry;

        if (!is_word(text.data[size - 1]) && text.data[size - 1] != ')')
            continue;
        if (size < text.size && is_word(text.data[size]))
            continue;
        entry = place_for(mask, (struct view){ text.data, size });
        if (!entry->name)
            continue;
        longest = size;
        *kind = entry->kind;
    }
    return longest;
}

/* Replaces what begins at `at`; the bytes that it took, 0 for nothing. */
static size_t replace(
    const struct mask *mask, struct view whole, size_t at, struct buf *out)
{
    struct view text = { whole.data + at, whole.size - at };
    enum mask_kind kind = MASK_PERSON;
    size_t size;

    if (is_guid(text)) {
        put_guid(mask, (struct view){ text.data, GUID_BYTES }, out);
        return GUID_BYTES;
    }
    size = known_size(mask, text, &kind);
    if (!size)
        size = account_size(text);
    if (!size && is_in_path(whole, at, &kind))
        size = word_size(text);
    if (size)
        put_pseudonym(mask, kind, (struct view){ text.data, size }, out);
    return size;
}

void mask_put(const struct mask *mask, struct view text, struct buf *out)
{
    size_t at = 0;

    while (at < text.size) {
        bool begins =
            is_word(text.data[at]) && (at == 0 || !is_word(text.data[at - 1]));
        size_t size = begins ? replace(mask, text, at, out) : 0;

        if (!size)
            buf_putc(out, text.data[at]);
        at += size ? size : 1;
    }
}
