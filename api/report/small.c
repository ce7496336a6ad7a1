/* Answers of a few fields: which scans are kept, whether the journal is whole,
 * what the configuration says, what is recommended. */
#include "listing.h"

#include "kvgov/config.h"
#include "node.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Of the objects' forms; grows when a member changes its meaning or goes. */
#define SMALL_VERSION 1

static void put_object(struct buf *out, json_t *object)
{
    node_put(out, object, JSON_INDENT(2));
    buf_putc(out, '\n');
}

static json_t *object_new(void)
{
    json_t *object = json_object();

    node_set(object, "version", json_integer(SMALL_VERSION));
    return object;
}

void kv_report_scans_json(struct buf *out, const struct kv_session *session)
{
    json_t *object = object_new();
    json_t *scans = json_array();
    struct kv_kept_scan scan;

    for (uint32_t i = 0; kv_session_kept_scan(session, i, &scan); i++) {
        json_t *one = json_object();

        node_set(one, "scan", json_integer(scan.number));
        node_set(one, "at", node_time(scan.at_s));
        json_array_append_new(scans, one);
    }
    node_set(object, "scans", scans);
    put_object(out, object);
}

void kv_report_journal_check_json(
    struct buf *out, const struct kv_journal_check *check)
{
    json_t *object = object_new();

    node_set(object, "records", json_integer(check->records));
    node_set(object, "intact", json_boolean(check->broken_at == 0));
    node_set(object, "broken_at",
        check->broken_at ? json_integer(check->broken_at) : json_null());
    node_set(object, "without_outcome", json_integer(check->open));
    put_object(out, object);
}

/* ---- the configuration ---- */

static json_t *setting_node(
    const struct kv_config *config, const struct kv_setting *setting)
{
    json_t *object = json_object();
    struct buf value = { .limit = SIZE_MAX };
    struct buf origin = { .limit = SIZE_MAX };
    struct buf allowed = { .limit = SIZE_MAX };

    kv_setting_put(setting, kv_config_policy(config), &value);
    kv_config_put_origin(config, setting, &origin);
    kv_setting_put_allowed(setting, &allowed);
    node_set(object, "name", node_text(setting->name));
    node_set(object, "value", node_text(buf_text(&value)));
    node_set(object, "from", node_text(buf_text(&origin)));
    node_set(object, "meaning", node_text(setting->what));
    node_set(object, "allowed", node_text(buf_text(&allowed)));
    buf_done(&allowed);
    buf_done(&origin);
    buf_done(&value);
    return object;
}

static json_t *problem_node(struct kv_config_problem problem)
{
    json_t *object = json_object();

    node_set(object, "wrong", json_boolean(problem.wrong));
    node_set(object, "text", node_text(problem.text));
    return object;
}

void kv_report_config_json(struct buf *out, const struct kv_config *config)
{
    json_t *object = object_new();
    json_t *settings = json_array();
    json_t *problems = json_array();

    for (size_t i = 0; i < kv_settings_count; i++)
        json_array_append_new(settings, setting_node(config, &kv_settings[i]));
    for (size_t i = 0; i < kv_config_problem_count(config); i++)
        json_array_append_new(
            problems, problem_node(kv_config_problem(config, i)));
    node_set(object, "settings", settings);
    node_set(object, "problems", problems);
    put_object(out, object);
}

/* ---- the catalogue ---- */

static const struct listing_column catalogue_columns[] = {
    { "ID", "id" },
    { "SEVERITY", "severity" },
    { "JUDGED-ON", "judged_on" },
    { "TITLE", "title" },
};

void kv_report_catalogue_table(struct buf *out, uint32_t width_cells)
{
    struct listing listing =
        listing_new(catalogue_columns, LENGTH(catalogue_columns));

    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const struct kv_recommendation *row = &kv_catalogue[i];

        listing_text(&listing, row->id);
        listing_text(&listing, kv_severity_name(row->severity));
        listing_text(&listing, kv_row_subjects(row));
        listing_text(&listing, row->title);
    }
    listing_put_table(out, &listing, width_cells);
    listing_done(&listing);
}
