/* Objects inside a vault or HSM, for the remedies that write to them; see
 * inside.h. */
#include "contents.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"
#include "objects.h"

#define ADDRESS_LIMIT 8192
#define PAGE 25 /* the most that a vault lists at once */

/* ---- which objects ---- */

struct collection {
    const char *name;
    enum kv_set set;
    enum kv_object_kind kind;
};

static const struct collection collections[] = {
    { "keys", KV_SET_KEYS, KV_OBJECT_KEY },
    { "secrets", KV_SET_SECRETS, KV_OBJECT_SECRET },
    { "certificates", KV_SET_CERTIFICATES, KV_OBJECT_CERTIFICATE },
};
#define COLLECTION_COUNT (sizeof collections / sizeof collections[0])

static const char *collection_name(enum kv_object_kind kind)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++)
        if (collections[i].kind == kind)
            return collections[i].name;
    return "";
}

static const struct collection *collection_find(struct view name)
{
    for (size_t i = 0; i < COLLECTION_COUNT; i++)
        if (view_equal_nocase(name, view_of(collections[i].name)))
            return &collections[i];
    return NULL;
}

/* As Key Vault names objects: what else could be an address. */
static bool is_name(struct view name)
{
    for (size_t i = 0; i < name.size; i++) {
        char at = name.data[i];

        if (!(at >= '0' && at <= '9') && !(at >= 'A' && at <= 'Z') &&
            !(at >= 'a' && at <= 'z') && at != '-')
            return false;
    }
    return name.size > 0 && name.size <= 127;
}

bool inside_next(struct view *list, struct view *out)
{
    while (list->size > 0) {
        *out = view_trim(view_cut(list, ','));
        if (out->size > 0)
            return true;
    }
    return false;
}

enum kv_status inside_accept_objects(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);
    struct view item;

    (void)option;
    while (inside_next(&list, &item)) {
        struct view name = item;
        struct view kind = view_cut(&name, '/');

        if (!collection_find(kind) || !is_name(name))
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" names no object: write keys/NAME, secrets/NAME or "
                "certificates/NAME.",
                item.size > 160 ? 160 : (int)item.size, item.data);
    }
    return KV_OK;
}

static void add_object(struct inside *inside, const struct kv_object *object)
{
    inside->objects = mem_grow(inside->objects, inside->count,
        &inside->capacity, sizeof *inside->objects);
    inside->objects[inside->count++] = object;
}

static void take_bad(void *context, const struct kv_object *object)
{
    struct inside *inside = context;

    if (inside->kinds & 1u << object->kind)
        add_object(inside, object);
}

/* The functions that judge say which objects are at fault. */
static void pick_bad(struct inside *inside)
{
    const struct plan_input *input = inside->input;
    uint32_t row = kv_catalogue_find(input->row);
    struct kv_judgement judgement = { .bad = take_bad, .bad_context = inside };
    struct kv_subject subject = {
        .estate = input->estate,
        .resource = input->resource,
        .policy = input->policy,
        .now_s = input->now_s,
        .judgement = &judgement,
        .asks = KV_ASKS,
    };
    enum kv_verdict verdict;

    if (row == KV_NONE)
        return;
    verdict = kv_judge(&kv_catalogue[row], &subject, NULL);
    judgement_done(&judgement);
    if (inside->count > 0)
        return;
    if (verdict == KV_VERDICT_UNREAD || verdict == KV_VERDICT_UNKNOWN)
        preview_check(&inside->draft->preview, KV_CHECK_BLOCK,
            "which objects make %s fail is not known, as not all that it "
            "judges by can be read: name objects, or ask for the right to "
            "list them",
            input->row);
    else
        inside->draft->preview.nothing = preview_text(&inside->draft->preview,
            "no object that this changes makes %s fail", input->row);
}

static void pick_one(struct inside *inside, struct view item)
{
    struct view name = item;
    const struct collection *kind = collection_find(view_cut(&name, '/'));
    struct buf id = { .limit = ADDRESS_LIMIT };
    const struct kv_object *object;

    if (!kind)
        return;
    buf_putf(&id, "%s/%s/", inside->input->resource->id, kind->name);
    buf_put(&id, name);
    object =
        kv_estate_find_row(inside->input->estate, kind->set, buf_text(&id));
    buf_done(&id);
    if (!(inside->kinds & 1u << kind->kind))
        preview_check(&inside->draft->preview, KV_CHECK_BLOCK,
            "%.*s: this is not done to %s", (int)item.size, item.data,
            kind->name);
    else if (!object)
        preview_check(&inside->draft->preview, KV_CHECK_BLOCK,
            "%.*s was not found when the objects were last read",
            (int)item.size, item.data);
    else
        add_object(inside, object);
}

