/* Writing Resource Graph's answers: object arrays and tables, and the skip
 * tokens between their pages. */
#include "graph_answer.h"

#include <stdlib.h>
#include <string.h>

#include "faults.h"

static void put_value(
    struct buffer *out, const struct row_view *view, const char *path)
{
    char scratch[256];
    struct span value = row_value(view, path, scratch);

    buffer_put(out, value.at, value.length);
}

static void put_row(struct buffer *out, const struct row_view *view,
    const struct question *question)
{
    const struct kql *kql = &question->kql;
    size_t count = kql->column_count ? kql->column_count : ROW_COLUMN_COUNT;

    buffer_putc(out, question->as_table ? '[' : '{');
    for (size_t i = 0; i < count; i++) {
        const char *path =
            kql->column_count ? kql->columns[i].path : row_columns[i];

        if (i > 0)
            buffer_putc(out, ',');
        if (!question->as_table) {
            buffer_put_string(
                out, kql->column_count ? kql->columns[i].name : row_columns[i]);
            buffer_putc(out, ':');
        }
        put_value(out, view, path);
    }
    buffer_putc(out, question->as_table ? ']' : '}');
}

static void put_columns(struct buffer *out, const struct kql *kql)
{
    size_t count = kql->column_count ? kql->column_count : ROW_COLUMN_COUNT;

    for (size_t i = 0; i < count; i++) {
        const char *path =
            kql->column_count ? kql->columns[i].path : row_columns[i];

        buffer_puts(out, i ? ",{\"name\":" : "{\"name\":");
        buffer_put_string(out, kql->column_count ? kql->columns[i].name : path);
        buffer_putf(out, ",\"type\":\"%s\"}",
            row_is_object(path) ? "object" : "string");
    }
}

static bool has_id(const struct kql *kql)
{
    for (size_t i = 0; i < kql->column_count; i++)
        if (strcmp(kql->columns[i].name, "id") == 0)
            return true;
    return kql->column_count == 0;
}

void graph_answer_count(
    struct call *call, const struct question *question, size_t count)
{
    json_t *data =
        question->as_table
            ? json_pack("{s:[{s:s, s:s}], s:[[I]]}", "columns", "name", "Count",
                  "type", "integer", "rows", (json_int_t)count)
            : json_pack("[{s:I}]", "Count", (json_int_t)count);

    answer_json(call, 200,
        json_pack("{s:i, s:i, s:o, s:[], s:s}", "totalRecords", 1, "count", 1,
            "data", data, "facets", "resultTruncated", "false"));
}

/* The service's own tokens are base64 of such an object. */
static void put_token(struct buffer *out, size_t next, size_t top)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                 "rstuvwxyz0123456789+/";
    char *text = alloc_format(
        "{\"$id\":\"1\",\"MaxRows\":%zu,\"RowsToSkip\":%zu}", top, next);
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i += 3) {
        unsigned group = 0;

        for (size_t j = 0; j < 3; j++)
            group =
                group << 8 | (i + j < length ? (unsigned char)text[i + j] : 0u);
        for (size_t j = 0; j < 4; j++)
            buffer_putc(
                out, i + j > length ? '=' : digits[group >> (18 - 6 * j) & 63]);
    }
    free(text);
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool graph_token_read(const char *token, size_t *next)
{
    struct buffer text = { 0 };
    unsigned bits = 0;
    int have = 0;
    const char *at;

    for (; *token && base64_digit(*token) >= 0; token++) {
        bits = bits << 6 | (unsigned)base64_digit(*token);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buffer_putc(&text, (char)(bits >> have & 255));
        }
    }
    at = text.data ? strstr(text.data, "\"RowsToSkip\":") : NULL;
    if (at)
        *next = strtoul(at + strlen("\"RowsToSkip\":"), NULL, 10);
    buffer_done(&text);
    return at != NULL;
}

void graph_answer_rows(
    struct call *call, const struct question *question, const struct rows *rows)
{
    struct buffer *out = &call->answer;
    size_t first = question->skip < rows->count ? question->skip : rows->count;
    size_t last = rows->count - first > question->top ? first + question->top
                                                      : rows->count;
    const struct effect *cut = &call->effects[FAULT_TRUNCATED_GRAPH];
    bool more = last < rows->count;
    bool paged = has_id(&question->kql) && !cut->on;

    if (cut->on && (double)(last - first) > cut->number) {
        last = first + (size_t)cut->number;
        more = true;
    }
    answer_empty(call, 200);
    buffer_putf(out, "{\"totalRecords\":%zu,\"count\":%zu,\"data\":%s",
        rows->count, last - first, question->as_table ? "{\"columns\":[" : "[");
    if (question->as_table) {
        put_columns(out, &question->kql);
        buffer_puts(out, "],\"rows\":[");
    }
    for (size_t i = first; i < last; i++) {
        struct row_view view = { rows->items[i], &call->cloud->estate };

        if (i > first)
            buffer_putc(out, ',');
        put_row(out, &view, question);
    }
    buffer_puts(out, question->as_table ? "]}" : "]");
    buffer_putf(out, ",\"facets\":[],\"resultTruncated\":\"%s\"",
        more && !paged ? "true" : "false");
    if (more && paged) {
        buffer_puts(out, ",\"$skipToken\":\"");
        put_token(out, last, question->top);
        buffer_putc(out, '"');
    }
    buffer_putc(out, '}');
}
