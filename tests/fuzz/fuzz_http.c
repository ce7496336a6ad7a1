/* Addresses that an answer names and header fields that say when to come back.
 * The token goes by the origin, so its reading is what counts. */
#include "fuzz.h"

#include "address.h"
#include "retry.h"

#define NOW_S 1790000000

static void check_origin(const char *url)
{
    struct buf origin = { .limit = 4096 };
    struct buf again = { .limit = 4096 };

    if (http_origin(&origin, url, NULL) == KV_OK) {
        fuzz_check_visible(buf_view(&origin), false);
        fuzz_check(view_starts_nocase(buf_view(&origin), view_of("https://")) ||
                   address_is_loopback(buf_text(&origin)));
        fuzz_check(!strpbrk(buf_text(&origin), "@\\ "));
        fuzz_check(http_origin(&again, buf_text(&origin), NULL) == KV_OK);
        fuzz_check(view_equal(buf_view(&origin), buf_view(&again)));
        fuzz_check(http_same_origin(url, buf_text(&origin)));
        fuzz_check(*address_host(buf_text(&origin)));
    } else {
        fuzz_check(!http_same_origin(url, url));
    }
    buf_done(&again);
    buf_done(&origin);
}

static void check_machine(const char *url)
{
    struct buf origin = { .limit = 4096 };

    if (http_machine_origin(&origin, url, NULL) == KV_OK)
        fuzz_check(address_is_loopback(buf_text(&origin)) ||
                   strstr(buf_text(&origin), "169.254.169.254"));
    buf_done(&origin);
}

static void check_fields(const char *text)
{
    int64_t after_s = retry_parse_after(text, 0, NOW_S);
    int64_t pause_ms = retry_pause_ms(1000, 1, after_s);

    fuzz_check(after_s >= -1);
    fuzz_check(pause_ms >= 0 && pause_ms <= 120000);
    fuzz_check(retry_parse_after(text, retry_parse_date(text), NOW_S) >= -1);
    fuzz_check(retry_parse_count(text) >= -1);
    fuzz_check(retry_parse_clock(text) >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(fuzz_view(data, size));

    check_origin(text);
    check_machine(text);
    check_fields(text);
    mem_free(text);
    return 0;
}
