/* What becomes of audit logs where they arrive: how long they are kept, who can
 * read them, and whether they arrive where they should. */
#include "evaluate.h"
#include "faults.h"

#include "base.h"
#include "estate.h"
#include "sinks.h"

#define READERS_SHOWN 12

/* ---- every place that gets the audit log ---- */

typedef void place_fn(void *context, const struct kv_subject *subject,
    const struct kv_diagnostic *setting, const struct destination *place);

static size_t each_place(
    const struct kv_subject *subject, place_fn *take, void *context)
{
    const struct kv_resource *resource = subject->resource;
    size_t places = 0;

    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *setting = &resource->diagnostics[i];
        struct destination destinations[DESTINATION_MAX];
        size_t count =
            setting->audit ? destinations_of(setting, destinations) : 0;

        places += count;
        for (size_t j = 0; j < count; j++)
            take(context, subject, setting, &destinations[j]);
    }
    return places;
}

/* ---- retention ---- */

struct keeping {
    struct buf *evidence;
    uint32_t longest;
    bool known;   /* of one place at least */
    bool unknown; /* of a place that could be read */
};

static void put_days(struct keeping *keeping, const struct kv_retention *what)
{
    if (what->days == KV_RETENTION_UNLIMITED)
        buf_puts(keeping->evidence, " keeps them for ever, by ");
    else
        buf_putf(keeping->evidence, " keeps them %u days, by ", what->days);
    evidence_put_text(keeping->evidence, what->by ? what->by : "its settings");
}

static void keeping_take_known(struct keeping *keeping,
    const struct kv_sink *sink, const struct kv_retention *retention)
{
    if (retention->status.state == KV_FACET_READY) {
        put_days(keeping, retention);
        keeping->known = true;
        if (retention->days > keeping->longest)
            keeping->longest = retention->days;
        return;
    }
    keeping->unknown = true;
    buf_puts(keeping->evidence, ": how long it keeps them is not known");
    if (retention->status.why) {
        buf_puts(keeping->evidence,
            retention->status.state == KV_FACET_DENIED ? ", it needs " : ": ");
        evidence_put_text(keeping->evidence, retention->status.why);
    }
    (void)sink;
}

static void keeping_take(void *context, const struct kv_subject *subject,
    const struct kv_diagnostic *setting, const struct destination *place)
{
    struct keeping *keeping = context;
    enum sink_answer answer = sink_look_up(subject->estate, place);
    const struct kv_sink *sink = sink_of(subject->estate, place->id);
    bool shared = place->kind == KV_SINK_WORKSPACE && !setting->dedicated;

    sink_put(keeping->evidence, place, answer);
    if (answer == SINK_UNKNOWN) {
        keeping->unknown = true;
        sink_put_missing(keeping->evidence, subject->estate, place);
    } else if (answer == SINK_EXISTS && sink &&
               (place->kind == KV_SINK_WORKSPACE ||
                   place->kind == KV_SINK_STORAGE)) {
        keeping_take_known(
            keeping, sink, shared ? &sink->shared_retention : &sink->retention);
    } else if (answer == SINK_EXISTS) {
        buf_puts(keeping->evidence,
            ": whoever receives from it keeps them as they please");
    }
}

/* The longest counts: that one copy outlives the year is enough. Of an event
 * hub alone nobody can tell. */
enum kv_verdict logging_retention(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct keeping keeping = { .evidence = evidence };
    uint32_t wanted = subject->policy->log_retention_days;
    size_t places = each_place(subject, keeping_take, &keeping);
    bool passed_on = false;

    if (places == 0) {
        buf_puts(evidence, "no audit log is sent anywhere, so none is kept");
        return KV_VERDICT_FAIL;
    }
    if (keeping.known && keeping.longest >= wanted)
        return KV_VERDICT_PASS;
    for (uint32_t i = 0; i < subject->resource->diagnostic_count; i++)
        passed_on |= subject->resource->diagnostics[i].audit &&
                     (subject->resource->diagnostics[i].event_hub_rule_id ||
                         subject->resource->diagnostics[i].partner_id);
    evidence_new_line(evidence);
    buf_putf(evidence, "wanted are %u days", wanted);
    return keeping.unknown || (!keeping.known && passed_on) ? KV_VERDICT_UNKNOWN
                                                            : KV_VERDICT_FAIL;
}

