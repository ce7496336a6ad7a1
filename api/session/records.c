/* What people decide: checked, kept, journalled, and judged with at once. */
#include "inside.h"

#include <string.h>

#define DAY_S 86400
#define TEXT_BYTES 2000u /* of a note or a reason */
#define NAME_BYTES 200u

/* Without them nothing counts as answered or accepted, which is the safe way
 * round; the message says why. */
void session_records_open(struct kv_session *session)
{
    struct kv_error err = { 0 };

    if (session->options.no_files)
        return;
    if (records_open(&session->records, session->state_dir, &err) != KV_OK)
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
}

static void warn_of_ends(struct kv_session *session)
{
    size_t count =
        kv_records_ending(kv_session_records(session), clock_now_s());

    if (count > 0 && count != session->records_ending)
        message_add(session, KV_NOTICE_INFO, NULL,
            "%zu %s within 30 days: kvgov attest --list, kvgov except --list",
            count,
            count == 1 ? "attestation or exception ends"
                       : "attestations and exceptions end");
    session->records_ending = count;
}

/* By what is decided now, wherever it is kept. */
static void judge_anew(struct kv_session *session)
{
    session->records_end_s =
        posture_next_end_s(session->posture, clock_now_s());
    estate_touch_all(session->estate, ESTATE_EVERY_FACET);
}

static void use(struct kv_session *session)
{
    session->records_used = records_get(session->records);
    posture_set_records(session->posture, session->records_used);
    judge_anew(session);
}

void session_exemptions_step(struct kv_session *session)
{
    if (!session->exemptions_stale)
        return;
    session->exemptions_stale = false;
    if (!posture_read_exemptions(session->posture))
        return;
    judge_anew(session);
    warn_of_ends(session);
}

void session_records_step(struct kv_session *session, int64_t now_s)
{
    if (session->records &&
        session->records_used != records_get(session->records)) {
        use(session);
        warn_of_ends(session);
    }
    if (session->records_end_s && now_s > session->records_end_s)
        judge_anew(session);
}

/* Once a day is often enough to look, and fits into any wait. */
int64_t session_records_due_ms(const struct kv_session *session)
{
    int64_t left_s = session->records_end_s - clock_now_s() + 1;

    return (left_s < DAY_S ? left_s : DAY_S) * 1000;
}

/* ---- who and what ---- */

const struct kv_records *kv_session_records(const struct kv_session *session)
{
    return kv_posture_records(session->posture);
}

static enum kv_status put_tenant(
    const struct kv_session *session, struct buf *out, struct kv_error *err)
{
    const char *id = kv_estate_tenant_id(session->estate);

    if (!*id)
        return kv_error_set(err, KV_NOT_FOUND,
            "the tenant is not known yet; run kvgov scan first");
    buf_putf(out, "/tenants/%s", id);
    return KV_OK;
}

static uint32_t find_subscription(
    const struct kv_session *session, const char *text)
{
    uint32_t count = kv_estate_subscription_count(session->estate);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_subscription *row =
            kv_estate_subscription(session->estate, i);

        if (text_equal_nocase(row->id, text) ||
            text_equal_nocase(row->name, text))
            return i;
    }
    return KV_NONE;
}

enum kv_status kv_session_find_subject(const struct kv_session *session,
    const char *text, struct buf *out, struct kv_error *err)
{
    uint32_t resource = kv_estate_find_name(session->estate, text);
    uint32_t subscription = find_subscription(session, text);

    if (text_equal_nocase(text, "tenant"))
        return put_tenant(session, out, err);
    if (text_equal_nocase(text, "all"))
        buf_puts(out, "/");
    else if (text[0] == '/')
        buf_puts(out, text);
    else if (resource != KV_NONE)
        buf_puts(out, kv_estate_resource(session->estate, resource)->id);
    else if (subscription != KV_NONE)
        buf_putf(out, "/subscriptions/%s",
            kv_estate_subscription(session->estate, subscription)->id);
    else
        return kv_error_set(err, KV_NOT_FOUND,
            "nothing that was read is called \"%s\"; give its ARM id, or run "
            "kvgov scan first",
            text);
    return KV_OK;
}

/* ---- checks ---- */

static enum kv_status check_row(
    const char *id, uint32_t *row, struct kv_error *err)
{
    *row = kv_catalogue_find(id);
    return *row == KV_NONE
               ? kv_error_set(err, KV_BAD_INPUT,
                     "there is no recommendation %s; kvgov catalogue lists "
                     "them",
                     id)
               : KV_OK;
}

static enum kv_status check_text(
    const char *what, const char *text, size_t bytes, struct kv_error *err)
{
    if (!text || view_trim(view_of(text)).size == 0)
        return kv_error_set(err, KV_BAD_INPUT, "%s is missing", what);
    if (strlen(text) > bytes)
        return kv_error_set(
            err, KV_BAD_INPUT, "%s has more than %zu bytes", what, bytes);
    return KV_OK;
}

