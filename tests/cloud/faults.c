/* The list of faults that are switched on, and which of them hit a request. */
#include "faults.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum value_need {
    VALUE_NONE,
    VALUE_NUMBER,
    VALUE_OPTIONAL_NUMBER,
    VALUE_TEXT,
};

static const struct {
    const char *name;
    enum value_need need;
    double standard;
} fault_rows[FAULT_COUNT] = {
    [FAULT_THROTTLE] = { "throttle", VALUE_OPTIONAL_NUMBER, 1 },
    [FAULT_STATUS] = { "status", VALUE_NUMBER, 0 },
    [FAULT_RESET] = { "reset", VALUE_NONE, 0 },
    [FAULT_TRUNCATE] = { "truncate", VALUE_NONE, 0 },
    [FAULT_STALL] = { "stall", VALUE_OPTIONAL_NUMBER, 60 },
    [FAULT_HOLD] = { "hold", VALUE_NUMBER, 0 },
    [FAULT_HOLD_ANSWER] = { "hold-answer", VALUE_NUMBER, 0 },
    [FAULT_FOREIGN_NEXTLINK] = { "foreign-nextlink", VALUE_TEXT, 0 },
    [FAULT_LOOP_NEXTLINK] = { "loop-nextlink", VALUE_NONE, 0 },
    [FAULT_REDIRECT] = { "redirect", VALUE_TEXT, 0 },
    [FAULT_FOREIGN_LOCATION] = { "foreign-location", VALUE_TEXT, 0 },
    [FAULT_SLOW_OPERATION] = { "slow-operation", VALUE_NUMBER, 0 },
    [FAULT_TOKEN_LIFE] = { "token-life", VALUE_NUMBER, 0 },
    [FAULT_DEVICE] = { "device", VALUE_TEXT, 0 },
    [FAULT_DEVICE_INTERVAL] = { "device-interval", VALUE_NUMBER, 0 },
    [FAULT_GRAPH_QUOTA] = { "graph-quota", VALUE_NONE, 0 },
    [FAULT_STALE_GRAPH] = { "stale-graph", VALUE_NONE, 0 },
    [FAULT_BAD_JSON] = { "bad-json", VALUE_NONE, 0 },
    [FAULT_POLICY_MODIFY] = { "policy-modify", VALUE_NONE, 0 },
    [FAULT_MFA_WRITES] = { "mfa-writes", VALUE_NONE, 0 },
    [FAULT_EXPIRED_TOKEN] = { "expired-token", VALUE_NONE, 0 },
    [FAULT_IMDS_410] = { "imds-410", VALUE_OPTIONAL_NUMBER, 1 },
    [FAULT_LIMITS] = { "limits", VALUE_OPTIONAL_NUMBER, 1 },
    [FAULT_OVERSIZE] = { "oversize", VALUE_OPTIONAL_NUMBER, 104857600 },
    [FAULT_WRONG_TYPE] = { "wrong-type", VALUE_NONE, 0 },
    [FAULT_ENDLESS_NEXTLINK] = { "endless-nextlink", VALUE_NONE, 0 },
};

struct fault {
    enum fault_kind kind;
    struct effect effect;
    char *match;
    char *method;
    long left; /* negative: no limit */
    long skip;
};

struct faults {
    struct fault *items;
    size_t count;
    uint64_t random;
};

const char *fault_name(enum fault_kind kind)
{
    return fault_rows[kind].name;
}

struct faults *faults_new(void)
{
    return alloc_zero(1, sizeof(struct faults));
}

static void fault_done(struct fault *fault)
{
    free(fault->match);
    free(fault->method);
}

void faults_seed(struct faults *faults, unsigned long seed)
{
    faults->random = seed;
}

void faults_clear(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        fault_done(&faults->items[i]);
    free(faults->items);
    faults->items = NULL;
    faults->count = 0;
}

void faults_free(struct faults *faults)
{
    if (!faults)
        return;
    faults_clear(faults);
    free(faults);
}

