/* Plans as files. A file says what was reviewed: the remedy, its options, and
 * for each target every request with its fields before and after, under one
 * hash. What runs is made again from the living resources and must come out the
 * same: a file adds nothing that a remedy would not do, and what drifted since
 * is left alone. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#define FILE_VERSION 1
#define FILE_LIMIT (64u << 20)
#define TEXT_LIMIT (1u << 20)
#define HASH_SIZE DIGEST_SIZE
#define DUMP (JSON_COMPACT | JSON_SORT_KEYS)

struct plan_file {
    json_t *root;
    char hash[HASH_SIZE];
};

/* ---- the hash ---- */

/* Of all but itself and the approvals, which are given to what it says. */
static void hash_of(char out[HASH_SIZE], json_t *root)
{
    json_t *copy = json_copy(root);
    char *text;

    (void)json_object_del(copy, "hash");
    (void)json_object_del(copy, "approvals");
    text = json_dumps(copy, DUMP);
    out[0] = '\0';
    if (text)
        digest_hex(out, view_of(text));
    free(text);
    json_decref(copy);
}

/* ---- writing ---- */

static json_t *step_json(const struct step *step)
{
    struct buf text = { .limit = TEXT_LIMIT };
    json_t *json;

    step_format(step, &text);
    json = json_loads(buf_text(&text), 0, NULL);
    buf_done(&text);
    return json;
}

static json_t *steps_json(const struct draft *draft)
{
    json_t *list = json_array();

    for (size_t i = 0; i < draft->step_count; i++)
        (void)json_array_append_new(list, step_json(&draft->steps[i]));
    return list;
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text)
        (void)json_object_set_new(object, name, json_string(text));
}

/* Who reads the file reads what the preview said, too. */
static json_t *checks_json(const struct kv_target *target)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < target->check_count; i++)
        (void)json_array_append_new(list,
            json_pack("{s:s, s:s}", "mark",
                kv_check_state_mark(target->checks[i].state), "text",
                target->checks[i].text));
    return list;
}

static json_t *target_json(const struct target *target)
{
    json_t *root = json_pack("{s:s, s:s, s:i, s:o}", "id", target->id, "name",
        target->name, "grade", (int)target->view.grade, "steps",
        steps_json(&target->draft));

    put_text(root, "impact", target->view.impact);
    put_text(root, "undo", target->view.undo);
    put_text(root, "takes", target->view.takes);
    (void)json_object_set_new(root, "checks", checks_json(&target->view));
    return root;
}

static json_t *options_json(const struct kv_plan *plan)
{
    json_t *root = json_object();

    for (size_t i = 0; i < plan->option_count; i++)
        put_text(root, plan->options[i].view.name, plan->options[i].value);
    return root;
}

/* A run that was begun has none that is ready any more, but all that it was to
 * do. */
static bool is_of_file(const struct target *target)
{
    return target->view.state == KV_TARGET_READY ||
           target->view.state == KV_TARGET_WAITING;
}

static json_t *targets_json(const struct kv_plan *plan)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plan->target_count; i++) {
        if (is_of_file(&plan->targets[i]))
            (void)json_array_append_new(list, target_json(&plan->targets[i]));
    }
    return list;
}

void plan_file_put(const struct kv_plan *plan, struct buf *out)
{
    const struct remedy_port *port = plan->port;
    const char *tenant = kv_estate_tenant_id(port->estate(port->context));
    struct buf written = { .limit = 64 };
    char hash[HASH_SIZE];
    json_t *root;

    buf_put_time(&written, port->now_s(port->context));
    root = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}",
        "kvgov_plan", FILE_VERSION, "id", plan->id, "remedy", plan->remedy->id,
        "title", plan->remedy->title, "row", plan->row, "tenant",
        tenant ? tenant : "", "written_by", port->account(port->context),
        "written_at", buf_text(&written), "options", options_json(plan),
        "targets", targets_json(plan));
    hash_of(hash, root);
    (void)json_object_set_new(root, "hash", json_string(hash));
    (void)json_object_set_new(root, "approvals", json_array());
    value_dump(out, root, JSON_INDENT(2));
    buf_putc(out, '\n');
    json_decref(root);
    buf_done(&written);
}

/* ---- reading ---- */

