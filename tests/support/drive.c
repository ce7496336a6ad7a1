/* Opening sessions and driving them until something holds. */
#include "drive.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "temp.h"
#include "test.h"

#define LIMIT_MS 60000
#define SLICE_MS 20
#define MESSAGES_LIMIT (1u << 20)

/* ---- open and close ---- */

void drive_open_cloud(struct drive *drive, const char *const *cloud_arguments)
{
    *drive = (struct drive){ .cloud = cloud_start(cloud_arguments) };
    drive->state_dir = temp_new();
    cloud_enter(drive->cloud);
    drive->options = (struct kv_session_options){
        .arm_endpoint = drive->cloud->origin,
        .state_dir = drive->state_dir,
        .no_device_code = true,
    };
}

void drive_open_session(struct drive *drive)
{
    struct kv_error err = { 0 };

    if (kv_session_open(&drive->session, &drive->options, &err) != KV_OK)
        fail_with("the session did not open: %s", err.text);
}

void drive_open(struct drive *drive, const char *const *cloud_arguments)
{
    drive_open_cloud(drive, cloud_arguments);
    drive_open_session(drive);
}

void drive_reopen_session(struct drive *drive)
{
    kv_session_close(drive->session);
    drive->session = NULL;
    drive_open_session(drive);
}

void drive_done(struct drive *drive)
{
    kv_session_close(drive->session);
    cloud_stop(drive->cloud);
    temp_done(drive->state_dir);
    *drive = (struct drive){ 0 };
}

/* ---- the loop ---- */

char *drive_messages(const struct drive *drive)
{
    struct buf out = { .limit = MESSAGES_LIMIT };

    for (uint32_t i = 0; i < kv_session_message_count(drive->session); i++) {
        const struct kv_message *message =
            kv_session_message(drive->session, i);

        buf_putf(&out, "%s (%u times)%s%s\n", message->text, message->count,
            message->detail ? ": " : "",
            message->detail ? message->detail : "");
    }
    char *text = mem_copy_text(buf_text(&out));
    buf_done(&out);
    return text;
}

void drive_expect_message(const struct drive *drive, const char *part)
{
    char *messages = drive_messages(drive);

    if (!text_contains_nocase(messages, part))
        fail_with("no message says: %s\nthe messages are:\n%s", part, messages);
    mem_free(messages);
}

static void give_up(const struct drive *drive, const char *what)
{
    const struct kv_scan *scan = kv_session_scan(drive->session);
    const struct kv_sign_in *sign_in = kv_session_sign_in(drive->session);

    fail_with("waited in vain: %s\nsign-in %d: %s\nscan %d (%s) %u of %u, "
              "%u in flight\n%s",
        what, (int)sign_in->state, sign_in->text ? sign_in->text : "",
        (int)scan->state, scan->stage ? scan->stage : "", scan->done,
        scan->total, scan->in_flight, drive_messages(drive));
}

void drive_until(struct drive *drive, drive_done_fn *done, const void *argument,
    const char *what)
{
    int64_t end_ms = clock_steady_ms() + LIMIT_MS;

    while (!done(drive, argument)) {
        if (clock_steady_ms() >= end_ms)
            give_up(drive, what);
        kv_session_wait(drive->session, NULL, 0, SLICE_MS);
        (void)kv_session_step(drive->session);
    }
}

void drive_for(struct drive *drive, int ms)
{
    int64_t end_ms = clock_steady_ms() + ms;

    while (clock_steady_ms() < end_ms) {
        kv_session_wait(drive->session, NULL, 0, SLICE_MS);
        (void)kv_session_step(drive->session);
    }
}

static bool sign_in_ended(const struct drive *drive, const void *argument)
{
    (void)argument;
    switch (kv_session_sign_in(drive->session)->state) {
    case KV_SIGN_IN_DONE:
    case KV_SIGN_IN_FAILED:
    case KV_SIGN_IN_NEEDED:
    case KV_SIGN_IN_DEVICE:
        return true;
    case KV_SIGN_IN_STARTING:
        break;
    }
    return false;
}

enum kv_sign_in_state drive_sign_in(struct drive *drive)
{
    kv_session_start(drive->session);
    drive_until(drive, sign_in_ended, NULL, "the end of the sign-in");
    return kv_session_sign_in(drive->session)->state;
}

static bool scan_ended(const struct drive *drive, const void *argument)
{
    enum kv_scan_state state = kv_session_scan(drive->session)->state;

    (void)argument;
    if (kv_session_sign_in(drive->session)->state == KV_SIGN_IN_FAILED)
        return true; /* no scan will come */
    return (state == KV_SCAN_DONE || state == KV_SCAN_FAILED ||
               state == KV_SCAN_STOPPED) &&
           kv_session_idle(drive->session);
}

enum kv_scan_state drive_scan(struct drive *drive)
{
    kv_session_start(drive->session);
    drive_until(drive, scan_ended, NULL, "the end of the scan");
    return kv_session_scan(drive->session)->state;
}

enum kv_scan_state drive_rescan(struct drive *drive)
{
    kv_session_rescan(drive->session);
    drive_until(drive, scan_ended, NULL, "the end of the second scan");
    return kv_session_scan(drive->session)->state;
}
