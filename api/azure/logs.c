/* The audit log in a Log Analytics workspace: who called a vault in the last 30
 * days, and when its objects were last backed up, restored or deleted. Columns
 * are found by name, since their order is the service's. */
#include "logs.h"

#include <stdlib.h>
#include <string.h>

/* A query answers that many rows at most; a vault with more callers than that
 * is known to have many. */
#define ROWS_MAX 1000

/* Ids come from ARM, but end up in a query: nothing that ends a text passes. */
static void put_resource(struct buf *out, const struct azure_ask *ask)
{
    const char *id = ask->id_count > 0 ? ask->ids[0] : "";

    for (; *id; id++)
        if (*id != '\'' && *id != '"' && *id != '\\' && *id >= ' ')
            buf_putc(out, *id);
}

static void put_query(
    struct buf *out, const struct azure_ask *ask, const char *rest)
{
    buf_puts(out, "{\"query\":\"AZKVAuditLogs | where _ResourceId =~ '");
    put_resource(out, ask);
    buf_putf(out, "' | %s | take %d\"}", rest, ROWS_MAX);
}

void callers_body(struct buf *out, const struct azure_ask *ask)
{
    put_query(out, ask,
        "where TimeGenerated > ago(30d) | summarize Calls = count(), Last = "
        "max(TimeGenerated) by Identity = tostring(Identity), "
        "CallerIpAddress, TlsVersion, HttpStatusCode");
}

/* What changes or takes away, and what was refused, is in the answer by name;
 * a backup is looked for as far back as the workspace keeps it. */
void operations_body(struct buf *out, const struct azure_ask *ask)
{
    put_query(out, ask,
        "where HttpStatusCode < 300 | where OperationName in ("
        "'SecretBackup', 'KeyBackup', 'CertificateBackup', 'SecretRestore', "
        "'KeyRestore', 'CertificateRestore', 'SecretDelete', 'KeyDelete', "
        "'CertificateDelete', 'SecretPurge', 'KeyPurge', 'CertificatePurge', "
        "'BackupStart', 'FullBackup', 'RestoreStart', 'FullRestore', "
        "'SelectiveRestore') | summarize Calls = count(), Last = "
        "max(TimeGenerated) by OperationName, Id");
}

/* ---- tables ---- */

struct table {
    const json_t *columns;
    const json_t *rows;
    size_t row;
};

static bool table_open(struct table *table, const json_t *body)
{
    const json_t *first = json_array_get(field_array(body, "tables"), 0);

    *table = (struct table){
        .columns = field_array(first, "columns"),
        .rows = field_array(first, "rows"),
    };
    return table->columns && table->rows;
}

static const json_t *table_cell(const struct table *table, const char *name)
{
    const json_t *row = json_array_get(table->rows, table->row);

    for (size_t i = 0; i < json_array_size(table->columns); i++)
        if (view_equal_nocase(
                field_text(json_array_get(table->columns, i), "name"),
                view_of(name)))
            return json_array_get(row, i);
    return NULL;
}

/* "" is what the service writes where it has nothing to say. */
static const char *table_keep(
    struct kv_estate *estate, const struct table *table, const char *name)
{
    const char *text = json_string_value(table_cell(table, name));

    return text && *text ? estate_text(estate, view_of(text)) : NULL;
}

static uint64_t table_count(const struct table *table, const char *name)
{
    const json_t *cell = table_cell(table, name);
    json_int_t number = json_integer_value(cell);

    return number > 0 ? (uint64_t)number : 0;
}

/* Column types are the service's: a code may come as a number or as text. */
static long table_code(const struct table *table, const char *name)
{
    const json_t *cell = table_cell(table, name);

    if (json_is_string(cell))
        return strtol(json_string_value(cell), NULL, 10);
    return (long)json_integer_value(cell);
}

static int64_t table_time(const struct table *table, const char *name)
{
    return time_parse(view_of(json_string_value(table_cell(table, name))));
}

/* ---- callers ---- */

/* The claims of the token, as JSON in a text: the object id of who called,
 * else that of the application. */
static const char *identity_keep(
    struct kv_estate *estate, const struct table *table)
{
    static const char *const claims[] = { "claim.oid", "claim.appid" };
    const json_t *cell = table_cell(table, "Identity");
    const char *text = json_string_value(cell);
    json_t *parsed =
        text ? json_loads(text, 0, NULL) : json_incref((json_t *)cell);
    const char *kept = NULL;

