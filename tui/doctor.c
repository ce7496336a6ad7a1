/* The doctor's round: looks at the machine, lets a session sign in, ask each
 * host and read once, each for so long at most, and prints what it saw. */
#include "doctor.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "doctor_inside.h"
#include "heap.h"
#include "signals.h"
#include "trace.h"

/* How long one host, all of the sign-in, and the reading may take. */
#define PROBE_MS 10000
#define SIGN_IN_MS 30000
#define READ_MS 60000
#define REPORT_BYTES ((size_t)1 << 20)
#define SEEN_BYTES 16384

void doctor_add(struct doctor *doctor, enum kv_diagnosis_level level,
    const char *name, const char *todo, const char *seen, ...)
{
    struct buf text = { .limit = SEEN_BYTES };
    va_list args;

    va_start(args, seen);
    buf_putv(&text, seen, args);
    va_end(args);
    doctor->checks = heap_grow(doctor->checks, doctor->count, &doctor->capacity,
        sizeof(*doctor->checks));
    doctor->checks[doctor->count++] = (struct kv_diagnosis){
        .name = heap_copy(name),
        .level = level,
        .seen = heap_copy(buf_text(&text)),
        .todo = heap_copy(todo),
    };
    buf_done(&text);
}

static void doctor_done(struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->count; i++) {
        heap_free((char *)doctor->checks[i].name);
        heap_free((char *)doctor->checks[i].seen);
        heap_free((char *)doctor->checks[i].todo);
    }
    heap_free(doctor->checks);
    kv_session_close(doctor->session);
}

/* ---- waiting ---- */

static int64_t steady_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A host that the cloud will never name any more is not waited for. */
static bool hosts_answered(const struct doctor *doctor, bool signing_in)
{
    for (int i = 0; i < KV_SERVICE_COUNT; i++) {
        const struct kv_probe *probe =
            kv_session_probed(doctor->session, (enum kv_service)i);

        if (probe->state == KV_PROBE_WAITING && (signing_in || *probe->host))
            return false;
    }
    return true;
}

/* Without Resource Manager nothing else can be learned of an unknown cloud;
 * the sign-in would go on trying. */
static bool is_hopeless(const struct doctor *doctor)
{
    return kv_session_probed(doctor->session, KV_SERVICE_ARM)->state ==
               KV_PROBE_FAILED &&
           !*kv_session_probed(doctor->session, KV_SERVICE_LOGIN)->host;
}

static bool has_signed_in(void *context)
{
    const struct doctor *doctor = context;
    bool signing_in =
        kv_session_sign_in(doctor->session)->state == KV_SIGN_IN_STARTING;

    return is_hopeless(doctor) || steady_ms() >= doctor->deadline_ms ||
           (!signing_in && hosts_answered(doctor, signing_in));
}

static bool has_read(void *context)
{
    const struct doctor *doctor = context;
    enum kv_scan_state state = kv_session_scan(doctor->session)->state;

    return steady_ms() >= doctor->deadline_ms ||
           (state != KV_SCAN_NONE && state != KV_SCAN_RUNNING &&
               kv_session_idle(doctor->session));
}

/* Returns the signal that ended it, 0 without one. */
static int examine(struct doctor *doctor, int signal_fd)
{
    struct kv_session *session = doctor->session;
    int number;

    doctor->deadline_ms = steady_ms() + SIGN_IN_MS;
    kv_session_start(session);
    kv_session_probe(session, PROBE_MS);
    number = command_until(session, signal_fd, has_signed_in, doctor);
    doctor_check_cloud(doctor);
    if (number || kv_session_sign_in(session)->state != KV_SIGN_IN_DONE)
        return number;
    doctor->deadline_ms = steady_ms() + READ_MS;
    number = command_until(session, signal_fd, has_read, doctor);
    kv_session_stop_scan(session);
    doctor_check_rights(doctor);
    return number;
}

/* ---- the command ---- */

static int code_of(const struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->count; i++)
        if (doctor->checks[i].level == KV_DIAGNOSIS_PROBLEM)
            return doctor->out_of_reach ? EXIT_CODE_REACH : EXIT_CODE_PROBLEM;
    return EXIT_CODE_OK;
}

static int print_checks(const struct doctor *doctor)
{
    struct buf out = { .limit = REPORT_BYTES };
    const char *format = doctor->options->format;

    if (format && strcmp(format, "json") == 0)
        kv_report_checkup_json(&out, doctor->checks, doctor->count);
    else
        kv_report_checkup(
            &out, doctor->checks, doctor->count, command_width_of_stdout());
    return command_write_out(&out);
}

/* The doctor's session keeps nothing and can change nothing. */
static void open_session(struct doctor *doctor, struct trace *trace)
{
    struct kv_session_options options =
        command_session_options(doctor->options);
    struct kv_error err = { 0 };

    options.no_files = true;
    options.no_device_code = true;
    trace_attach(trace, &options);
    if (kv_session_open(&doctor->session, &options, &err) != KV_OK)
        doctor_add(
            doctor, KV_DIAGNOSIS_PROBLEM, "command line", "", "%s", err.text);
}

static int run(struct doctor *doctor, struct trace *trace)
{
    int signal_fd = signals_open();
    int number = 0;
    int code;

    doctor_check_machine(doctor);
    doctor_check_files(doctor);
    open_session(doctor, trace);
    if (doctor->session)
        number = examine(doctor, signal_fd);
    if (number)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "interrupted",
            "run it again to see the rest",
            "not everything was looked at: signal %d", number);
    code = print_checks(doctor);
    if (signal_fd >= 0)
        close(signal_fd);
    if (number)
        return 128 + number;
    return code == EXIT_CODE_OK ? code_of(doctor) : code;
}

int command_doctor(const struct options *options)
{
    struct doctor doctor = { .options = options };
    struct trace *trace = NULL;
    struct kv_error err = { 0 };
    int code;

    if (trace_open(&trace, options->trace, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    code = run(&doctor, trace);
    doctor_done(&doctor);
    trace_close(trace);
    return code;
}
