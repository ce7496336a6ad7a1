/* What a person must know before the network of a resource changes: who is cut
 * off, whether they keep a way themselves, and how grave that is. */
#include "network_side.h"

#include <string.h>

#define CALLERS_SHOWN 8 /* named one by one before the rest is counted */
#define NAME_LIMIT 512
#define TEXT_LIMIT 8192

/* ---- asking ---- */

/* "conn_type=Ipv4;addr=203.0.113.7;act_addr_fam=InterNetwork;" */
static void take_own(struct network_facts *out, const char *info)
{
    static const char digits[] = "0123456789.:abcdefABCDEF";
    struct view rest = view_of(info);

    while (rest.size > 0) {
        struct view value = view_cut(&rest, ';');
        struct view name = view_cut(&value, '=');

        if (!view_equal_nocase(view_trim(name), view_of("addr")) ||
            value.size == 0 || value.size >= sizeof out->own)
            continue;
        memcpy(out->own, value.data, value.size);
        out->own[value.size] = '\0';
        if (strspn(out->own, digits) != value.size)
            out->own[0] = '\0';
    }
}

/* One key's name is asked for: the vault says with any answer, a refusal too,
 * which address it sees. */
static bool ask_own(struct draft *draft, const struct plan_input *input,
    struct network_facts *out)
{
    struct view host = view_of(input->resource->uri);
    const struct live_answer *answer;

    out->own_why = "its own address was not read";
    if (host.size == 0)
        return true;
    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    answer = draft_read(draft, "%.*s/keys?maxresults=1&api-version=7.6",
        (int)host.size, host.data);
    if (!answer)
        return false;
    out->own_why = answer->why ? answer->why : "it did not say";
    out->came_in = answer->status == KV_OK;
    take_own(out, answer->network_info ? answer->network_info : "");
    return true;
}

bool network_ask(struct draft *draft, const struct plan_input *input,
    struct network_facts *out)
{
    bool looked = draft_look(draft, KV_FACET_BIT(KV_FACET_USAGE));

    *out = (struct network_facts){
        .log = kv_estate_facet(input->estate, input->resource, KV_FACET_USAGE),
    };
    return ask_own(draft, input, out) && looked;
}

/* ---- callers ---- */

struct called {
    const struct kv_caller *row;
    enum fate fate;
    uint64_t calls;
};

struct callers {
    struct called *items;
    size_t count;
    size_t capacity;
    size_t fates[FATE_REFUSED + 1];
    uint64_t lost_calls;
};

static bool same_caller(const struct kv_caller *a, const struct kv_caller *b)
{
    return text_equal_nocase(a->address, b->address) &&
           text_equal_nocase(a->identity, b->identity);
}

/* One that speaks two versions of TLS has two rows. */
static void callers_add(
    struct callers *callers, const struct kv_caller *row, enum fate fate)
{
    for (size_t i = 0; i < callers->count; i++) {
        struct called *one = &callers->items[i];

        if (!same_caller(one->row, row))
            continue;
        one->calls += row->calls;
        if (one->fate == FATE_REFUSED)
            one->fate = fate;
        return;
    }
    callers->items = mem_grow(callers->items, callers->count,
        &callers->capacity, sizeof *callers->items);
    callers->items[callers->count++] =
        (struct called){ .row = row, .fate = fate, .calls = row->calls };
}

static void callers_count(struct callers *callers)
{
    for (size_t i = 0; i < callers->count; i++) {
        const struct called *one = &callers->items[i];

        callers->fates[one->fate]++;
        if (one->fate == FATE_LOST)
            callers->lost_calls += one->calls;
    }
}

static struct callers callers_of(const struct plan_input *input,
    const struct way_in *before, const struct way_in *after)
{
    struct callers callers = { 0 };
    struct kv_walk walk = { 0 };
    const struct kv_caller *row;

    while ((row = kv_estate_next_at(input->estate, KV_SET_CALLERS,
                input->resource->id, &walk)))
        callers_add(&callers, row, caller_fate(row, before, after));
    callers_count(&callers);
    return callers;
}

