/* The two notations of a fault. A specification is
 * KIND[=VALUE][:match=PART][:method=M][:count=N][:skip=N]; a rule is
 * METHOD PATTERN KIND [NAME=VALUE]..., with a space in it. */
#include "fault_rule.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum value_need {
    VALUE_NONE,
    VALUE_NUMBER,
    VALUE_OPTIONAL_NUMBER,
    VALUE_TEXT,
    VALUE_OPTIONAL_TEXT,
};

#define MEBIBYTE 1048576

static const struct {
    const char *name;
    enum value_need need;
    double standard;  /* of a number that may be left out */
    const char *text; /* likewise of a text */
} fault_rows[FAULT_COUNT] = {
    [FAULT_THROTTLE] = { "throttle", VALUE_OPTIONAL_NUMBER, 1, NULL },
    [FAULT_STATUS] = { "status", VALUE_NUMBER, 0, NULL },
    [FAULT_RESET] = { "reset", VALUE_NONE, 0, NULL },
    [FAULT_TRUNCATE] = { "truncate", VALUE_NONE, 0, NULL },
    [FAULT_STALL] = { "stall", VALUE_OPTIONAL_NUMBER, 60, NULL },
    [FAULT_HOLD] = { "hold", VALUE_NUMBER, 0, NULL },
    [FAULT_HOLD_ANSWER] = { "hold-answer", VALUE_NUMBER, 0, NULL },
    /* 192.0.2.0/24 belongs to nobody. */
    [FAULT_FOREIGN_NEXTLINK] = { "foreign-nextlink", VALUE_OPTIONAL_TEXT, 0,
        "https://192.0.2.1" },
    [FAULT_LOOP_NEXTLINK] = { "loop-nextlink", VALUE_NONE, 0, NULL },
    [FAULT_REDIRECT] = { "redirect", VALUE_TEXT, 0, NULL },
    [FAULT_FOREIGN_LOCATION] = { "foreign-location", VALUE_TEXT, 0, NULL },
    [FAULT_SLOW_OPERATION] = { "slow-operation", VALUE_NUMBER, 0, NULL },
    [FAULT_TOKEN_LIFE] = { "token-life", VALUE_NUMBER, 0, NULL },
    [FAULT_DEVICE] = { "device", VALUE_TEXT, 0, NULL },
    [FAULT_DEVICE_INTERVAL] = { "device-interval", VALUE_NUMBER, 0, NULL },
    [FAULT_GRAPH_QUOTA] = { "graph-quota", VALUE_NONE, 0, NULL },
    [FAULT_STALE_GRAPH] = { "stale-graph", VALUE_NONE, 0, NULL },
    [FAULT_BAD_JSON] = { "bad-json", VALUE_NONE, 0, NULL },
    [FAULT_POLICY_MODIFY] = { "policy-modify", VALUE_NONE, 0, NULL },
    [FAULT_MFA_WRITES] = { "mfa-writes", VALUE_NONE, 0, NULL },
    [FAULT_EXPIRED_TOKEN] = { "expired-token", VALUE_NONE, 0, NULL },
    [FAULT_IMDS_410] = { "imds-410", VALUE_OPTIONAL_NUMBER, 1, NULL },
    [FAULT_LIMITS] = { "limits", VALUE_OPTIONAL_NUMBER, 1, NULL },
    [FAULT_OVERSIZE] = { "oversize", VALUE_OPTIONAL_NUMBER, 128 * MEBIBYTE,
        NULL },
    [FAULT_WRONG_TYPE] = { "wrong-type", VALUE_OPTIONAL_TEXT, 0, "text/html" },
    [FAULT_ENDLESS_NEXTLINK] = { "endless-nextlink", VALUE_NONE, 0, NULL },
    [FAULT_FAIL_OPERATION] = { "fail-operation", VALUE_NONE, 0, NULL },
    [FAULT_SKEW] = { "skew", VALUE_NUMBER, 0, NULL },
    /* The namespace that the subscription is not registered for. */
    [FAULT_UNREGISTERED] = { "unregistered", VALUE_TEXT, 0, NULL },
    /* The subscription, or several, whose rows are left out. */
    [FAULT_PARTIAL_GRAPH] = { "partial-graph", VALUE_TEXT, 0, NULL },
    [FAULT_TRUNCATED_GRAPH] = { "truncated-graph", VALUE_OPTIONAL_NUMBER, 1,
        NULL },
};

const char *fault_name(enum fault_kind kind)
{
    return fault_rows[kind].name;
}

void fault_done(struct fault *fault)
{
    free(fault->match);
    free(fault->pattern);
    free(fault->method);
}

static bool number_parse(const char *text, double *out)
{
    char *end = NULL;

    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= 0 && *out < 1e9;
}

static bool kind_find(const char *name, size_t length, enum fault_kind *kind)
{
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (strlen(fault_rows[i].name) != length ||
            strncmp(fault_rows[i].name, name, length) != 0)
            continue;
        *kind = (enum fault_kind)i;
        return true;
    }
    return false;
}