    for (size_t i = 0; !kept && i < 2; i++)
        kept = field_keep(estate, parsed, claims[i]);
    json_decref(parsed);
    return kept;
}

static const char *caller_id(
    struct kv_estate *estate, const char *subject, const struct kv_caller *row)
{
    struct buf id = { .limit = 8192 };
    const char *kept;

    buf_putf(&id, "%s#%s|%s|%s", subject, row->identity ? row->identity : "",
        row->address ? row->address : "", row->tls ? row->tls : "");
    kept = estate_text(estate, buf_view(&id));
    buf_done(&id);
    return kept;
}

/* Rows that differ only in how they were answered are one caller. */
static void caller_add(struct kv_estate *estate, const struct kv_caller *row)
{
    struct kv_caller *kept =
        estate_gathered_row(estate, KV_SET_CALLERS, row->id);

    if (!kept) {
        estate_take_row(estate, KV_SET_CALLERS, row);
        return;
    }
    kept->calls += row->calls;
    kept->failures += row->failures;
    if (row->last_s > kept->last_s)
        kept->last_s = row->last_s;
}

bool callers_take(const struct azure_context *context, const json_t *body)
{
    struct kv_estate *estate = context->estate;
    struct table table;

    if (!table_open(&table, body))
        return false;
    for (; table.row < json_array_size(table.rows); table.row++) {
        long code = table_code(&table, "HttpStatusCode");
        struct kv_caller row = {
            .scope = estate_text(estate, view_of(context->subject)),
            .identity = identity_keep(estate, &table),
            .address = table_keep(estate, &table, "CallerIpAddress"),
            .tls = table_keep(estate, &table, "TlsVersion"),
            .calls = table_count(&table, "Calls"),
            .last_s = table_time(&table, "Last"),
        };

        row.failures = code >= 400 ? row.calls : 0;
        row.id = caller_id(estate, context->subject, &row);
        caller_add(estate, &row);
    }
    return true;
}

/* ---- operations ---- */

/* "keys/NAME" of an object's address; NULL for what is of the whole vault. */
static const char *object_keep(
    struct kv_estate *estate, const struct table *table)
{
    struct view rest = view_of(json_string_value(table_cell(table, "Id")));
    const char *scheme = rest.data ? strstr(rest.data, "://") : NULL;
    struct view collection, name;
    struct buf object = { .limit = 512 };
    const char *kept = NULL;

    if (scheme) {
        rest.size -= (size_t)(scheme + 3 - rest.data);
        rest.data = scheme + 3;
        view_cut(&rest, '/');
    }
    collection = view_cut(&rest, '/');
    name = view_cut(&rest, '/');
    if (scheme && name.size > 0) {
        buf_put(&object, collection);
        buf_putc(&object, '/');
        buf_put(&object, name);
        kept = object.failed ? NULL : estate_text(estate, buf_view(&object));
    }
    buf_done(&object);
    return kept;
}

/* Of one object the log names every version by itself. */
static void operation_add(
    struct kv_estate *estate, const char *subject, struct kv_operation *row)
{
    struct buf id = { .limit = 8192 };
    struct kv_operation *kept;

    buf_putf(
        &id, "%s#%s|%s", subject, row->name, row->object ? row->object : "");
    row->id = estate_text(estate, buf_view(&id));
    buf_done(&id);
    kept = estate_gathered_row(estate, KV_SET_OPERATIONS, row->id);
    if (!kept) {
        estate_take_row(estate, KV_SET_OPERATIONS, row);
        return;
    }
    kept->calls += row->calls;
    if (row->last_s > kept->last_s)
        kept->last_s = row->last_s;
}

bool operations_take(const struct azure_context *context, const json_t *body)
{
    struct kv_estate *estate = context->estate;
    struct table table;

    if (!table_open(&table, body))
        return false;
    for (; table.row < json_array_size(table.rows); table.row++) {
        struct kv_operation row = {
            .scope = estate_text(estate, view_of(context->subject)),
            .name = table_keep(estate, &table, "OperationName"),
            .object = object_keep(estate, &table),
            .calls = table_count(&table, "Calls"),
            .last_s = table_time(&table, "Last"),
        };

        if (row.name)
            operation_add(estate, context->subject, &row);
    }
    return true;
}
