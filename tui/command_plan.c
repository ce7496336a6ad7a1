/* kvgov plan: what a remedy would do to which resources, shown or written out,
 * with nothing changed. */
#include "command_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "heap.h"
#include "option_rows.h"
#include "plan_text.h"
#include "report_file.h"
#include "signals.h"

#define TEXT_BYTES ((size_t)256 << 20)

/* ---- which resources ---- */

struct chosen {
    uint32_t *items;
    size_t count;
};

static void choose(struct chosen *chosen, uint32_t index)
{
    chosen->items[chosen->count++] = index;
}

static enum kv_status choose_named(struct chosen *chosen,
    const struct kv_session *session, const char *name, struct kv_error *err)
{
    const struct kv_estate *estate = kv_session_estate(session);
    uint32_t index = name[0] == '/' ? kv_estate_find(estate, name)
                                    : kv_estate_find_name(estate, name);

    if (index == KV_NONE)
        return kv_error_set(err, KV_NOT_FOUND,
            "there is no vault or managed HSM \"%s\"; kvgov list vaults shows "
            "their names",
            name);
    choose(chosen, index);
    return KV_OK;
}

static enum kv_status choose_listed(struct chosen *chosen,
    const struct kv_session *session, const char *list, struct kv_error *err)
{
    struct view rest = view_of(list);
    enum kv_status status = KV_OK;

    while (rest.size > 0 && status == KV_OK) {
        struct view name = view_trim(view_cut(&rest, ','));
        struct buf text = { .limit = 4096 };

        buf_put(&text, name);
        if (name.size > 0)
            status = choose_named(chosen, session, buf_text(&text), err);
        buf_done(&text);
    }
    return status;
}

static void choose_failing(struct chosen *chosen,
    const struct kv_session *session, const struct kv_remedy *remedy,
    uint32_t row)
{
    const struct kv_estate *estate = kv_session_estate(session);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);
        uint32_t kinds = KV_ON_SUBSCRIPTION | 1u << resource->kind;

        if (!resource->gone && remedy->kinds & kinds &&
            kv_posture_verdict(kv_session_posture(session), row, i) ==
                KV_VERDICT_FAIL)
            choose(chosen, i);
    }
}

static enum kv_status choose_all(struct chosen *chosen,
    const struct kv_session *session, const struct options *options,
    const struct kv_remedy *remedy, struct kv_error *err)
{
    const char *row = options->row ? options->row : remedy->recommendation;
    enum kv_status status = KV_OK;

    if (options->operands[1])
        status = choose_named(chosen, session, options->operands[1], err);
    for (size_t i = 0; i < options->resources.count && status == KV_OK; i++)
        status =
            choose_listed(chosen, session, options->resources.items[i], err);
    if (options->failing && status == KV_OK)
        choose_failing(chosen, session, remedy, kv_catalogue_find(row));
    if (status == KV_OK && chosen->count == 0)
        status =
            kv_error_set(err, KV_NOT_FOUND, "no resource fails %s now", row);
    return status;
}

/* ---- the plan ---- */

static enum kv_status set_options(struct kv_session *session,
    struct kv_plan *plan, const struct options *options, struct kv_error *err)
{
    enum kv_status status = KV_OK;

    for (size_t i = 0; i < options->set.count && status == KV_OK; i++) {
        struct view value = view_of(options->set.items[i]);
        struct view name = view_cut(&value, '=');
        struct buf text = { .limit = 256 };

        buf_put(&text, name);
        status = kv_session_plan_set(
            session, plan, buf_text(&text), value.data ? value.data : "", err);
        buf_done(&text);
    }
    return status;
}

static enum kv_status make(struct kv_session *session,
    const struct options *options, struct kv_plan **out, struct kv_error *err)
{
    const struct kv_remedy *remedy = kv_remedy_find(options->operands[0]);
    uint32_t most = kv_estate_resource_count(kv_session_estate(session));
    struct chosen chosen = { 0 };
    enum kv_status status;

    chosen.items = heap_new(
        (2 * (size_t)most + 1 + OPTION_TIMES_MAX) * sizeof(*chosen.items));
    status = choose_all(&chosen, session, options, remedy, err);
    if (status == KV_OK)
        status = kv_session_plan(session, out,
            &(struct kv_plan_order){
                .remedy = remedy->id,
                .row = options->row,
                .resources = chosen.items,
                .count = chosen.count,
            },
            err);
    heap_free(chosen.items);
    if (status == KV_OK)
        status = set_options(session, *out, options, err);
    return status;
}

static bool is_read(void *context)
{
    return kv_plan_state(context) != KV_PLAN_READING;
}

static int wait_until_read(struct kv_session *session, struct kv_plan *plan)
{
    int signal_fd = signals_open();
    int number = command_until(session, signal_fd, is_read, plan);

    if (signal_fd >= 0)
        close(signal_fd);
    return number ? 128 + number : EXIT_CODE_OK;
}

