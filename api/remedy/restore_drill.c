/* The remedy that tries whether a backup can be restored: from the archive into
 * another vault, where it is held against what it is a copy of and deleted
 * again. It never purges: a deleted copy leaves by itself. */
#include "contents.h"

#include <string.h>

#define TEXT_LIMIT 4096
#define INTO "into"
#define CHOICES_MOST 100

/* ---- where to ---- */

static bool shares_subscription(
    const struct kv_resource *from, const struct kv_resource *into)
{
    return into != from && !into->gone && into->kind == KV_KIND_VAULT &&
           into->subscription == from->subscription && into->uri && *into->uri;
}

static void into_offer(struct option *out, const struct plan_targets *targets)
{
    const struct kv_resource *from =
        kv_estate_resource(targets->estate, targets->resources[0]);
    uint32_t count = kv_estate_resource_count(targets->estate);

    for (uint32_t i = 0; i < count && out->choice_count < CHOICES_MOST; i++) {
        const struct kv_resource *into = kv_estate_resource(targets->estate, i);
        struct buf label = { .limit = 512 };

        buf_putf(&label, "%s, %s", into->name, into->location);
        if (shares_subscription(from, into))
            option_add_choice(out, into->name, buf_text(&label));
        buf_done(&label);
    }
    option_set_value(out, "");
}

/* What is there to choose depends on the target: its plan says what is wrong. */
static enum kv_status into_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    (void)option;
    (void)value;
    (void)err;
    return KV_OK;
}

const struct option_row drill_options[] = {
    {
        .name = "objects",
        .label = "Objects",
        .help = "keys/NAME, secrets/NAME or certificates/NAME, separated by "
                "commas; none: of each kind the one last backed up",
        .accept = inside_accept_objects,
    },
    {
        .name = INTO,
        .label = "Scratch vault",
        .help = "of the same subscription and geography, without purge "
                "protection, where nobody works",
        .offer = into_offer,
        .accept = into_accept,
    },
    { 0 },
};

/* ---- a drill ---- */

struct drill {
    struct inside inside;
    const struct kv_resource *into;
    char *host; /* of the scratch vault */
};

static const struct kv_backup *backup_of(
    const struct plan_input *input, const struct kv_object *object)
{
    return kv_estate_find_row(input->estate, KV_SET_BACKUPS, object->id);
}

/* Of each kind the one that was backed up last. */
static bool is_last(
    const struct plan_input *input, const struct kv_object *object)
{
    const struct kv_backup *own = backup_of(input, object);
    struct kv_walk walk = { 0 };
    const struct kv_backup *row;
    struct view kind = view_of(object->id);

    if (!own || object->managed)
        return false;
    kind.size = (size_t)(strrchr(object->id, '/') - object->id) + 1;
    while ((row = kv_estate_next_at(
                input->estate, KV_SET_BACKUPS, input->resource->id, &walk)))
        if (view_starts_nocase(view_of(row->id), kind) &&
            (row->made_s > own->made_s ||
                (row->made_s == own->made_s && strcmp(row->id, own->id) > 0)))
            return false;
    return true;
}

/* "West Europe" and "westeurope" are one region. */
static bool is_region(json_t *item, const char *location)
{
    const char *name = value_text(item, "name");

    for (; name && *name; name++, location++) {
        while (*location == ' ')
            location++;
        if ((*location | 0x20) != (*name | 0x20))
            return false;
    }
    return name && *location == '\0';
}

/* NULL where Azure does not say. */
static const char *geography_of(json_t *locations, const char *location)
{
    size_t index;
    json_t *item;

    json_array_foreach(value_at(locations, "value"), index, item)
    {
        if (location && is_region(item, location))
            return value_text(item, "metadata.geography");
    }
    return NULL;
}

/* A backup can be restored in its geography alone. Where that is not known, the
 * same region certainly is in it. False also while it is being read. */