/* What the row judges by, and the objects that may be named. */
static uint64_t facets_of(const struct plan_input *input, uint32_t kinds)
{
    uint32_t row = kv_catalogue_find(input->row);
    uint64_t wanted = row == KV_NONE ? 0
                                     : kv_catalogue[row].needs |
                                           kv_catalogue[row].looks_at;
    uint64_t facets = 0;

    for (size_t i = 0; i < COLLECTION_COUNT; i++)
        if (kinds & 1u << collections[i].kind)
            wanted |= KV_FACET_BIT(objects_facet(collections[i].set));
    for (int i = 0; i < KV_FACET_RESOURCE_COUNT; i++)
        if (kv_facets[i].deep)
            facets |= wanted & KV_FACET_BIT(i);
    return facets;
}

/* Of all that there are, those that the remedy wants. */
static void pick_where(struct inside *inside, inside_wants_fn *wants)
{
    const struct plan_input *input = inside->input;

    for (size_t i = 0; i < COLLECTION_COUNT; i++) {
        struct kv_walk walk = { 0 };
        const struct kv_object *object;

        if (!(inside->kinds & 1u << collections[i].kind))
            continue;
        while ((object = kv_estate_next_at(input->estate, collections[i].set,
                    input->resource->id, &walk)))
            if (wants(input, object))
                add_object(inside, object);
    }
    if (inside->count == 0)
        inside->draft->preview.nothing = "there is no object that it is due for";
}

bool inside_open(struct inside *out, struct draft *draft,
    const struct plan_input *input, uint32_t kinds)
{
    return inside_open_where(out, draft, input, kinds, NULL);
}

bool inside_open_where(struct inside *out, struct draft *draft,
    const struct plan_input *input, uint32_t kinds, inside_wants_fn *wants)
{
    struct view list = view_of(input_option(input, "objects"));
    struct view host = view_of(input->resource->uri);
    struct view item;

    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    *out = (struct inside){
        .draft = draft,
        .input = input,
        .host = mem_copy_view(host),
        .kinds = kinds,
    };
    if (host.size == 0) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "its own address is not known: read the estate again");
        return false;
    }
    if (!draft_look(draft, facets_of(input, kinds)))
        return false;
    if (view_trim(list).size == 0 && wants)
        pick_where(out, wants);
    else if (view_trim(list).size == 0)
        pick_bad(out);
    while (inside_next(&list, &item))
        pick_one(out, item);
    return out->count > 0;
}

void inside_done(struct inside *inside)
{
    mem_free(inside->objects);
    mem_free(inside->host);
    *inside = (struct inside){ 0 };
}

const char *inside_name(
    const struct inside *inside, const struct kv_object *object)
{
    struct buf name = { .limit = 512 };
    const char *kept;

    object_put_name(&name, object);
    kept = preview_text(&inside->draft->preview, "%s", buf_text(&name));
    buf_done(&name);
    return kept;
}

/* ---- numbers ---- */

enum kv_status inside_accept_number(const struct option *option,
    const char *value, long least, long most, struct kv_error *err)
{
    char *end = NULL;
    long number = strtol(value, &end, 10);

    if (*value >= '0' && *value <= '9' && !*end && number >= least &&
        number <= most)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "%s is a number from %ld to %ld.", option->row->label, least, most);
}

long inside_number(const struct plan_input *input, const char *option)
{
    return strtol(input_option(input, option), NULL, 10);
}

/* ---- what the service says now ---- */

static json_t *answer_of(const struct inside *inside,
    const struct kv_object *object, const char *right,
    const struct live_answer *live)
{
    struct preview *preview = &inside->draft->preview;

    if (!live || live->body)
        return live ? live->body : NULL;
    if (live->status == KV_DENIED)
        preview_check(preview, KV_CHECK_BLOCK,
            "%s cannot be read, which takes %s and a way through the vault's "
            "network rules: %s",
            inside_name(inside, object), right, live->why ? live->why : "");
    else
        preview_check(preview, KV_CHECK_BLOCK, "%s could not be read: %s",
            inside_name(inside, object), live->why ? live->why : "");
    return NULL;
}

json_t *inside_read(const struct inside *inside, const struct kv_object *object,
    const char *right, const char *format, ...)
{
    struct buf path = { .limit = ADDRESS_LIMIT };
    const struct live_answer *live;
    va_list args;

    va_start(args, format);
    buf_putv(&path, format, args);
    va_end(args);
    live = draft_read(inside->draft, "%s%s?api-version=" PLANE_API,
        inside->host, buf_text(&path));
    buf_done(&path);
    return answer_of(inside, object, right, live);
}

