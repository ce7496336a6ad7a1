#ifndef CLOUD_DIRECTORY_H
#define CLOUD_DIRECTORY_H

#include "cloud.h"

/* Whether the caller has one of the application permissions, which are
 * separated by spaces; otherwise answers 403. */
bool directory_allows(struct call *call, const char *permissions);

/* The object as Graph shows it, with the members that $select names. */
json_t *directory_public(struct call *call, json_t *object);

/* An app registration by its object id; NULL when there is none. */
json_t *directory_application(const struct estate *estate, const char *id);

#endif
