/* Objects in vaults and HSMs: names and attributes, as Azure Resource Manager
 * and as the vault itself tell them. Never a value, never key material. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "azure.h"

/* What vaults allow, and no more: a name becomes part of an address. */
bool object_name_is_plain(struct view name);
/* A row of that kind, or NULL when it was not listed. */
struct kv_object *object_gathered(const struct azure_context *context,
    const char *collection, struct view name);

/* Items of lists. */
bool arm_key_take(const struct azure_context *context, const json_t *item);
bool arm_secret_take(const struct azure_context *context, const json_t *item);
bool key_take(const struct azure_context *context, const json_t *item);
bool secret_take(const struct azure_context *context, const json_t *item);
bool certificate_take(const struct azure_context *context, const json_t *item);
bool deleted_key_take(const struct azure_context *context, const json_t *item);
bool deleted_secret_take(
    const struct azure_context *context, const json_t *item);
bool deleted_certificate_take(
    const struct azure_context *context, const json_t *item);

/* Answers about one that was listed; the subject is its id. */
bool arm_key_detail_take(
    const struct azure_context *context, const json_t *body);
bool key_detail_take(const struct azure_context *context, const json_t *body);
bool key_rotation_take(const struct azure_context *context, const json_t *body);
bool certificate_policy_take(
    const struct azure_context *context, const json_t *body);
/* An item of the list of issuers: whose certificates came from it. */
bool issuer_take(const struct azure_context *context, const json_t *item);

/* A GET of a key shows its public part, which nobody here has a use for. */
void key_clean(json_t *body);

#endif
