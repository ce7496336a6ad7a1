/* kvgov completion: what a shell offers, made of the tables of commands and
 * options. */
#include "command.h"

#include <string.h>

#include "option_rows.h"
#include "shell_words.h"

#define SCRIPT_BYTES ((size_t)1 << 20)

/* Names of vaults and HSMs come from the last scan, without a request. */
#define NAMES "list protection --offline 2>/dev/null | sed '1d;s/ .*//'"

static bool takes_value(const struct option_row *row)
{
    return row->argument && !option_is_optional(row);
}

/* "--deep --offline", of those that go with the command. */
static void put_options_of(struct buf *out, const struct command_row *command)
{
    const char *gap = "";

    for (size_t i = 0; i < option_count; i++) {
        if (!option_goes_with(&option_rows[i], command))
            continue;
        buf_putf(out, "%s--%s", gap, option_rows[i].name);
        gap = " ";
    }
}

/* The first words of commands, each once: "journal". */
static void put_commands(struct buf *out)
{
    for (size_t i = 1; i < command_count; i++)
        buf_putf(out, "%s%s", i > 1 ? " " : "", command_rows[i].words[0]);
}

/* For the text between two quotation marks of a shell. */
static void put_quoted(struct buf *out, const char *text, const char *mark)
{
    for (; *text; text++)
        if (*text == '\'')
            buf_puts(out, mark);
        else
            buf_putc(out, *text);
}

/* ---- bash and zsh: one walk over the words, two ways to offer ---- */

/* Which variables and calls the shell has for it. */
struct shell {
    const char *head;
    const char *tail;
};

static const struct shell bash = {
    .head =
        "# bash completion for kvgov, made by kvgov completion bash.\n"
        "_kvgov_words() { COMPREPLY=($(compgen -W \"$1\" -- \"$cur\")); }\n"
        "_kvgov_files() { COMPREPLY=($(compgen -f -- \"$cur\")); }\n"
        "_kvgov_dirs() { COMPREPLY=($(compgen -d -- \"$cur\")); }\n"
        "_kvgov()\n{\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} all=(\"${COMP_WORDS[@]}\")\n"
        "    local at=$COMP_CWORD self=${COMP_WORDS[0]}\n"
        "    local command= operands=0 previous= word i\n"
        "    COMPREPLY=()\n"
        "    for ((i = 1; i < at; i++)); do\n",
    .tail = "complete -o filenames -F _kvgov kvgov\n",
};

static const struct shell zsh = {
    .head = "#compdef kvgov\n"
            "# zsh completion for kvgov, made by kvgov completion zsh.\n"
            "_kvgov_words() { compadd -- ${(z)1} }\n"
            "_kvgov_files() { _files }\n"
            "_kvgov_dirs() { _files -/ }\n"
            "_kvgov()\n{\n"
            "    local cur=${words[CURRENT]} self=${words[1]}\n"
            "    local -a all; all=(\"${words[@]}\")\n"
            "    local at=$CURRENT command= operands=0 previous= word i\n"
            "    for ((i = 2; i < at; i++)); do\n",
    .tail = "if [ \"$funcstack[1]\" = _kvgov ]; then _kvgov \"$@\"; "
            "else compdef _kvgov kvgov; fi\n",
};

/* Words that are neither options nor their values: a command, its operands. */
static void put_walk(struct buf *out)
{
    buf_puts(out, "        word=${all[i]}\n"
                  "        case $word in\n"
                  "        \"=\") continue ;;\n" /* bash cuts --name=value so */
                  "        esac\n"
                  "        case $previous in\n"
                  "        ");
    for (size_t i = 0, put = 0; i < option_count; i++)
        if (takes_value(&option_rows[i]))
            buf_putf(out, "%s--%s", put++ ? "|" : "", option_rows[i].name);
    buf_puts(out, ") previous=; continue ;;\n"
                  "        esac\n"
                  "        previous=$word\n"
                  "        case $word in\n"
                  "        -*) ;;\n"
                  "        *) if [ -z \"$command\" ]; then command=$word\n"
                  "           else operands=$((operands + 1)); fi ;;\n"
                  "        esac\n"
                  "    done\n");
}