static bool shares_geography(struct draft *draft,
    const struct kv_resource *from, const struct kv_resource *into,
    const char *subscription)
{
    const struct live_answer *live = draft_list(draft,
        "/subscriptions/%s/locations?api-version=2022-12-01", subscription);
    const char *here;
    const char *there;

    if (!live)
        return false;
    here = geography_of(live->body, from->location);
    there = geography_of(live->body, into->location);
    if (here && there ? text_equal_nocase(here, there)
                      : text_equal_nocase(from->location, into->location))
        return true;
    preview_check(&draft->preview, KV_CHECK_BLOCK,
        "%s takes no backup of %s: it is in the geography %s, not in %s",
        into->name, from->name, there ? there : "of another region",
        here ? here : "the same region");
    return false;
}

/* Which vault was meant; else a check says what is wrong. */
static const struct kv_resource *find_into(
    struct draft *draft, const struct plan_input *input)
{
    const char *name = input_option(input, INTO);
    uint32_t place = kv_estate_find_name(input->estate, name);
    const struct kv_resource *into =
        place == KV_NONE ? NULL : kv_estate_resource(input->estate, place);

    if (!*name)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "say which scratch vault: the option " INTO);
    else if (!into)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "there is no vault \"%s\" to restore into", name);
    else if (!shares_subscription(input->resource, into))
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "%s takes no backup of %s: it has to be another vault of the same "
            "subscription",
            name, input->resource->name);
    else if (shares_geography(
                 draft, input->resource, into, input->subscription->id))
        return into;
    return NULL;
}

static bool drill_into(
    struct drill *drill, struct draft *draft, const struct plan_input *input)
{
    struct view host;

    drill->into = find_into(draft, input);
    if (!drill->into)
        return false;
    host = view_of(drill->into->uri);
    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    drill->host = mem_copy_view(host);
    return true;
}

/* ---- one object ---- */

/* What an object looks like in one vault or the other. */
struct copy {
    char path[320]; /* where it can be read, on either host */
    char at[320];   /* before the names of its fields there */
    json_t *item;   /* borrowed; NULL: not read */
};

static const char *const kind_names[] = {
    [KV_OBJECT_KEY] = "keys",
    [KV_OBJECT_SECRET] = "secrets",
    [KV_OBJECT_CERTIFICATE] = "certificates",
};

/* A secret is seen in the list of its versions alone, since reading it tells
 * its value. */
static void copy_init(
    struct copy *copy, const struct kv_object *object, const char *version)
{
    const char *kind = kind_names[object->kind];

    *copy = (struct copy){ 0 };
    if (object->kind != KV_OBJECT_SECRET) {
        (void)snprintf(copy->path, sizeof copy->path, "/%s/%s/%s", kind,
            object->name, version);
        return;
    }
    (void)snprintf(
        copy->path, sizeof copy->path, "/secrets/%s/versions", object->name);
    (void)snprintf(copy->at, sizeof copy->at, "value[id$=/secrets/%s/%s].",
        object->name, version);
}

/* The fields that are the same in a copy, by kind; a certificate's thumbprint
 * and a key's public part are those of no other. */
static const char *const same_fields[][8] = {
    [KV_OBJECT_KEY] = { "key.kty", "key.n", "key.e", "key.crv", "key.x",
        "key.y", NULL },
    [KV_OBJECT_SECRET] = { "id", "attributes.enabled", "contentType", NULL },
    [KV_OBJECT_CERTIFICATE] = { "x5t", NULL },
};

/* Only the path of an id is the same in another vault. */
static json_t *expected_value(
    const struct drill *drill, const char *path, json_t *value)
{
    const char *text = json_string_value(value);
    const char *rest = text ? strstr(text, "/secrets/") : NULL;

    return rest && strstr(path, "].id")
               ? json_sprintf("%s%s", drill->host, rest)
               : json_incref(value);
}

/* Fills what a copy is told by. `gone`: from there to nothing, else the other
 * way. */
