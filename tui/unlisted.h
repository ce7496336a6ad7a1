/* One line for what may be missing from a list: subscriptions whose vaults
 * could not be listed. */
#ifndef UNLISTED_H
#define UNLISTED_H

#include "canvas.h"
#include "kvgov/estate.h"

bool unlisted_any(const struct kv_estate *estate);
/* At the canvas's pen; nothing where all were listed. */
void unlisted_draw(const struct kv_estate *estate, struct canvas *canvas);

#endif
