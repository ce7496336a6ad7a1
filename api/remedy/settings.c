/* Remedies that set what a vault or HSM says of itself: the switches for
 * deployments, and tags. */
#include "plan.h"

#include <string.h>

/* ---- vault-set ---- */

struct flag {
    const char *choice;
    const char *path;
    const char *who; /* what it lets in */
};

static const struct flag flags[] = {
    { "deployment", "properties.enabledForDeployment",
        "virtual machines no longer get certificates from here while they are "
        "made" },
    { "disk-encryption", "properties.enabledForDiskEncryption",
        "Azure Disk Encryption no longer reads or writes keys here: disks that "
        "use it cannot be unlocked at the next start" },
    { "template-deployment", "properties.enabledForTemplateDeployment",
        "template deployments that refer to a secret here fail" },
};
#define FLAG_COUNT (sizeof flags / sizeof *flags)
#define ALL_FLAGS "all"

static void flags_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, ALL_FLAGS, "all that are on");
    for (size_t i = 0; i < FLAG_COUNT; i++)
        option_add_choice(out, flags[i].choice, flags[i].path);
    option_set_value(out, ALL_FLAGS);
}

const struct option_row vault_set_options[] = {
    {
        .name = "off",
        .label = "What to turn off",
        .help = "each lets a part of Azure read secrets during deployments",
        .offer = flags_offer,
    },
    { 0 },
};

static bool is_chosen(const struct plan_input *input, const struct flag *flag)
{
    const char *off = input_option(input, "off");

    return text_equal_nocase(off, ALL_FLAGS) ||
           text_equal_nocase(off, flag->choice);
}

/* Whoever deploys does not show in the vault, only in what was deployed. */
static void describe_flags(struct preview *preview)
{
    preview->takes = "seconds";
    preview->undo = "yes, the values read now come back";
    preview->impact =
        "Deployments that take secrets or certificates from here by themselves "
        "lose access; roles, access policies and applications are not "
        "touched. Who deploys from here is UNKNOWN: look for templates and "
        "virtual machines that name it.";
}

void vault_set_plan(struct draft *draft, const struct plan_input *input)
{
    struct step *step =
        draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);

    for (size_t i = 0; i < FLAG_COUNT; i++) {
        json_t *before = value_at(input->subject, flags[i].path);

        if (!json_is_true(before) || !is_chosen(input, &flags[i]))
            continue;
        step_set(step, flags[i].path, before, json_false(), json_true());
        preview_check(&draft->preview, KV_CHECK_WARN, "%s", flags[i].who);
    }
    step->reversible = true;
    if (step->change_count == 0)
        draft->preview.nothing = "what was chosen is off already";
    describe_flags(&draft->preview);
}

/* ---- tag-set: the option ---- */

#define TAG_NAME_MAX 512 /* Azure's limits */
#define TAG_VALUE_MAX 256
#define TAGS_MAX 50
#define TAG_BAD "<>%&\\?/"

/* "owner=a, environment=b": cuts the next pair. False at the end. */
static bool next_pair(struct view *list, struct view *name, struct view *value)
{
    while (list->size > 0) {
        struct view pair = view_trim(view_cut(list, ','));

        if (pair.size == 0)
            continue;
        *name = view_trim(view_cut(&pair, '='));
        *value = view_trim(pair);
        return true;
    }
    return false;
}

static bool is_tag_name(struct view name)
{
    for (size_t i = 0; i < name.size; i++)
        if ((unsigned char)name.data[i] < ' ' || strchr(TAG_BAD, name.data[i]))
            return false;
    return name.size > 0 && name.size <= TAG_NAME_MAX;
}

static enum kv_status tags_accept(
    const struct option *option, const char *text, struct kv_error *err)
{
    struct view list = view_of(text);
    struct view name, value;

    (void)option;
    while (next_pair(&list, &name, &value)) {
        if (!is_tag_name(name) || value.size == 0)
            return kv_error_set(err, KV_BAD_INPUT,
                "Write tags as name=value, separated by commas; a name has "
                "none of <>%%&\\?/.");
        if (value.size > TAG_VALUE_MAX)
            return kv_error_set(err, KV_BAD_INPUT,
                "The value of %.*s is longer than Azure's %d characters.",
                (int)name.size, name.data, TAG_VALUE_MAX);
    }
    return KV_OK;
}

static const char *tag_value(
    const struct kv_tag *tags, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal_nocase(tags[i].name, name) && tags[i].value &&
            *tags[i].value)
            return tags[i].value;
    return NULL;
}

/* Of the resource group, else of the subscription. */
static const char *container_value(const struct kv_estate *estate,
    const struct kv_resource *resource, const char *name)
{
    struct kv_walk walk = { 0 };
    const struct kv_container *row;
    const char *found = NULL;

    while ((row = kv_estate_next_row(
                estate, KV_SET_CONTAINERS, resource->id, &walk))) {
        const char *value = tag_value(row->tags, row->tag_count, name);

        found = value ? value : found; /* the nearest comes last */
    }
    return found;
}

