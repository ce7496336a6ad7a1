/* Azure Resource Graph: the inventory in bulk, api-version 2024-04-01. */
#include "azure.h"

void azure_graph_body(struct buf *out, const struct azure_ask *ask)
{
    json_t *ids = json_array();
    json_t *options = json_pack("{s:i, s:s, s:s}", "$top",
        ask->wide ? AZURE_GRAPH_WIDE_ROWS : AZURE_GRAPH_ROWS, "resultFormat",
        "objectArray", "authorizationScopeFilter", "AtScopeAboveAndBelow");
    json_t *body;
    char *text;

    for (size_t i = 0; i < ask->id_count; i++)
        json_array_append_new(ids, json_string(ask->ids[i]));
    if (ask->skip_token)
        json_object_set_new(
            options, "$skipToken", json_string(ask->skip_token));
    body = json_pack("{s:o, s:s, s:o}", "subscriptions", ids, "query",
        ask->query, "options", options);
    text = json_dumps(body, JSON_COMPACT);
    buf_puts(out, text);
    mem_free(text);
    json_decref(body);
}