static void set_fields(const struct drill *drill, struct step *step,
    const struct copy *copy, enum kv_object_kind kind, bool gone)
{
    for (size_t i = 0; same_fields[kind][i]; i++) {
        struct buf path = { .limit = TEXT_LIMIT };
        json_t *value;
        json_t *there;

        buf_putf(&path, "%s%s", copy->at, same_fields[kind][i]);
        value = value_at(copy->item, buf_text(&path));
        there = value ? expected_value(drill, buf_text(&path), value) : NULL;
        if (there && gone)
            step_set(step, buf_text(&path), there, NULL, NULL);
        else if (there)
            step_set(step, buf_text(&path), NULL, json_incref(there), NULL);
        json_decref(there);
        buf_done(&path);
    }
}

/* A right in the scratch vault. */
static struct step *step_there(const struct drill *drill, const char *method,
    const struct kv_object *object, const char *verb)
{
    const char *kind = kind_names[object->kind];
    struct buf path = { .limit = TEXT_LIMIT };
    struct step *step;

    buf_putf(&path, "%s/%s/%s", drill->host, kind,
        *verb == 'r' ? verb : object->name);
    step = draft_step(drill->inside.draft, method, buf_text(&path), PLANE_API);
    step_scope_is(step, drill->into->id);
    step_action_is(step,
        preview_text(&drill->inside.draft->preview,
            "Microsoft.KeyVault/vaults/%s/%s%s", kind, verb,
            *verb == 'r' ? "/action" : ""),
        true);
    buf_done(&path);
    return step;
}

/* Deleting it is also what takes the first step back by itself. */
static void add_steps(const struct drill *drill, const struct kv_object *object,
    const struct kv_backup *backup, const struct copy *copy)
{
    const char *name = inside_name(&drill->inside, object);
    struct buf path = { .limit = TEXT_LIMIT };
    struct step *step = step_there(drill, "POST", object, "restore");

    step_what(step, "restore %s into %s", name, drill->into->name);
    step_find_at(step, "%s%s?api-version=" PLANE_API, drill->host, copy->path);
    set_fields(drill, step, copy, object->kind, false);
    step_give(step, json_pack("{s:s, s:s, s:s}", "object", name, "version",
                        backup->version, "file", backup->file));
    buf_putf(
        &path, "%s/%s/%s", drill->host, kind_names[object->kind], object->name);
    step_back(step, "DELETE", buf_text(&path), PLANE_API, NULL);
    step->reversible = true;
    buf_done(&path);

    step = step_there(drill, "DELETE", object, "delete");
    step_what(step, "delete the copy of %s in %s", name, drill->into->name);
    step_find_at(step, "%s%s?api-version=" PLANE_API, drill->host, copy->path);
    set_fields(drill, step, copy, object->kind, true);
    step_keep(step, json_pack("{s:s, s:b}", "object", name, "drill", 1));
}

/* ---- whether the name is free there ---- */

static bool holds_name(json_t *list, const char *name)
{
    size_t index;
    json_t *item;

    json_array_foreach(value_at(list, "value"), index, item)
    {
        const char *kid = value_text(item, "kid");
        const char *id = kid ? kid : value_text(item, "id");
        const char *last = id ? strrchr(id, '/') : NULL;

        if (last && text_equal_nocase(last + 1, name))
            return true;
    }
    return false;
}