/* What its neighbours in the resource group all say; NULL: not one thing. */
static const char *neighbours_value(const struct kv_estate *estate,
    const struct kv_resource *resource, const char *name)
{
    const char *found = NULL;

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *other = kv_estate_resource(estate, i);
        const char *value = tag_value(other->tags, other->tag_count, name);

        if (!value || other->gone ||
            other->subscription != resource->subscription ||
            !text_equal_nocase(other->resource_group, resource->resource_group))
            continue;
        if (found && !text_equal_nocase(found, value))
            return NULL;
        found = value;
    }
    return found;
}

static const char *value_for(const struct kv_estate *estate,
    const struct kv_resource *resource, const char *name)
{
    const char *value = container_value(estate, resource, name);

    return value ? value : neighbours_value(estate, resource, name);
}

/* One value for all targets that lack the tag; NULL where there is none. Of
 * many targets nobody could tell what was meant for which. */
static const char *common_value(
    const struct plan_targets *targets, const char *name)
{
    const char *common = NULL;

    for (size_t i = 0; i < targets->count && i < 100; i++) {
        const struct kv_resource *resource =
            kv_estate_resource(targets->estate, targets->resources[i]);
        const char *value;

        if (tag_value(resource->tags, resource->tag_count, name))
            continue;
        value = value_for(targets->estate, resource, name);
        if (!value || (common && !text_equal_nocase(common, value)))
            return NULL;
        common = value;
    }
    return common;
}

static void tags_offer(struct option *out, const struct plan_targets *targets)
{
    const struct kv_texts *wanted = &targets->policy->required_tags;
    struct buf text = { .limit = 4096 };

    for (uint32_t i = 0; i < wanted->count; i++) {
        const char *value = common_value(targets, wanted->items[i]);

        if (value && strlen(value) <= TAG_VALUE_MAX && !strchr(value, ','))
            buf_putf(&text, "%s%s=%s", text.size ? ", " : "", wanted->items[i],
                value);
    }
    option_set_value(out, buf_text(&text));
    buf_done(&text);
}

static void existing_offer(
    struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "keep", "keep it");
    option_add_choice(out, "replace", "replace it");
    option_set_value(out, "keep");
}

const struct option_row tag_set_options[] = {
    {
        .name = "tags",
        .label = "Tags to set",
        .help = "name=value, separated by commas; begins with what the "
                "resource group, the subscription or the neighbours say",
        .offer = tags_offer,
        .accept = tags_accept,
    },
    {
        .name = "existing",
        .label = "A tag that has a value already",
        .help = "what a target says itself may be right where it differs",
        .offer = existing_offer,
    },
    { 0 },
};

/* ---- tag-set: the step ---- */

/* Names of tags have no case; the one in place keeps its own. */
static const char *name_in_place(json_t *tags, struct view name)
{
    const char *key;
    json_t *value;

    json_object_foreach(tags, key, value)
    {
        if (view_equal_nocase(view_of(key), name))
            return key;
    }
    return NULL;
}

static void tag_put(json_t *tags, struct view name, struct view value, bool keep)
{
    const char *old = name_in_place(tags, name);
    const char *had = old ? json_string_value(json_object_get(tags, old)) : NULL;

    if (keep && had && *had)
        return;
    if (old)
        (void)json_object_set_new(
            tags, old, json_stringn(value.data, value.size));
    else
        (void)json_object_setn_new(tags, name.data, name.size,
            json_stringn(value.data, value.size));
}

static json_t *tags_after(const struct plan_input *input, json_t *before)
{
    bool keep = text_equal_nocase(input_option(input, "existing"), "keep");
    json_t *tags = before ? json_deep_copy(before) : json_object();
    struct view list = view_of(input_option(input, "tags"));
    struct view name, value;

    while (next_pair(&list, &name, &value))
        tag_put(tags, name, value, keep);
    return tags;
}

static void check_required(
    struct preview *preview, const struct plan_input *input, json_t *tags)
{
    const struct kv_texts *wanted = &input->policy->required_tags;

    for (uint32_t i = 0; i < wanted->count; i++) {
        const char *name = name_in_place(tags, view_of(wanted->items[i]));
        const char *value =
            name ? json_string_value(json_object_get(tags, name)) : NULL;

        if (!value || !*value)
            preview_check(preview, KV_CHECK_WARN,
                "%s stays without a value: give one in \"tags\"",
                wanted->items[i]);
    }
    if (json_object_size(tags) > TAGS_MAX)
        preview_check(preview, KV_CHECK_BLOCK,
            "%zu tags are more than Azure's %d: give fewer",
            json_object_size(tags), TAGS_MAX);
}

void tag_set_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    json_t *before = value_at(input->subject, "tags");
    json_t *after = tags_after(input, before);
    struct step *step =
        draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);

    step_set(step, "tags", before, after,
        before ? json_incref(before) : json_object());
    step->reversible = true;
    preview->takes = "seconds";
    preview->undo = "yes, the tags read now come back";
    preview->impact =
        "Nobody loses access. Reports, budgets and policies that go by tags "
        "see the new values; role conditions and automation that go by them "
        "may act otherwise.";
    if (!*input_option(input, "tags"))
        preview_check(preview, KV_CHECK_BLOCK,
            "neither the resource group nor the neighbours say what to set: "
            "give name=value in \"tags\"");
    check_required(preview, input, after);
}
