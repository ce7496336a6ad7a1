/* What a log alert rule looks at, from the text of its query: which of the
 * tables that hold vault audit logs, and whether for refused access or for
 * deletions. Kusto is not evaluated; what is looked for are the comparisons
 * that such queries are made of, so that a rule about something else is not
 * taken for one. The columns are those of Azure Monitor's references for
 * AZKVAuditLogs and AzureDiagnostics. */
#include "estate.h"

#include <ctype.h>
#include <string.h>

#define QUERY_BYTES (64u << 10) /* the service takes 10,000 characters */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- the text without what means nothing ---- */

/* Copies a quoted text; what follows it is returned. */
static const char *put_quoted(struct buf *out, const char *at, const char *end)
{
    char quote = *at++;

    buf_putc(out, '"');
    while (at < end && *at != quote) {
        if (*at == '\\' && at + 1 < end)
            at++;
        buf_putc(out, *at == '"' ? '\'' : (char)tolower((unsigned char)*at));
        at++;
    }
    buf_putc(out, '"');
    return at < end ? at + 1 : end;
}

static const char *skip_line(const char *at, const char *end)
{
    while (at < end && *at != '\n')
        at++;
    return at;
}

/* Lower case, without comments and blanks, every quote the same. */
static void query_plain(struct buf *out, struct view query)
{
    const char *at = query.data;
    const char *end = at + query.size;

    while (at < end) {
        if (*at == '"' || *at == '\'') {
            at = put_quoted(out, at, end);
        } else if (*at == '/' && at + 1 < end && at[1] == '/') {
            at = skip_line(at, end);
        } else {
            if (!isspace((unsigned char)*at))
                buf_putc(out, (char)tolower((unsigned char)*at));
            at++;
        }
    }
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool has_any(const char *text, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has(text, parts[i]))
            return true;
    return false;
}

/* ---- refused access ---- */

static bool is_refused(const char *text, const char *number)
{
    bool negated = number - text >= 2 && memcmp(number - 2, "!=", 2) == 0;
    bool longer = (number > text && isalnum((unsigned char)number[-1])) ||
                  isalnum((unsigned char)number[3]);

    return !negated && !longer;
}

/* 401 is left out: it is the first half of every sign-in of a client. */
static bool has_status_403(const char *text)
{
    const char *at = text;

    while ((at = strstr(at, "403"))) {
        if (is_refused(text, at))
            return true;
        at += 3;
    }
    return false;
}

static bool looks_at_failures(const char *text)
{
    static const char *const ranges[] = { ">=300", ">=400", ">=401", ">=403",
        ">299", ">399", ">400", ">401", ">402", "!=200" };
    static const char *const results[] = { "forbidden",
        "resulttype!=\"success\"", "resulttype!~\"success\"",
        "resultsignature==\"unauthorized\"",
        "resultsignature=~\"unauthorized\"" };

    return has_status_403(text) || has_any(text, results, COUNT(results)) ||
           (has(text, "httpstatuscode") &&
               has_any(text, ranges, COUNT(ranges)));
}

/* ---- deletions ---- */

static bool ends_with(struct view text, const char *end)
{
    struct view rest = view_of(end);

    if (text.size < rest.size)
        return false;
    text.data += text.size - rest.size;
    text.size = rest.size;
    return view_equal(text, rest);
}

/* "SecretDelete", "purge"; not ARM's "Microsoft.KeyVault/vaults/delete", which
 * is no operation of the audit log. */
static bool names_deletion(struct view literal)
{
    return (ends_with(literal, "delete") || ends_with(literal, "purge")) &&
           !view_starts_nocase(literal, view_of("microsoft."));
}

static bool is_negated(struct view before)
{
    static const char *const signs[] = { "!=", "!~", "!has", "!contains",
        "!startswith", "!endswith" };

    for (size_t i = 0; i < COUNT(signs); i++)
        if (ends_with(before, signs[i]))
            return true;
    return false;
}

/* One step of the query, between two bars. */
static bool step_names_deletion(struct view step)
{
    bool left_out = false; /* inside the list of a "not in" */

    while (step.size > 0) {
        struct view before = view_cut(&step, '"');
        struct view literal = view_cut(&step, '"');

        if (before.size > 0 && memchr(before.data, ')', before.size))
            left_out = false;
        if (ends_with(before, "!in(") || ends_with(before, "!in~("))
            left_out = true;
        if (!left_out && !is_negated(before) && names_deletion(literal))
            return true;
    }
    return false;
}

static bool looks_at_deletions(const char *text)
{
    struct view rest = view_of(text);

    while (rest.size > 0)
        if (step_names_deletion(view_cut(&rest, '|')))
            return true;
    return false;
}

/* ---- only of some resources ---- */

static bool is_chosen(const char *text)
{
    static const char *const columns[] = { "resourceid", "resource",
        "resourcegroup", "subscriptionid" };
    static const char *const signs[] = { "==", "=~", "has\"", "contains\"",
        "in(", "in~(", "startswith\"", "endswith\"" };

    for (size_t i = 0; i < COUNT(columns); i++)
        for (size_t j = 0; j < COUNT(signs); j++) {
            char part[32];
            size_t length = strlen(columns[i]);

            memcpy(part, columns[i], length);
            memcpy(part + length, signs[j], strlen(signs[j]) + 1);
            if (has(text, part))
                return true;
        }
    return false;
}

static uint32_t tables_of(const char *text)
{
    bool other_service =
        has(text, "resourceprovider") && !has(text, "keyvault");
    uint32_t tables = 0;

    if (has(text, "azkvauditlogs"))
        tables |= KV_QUERY_OWN_TABLE;
    if (has(text, "azurediagnostics") && !other_service)
        tables |= KV_QUERY_SHARED_TABLE;
    return tables;
}

uint32_t log_query_looks_at(struct view query)
{
    struct buf plain = { .limit = QUERY_BYTES };
    uint32_t bits = 0;
    const char *text;

    query_plain(&plain, query);
    text = buf_text(&plain);
    bits = tables_of(text);
    if (looks_at_failures(text))
        bits |= KV_QUERY_FAILURES;
    if (looks_at_deletions(text))
        bits |= KV_QUERY_DELETIONS;
    if (is_chosen(text))
        bits |= KV_QUERY_CHOSEN;
    if (plain.failed ||
        (!(bits & (KV_QUERY_OWN_TABLE | KV_QUERY_SHARED_TABLE)) &&
            has(text, "vault")))
        bits |= KV_QUERY_UNCLEAR;
    buf_done(&plain);
    return bits;
}
