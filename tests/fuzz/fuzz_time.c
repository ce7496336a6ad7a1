/* Times that Azure writes: what is read is what is shown again. */
#include "fuzz.h"

#define LAST_S 253402300799 /* the end of the year 9999 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t time_s = time_parse(fuzz_view(data, size));
    struct buf text = { .limit = 64 };

    /* An offset may carry the first and the last day over. */
    fuzz_check(time_s >= -62167305600 && time_s <= LAST_S + 86400);
    if (time_s > 0 && time_s <= LAST_S) {
        buf_put_time(&text, time_s);
        fuzz_check(time_parse(buf_view(&text)) == time_s);
    }
    buf_clear(&text);
    buf_put_age(&text, time_s);
    fuzz_check_visible(buf_view(&text), false);
    buf_done(&text);
    return 0;
}
