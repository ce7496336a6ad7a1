/* The generator's random numbers and what is drawn with them. */
#include "generate_maker.h"

#include <stdio.h>
#include <time.h>

#include "cloud.h"

/* splitmix64: small, and the same everywhere. */
static uint64_t random_next(struct maker *maker)
{
    uint64_t z = maker->random += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

unsigned random_below(struct maker *maker, unsigned limit)
{
    return (unsigned)(random_next(maker) % limit);
}

bool random_percent(struct maker *maker, unsigned percent)
{
    return random_below(maker, 100) < percent;
}

const char *random_of(
    struct maker *maker, const char *const *words, size_t count)
{
    return words[random_below(maker, (unsigned)count)];
}
void random_guid(struct maker *maker, char out[40])
{
    uint64_t a = random_next(maker);
    uint64_t b = random_next(maker);

    snprintf(out, 40, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32),
        (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
        (unsigned)(b >> 52), (unsigned long long)(b & 0xffffffffffffu));
}

void random_time(struct maker *maker, unsigned days, char out[32])
{
    time_text(time(NULL) - 86400 * (time_t)random_below(maker, days), out);
}

void item_take(struct maker *maker, enum kind kind, struct buffer *text)
{
    size_t length = text->length;

    estate_append(
        maker->estate, kind, item_new_text(buffer_take(text), length));
}

const char *const random_regions[8] = { "westeurope", "northeurope", "eastus",
    "eastus2", "uksouth", "germanywestcentral", "swedencentral", "westus3" };
const char *const random_environments[4] = { "prod", "prod", "test", "dev" };
const char *const random_teams[8] = { "payments", "identity", "retail", "data",
    "platform", "logistics", "hr", "web" };
