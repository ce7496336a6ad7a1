/* Microsoft.Resources: tenants, subscriptions, resource groups, locations, and
 * plain reading of whatever other resources an estate holds. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"

void tenants_list(struct call *call)
{
    json_t *tenant = estate_member(&call->cloud->estate, "tenant");

    answer_json(call, 200, json_pack("{s:[O]}", "value", tenant));
}

void subscriptions_list(struct call *call)
{
    const struct table *table = &call->cloud->estate.tables[KIND_SUBSCRIPTION];
    struct page page = { .style = PAGE_PLAIN };

    for (size_t i = 0; i < table->count; i++)
        if (access_visible(call->cloud->access, call_object_id(call),
                table->items[i]->key))
            page_add(&page, table->items[i]);
    page_answer(&page, call);
}

void subscription_get(struct call *call)
{
    static const char action[] = "Microsoft.Resources/subscriptions/read";
    char *id = path_subscription(call);

    if (access_visible(call->cloud->access, call_object_id(call), id))
        answer_item(call, 200,
            estate_find(&call->cloud->estate, KIND_SUBSCRIPTION, id));
    else
        answer_forbidden(call, ACCESS_MISSING, NULL, action, id);
    free(id);
}

/* Regions as Azure describes them; one without zones has no mappings. */
static const struct {
    const char *name;
    const char *display;
    const char *group; /* how regionalDisplayName starts */
    const char *geography;
    const char *where; /* longitude, latitude, city, separated by '|' */
    const char *pair;
    bool zones;
} regions[] = {
    { "westeurope", "West Europe", "Europe", "Europe",
        "4.9|52.3667|Netherlands", "northeurope", true },
    { "northeurope", "North Europe", "Europe", "Europe",
        "-6.2597|53.3478|Ireland", "westeurope", true },
    { "germanywestcentral", "Germany West Central", "Europe", "Germany",
        "8.682127|50.110924|Frankfurt", "germanynorth", true },
    { "swedencentral", "Sweden Central", "Europe", "Sweden",
        "17.14127|60.67488|Gävle", "swedensouth", true },
    { "switzerlandnorth", "Switzerland North", "Europe", "Switzerland",
        "8.564572|47.451542|Zurich", "switzerlandwest", true },
    { "uksouth", "UK South", "Europe", "United Kingdom", "-0.799|50.941|London",
        "ukwest", true },
    { "ukwest", "UK West", "Europe", "United Kingdom", "-3.084|53.427|Cardiff",
        "uksouth", false },
    { "eastus", "East US", "US", "United States", "-79.8164|37.3719|Virginia",
        "westus", true },
    { "eastus2", "East US 2", "US", "United States",
        "-78.3889|36.6681|Virginia", "centralus", true },
    { "westus", "West US", "US", "United States", "-122.417|37.783|California",
        "eastus", false },
    { "westus3", "West US 3", "US", "United States",
        "-112.074036|33.448376|Phoenix", "eastus", true },
    { "brazilsouth", "Brazil South", "South America", "Brazil",
        "-46.633|-23.55|Sao Paulo State", "southcentralus", true },
};

static json_t *where_part(const char *where, int part)
{
    while (part-- > 0)
        where += strcspn(where, "|") + 1;
    return json_stringn(where, strcspn(where, "|"));
}

/* Azure holds zones back from single subscriptions: the estate's member
 * "zonesHidden", subscription to list of regions. */
static bool zones_shown(struct call *call, size_t i)
{
    json_t *hidden = json_object_get(
        estate_member(&call->cloud->estate, "zonesHidden"), call->captures[0]);
    size_t index;
    json_t *name;

    json_array_foreach(hidden, index, name)
    {
        if (text_same(json_string_value(name), regions[i].name))
            return false;
    }
    return regions[i].zones;
}

static json_t *region_metadata(size_t i, const char *pair)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:[{s:s, s:s}]}",
        "regionType", "Physical", "regionCategory", "Recommended", "geography",
        regions[i].geography, "geographyGroup", regions[i].group, "longitude",
        where_part(regions[i].where, 0), "latitude",
        where_part(regions[i].where, 1), "physicalLocation",
        where_part(regions[i].where, 2), "pairedRegion", "name",
        regions[i].pair, "id", pair);
}

void locations_list(struct call *call)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        char *id = alloc_format("/subscriptions/%s/locations/%s",
            call->captures[0], regions[i].name);
        char *pair = alloc_format("/subscriptions/%s/locations/%s",
            call->captures[0], regions[i].pair);
        json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "id", id,
            "name", regions[i].name, "type", "Region", "displayName",
            regions[i].display, "regionalDisplayName",
            json_sprintf("(%s) %s", regions[i].group, regions[i].display),
            "metadata", region_metadata(i, pair));

        for (int zone = 1; zones_shown(call, i) && zone <= 3; zone++) {
            char logical[2] = { (char)('0' + zone), '\0' };
            char *physical = alloc_format("%s-az%d", regions[i].name, zone);

            if (zone == 1)
                json_object_set_new(
                    row, "availabilityZoneMappings", json_array());
            json_array_append_new(
                json_object_get(row, "availabilityZoneMappings"),
                json_pack("{s:s, s:s}", "logicalZone", logical, "physicalZone",
                    physical));
            free(physical);
        }
        json_array_append_new(list, row);
        free(id);
        free(pair);
    }
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

