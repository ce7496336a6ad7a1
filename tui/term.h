/* The terminal: the only user of ncurses. It reads keys and shows a grid; what
 * is in the grid is nobody's business here. */
#ifndef TERM_H
#define TERM_H

#include "canvas.h"
#include "keys.h"

struct term;

/* Takes the terminal on stdin and stdout. `name` overrides $TERM; one that
 * this system does not know is tried as the nearest known one. Fails with
 * KV_BAD_CONFIG. The locale must be set. */
KV_NODISCARD enum kv_status term_open(
    struct term **out, const char *name, struct kv_error *err);
/* Puts the terminal back. NULL is allowed. */
void term_close(struct term *term);

/* What the system knows of a terminal: how many colours it has, 0 without any;
 * -1 when it knows no such terminal, or none whose cursor can be moved. */
int term_colours_of(const char *name);

/* Which name was taken instead of an unknown one; NULL if none was. */
const char *term_fallback(const struct term *term);
bool term_has_colour(const struct term *term);
bool term_has_mouse(const struct term *term);
/* Whether clicks and the wheel are read as keys; off at first. */
void term_mouse(struct term *term, bool on);
void term_set_theme(struct term *term, const struct theme *theme);

/* The size of the window now. */
void term_size(const struct term *term, int *rows, int *columns);
/* Tells curses about it; the next frame is a whole one. */
void term_resize(struct term *term, int rows, int columns);

/* The next key that is there; false when there is none. Never waits, but for
 * the rest of an escape sequence. */
bool term_read(struct term *term, struct key *out);
/* After a read that gave nothing though the terminal was readable: is there
 * still a terminal? */
bool term_is_gone(const struct term *term);
void term_flush_input(struct term *term);

/* Sends what differs from the last frame, and rests the cursor. */
void term_draw(struct term *term, const struct grid *grid);
/* Asks the terminal to put the text on its clipboard; it never answers. */
void term_copy(struct term *term, struct view text);
/* The next frame is sent whole. */
void term_redraw(struct term *term);
/* Gives the terminal to the shell, stops, and takes it again when continued. */
void term_suspend(struct term *term);

#endif