static void put_place(struct buf *out, struct view argument)
{
    struct buf words = { .limit = 65536 };

    switch (place_of(argument, &words)) {
    case PLACE_ANYTHING:
        buf_puts(out, ":");
        break;
    case PLACE_WORDS:
        buf_putf(out, "_kvgov_words '%s'", buf_text(&words));
        break;
    case PLACE_FILE:
        buf_puts(out, "_kvgov_files");
        break;
    case PLACE_DIR:
        buf_puts(out, "_kvgov_dirs");
        break;
    case PLACE_NAME:
        buf_puts(out, "_kvgov_words \"$(\"$self\" " NAMES ")\"");
        break;
    }
    buf_done(&words);
}

/* An option's NAME is a text of its own, and no vault's. */
static void put_value(struct buf *out, const struct option_row *row)
{
    struct view argument = view_of(row->argument);

    buf_putf(out, "    --%s) ", row->name);
    put_place(out,
        view_equal(argument, view_of("NAME")) ? view_of("TEXT") : argument);
    buf_puts(out, "; return ;;\n");
}

static void put_formats(struct buf *out)
{
    buf_puts(out, "    --format) case $command in\n");
    for (size_t i = 1; i < command_count; i++)
        if (command_rows[i].formats)
            buf_putf(out, "        %s) _kvgov_words '%s' ;;\n",
                command_rows[i].words[0], command_rows[i].formats);
    buf_puts(out, "        esac; return ;;\n");
}

static void put_values(struct buf *out)
{
    buf_puts(out, "    case $cur in\n    \"=\") cur= ;;\n    esac\n"
                  "    case $previous in\n");
    put_formats(out);
    for (size_t i = 0; i < option_count; i++)
        if (takes_value(&option_rows[i]) &&
            strcmp(option_rows[i].name, "format") != 0)
            put_value(out, &option_rows[i]);
    buf_puts(out, "    esac\n");
}

static void put_options(struct buf *out)
{
    buf_puts(out, "    case $cur in\n    -*) case $command in\n");
    for (size_t i = 0; i < command_count; i++) {
        const char *name = command_rows[i].words[0];

        buf_putf(out, "        %s) _kvgov_words '", name ? name : "''");
        put_options_of(out, &command_rows[i]);
        buf_puts(out, "' ;;\n");
    }
    buf_puts(out, "        esac; return ;;\n    esac\n");
}

/* Commands of two words share the first one: it is completed once. */
static bool is_first_of_word(size_t index)
{
    for (size_t i = 1; i < index; i++)
        if (command_rows[i].words[1] &&
            strcmp(command_rows[i].words[0], command_rows[index].words[0]) == 0)
            return false;
    return true;
}

static void put_second_words(struct buf *out, const char *first)
{
    for (size_t i = 1; i < command_count; i++)
        if (command_rows[i].words[1] &&
            strcmp(command_rows[i].words[0], first) == 0)
            buf_putf(out, " %s", command_rows[i].words[1]);
}

static void put_operands(struct buf *out)
{
    buf_puts(out, "    case $command:$operands in\n    :*) _kvgov_words '");
    put_commands(out);
    buf_puts(out, "' ;;\n");
    for (size_t i = 1; i < command_count; i++) {
        const struct command_row *row = &command_rows[i];

        if (row->words[1] && is_first_of_word(i)) {
            buf_putf(out, "    %s:0) _kvgov_words '", row->words[0]);
            put_second_words(out, row->words[0]);
            buf_puts(out, "' ;;\n");
        }
        for (size_t j = 0; j < row->operands; j++) {
            buf_putf(out, "    %s:%zu) ", row->words[0],
                j + (row->words[1] != NULL));
            put_place(out, operand_of(row->argument, j));
            buf_puts(out, " ;;\n");
        }
    }
    buf_puts(out, "    esac\n}\n");
}

static void put_script(struct buf *out, const struct shell *shell)
{
    buf_puts(out, shell->head);
    put_walk(out);
    put_values(out);
    put_options(out);
    put_operands(out);
    buf_puts(out, shell->tail);
}

static void put_bash(struct buf *out)
{
    put_script(out, &bash);
}

static void put_zsh(struct buf *out)
{
    put_script(out, &zsh);
}