void groups_list(struct call *call)
{
    struct page page = { .style = PAGE_PLAIN };
    char *scope = path_subscription(call);

    if (page_add_readable(&page, call, KIND_RESOURCE_GROUP, scope, NULL,
            "Microsoft.Resources/subscriptions/resourceGroups/read"))
        page_answer(&page, call);
    free(scope);
}

void group_get(struct call *call)
{
    char *id = path_group(call);
    struct item *group =
        estate_find(&call->cloud->estate, KIND_RESOURCE_GROUP, id);

    if (group)
        answer_item(call, 200, group);
    else
        answer_error(call, 404, "ResourceGroupNotFound",
            "Resource group '%s' could not be found.", call->captures[1]);
    free(id);
}

/* This list has ids only, without properties. */
static void resource_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    static const char *const kept[] = { "id", "name", "type", "kind",
        "location", "tags", "sku", "identity" };

    (void)call;
    buffer_putc(out, '{');
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct span value = scan_path(item->text, kept[i]);

        if (!value.at)
            continue;
        buffer_putf(out, "%s\"%s\":", i ? "," : "", kept[i]);
        buffer_put(out, value.at, value.length);
    }
    buffer_putc(out, '}');
}

/* The text that "PROPERTY eq 'TEXT'" of a filter asks for; free it. NULL: the
 * filter does not speak of that property. */
static char *filter_text(const char *filter, const char *property)
{
    char *wanted = alloc_format("%s eq '", property);
    const char *at = filter ? strcasestr(filter, wanted) : NULL;
    char *text = NULL;

    if (at && (at == filter || at[-1] == ' ')) {
        at += strlen(wanted);
        text = alloc_slice(at, strcspn(at, "'"));
    }
    free(wanted);
    return text;
}

static void page_keep_named(struct page *page, const char *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < page->count; i++)
        if (text_same(page->items[i]->name, name))
            page->items[kept++] = page->items[i];
    page->count = kept;
}

/* Filters join by "and" what they ask for. */
void resources_list(struct call *call)
{
    const char *filter = call_query(call, "$filter");
    struct page page = { .style = PAGE_PLAIN, .render = resource_render };
    char *scope = path_subscription(call);
    char *type = filter_text(filter, "resourceType");
    char *name = filter_text(filter, "name");

    if (type)
        text_lower(type);
    if (page_add_readable(&page, call, KIND_RESOURCE, scope, type,
            "Microsoft.Resources/subscriptions/resources/read")) {
        if (name)
            page_keep_named(&page, name);
        page_answer(&page, call);
    }
    free(scope);
    free(type);
    free(name);
}

/* Providers whose resources an estate holds, so that an empty list is the
 * truth. What this cloud does not play must not look as if it were empty. */
static bool provider_known(struct call *call, const char *name)
{
    static const char *const known[] = { "Microsoft.Network",
        "Microsoft.Storage", "Microsoft.EventHub",
        "Microsoft.OperationalInsights", "Microsoft.ManagedIdentity",
        "Microsoft.Insights", "Microsoft.EventGrid", "Microsoft.Web",
        "Microsoft.Compute", "Microsoft.KeyVault" };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_same(known[i], name))
            return true;
    answer_error(call, 404, "InvalidResourceNamespace",
        "The resource namespace '%s' is invalid.", name);
    return false;
}

void typed_list(struct call *call)
{
    bool grouped = strcasestr(call->path, "/resourceGroups/") != NULL;
    char *scope = grouped ? path_group(call) : path_subscription(call);
    const char *space = call->captures[grouped ? 2 : 1];
    const char *name = call->captures[grouped ? 3 : 2];
    char *type = alloc_format("%s/%s", space, name);
    char *action = alloc_format("%s/read", type);
    struct page page = { .style = PAGE_PLAIN };

    text_lower(type);
    if (provider_known(call, space) &&
        page_add_readable(&page, call, KIND_RESOURCE, scope, type, action))
        page_answer(&page, call);
    free(scope);
    free(type);
    free(action);
}

void resource_get(struct call *call)
{
    char *type = alloc_format("%s/%s", call->captures[2], call->captures[3]);
    char *action = alloc_format("%s/read", type);
    const struct item *deny = NULL;
    enum verdict verdict = access_check(
        call->cloud->access, call_object_id(call), call->path, action, &deny);
    const struct item *item;

    if (verdict != ACCESS_GRANTED) {
        answer_forbidden(call, verdict, deny, action, call->path);
    } else {
        item = resource_need(call, type, call->captures[1], call->captures[4]);
        if (item)
            answer_item(call, 200, item);
    }
    free(type);
    free(action);
}
