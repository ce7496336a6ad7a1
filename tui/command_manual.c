/* kvgov manual: the pages kvgov(1) and kvgov-config(5). What tables say comes
 * from the tables; the rest is short. */
#include "command.h"

#include <string.h>

#include "kvgov/policy.h"
#include "manual_text.h"
#include "option_rows.h"
#include "roff.h"

#define PAGE_BYTES ((size_t)1 << 20)

/* ---- kvgov(1): from the tables ---- */

static void put_synopsis(struct buf *out)
{
    roff_section(out, "SYNOPSIS");
    buf_puts(out, ".B kvgov\n[\\fICOMMAND\\fR]\n[\\fIOPTION\\fR]...\n");
}

static void put_takes(struct buf *out, const struct command_row *row)
{
    const char *gap = "";

    if (!row->takes && !row->formats)
        return;
    buf_puts(out, "Options: ");
    for (size_t i = 0; i < option_count; i++) {
        if (!option_is_special(&option_rows[i]) ||
            !option_goes_with(&option_rows[i], row))
            continue;
        buf_putf(out, "%s\\fB\\-\\-", gap);
        roff_put(out, option_rows[i].name);
        buf_puts(out, "\\fR");
        gap = ", ";
    }
    buf_puts(out, ".\n");
}

/* "Formats: table, json." */
static void put_formats(struct buf *out, const struct command_row *row)
{
    struct view rest = view_of(row->formats);

    if (rest.size == 0)
        return;
    buf_puts(out, "Formats: ");
    while (rest.size > 0) {
        buf_put(out, view_cut(&rest, ' '));
        buf_puts(out, rest.size > 0 ? ", " : ".\n");
    }
}

static void put_command(struct buf *out, const struct command_row *row)
{
    struct buf name = { .limit = 128 };

    command_put_name(&name, row);
    roff_term(out, buf_text(&name), row->argument);
    roff_put(out, row->help);
    buf_puts(out, ".\n");
    put_takes(out, row);
    put_formats(out, row);
    buf_done(&name);
}

static void put_options(struct buf *out)
{
    roff_section(out, "OPTIONS");
    roff_text(out, "An option that no command names goes with all.");
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_rows[i];
        struct buf name = { .limit = 64 };
        struct buf argument = { .limit = 256 };

        buf_putf(&name, "--%s", row->name);
        if (row->argument)
            buf_putf(&argument, "%s%s", option_is_optional(row) ? "" : " ",
                row->argument);
        roff_term(out, buf_text(&name), buf_text(&argument));
        roff_put(out, row->help);
        buf_puts(out, ".\n");
        buf_done(&argument);
        buf_done(&name);
    }
}

static void put_exits(struct buf *out)
{
    roff_section(out, "EXIT STATUS");
    for (size_t i = 0; i < exit_count; i++) {
        roff_term(out, exit_rows[i].name, "");
        roff_put(out, exit_rows[i].help);
        buf_puts(out, ".\n");
    }
}

/* ---- kvgov(1): by hand ---- */

static void put_section(struct buf *out, const struct manual_section *section)
{
    roff_section(out, section->title);
    if (section->text)
        roff_text(out, section->text);
    for (size_t i = 0; i < section->term_count; i++) {
        roff_term(out, section->terms[i].term, "");
        roff_text(out, section->terms[i].text);
    }
}

static void put_kvgov(struct buf *out)
{
    roff_head(out, "kvgov", "1",
        "see every Azure Key Vault and Managed HSM, and put it right");
    put_synopsis(out);
    roff_section(out, "DESCRIPTION");
    roff_text(out,
        "Reads every vault and managed HSM that the sign-in of this machine "
        "may see, says how far each is from Microsoft's recommendations and "
        "why, and puts it right with a preview, a confirmation, a check, a "
        "journal and an undo. Without a command it is a console in the "
        "terminal.");
    roff_paragraph(out,
        "What could not be read is unknown: never a pass, never a fail. "
        "Secret values and key material are never requested.");
    roff_section(out, "COMMANDS");
    for (size_t i = 0; i < command_count; i++)
        put_command(out, &command_rows[i]);
    roff_paragraph(out,
        "Lists have one row a line and columns in a fixed order: on a terminal "
        "they are cut at its edge, in a pipe they are whole. What could not be "
        "read is \"?\", and said on standard error; in JSON it is null, and "
        "named in \"unknown\" and \"gaps\".");
    put_options(out);
    manual_put_keys(out);
    put_exits(out);
    for (size_t i = 0; i < manual_section_count; i++)
        put_section(out, &manual_sections[i]);
    roff_section(out, "SEE ALSO");
    buf_puts(out, ".BR kvgov\\-config (5),\n.BR kvgov\\-cloud (1)\n");
}

/* ---- kvgov-config(5) ---- */

static const char *strict_word(enum kv_strict strict)
{
    switch (strict) {
    case KV_STRICT_HIGHER:
        return "the higher value is the stricter one";
    case KV_STRICT_LOWER:
        return "the lower value is the stricter one";
    case KV_STRICT_NEITHER:
        break;
    }
    return "the site's value holds";
}

static void put_setting(struct buf *out, const struct kv_setting *setting)
{
    struct buf allowed = { .limit = 1024 };
    struct buf value = { .limit = 65536 };

    kv_setting_put_allowed(setting, &allowed);
    kv_setting_put(setting, &kv_policy_default, &value);
    roff_term(out, setting->name, "");
    roff_put(out, setting->what);
    buf_puts(out, ": ");
    roff_put(out, buf_text(&allowed));
    buf_puts(out, "; ");
    roff_put(out, strict_word(setting->strict));
    buf_puts(out, ".\n.br\nStandard: ");
    roff_put(out, value.size ? buf_text(&value) : "none");
    buf_puts(out, "\n");
    buf_done(&value);
    buf_done(&allowed);
}

static void put_config(struct buf *out)
{
    roff_head(out, "kvgov-config", "5", "thresholds and lists of kvgov");
    roff_section(out, "DESCRIPTION");
    roff_text(out,
        "The file config.ini has one section, [policy], with a line \"name = "
        "value\" for each setting; a list has commas, and goes on in a line "
        "that is indented. A line that begins with # says nothing.");
    roff_paragraph(out,
        "/etc/kvgov/config.ini is the site's and ~/.config/kvgov/config.ini "
        "the person's. Where a direction is known the stricter value of the "
        "two holds, else the site's. kvgov config --print shows what holds "
        "and where it is from, kvgov config --check what is wrong.");
    roff_section(out, "SETTINGS");
    for (size_t i = 0; i < kv_settings_count; i++)
        put_setting(out, &kv_settings[i]);
    roff_section(out, "SEE ALSO");
    buf_puts(out, ".BR kvgov (1)\n");
}

/* ---- the command ---- */

static const struct {
    const char *name;
    void (*put)(struct buf *out);
} pages[] = {
    { "kvgov", put_kvgov },
    { "kvgov-config", put_config },
};

int command_manual(const struct options *options)
{
    const char *wanted =
        options->operands[0] ? options->operands[0] : pages[0].name;
    struct buf out = { .limit = PAGE_BYTES };
    struct kv_error err;

    for (size_t i = 0; i < sizeof(pages) / sizeof *(pages); i++)
        if (strcmp(pages[i].name, wanted) == 0) {
            pages[i].put(&out);
            return command_write_out(&out);
        }
    kv_error_set(&err, KV_BAD_INPUT,
        "say kvgov manual kvgov or kvgov manual kvgov-config, not %s", wanted);
    command_complain(&err);
    return EXIT_CODE_USAGE;
}
