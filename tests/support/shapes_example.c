/* Reads what an example sends and what it answers. */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "shapes_ids.h"
#include "temp.h"
#include "test.h"

static bool recorded(const struct cloud_shape *row)
{
    return strncmp(row->example, "recorded/", 9) == 0;
}

static bool absent(const struct cloud_shape *row)
{
    return row->example[0] == '(';
}

/* The file of the row's example, parsed; json_decref(). */
static json_t *example_load(const struct cloud_shape *row)
{
    struct buf name = { .limit = 512 };
    struct view rest = view_of(row->example);
    struct view stem = view_cut(&rest, '#');

    buf_putf(&name, "azure/%s%.*s.json", recorded(row) ? "" : "examples/",
        (int)stem.size, stem.data);
    char *path = temp_path(test_shared(), buf_text(&name));
    json_t *file = json_load_file(path, 0, NULL);
    if (!file)
        fail_with("%s cannot be read", path);
    mem_free(path);
    buf_done(&name);
    return file;
}

static const json_t *interaction(
    const struct cloud_shape *row, const json_t *file)
{
    const char *number = strchr(row->example, '#');
    const json_t *all = json_object_get(file, "interactions");
    const json_t *one =
        json_array_get(all, number ? (size_t)strtoul(number + 1, NULL, 10) : 0);

    if (!one)
        fail_with("%s: there is no such answer", row->example);
    return one;
}

static json_t *recorded_answer(const json_t *one)
{
    const json_t *body =
        json_object_get(json_object_get(one, "response"), "body");
    const char *text = json_string_value(json_object_get(body, "string"));

    if (text)
        return json_loads(text, 0, NULL);
    return json_incref(json_object_get(body, "data"));
}

/* The first answer that has a body. */
static json_t *published_answer(const json_t *file)
{
    const char *status;
    json_t *answer;

    json_object_foreach(json_object_get(file, "responses"), status, answer)
    {
        json_t *body = json_object_get(answer, "body");

        if (body)
            return json_incref(body);
    }
    return NULL;
}

json_t *shape_answer(const struct cloud_shape *row)
{
    json_t *file;
    json_t *body;

    if (absent(row))
        return NULL;
    file = example_load(row);
    body = recorded(row) ? recorded_answer(interaction(row, file))
                         : published_answer(file);
    json_decref(file);
    return body;
}

int shape_status(const struct cloud_shape *row)
{
    json_t *file;
    const json_t *status;
    int code;

    if (!recorded(row))
        return 0;
    file = example_load(row);
    status = json_object_get(
        json_object_get(interaction(row, file), "response"), "status");
    code = (int)json_integer_value(json_object_get(status, "code"));
    json_decref(file);
    return code;
}

static const char *recorded_version(const json_t *one)
{
    const char *address = json_string_value(
        json_object_get(json_object_get(one, "request"), "uri"));
    const char *at = address ? strstr(address, "api-version=") : NULL;

    return at ? at + strlen("api-version=") : NULL;
}

char *shape_version(const struct cloud_shape *row)
{
    json_t *file;
    const char *found;
    char *version;

    if (absent(row))
        return mem_copy_text("");
    file = example_load(row);
    found = recorded(row)
                ? recorded_version(interaction(row, file))
                : json_string_value(json_object_get(
                      json_object_get(file, "parameters"), "api-version"));
    if (!found && !recorded(row))
        fail_with("%s names no api-version", row->example);
    found = found ? found : "";
    version = mem_copy_view((struct view){ found, strcspn(found, "&") });
    json_decref(file);
    return version;
}

char *shape_provider(const struct cloud_shape *row)
{
    const char *at = row->path;
    const char *found = NULL;

    if (row->plane == PLANE_VAULT || row->plane == PLANE_HSM)
        return mem_copy_text("KeyVault.DataPlane");
    while ((at = strcasestr(at, "/providers/")) != NULL)
        found = at += strlen("/providers/");
    return found ? mem_copy_view((struct view){ found, strcspn(found, "/?") })
                 : mem_copy_text("Microsoft.Resources");
}

/* ---- bodies ---- */

