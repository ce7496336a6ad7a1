#ifndef CLOUD_CHANGE_H
#define CLOUD_CHANGE_H

#include "cloud.h"

/* The id that a path names, with the casing of the item if it exists. */
struct item *resource_find(struct call *call, const char *type);
/* The same, and answers ResourceNotFound or ResourceGroupNotFound if absent.
 * type is "Microsoft.KeyVault/vaults" and its like. */
struct item *resource_need(
    struct call *call, const char *type, const char *group, const char *name);

/* Stores the object as it is now and answers with it. */
void change_answer(
    struct call *call, unsigned status, enum kind kind, json_t *object);
/* Stores the object; takes it over. Returns the new item, borrowed. */
struct item *change_store(struct call *call, enum kind kind, json_t *object);
/* Notes who changed the object and when, if it has systemData. */
void change_stamp(struct call *call, json_t *object);

/* The /subscriptions/... start of a path, up to its subscription or group. */
char *path_subscription(const struct call *call);
char *path_group(const struct call *call);

#endif
