/* Role assignments as steps: made with an id that is always the same for the
 * same wish, removed so that an undo brings them back. */
#include "access.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "estate.h"

#define ID_LIMIT 4096
#define WAIT_MOST 1440 /* minutes: what flows through a group takes a day */

/* ---- ids ---- */

static void lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text | 0x20);
}

void guid_put(struct buf *out, const char *const *parts, size_t count)
{
    static const char name_space[] = "kvgov";
    unsigned char hash[EVP_MAX_MD_SIZE] = { 0 };
    struct buf text = { .limit = ID_LIMIT };
    char *key;

    buf_puts(&text, name_space);
    for (size_t i = 0; i < count; i++)
        buf_putf(&text, "\n%s", parts[i]);
    key = mem_copy_text(buf_text(&text));
    lower(key); /* ids differ in case */
    (void)EVP_Digest(key, strlen(key), hash, NULL, EVP_sha1(), NULL);
    hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
    hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < 16; i++)
        buf_putf(out, "%s%02x",
            i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", hash[i]);
    mem_free(key);
    buf_done(&text);
}

void assignment_put_id(struct buf *out, const struct wish *wish)
{
    const char *const parts[] = { wish->scope, wish->principal_id,
        wish->role_guid };

    buf_putf(out, "%s" ASSIGNMENTS_PATH "/", wish->scope);
    guid_put(out, parts, 3);
}

const char *role_guid_of(json_t *properties)
{
    const char *id = value_text(properties, "roleDefinitionId");

    return id ? arm_id_last(view_of(id)).data : "";
}

/* ---- steps ---- */

static void copy_field(json_t *to, json_t *from, const char *name)
{
    json_t *value = json_object_get(from, name);

    if (value && !json_is_null(value))
        (void)json_object_set(to, name, value);
}

static void set_text(struct step *step, const char *name, const char *text)
{
    struct buf path = { .limit = 128 };

    buf_putf(&path, "properties.%s", name);
    if (text)
        step_set(step, buf_text(&path), NULL, json_string(text), NULL);
    buf_done(&path);
}

/* Field by field: what Azure adds by itself is none of the change. */
static void set_wish(struct step *step, const struct wish *wish)
{
    struct buf role = { .limit = ID_LIMIT };

    if (wish->subscription)
        buf_putf(&role, "/subscriptions/%s", wish->subscription);
    buf_putf(&role, DEFINITIONS_PATH "/%s", wish->role_guid);
    set_text(step, "roleDefinitionId", buf_text(&role));
    set_text(step, "principalId", wish->principal_id);
    set_text(step, "principalType", wish->type);
    set_text(step, "condition", value_text(wish->like, "condition"));
    set_text(
        step, "conditionVersion", value_text(wish->like, "conditionVersion"));
    buf_done(&role);
}

struct step *assignment_make(struct draft *draft, const struct wish *wish)
{
    struct buf id = { .limit = ID_LIMIT };
    struct step *step;

    assignment_put_id(&id, wish);
    step = draft_step(draft, "PUT", buf_text(&id), AUTHORIZATION_API);
    set_wish(step, wish);
    step_scope_is(step, wish->scope);
    step->reversible = true;
    buf_done(&id);
    return step;
}

/* What Azure takes when it is made again; by whom and when it was made first is
 * lost. */
static json_t *writable(json_t *properties)
{
    static const char *const names[] = { "roleDefinitionId", "principalId",
        "principalType", "condition", "conditionVersion", "description",
        "delegatedManagedIdentityResourceId" };
    json_t *out = json_object();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        copy_field(out, properties, names[i]);
    return out;
}

static void set_scope(struct step *step, const char *id)
{
    static const char marker[] = ASSIGNMENTS_PATH "/";
    size_t size = strlen(id);
    char *scope = mem_copy_text(id);

    for (size_t i = 0; i < size; i++)
        if (view_starts_nocase(
                (struct view){ id + i, size - i }, view_of(marker)))
            scope[i] = '\0';
    step_scope_is(step, *scope ? scope : "/");
    mem_free(scope);
}

struct step *assignment_unmake(
    struct draft *draft, const char *id, json_t *found)
{
    json_t *properties = value_at(found, "properties");
    struct step *step = draft_step(draft, "DELETE", id, AUTHORIZATION_API);

    step_set(step, "properties", properties, NULL, writable(properties));
    set_scope(step, id);
    step->reversible = true;
    return step;
}

/* ---- what is there ---- */

const struct live_answer *assignments_at(struct draft *draft, const char *scope)
{
    return draft_list(draft,
        "%s" ASSIGNMENTS_PATH "?api-version=" AUTHORIZATION_API
        "&$filter=atScope()",
        scope);
}

json_t *assignment_twin(json_t *list, const struct wish *wish)
{
    size_t index;
    json_t *item;

    json_array_foreach(value_at(list, "value"), index, item)
    {
        json_t *properties = value_at(item, "properties");

        if (text_equal_nocase(
                value_text(properties, "principalId"), wish->principal_id) &&
            text_equal_nocase(role_guid_of(properties), wish->role_guid) &&
            text_equal_nocase(value_text(properties, "scope"), wish->scope))
            return item;
    }
    return NULL;
}

/* ---- the option: how long to wait ---- */

void wait_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_set_value(out, WAIT_MINUTES);
}

enum kv_status wait_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    size_t digits = strspn(value, "0123456789");

    (void)option;
    if (digits > 0 && digits < 5 && value[digits] == '\0' &&
        strtol(value, NULL, 10) <= WAIT_MOST)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "\"%s\" is no number of minutes from 0 to %d.", value, WAIT_MOST);
}

int64_t input_wait_s(const struct plan_input *input)
{
    return strtol(input_option(input, "wait"), NULL, 10) * 60;
}