/* What stands for an id of the example that has this in it; the first row
 * that fits. */
static const struct {
    const char *part;
    const char *id; /* NULL: stays as it is */
} stand_ins[] = {
    { "/roleDefinitions/", CONTRIBUTOR },
    { "/policyDefinitions/",
        AUTH "policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5" },
    { "/policySetDefinitions/",
        "/providers/Microsoft.Management/managementGroups/mg-contoso-prod" AUTH
        "policySetDefinitions/contoso-vault-baseline" },
    { "/policyAssignments/", PAY AUTH "policyAssignments/remedy" },
    { "/actionGroups/", ACTIONS "ag-payments-duty" },
    { "/storageAccounts/", STORAGE },
    { "/workspaces/", WORKSPACE },
    { "/virtualNetworks/", NULL },
    { "/providers/", CORE },
    { "/resourceGroups/", GROUP },
    { "", PAY },
};

static const char *stand_in(const char *id)
{
    for (size_t i = 0; i < LENGTH(stand_ins); i++)
        if (strcasestr(id, stand_ins[i].part))
            return stand_ins[i].id ? stand_ins[i].id : id;
    return id;
}

/* Contoso has no virtual machines, and nothing in it is called test. */
static json_t *adapt_query(const char *text)
{
    static const char *const words[][2] = {
        { "Microsoft.Compute/virtualMachines", "Microsoft.KeyVault/vaults" },
        { "'test'", "'kv'" },
    };
    struct buf out = { .limit = 4096 };

    while (*text) {
        size_t i = 0;

        while (i < LENGTH(words) &&
               strncmp(text, words[i][0], strlen(words[i][0])) != 0)
            i++;
        if (i < LENGTH(words))
            buf_puts(&out, words[i][1]);
        else
            buf_put(&out, (struct view){ text, 1 });
        text += i < LENGTH(words) ? strlen(words[i][0]) : 1;
    }
    json_t *adapted = json_string(buf_text(&out));
    buf_done(&out);
    return adapted;
}

static json_t *adapt_text(const char *name, const char *text)
{
    if (strcmp(name, "query") == 0)
        return adapt_query(text);
    if (strcmp(name, "tenantId") == 0)
        return json_string(TENANT);
    if (strcmp(name, "principalId") == 0)
        return json_string(PERSON);
    if (strcmp(name, "subscriptions") == 0)
        return json_string(&PAY[sizeof "/subscriptions/" - 1]);
    if (strncmp(text, "/subscriptions/", 15) == 0)
        return json_string(stand_in(text));
    if (strncmp(text, "subscriptions/", 14) == 0)
        return json_string(PAY);
    return json_string(text);
}

/* `name` is the member that holds the value. */
static json_t *adapt(const char *name, const json_t *value)
{
    json_t *copy;
    const char *inner;
    size_t index;
    json_t *part;

    if (json_is_string(value))
        return adapt_text(name, json_string_value(value));
    if (!json_is_object(value) && !json_is_array(value))
        return json_deep_copy(value);
    copy = json_is_object(value) ? json_object() : json_array();
    json_object_foreach((json_t *)(uintptr_t)value, inner, part)
    {
        json_object_set_new(copy, inner, adapt(inner, part));
    }
    json_array_foreach(value, index, part)
    {
        json_array_append_new(copy, adapt(name, part));
    }
    return copy;
}

/* The one of its parameters that is an object. */
static const json_t *sent_body(const json_t *file)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(file, "parameters"), name, value)
    {
        if (json_is_object(value))
            return value;
    }
    return NULL;
}

char *shape_body(const struct cloud_shape *row)
{
    json_t *file;
    json_t *body;
    char *text;
    char *copy;

    if (!row->body || strcmp(row->body, EXAMPLE_BODY) != 0)
        return row->body ? mem_copy_text(row->body) : NULL;
    file = example_load(row);
    if (!sent_body(file))
        fail_with("%s sends no body", row->example);
    body = adapt("", sent_body(file));
    text = json_dumps(body, JSON_COMPACT);
    copy = mem_copy_text(text);
    free(text);
    json_decref(body);
    json_decref(file);
    return copy;
}