/* The value ends at ":match=" and its like, not at every colon: it may be an
 * address. */
static const char *option_start(const char *text)
{
    static const char *const names[] = {
        ":match=",
        ":method=",
        ":count=",
        ":skip=",
    };
    const char *first = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(text, names[i]);

        if (at && (!first || at < first))
            first = at;
    }
    return first ? first : text + strlen(text);
}

static bool number_parse(const char *text, double *out)
{
    char *end = NULL;

    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= 0 && *out < 1e9;
}

static bool fault_take_option(
    struct fault *fault, const char *name, const char *value)
{
    double number;

    if (strcmp(name, "match") == 0) {
        free(fault->match);
        fault->match = alloc_text(value);
        return true;
    }
    if (strcmp(name, "method") == 0) {
        free(fault->method);
        fault->method = alloc_text(value);
        return true;
    }
    if (!number_parse(value, &number))
        return false;
    if (strcmp(name, "count") == 0)
        fault->left = (long)number;
    else
        fault->skip = (long)number;
    return true;
}

static bool fault_take_options(struct fault *fault, const char *at)
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

static bool fault_take_value(
    struct fault *fault, const char *value, size_t length)
{
    enum value_need need = fault_rows[fault->kind].need;
    struct effect *effect = &fault->effect;

    effect->number = fault_rows[fault->kind].standard;
    if (length >= sizeof effect->text)
        return false;
    if (length)
        memcpy(effect->text, value, length);
    switch (need) {
    case VALUE_NONE:
        return length == 0;
    case VALUE_TEXT:
        return length > 0;
    case VALUE_OPTIONAL_NUMBER:
        return length == 0 || number_parse(effect->text, &effect->number);
    case VALUE_NUMBER:
        return number_parse(effect->text, &effect->number);
    }
    return false;
}

static bool fault_parse(struct fault *fault, const char *spec)
{
    size_t name_length = strcspn(spec, "=:");
    const char *options = option_start(spec);
    const char *value = spec + name_length + (spec[name_length] == '=');

    for (int kind = 0; kind < FAULT_COUNT; kind++) {
        const char *name = fault_rows[kind].name;

        if (strlen(name) != name_length ||
            strncmp(name, spec, name_length) != 0)
            continue;
        fault->kind = (enum fault_kind)kind;
        if (value > options)
            return false;
        return fault_take_value(fault, value, (size_t)(options - value)) &&
               fault_take_options(fault, options);
    }
    return false;
}

bool faults_add(struct faults *faults, const char *spec, char **problem)
{
    struct fault fault = { .left = -1 };

    if (!fault_parse(&fault, spec)) {
        fault_done(&fault);
        *problem = alloc_format(
            "The fault '%s' is not understood; write "
            "KIND[=VALUE][:match=PART][:method=M][:count=N][:skip=N] with a "
            "kind that --help lists.",
            spec);
        return false;
    }
    faults->items =
        alloc_grow(faults->items, faults->count + 1, sizeof *faults->items);
    faults->items[faults->count++] = fault;
    return true;
}

bool faults_have(const struct faults *faults, enum fault_kind kind)
{
    for (size_t i = 0; i < faults->count; i++)
        if (faults->items[i].kind == kind)
            return true;
    return false;
}

static bool fault_hits(struct fault *fault, const struct call *call)
{
    if (fault->match && !text_holds(call->path, fault->match))
        return false;
    if (fault->method && !text_same(fault->method, call->method))
        return false;
    if (fault->skip > 0) {
        fault->skip--;
        return false;
    }
    if (fault->left == 0)
        return false;
    if (fault->left > 0)
        fault->left--;
    return true;
}

void faults_apply(struct faults *faults, struct call *call)
{
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        if (!fault_hits(fault, call))
            continue;
        call->effects[fault->kind] = fault->effect;
        call->effects[fault->kind].on = true;
    }
}
