/* What the audit log and the metrics say: backups, restores, clients, and
 * whether anybody uses the vault at all. */
#include "objects.h"

#include <string.h>

#define DAY_S INT64_C(86400)

static bool is(const char *text, const char *word)
{
    return text_equal_nocase(text, word);
}

static bool is_one_of(const char *name, const char *const *words)
{
    for (; *words; words++)
        if (is(name, *words))
            return true;
    return false;
}

/* When one of the operations was last done; 0: never, as far as the log goes.
 * `object` NULL: to anything. */
static int64_t last_done(const struct kv_subject *subject,
    const char *const *operations, const char *object)
{
    struct kv_walk walk = { 0 };
    const struct kv_operation *row;
    int64_t last_s = 0;

    while ((row = kv_estate_next_at(subject->estate, KV_SET_OPERATIONS,
                subject->resource->id, &walk)))
        if (is_one_of(row->name, operations) &&
            (!object || (row->object && is(row->object, object))) &&
            row->last_s > last_s)
            last_s = row->last_s;
    return last_s;
}

/* ---- backups of objects ---- */

static const char *const backups[] = { "KeyBackup", "SecretBackup",
    "CertificateBackup", NULL };

static enum object_answer check_backup(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    struct kv_facet_status log = subject_facet(subject, KV_FACET_USAGE);
    const struct kv_backup *own =
        kv_estate_find_row(subject->estate, KV_SET_BACKUPS, object->id);
    struct buf name = { .limit = 512 };
    int64_t last_s;

    if (own && own->updated_s >= object->updated_s)
        return OBJECT_GOOD;
    if (!kv_facet_known(&log))
        return OBJECT_UNSURE;
    object_put_name(&name, object);
    last_s = last_done(subject, backups, buf_text(&name));
    buf_done(&name);
    if (last_s > 0 && last_s >= object->updated_s)
        return OBJECT_GOOD;
    buf_puts(value, last_s > 0 ? "last " : "none is logged");
    if (last_s > 0) {
        evidence_put_date(value, last_s);
        buf_puts(value, ", changed ");
        evidence_put_date(value, object->updated_s);
    }
    return OBJECT_BAD;
}

/* Without a log nothing is known of any object; one line says so. */
static enum kv_verdict judge_backups(const struct kv_subject *subject,
    const struct object_rule *rule, struct buf *evidence)
{
    struct kv_facet_status log = subject_facet(subject, KV_FACET_USAGE);
    struct buf unused = { .limit = 1u << 15 };
    enum kv_verdict verdict;

    if (kv_facet_known(&log))
        return objects_judge(subject, rule, evidence);
    verdict = objects_judge(subject, rule, &unused);
    buf_done(&unused);
    if (verdict == KV_VERDICT_NOT_APPLICABLE || verdict == KV_VERDICT_PASS)
        return objects_judge(subject, rule, evidence);
    evidence_put_missing(evidence, KV_FACET_USAGE, &log);
    evidence_new_line(evidence);
    buf_puts(evidence, "kvgov's own archive does not have them all either");
    return verdict;
}

enum kv_verdict backup_objects(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        .sets = { KV_SET_KEYS, KV_SET_SECRETS, KV_SET_CERTIFICATES },
        .set_count = 3,
        .managed_out = true,
        .check = check_backup,
        .one = "object",
        .many = "objects",
        .bad = "without a backup since they changed",
        .good = "backed up since they changed",
    };

    return judge_backups(subject, &rule, evidence);
}

enum kv_verdict backup_keys(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        .sets = { KV_SET_KEYS },
        .set_count = 1,
        .managed_out = true,
        .check = check_backup,
        .one = "key",
        .many = "keys",
        .bad = "without a backup since they changed",
        .good = "backed up since they changed",
    };
    enum kv_verdict verdict = judge_backups(subject, &rule, evidence);

    if (verdict == KV_VERDICT_FAIL &&
        subject->resource->properties.state == KV_FACET_READY &&
        subject->resource->purge_protection != KV_TRI_TRUE) {
        evidence_new_line(evidence);
        buf_puts(evidence, "critical: purge protection is off, so that a "
                           "purged key is lost for good");
    }
    return verdict;
}

/* ---- restoring ---- */

/* The last that kvgov itself restored and found the same; NULL: none. */
static const struct kv_backup *last_drill(const struct kv_subject *subject)
{
    const struct kv_backup *last = NULL;
    const struct kv_backup *row;
    struct kv_walk walk = { 0 };

    while ((row = kv_estate_next_at(
                subject->estate, KV_SET_BACKUPS, subject->resource->id, &walk)))
        if (row->drilled_s > (last ? last->drilled_s : 0))
            last = row;
    return last;
}

static void put_drill(const struct kv_subject *subject,
    const struct kv_backup *drill, struct buf *evidence)
{
    buf_puts(evidence, "kvgov restored ");
    evidence_put_text(evidence, drill->id + strlen(subject->resource->id) + 1);
    buf_puts(evidence, " from its archive elsewhere and found it the same, ");
    evidence_put_date(evidence, drill->drilled_s);
    evidence_new_line(evidence);
}