static enum kv_status refuse(struct kv_error *err, const char *why)
{
    return kv_error_set(err, KV_BAD_INPUT, "The plan file is not used: %s.", why);
}

static bool is_whole(json_t *root)
{
    static const char *const texts[] = { "id", "remedy", "row", "tenant",
        "written_by", "hash" };
    size_t index;
    json_t *target;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!value_text(root, texts[i]))
            return false;
    }
    json_array_foreach(value_at(root, "targets"), index, target)
    {
        if (!value_text(target, "id") ||
            !json_is_array(value_at(target, "steps")))
            return false;
    }
    return json_array_size(value_at(root, "targets")) > 0;
}

static enum kv_status parse(
    struct plan_file **out, struct view text, struct kv_error *err)
{
    json_error_t where;
    json_t *root = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES,
        &where);
    struct plan_file *file;
    char hash[HASH_SIZE];

    if (!root)
        return kv_error_set(err, KV_BAD_INPUT,
            "The plan file is not used: it is not JSON (line %d: %s).",
            where.line, where.text);
    if (json_integer_value(value_at(root, "kvgov_plan")) != FILE_VERSION ||
        !is_whole(root)) {
        json_decref(root);
        return refuse(err, "it is no plan of this version of kvgov");
    }
    hash_of(hash, root);
    if (strcmp(hash, value_text(root, "hash")) != 0) {
        json_decref(root);
        return refuse(err, "its hash does not fit, so that somebody changed it "
                           "since it was written; make the plan again");
    }
    file = mem_alloc(sizeof *file);
    file->root = root;
    memcpy(file->hash, hash, sizeof hash);
    *out = file;
    return KV_OK;
}

void plan_file_free(struct plan_file *file)
{
    if (!file)
        return;
    json_decref(file->root);
    mem_free(file);
}

/* ---- the plan of a file ---- */

static enum kv_status targets_find(uint32_t *out, json_t *targets,
    const struct kv_estate *estate, struct kv_error *err)
{
    size_t index;
    json_t *target;

    json_array_foreach(targets, index, target)
    {
        const char *id = value_text(target, "id");

        out[index] = plan_resource_of(estate, id);
        if (out[index] == KV_NONE)
            return kv_error_set(err, KV_BAD_INPUT,
                "The plan file is not used: %s is not in the estate; read the "
                "estate again, or sign in to the tenant of the plan.",
                id);
    }
    return KV_OK;
}

static enum kv_status options_set(
    struct kv_plan *plan, json_t *options, struct kv_error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach(options, name, value)
    {
        enum kv_status status =
            plan_set(plan, name, json_string_value(value), err);

        if (status != KV_OK)
            return status;
    }
    return KV_OK;
}

enum kv_status plan_new_file(struct kv_plan **out,
    const struct remedy_port *port, const char *id, struct view text,
    struct kv_error *err)
{
    struct plan_file *file = NULL;
    struct kv_plan *plan = NULL;
    struct kv_plan_order order = { 0 };
    uint32_t *resources = NULL;
    json_t *targets;
    enum kv_status status = parse(&file, text, err);

    if (status != KV_OK)
        return status;
    targets = value_at(file->root, "targets");
    resources = mem_alloc(json_array_size(targets) * sizeof *resources);
    status =
        targets_find(resources, targets, port->estate(port->context), err);
    order = (struct kv_plan_order){
        .remedy = value_text(file->root, "remedy"),
        .row = value_text(file->root, "row"),
        .resources = resources,
        .count = json_array_size(targets),
    };
    if (status == KV_OK)
        status = plan_new(
            &plan, port, id ? id : value_text(file->root, "id"), &order, err);
    if (status == KV_OK) {
        plan->file = file;
        file = NULL;
        status =
            options_set(plan, value_at(plan->file->root, "options"), err);
    }
    if (status == KV_OK)
        *out = plan;
    else
        plan_free(plan);
    plan_file_free(file);
    mem_free(resources);
    return status;
}

static json_t *target_find(json_t *root, const char *id)
{
    size_t index;
    json_t *target;

    json_array_foreach(value_at(root, "targets"), index, target)
    {
        if (text_equal_nocase(value_text(target, "id"), id))
            return target;
    }
    return NULL;
}

static bool same_step(json_t *saved, const struct step *step)
{
    json_t *now = step_json(step);
    bool same = json_equal(saved, now);

    json_decref(now);
    return same;
}