/* The most frequent of one fate that comes after `last` in that order. */
static const struct called *next_called(
    const struct callers *callers, enum fate fate, const struct called *last)
{
    const struct called *best = NULL;

    for (size_t i = 0; i < callers->count; i++) {
        const struct called *one = &callers->items[i];
        bool behind = !last || one->calls < last->calls ||
                      (one->calls == last->calls && one > last);

        if (one->fate == fate && behind && (!best || one->calls > best->calls))
            best = one;
    }
    return best;
}

static void put_caller(
    struct buf *out, const struct plan_input *input, const struct called *one)
{
    const char *id = one->row->identity;
    const struct kv_principal *who =
        id ? kv_estate_principal(input->estate, id) : NULL;

    buf_puts(out, one->row->address ? one->row->address : "address not logged");
    buf_puts(out, ", ");
    if (who && who->name)
        buf_puts(out, who->name);
    else
        buf_puts(out, id ? id : "identity not logged");
    buf_putf(out, ", ");
    buf_put_count(out, one->calls);
    buf_puts(out, one->calls == 1 ? " call" : " calls");
}

static void check_each(struct draft *draft, const struct plan_input *input,
    const struct callers *callers, enum fate fate)
{
    bool lost = fate == FATE_LOST;
    enum kv_check_state state = lost ? KV_CHECK_WARN : KV_CHECK_UNKNOWN;
    const struct called *one = NULL;
    size_t shown = 0;

    while (shown < CALLERS_SHOWN &&
           (one = next_called(callers, fate, one)) != NULL) {
        struct buf text = { .limit = NAME_LIMIT };

        put_caller(&text, input, one);
        preview_check(&draft->preview, state, "%s: %s", buf_text(&text),
            lost ? "loses access"
                 : "UNKNOWN whether it keeps access, since the log does not "
                   "tell by which way it came");
        buf_done(&text);
        shown++;
    }
    if (callers->fates[fate] > shown)
        preview_check(&draft->preview, state, "and %zu more %s",
            callers->fates[fate] - shown,
            lost ? "that lose access" : "of which that is UNKNOWN");
}

/* ---- in words ---- */

static const char *unknown_why(const struct kv_facet_status *log)
{
    if (log->state == KV_FACET_ABSENT || log->state == KV_FACET_LOADING)
        return "no audit log was read";
    return log->why ? log->why : "its audit log could not be read";
}

static void check_unknown(
    struct draft *draft, const struct kv_facet_status *log)
{
    preview_check(&draft->preview, KV_CHECK_UNKNOWN,
        "recent callers are UNKNOWN: %s%s; an audit log in a workspace that "
        "you may query would tell (diagnostics-on)",
        log->state == KV_FACET_DENIED ? "it needs " : "", unknown_why(log));
}

static void put_callers(struct buf *out, const struct callers *callers)
{
    const size_t *fates = callers->fates;

    if (callers->count == 0) {
        buf_puts(out, "The audit log shows no call in the last 30 days.");
        return;
    }
    buf_putf(out,
        "Of %zu callers in the audit log of the last 30 days %zu lose access "
        "(",
        callers->count, fates[FATE_LOST]);
    buf_put_count(out, callers->lost_calls);
    buf_putf(out, " calls) and %zu keep it", fates[FATE_STAYS]);
    if (fates[FATE_UNSURE] > 0)
        buf_putf(out, "; of %zu that is UNKNOWN", fates[FATE_UNSURE]);
    if (fates[FATE_REFUSED] > 0)
        buf_putf(out, "; %zu were refused before, too", fates[FATE_REFUSED]);
    buf_putc(out, '.');
}

/* ---- this machine ---- */

static enum fate own_fate(const struct network_facts *facts,
    const struct way_in *before, const struct way_in *after)
{
    const struct kv_caller caller = { .address = facts->own, .calls = 1 };
    enum fate fate = caller_fate(&caller, before, after);

    /* It came in where no rule let it in: by a private endpoint then. */
    if (fate != FATE_STAYS && facts->came_in && !before->open &&
        !way_in_has_address(before, facts->own) && after->endpoints > 0)
        fate = FATE_STAYS;
    return fate;
}