enum kv_verdict backup_restored(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char *const restores[] = { "KeyRestore", "SecretRestore",
        "CertificateRestore", "RestoreStart", "FullRestore", "SelectiveRestore",
        NULL };
    struct kv_facet_status log = subject_facet(subject, KV_FACET_USAGE);
    const struct kv_backup *drill = last_drill(subject);
    uint32_t days = subject->policy->restore_test_days;
    int64_t last_s;

    if (drill)
        put_drill(subject, drill, evidence);
    if (drill && subject->now_s - drill->drilled_s <= days * DAY_S)
        return KV_VERDICT_PASS;
    if (!kv_facet_known(&log)) {
        evidence_put_missing(evidence, KV_FACET_USAGE, &log);
        evidence_new_line(evidence);
        buf_puts(evidence, "whoever tested a restore can attest it");
        return KV_VERDICT_MANUAL;
    }
    last_s = last_done(subject, restores, NULL);
    if (last_s > 0) {
        buf_puts(evidence, "last restored ");
        evidence_put_date(evidence, last_s);
    } else {
        buf_puts(evidence, "no restore is in the audit log");
    }
    if (last_s > 0 && subject->now_s - last_s <= days * DAY_S)
        return KV_VERDICT_PASS;
    buf_puts(evidence, "; one in ");
    evidence_put_number(evidence, days, "day", "days");
    buf_puts(evidence, " is asked for, here or on another copy: attest that");
    return KV_VERDICT_MANUAL;
}

/* ---- full backups of an HSM ---- */

enum kv_verdict hsm_backup(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char *const full[] = { "BackupStart", "FullBackup", NULL };
    uint32_t days = subject->policy->hsm_backup_days;
    int64_t last_s = last_done(subject, full, NULL);
    int64_t key_s = last_done(subject, backups, NULL);

    if (last_s > 0) {
        buf_puts(evidence, "last full backup ");
        evidence_put_date(evidence, last_s);
    } else {
        buf_puts(evidence, "no full backup is in the audit log");
    }
    if (key_s > 0) {
        evidence_new_line(evidence);
        buf_puts(evidence, "last backup of a single key ");
        evidence_put_date(evidence, key_s);
    }
    if (last_s > 0 && subject->now_s - last_s <= days * DAY_S)
        return KV_VERDICT_PASS;
    evidence_new_line(evidence);
    buf_puts(evidence, "one in ");
    evidence_put_number(evidence, days, "day", "days");
    buf_puts(evidence, " is asked for");
    return KV_VERDICT_FAIL;
}

/* ---- clients ---- */

/* "TLS1_0", "TLS 1.1", "TLSv1": everything before 1.2. */
static bool is_old_tls(const char *tls)
{
    char digits[3] = "";
    size_t count = 0;

    for (; *tls && count < 2; tls++)
        if (*tls >= '0' && *tls <= '9')
            digits[count++] = *tls;
    return count > 0 &&
           (digits[0] < '1' ||
               (digits[0] == '1' && (count < 2 || digits[1] < '2')));
}

static void put_caller(struct buf *evidence, const struct kv_caller *row)
{
    evidence_new_line(evidence);
    evidence_put_text(evidence, row->address ? row->address : "an address");
    buf_puts(evidence, " by ");
    evidence_put_text(evidence, row->tls);
    buf_puts(evidence, ", ");
    evidence_put_number(evidence, row->calls, "call", "calls");
    if (row->identity) {
        buf_puts(evidence, " as ");
        evidence_put_text(evidence, row->identity);
    }
}

enum kv_verdict network_tls(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_caller *row;
    uint64_t told = 0;
    uint64_t silent = 0;
    uint32_t old = 0;

    while ((row = kv_estate_next_at(subject->estate, KV_SET_CALLERS,
                subject->resource->id, &walk))) {
        *(row->tls ? &told : &silent) += row->calls;
        if (row->tls && is_old_tls(row->tls) && ++old <= 10)
            put_caller(evidence, row);
    }
    if (old > 0)
        return KV_VERDICT_FAIL;
    evidence_put_number(evidence, told, "call", "calls");
    buf_puts(evidence, " in 30 days by TLS 1.2 or newer");
    if (silent > 0) {
        buf_puts(evidence, "; the log does not say it of ");
        buf_put_count(evidence, silent);
    }
    if (told > 0)
        return KV_VERDICT_PASS;
    return silent > 0 ? KV_VERDICT_UNKNOWN : KV_VERDICT_NOT_APPLICABLE;
}

/* ---- use ---- */

static const struct kv_metric *hits_of(const struct kv_subject *subject)
{
    struct kv_walk walk = { 0 };

    return kv_estate_next_at(
        subject->estate, KV_SET_METRICS, subject->resource->id, &walk);
}

enum kv_verdict governance_used(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_metric *row = hits_of(subject);
    int64_t limit_s =
        subject->now_s - (int64_t)subject->policy->idle_days * DAY_S;

    if (!row || row->from_s == 0) {
        buf_puts(evidence, "Azure counted nothing for this vault");
        return KV_VERDICT_UNKNOWN;
    }
    if (row->total > 0) {
        evidence_put_number(evidence, row->total, "request", "requests");
        buf_puts(evidence, " since ");
        evidence_put_date(evidence, row->from_s);
        buf_puts(evidence, ", the last on ");
        evidence_put_date(evidence, row->last_s);
        return KV_VERDICT_PASS;
    }
    buf_puts(evidence, "no request since ");
    evidence_put_date(evidence, row->from_s);
    if (subject->resource->created_at_s > limit_s) {
        buf_puts(evidence, "; made ");
        evidence_put_date(evidence, subject->resource->created_at_s);
        buf_puts(evidence, ", which is too lately to tell");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    return KV_VERDICT_FAIL;
}
