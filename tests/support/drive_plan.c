/* What a driven session holds, by name, and its plans from preview to end. */
#include "drive.h"

#include <string.h>

#include "base.h"
#include "test.h"

#define TARGET_LIMIT 64

/* ---- looking ---- */

uint32_t drive_find(const struct drive *drive, const char *name)
{
    uint32_t index =
        kv_estate_find_name(kv_session_estate(drive->session), name);

    if (index == KV_NONE)
        fail_with("the estate holds no %s", name);
    return index;
}

const struct kv_resource *drive_resource(
    const struct drive *drive, const char *name)
{
    return kv_estate_resource(
        kv_session_estate(drive->session), drive_find(drive, name));
}

enum kv_verdict drive_verdict(
    const struct drive *drive, const char *recommendation, const char *name)
{
    uint32_t row = kv_catalogue_find(recommendation);

    if (row == KV_NONE)
        fail_with("the catalogue has no %s", recommendation);
    return kv_posture_verdict(
        kv_session_posture(drive->session), row, drive_find(drive, name));
}

void drive_expect_verdict(const struct drive *drive, const char *recommendation,
    const char *name, enum kv_verdict expected)
{
    enum kv_verdict verdict = drive_verdict(drive, recommendation, name);

    if (verdict != expected)
        fail_with("%s on %s is %s, expected %s", recommendation, name,
            kv_verdict_name(verdict), kv_verdict_name(expected));
}

const struct kv_journal_entry *drive_last_entry(const struct drive *drive)
{
    uint32_t count = kv_session_journal_count(drive->session);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_journal_entry *entry =
            kv_session_journal(drive->session, i);

        if (entry->result != KV_JOURNAL_NOTE)
            return entry;
    }
    fail_with("the journal holds no change (%u entries)", count);
}

/* ---- plans ---- */

static bool plan_is_read(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) != KV_PLAN_READING;
}

static bool plan_rests(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) == KV_PLAN_ENDED ||
           kv_plan_state(argument) == KV_PLAN_PAUSED;
}

struct kv_plan *drive_plan(
    struct drive *drive, const char *remedy, const char *const *names)
{
    return drive_plan_for(drive, remedy, NULL, names);
}

static bool is_idle(const struct drive *drive, const void *argument)
{
    (void)argument;
    return kv_session_idle(drive->session);
}

void drive_settle(struct drive *drive)
{
    drive_until(drive, is_idle, NULL, "the end of all work");
}

struct kv_plan *drive_plan_for(struct drive *drive, const char *remedy,
    const char *recommendation, const char *const *names)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;
    uint32_t indexes[TARGET_LIMIT];
    size_t count = 0;

    while (names[count] && count < TARGET_LIMIT) {
        indexes[count] = drive_find(drive, names[count]);
        count++;
    }
    if (kv_session_plan(drive->session, &plan,
            &(struct kv_plan_order){
                .remedy = remedy,
                .row = recommendation,
                .resources = indexes,
                .count = count,
            },
            &err) != KV_OK)
        fail_with("%s cannot be planned: %s", remedy, err.text);
    drive_until(drive, plan_is_read, plan, "the preview");
    return plan;
}

struct kv_plan *drive_plan_undo(struct drive *drive)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;
    int64_t number = drive_last_entry(drive)->number;

    if (kv_session_plan_undo(drive->session, &plan, number, &err) != KV_OK)
        fail_with(
            "entry %lld cannot be undone: %s", (long long)number, err.text);
    drive_until(drive, plan_is_read, plan, "the preview of the undo");
    return plan;
}

void drive_set(struct drive *drive, struct kv_plan *plan, const char *option,
    const char *value)
{
    struct kv_error err = { 0 };

    if (kv_session_plan_set(drive->session, plan, option, value, &err) != KV_OK)
        fail_with("%s=%s is refused: %s", option, value, err.text);
    drive_until(drive, plan_is_read, plan, "the preview with the option");
}

void drive_start_run(struct drive *drive, struct kv_plan *plan)
{
    struct kv_confirmation confirmation = { 0 };
    struct kv_error err = { 0 };

    if (!kv_session_mode(drive->session)->write &&
        kv_session_write_on(drive->session, "test", &err) != KV_OK)
        fail_with("write mode is refused: %s", err.text);
    kv_plan_confirmation(plan, &confirmation);
    if (kv_session_run(
            drive->session, plan, confirmation.expect, "test", &err) != KV_OK)
        fail_with("the run is refused: %s", err.text);
}

void drive_run(struct drive *drive, struct kv_plan *plan)
{
    drive_start_run(drive, plan);
    drive_until(drive, plan_rests, plan, "the end of the run");
    while (kv_plan_state(plan) == KV_PLAN_PAUSED) {
        kv_session_run_go_on(drive->session, plan);
        drive_until(drive, plan_rests, plan, "the end of the run");
    }
}

void drive_expect_target(const struct drive *drive, const struct kv_plan *plan,
    uint32_t index, enum kv_target_state expected)
{
    const struct kv_target *target = kv_plan_target(plan, index);

    if (target->state != expected)
        fail_with("%s is %s, expected %s: %s\n%s", target->name,
            kv_target_state_name(target->state), kv_target_state_name(expected),
            target->message ? target->message : "(no message)",
            drive_messages(drive));
}
