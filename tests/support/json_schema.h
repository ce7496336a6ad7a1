/* A value held against a JSON schema, as far as our own schema goes: type,
 * enum, const, properties, required, items, anyOf, minimum, maximum and $ref
 * into $defs. Any other word fails the test, so that none is overlooked. */
#ifndef SUPPORT_JSON_SCHEMA_H
#define SUPPORT_JSON_SCHEMA_H

#include <jansson.h>

/* Fails the test with the path where the value does not fit `part` of
 * `schema`. A member that the schema does not describe does not fit either:
 * what we write, we promise. */
void json_schema_check(
    const json_t *schema, const json_t *part, const json_t *value);

#endif
