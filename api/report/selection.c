/* What a report is about: rows, resources and subscriptions by what somebody
 * asked for. */
#include "kvgov/report.h"

#include "base.h"

#include <string.h>

#define WHY_LIMIT (64u << 10)

struct kv_selection {
    /* Left out; by index. */
    bool *rows;
    bool *resources;
    bool *subscriptions;
    uint32_t row_count; /* left out */
    uint32_t resource_count;
    uint32_t subscription_count;
    uint32_t unsure; /* kept: nobody knows which groups are above */
    struct buf why;
};

/* ---- rows ---- */

static enum kv_status check_rows(
    const struct kv_texts *rows, const char *option, struct kv_error *err)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        bool found = false;

        for (size_t row = 0; row < kv_catalogue_count && !found; row++)
            found = kv_pattern_matches(rows->items[i], kv_catalogue[row].id);
        if (!found)
            return kv_error_set(err, KV_BAD_INPUT,
                "%s: there is no recommendation %s; kvgov catalogue lists them",
                option, rows->items[i]);
    }
    return KV_OK;
}

static bool wants_row(const struct kv_selection_wish *wish, const char *id)
{
    return (wish->only.count == 0 || kv_texts_match(&wish->only, id)) &&
           !kv_texts_match(&wish->except, id);
}

enum kv_status kv_selection_check(
    const struct kv_selection_wish *wish, struct kv_error *err)
{
    enum kv_status status = check_rows(&wish->only, "--only", err);

    if (status == KV_OK)
        status = check_rows(&wish->except, "--except", err);
    for (size_t row = 0; row < kv_catalogue_count && status == KV_OK; row++)
        if (wants_row(wish, kv_catalogue[row].id))
            return KV_OK;
    return status == KV_OK
               ? kv_error_set(err, KV_BAD_INPUT,
                     "--only and --except leave no recommendation at all; give "
                     "fewer of them")
               : status;
}

static void choose_rows(
    struct kv_selection *selection, const struct kv_selection_wish *wish)
{
    for (size_t row = 0; row < kv_catalogue_count; row++) {
        selection->rows[row] = !wants_row(wish, kv_catalogue[row].id);
        selection->row_count += selection->rows[row];
    }
}

/* ---- subscriptions ---- */

static bool is_named(const struct kv_subscription *row, const char *wanted)
{
    return text_equal_nocase(row->id, wanted) ||
           text_equal_nocase(row->name, wanted);
}

static bool is_below(const struct kv_subscription *row, const char *group)
{
    for (uint32_t i = 0; i < row->group_count; i++)
        if (text_equal_nocase(row->groups[i], group))
            return true;
    return false;
}

static enum kv_status choose_subscriptions(struct kv_selection *selection,
    const struct kv_selection_wish *wish, const struct kv_estate *estate,
    struct kv_error *err)
{
    uint32_t count = kv_estate_subscription_count(estate);
    bool named = !wish->subscription;
    bool below = !wish->management_group;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_subscription *row = kv_estate_subscription(estate, i);
        bool fits = !wish->subscription || is_named(row, wish->subscription);
        bool unsure = wish->management_group && !row->groups;

        named = named || fits;
        if (fits && wish->management_group) {
            fits = unsure || is_below(row, wish->management_group);
            below = below || (fits && !unsure);
            selection->unsure += unsure;
        }
        selection->subscriptions[i] = !fits;
    }
    if (!named)
        return kv_error_set(err, KV_NOT_FOUND,
            "no subscription that was read is called %s; check --subscription",
            wish->subscription);
    return below ? KV_OK
                 : kv_error_set(err, KV_NOT_FOUND,
                       "no subscription that was read is below a management "
                       "group called %s; check --management-group, which takes "
                       "the name in its id",
                       wish->management_group);
}

/* ---- resources ---- */

static bool is_called(const struct kv_resource *row, const char *wanted)
{
    return !row->gone && (text_equal_nocase(row->name, wanted) ||
                             text_equal_nocase(row->id, wanted));
}

static enum kv_status check_resources(const struct kv_selection_wish *wish,
    const struct kv_estate *estate, struct kv_error *err)
{
    for (uint32_t i = 0; i < wish->resources.count; i++) {
        const char *wanted = wish->resources.items[i];
        bool found = false;

        for (uint32_t at = 0; at < kv_estate_resource_count(estate) && !found;
             at++)
            found = is_called(kv_estate_resource(estate, at), wanted);
        if (!found)
            return kv_error_set(err, KV_NOT_FOUND,
                "no vault or HSM that was read is called %s; give --resource "
                "its name or ARM id",
                wanted);
    }
    return KV_OK;
}