/* ---- readers ---- */

struct reader {
    const char *id;
    const char *role;
    const char *group_id; /* through which it is one; NULL: itself */
    enum kv_principal_type type;
};

struct readers {
    const struct kv_subject *subject;
    struct reader *items;
    size_t count;
    size_t capacity;
    uint32_t places;  /* that could be looked at */
    bool groups;      /* one that is not opened, or may be one */
    bool unknown;     /* a role or a scope above is not known */
    struct buf *gaps; /* why */
};

static void reader_add(struct readers *readers, const struct reader *one)
{
    for (size_t i = 0; i < readers->count; i++)
        if (text_equal_nocase(readers->items[i].id, one->id))
            return;
    readers->items = mem_grow(readers->items, readers->count,
        &readers->capacity, sizeof *readers->items);
    readers->items[readers->count++] = *one;
}

/* A group whose members are known stands for them, else for itself. */
static void readers_take(struct readers *readers,
    const struct kv_estate *estate, const struct kv_assignment *assignment,
    const char *role)
{
    const char *id = assignment->principal_id;
    const struct kv_principal *who = kv_estate_principal(estate, id);
    enum kv_principal_type type = assignment->principal_type;
    bool group = type == KV_PRINCIPAL_GROUP;

    if (!group || !who || !kv_facet_known(&who->members_status)) {
        readers->groups |= group || type == KV_PRINCIPAL_FOREIGN_GROUP ||
                           type == KV_PRINCIPAL_UNKNOWN;
        reader_add(readers, &(struct reader){ id, role, NULL, type });
        return;
    }
    for (uint32_t i = 0; i < who->member_count; i++) {
        const struct kv_principal *member =
            kv_estate_principal(estate, who->members[i]);

        reader_add(readers, &(struct reader){ who->members[i], role, id,
                                member ? member->type : KV_PRINCIPAL_USER });
    }
}

static void readers_take_assignment(struct readers *readers,
    const struct kv_estate *estate, const struct kv_assignment *assignment,
    uint32_t power)
{
    const struct kv_role *role = assignment->role == KV_NONE
                                     ? NULL
                                     : kv_estate_role(estate, assignment->role);

    if (!role)
        readers->unknown = true;
    if (!role || !(role->powers & power))
        return;
    fault_note(readers->subject, &(struct fault){
                                     .kinds = FAULT_SURPLUS,
                                     .assignment = assignment,
                                 });
    readers_take(readers, estate, assignment, role->name);
}

static uint32_t power_of(enum kv_sink_kind kind)
{
    switch (kind) {
    case KV_SINK_WORKSPACE:
        return KV_POWER_READ_WORKSPACE;
    case KV_SINK_STORAGE:
        return KV_POWER_READ_BLOBS;
    case KV_SINK_EVENT_HUB:
        return KV_POWER_READ_EVENTS;
    case KV_SINK_PARTNER:
        break;
    }
    return 0;
}

/* Whoever may read the resource may read its logs in a workspace that goes by
 * the resource. */
static void readers_take_own(
    struct readers *readers, const struct kv_subject *subject)
{
    const struct reach *reach = judged_reach(subject);

    for (size_t i = 0; i < reach->count; i++)
        if (reach->items[i].level != KV_SCOPE_OBJECT)
            readers_take_assignment(readers, subject->estate,
                reach->items[i].assignment, KV_POWER_READ_OWN_LOGS);
}

static void put_gap(struct readers *readers, const char *why)
{
    evidence_new_line(readers->gaps);
    buf_puts(readers->gaps, why);
}

static void readers_take_place(void *context, const struct kv_subject *subject,
    const struct kv_diagnostic *setting, const struct destination *place)
{
    struct readers *readers = context;
    const struct kv_estate *estate = subject->estate;
    const struct kv_subscription *home = subscription_of(estate, place->id);
    const struct kv_sink *sink = sink_of(estate, place->id);
    struct kv_walk walk = { 0 };
    const struct kv_assignment *assignment;

    (void)setting;
    if (sink_look_up(estate, place) == SINK_GONE)
        return;
    readers->places++;
    if (place->kind == KV_SINK_PARTNER || !home ||
        !kv_facet_known(&home->facets[KV_FACET_ASSIGNMENTS])) {
        readers->unknown = true;
        put_gap(readers, place->kind == KV_SINK_PARTNER
                             ? "who reads at a partner is not told"
                             : "role assignments on a destination were not "
                               "read");
        return;
    }
    if (sink)
        while ((assignment = kv_estate_next_row(
                    estate, KV_SET_ASSIGNMENTS, sink->id, &walk)))
            readers_take_assignment(
                readers, estate, assignment, power_of(place->kind));
    else
        readers->unknown = true;
    if (sink && sink->by_resource)
        readers_take_own(readers, subject);
}

