/* The API layer in this process, through its public door, against a simulated
 * cloud of its own: opened, driven until something holds, and asked. */
#ifndef SUPPORT_DRIVE_H
#define SUPPORT_DRIVE_H

#include "kvgov_cloud.h"
#include "kvgov/session.h"

struct drive {
    struct cloud *cloud;
    struct kv_session *session;
    char *state_dir;
    struct kv_session_options options; /* of the next drive_open_session() */
};

/* Starts a cloud with these arguments (as cloud_start()) and opens a session
 * that signs in as the cloud says, with a new state folder. */
void drive_open(struct drive *drive, const char *const *cloud_arguments);
/* Ends the session, the cloud and the folder. */
void drive_done(struct drive *drive);
/* The two halves, for tests that need something between them. */
void drive_open_cloud(struct drive *drive, const char *const *cloud_arguments);
void drive_open_session(struct drive *drive);
/* Closes the session and opens the next on the same state. */
void drive_reopen_session(struct drive *drive);

/* Steps until `done` says so; fails the test with the messages when 60 s have
 * passed. */
typedef bool drive_done_fn(const struct drive *drive, const void *argument);
void drive_until(struct drive *drive, drive_done_fn *done, const void *argument,
    const char *what);
/* Steps for a time. */
void drive_for(struct drive *drive, int ms);

/* Starts the session and waits until it has signed in or could not. */
enum kv_sign_in_state drive_sign_in(struct drive *drive);
/* Starts it (or scans again) and waits until the scan has ended and nothing is
 * in flight; returns how it ended. */
enum kv_scan_state drive_scan(struct drive *drive);
enum kv_scan_state drive_rescan(struct drive *drive);

/* By name; each fails the test when there is no such thing. */
uint32_t drive_find(const struct drive *drive, const char *name);
const struct kv_resource *drive_resource(
    const struct drive *drive, const char *name);
enum kv_verdict drive_verdict(
    const struct drive *drive, const char *recommendation, const char *name);
void drive_expect_verdict(const struct drive *drive, const char *recommendation,
    const char *name, enum kv_verdict expected);

/* A plan of `remedy` for the named resources (NULL-terminated), read to its
 * preview. */
struct kv_plan *drive_plan(
    struct drive *drive, const char *remedy, const char *const *names);
/* The same to put one recommendation right; NULL: the remedy's own. */
struct kv_plan *drive_plan_for(struct drive *drive, const char *remedy,
    const char *recommendation, const char *const *names);
/* Steps until nothing is left to do. */
void drive_settle(struct drive *drive);
void drive_set(struct drive *drive, struct kv_plan *plan, const char *option,
    const char *value);
/* Write mode on, confirmed as it must be, run to its end. */
void drive_run(struct drive *drive, struct kv_plan *plan);
/* The same without waiting. */
void drive_start_run(struct drive *drive, struct kv_plan *plan);
/* The preview of the reverse of the newest change in the journal. */
struct kv_plan *drive_plan_undo(struct drive *drive);
void drive_expect_target(const struct drive *drive, const struct kv_plan *plan,
    uint32_t index, enum kv_target_state expected);

/* The newest journal entry that is no note; fails the test when there is
 * none. */
const struct kv_journal_entry *drive_last_entry(const struct drive *drive);
/* Every message so far as text; mem_free(). */
char *drive_messages(const struct drive *drive);
/* Fails the test unless a message holds the text, in any case. */
void drive_expect_message(const struct drive *drive, const char *part);

#endif
