/* The commands that need no console. Each returns the program's exit code and
 * has said on stderr what went wrong. */
#ifndef COMMAND_H
#define COMMAND_H

#include "kvgov/session.h"
#include "options.h"

int command_scan(const struct options *options);
int command_schema(void);
int command_catalogue(const struct options *options);
int command_journal_verify(const struct options *options);
int command_journal_show(const struct options *options);
int command_plan(const struct options *options);
int command_plan_approve(const struct options *options);
int command_fix(const struct options *options);

int command_attest(const struct options *options);
int command_except(const struct options *options);
int command_diff(const struct options *options);
int command_list(const struct options *options);
int command_show(const struct options *options);
int command_who_can(const struct options *options);
int command_reachable(const struct options *options);
int command_whoami(const struct options *options);
int command_login(const struct options *options);
int command_logout(const struct options *options);
int command_completion(const struct options *options);
int command_manual(const struct options *options);

/* Each error among the session's messages, oldest first, on stderr. */
void command_complain_of_session(const struct kv_session *session);
uint32_t command_width_of_stdout(void); /* 0: it is no terminal */
/* Writes to stdout and ends the buffer; says what failed. */
int command_write_out(struct buf *out);
/* --format json */
bool command_wants_json(const struct options *options);
/* "kvgov: " and the sentence, made visible, on stderr. */
void command_say(const char *sentence);
void command_complain(const struct kv_error *err);

/* Opens a session, fills it from Azure, or with --offline from what the last
 * scan kept, and gives it to `use`, whose code it returns. Where there is
 * nothing to use it says why and returns another code. */
typedef int command_use_fn(
    struct kv_session *session, const struct options *options);
int command_with_estate(const struct options *options, command_use_fn *use);
/* What reports read, of this session now. */
struct kv_report_input;
struct kv_report_input command_report_input(const struct kv_session *session);
/* Every subscription could be listed to its end. */
bool command_is_complete(const struct kv_session *session);


/* The signal that came to end the program, 0 when none did; one that stops it
 * stops it here. */
int command_interrupted(int signal_fd);
/* Steps the session until `done` says so; on a terminal stderr shows how far it
 * is. Returns the signal that ended it early, 0 without one. */
int command_until(struct kv_session *session, int signal_fd,
    bool (*done)(void *context), void *context);
/* What the options say about a session. */
struct kv_session_options command_session_options(
    const struct options *options);

#endif
