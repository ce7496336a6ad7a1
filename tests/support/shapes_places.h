/* Where Microsoft's examples and recorded answers have which members: an
 * example shows what its author chose to show, another one shows more. */
#ifndef SUPPORT_SHAPES_PLACES_H
#define SUPPORT_SHAPES_PLACES_H

#include <stdbool.h>

struct places;

/* Reads every answer of the examples and of the recordings. */
struct places *places_open(void);
void places_close(struct places *places);

/* Whether any answer of the provider ("Microsoft.KeyVault", in any case, or
 * "KeyVault.DataPlane") has the path's last member in an object called like
 * the path's last but one. An answer and the items of its list count as one. */
bool places_have(
    const struct places *places, const char *provider, const char *path);

#endif
