/* What only libFuzzer asks for: half of its mutations are ours, which know
 * JSON. */
#include "mutate.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t limit);
size_t LLVMFuzzerCustomMutator(
    uint8_t *data, size_t size, size_t limit, unsigned seed);

size_t LLVMFuzzerCustomMutator(
    uint8_t *data, size_t size, size_t limit, unsigned seed)
{
    struct dice dice = { seed };

    if (dice_roll(&dice, 2))
        return LLVMFuzzerMutate(data, size, limit);
    return mutate(data, size, limit, &dice);
}
