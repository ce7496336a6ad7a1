/* One run of the command line. */
#include "kvgov_command.h"

#include "base.h"
#include "temp.h"
#include "test.h"

#define WORDS 16
#define VARIABLES 31

void command_run(struct command_run *run, const char *const *words,
    const char *const *environment)
{
    const char *argv[WORDS + 2] = { test_setting("KVGOV") };
    const char *all[VARIABLES + 1] = { 0 };
    struct buf home = { .limit = 4096 };
    size_t count = 0;

    run->home = temp_new();
    buf_putf(&home, "HOME=%s", run->home);
    all[count++] = buf_text(&home);
    for (size_t i = 0; environment && environment[i] && count < VARIABLES; i++)
        all[count++] = environment[i];
    for (size_t i = 0; i < WORDS && words[i]; i++)
        argv[i + 1] = words[i];
    program_run(&run->ran,
        &(struct program_options){ .argv = argv, .environment = all });
    buf_done(&home);
}

void command_run_done(struct command_run *run)
{
    program_done(&run->ran);
    temp_done(run->home);
}

void command_expect_code(
    const struct command_run *run, const char *name, int expected)
{
    const struct program *ran = &run->ran;

    if (ran->code != expected || ran->timed_out)
        fail_with("%s: code %d, signal %d, expected %d\n%s%s", name, ran->code,
            ran->signal, expected, buf_text(&ran->out), buf_text(&ran->err));
}