static void check_operator(struct draft *draft,
    const struct network_facts *facts, const struct way_in *before,
    const struct way_in *after)
{
    struct preview *preview = &draft->preview;

    preview_check(preview, KV_CHECK_OK,
        "kvgov works through Azure Resource Manager, which no network rule "
        "stops: it keeps seeing the resource and can undo this");
    if (!facts->own[0])
        preview_check(preview, KV_CHECK_UNKNOWN,
            "your own access to the data from this machine is UNKNOWN: the "
            "address that the resource sees is not known (%s)",
            facts->own_why);
    else if (own_fate(facts, before, after) == FATE_STAYS)
        preview_check(preview, KV_CHECK_OK,
            "this machine, which it sees at %s, keeps its way to the data",
            facts->own);
    else
        preview_check(preview, KV_CHECK_WARN,
            "this machine, which it sees at %s, does not reach the data "
            "afterwards: keys, secrets and certificates can be read from "
            "elsewhere only",
            facts->own);
}

/* ---- grades ---- */

static bool is_production(const struct plan_input *input)
{
    static const char *const words[] = { "prod", "production", "prd", "live" };
    const struct kv_resource *resource = input->resource;

    for (uint32_t i = 0; i < resource->tag_count; i++) {
        if (!kv_texts_have(
                &input->policy->environment_tags, resource->tags[i].name))
            continue;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (text_equal_nocase(resource->tags[i].value, words[w]))
                return true;
    }
    return false;
}

const char *target_is_grave(const struct plan_input *input)
{
    if (input->resource->kind == KV_KIND_HSM)
        return "it is an HSM";
    return is_production(input) ? "it is production by its tags" : NULL;
}

static bool nobody_left(const struct way_in *after)
{
    return !after->open && !after->unsure && !after->trusted &&
           after->endpoints + (after->rules ? after->subnets : 0) == 0 &&
           (!after->rules || json_array_size(after->addresses) == 0);
}

static void raise_grade(struct draft *draft, const struct plan_input *input,
    const struct callers *callers, const struct way_in *after)
{
    const char *grave = target_is_grave(input);

    if (nobody_left(after))
        draft_raise(draft, KV_GRADE_ONE_WAY, "no way to the data remains");
    else if (callers && callers->fates[FATE_LOST] > 0 && grave)
        draft_raise(draft, KV_GRADE_ONE_WAY, "%s, and %zu callers lose access",
            grave, callers->fates[FATE_LOST]);
}

/* ---- all of it ---- */

static void check_left(struct draft *draft, const struct way_in *after)
{
    if (after->open || after->unsure || after->endpoints > 0 ||
        (after->rules &&
            (json_array_size(after->addresses) > 0 || after->subnets > 0)))
        return;
    preview_check(&draft->preview, KV_CHECK_WARN,
        "no rule that counts and no approved private endpoint: %s reaches the "
        "data afterwards",
        after->trusted ? "nobody but trusted Azure services" : "nobody");
}

static void check_callers(struct draft *draft, const struct plan_input *input,
    const struct callers *callers)
{
    check_each(draft, input, callers, FATE_LOST);
    check_each(draft, input, callers, FATE_UNSURE);
    if (callers->fates[FATE_LOST] + callers->fates[FATE_UNSURE] == 0)
        preview_check(&draft->preview, KV_CHECK_OK,
            "no caller of the last 30 days loses access");
}

void network_tell(struct draft *draft, const struct plan_input *input,
    const struct network_facts *facts, const struct way_in *before,
    const struct way_in *after, const char *words)
{
    bool known = kv_facet_known(&facts->log);
    struct callers callers = { 0 };
    struct buf impact = { .limit = TEXT_LIMIT };

    buf_putf(&impact, "%s ", words);
    check_left(draft, after);
    if (known) {
        callers = callers_of(input, before, after);
        check_callers(draft, input, &callers);
        put_callers(&impact, &callers);
    } else {
        check_unknown(draft, &facts->log);
        buf_putf(&impact, "Who called recently is UNKNOWN: %s.",
            unknown_why(&facts->log));
    }
    check_operator(draft, facts, before, after);
    raise_grade(draft, input, known ? &callers : NULL, after);
    draft->preview.impact =
        preview_text(&draft->preview, "%s", buf_text(&impact));
    buf_done(&impact);
    mem_free(callers.items);
}