/* ---- fish: a line for each thing that may be offered ---- */

static void put_fish_place(struct buf *out, struct view argument)
{
    struct buf words = { .limit = 65536 };

    switch (place_of(argument, &words)) {
    case PLACE_ANYTHING:
        buf_puts(out, " -x");
        break;
    case PLACE_WORDS:
        buf_putf(out, " -x -a '%s'", buf_text(&words));
        break;
    case PLACE_FILE:
        buf_puts(out, " -r -F");
        break;
    case PLACE_DIR:
        buf_puts(out, " -x -a '(__fish_complete_directories)'");
        break;
    case PLACE_NAME:
        buf_puts(out, " -x -a \"(kvgov " NAMES ")\"");
        break;
    }
    buf_done(&words);
}

/* Without a condition it is offered everywhere. */
static void put_fish_condition(struct buf *out, const struct option_row *option)
{
    struct buf takers = { .limit = 4096 };
    bool all = true;

    for (size_t i = 1; i < command_count; i++) {
        if (option_goes_with(option, &command_rows[i]))
            buf_putf(&takers, " %s", command_rows[i].words[0]);
        else
            all = false;
    }
    if (!all && takers.size > 0)
        buf_putf(out, " -n '__fish_seen_subcommand_from%s'", buf_text(&takers));
    buf_done(&takers);
}

static void put_fish_option(struct buf *out, const struct option_row *row)
{
    struct view argument = view_of(row->argument);

    buf_putf(out, "complete -c kvgov -l %s", row->name);
    put_fish_condition(out, row);
    if (strcmp(row->name, "format") == 0)
        buf_puts(out, " -x -a 'table json'");
    else if (takes_value(row))
        put_fish_place(out,
            view_equal(argument, view_of("NAME")) ? view_of("TEXT") : argument);
    buf_puts(out, " -d '");
    put_quoted(out, row->help, "\\'");
    buf_puts(out, "'\n");
}

static void put_fish_command(struct buf *out, const struct command_row *row)
{
    buf_putf(out, "complete -c kvgov -f -n __fish_use_subcommand -a %s -d '",
        row->words[0]);
    put_quoted(out, row->help, "\\'");
    buf_puts(out, "'\n");
    if (row->words[1])
        buf_putf(out, "complete -c kvgov -f -n '__kvgov_at %s 1' -a %s\n",
            row->words[0], row->words[1]);
    for (size_t i = 0; i < row->operands; i++) {
        buf_putf(out, "complete -c kvgov -n '__kvgov_at %s %zu'", row->words[0],
            i + 1 + (row->words[1] != NULL));
        put_fish_place(out, operand_of(row->argument, i));
        buf_putc(out, '\n');
    }
}

static void put_fish(struct buf *out)
{
    buf_puts(out,
        "# fish completion for kvgov, made by kvgov completion fish.\n"
        "function __kvgov_at\n"
        "    set -l words (commandline -opc | string match -v -- '-*')\n"
        "    test \"$words[2]\" = $argv[1]; and "
        "test (count $words) -eq (math $argv[2] + 1)\n"
        "end\n"
        "complete -c kvgov -f\n");
    for (size_t i = 1; i < command_count; i++)
        put_fish_command(out, &command_rows[i]);
    for (size_t i = 0; i < option_count; i++)
        put_fish_option(out, &option_rows[i]);
}

/* ---- the command ---- */

static const struct {
    const char *name;
    void (*put)(struct buf *out);
} shells[] = {
    { "bash", put_bash },
    { "zsh", put_zsh },
    { "fish", put_fish },
};

int command_completion(const struct options *options)
{
    const char *wanted = options->operands[0] ? options->operands[0] : "";
    struct buf out = { .limit = SCRIPT_BYTES };
    struct kv_error err;

    for (size_t i = 0; i < sizeof(shells) / sizeof *(shells); i++)
        if (strcmp(shells[i].name, wanted) == 0) {
            shells[i].put(&out);
            return command_write_out(&out);
        }
    kv_error_set(&err, KV_BAD_INPUT,
        "say kvgov completion bash, zsh or fish%s%s", *wanted ? ", not " : "",
        wanted);
    command_complain(&err);
    return EXIT_CODE_USAGE;
}
