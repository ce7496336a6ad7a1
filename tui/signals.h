/* Signals as bytes of a pipe, so that the loop waits for them as for anything
 * else. */
#ifndef SIGNALS_H
#define SIGNALS_H

/* Catches WINCH, TERM, INT, HUP, TSTP and CONT, ignores PIPE. Returns the
 * descriptor to wait for, or -1. */
int signals_open(void);
/* The next signal that came, 0 when there is none. */
int signals_read(int fd);

#endif
