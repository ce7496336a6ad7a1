/* The table of excuses, and keeping each kind of problem once. */
#include "type_findings.h"

#include <string.h>
#include <strings.h>

#include "base.h"
#include "test.h"

/* A difference that is right, and why. */
struct type_excuse {
    const char *type;    /* "" for every type */
    const char *problem; /* as the check words it */
    const char *reason;
};

static const struct type_excuse excuses[] = {
    { "Microsoft.KeyVault/vaults",
        "properties.sku.name: is another spelling of a named value",
        "as recorded: the case depends on the vault's age" },
    { "Microsoft.KeyVault/vaults",
        "properties.accessPolicies.[].permissions.keys.[]: is another spelling "
        "of a named value",
        "as recorded: the case is the portal's" },
    { "Microsoft.KeyVault/vaults",
        "properties.accessPolicies.[].permissions.secrets.[]: is another "
        "spelling of a named value",
        "as recorded: the case is the portal's" },
    { "", "type: is another spelling of a named value",
        "providers answer in a case of their own" },
    { "Microsoft.Insights/diagnosticSettings", "location: unknown field",
        "as recorded" },
    { "Microsoft.Insights/diagnosticSettings", "kind: unknown field",
        "as recorded" },
    { "Microsoft.Insights/diagnosticSettings", "tags: unknown field",
        "as recorded" },
    { "Microsoft.Insights/diagnosticSettings", "identity: unknown field",
        "as recorded" },
    { "Microsoft.Network/privateEndpoints",
        "properties.resourceGuid: unknown field",
        "newer than the published version" },
};

void type_findings_init(
    struct type_findings *findings, const struct types *types)
{
    assert_true(LENGTH(excuses) <= TYPE_EXCUSE_LIMIT);
    *findings = (struct type_findings){ .types = types, .seen = json_object() };
}

void type_findings_done(struct type_findings *findings)
{
    json_decref(findings->seen);
    *findings = (struct type_findings){ 0 };
}

static bool excused(
    struct type_findings *findings, const char *type, const char *problem)
{
    for (size_t i = 0; i < LENGTH(excuses); i++) {
        if ((*excuses[i].type && strcasecmp(excuses[i].type, type) != 0) ||
            strcmp(excuses[i].problem, problem) != 0)
            continue;
        findings->used[i] = true;
        return true;
    }
    return false;
}

static void take_problem(
    struct type_findings *findings, const json_t *object, struct view line)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    char *problem = mem_copy_view(line);
    struct buf key = { .limit = 4096 };

    buf_putf(&key, "%s %s", type, problem);
    if (line.size > 0 && !excused(findings, type, problem) &&
        !json_object_get(findings->seen, buf_text(&key)))
        json_object_set(
            findings->seen, buf_text(&key), json_object_get(object, "id"));
    buf_done(&key);
    mem_free(problem);
}

void type_findings_check(struct type_findings *findings, const json_t *object)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    struct buf problems = { .limit = 1u << 20 };
    struct view rest;

    if (!type || !types_know(findings->types, type))
        return;
    findings->checked++;
    (void)types_check(findings->types, type, object, TYPES_ANSWER, &problems);
    rest = buf_view(&problems);
    while (rest.size > 0)
        take_problem(findings, object, view_cut(&rest, '\n'));
    buf_done(&problems);
}

void type_findings_put(const struct type_findings *findings, struct buf *out)
{
    const char *name;
    json_t *id;

    json_object_foreach(findings->seen, name, id)
    {
        buf_putf(out, "%s\n    first: %s\n", name, json_string_value(id));
    }
}

void type_findings_check_excuses(const struct type_findings *findings)
{
    for (size_t i = 0; i < LENGTH(excuses); i++)
        if (!findings->used[i])
            fail_with("no object needs the excuse '%s %s'", excuses[i].type,
                excuses[i].problem);
}
