/* Which lists there are, what is chosen for them, and what stands around their
 * rows in JSON. */
#include "lists.h"

#include "node.h"

/* Of the object's form; grows when a member changes its meaning or goes. */
#define LISTS_VERSION 1

static const struct list_row *row_of(enum kv_list list)
{
    static const struct list_row *const rows[KV_LIST_COUNT] = {
        [KV_LIST_VAULTS] = &list_vaults,
        [KV_LIST_HSMS] = &list_hsms,
        [KV_LIST_ASSIGNMENTS] = &list_assignments,
        [KV_LIST_PRINCIPALS] = &list_principals,
        [KV_LIST_NETWORK] = &list_network,
        [KV_LIST_PROTECTION] = &list_protection,
        [KV_LIST_OBJECTS] = &list_objects,
    };

    return rows[list];
}

const char *kv_list_name(enum kv_list list)
{
    return row_of(list)->name;
}

/* ---- what is chosen ---- */

static bool is_chosen(
    const struct kv_subscription *subscription, const struct kv_asked *asked)
{
    return !asked->subscription ||
           text_equal_nocase(subscription->id, asked->subscription) ||
           text_equal_nocase(subscription->name, asked->subscription);
}

uint32_t asked_next(const struct kv_report_input *input,
    const struct kv_asked *asked, uint32_t after)
{
    uint32_t count = kv_estate_resource_count(input->estate);

    if (asked->resource != KV_NONE)
        return after == KV_NONE ? asked->resource : KV_NONE;
    for (uint32_t i = after == KV_NONE ? 0 : after + 1; i < count; i++) {
        const struct kv_resource *row = kv_estate_resource(input->estate, i);

        if (!row->gone &&
            is_chosen(kv_estate_subscription(input->estate, row->subscription),
                asked))
            return i;
    }
    return KV_NONE;
}

/* What is above subscriptions concerns each of them. */
bool asked_covers(const struct kv_report_input *input,
    const struct kv_asked *asked, const char *scope)
{
    static const char head[] = "/subscriptions/";
    struct view rest = view_of(scope);

    if (!asked->subscription || !view_starts_nocase(rest, view_of(head)))
        return true;
    rest.data += sizeof head - 1;
    rest.size -= sizeof head - 1;
    rest = view_cut(&rest, '/');
    for (uint32_t i = 0; i < kv_estate_subscription_count(input->estate); i++) {
        const struct kv_subscription *row =
            kv_estate_subscription(input->estate, i);

        if (view_equal_nocase(rest, view_of(row->id)))
            return is_chosen(row, asked);
    }
    return false;
}

const struct kv_resource *asked_resource(
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    return kv_estate_resource(input->estate, asked->resource);
}

/* ---- what lists share ---- */

const char *list_who(const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *row =
        id ? kv_estate_principal(estate, id) : NULL;

    return row && row->name ? row->name : id;
}

void list_put_subscription(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    const struct kv_subscription *row =
        kv_estate_subscription(input->estate, resource->subscription);

    listing_text(listing, row->name ? row->name : row->id);
}

struct listing list_make(const struct list_row *list,
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    struct listing listing = listing_new(list->columns, list->column_count);

    list->fill(&listing, input, asked);
    listing_sort(&listing, list->sorted_by);
    return listing;
}

/* ---- JSON around them ---- */

void answer_member(struct buf *out, const char *name)
{
    buf_putf(out, ",\n\"%s\": ", name);
}

void answer_text(struct buf *out, const char *name, const char *text)
{
    answer_member(out, name);
    node_put(out, node_text(text && *text ? text : NULL), JSON_COMPACT);
}

void answer_open(struct buf *out, const struct kv_report_input *input)
{
    buf_puts(out, "{\n\"version\": ");
    node_put(out, json_integer(LISTS_VERSION), JSON_COMPACT);
    answer_text(out, "tenant_id", kv_estate_tenant_id(input->estate));
    answer_member(out, "data_at");
    node_put(out, node_time(input->scan->data_at_s), JSON_COMPACT);
}

void answer_close(struct buf *out, const struct kv_asked *asked, bool complete)
{
    struct view rest = buf_view(asked->gaps);
    json_t *gaps = json_array();

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');

        json_array_append_new(gaps, json_stringn(line.data, line.size));
    }
    answer_member(out, "complete");
    node_put(out, json_boolean(complete), JSON_COMPACT);
    answer_member(out, "gaps");
    node_put(out, gaps, JSON_COMPACT);
    buf_puts(out, "\n}\n");
}

/* ---- a list ---- */

bool kv_report_list(struct buf *out, const struct kv_report_input *input,
    enum kv_list list, const struct kv_asked *asked)
{
    const struct list_row *row = row_of(list);
    struct listing listing = list_make(row, input, asked);
    bool complete = gaps_put_unlisted(input, asked);

    complete = gaps_put(input, asked, row->kinds, row->rows_need) && complete;
    (void)gaps_put(input, asked, row->kinds, row->cells_need);
    if (asked->json) {
        answer_open(out, input);
        answer_text(out, "list", row->name);
        answer_member(out, "items");
        listing_put_json(out, &listing);
        answer_close(out, asked, complete);
    } else {
        listing_put_table(out, &listing, input->width_cells);
    }
    listing_done(&listing);
    return complete;
}