static void put_reader(struct buf *evidence, const struct kv_estate *estate,
    const struct reader *reader)
{
    const struct kv_principal *who = kv_estate_principal(estate, reader->id);
    const struct kv_principal *group =
        reader->group_id ? kv_estate_principal(estate, reader->group_id) : NULL;

    evidence_new_line(evidence);
    buf_putf(evidence, "%s ", kv_principal_type_name(reader->type));
    evidence_put_text(evidence, who && who->name ? who->name : reader->id);
    buf_puts(evidence, ": ");
    evidence_put_text(evidence, reader->role);
    if (group) {
        buf_puts(evidence, ", through group ");
        evidence_put_text(
            evidence, group->name ? group->name : reader->group_id);
    }
}

static void put_readers(struct buf *evidence, const struct kv_subject *subject,
    const struct readers *readers)
{
    evidence_put_number(evidence, readers->count, "principal", "principals");
    buf_putf(evidence, " can read the audit logs, allowed are %u",
        subject->policy->max_log_readers);
    for (size_t i = 0; i < readers->count && i < READERS_SHOWN; i++)
        put_reader(evidence, subject->estate, &readers->items[i]);
    if (readers->count > READERS_SHOWN) {
        evidence_new_line(evidence);
        buf_putf(evidence, "and %zu more", readers->count - READERS_SHOWN);
    }
    if (readers->groups) {
        evidence_new_line(evidence);
        buf_puts(evidence, "a group whose members were not read counts as one");
    }
    if (readers->gaps->size > 0) {
        evidence_new_line(evidence);
        buf_put(evidence, buf_view(readers->gaps));
    }
}

enum kv_verdict logging_readers(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct buf gaps = { .limit = 4096 };
    struct readers readers = { .subject = subject, .gaps = &gaps };
    enum kv_verdict verdict = KV_VERDICT_PASS;

    (void)each_place(subject, readers_take_place, &readers);
    if (readers.places == 0) {
        buf_puts(evidence, "no audit log is kept anywhere");
        verdict = KV_VERDICT_NOT_APPLICABLE;
    } else {
        put_readers(evidence, subject, &readers);
        if (readers.count > subject->policy->max_log_readers)
            verdict = KV_VERDICT_FAIL;
        else if (readers.groups || readers.unknown)
            verdict = KV_VERDICT_UNKNOWN;
    }
    mem_free(readers.items);
    buf_done(&gaps);
    return verdict;
}

/* ---- the designated place ---- */

static bool is_designated(
    const struct kv_policy *policy, const struct destination *place)
{
    for (uint32_t i = 0; i < policy->log_sinks.count; i++)
        if (view_equal_nocase(view_of(policy->log_sinks.items[i]), place->id))
            return true;
    return false;
}

struct designated {
    struct buf *evidence;
    bool exists;
    bool unknown;
};

static void designated_take(void *context, const struct kv_subject *subject,
    const struct kv_diagnostic *setting, const struct destination *place)
{
    struct designated *sum = context;
    enum sink_answer answer = sink_look_up(subject->estate, place);
    bool right = is_designated(subject->policy, place);

    (void)setting;
    sink_put(sum->evidence, place, answer);
    buf_puts(sum->evidence, right ? ": designated" : ": not designated");
    sum->exists |= right && answer == SINK_EXISTS;
    sum->unknown |= right && answer == SINK_UNKNOWN;
}

enum kv_verdict logging_designated(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct designated sum = { .evidence = evidence };

    if (subject->policy->log_sinks.count == 0) {
        buf_puts(evidence, "log_sinks names none");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    if (each_place(subject, designated_take, &sum) == 0)
        buf_puts(evidence, "no audit log is sent anywhere");
    if (sum.exists)
        return KV_VERDICT_PASS;
    return sum.unknown ? KV_VERDICT_UNKNOWN : KV_VERDICT_FAIL;
}
