/* A check-up as text and as JSON. */
#include "kvgov/report.h"

#include "base.h"
#include "node.h"

/* Of the object's form; grows when a member changes its meaning or goes. */
#define CHECKUP_VERSION 1

/* Level and name stand before what was seen. */
#define SEEN_COLUMN 33u
#define TEXT_LEAST 20u

static const char *const level_names[KV_DIAGNOSIS_LEVEL_COUNT] = {
    [KV_DIAGNOSIS_OK] = "ok",
    [KV_DIAGNOSIS_WARNING] = "warning",
    [KV_DIAGNOSIS_PROBLEM] = "problem",
};

static size_t level_count(const struct kv_diagnosis *checks, size_t count,
    enum kv_diagnosis_level level)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += checks[i].level == level;
    return found;
}

/* ---- text ---- */

static size_t cells_of(struct view word)
{
    size_t cells = 0;

    for (size_t i = 0; i < word.size; i++)
        cells += ((unsigned char)word.data[i] & 0xc0) != 0x80;
    return cells;
}

/* Words from the column where one stands now; further lines start there. */
static void put_words(struct buf *out, const char *text, uint32_t width_cells)
{
    struct buf visible = { .limit = SIZE_MAX };
    struct view rest;
    size_t used = 0;
    size_t room = width_cells > SEEN_COLUMN + TEXT_LEAST
                      ? width_cells - SEEN_COLUMN
                      : TEXT_LEAST;

    buf_put_visible(&visible, view_of(text), false);
    rest = buf_view(&visible);
    while (rest.size > 0) {
        struct view word = view_cut(&rest, ' ');
        size_t cells = cells_of(word);

        if (used > 0 && width_cells > 0 && used + 1 + cells > room) {
            buf_putf(out, "\n%*s", (int)SEEN_COLUMN, "");
            used = 0;
        }
        if (used > 0)
            buf_putc(out, ' ');
        buf_put(out, word);
        used += cells + (used > 0);
    }
    buf_done(&visible);
    buf_putc(out, '\n');
}

static void put_sum(struct buf *out, size_t problems, size_t warnings)
{
    buf_putf(out, "\n%zu problem%s, %zu warning%s\n", problems,
        problems == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

void kv_report_checkup(struct buf *out, const struct kv_diagnosis *checks,
    size_t count, uint32_t width_cells)
{
    for (size_t i = 0; i < count; i++) {
        const struct kv_diagnosis *check = &checks[i];

        buf_putf(out, "%-9s%-23s ", level_names[check->level], check->name);
        put_words(out, check->seen, width_cells);
        if (!*check->todo)
            continue;
        buf_putf(out, "%*s", (int)SEEN_COLUMN, "");
        put_words(out, check->todo, width_cells);
    }
    put_sum(out, level_count(checks, count, KV_DIAGNOSIS_PROBLEM),
        level_count(checks, count, KV_DIAGNOSIS_WARNING));
}

/* ---- JSON ---- */

static json_t *check_of(const struct kv_diagnosis *check)
{
    json_t *object = json_object();

    node_set(object, "check", node_text(check->name));
    node_set(object, "level", node_text(level_names[check->level]));
    node_set(object, "seen", node_text(check->seen));
    node_set(object, "todo", node_text(*check->todo ? check->todo : NULL));
    return object;
}

static json_t *sum_of(const struct kv_diagnosis *checks, size_t count,
    enum kv_diagnosis_level level)
{
    return json_integer((json_int_t)level_count(checks, count, level));
}

void kv_report_checkup_json(
    struct buf *out, const struct kv_diagnosis *checks, size_t count)
{
    json_t *object = json_object();
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, check_of(&checks[i]));
    node_set(object, "version", json_integer(CHECKUP_VERSION));
    node_set(object, "problems", sum_of(checks, count, KV_DIAGNOSIS_PROBLEM));
    node_set(object, "warnings", sum_of(checks, count, KV_DIAGNOSIS_WARNING));
    node_set(object, "checks", list);
    node_put(out, object, JSON_INDENT(1));
    buf_putc(out, '\n');
}
