/* Who can do something to one vault or HSM, and through what. */
#include "lists.h"

#include "node.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct listing_column columns[] = {
    { "WHO", "principal_name" },
    { "TYPE", "principal_type" },
    { "CAN", "can" },
    { "THROUGH", "group_name" },
    { "RIGHT", "right" },
    { "LEVEL", "level" },
    { "UNTIL", "ends_at" },
    { "CONDITION", "condition" },
    { "ACTIONS", "actions" },
    { "PRINCIPAL-ID", "principal_id" },
    { "GROUP-ID", "group_id" },
    { "SCOPE", "scope" },
};

struct answering {
    struct listing *listing;
    const struct kv_estate *estate;
    enum kv_kind kind;
};

/* A group that stands for itself is somebody, and nobody knows who. */
static const char *type_word(const struct kv_chain *chain)
{
    switch (chain->type) {
    case KV_PRINCIPAL_GROUP:
        return "group, members not known";
    case KV_PRINCIPAL_FOREIGN_GROUP:
        return "foreign group, members not known";
    case KV_PRINCIPAL_UNKNOWN:
    case KV_PRINCIPAL_USER:
    case KV_PRINCIPAL_SERVICE:
    case KV_PRINCIPAL_DEVICE:
        break;
    }
    return kv_principal_type_name(chain->type);
}

static void put_right(struct listing *listing, const struct kv_chain *chain)
{
    struct buf text = { .limit = 4096 };

    if (chain->policy)
        buf_puts(&text, "access policy");
    else
        buf_puts(&text, chain->role ? chain->role : "a role without a name");
    if (chain->local)
        buf_puts(&text, " of the HSM");
    if (chain->activated)
        buf_puts(&text, ", activated");
    if (chain->denied_by)
        buf_putf(&text, "; taken away by %s", chain->denied_by);
    listing_text(listing, buf_text(&text));
    buf_done(&text);
}

static void put_condition(struct listing *listing, const struct kv_chain *chain)
{
    struct buf text = { .limit = 65536 };

    if (chain->application_id)
        buf_putf(&text, "only with application %s", chain->application_id);
    else if (chain->condition)
        buf_puts(&text, chain->condition);
    listing_text(listing, buf_text(&text));
    buf_done(&text);
}

static void put_actions(
    struct listing *listing, const struct kv_chain *chain, enum kv_kind kind)
{
    struct buf text = { .limit = 65536 };
    struct kv_askable row;

    for (size_t i = 0; kv_askable(kind, i, &row); i++) {
        struct view words = view_of(row.words);

        if (!(row.question.actions & chain->actions.actions) &&
            !(row.question.local & chain->actions.local))
            continue;
        if (text.size > 0)
            buf_putc(&text, ' ');
        buf_put(&text, view_cut(&words, ' '));
    }
    listing_text(listing, buf_text(&text));
    buf_done(&text);
}

static void take_chain(void *context, const struct kv_chain *chain)
{
    struct answering *answering = context;
    struct listing *listing = answering->listing;

    listing_text(listing, list_who(answering->estate, chain->principal_id));
    listing_text(listing, type_word(chain));
    listing_text(listing, kv_can_name(chain->can));
    listing_text(listing, list_who(answering->estate, chain->group_id));
    put_right(listing, chain);
    listing_text(listing, kv_scope_level_name(chain->level));
    listing_time(listing, chain->ends_at_s);
    put_condition(listing, chain);
    put_actions(listing, chain, answering->kind);
    listing_text(listing, chain->principal_id);
    listing_text(listing, chain->group_id);
    listing_text(listing, chain->scope);
}

/* Whether all facets were read that it is made of, and what lies above. */
static bool put_gaps(const struct kv_report_input *input,
    const struct kv_asked *asked, const struct kv_question *question)
{
    const struct kv_resource *resource = asked_resource(input, asked);
    bool complete =
        gaps_put(input, asked, LIST_BOTH, kv_who_can_needs(resource, question));
    bool above =
        kv_estate_subscription(input->estate, resource->subscription)->groups;

    if (!above)
        buf_puts(asked->gaps, "the management groups above were not read, nor "
                              "what is assigned there: it needs the role "
                              "Management Group Reader\n");
    return complete && above;
}

/* No gap, but whoever asks should know it. */
static void put_takers(const struct kv_report_input *input,
    const struct kv_asked *asked, uint32_t takers)
{
    if (takers == 0 || asked->json)
        return;
    buf_put_count(asked->gaps, takers);
    buf_puts(asked->gaps,
        takers == 1 ? " more principal may give itself a right to it: kvgov "
                      "who-can assign-roles, or write-vault, "
                    : " more principals may give themselves a right to it: "
                      "kvgov who-can assign-roles, or write-vault, ");
    buf_puts(asked->gaps, asked_resource(input, asked)->name);
    buf_putc(asked->gaps, '\n');
}

bool kv_report_who_can(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked, const char *text,
    const struct kv_question *question)
{
    const struct kv_resource *resource = asked_resource(input, asked);
    struct listing listing = listing_new(columns, LENGTH(columns));
    struct answering answering = { &listing, input->estate, resource->kind };
    bool complete = put_gaps(input, asked, question);
    uint32_t takers = kv_who_can_take(input->estate, resource, question);

    kv_who_can(input->estate, resource, question, take_chain, &answering);
    listing_sort(&listing, LENGTH(columns));
    put_takers(input, asked, takers);
    if (asked->json) {
        answer_open(out, input);
        answer_text(out, "action", text);
        answer_text(out, "resource", resource->id);
        answer_member(out, "items");
        listing_put_json(out, &listing);
        answer_member(out, "may_give_themselves");
        node_put(out, json_integer(takers), JSON_COMPACT);
        answer_close(out, asked, complete);
    } else {
        listing_put_table(out, &listing, input->width_cells);
    }
    listing_done(&listing);
    return complete;
}

/* ---- what can be asked ---- */

static const struct listing_column askable_columns[] = {
    { "ON", "kind" },
    { "WORDS", "words" },
    { "ACTION", "action" },
};

static void put_askable(struct listing *listing, enum kv_kind kind)
{
    struct kv_askable row;

    for (size_t i = 0; kv_askable(kind, i, &row); i++) {
        listing_text(listing, kv_kind_name(kind));
        listing_text(listing, row.words);
        listing_text(listing, row.name);
    }
}

void kv_report_askable(struct buf *out, uint32_t width_cells, bool json)
{
    struct listing listing =
        listing_new(askable_columns, LENGTH(askable_columns));

    put_askable(&listing, KV_KIND_VAULT);
    put_askable(&listing, KV_KIND_HSM);
    if (json) {
        listing_put_json(out, &listing);
        buf_putc(out, '\n');
    } else {
        listing_put_table(out, &listing, width_cells);
    }
    listing_done(&listing);
}
