#ifndef CLOUD_VAULT_RULES_H
#define CLOUD_VAULT_RULES_H

#include <jansson.h>
#include <stdbool.h>

struct call;

/* What Key Vault checks before it takes new properties. old is what the vault
 * has now, NULL when it is being created. On a violation answers 400 and
 * returns false. */
bool vault_rules_check(struct call *call, json_t *old, json_t *given);
/* arm_vaults.c: whether a vault, live or deleted, has the name. */
bool vault_name_taken(struct call *call, const char *name);
/* The same as vault_rules_check() for a managed HSM. */
bool hsm_rules_check(struct call *call, json_t *old, json_t *given);

#endif