static int code_of(enum kv_status status)
{
    return status == KV_SIGN_IN ? EXIT_CODE_REACH : EXIT_CODE_USAGE;
}

enum kv_status command_check_plan(
    const struct options *options, struct kv_error *err)
{
    const char *remedy = options->operands[0];
    int ways = !!remedy + !!options->undo + !!options->plan;
    struct report_file file;

    if (report_file_open(&file, options->out, err) != KV_OK)
        return err->status;
    report_file_done(&file);
    if (ways != 1)
        return kv_error_set(err, KV_BAD_INPUT,
            "say what is to be done, in one way: REMEDY NAME, --undo ENTRY%s; "
            "kvgov plan --list shows the remedies",
            options->command == COMMAND_FIX ? " or --plan FILE" : "");
    if (!remedy)
        return KV_OK;
    if (check_remedy(remedy, err) != KV_OK)
        return err->status;
    if (options->operands[1] || options->resources.count || options->failing)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "%s: no resource was chosen; name one, or use --resource NAME,... or "
        "--failing for all that fail %s",
        remedy,
        options->row ? options->row : kv_remedy_find(remedy)->recommendation);
}

struct kv_plan *command_make_plan(
    struct kv_session *session, const struct options *options, int *code)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;
    enum kv_status status;

    if (options->plan)
        status = kv_session_plan_load(session, &plan, options->plan, &err);
    else if (options->undo)
        status = kv_session_plan_undo(
            session, &plan, strtoll(options->undo, NULL, 10), &err);
    else
        status = make(session, options, &plan, &err);
    *code = status == KV_OK ? wait_until_read(session, plan) : code_of(status);
    if (status != KV_OK)
        command_complain(&err);
    return *code == EXIT_CODE_OK ? plan : NULL;
}

/* ---- the commands ---- */

/* It is what whoever reviews the file confirms with. */
static void say_hash(const char *path, const char *format)
{
    struct kv_plan_info info = { 0 };
    struct kv_error err;

    if (strcmp(format, "json") == 0 &&
        kv_plan_file_read(&info, path, &err) == KV_OK)
        fprintf(stderr, "kvgov: its hash is %s\n", info.hash);
    kv_plan_info_done(&info);
}

static int write_file(struct kv_session *session, const struct options *options,
    const struct kv_plan *plan, const char *format)
{
    struct kv_error err = { 0 };

    if (kv_session_plan_save(session, plan, format, options->out, &err) !=
        KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    fprintf(stderr, "kvgov: written to %s\n", options->out);
    say_hash(options->out, format);
    return EXIT_CODE_OK;
}

static int write_text(const struct kv_plan *plan, const char *format)
{
    struct buf out = { .limit = TEXT_BYTES };
    struct kv_error err = { 0 };

    if (kv_plan_put(plan, format, &out, &err) != KV_OK) {
        buf_done(&out);
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    return command_write_out(&out);
}

static int show(struct kv_session *session, const struct options *options)
{
    struct buf out = { .limit = TEXT_BYTES };
    int code;
    struct kv_plan *plan = command_make_plan(session, options, &code);
    const char *format = options->format;
    bool table = !format || strcmp(format, "table") == 0;

    if (!plan)
        return code;
    if (options->out)
        code = write_file(session, options, plan, table ? "json" : format);
    if (options->out && !table)
        return code;
    if (!table)
        return write_text(plan, format);
    plan_text_put(&out, plan);
    if (code == EXIT_CODE_OK)
        code = command_write_out(&out);
    buf_done(&out);
    if (code == EXIT_CODE_OK && kv_plan_count(plan, KV_TARGET_READY) == 0)
        code = EXIT_CODE_PROBLEM;
    return code;
}

int command_plan(const struct options *options)
{
    struct buf out = { .limit = TEXT_BYTES };
    struct kv_error err;

    if (!options->list && command_check_plan(options, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    if (!options->list)
        return command_with_estate(options, show);
    plan_text_put_remedies(&out);
    return command_write_out(&out);
}

int command_plan_approve(const struct options *options)
{
    struct kv_plan_info info = { 0 };
    struct kv_error err = { 0 };
    enum kv_status status = KV_OK;

    if (!options->operands[0] || !options->name)
        status = kv_error_set(&err, KV_BAD_INPUT,
            "say which file, and who you are: kvgov plan approve FILE --name "
            "TEXT");
    if (status == KV_OK)
        status = kv_plan_file_approve(
            options->operands[0], options->name, time(NULL), &err);
    if (status == KV_OK)
        status = kv_plan_file_read(&info, options->operands[0], &err);
    if (status != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    printf("%s, %s on %u targets, written by %s: approved by %s\n%s\n", info.id,
        info.remedy, info.targets, info.written_by, info.approved_by,
        info.hash);
    kv_plan_info_done(&info);
    return EXIT_CODE_OK;
}
