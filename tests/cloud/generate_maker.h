#ifndef CLOUD_GENERATE_MAKER_H
#define CLOUD_GENERATE_MAKER_H

#include <stdint.h>

#include "buffer.h"
#include "estate.h"

/* What the files of the generator share: its random numbers, the estate that
 * grows, and the principals that it hands roles to. */
#define USERS 200
#define APPS 120
#define GROUPS 30

struct maker {
    struct estate *estate;
    uint64_t random;
    char tenant[40];
    char operator_id[40];
    char (*users)[40];
    char (*apps)[40];
    char (*groups)[40];
    unsigned long vaults;
    unsigned long hsms;
};

/* One subscription while it is filled. */
struct place {
    char subscription[40];
    char group[256]; /* the id of the current resource group */
    char workspace[400];
    char storage[400];
};

unsigned random_below(struct maker *maker, unsigned limit);
bool random_percent(struct maker *maker, unsigned percent);
const char *random_of(
    struct maker *maker, const char *const *words, size_t count);
#define RANDOM_OF(maker, words)                                                \
    random_of(maker, words, sizeof(words) / sizeof *(words))

void random_guid(struct maker *maker, char out[40]);
/* A moment in the last so many days. */
void random_time(struct maker *maker, unsigned days, char out[32]);
/* Hands the text over to the estate as one item. */
void item_take(struct maker *maker, enum kind kind, struct buffer *text);

extern const char *const random_regions[8];
extern const char *const random_environments[4];
extern const char *const random_teams[8];

/* generate_people.c */
void make_identity(struct maker *maker);
void make_assignment(struct maker *maker, const char *scope, const char *role,
    const char *principal, const char *type);
/* To a user, a group or an application. */
void make_someone(struct maker *maker, const char *scope, const char *role);

/* generate_vaults.c */
void make_vault(struct maker *maker, const struct place *place);
void make_hsm(struct maker *maker, const struct place *place);
void make_deleted(struct maker *maker, const struct place *place);

#endif