/* "https://HOST/keys/NAME/VERSION" */
static void take_version(struct inside_version *out, const char *id)
{
    const char *last = id ? strrchr(id, '/') : NULL;

    if (last && is_name(view_of(last + 1)) &&
        strlen(last + 1) < sizeof out->id)
        (void)snprintf(out->id, sizeof out->id, "%s", last + 1);
}

static void take_key(const struct inside *inside,
    const struct kv_object *object, struct inside_version *out)
{
    out->item = inside_read(inside, object,
        inside->input->resource->kind == KV_KIND_HSM
            ? "Microsoft.KeyVault/managedHsm/keys/read/action"
            : "Microsoft.KeyVault/vaults/keys/read",
        "/keys/%s", object->name);
    take_version(out, value_text(out->item, "key.kid"));
}

/* The newest in the list; `place` is where it stands. */
static json_t *newest(json_t *list, size_t *place)
{
    json_t *best = NULL;
    json_int_t best_s = -1;
    size_t index;
    json_t *item;

    json_array_foreach(value_at(list, "value"), index, item)
    {
        json_int_t made_s =
            json_integer_value(value_at(item, "attributes.created"));

        if (made_s < best_s)
            continue;
        best = item;
        best_s = made_s;
        *place = index;
    }
    return best;
}

/* What stands on a later page is not where the guard looks. */
static void take_secret(const struct inside *inside,
    const struct kv_object *object, struct inside_version *out)
{
    const struct live_answer *live = draft_list(inside->draft,
        "%s/secrets/%s/versions?api-version=" PLANE_API "&maxresults=25",
        inside->host, object->name);
    json_t *list = answer_of(inside, object,
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action", live);
    size_t place = 0;

    out->item = newest(list, &place);
    if (place >= PAGE) {
        out->item = NULL;
        inside_leave_out(inside, object,
            "it has so many versions that a change to the newest cannot be "
            "watched");
        return;
    }
    take_version(out, value_text(out->item, "id"));
}

bool inside_current(const struct inside *inside, const struct kv_object *object,
    struct inside_version *out)
{
    bool secret = object->kind == KV_OBJECT_SECRET;
    const char *kind = collection_name(object->kind);

    *out = (struct inside_version){ 0 };
    if (secret)
        take_secret(inside, object, out);
    else
        take_key(inside, object, out);
    if (!out->item || !*out->id)
        return false;
    (void)snprintf(out->path, sizeof out->path, "%s/%s/%s/%s", inside->host,
        kind, object->name, out->id);
    if (secret) {
        (void)snprintf(out->find, sizeof out->find,
            "%s/secrets/%s/versions?api-version=" PLANE_API "&maxresults=25",
            inside->host, object->name);
        (void)snprintf(out->at, sizeof out->at, "value[id$=/secrets/%s/%s].",
            object->name, out->id);
    } else {
        (void)snprintf(out->find, sizeof out->find,
            "%s?api-version=" PLANE_API, out->path);
    }
    return true;
}

/* ---- steps ---- */

const char *inside_right_name(
    const struct inside *inside, const struct inside_right *right)
{
    bool hsm = inside->input->resource->kind == KV_KIND_HSM && right->hsm;

    return preview_text(&inside->draft->preview, "Microsoft.KeyVault/%s/%s",
        hsm ? "managedHsm" : "vaults", hsm ? right->hsm : right->vault);
}

struct step *inside_step(const struct inside *inside, const char *method,
    const char *path, const struct inside_right *right)
{
    struct step *step = draft_step(inside->draft, method, path, PLANE_API);

    step_action_is(step, inside_right_name(inside, right), true);
    return step;
}

bool inside_has_room(const struct inside *inside)
{
    if (inside->draft->step_count < INSIDE_STEPS_MAX)
        return true;
    preview_check(&inside->draft->preview, KV_CHECK_WARN,
        "only the first %d objects are changed: run it again for the rest",
        INSIDE_STEPS_MAX);
    return false;
}

void inside_leave_out(const struct inside *inside,
    const struct kv_object *object, const char *why)
{
    preview_check(&inside->draft->preview, KV_CHECK_WARN, "%s is left out: %s",
        inside_name(inside, object), why);
}

static bool is_blocked(const struct preview *preview)
{
    for (size_t i = 0; i < preview->check_count; i++)
        if (preview->checks[i].state == KV_CHECK_BLOCK)
            return true;
    return false;
}

void inside_close(const struct inside *inside, const char *instead)
{
    struct draft *draft = inside->draft;

    if (draft->step_count == 0 && draft->wanted == 0 &&
        !is_blocked(&draft->preview))
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "every object was left out: %s", instead);
}
