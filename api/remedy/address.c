/* IPv4 addresses and ranges as the firewall of Key Vault takes them: public
 * ones only; it refuses private ranges and knows no IPv6. */
#include "plan.h"

#define OCTETS 4
#define PREFIX_MAX 32u

struct reserved {
    uint32_t first;
    uint32_t last;
    const char *name;
};

static const struct reserved reserved[] = {
    { 0x00000000, 0x00ffffff, "\"this network\" (0.0.0.0/8)" },
    { 0x0a000000, 0x0affffff, "private (10.0.0.0/8, RFC 1918)" },
    { 0x64400000, 0x647fffff, "carrier-internal (100.64.0.0/10)" },
    { 0x7f000000, 0x7fffffff, "loopback (127.0.0.0/8)" },
    { 0xa9fe0000, 0xa9feffff, "link-local (169.254.0.0/16)" },
    { 0xac100000, 0xac1fffff, "private (172.16.0.0/12, RFC 1918)" },
    { 0xc0a80000, 0xc0a8ffff, "private (192.168.0.0/16, RFC 1918)" },
    { 0xe0000000, 0xffffffff, "multicast or reserved (224.0.0.0/3)" },
};

/* Digits only, without a leading zero that some read as octal. */
static bool number_parse(unsigned *out, struct view text, unsigned max)
{
    unsigned number = 0;

    if (text.size == 0 || text.size > 3 ||
        (text.size > 1 && text.data[0] == '0'))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    *out = number;
    return number <= max;
}

static bool ipv4_parse(uint32_t *out, struct view text)
{
    uint32_t address = 0;

    for (int i = 0; i < OCTETS; i++) {
        bool last = i == OCTETS - 1;
        struct view part = last ? text : view_cut(&text, '.');
        unsigned octet;

        if (!number_parse(&octet, part, 255))
            return false;
        address = address << 8 | octet;
    }
    *out = address;
    return true;
}

static uint32_t host_mask(unsigned prefix)
{
    return prefix == 0 ? UINT32_MAX : (uint32_t)((1ull << (32 - prefix)) - 1);
}

static bool range_parse(struct address_range *out, struct view text)
{
    struct view address = view_cut(&text, '/');
    bool has_prefix = text.data; /* also when nothing follows the slash */

    out->prefix = PREFIX_MAX;
    if (!ipv4_parse(&out->first, address) ||
        (has_prefix && !number_parse(&out->prefix, text, PREFIX_MAX)))
        return false;
    out->last = out->first | host_mask(out->prefix);
    return true;
}

static const struct reserved *reserved_find(const struct address_range *range)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (range->first <= reserved[i].last &&
            reserved[i].first <= range->last)
            return &reserved[i];
    }
    return NULL;
}

enum kv_status address_parse(
    struct address_range *out, struct view text, struct kv_error *err)
{
    struct address_range range = { 0 };
    const struct reserved *inside;
    int size = text.size > 64 ? 64 : (int)text.size;

    if (!range_parse(&range, text))
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%.*s\" is not an IPv4 address or range: write 203.0.113.7 or "
            "203.0.113.0/24.",
            size, text.size > 0 ? text.data : "");
    if ((range.first & host_mask(range.prefix)) != 0)
        return kv_error_set(err, KV_BAD_INPUT,
            "%.*s does not start at the beginning of its /%u range.", size,
            text.data, range.prefix);
    inside = reserved_find(&range);
    if (inside)
        return kv_error_set(err, KV_BAD_INPUT,
            "%.*s is or includes addresses that are %s: the firewall takes "
            "public addresses only.",
            size, text.data, inside->name);
    *out = range;
    return KV_OK;
}