static enum kv_status check_subject(const struct kv_recommendation *row,
    const char *subject, struct kv_error *err)
{
    static const char *const wanted[] = {
        [KV_LEVEL_RESOURCE] = "a vault or managed HSM",
        [KV_LEVEL_SUBSCRIPTION] = "a subscription",
        [KV_LEVEL_TENANT] = "the tenant",
    };
    struct arm_id id = arm_id_parse(view_of(subject));
    enum kv_facet_level level = kv_row_level(row);
    enum kv_kind kind = KV_KIND_VAULT;
    bool fits = false;

    switch (level) {
    case KV_LEVEL_RESOURCE:
        fits = arm_id_is_governed(&id, &kind) && kv_row_concerns(row, kind);
        break;
    case KV_LEVEL_SUBSCRIPTION:
        fits = arm_id_level(&id) == KV_SCOPE_SUBSCRIPTION;
        break;
    case KV_LEVEL_TENANT:
        fits = view_starts_nocase(view_of(subject), view_of("/tenants/"));
        break;
    }
    return fits ? KV_OK
                : kv_error_set(err, KV_BAD_INPUT,
                      "%s is judged on %s, which %s is not", row->id,
                      wanted[level], subject);
}

static enum kv_status check_until(
    int64_t until_s, int64_t latest_s, struct kv_error *err)
{
    struct buf latest = { .limit = 64 };
    enum kv_status status = KV_OK;

    buf_put_time(&latest, latest_s);
    if (until_s <= clock_now_s())
        status =
            kv_error_set(err, KV_BAD_INPUT, "the end must be a date to come");
    else if (latest_s && until_s > latest_s)
        status = kv_error_set(err, KV_BAD_INPUT,
            "the end may be %.10s at the latest: attestation_days says so",
            buf_text(&latest));
    buf_done(&latest);
    return status;
}

/* ---- changes ---- */

static enum kv_status check_kept(
    const struct kv_session *session, struct kv_error *err)
{
    return session->records ? KV_OK
                            : kv_error_set(err, KV_STORE,
                                  "attestations and exceptions cannot be kept "
                                  "in %s; the messages say why",
                                  session->state_dir);
}

/* What is decided is worth a line, but a full journal must not undo it. */
static void note(struct kv_session *session, const char *who,
    const char *action, const char *row, const char *id, const char *reason)
{
    struct buf text = { .limit = 4096 };
    struct kv_error err;

    buf_putf(&text, "%s %s on %s", action, row, id);
    if (journal_add_note(session->journal, clock_now_s(), who, buf_text(&text),
            reason, &err) != KV_OK)
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
    session->news |= KV_NEWS_JOURNAL;
    buf_done(&text);
}

enum kv_status kv_session_attest(struct kv_session *session,
    const struct kv_attestation *given, struct kv_error *err)
{
    struct kv_attestation attestation = *given;
    enum kv_status status = check_kept(session, err);
    int64_t now_s = clock_now_s();
    int64_t latest_s =
        now_s + (int64_t)session->policy.attestation_days * DAY_S;
    uint32_t row = 0;

    attestation.at_s = now_s;
    if (attestation.until_s == 0)
        attestation.until_s = latest_s;
    if (status == KV_OK)
        status = check_row(given->row, &row, err);
    if (status == KV_OK && !kv_catalogue[row].attests)
        status = kv_error_set(err, KV_BAD_INPUT,
            "%s is judged by what was read, so no answer changes it; kvgov "
            "except accepts a deviation",
            kv_catalogue[row].id);
    if (status == KV_OK)
        status = check_subject(&kv_catalogue[row], given->subject, err);
    if (status == KV_OK)
        status = check_text("the note", given->note, TEXT_BYTES, err);
    if (status == KV_OK)
        status = check_text("the name", given->name, NAME_BYTES, err);
    if (status == KV_OK)
        status = check_until(attestation.until_s, latest_s, err);
    if (status != KV_OK)
        return status;
    attestation.row = kv_catalogue[row].id;
    status = records_attest(session->records, &attestation, err);
    use(session);
    if (status == KV_OK)
        note(session, given->name,
            given->pass ? "attest pass:" : "attest fail:", attestation.row,
            given->subject, given->note);
    return status;
}

enum kv_status kv_session_except(struct kv_session *session,
    const struct kv_exception *given, struct kv_error *err)
{
    struct kv_exception exception = *given;
    enum kv_status status = check_kept(session, err);
    uint32_t row = 0;

    exception.at_s = clock_now_s();
    if (status == KV_OK)
        status = check_row(given->row, &row, err);
    if (status == KV_OK)
        status = check_text("the reason", given->reason, TEXT_BYTES, err);
    if (status == KV_OK)
        status = check_text("the owner", given->owner, NAME_BYTES, err);
    if (status == KV_OK)
        status = check_until(given->until_s, 0, err);
    if (status != KV_OK)
        return status;
    exception.row = kv_catalogue[row].id;
    status = records_except(session->records, &exception, err);
    use(session);
    if (status == KV_OK)
        note(session, given->owner, "except", exception.row, given->scope,
            given->reason);
    return status;
}

enum kv_status kv_session_forget_attestation(struct kv_session *session,
    const char *row, const char *subject, struct kv_error *err)
{
    enum kv_status status = check_kept(session, err);

    if (status != KV_OK)
        return status;
    status = records_remove_attestation(session->records, row, subject, err);
    use(session);
    if (status == KV_OK)
        note(session, "", "attestation removed:", row, subject, "");
    return status;
}

enum kv_status kv_session_forget_exception(struct kv_session *session,
    const char *row, const char *scope, struct kv_error *err)
{
    enum kv_status status = check_kept(session, err);

    if (status != KV_OK)
        return status;
    status = records_remove_exception(session->records, row, scope, err);
    use(session);
    if (status == KV_OK)
        note(session, "", "exception removed:", row, scope, "");
    return status;
}