static bool fault_take_value(struct fault *fault, const char *value)
{
    struct effect *effect = &fault->effect;
    size_t length = strlen(value);
    const char *text = fault_rows[fault->kind].text;

    effect->number = fault_rows[fault->kind].standard;
    if (length >= sizeof effect->text)
        return false;
    memcpy(effect->text, value, length + 1);
    switch (fault_rows[fault->kind].need) {
    case VALUE_NONE:
        return length == 0;
    case VALUE_TEXT:
        return length > 0;
    case VALUE_OPTIONAL_TEXT:
        if (length == 0)
            memcpy(effect->text, text, strlen(text) + 1);
        return true;
    case VALUE_OPTIONAL_NUMBER:
        return length == 0 || number_parse(value, &effect->number);
    case VALUE_NUMBER:
        return number_parse(value, &effect->number);
    }
    return false;
}

static void text_replace(char **text, const char *with)
{
    free(*text);
    *text = alloc_text(with);
}

static bool fault_take_option(
    struct fault *fault, const char *name, const char *value)
{
    double number;

    if (strcmp(name, "match") == 0)
        text_replace(&fault->match, value);
    else if (strcmp(name, "method") == 0)
        text_replace(&fault->method, value);
    else if (!number_parse(value, &number))
        return false;
    else if (strcmp(name, "count") == 0)
        fault->left = (long)number;
    else if (strcmp(name, "skip") == 0)
        fault->skip = (long)number;
    else if (strcmp(name, "p") == 0 && number <= 1)
        fault->chance = number;
    else if (strcmp(name, "retry-after") == 0)
        fault->effect.retry_after = number;
    else
        return false;
    return true;
}

/* ---- KIND[=VALUE][:NAME=VALUE]... ---- */

/* The value ends at ":match=" and its like, not at every colon: it may be an
 * address. */
static const char *option_start(const char *text)
{
    static const char *const names[] = {
        ":match=", ":method=", ":count=", ":skip=", ":p=", ":retry-after="
    };
    const char *first = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(text, names[i]);

        if (at && (!first || at < first))
            first = at;
    }
    return first ? first : text + strlen(text);
}

static bool spec_take_options(struct fault *fault, const char *at)
{
    while (*at == ':') {
        const char *end = option_start(at + 1);
        size_t name_length = strcspn(at + 1, "=");
        char *name = alloc_slice(at + 1, name_length);
        const char *start = at + 2 + name_length;
        char *value = alloc_slice(start, (size_t)(end - start));
        bool good = fault_take_option(fault, name, value);

        free(name);
        free(value);
        if (!good)
            return false;
        at = end;
    }
    return *at == '\0';
}

static bool spec_parse(struct fault *fault, const char *spec)
{
    size_t name_length = strcspn(spec, "=:");
    const char *options = option_start(spec);
    const char *start = spec + name_length + (spec[name_length] == '=');
    char *value;
    bool good;

    if (start > options || !kind_find(spec, name_length, &fault->kind))
        return false;
    value = alloc_slice(start, (size_t)(options - start));
    good = fault_take_value(fault, value) && spec_take_options(fault, options);
    free(value);
    return good;
}

/* ---- METHOD PATTERN KIND [NAME=VALUE]... ---- */

/* A kind is a name or the status itself. */
static bool rule_take_kind(struct fault *fault, const char *kind)
{
    if (!isdigit((unsigned char)*kind))
        return kind_find(kind, strlen(kind), &fault->kind) &&
               (fault_rows[fault->kind].need == VALUE_NUMBER ||
                   fault_rows[fault->kind].need == VALUE_TEXT ||
                   fault_take_value(fault, ""));
    fault->kind = FAULT_STATUS;
    return fault_take_value(fault, kind) && fault->effect.number >= 300 &&
           fault->effect.number <= 599;
}

static bool rule_take_option(struct fault *fault, char *word)
{
    char *value = strchr(word, '=');

    if (!value)
        return false;
    *value++ = '\0';
    return strcmp(word, "value") == 0 ? fault_take_value(fault, value)
                                      : fault_take_option(fault, word, value);
}

static bool rule_take_word(struct fault *fault, int index, char *word)
{
    switch (index) {
    case 0:
        if (strcmp(word, "*") != 0)
            fault->method = alloc_text(word);
        return true;
    case 1:
        fault->pattern = alloc_text(word);
        return true;
    case 2:
        return rule_take_kind(fault, word);
    }
    return rule_take_option(fault, word);
}

/* Whether a kind that cannot do without a value was given one. */
static bool rule_complete(const struct fault *fault)
{
    enum value_need need = fault_rows[fault->kind].need;

    return (need != VALUE_NUMBER && need != VALUE_TEXT) ||
           *fault->effect.text != '\0';
}

static bool rule_parse(struct fault *fault, const char *rule)
{
    char *copy = alloc_text(rule);
    char *rest = copy;
    bool good = true;
    int index = 0;

    for (char *word; good && (word = strsep(&rest, " ")) != NULL;)
        if (*word)
            good = rule_take_word(fault, index++, word);
    free(copy);
    return good && index >= 3 && rule_complete(fault);
}

bool fault_parse(struct fault *fault, const char *text)
{
    bool good;

    fault->left = -1;
    fault->chance = 1;
    good =
        strchr(text, ' ') ? rule_parse(fault, text) : spec_parse(fault, text);
    if (good && fault->kind == FAULT_IMDS_410 && fault->left < 0)
        fault->left = (long)fault->effect.number;
    return good;
}
