/* Making bytes hostile: small wrongs in any bytes, and wrongs in the values of
 * JSON that stays JSON, without which no mutation would get past its parser. */
#ifndef MUTATE_H
#define MUTATE_H

#include "fuzz.h"

/* The same seed gives the same rolls on every machine. */
struct dice {
    uint64_t state;
};

struct dice dice_of(const char *seed);
uint32_t dice_roll(struct dice *dice, uint32_t sides); /* 0 to sides - 1 */

/* Changes `size` bytes in a room of `limit`; returns how many there are now. */
size_t mutate(uint8_t *data, size_t size, size_t limit, struct dice *dice);

#endif