/* True when both lists are there to be looked at, or are known to be denied. */
static bool is_free(const struct drill *drill, const struct kv_object *object)
{
    struct preview *preview = &drill->inside.draft->preview;
    static const char *const prefixes[] = { "", "deleted" };
    static const char *const words[] = { "exists", "is soft-deleted" };
    bool is = true;

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const struct live_answer *live = draft_list(drill->inside.draft,
            "%s/%s%s?api-version=" PLANE_API "&maxresults=25", drill->host,
            prefixes[i], kind_names[object->kind]);

        if (!live) {
            is = false;
        } else if (!live->body) {
            /* Where nothing can be listed a copy could not be looked at. */
            preview_check(preview, i == 0 ? KV_CHECK_BLOCK : KV_CHECK_UNKNOWN,
                "whether %s %s in %s is UNKNOWN (%s)",
                inside_name(&drill->inside, object), words[i],
                drill->into->name, live->why ? live->why : "not read");
        } else if (holds_name(live->body, object->name)) {
            preview_check(preview, KV_CHECK_BLOCK,
                "%s %s in %s: it can be restored only where its name is free",
                inside_name(&drill->inside, object), words[i],
                drill->into->name);
            is = false;
        }
    }
    return is;
}

static bool shows_version(const struct copy *copy, enum kv_object_kind kind)
{
    struct buf path = { .limit = TEXT_LIMIT };
    bool shows;

    buf_putf(&path, "%s%s", copy->at, same_fields[kind][0]);
    shows = value_at(copy->item, buf_text(&path)) != NULL;
    buf_done(&path);
    return shows;
}

static void drill_one(const struct drill *drill, const struct kv_object *object)
{
    static const char *const rights[] = {
        [KV_OBJECT_KEY] = "Microsoft.KeyVault/vaults/keys/read",
        [KV_OBJECT_SECRET] =
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        [KV_OBJECT_CERTIFICATE] = "Microsoft.KeyVault/vaults/certificates/read",
    };
    const struct kv_backup *backup = backup_of(drill->inside.input, object);
    struct copy copy;

    if (!backup || !backup->version) {
        inside_leave_out(&drill->inside, object,
            "the archive has no backup of it: the remedy backup makes one");
        return;
    }
    copy_init(&copy, object, backup->version);
    copy.item = inside_read(
        &drill->inside, object, rights[object->kind], "%s", copy.path);
    if (!is_free(drill, object) || !copy.item)
        return;
    if (!shows_version(&copy, object->kind))
        inside_leave_out(&drill->inside, object,
            "the version that was backed up is not among those that the vault "
            "lists first, so that a copy could not be held against it");
    else if (inside_has_room(&drill->inside))
        add_steps(drill, object, backup, &copy);
}

static void tell(const struct drill *drill)
{
    struct preview *preview = &drill->inside.draft->preview;

    preview->takes = "some seconds for each object";
    preview->undo = "not needed: the copy is deleted again; if the drill stops "
                    "before that, the journal can take the first step back";
    preview->impact = preview_text(preview,
        "Nobody loses access. For some seconds whoever may read in %s can use "
        "the copy there.",
        drill->into->name);
    if (drill->into->purge_protection == KV_TRI_TRUE)
        preview_check(preview, KV_CHECK_WARN,
            "%s has purge protection: the name of each copy stays taken there "
            "for %u days, so that the next drill needs another object or vault",
            drill->into->name,
            drill->into->retention_days ? drill->into->retention_days : 90);
    else
        preview_check(preview, KV_CHECK_WARN,
            "each deleted copy stays soft-deleted in %s until it is purged or "
            "its days are over; until then its name is taken there",
            drill->into->name);
}

void drill_plan(struct draft *draft, const struct plan_input *input)
{
    struct drill drill = { 0 };

    if (!drill_into(&drill, draft, input))
        return;
    if (inside_open_where(&drill.inside, draft, input,
            INSIDE_KEYS | INSIDE_SECRETS | INSIDE_CERTIFICATES, is_last)) {
        for (size_t i = 0; i < drill.inside.count; i++)
            drill_one(&drill, drill.inside.objects[i]);
        inside_close(&drill.inside, "the remedy backup fills the archive");
        tell(&drill);
    } else if (draft->preview.nothing) {
        draft->preview.nothing = NULL;
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the archive has no backup of what is in it: the remedy backup "
            "makes them");
    }
    inside_done(&drill.inside);
    mem_free(drill.host);
}
