/* Paging of ARM lists, filtered to what the caller may read. */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "faults.h"

void page_add(struct page *page, const struct item *item)
{
    if ((page->count & (page->count + 1)) == 0)
        page->items =
            alloc_grow(page->items, page->count * 2 + 1, sizeof *page->items);
    page->items[page->count++] = item;
}

void page_done(struct page *page)
{
    free(page->items);
    *page = (struct page){ 0 };
}

void answer_forbidden(struct call *call, enum verdict verdict,
    const struct item *deny, const char *action, const char *scope)
{
    const char *id = call_object_id(call);
    const char *upn = json_string_value(
        json_object_get(call->principal, "userPrincipalName"));
    const char *app =
        json_string_value(json_object_get(call->principal, "appId"));
    const char *client = upn ? upn : app ? app : id;
    char *name;

    if (verdict == ACCESS_MISSING) {
        answer_error(call, 403, "AuthorizationFailed",
            "The client '%s' with object id '%s' does not have authorization "
            "to perform action '%s' over scope '%s' or the scope is invalid. "
            "If access was recently granted, please refresh your credentials.",
            client, id, action, *scope ? scope : "/");
        return;
    }
    name = item_copy(deny, "properties.denyAssignmentName");
    answer_error(call, 403, "DenyAssignmentAuthorizationFailed",
        "The client '%s' with object id '%s' has permission to perform action "
        "'%s' on scope '%s'; however, the access is denied because of the "
        "deny assignment with name '%s' and Id '%s' at scope '%.*s'.",
        client, id, action, scope, name, deny->name,
        (int)(strlen(deny->id) -
              strlen("/providers/Microsoft.Authorization"
                     "/denyAssignments/") -
              strlen(deny->name)),
        deny->id);
    free(name);
}

bool page_add_readable(struct page *page, struct call *call, enum kind kind,
    const char *scope, const char *type, const char *action)
{
    struct access *access = call->cloud->access;
    const struct table *table = &call->cloud->estate.tables[kind];
    const char *who = call_object_id(call);
    const struct item *deny = NULL;
    enum verdict verdict = access_check(access, who, scope, action, &deny);
    bool whole;
    char *key;
    struct range range;

    if (verdict != ACCESS_GRANTED &&
        !access_below(access, who, scope, action)) {
        answer_forbidden(call, verdict, deny, action, scope);
        return false;
    }
    key = alloc_format("%s/", scope);
    text_lower(key);
    range = estate_below(&call->cloud->estate, kind, key);
    whole = access_whole(access, who, scope, action);
    free(key);
    for (size_t i = range.first; i < range.last; i++) {
        const struct item *item = table->items[i];

        if (type && strcmp(item->type, type) != 0)
            continue;
        if (whole || access_check(access, who, item->key, action, NULL) ==
                         ACCESS_GRANTED)
            page_add(page, item);
    }
    return true;
}

/* Where the page starts, and whether it is the empty one before that. */
static size_t page_start(struct call *call, bool *empty)
{
    const char *token = call_query(call, "$skiptoken");

    *empty = token && *token == 'e';
    if (!token)
        return 0;
    return (size_t)strtoul(token + *empty, NULL, 36);
}

static void put_base36(struct buffer *out, size_t number)
{
    char digits[16];
    size_t count = 0;

    do {
        digits[count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
        number /= 36;
    } while (number > 0);
    while (count > 0)
        buffer_putc(out, digits[--count]);
}

static void page_link(struct call *call, struct buffer *out, const char *name,
    size_t next, bool empty)
{
    const struct effect *foreign = &call->effects[FAULT_FOREIGN_NEXTLINK];
    const char *origin = foreign->on ? foreign->text : call->origin;

    if (call->effects[FAULT_LOOP_NEXTLINK].on) {
        const char *token = call_query(call, "$skiptoken");

        empty = token && *token == 'e';
        next = token ? (size_t)strtoul(token + empty, NULL, 36) : 0;
    }
    buffer_putf(out, ",\"%s\":\"%s%s&%%24skiptoken=%s", name, origin,
        call->link, empty ? "e" : "");
    put_base36(out, next);
    buffer_putc(out, '"');
}

static size_t page_size(const struct page *page, struct call *call)
{
    const char *top = call_query(call, "$top");
    long wanted = top ? strtol(top, NULL, 10) : 0;

    if (page->style == PAGE_WHOLE)
        return page->count ? page->count : 1;
    return wanted > 0 ? (size_t)wanted : call->cloud->page_size;
}

void page_answer(struct page *page, struct call *call)
{
    const char *name = page->style == PAGE_GROUPS ? "@nextLink" : "nextLink";
    struct buffer *out = &call->answer;
    bool empty;
    size_t start = page_start(call, &empty);
    size_t end = start + (empty ? 0 : page_size(page, call));
    bool first = start == 0;

    if (end > page->count)
        end = page->count;
    answer_empty(call, 200);
    buffer_puts(out, "{\"value\":[");
    for (size_t i = start; i < end && !empty; i++) {
        if (i > start)
            buffer_putc(out, ',');
        if (page->render)
            page->render(call, page->items[i], out);
        else
            buffer_put(
                out, page->items[i]->text.at, page->items[i]->text.length);
    }
    buffer_putc(out, ']');
    if (empty)
        end = start;
    if (page->style == PAGE_VAULTS && first && page->count > 0)
        page_link(call, out, name, end, true);
    else if (end < page->count || call->effects[FAULT_LOOP_NEXTLINK].on ||
             call->effects[FAULT_FOREIGN_NEXTLINK].on)
        page_link(call, out, name, end, false);
    else if (page->style == PAGE_GROUPS)
        buffer_puts(out, ",\"@nextLink\":null");
    buffer_putc(out, '}');
    page_done(page);
}
