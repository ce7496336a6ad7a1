/* kvgov fix: a plan from preview to end in a terminal without a console, or,
 * where nobody is there to answer, of a file that was reviewed before. */
#include "command_plan.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "heap.h"
#include "plan_text.h"
#include "signals.h"

#define TEXT_BYTES ((size_t)256 << 20)
#define ANSWER_BYTES 256

/* ---- asking ---- */

static void print(struct buf *out)
{
    fwrite(buf_text(out), 1, out->size, stdout);
    fflush(stdout);
    buf_done(out);
}

/* A line without its end; false at the end of the input. Nothing is under way,
 * so that an interrupt may simply end the program. */
static bool read_answer(char answer[ANSWER_BYTES])
{
    signal(SIGINT, SIG_DFL);
    if (!fgets(answer, ANSWER_BYTES, stdin))
        return false;
    answer[strcspn(answer, "\r\n")] = '\0';
    return true;
}

/* What is typed while one reads is no answer: it is asked for after a pause
 * where the console would arm its question. */
static bool ask_person(const struct kv_plan *plan, char answer[ANSWER_BYTES])
{
    struct buf out = { .limit = TEXT_BYTES };
    struct kv_confirmation ask;

    kv_plan_confirmation(plan, &ask);
    plan_text_put(&out, plan);
    plan_text_put_question(&out, plan);
    if (!*ask.expect) {
        print(&out);
        return false;
    }
    if (ask.hold_ms > 0)
        (void)sleep(ask.hold_ms / 1000);
    (void)tcflush(STDIN_FILENO, TCIFLUSH);
    print(&out);
    return read_answer(answer);
}

/* ---- running ---- */

struct watch {
    struct kv_session *session;
    struct kv_plan *plan;
    enum kv_target_state *seen; /* of each target, as it was said */
};

static bool is_said(enum kv_target_state state)
{
    return state != KV_TARGET_WAITING && state != KV_TARGET_READY &&
           state != KV_TARGET_GUARD && state != KV_TARGET_VERIFYING;
}

static void say_changes(const struct watch *watch)
{
    for (uint32_t i = 0; i < kv_plan_target_count(watch->plan); i++) {
        const struct kv_target *target = kv_plan_target(watch->plan, i);
        struct buf out = { .limit = 65536 };

        if (watch->seen[i] == target->state)
            continue;
        watch->seen[i] = target->state;
        if (is_said(target->state))
            plan_text_put_target(&out, target);
        print(&out);
    }
}

static bool rests(void *context)
{
    const struct watch *watch = context;

    say_changes(watch);
    return kv_plan_state(watch->plan) == KV_PLAN_ENDED ||
           kv_plan_state(watch->plan) == KV_PLAN_PAUSED;
}

/* Between two waves; whoever is not there said before how it goes on. An input
 * that ends is no answer: the next start asks again. */
static void ask_next(const struct watch *watch)
{
    struct kv_wave wave = kv_plan_wave(watch->plan);
    char answer[ANSWER_BYTES];
    struct buf next = { .limit = 64 };

    buf_put_of(&next, wave.next, wave.left);
    printf("Wave %u has ended. Enter goes on with the next %s; stop ends it "
           "here: ",
        wave.number, buf_text(&next));
    buf_done(&next);
    fflush(stdout);
    if (!read_answer(answer))
        kv_session_run_interrupt(watch->session, watch->plan);
    else if (*answer)
        kv_session_run_stop(watch->session, watch->plan);
    else
        kv_session_run_go_on(watch->session, watch->plan);
}

static int follow(struct watch *watch)
{
    int signal_fd = signals_open();
    int number = 0;

    while (kv_plan_state(watch->plan) != KV_PLAN_ENDED) {
        number = command_until(watch->session, signal_fd, rests, watch);
        if (number)
            kv_session_run_interrupt(watch->session, watch->plan);
        else if (kv_plan_state(watch->plan) == KV_PLAN_PAUSED)
            ask_next(watch);
    }
    if (signal_fd >= 0)
        close(signal_fd);
    return number;
}

