/* Plans written out: as a file to be run here, or as what other tools run. */
#include "export_parts.h"

#include <string.h>

#define LINE_LIMIT 65536

/* ---- the formats ---- */

static enum kv_status put_file(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err)
{
    (void)err;
    plan_file_put(plan, out);
    return KV_OK;
}

static enum kv_status put_az(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err)
{
    (void)err;
    export_az(plan, out);
    return KV_OK;
}

const struct kv_plan_format kv_plan_formats[] = {
    { "json", "json", "a plan file, for kvgov fix --plan" },
    { "az", "sh", "a shell script of az commands" },
    { "arm", "json", "an ARM template" },
    { "bicep", "bicep", "a Bicep file" },
    { "terraform", "tf", "a Terraform file: azurerm, azapi" },
};
const size_t kv_plan_formats_count =
    sizeof kv_plan_formats / sizeof kv_plan_formats[0];

typedef enum kv_status put_fn(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err);
static put_fn *const puts_of[] = { put_file, put_az, export_arm, export_bicep,
    export_terraform };
_Static_assert(
    sizeof puts_of / sizeof puts_of[0] ==
        sizeof kv_plan_formats / sizeof kv_plan_formats[0],
    "each format has its function");

enum kv_status kv_plan_put(const struct kv_plan *plan, const char *format,
    struct buf *out, struct kv_error *err)
{
    if (kv_plan_count(plan, KV_TARGET_READY) == 0)
        return kv_error_set(err, KV_REFUSED,
            "Plan %s has nothing to write out: no target is ready.", plan->id);
    for (size_t i = 0; i < kv_plan_formats_count; i++) {
        if (text_equal_nocase(kv_plan_formats[i].name, format))
            return puts_of[i](plan, out, err);
    }
    return kv_error_set(err, KV_BAD_INPUT,
        "A plan is not written as \"%s\": json, az, arm, bicep or terraform.",
        format ? format : "");
}

/* ---- what the formats share ---- */

bool export_is_ready(const struct target *target)
{
    return target->view.state == KV_TARGET_READY;
}

/* On one line, whatever is in it. */
void export_put_comment(
    struct buf *out, const char *mark, const char *label, const char *text)
{
    buf_putf(out, "%s %s", mark, label);
    buf_put_visible(out, view_of(text), false);
    buf_putc(out, '\n');
}

/* The fields of one request before and after. */
void export_put_changes(struct buf *out, const char *mark,
    const struct target *target, uint32_t request)
{
    for (uint32_t i = 0; i < target->view.change_count; i++) {
        const struct kv_change *change = &target->view.changes[i];
        struct buf line = { .limit = LINE_LIMIT };

        if (change->request != request)
            continue;
        buf_putf(&line, "%s: %s -> %s", change->path,
            change->before ? change->before : "absent",
            change->after ? change->after : "absent");
        export_put_comment(out, mark, "  ", buf_text(&line));
        buf_done(&line);
    }
}

void export_put_head(
    struct buf *out, const char *mark, const struct kv_plan *plan)
{
    struct buf line = { .limit = LINE_LIMIT };

    buf_putf(&line, "kvgov plan %s: %s (%s), %u targets", plan->id,
        plan->remedy->title, plan->row,
        (unsigned)kv_plan_count(plan, KV_TARGET_READY));
    export_put_comment(out, mark, "", buf_text(&line));
    export_put_comment(out, mark, "effect: ", plan->remedy->effect);
    buf_done(&line);
}

/* ---- a script ---- */

static void put_target(struct buf *out, const struct target *target)
{
    buf_putc(out, '\n');
    export_put_comment(out, "#", "", target->name);
    if (target->view.impact)
        export_put_comment(out, "#", "impact: ", target->view.impact);
    if (target->view.undo)
        export_put_comment(out, "#", "undo: ", target->view.undo);
    for (uint32_t i = 0; i < target->view.request_count; i++) {
        const struct kv_request *request = &target->requests[i];

        if (request->what)
            export_put_comment(out, "#", "", request->what);
        export_put_changes(out, "#", target, i);
        buf_putf(out, "%s\n", request->az);
        if (i + 1 < target->view.request_count)
            step_az_wait(
                &target->draft.steps[i], &target->draft.steps[i + 1], out);
        if (request->wait_s > 0)
            buf_putf(out, "sleep %lld\n", (long long)request->wait_s);
    }
}

void export_az(const struct kv_plan *plan, struct buf *out)
{
    buf_puts(out, "#!/bin/sh\n");
    export_put_head(out, "#", plan);
    export_put_comment(out, "#", "",
        "each command sends exactly the request that kvgov would; the first "
        "that fails ends it");
    buf_puts(out, "set -eu\n");
    for (size_t i = 0; i < plan->target_count; i++) {
        if (export_is_ready(&plan->targets[i]))
            put_target(out, &plan->targets[i]);
    }
}
