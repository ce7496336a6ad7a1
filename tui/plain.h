/* The console without a screen: what a screen shows is printed once, in lines,
 * and one line is asked for. The same screens, words, runner and confirmations;
 * for braille displays and screen readers, terminals that cannot move their
 * cursor, and pipes. */
#ifndef PLAIN_H
#define PLAIN_H

#include "console.h"

/* Runs until it is left or its input ends; returns the exit code. */
int plain_run(struct app *app);

#endif
