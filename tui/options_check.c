/* The command line: values that are wrong whatever Azure holds, told before
 * anybody signs in. Each says what its option takes. */
#include <string.h>

#include "kvgov/posture.h"
#include "kvgov/records.h"
#include "kvgov/remedy.h"
#include "option_rows.h"
#include "theme.h"

/* ---- operands ---- */

enum kv_status check_row(const char *value, struct kv_error *err)
{
    if (kv_catalogue_find(value) != KV_NONE)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "there is no recommendation \"%s\"; kvgov catalogue lists them", value);
}

enum kv_status check_remedy(const char *value, struct kv_error *err)
{
    if (kv_remedy_find(value))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "there is no remedy \"%s\"; kvgov plan --list shows them", value);
}

/* ---- values of options ---- */

static enum kv_status check_answer(const char *value, struct kv_error *err)
{
    if (strcmp(value, "pass") == 0 || strcmp(value, "fail") == 0)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "--answer cannot be \"%s\": it takes pass or fail", value);
}

static enum kv_status check_until(const char *value, struct kv_error *err)
{
    if (kv_until_parse(value) != 0)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "--until cannot be \"%s\": it takes a date such as 2027-01-31", value);
}

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 18 && text[digits] == '\0';
}

static enum kv_status check_scan(
    const char *option, const char *value, struct kv_error *err)
{
    if (is_number(value) || kv_until_parse(value) != 0)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "%s cannot be \"%s\": it takes the number of a scan, which kvgov diff "
        "--list shows, or a date such as 2027-01-31",
        option, value);
}

static enum kv_status check_from(const char *value, struct kv_error *err)
{
    return check_scan("--from", value, err);
}

static enum kv_status check_to(const char *value, struct kv_error *err)
{
    return check_scan("--to", value, err);
}

static enum kv_status check_undo(const char *value, struct kv_error *err)
{
    if (is_number(value))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "--undo cannot be \"%s\": it takes the number of a journal entry; "
        "kvgov journal show lists them",
        value);
}

static enum kv_status check_set(const char *value, struct kv_error *err)
{
    if (*value != '=' && strchr(value, '='))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "--set cannot be \"%s\": it takes NAME=VALUE; kvgov plan REMEDY NAME "
        "shows the options of a remedy",
        value);
}

static enum kv_status check_plan(const char *value, struct kv_error *err)
{
    struct kv_plan_info info = { 0 };
    enum kv_status status = kv_plan_file_read(&info, value, err);

    kv_plan_info_done(&info);
    return status;
}

static enum kv_status check_hash(const char *value, struct kv_error *err)
{
    size_t digits = strspn(value, "0123456789abcdef");

    if (digits >= HASH_LEAST && value[digits] == '\0')
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "--confirm cannot be \"%s\": it takes the plan file's hash, %d of its "
        "characters or more, as kvgov plan --out FILE shows it",
        value, HASH_LEAST);
}

static enum kv_status check_theme(const char *value, struct kv_error *err)
{
    struct theme theme;

    return theme_load(&theme, value, err);
}

struct check_of {
    const char *option;
    enum kv_status (*check)(const char *value, struct kv_error *err);
};

/* What stands here not at all shows with what is read, or when it is used. */
static const struct check_of checks[] = {
    { "answer", check_answer },
    { "until", check_until },
    { "from", check_from },
    { "to", check_to },
    { "row", check_row },
    { "set", check_set },
    { "undo", check_undo },
    { "plan", check_plan },
    { "confirm", check_hash },
    { "theme", check_theme },
};

enum kv_status option_check(
    const struct option_row *row, const char *value, struct kv_error *err)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (strcmp(checks[i].option, row->name) == 0)
            return checks[i].check(value, err);
    return KV_OK;
}