static bool wants_resource(
    const struct kv_selection_wish *wish, const struct kv_resource *row)
{
    for (uint32_t i = 0; i < wish->resources.count; i++)
        if (is_called(row, wish->resources.items[i]))
            return true;
    return wish->resources.count == 0;
}

static void choose_resources(struct kv_selection *selection,
    const struct kv_selection_wish *wish, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_subscription_count(estate);
    bool *holds = mem_alloc(count + 1);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);
        bool part = !selection->subscriptions[row->subscription] &&
                    wants_resource(wish, row);

        selection->resources[i] = !part;
        selection->resource_count += !part && !row->gone;
        holds[row->subscription] |= part;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (wish->resources.count > 0 && !holds[i])
            selection->subscriptions[i] = true;
        selection->subscription_count += selection->subscriptions[i];
    }
    mem_free(holds);
}

/* ---- why ---- */

static void put_option(struct buf *out, const char *option, const char *value)
{
    if (value)
        buf_putf(out, "%s%s %s", out->size > 0 ? " " : "", option, value);
}

static void put_options(
    struct buf *out, const char *option, const struct kv_texts *values)
{
    if (values->count > 0)
        put_option(out, option, values->items[0]);
    for (uint32_t i = 1; i < values->count; i++)
        buf_putf(out, ",%s", values->items[i]);
}

static void put_why(struct buf *out, const struct kv_selection_wish *wish)
{
    put_options(out, "--only", &wish->only);
    put_options(out, "--except", &wish->except);
    put_options(out, "--resource", &wish->resources);
    put_option(out, "--subscription", wish->subscription);
    put_option(out, "--management-group", wish->management_group);
}

/* ---- the whole ---- */

enum kv_status kv_selection_new(struct kv_selection **out,
    const struct kv_selection_wish *wish, const struct kv_estate *estate,
    struct kv_error *err)
{
    struct kv_selection *selection = mem_alloc(sizeof *selection);
    enum kv_status status = kv_selection_check(wish, err);

    selection->why.limit = WHY_LIMIT;
    selection->rows = mem_alloc(kv_catalogue_count);
    selection->resources = mem_alloc(kv_estate_resource_count(estate) + 1);
    selection->subscriptions =
        mem_alloc(kv_estate_subscription_count(estate) + 1);
    if (status == KV_OK)
        status = choose_subscriptions(selection, wish, estate, err);
    if (status == KV_OK)
        status = check_resources(wish, estate, err);
    if (status != KV_OK) {
        kv_selection_free(selection);
        return status;
    }
    choose_rows(selection, wish);
    choose_resources(selection, wish, estate);
    put_why(&selection->why, wish);
    *out = selection;
    return KV_OK;
}

void kv_selection_free(struct kv_selection *selection)
{
    if (!selection)
        return;
    mem_free(selection->rows);
    mem_free(selection->resources);
    mem_free(selection->subscriptions);
    buf_done(&selection->why);
    mem_free(selection);
}

bool kv_selection_has_row(const struct kv_selection *selection, uint32_t row)
{
    return !selection || !selection->rows[row];
}

bool kv_selection_has_resource(
    const struct kv_selection *selection, uint32_t resource)
{
    return !selection || !selection->resources[resource];
}

bool kv_selection_has_subscription(
    const struct kv_selection *selection, uint32_t subscription)
{
    return !selection || !selection->subscriptions[subscription];
}

static void put_count(
    struct buf *out, const char **between, uint32_t count, const char *what)
{
    if (count == 0)
        return;
    buf_puts(out, *between);
    buf_put_count(out, count);
    buf_putf(out, " %s%s", what, count == 1 ? "" : "s");
    *between = ", ";
}

void kv_selection_put(const struct kv_selection *selection, struct buf *out)
{
    const char *between = "";

    if (!selection)
        return;
    put_count(out, &between, selection->row_count, "recommendation");
    put_count(out, &between, selection->resource_count, "resource");
    put_count(out, &between, selection->subscription_count, "subscription");
    if (!*between)
        buf_puts(out, "nothing");
    buf_putf(out, " (%s)", buf_text(&selection->why));
    if (selection->unsure > 0)
        buf_putf(out, "; kept: %u whose management groups are not known",
            selection->unsure);
}
