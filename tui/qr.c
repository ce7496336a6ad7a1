/* QR codes by libqrencode, which knows how they are made; here they become
 * cells. */
#include "qr.h"

#include <qrencode.h>
#include <string.h>

/* ISO 18004 wants four around it; readers do with two, and a terminal of 80 by
 * 24 has no room for more. */
#define QUIET 2
#define TEXT_LIMIT 256 /* bytes */

static bool is_dark(const QRcode *code, int x, int y)
{
    x -= QUIET;
    y -= QUIET;
    if (x < 0 || y < 0 || x >= code->width || y >= code->width)
        return false;
    return code->data[y * code->width + x] & 1;
}

static void draw_row(
    struct canvas *canvas, const QRcode *code, int y, int columns)
{
    /* by the upper module, then the lower */
    static const char *const blocks[2][2] = {
        { " ", "\u2584" },
        { "\u2580", "\u2588" },
    };
    struct buf line = { .limit = 4096 };

    for (int x = 0; x < columns; x++)
        buf_puts(&line, blocks[is_dark(code, x, y)][is_dark(code, x, y + 1)]);
    canvas_put(canvas, ROLE_CODE, buf_view(&line));
    buf_done(&line);
}

static int draw(
    struct canvas *canvas, int row, int left_columns, const QRcode *code)
{
    int columns = code->width + 2 * QUIET;
    int rows = (columns + 1) / 2;
    int start = canvas->columns - columns - 1; /* one cell of air */
    struct canvas part;

    if (start < left_columns || row + rows > canvas->rows)
        return 0;
    part = canvas_part(canvas, row, start, rows, columns);
    for (int i = 0; i < rows; i++) {
        canvas_move(&part, i, 0);
        draw_row(&part, code, 2 * i, columns);
    }
    return columns + 1;
}

int qr_draw(struct canvas *canvas, int row, int left_columns, const char *text)
{
    QRcode *code = NULL;
    int columns = 0;

    if (!canvas->grid->ascii && *text && strlen(text) <= TEXT_LIMIT)
        code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    if (code)
        columns = draw(canvas, row, left_columns, code);
    QRcode_free(code);
    return columns;
}
