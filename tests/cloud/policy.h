#ifndef CLOUD_POLICY_H
#define CLOUD_POLICY_H

#include "graph_rows.h"

/* What Azure Policy finds: every assigned definition that this cloud can judge
 * against every vault and managed HSM below the assignment. States follow from
 * what the resources are now; a real one would lag by minutes. */
struct policy_state {
    const struct item *resource;
    const struct item *assignment;
    const char *definition; /* its guid */
    const char *set_id;     /* of the set definition, or "" */
    const char *reference;  /* within the set, or "" */
    bool compliant;
    bool exempt; /* not counted, whatever it is */
};

typedef void policy_take(void *taker, const struct policy_state *state);

/* Calls take for every state at and below the scope, in lower case. */
void policy_judge(const struct estate *estate, const char *scope,
    policy_take *take, void *taker);

/* Whether an exemption in force is for this. */
bool policy_exempt(
    const struct estate *estate, const struct policy_state *state);

/* Rows of Resource Graph's policyresources. */
void policy_state_rows(const struct estate *estate, struct rows *out);

#endif
