/* Putting the terminal back when the program dies. Prepared while all is well;
 * used from a signal handler, so nothing but write(2) and tcsetattr(3). */
#ifndef RESCUE_H
#define RESCUE_H

#include "kvgov/text.h"

/* Remembers the terminal's settings as they are now, before curses. */
void rescue_remember(int fd);
/* What undoes curses on this terminal, and the fatal signals' handlers. */
void rescue_arm(struct view undo);
/* The terminal is back; nothing is left to rescue. */
void rescue_disarm(void);

#endif
