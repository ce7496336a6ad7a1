/* The command line: from arguments and environment to struct options. */
#include "option_rows.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static enum kv_status add(struct option_texts *texts,
    const struct option_row *row, struct kv_error *err)
{
    if (texts->count == OPTION_TIMES_MAX)
        return kv_error_set(err, KV_BAD_INPUT,
            "--%s is given more than %d times; give a list with commas",
            row->name, OPTION_TIMES_MAX);
    texts->items[texts->count++] = optarg;
    return KV_OK;
}

static enum kv_status set(
    struct options *options, const struct option_row *row, struct kv_error *err)
{
    char *member = (char *)options + row->offset;
    bool on = true;
    const char *value = optarg ? optarg : "";

    if (optarg && !*optarg && !option_is_optional(row))
        return kv_error_set(err, KV_BAD_INPUT,
            "--%s needs a value; kvgov --help lists the options", row->name);
    if (option_check(row, value, err) != KV_OK)
        return err->status;
    if (option_is_repeated(row))
        return add((struct option_texts *)(void *)member, row, err);
    if (row->argument)
        memcpy(member, &value, sizeof(value));
    else
        memcpy(member, &on, sizeof(on));
    return KV_OK;
}

/* getopt_long() wants its own table; values are row numbers from 1. */
static void fill(struct option rows[OPTIONS_MAX])
{
    memset(rows, 0, OPTIONS_MAX * sizeof(*rows));
    for (size_t i = 0; i < option_count; i++)
        rows[i] = (struct option){
            .name = option_rows[i].name,
            .has_arg = !option_rows[i].argument ? no_argument
                       : option_is_optional(&option_rows[i])
                           ? optional_argument
                           : required_argument,
            .val = (int)i + 1,
        };
}

static bool is_set(const struct options *options, const struct option_row *row)
{
    const char *member = (const char *)options + row->offset;
    const char *text;

    if (!row->argument)
        return *(const bool *)member;
    if (option_is_repeated(row))
        return ((const struct option_texts *)(const void *)member)->count > 0;
    memcpy(&text, member, sizeof(text));
    return text;
}

/* "kvgov attest, kvgov except" */
static void put_takers(struct buf *out, const struct option_row *option)
{
    const char *gap = "";

    for (size_t i = 0; i < command_count; i++) {
        if (!option_goes_with(option, &command_rows[i]))
            continue;
        buf_puts(out, gap);
        command_put_name(out, &command_rows[i]);
        gap = ", ";
    }
}

static enum kv_status check_options(const struct options *options,
    const struct command_row *command, struct kv_error *err)
{
    for (size_t i = 0; i < option_count; i++) {
        struct buf takers = { .limit = 1024 };

        if (!is_set(options, &option_rows[i]) ||
            option_goes_with(&option_rows[i], command))
            continue;
        put_takers(&takers, &option_rows[i]);
        kv_error_set(err, KV_BAD_INPUT,
            "--%s does not go with this command; it goes with: %s",
            option_rows[i].name, buf_text(&takers));
        buf_done(&takers);
        return KV_BAD_INPUT;
    }
    return KV_OK;
}

static enum kv_status check_format(const struct options *options,
    const struct command_row *command, struct kv_error *err)
{
    if (!options->format || !command->formats ||
        words_have(command->formats, view_of(options->format)))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "--format %s does not go with this command; it knows: %s",
        options->format, command->formats);
}

static size_t matches(const struct command_row *row, int count, char **words)
{
    size_t used = 0;

    while (used < COMMAND_WORDS && row->words[used]) {
        if ((int)used >= count || strcmp(words[used], row->words[used]) != 0)
            return 0;
        used++;
    }
    return used;
}

/* The first of two words is told the second: "journal show, journal verify". */
static enum kv_status no_command(const char *word, struct kv_error *err)
{
    struct buf whole = { .limit = 256 };

    for (size_t i = 0; i < command_count; i++) {
        const char *const *words = command_rows[i].words;

        if (!words[0] || !words[1] || strcmp(words[0], word) != 0)
            continue;
        buf_puts(&whole, whole.size ? " or " : "");
        command_put_name(&whole, &command_rows[i]);
    }
    if (whole.size)
        kv_error_set(err, KV_BAD_INPUT, "say %s", buf_text(&whole));
    else
        kv_error_set(err, KV_BAD_INPUT,
            "\"%s\" is not a command here; kvgov --help lists them", word);
    buf_done(&whole);
    return KV_BAD_INPUT;
}

static enum kv_status too_many(
    const struct command_row *found, const char *word, struct kv_error *err)
{
    struct buf usage = { .limit = 256 };

    if (found->command == COMMAND_CONSOLE)
        return no_command(word, err);
    command_put_name(&usage, found);
    buf_puts(&usage, found->argument);
    kv_error_set(err, KV_BAD_INPUT, "\"%s\" is one word too many; say %s", word,
        buf_text(&usage));
    buf_done(&usage);
    return KV_BAD_INPUT;
}

static enum kv_status take_command(
    struct options *options, int count, char **words, struct kv_error *err)
{
    const struct command_row *found = &command_rows[0];
    size_t used = 0;
    enum kv_status status;

    for (size_t i = 1; i < command_count && !used; i++) {
        used = matches(&command_rows[i], count, words);
        if (used)
            found = &command_rows[i];
    }
    options->command = found->command;
    for (size_t i = 0; i < found->operands && (int)used < count; i++)
        options->operands[i] = words[used++];
    if ((int)used < count)
        return too_many(found, words[used], err);
    if (options->help)
        return KV_OK;
    status = check_options(options, found, err);
    return status == KV_OK ? check_format(options, found, err) : status;
}

static const char *from_environment(const char *value, const char *name)
{
    const char *text = getenv(name);

    return value || !text || !*text ? value : text;
}

static void take_environment(struct options *options)
{
    const char *no_colour = getenv("NO_COLOR");

    if (!options->cloud) /* what was typed is meant */
        options->arm_endpoint =
            from_environment(options->arm_endpoint, "KVGOV_ARM_ENDPOINT");
    options->state_dir = from_environment(options->state_dir, "KVGOV_STATE");
    options->no_colour = options->no_colour || (no_colour && *no_colour);
}

enum kv_status options_parse(
    struct options *out, int argc, char **argv, struct kv_error *err)
{
    struct options options = { 0 };
    struct option rows[OPTIONS_MAX];
    enum kv_status status = KV_OK;
    int value;

    fill(rows);
    opterr = 0;
    while (status == KV_OK &&
           (value = getopt_long(argc, argv, ":", rows, NULL)) != -1) {
        if (value == '?' || value == ':')
            return kv_error_set(err, KV_BAD_INPUT,
                "%s %s; kvgov --help "
                "lists the options",
                argv[optind - 1],
                value == ':' ? "needs a value"
                : optopt     ? "takes no value"
                             : "is not an option");
        status = set(&options, &option_rows[value - 1], err);
    }
    if (status == KV_OK)
        status = take_command(&options, argc - optind, argv + optind, err);
    if (status != KV_OK)
        return status;
    if (options.dump && !options.script)
        return kv_error_set(err, KV_BAD_INPUT,
            "--dump prints the screen that --script FILE leads to; give both");
    if (options.estate && !options.demo)
        return kv_error_set(err, KV_BAD_INPUT,
            "--estate is what the simulated cloud of --demo holds; give both");
    take_environment(&options);
    *out = options;
    return KV_OK;
}
