/* The cloud: who is signed in and why in that way, whether each host answers,
 * and whose clock is wrong. */
#include <stdlib.h>
#include <string.h>

#include "doctor_inside.h"

/* Entra takes a proof that is signed five minutes off, and no more. */
#define SKEW_WARN_S 60
#define SKEW_FAIL_S 300

/* ---- hosts ---- */

struct host_row {
    enum kv_service service;
    bool needed; /* nothing goes without it */
    const char *without;
};

/* In the order of the lines. */
static const struct host_row host_rows[KV_SERVICE_COUNT] = {
    {
        .service = KV_SERVICE_ARM,
        .needed = true,
        .without = "nothing can be read",
    },
    {
        .service = KV_SERVICE_RESOURCE_GRAPH,
        .without = "the inventory is read subscription by subscription",
    },
    {
        .service = KV_SERVICE_LOGIN,
        .needed = true,
        .without = "nobody can sign in",
    },
    {
        .service = KV_SERVICE_GRAPH,
        .without = "names of principals and members of groups stay unknown",
    },
    {
        .service = KV_SERVICE_LOGS,
        .without = "what stands in logs stays unknown",
    },
};

static void host_trouble(struct doctor *doctor, const struct host_row *row,
    const char *todo, const char *what)
{
    const struct kv_probe *probe =
        kv_session_probed(doctor->session, row->service);

    doctor->out_of_reach = doctor->out_of_reach || row->needed;
    doctor_add(doctor,
        row->needed ? KV_DIAGNOSIS_PROBLEM : KV_DIAGNOSIS_WARNING,
        probe->service, todo, "%s; without it %s", what, row->without);
}

static void host_odd(struct doctor *doctor, const struct host_row *row)
{
    const struct kv_probe *probe =
        kv_session_probed(doctor->session, row->service);
    struct buf what = { .limit = 1024 };

    buf_putf(&what,
        "%s answered HTTP %ld, which it does not do by itself to such a "
        "question",
        probe->host, probe->code);
    host_trouble(doctor, row,
        "see whether a proxy or a sign-in page of the network stands between",
        buf_text(&what));
    buf_done(&what);
}

/* "HOST did not answer: WHY; ADVICE": the advice is what is to be done. */
static void host_failed(struct doctor *doctor, const struct host_row *row)
{
    const struct kv_probe *probe =
        kv_session_probed(doctor->session, row->service);
    const char *mark = strrchr(probe->failure, ';');
    struct view advice = view_of(mark ? mark + 1 : "");
    struct buf what = { .limit = 1024 };
    struct buf todo = { .limit = 1024 };

    buf_put(&what,
        (struct view){ probe->failure,
            mark ? (size_t)(mark - probe->failure) : strlen(probe->failure) });
    buf_put(&todo, view_trim(advice));
    host_trouble(doctor, row, buf_text(&todo), buf_text(&what));
    buf_done(&what);
    buf_done(&todo);
}

static void host_silent(struct doctor *doctor, const struct host_row *row)
{
    const struct kv_probe *probe =
        kv_session_probed(doctor->session, row->service);

    if (*probe->host)
        host_trouble(doctor, row, "check the network or the proxy",
            "no answer came in time");
    else
        host_trouble(doctor, row, "see what is said of Resource Manager",
            "its address is not known: Resource Manager did not tell it");
}

static void host_fine(struct doctor *doctor, const struct kv_probe *probe)
{
    doctor_add(doctor, KV_DIAGNOSIS_OK, probe->service, "",
        "%s answered in %lld ms", probe->host, (long long)probe->elapsed_ms);
}

static void check_host(struct doctor *doctor, const struct host_row *row)
{
    const struct kv_probe *probe =
        kv_session_probed(doctor->session, row->service);

    switch (probe->state) {
    case KV_PROBE_WAITING:
        host_silent(doctor, row);
        break;
    case KV_PROBE_FAILED:
        host_failed(doctor, row);
        break;
    case KV_PROBE_NONE:
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, probe->service, "",
            "this cloud names no such service; without it %s", row->without);
        break;
    case KV_PROBE_ANSWERED:
        if (probe->expected)
            host_fine(doctor, probe);
        else
            host_odd(doctor, row);
        break;
    }
}

