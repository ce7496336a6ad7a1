/* kvgov-cloud's command line. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

#define VERSION "0.2"
#define PAGE_SIZE_STANDARD 100

static const char usage[] =
    "Usage: kvgov-cloud [--estate FILE | --generate vaults=N,subscriptions=M,"
    "seed=S]\n"
    "                   [--port P] [--tls] [--ca FILE] [--suffix NAME]\n"
    "                   [--managed-identity KIND] [--arc-dir DIR]\n"
    "                   [--latency MS] [--fault SPEC]... [--seed N]\n"
    "                   [--print-env] [--log FILE] [--page-size N] "
    "[--until-eof]\n"
    "                   [--help] [--version]\n"
    "\n"
    "A simulated Azure on 127.0.0.1: sign-in, Resource Manager, Resource "
    "Graph,\n"
    "managed identity; vaults on host names NAME.vault.localhost.\n"
    "\n"
    "  --estate FILE     what exists, in raw ARM shapes\n"
    "  --generate SPEC   an estate of any size, the same for the same seed\n"
    "  --port P          0, the standard, takes a free one\n"
    "  --tls             HTTPS, by a certificate made at this start\n"
    "  --ca FILE         where the authority to trust is written\n"
    "  --suffix NAME     vaults are NAME.vault.SUFFIX, told to clients with\n"
    "                    the port; otherwise localhost, and not told\n"
    "  --managed-identity KIND\n"
    "                    imds, app-service or arc: what --print-env tells "
    "of\n"
    "  --arc-dir DIR     an Azure Arc machine, whose key files lie there\n"
    "  --latency MS      every answer waits that long\n"
    "  --fault RULE      'METHOD PATH KIND [NAME=VALUE]...', such as\n"
    "                    'GET */diagnosticSettings 429 retry-after=2 p=0.1'\n"
    "                    METHOD may be *, PATH has * and ?, KIND is a status "
    "or\n"
    "                    one of those below; names: value, retry-after, p,\n"
    "                    count, skip\n"
    "  --fault SPEC      KIND[=VALUE][:match=PART][:method=M][:count=N]"
    "[:skip=N]\n"
    "  --seed N          for p=; the same seed, the same faults\n"
    "  --print-env       the environment that a client needs, on stdout\n"
    "  --log FILE        one line a request, never a token\n"
    "  --page-size N     of ARM lists, 100 unless told otherwise\n"
    "  --until-eof       end when stdin ends\n"
    "\n"
    "Kinds of faults:";

#define LINE_WIDTH 78

static void print_usage(void)
{
    size_t column = LINE_WIDTH;

    fputs(usage, stdout);
    for (int kind = 0; kind < FAULT_COUNT; kind++) {
        const char *name = fault_name((enum fault_kind)kind);

        if (column + strlen(name) + 1 > LINE_WIDTH)
            column = (size_t)printf("\n ");
        column += (size_t)printf(" %s", name);
    }
    puts("");
}

static bool number_take(const char *name, const char *text, unsigned long most,
    unsigned long *out, char **problem)
{
    char *end = NULL;

    errno = 0;
    *out = strtoul(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && *text != '-' &&
        *out <= most)
        return true;
    *problem = alloc_format(
        "--%s takes a number up to %lu, not '%s'.", name, most, text);
    return false;
}

/* Text that is kept as it is. */
static const char **option_text(struct options *options, int what)
{
    switch (what) {
    case 'e':
        return &options->estate;
    case 'g':
        return &options->generate;
    case 'o':
        return &options->log;
    case 'c':
        return &options->authority;
    case 'x':
        return &options->suffix;
    case 'm':
        return &options->machine;
    case 'a':
        return &options->arc_folder;
    }
    return NULL;
}

static bool *option_flag(struct options *options, int what)
{
    switch (what) {
    case 't':
        return &options->tls;
    case 'v':
        return &options->print_env;
    case 'u':
        return &options->until_eof;
    }
    return NULL;
}

