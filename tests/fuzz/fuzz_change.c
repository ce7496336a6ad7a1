/* The change that a journal keeps, as any hand may have written it: what is
 * undone or settled by it stays with its resource, and is asked for first. */
#include "fuzz.h"

#include "../unit/remedy_stage.h"

#define CALL_LIMIT 400

static const struct step_owner owner = { .id = STAGE_PAY };

static void check_again(const struct step *step)
{
    struct buf text = { .limit = 1u << 20 };
    struct step again = { 0 };

    step_format(step, &text);
    fuzz_check(step_parse(&again, buf_text(&text), &owner, NULL) == KV_OK);
    fuzz_check(strcmp(again.call.path, step->call.path) == 0);
    fuzz_check(strcmp(again.call.method, step->call.method) == 0);
    fuzz_check(again.change_count == step->change_count);
    fuzz_check(again.reversible == step->reversible);
    step_done(&again);
    buf_done(&text);
}

/* A blank or a control character would end the address on the wire. */
static void check_address(const struct step *step)
{
    struct buf text = { .limit = 1u << 20 };

    step_address(step, &text);
    fuzz_check(strncasecmp(buf_text(&text), STAGE_PAY, strlen(STAGE_PAY)) == 0);
    for (size_t i = 0; i < text.size; i++)
        fuzz_check((unsigned char)text.data[i] > ' ' && text.data[i] != 0x7f);
    buf_done(&text);
}

static void check_step(const char *change)
{
    struct step step = { 0 };
    struct step reversed = { 0 };
    struct buf text = { .limit = 1u << 20 };

    if (step_parse(&step, change, &owner, NULL) != KV_OK)
        return;
    check_address(&step);
    check_again(&step);
    step_reverse(&reversed, &step);
    fuzz_check(reversed.change_count == step.change_count);
    step_az(&reversed, &text);
    step_body(&reversed, &text, JSON_COMPACT);
    step_action(&reversed, &text);
    buf_done(&text);
    step_done(&reversed);
    step_done(&step);
}

/* An entry as the journal gives it; the texts are borrowed. */
static struct kv_journal_entry entry_of(const char *change, bool reversible)
{
    return (struct kv_journal_entry){
        .number = 1,
        .who = "",
        .plan = "p-0001",
        .remedy = "firewall-on",
        .action = "Turn the firewall on",
        .target_id = STAGE_PAY,
        .target_name = "kv-pay",
        .reason = "",
        .message = "",
        .request_id = "",
        .change = change,
        .reversible = reversible,
        .result = reversible ? KV_JOURNAL_DONE : KV_JOURNAL_IN_DOUBT,
    };
}

static void play(struct stage *stage)
{
    while (stage->count < CALL_LIMIT && stage_step(stage))
        continue;
}

/* Every write follows an intent of its own, and none leaves the resource. */
static void check_log(const struct stage *stage)
{
    struct view rest = buf_view(&stage->log);
    int intents = 0;

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        struct view method = view_cut(&line, ' ');

        if (view_equal(method, view_of("INTEND")))
            intents++;
        if (!view_equal(method, view_of("PATCH")) &&
            !view_equal(method, view_of("PUT")) &&
            !view_equal(method, view_of("POST")) &&
            !view_equal(method, view_of("DELETE")))
            continue;
        fuzz_check(--intents >= 0);
        fuzz_check(view_starts_nocase(line, view_of(STAGE_PAY)));
    }
}

static void undo(const char *change)
{
    const struct kv_journal_entry entry = entry_of(change, true);
    const struct kv_journal_entry *entries = &entry;
    struct stage *stage = stage_new();
    struct kv_confirmation wanted;
    struct kv_plan *plan = NULL;
    struct kv_error err = { 0 };

    if (plan_new_undo(&plan, &stage->port, "p-0002", &entries, 1, &err) == KV_OK) {
        play(stage);
        fuzz_check(stage->entry_count == 0);
        kv_plan_confirmation(plan, &wanted);
        if (plan_run(plan, wanted.expect, "why", &err) == KV_OK)
            play(stage);
        check_log(stage);
        plan_free(plan);
    } else {
        fuzz_check(err.text[0] != '\0');
    }
    stage_free(stage);
}

static void settle(const char *change)
{
    const struct kv_journal_entry entry = entry_of(change, false);
    struct stage *stage = stage_new();
    const struct remedy_intent intent = { .remedy = "firewall-on",
        .change = change,
        .target_id = STAGE_PAY,
        .action = "",
        .reason = "" };
    int64_t number = 0;

    fuzz_check(stage->port.intend(stage, &intent, &number, NULL) == KV_OK);
    buf_clear(&stage->log);
    remedy_settle(&stage->port, &entry);
    play(stage);
    fuzz_check(stage->entries[0].concluded + (stage->said.size > 0) == 1);
    check_log(stage);
    stage_free(stage);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *change = fuzz_text(fuzz_view(data, size));

    check_step(change);
    undo(change);
    settle(change);
    mem_free(change);
    return 0;
}