/* ---- the clock ---- */

static const struct kv_probe *probe_with_date(const struct doctor *doctor)
{
    for (int i = 0; i < KV_SERVICE_COUNT; i++) {
        const struct kv_probe *probe =
            kv_session_probed(doctor->session, (enum kv_service)i);

        if (probe->state == KV_PROBE_ANSWERED && probe->date_s)
            return probe;
    }
    return NULL;
}

static void check_clock(struct doctor *doctor)
{
    static const char todo[] = "set the clock, best by NTP";
    const struct kv_probe *probe = probe_with_date(doctor);
    int64_t skew_s;
    long long off_s;

    if (!probe) {
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "clock", "",
            "unknown: no host said what time it is");
        return;
    }
    skew_s = probe->answered_at_s - probe->date_s;
    off_s = llabs((long long)skew_s);
    if (off_s <= SKEW_WARN_S)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "clock", "",
            "within %lld s of that of %s", off_s, probe->host);
    else
        doctor_add(doctor,
            off_s > SKEW_FAIL_S ? KV_DIAGNOSIS_PROBLEM : KV_DIAGNOSIS_WARNING,
            "clock", todo, "this machine's is %lld s %s that of %s%s", off_s,
            skew_s > 0 ? "before" : "behind", probe->host,
            off_s > SKEW_FAIL_S ? ": signing in with a certificate fails, and "
                                  "tokens seem to have run out"
                                : "");
}

/* ---- the sign-in ---- */

static void check_way(struct doctor *doctor, const struct kv_way *way)
{
    const char *otherwise =
        kv_session_sign_in(doctor->session)->state == KV_SIGN_IN_DONE
            ? "another one came first"
            : "it did not come to that";

    switch (way->state) {
    case KV_WAY_USED:
        doctor_add(doctor, KV_DIAGNOSIS_OK, way->name, "", "used to sign in");
        break;
    case KV_WAY_FAILED:
        doctor_add(
            doctor, KV_DIAGNOSIS_WARNING, way->name, "", "tried: %s", way->why);
        break;
    case KV_WAY_NOT_SET_UP:
        doctor_add(doctor, KV_DIAGNOSIS_OK, way->name, "", "not used: %s",
            *way->why ? way->why : "it is not set up on this machine");
        break;
    case KV_WAY_NOT_TRIED:
        doctor_add(doctor, KV_DIAGNOSIS_OK, way->name, "", "not tried: %s",
            *way->why ? way->why : otherwise);
        break;
    }
}

static void check_signed_in(
    struct doctor *doctor, const struct kv_sign_in *sign_in)
{
    struct buf until = { .limit = 64 };

    buf_put_time(&until, kv_session_token_expires_at_s(doctor->session));
    doctor_add(doctor, KV_DIAGNOSIS_OK, "sign-in", "",
        "%s by %s, tenant %s, with a token until %s",
        *sign_in->account ? sign_in->account : "an account without a name",
        sign_in->method, *sign_in->tenant ? sign_in->tenant : "unknown",
        buf_text(&until));
    buf_done(&until);
}

static void check_sign_in(struct doctor *doctor)
{
    const struct kv_sign_in *sign_in = kv_session_sign_in(doctor->session);

    switch (sign_in->state) {
    case KV_SIGN_IN_DONE:
        check_signed_in(doctor, sign_in);
        return;
    case KV_SIGN_IN_STARTING:
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "sign-in", "",
            "it did not get so far in time: see the hosts");
        break;
    case KV_SIGN_IN_NEEDED:
    case KV_SIGN_IN_DEVICE:
    case KV_SIGN_IN_FAILED:
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "sign-in",
            "a person can also sign in with a device code, in the console",
            "nobody: %s", sign_in->text);
        break;
    }
    doctor->out_of_reach = true;
}

void doctor_check_cloud(struct doctor *doctor)
{
    uint32_t ways = kv_session_way_count(doctor->session);

    for (int i = 0; i < KV_SERVICE_COUNT; i++)
        check_host(doctor, &host_rows[i]);
    check_clock(doctor);
    for (uint32_t i = 0; i < ways; i++) {
        struct kv_way way = kv_session_way(doctor->session, i);

        check_way(doctor, &way);
    }
    check_sign_in(doctor);
}
