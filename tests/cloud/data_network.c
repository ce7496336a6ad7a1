/* The network door of a vault's data plane: firewall rules, perimeters and
 * private links. */
#include "data_network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "data_gate.h"

#define ASSOCIATION                                                            \
    "microsoft.network/networksecurityperimeters/"                             \
    "resourceassociations"

/* The address that vaults see; every real caller comes from loopback. */
static const char *caller_address(const struct call *call)
{
    const char *told =
        json_string_value(estate_member(&call->cloud->estate, "callerAddress"));

    return told ? told : "127.0.0.1";
}

/* Vaults that the caller reaches through a private endpoint. */
static bool caller_linked(const struct call *call, const struct item *vault)
{
    size_t index;
    json_t *name;

    json_array_foreach(estate_member(&call->cloud->estate, "privateLinks"),
        index,
        name) if (text_same(json_string_value(name), vault->name)) return true;
    return false;
}

static bool range_holds(const char *range, const char *address)
{
    char *net = alloc_slice(range, strcspn(range, "/"));
    const char *slash = strchr(range, '/');
    long bits = slash ? strtol(slash + 1, NULL, 10) : 32;
    struct in_addr a = { 0 };
    struct in_addr b = { 0 };
    bool good = inet_pton(AF_INET, net, &a) == 1 &&
                inet_pton(AF_INET, address, &b) == 1 && bits >= 0 && bits <= 32;
    uint32_t mask = bits > 0 ? ~(uint32_t)0 << (32 - bits) : 0;

    free(net);
    return good && (ntohl(a.s_addr) & mask) == (ntohl(b.s_addr) & mask);
}

static bool rules_hold(json_t *acls, const char *address)
{
    size_t index;
    json_t *rule;

    json_array_foreach(json_object_get(acls, "ipRules"), index, rule)
    {
        const char *range = json_string_value(json_object_get(rule, "value"));

        if (range && range_holds(range, address))
            return true;
    }
    return false;
}

static bool network_refuse(
    struct call *call, const char *inner, const char *format, const char *what)
{
    char *message = alloc_format("%s%s", format, what);

    data_error(call, 403, "Forbidden", inner, message);
    free(message);
    return false;
}

/* ---- perimeters ---- */

/* The profile by which a perimeter guards the vault, "" when none does or it
 * only watches. The caller frees it. */
static char *guarding_profile(
    const struct estate *estate, const struct item *vault)
{
    const struct table *table = &estate->tables[KIND_EXTENSION];
    char *found = NULL;

    for (size_t i = 0; i < table->count && !found; i++) {
        const struct item *item = table->items[i];
        char *target;
        char *mode;

        if (strcmp(item->type, ASSOCIATION) != 0)
            continue;
        target = item_copy(item, "properties.privateLinkResource.id");
        mode = item_copy(item, "properties.accessMode");
        if (text_same(target, vault->id) && text_same(mode, "Enforced"))
            found = item_copy(item, "properties.profile.id");
        free(target);
        free(mode);
    }
    return found ? found : alloc_text("");
}

static bool rule_admits(const struct item *item, const char *address)
{
    json_t *rule = item_json(item);
    json_t *given = json_object_get(rule, "properties");
    bool inbound = text_same(
        json_string_value(json_object_get(given, "direction")), "Inbound");
    bool admits = false;
    size_t index;
    json_t *range;

    json_array_foreach(json_object_get(given, "addressPrefixes"), index, range)
    {
        admits = admits || (json_is_string(range) && inbound &&
                               range_holds(json_string_value(range), address));
    }
    json_decref(rule);
    return admits;
}

static bool profile_admits(
    const struct estate *estate, const char *profile, const char *address)
{
    const struct table *table = &estate->tables[KIND_EXTENSION];
    char *prefix = alloc_format("%s/accessRules/", profile);
    struct range range;
    bool admits = false;

    text_lower(prefix);
    range = estate_below(estate, KIND_EXTENSION, prefix);
    for (size_t i = range.first; i < range.last && !admits; i++)
        admits = rule_admits(table->items[i], address);
    free(prefix);
    return admits;
}

/* ---- the door ---- */

/* What the vault's own settings say, which a perimeter that is enforced takes
 * the place of. */
struct door {
    bool shut;   /* closed to the public network */
    bool denied; /* no rule is for the caller */
};

static struct door vault_door(const struct item *vault, const char *address)
{
    json_t *json = item_json(vault);
    json_t *properties = json_object_get(json, "properties");
    json_t *acls = json_object_get(properties, "networkAcls");
    const char *access =
        json_string_value(json_object_get(properties, "publicNetworkAccess"));
    struct door door = {
        .shut = text_same(access, "Disabled") ||
                text_same(access, "SecuredByPerimeter"),
        .denied =
            text_same(json_string_value(json_object_get(acls, "defaultAction")),
                "Deny") &&
            !rules_hold(acls, address),
    };

    json_decref(json);
    return door;
}

static struct door perimeter_door(
    const struct estate *estate, const char *profile, const char *address)
{
    return (struct door){ .shut = !profile_admits(estate, profile, address) };
}

bool network_open(struct call *call, const struct item *vault)
{
    const struct estate *estate = &call->cloud->estate;
    const char *address = caller_address(call);
    char *profile = guarding_profile(estate, vault);
    struct door door = *profile ? perimeter_door(estate, profile, address)
                                : vault_door(vault, address);

    free(profile);
    call_header(call, "x-ms-keyvault-network-info",
        "conn_type=Ipv4;addr=%s;act_addr_fam=InterNetwork;", address);
    if ((!door.shut && !door.denied) || caller_linked(call, vault))
        return true;
    if (door.shut)
        return network_refuse(call, "ForbiddenByConnection",
            "Public network access is disabled and request is not from a "
            "trusted service nor via an approved private link.",
            "");
    return network_refuse(call, "ForbiddenByFirewall",
        "Client address is not authorized and caller is not a trusted "
        "service.\r\nClient address: ",
        address);
}