bool plan_file_fits(
    const struct kv_plan *plan, const struct target *target, struct buf *why)
{
    const struct draft *draft = &target->draft;
    json_t *saved;

    if (!plan->file)
        return true;
    saved = value_at(target_find(plan->file->root, target->id), "steps");
    if (json_array_size(saved) != draft->step_count) {
        buf_putf(why,
            "it takes %zu requests now, and the plan file has %zu: it changed "
            "since the file was written, make the plan again",
            draft->step_count, json_array_size(saved));
        return false;
    }
    for (size_t i = 0; i < draft->step_count; i++) {
        if (same_step(json_array_get(saved, i), &draft->steps[i]))
            continue;
        buf_putf(why,
            "request %zu (%s) would be another now than the plan file says: it "
            "changed since the file was written, make the plan again",
            i + 1, draft->steps[i].call.path);
        return false;
    }
    return true;
}

/* ---- what a file says of itself ---- */

static const char *approver(json_t *root)
{
    json_t *list = value_at(root, "approvals");
    json_t *last = json_array_get(list, json_array_size(list) - 1);

    /* Of what the file says now, not of what it said then. */
    return text_equal_nocase(value_text(last, "hash"), value_text(root, "hash"))
               ? value_text(last, "name")
               : NULL;
}

const char *kv_plan_hash(const struct kv_plan *plan)
{
    return plan->file ? plan->file->hash : NULL;
}

const char *kv_plan_approved_by(const struct kv_plan *plan)
{
    return plan->file ? approver(plan->file->root) : NULL;
}

const char *kv_plan_written_by(const struct kv_plan *plan)
{
    return plan->file ? value_text(plan->file->root, "written_by") : NULL;
}

static enum kv_status file_open(
    struct plan_file **out, const char *path, struct kv_error *err)
{
    struct buf text = { .limit = FILE_LIMIT };
    enum kv_status status = file_read_whole(&text, path, err);

    if (status == KV_OK)
        status = parse(out, buf_view(&text), err);
    buf_done(&text);
    return status;
}

enum kv_status kv_plan_file_read(
    struct kv_plan_info *out, const char *path, struct kv_error *err)
{
    struct plan_file *file = NULL;
    enum kv_status status = file_open(&file, path, err);

    if (status != KV_OK)
        return status;
    *out = (struct kv_plan_info){
        .id = mem_copy_text(value_text(file->root, "id")),
        .remedy = mem_copy_text(value_text(file->root, "remedy")),
        .row = mem_copy_text(value_text(file->root, "row")),
        .written_by = mem_copy_text(value_text(file->root, "written_by")),
        .approved_by = mem_copy_text(approver(file->root)),
        .targets = (uint32_t)json_array_size(value_at(file->root, "targets")),
        .written_at_s =
            time_parse(view_of(value_text(file->root, "written_at"))),
    };
    memcpy(out->hash, file->hash, sizeof out->hash);
    plan_file_free(file);
    return KV_OK;
}

void kv_plan_info_done(struct kv_plan_info *info)
{
    mem_free(info->id);
    mem_free(info->remedy);
    mem_free(info->row);
    mem_free(info->written_by);
    mem_free(info->approved_by);
    *info = (struct kv_plan_info){ 0 };
}

enum kv_status kv_plan_file_approve(const char *path, const char *name,
    int64_t now_s, struct kv_error *err)
{
    struct plan_file *file = NULL;
    struct buf text = { .limit = FILE_LIMIT };
    struct buf at = { .limit = 64 };
    enum kv_status status = file_open(&file, path, err);

    if (status != KV_OK)
        return status;
    if (text_equal_nocase(value_text(file->root, "written_by"), name))
        status = kv_error_set(err, KV_REFUSED,
            "Not approved: %s wrote the plan, and it takes a second person.",
            name);
    if (status == KV_OK) {
        buf_put_time(&at, now_s);
        (void)json_array_append_new(value_at(file->root, "approvals"),
            json_pack("{s:s, s:s, s:s}", "name", name, "at", buf_text(&at),
                "hash", file->hash));
        value_dump(&text, file->root, JSON_INDENT(2));
        buf_putc(&text, '\n');
        status = file_write_whole(path, buf_view(&text), err);
    }
    plan_file_free(file);
    buf_done(&text);
    buf_done(&at);
    return status;
}
