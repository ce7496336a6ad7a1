/* The machine: the terminal, its letters, and variables that change the way to
 * Azure. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "doctor_inside.h"
#include "term.h"

/* Screens are drawn for at least so much. */
#define COLUMNS_LEAST 60
#define ROWS_LEAST 20

/* ---- the terminal ---- */

static void check_size(struct doctor *doctor)
{
    struct winsize size = { 0 };

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "window", "",
            "stdout is no terminal: its size is not known");
    else if (size.ws_col < COLUMNS_LEAST || size.ws_row < ROWS_LEAST)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "window",
            "make it wider or higher: texts are cut below 60x20", "%ux%u",
            (unsigned)size.ws_col, (unsigned)size.ws_row);
    else
        doctor_add(doctor, KV_DIAGNOSIS_OK, "window", "", "%ux%u",
            (unsigned)size.ws_col, (unsigned)size.ws_row);
}

static void check_colours(struct doctor *doctor, const char *name, int colours)
{
    bool unwanted = doctor->options->no_colour;

    if (unwanted)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "terminal", "",
            "%s; colours are switched off by NO_COLOR or --no-color", name);
    else if (colours == 0)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "terminal", "",
            "%s has no colours: what they say is said by words and marks too",
            name);
    else
        doctor_add(doctor, KV_DIAGNOSIS_OK, "terminal", "", "%s, %d colours",
            name, colours);
}

/* A name that is missing is no mistake where no terminal is. */
static void check_terminal(struct doctor *doctor)
{
    const char *option = doctor->options->term;
    const char *name = option ? option : getenv("TERM");
    bool named = name && *name;
    int colours = named ? term_colours_of(name) : -1;

    if (!named)
        doctor_add(doctor,
            isatty(STDOUT_FILENO) ? KV_DIAGNOSIS_PROBLEM : KV_DIAGNOSIS_WARNING,
            "terminal",
            "set TERM, or name a terminal with --term; \"kvgov scan\" needs "
            "none",
            "TERM is not set, so the console cannot be drawn");
    else if (strcmp(name, "dumb") == 0)
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "terminal",
            "name another one with --term, such as --term vt100; \"kvgov "
            "scan\" needs none",
            "TERM is dumb, so the console cannot be drawn");
    else if (colours < 0)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "terminal",
            "install its terminfo entry, or name another one with --term",
            "this system does not know %s: the nearest one is taken", name);
    else
        check_colours(doctor, name, colours);
}

/* What the C library calls ASCII, nobody else does. */
static const char *codeset_name(const char *codeset)
{
    return strcmp(codeset, "ANSI_X3.4-1968") == 0 ? "ASCII" : codeset;
}

static void check_locale(struct doctor *doctor)
{
    const char *codeset = nl_langinfo(CODESET);
    const char *locale = setlocale(LC_CTYPE, NULL);

    if (strcmp(codeset, "UTF-8") == 0)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "locale", "", "%s",
            locale ? locale : codeset);
    else
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "locale",
            "set LANG or LC_ALL to one with UTF-8, such as C.UTF-8",
            "%s knows the letters of %s only: others are shown as <U+...>",
            locale ? locale : "it", codeset_name(codeset));
}

/* ---- the way out ---- */

/* A proxy's address may hold a password. */
static void put_without_user(struct buf *out, const char *value)
{
    const char *start = strstr(value, "://");
    const char *at;

    start = start ? start + strlen("://") : value;
    at = strrchr(start, '@');
    buf_put(out, (struct view){ value, (size_t)(start - value) });
    if (at)
        buf_puts(out, "***@");
    buf_puts(out, at ? at + 1 : start);
}

static void check_proxy(struct doctor *doctor)
{
    static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
        "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY" };
    struct buf seen = { .limit = 4096 };

    for (size_t i = 0; i < sizeof(names) / sizeof *(names); i++) {
        const char *value = getenv(names[i]);

        if (!value || !*value)
            continue;
        buf_putf(&seen, "%s%s=", seen.size ? ", " : "", names[i]);
        put_without_user(&seen, value);
    }
    doctor_add(doctor, KV_DIAGNOSIS_OK, "proxy", "", "%s",
        seen.size ? buf_text(&seen) : "none is set");
    buf_done(&seen);
}

/* OpenSSL takes what it can read of these, and says nothing of the rest. */
static void check_authorities(struct doctor *doctor)
{
    static const char *const names[] = { "SSL_CERT_FILE", "SSL_CERT_DIR" };

    for (size_t i = 0; i < sizeof(names) / sizeof *(names); i++) {
        const char *value = getenv(names[i]);

        if (!value || !*value)
            continue;
        if (access(value, R_OK) != 0)
            doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "certificate authorities",
                "name one that can be read, or unset it",
                "%s=%s cannot be read", names[i], value);
        else
            doctor_add(doctor, KV_DIAGNOSIS_OK, "certificate authorities", "",
                "%s=%s", names[i], value);
    }
}

void doctor_check_machine(struct doctor *doctor)
{
    check_terminal(doctor);
    check_size(doctor);
    check_locale(doctor);
    check_proxy(doctor);
    check_authorities(doctor);
}
