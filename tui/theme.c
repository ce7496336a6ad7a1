/* The roles by name and the two looks that need no file. */
#include "theme.h"

#include <string.h>

enum colour {
    COLOUR_OWN = -1,
    COLOUR_BLACK = 0,
    COLOUR_RED = 1,
    COLOUR_YELLOW = 3,
    COLOUR_MAGENTA = 5,
    COLOUR_CYAN = 6,
    COLOUR_WHITE = 7,
};

struct role_row {
    const char *name;
    struct look colour; /* sixteen colours, on any background */
    uint8_t mono;       /* attributes alone */
};

#define OWN COLOUR_OWN, COLOUR_OWN

static const struct role_row roles[ROLE_COUNT] = {
    [ROLE_TEXT] = { "text", { OWN, 0 }, 0 },
    [ROLE_DIM] = { "dim", { OWN, 0 }, 0 },
    [ROLE_TITLE] = { "title", { OWN, LOOK_BOLD }, LOOK_BOLD },
    [ROLE_HEADER] = { "header", { OWN, LOOK_BOLD }, LOOK_BOLD },
    [ROLE_ENVIRONMENT] = { "environment", { OWN, LOOK_REVERSE }, LOOK_REVERSE },
    [ROLE_WRITE] = { "write", { OWN, LOOK_REVERSE | LOOK_BOLD },
        LOOK_REVERSE | LOOK_BOLD },
    [ROLE_RULE] = { "rule", { OWN, 0 }, 0 },
    [ROLE_HINT] = { "hint", { OWN, 0 }, 0 },
    [ROLE_HINT_KEY] = { "hint-key", { OWN, LOOK_BOLD }, LOOK_BOLD },
    [ROLE_NOTICE_INFO] = { "notice-info", { OWN, 0 }, 0 },
    [ROLE_NOTICE_DONE] = { "notice-done", { OWN, LOOK_BOLD }, LOOK_BOLD },
    [ROLE_NOTICE_ERROR] = { "notice-error",
        { COLOUR_RED, COLOUR_OWN, LOOK_BOLD }, LOOK_BOLD },
    [ROLE_CRITICAL] = { "critical", { COLOUR_RED, COLOUR_OWN, LOOK_BOLD },
        LOOK_BOLD },
    [ROLE_HIGH] = { "high", { COLOUR_MAGENTA, COLOUR_OWN, 0 }, LOOK_UNDERLINE },
    [ROLE_MEDIUM] = { "medium", { COLOUR_YELLOW, COLOUR_OWN, 0 }, 0 },
    [ROLE_LOW] = { "low", { OWN, 0 }, 0 },
    [ROLE_PASS] = { "pass", { OWN, 0 }, 0 },
    [ROLE_UNKNOWN] = { "unknown", { COLOUR_CYAN, COLOUR_OWN, 0 },
        LOOK_UNDERLINE },
    [ROLE_SELECTED] = { "selected", { OWN, LOOK_REVERSE }, LOOK_REVERSE },
    [ROLE_MARKED] = { "marked", { OWN, LOOK_BOLD }, LOOK_BOLD },
    [ROLE_REMOVED] = { "removed", { COLOUR_RED, COLOUR_OWN, 0 }, LOOK_BOLD },
    [ROLE_ADDED] = { "added", { COLOUR_CYAN, COLOUR_OWN, 0 }, LOOK_UNDERLINE },
    [ROLE_BANNER] = { "banner", { COLOUR_RED, COLOUR_OWN, LOOK_REVERSE },
        LOOK_REVERSE },
    [ROLE_INPUT] = { "input", { OWN, LOOK_UNDERLINE }, LOOK_UNDERLINE },
    [ROLE_TAB] = { "tab", { OWN, 0 }, 0 },
    [ROLE_TAB_ACTIVE] = { "tab-active", { OWN, LOOK_REVERSE }, LOOK_REVERSE },
    [ROLE_CODE] = { "code", { COLOUR_BLACK, COLOUR_WHITE, 0 }, LOOK_REVERSE },
};

_Static_assert(ROLE_CODE + 1 == ROLE_COUNT, "a role is missing");

const char *role_name(enum role role)
{
    return roles[role].name;
}

enum role role_of_severity(enum kv_severity severity)
{
    switch (severity) {
    case KV_SEVERITY_CRITICAL:
        return ROLE_CRITICAL;
    case KV_SEVERITY_HIGH:
        return ROLE_HIGH;
    case KV_SEVERITY_MEDIUM:
        return ROLE_MEDIUM;
    case KV_SEVERITY_LOW:
    case KV_SEVERITY_INFO:
        return ROLE_LOW;
    }
    return ROLE_TEXT;
}

enum role role_of_verdict(enum kv_verdict verdict, enum kv_severity severity)
{
    switch (verdict) {
    case KV_VERDICT_FAIL:
        return role_of_severity(severity);
    case KV_VERDICT_UNKNOWN:
        return ROLE_UNKNOWN;
    case KV_VERDICT_PASS:
        return ROLE_PASS;
    case KV_VERDICT_NONE:
    case KV_VERDICT_UNREAD:
    case KV_VERDICT_EXCEPTED:
    case KV_VERDICT_MANUAL:
    case KV_VERDICT_NOT_APPLICABLE:
        return ROLE_DIM;
    }
    return ROLE_TEXT;
}

static void set_name(struct theme *theme, const char *name)
{
    memset(theme->name, 0, sizeof(theme->name));
    memcpy(theme->name, name, strlen(name));
}

void theme_default(struct theme *out)
{
    set_name(out, "default");
    for (size_t i = 0; i < ROLE_COUNT; i++)
        out->looks[i] = roles[i].colour;
}

void theme_mono(struct theme *out)
{
    set_name(out, "mono");
    for (size_t i = 0; i < ROLE_COUNT; i++)
        out->looks[i] = (struct look){ OWN, roles[i].mono };
}
