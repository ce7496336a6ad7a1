/* A one-line text field: editing, drawing, and what ends it. */
#ifndef INPUT_H
#define INPUT_H

#include "canvas.h"
#include "keys.h"

#define INPUT_BYTES 512

/* Zero-initialise for an empty field. */
struct input {
    char text[INPUT_BYTES]; /* UTF-8, terminated */
    size_t size;
    size_t cursor; /* byte offset, always between code points */
    bool pasted;   /* some of it came from a paste */
};

enum input_result {
    INPUT_IGNORED, /* not a key of a text field */
    INPUT_CHANGED, /* text or cursor is another one */
    INPUT_ENTER,   /* typed, never pasted */
    INPUT_ESCAPE,
};

void input_set(struct input *input, const char *text);
enum input_result input_key(struct input *input, struct key key);
/* Draws `width_cells` at the pen, scrolled so that the cursor is visible, and
 * rests the hardware cursor there. */
void input_draw(
    const struct input *input, struct canvas *canvas, int width_cells);

#endif