static int report(const struct kv_plan *plan)
{
    struct buf out = { .limit = 65536 };
    uint32_t done = kv_plan_count(plan, KV_TARGET_DONE) +
                    kv_plan_count(plan, KV_TARGET_NOTHING);

    plan_text_put_counts(&out, plan);
    buf_putc(&out, '\n');
    print(&out);
    return done == kv_plan_target_count(plan) ? EXIT_CODE_OK
                                              : EXIT_CODE_PROBLEM;
}

static int run(struct kv_session *session, const struct options *options,
    struct kv_plan *plan, const char *typed)
{
    struct kv_pace pace = { .automatic = !isatty(STDIN_FILENO) };
    const char *reason = options->reason ? options->reason : "";
    struct kv_error err = { 0 };
    struct watch watch = { .session = session, .plan = plan };
    int number;

    kv_session_run_pace(session, plan, &pace);
    if (kv_session_write_on(session, reason, &err) != KV_OK ||
        kv_session_run(session, plan, typed, reason, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_PROBLEM;
    }
    watch.seen = heap_new(kv_plan_target_count(plan) * sizeof(*watch.seen));
    number = follow(&watch);
    heap_free(watch.seen);
    kv_session_write_off(session);
    return number ? 128 + number : report(plan);
}

/* ---- the command ---- */

/* Who gives the hash has seen the file that has it. */
static bool is_confirmed(
    const struct options *options, const struct kv_plan *plan)
{
    const char *hash = kv_plan_hash(plan);
    struct kv_error err;

    if (hash && strncmp(hash, options->confirm, strlen(options->confirm)) == 0)
        return true;
    kv_error_set(&err, KV_REFUSED,
        "--confirm is not the hash of %s: what was reviewed is not what is in "
        "the file now; review it again",
        options->plan);
    command_complain(&err);
    return false;
}

static int fix_file(struct kv_session *session, const struct options *options,
    struct kv_plan *plan)
{
    struct kv_confirmation ask;
    struct buf out = { .limit = TEXT_BYTES };

    if (!is_confirmed(options, plan))
        return EXIT_CODE_USAGE;
    kv_plan_confirmation(plan, &ask);
    plan_text_put(&out, plan);
    print(&out);
    return run(session, options, plan, ask.expect);
}

static int fix(struct kv_session *session, const struct options *options)
{
    char answer[ANSWER_BYTES];
    int code;
    struct kv_plan *plan = command_make_plan(session, options, &code);

    if (!plan)
        return code;
    if (kv_plan_count(plan, KV_TARGET_READY) == 0) {
        struct buf out = { .limit = TEXT_BYTES };

        plan_text_put(&out, plan);
        print(&out);
        return kv_plan_count(plan, KV_TARGET_NOTHING) ==
                       kv_plan_target_count(plan)
                   ? EXIT_CODE_OK
                   : EXIT_CODE_PROBLEM;
    }
    if (options->confirm)
        return fix_file(session, options, plan);
    if (!ask_person(plan, answer)) {
        printf("\nNothing was changed.\n");
        return EXIT_CODE_PROBLEM;
    }
    return run(session, options, plan, answer);
}

int command_fix(const struct options *options)
{
    struct kv_error err;

    if (command_check_plan(options, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    if (!options->confirm && !isatty(STDIN_FILENO)) {
        kv_error_set(&err, KV_BAD_INPUT,
            "nobody is there to confirm: stdin is no terminal; review a plan "
            "file and run it with kvgov fix --plan FILE --confirm HASH");
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    if (options->confirm && !options->plan) {
        kv_error_set(&err, KV_BAD_INPUT,
            "--confirm goes with --plan FILE: what runs is what was reviewed");
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    return command_with_estate(options, fix);
}
