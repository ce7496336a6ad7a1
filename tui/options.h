/* The command line: what was asked for, from one table of commands and one of
 * options, of which help is made too. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "kvgov/error.h"
#include "kvgov/text.h"

/* What the program ends with; documented in help. */
enum exit_code {
    EXIT_CODE_OK = 0,
    EXIT_CODE_PROBLEM = 1,
    EXIT_CODE_USAGE = 2,
    EXIT_CODE_REACH = 3,
    EXIT_CODE_INCOMPLETE = 4,
    EXIT_CODE_INTERNAL = 70,
};

struct kv_config;
struct kv_policy;

enum command {
    COMMAND_CONSOLE,
    COMMAND_SCAN,
    COMMAND_SCHEMA,
    COMMAND_CATALOGUE,
    COMMAND_PLAN_APPROVE,
    COMMAND_PLAN,
    COMMAND_FIX,
    COMMAND_JOURNAL_VERIFY,
    COMMAND_JOURNAL_SHOW,
    COMMAND_CONFIG,
    COMMAND_DOCTOR,
    COMMAND_ATTEST,
    COMMAND_EXCEPT,
    COMMAND_DIFF,
    COMMAND_LIST,
    COMMAND_SHOW,
    COMMAND_WHO_CAN,
    COMMAND_REACHABLE,
    COMMAND_WHOAMI,
    COMMAND_LOGIN,
    COMMAND_LOGOUT,
    COMMAND_COMPLETION,
    COMMAND_MANUAL,
};

/* Shorter ones are no proof that a plan file was looked at. */
#define HASH_LEAST 12
#define OPERANDS_MAX 2
/* How often one option may be given. */
#define OPTION_TIMES_MAX 64

/* An option that may be given again and again. */
struct option_texts {
    const char *items[OPTION_TIMES_MAX]; /* each a list with commas */
    size_t count;
};

/* Texts are borrowed from the arguments and the environment. */
struct options {
    enum command command;
    const char *operands[OPERANDS_MAX]; /* what follows the command */
    const char *format;                 /* NULL: the command's own */
    const char *arm_endpoint;
    const char *cloud;
    const char *auth;
    const char *tenant;
    const char *subscription;
    const char *state_dir;
    const char *theme;
    const char *term;
    const char *script;
    const char *check_theme;
    const char *estate; /* of --demo */
    const char *trace;  /* a file, "" for stderr; NULL: no trace */
    const char *baseline;
    const char *answer; /* of attest and except, as all to `owner` */
    const char *note;
    const char *name;
    const char *until;
    const char *reason;
    const char *owner;
    const char *from; /* of diff */
    const char *to;
    struct option_texts resources;
    const char *out; /* a file; NULL: stdout */
    const char *row; /* of plan and fix, as all to `failing` */
    struct option_texts set;
    const char *plan;
    const char *confirm;
    const char *undo;
    bool failing;
    struct option_texts only; /* of scan, as all to `require_complete` */
    struct option_texts except;
    const char *management_group;
    const char *fail_on;
    bool require_complete;
    bool list;
    bool remove;
    bool check; /* of config */
    bool print;
    bool demo;
    bool deep;
    bool offline;
    bool read_only;
    bool no_colour;
    bool dump;
    bool print_keys;
    bool plain;
    bool mask;
    bool screen_reader;
    bool mouse;
    bool help;
    bool version;
    /* Of commands on one vault or HSM: reads inside it, and not with `deep`
     * inside all. */
    bool look;
    /* Of main: what the configuration says, with these options. */
    const struct kv_config *config;
    const struct kv_policy *policy;
};

/* Fails with KV_BAD_INPUT. */
KV_NODISCARD enum kv_status options_parse(
    struct options *out, int argc, char **argv, struct kv_error *err);
void options_put_help(struct buf *out);

#endif