static bool option_take(
    struct options *options, struct cloud *cloud, int what, char **problem)
{
    const char **text = option_text(options, what);
    bool *flag = option_flag(options, what);

    if (text)
        *text = optarg;
    if (flag)
        *flag = true;
    if (text || flag)
        return true;
    switch (what) {
    case 'p':
        return number_take("port", optarg, 65535, &options->port, problem);
    case 'l':
        return number_take(
            "latency", optarg, 600000, &options->latency_ms, problem);
    case 's':
        return number_take(
            "page-size", optarg, 100000, &options->page_size, problem);
    case 'n':
        return number_take(
            "seed", optarg, 4294967295UL, &options->seed, problem);
    case 'f':
        return faults_add(cloud->faults, optarg, problem);
    case 'h':
        print_usage();
        options->leave = true;
        return true;
    case 'V':
        puts("kvgov-cloud " VERSION);
        options->leave = true;
        return true;
    }
    *problem = alloc_text("An option is not known or lacks its value; "
                          "--help lists them.");
    return false;
}

static bool suffix_good(const char *suffix)
{
    return *suffix && *suffix != '.' && strlen(suffix) < 200 &&
           strspn(suffix, "abcdefghijklmnopqrstuvwxyz0123456789-.") ==
               strlen(suffix);
}

static bool machine_good(const char *machine)
{
    return strcmp(machine, "imds") == 0 || strcmp(machine, "arc") == 0 ||
           strcmp(machine, "app-service") == 0;
}

/* What is wrong with options that are each good on their own; NULL: nothing. */
static const char *options_problem(const struct options *options)
{
    if (!options->estate == !options->generate)
        return "Give either --estate FILE or --generate "
               "vaults=N,subscriptions=M,seed=S.";
    if (options->authority && !options->tls)
        return "--ca is of use with --tls only; add that.";
    if (options->suffix && !suffix_good(options->suffix))
        return "--suffix takes a domain in small letters, such as localhost.";
    if (options->machine && !machine_good(options->machine))
        return "--managed-identity takes imds, app-service or arc.";
    if (options->machine && strcmp(options->machine, "arc") == 0 &&
        !options->arc_folder)
        return "--managed-identity arc needs --arc-dir DIR for its key files.";
    return NULL;
}

static bool options_read(struct options *options, struct cloud *cloud, int argc,
    char **argv, char **problem)
{
    static const struct option known[] = {
        { "estate", required_argument, NULL, 'e' },
        { "generate", required_argument, NULL, 'g' },
        { "port", required_argument, NULL, 'p' },
        { "tls", no_argument, NULL, 't' },
        { "ca", required_argument, NULL, 'c' },
        { "suffix", required_argument, NULL, 'x' },
        { "managed-identity", required_argument, NULL, 'm' },
        { "arc-dir", required_argument, NULL, 'a' },
        { "latency", required_argument, NULL, 'l' },
        { "fault", required_argument, NULL, 'f' },
        { "seed", required_argument, NULL, 'n' },
        { "print-env", no_argument, NULL, 'v' },
        { "log", required_argument, NULL, 'o' },
        { "page-size", required_argument, NULL, 's' },
        { "until-eof", no_argument, NULL, 'u' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'V' },
        { 0 },
    };
    int what;

    opterr = 0;
    while ((what = getopt_long(argc, argv, "", known, NULL)) != -1)
        if (!option_take(options, cloud, what, problem))
            return false;
    if (optind == argc || options->leave)
        return true;
    *problem =
        alloc_format("'%s' is not an option; --help lists them.", argv[optind]);
    return false;
}

bool options_parse(struct options *options, struct cloud *cloud, int argc,
    char **argv, char **problem)
{
    const char *wrong;

    if (!options_read(options, cloud, argc, argv, problem))
        return false;
    if (options->leave)
        return true;
    if (options->page_size == 0)
        options->page_size = PAGE_SIZE_STANDARD;
    wrong = options_problem(options);
    if (wrong)
        *problem = alloc_text(wrong);
    return !wrong;
}
