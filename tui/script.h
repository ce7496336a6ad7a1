/* Keys from a file, and the screens that they lead to as text: the console
 * without any terminal, for tests and for showing. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "console.h"

/* Characters stand for themselves, <Enter> <Esc> <Down> <C-l> for keys, line
 * breaks for nothing. <Wait> waits until nothing is under way, <Wait 3000> that
 * many milliseconds more, <Dump> prints the screen. Before every key it waits
 * until nothing is under way, with a bound. `dump` prints the last screen.
 * Fails with KV_BAD_INPUT, naming what it does not understand. */
KV_NODISCARD enum kv_status script_run(
    struct app *app, const char *path, bool dump, struct kv_error *err);

#endif
