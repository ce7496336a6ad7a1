/* A program in a pseudo terminal in front of libvterm: what a person would
 * see, and every byte that was sent to show it. Nothing sleeps blindly: each
 * wait ends when its condition holds or fails the test with the screen. */
#ifndef SUPPORT_TERMINAL_H
#define SUPPORT_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "kvgov/text.h"

struct terminal;

struct terminal_options {
    const char *const *argv;        /* NULL-terminated */
    const char *const *environment; /* as environment_new(); TERM is ours */
    const char *term;               /* NULL: xterm-256color */
    int rows;                       /* 0: 24 */
    int columns;                    /* 0: 80 */
    int limit_ms;                   /* of each wait; 0: 30 s */
};

struct terminal *terminal_open(const struct terminal_options *options);
/* Ends the program if it still runs; NULL is allowed. */
void terminal_close(struct terminal *terminal);

/* ---- keys ---- */

/* Types plain characters as they are, and names in angle brackets as keys:
 * <Enter> <Esc> <Tab> <S-Tab> <Space> <Up> <Down> <Left> <Right> <Home> <End>
 * <PgUp> <PgDn> <BS> <F1> <C-l> <lt>. As a keyboard does, it follows the modes
 * that the program has set. */
void terminal_keys(struct terminal *terminal, const char *keys);
/* As the terminal pastes: within markers if the program asked for them. */
void terminal_paste(struct terminal *terminal, const char *text);
/* The left button down and up, or a notch of the wheel, on a cell from 0; a
 * terminal whose program did not ask for the mouse sends nothing. */
void terminal_click(struct terminal *terminal, int row, int column);
void terminal_wheel(struct terminal *terminal, int row, bool up);
/* Bytes as they are. */
void terminal_send(struct terminal *terminal, const char *bytes, size_t size);

/* ---- waiting; each fails the test when its limit passes ---- */

void terminal_expect(struct terminal *terminal, const char *text);
void terminal_expect_gone(struct terminal *terminal, const char *text);
/* Presses `keys` again and again until the text appears. */
void terminal_press_until(
    struct terminal *terminal, const char *keys, const char *text);
/* Until nothing was written for `quiet_ms`. */
void terminal_settle(struct terminal *terminal, int quiet_ms);
/* From now on what the program writes is kept, but not drawn: after millions of
 * keys libvterm 0.1.4 does not survive all of it. */
void terminal_blind(struct terminal *terminal, bool blind);
/* Lets time pass and takes in what is written. */
void terminal_watch(struct terminal *terminal, int ms);
/* Until the program ended; returns waitpid's status. */
int terminal_expect_exit(struct terminal *terminal);
/* Until it stopped itself (job control). */
void terminal_expect_stop(struct terminal *terminal);
/* Waits without failing. */
bool terminal_wait_text(
    struct terminal *terminal, const char *text, int limit_ms);

/* ---- looking; takes in what is there already, never waits ---- */

bool terminal_shows(struct terminal *terminal, const char *text);
/* The rows, trailing blanks cut, ended by line feeds. Borrowed until the next
 * call on this terminal; so is a row. */
const char *terminal_text(struct terminal *terminal);
const char *terminal_row(struct terminal *terminal, int row);
/* The first row that holds the text; -1 without one. */
int terminal_find_row(struct terminal *terminal, const char *text);

struct terminal_cell {
    bool bold;
    bool underline;
    bool reverse;
    int foreground; /* palette index; -1: default; -2: true colour */
    int background;
};
struct terminal_cell terminal_cell(
    struct terminal *terminal, int row, int column);
/* The first code point of what stands in the cell; 0 in the right half of a wide
 * one, and a blank where nothing was drawn. */
uint32_t terminal_point(struct terminal *terminal, int row, int column);
void terminal_cursor(struct terminal *terminal, int *row, int *column);

struct terminal_modes {
    bool alternate; /* screen */
    bool cursor_visible;
    bool mouse;
    bool canonical; /* line discipline */
    bool echo;
    bool paste_marked; /* bracketed paste is on */
};
struct terminal_modes terminal_modes(struct terminal *terminal);

/* ---- the wire ---- */

/* All bytes that the program ever wrote; borrowed. */
struct view terminal_output(struct terminal *terminal);
bool terminal_wrote(struct terminal *terminal, const char *bytes, size_t size);
/* Names the first thing in the output that no program of ours has a reason to
 * send: an OSC, DCS, APC, PM or SOS string, a C1 control, a bidirectional or
 * zero-width character, a sequence that only data would hold. NULL if none. */
const char *terminal_foreign(struct terminal *terminal);

/* ---- the world around it ---- */

void terminal_resize(struct terminal *terminal, int rows, int columns);
void terminal_signal(struct terminal *terminal, int signal);
pid_t terminal_pid(const struct terminal *terminal);
/* Drops the line, as a lost SSH connection does. */
void terminal_hang_up(struct terminal *terminal);

#endif
