/* Who still comes in over the network: a caller of the audit log against the
 * ways in before a change and after it. Pure. The log tells an address and an
 * identity, never by which way a call came; what follows from neither is
 * unsure. */
#include "network_side.h"

#include <string.h>

/* ---- addresses ---- */

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range private_ranges[] = {
    { 0x0a000000, 0x0affffff }, /* 10.0.0.0/8 */
    { 0x64400000, 0x647fffff }, /* 100.64.0.0/10 */
    { 0xac100000, 0xac1fffff }, /* 172.16.0.0/12 */
    { 0xc0a80000, 0xc0a8ffff }, /* 192.168.0.0/16 */
};

static bool ipv4_of(const char *address, uint32_t *out)
{
    uint32_t last;

    return address && ipv4_range_parse(view_of(address), out, &last) &&
           *out == last;
}

/* Service endpoints and private endpoints also show unique local addresses. */
bool address_is_private(const char *address)
{
    uint32_t number;

    if (!address)
        return false;
    if (!ipv4_of(address, &number))
        return strchr(address, ':') &&
               (view_starts_nocase(view_of(address), view_of("fc")) ||
                   view_starts_nocase(view_of(address), view_of("fd")));
    for (size_t i = 0; i < sizeof private_ranges / sizeof *private_ranges; i++)
        if (number >= private_ranges[i].first &&
            number <= private_ranges[i].last)
            return true;
    return false;
}

static const char *rule_text(json_t *rule)
{
    const char *text = json_string_value(rule);

    return text ? text : value_text(rule, "value");
}

bool way_in_has_address(const struct way_in *way, const char *address)
{
    uint32_t number, first, last;
    size_t index;
    json_t *rule;

    if (!ipv4_of(address, &number))
        return false;
    json_array_foreach(way->addresses, index, rule)
    {
        if (ipv4_range_parse(view_of(rule_text(rule)), &first, &last) &&
            number >= first && number <= last)
            return true;
    }
    return false;
}

/* ---- the ways in of a resource ---- */

static size_t approved_endpoints(json_t *properties)
{
    size_t count = 0;
    size_t index;
    json_t *item;

    json_array_foreach(
        value_at(properties, "privateEndpointConnections"), index, item)
    {
        count += text_equal_nocase(
            value_text(
                item, "properties.privateLinkServiceConnectionState.status"),
            "Approved");
    }
    return count;
}

/* Absent public access is Enabled, absent rules are Allow, absent bypass is
 * AzureServices. What a perimeter lets in is not in the resource. */
struct way_in way_in_of(json_t *properties)
{
    const char *access = value_text(properties, "publicNetworkAccess");
    const char *bypass = value_text(properties, "networkAcls.bypass");
    bool perimeter = text_equal_nocase(access, "SecuredByPerimeter");
    bool public = !perimeter && !text_equal_nocase(access, "Disabled");
    bool deny = text_equal_nocase(
        value_text(properties, "networkAcls.defaultAction"), "Deny");

    return (struct way_in){
        .open = public && !deny,
        .rules = public && deny,
        .trusted = !perimeter && !text_equal_nocase(bypass, "None"),
        .unsure = perimeter,
        .addresses = value_at(properties, "networkAcls.ipRules"),
        .subnets = json_array_size(
            value_at(properties, "networkAcls.virtualNetworkRules")),
        .endpoints = approved_endpoints(properties),
    };
}

static size_t private_ways(const struct way_in *way)
{
    return way->endpoints + (way->rules ? way->subnets : 0);
}

/* Whichever private way it came by: when all of them are left it stays, when
 * none is left it is lost. */
static enum fate private_fate(
    const struct way_in *before, const struct way_in *after)
{
    if (after->open)
        return FATE_STAYS;
    if (private_ways(after) == 0)
        return FATE_LOST;
    return !before->open && private_ways(after) >= private_ways(before)
               ? FATE_STAYS
               : FATE_UNSURE;
}

static bool lets_in(const struct way_in *way, const char *address)
{
    return way->open || (way->rules && way_in_has_address(way, address));
}

/* One that no rule let in and that came in all the same is a trusted service,
 * or came by what has changed since. */
static enum fate public_fate(const char *address, const struct way_in *before,
    const struct way_in *after)
{
    if (lets_in(after, address))
        return FATE_STAYS;
    if (after->unsure ||
        (after->trusted && before->trusted && !lets_in(before, address)))
        return FATE_UNSURE;
    return FATE_LOST;
}

enum fate caller_fate(const struct kv_caller *caller,
    const struct way_in *before, const struct way_in *after)
{
    if (caller->calls > 0 && caller->failures >= caller->calls)
        return FATE_REFUSED;
    if (!caller->address)
        return after->open ? FATE_STAYS : FATE_UNSURE;
    return address_is_private(caller->address)
               ? private_fate(before, after)
               : public_fate(caller->address, before, after);
}
