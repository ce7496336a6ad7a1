/* OSC 52: ESC ] 52 ; c ; BASE64 BEL. */
#include "clip.h"

/* GNU screen drops a device control string of more than 768 bytes. */
#define ENVELOPE_BYTES 760

static void put_base64(struct buf *out, struct view text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < text.size; i += 3) {
        size_t left = text.size - i;
        uint32_t three = (uint32_t)(unsigned char)text.data[i] << 16;

        if (left > 1)
            three |= (uint32_t)(unsigned char)text.data[i + 1] << 8;
        if (left > 2)
            three |= (unsigned char)text.data[i + 2];
        buf_putc(out, digits[three >> 18]);
        buf_putc(out, digits[three >> 12 & 63]);
        buf_putc(out, left > 1 ? digits[three >> 6 & 63] : '=');
        buf_putc(out, left > 2 ? digits[three & 63] : '=');
    }
}

static void put_envelopes(struct buf *out, struct view text)
{
    while (text.size) {
        size_t size = text.size < ENVELOPE_BYTES ? text.size : ENVELOPE_BYTES;

        buf_puts(out, "\033P");
        buf_put(out, (struct view){ text.data, size });
        buf_puts(out, "\033\\");
        text.data += size;
        text.size -= size;
    }
}

void clip_put(struct buf *out, struct view text, bool screen)
{
    struct buf plain = { .limit = CLIP_ENCODED_BYTES + 64 };

    buf_puts(&plain, "\033]52;c;");
    put_base64(&plain, text);
    buf_putc(&plain, '\a');
    if (screen && !plain.failed)
        put_envelopes(out, buf_view(&plain));
    else if (!plain.failed)
        buf_put(out, buf_view(&plain));
    buf_done(&plain);
}
