/* The list of faults that are switched on, and which of them hit a request. */
#include "faults.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fault_rule.h"

struct faults {
    struct fault *items;
    size_t count;
    uint64_t random;
};

struct faults *faults_new(void)
{
    return alloc_zero(1, sizeof(struct faults));
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

bool faults_add(struct faults *faults, const char *text, char **problem)
{
    struct fault fault = { 0 };

    if (!fault_parse(&fault, text)) {
        fault_done(&fault);
        *problem = alloc_format(
            "The fault '%s' is not understood; write 'METHOD PATH KIND "
            "[NAME=VALUE]...' or "
            "KIND[=VALUE][:match=PART][:method=M][:count=N][:skip=N] with a "
            "kind that --help lists.",
            text);
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

/* A pattern that starts with "//" tells vaults apart: "//NAME/secrets*". */
static bool pattern_hits(const char *pattern, const struct call *call)
{
    bool named = text_starts(pattern, "//");
    char *path = named ? alloc_format("//%s%s", call->vault ? call->vault : "",
                             call->path)
                       : alloc_text(call->path);
    bool hit = fnmatch(pattern, path, FNM_CASEFOLD) == 0;

    free(path);
    return hit;
}

/* Splitmix64: the same seed, the same faults, on every machine. */
static double random_next(struct faults *faults)
{
    uint64_t x = faults->random += 0x9e3779b97f4a7c15u;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

static bool fault_hits(
    struct faults *faults, struct fault *fault, const struct call *call)
{
    if (fault->match && !text_holds(call->path, fault->match))
        return false;
    if (fault->pattern && !pattern_hits(fault->pattern, call))
        return false;
    if (fault->method && !text_same(fault->method, call->method))
        return false;
    if (fault->kind == FAULT_IMDS_410 &&
        !text_holds(call->path, "/metadata/identity/"))
        return false;
    if (fault->skip > 0) {
        fault->skip--;
        return false;
    }
    if (fault->left == 0)
        return false;
    if (fault->chance < 1 && random_next(faults) >= fault->chance)
        return false;
    if (fault->left > 0)
        fault->left--;
    return true;
}

void faults_apply(struct faults *faults, struct call *call)
{
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        if (!fault_hits(faults, fault, call))
            continue;
        call->effects[fault->kind] = fault->effect;
        call->effects[fault->kind].on = true;
    }
}
