/* kvgov-cloud's command line: options, start, end. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "cloud.h"
#include "faults.h"
#include "generate.h"
#include "graph.h"
#include "identity.h"
#include "load.h"
#include "server.h"

#define VERSION "0.1"
#define PAGE_SIZE_STANDARD 100

static const char usage[] =
    "Usage: kvgov-cloud [--estate FILE | --generate vaults=N,subscriptions=M,"
    "seed=S]\n"
    "                   [--port P] [--latency MS] [--fault SPEC]... "
    "[--print-env]\n"
    "                   [--log FILE] [--page-size N] [--until-eof] [--help] "
    "[--version]\n"
    "\n"
    "A simulated Azure on 127.0.0.1: sign-in, Resource Manager, Resource "
    "Graph.\n"
    "\n"
    "  --estate FILE     what exists, in raw ARM shapes\n"
    "  --generate SPEC   an estate of any size, the same for the same seed\n"
    "  --port P          0, the standard, takes a free one\n"
    "  --latency MS      every answer waits that long\n"
    "  --fault SPEC      KIND[=VALUE][:match=PART][:method=M][:count=N]"
    "[:skip=N]\n"
    "                    kinds: throttle, status, reset, truncate, stall, "
    "hold,\n"
    "                    hold-answer, foreign-nextlink, loop-nextlink, "
    "redirect,\n"
    "                    foreign-location, slow-operation, token-life, "
    "device,\n"
    "                    device-interval, graph-quota, stale-graph, "
    "bad-json,\n"
    "                    policy-modify\n"
    "  --print-env       the environment that a client needs, on stdout\n"
    "  --log FILE        one line a request, never a token\n"
    "  --page-size N     of ARM lists, 100 unless told otherwise\n"
    "  --until-eof       end when stdin ends\n";

struct options {
    const char *estate;
    const char *generate;
    const char *log;
    unsigned long port;
    unsigned long latency_ms;
    unsigned long page_size;
    bool print_env;
    bool until_eof;
    bool leave; /* help or version was asked for */
};

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

static bool option_take(
    struct options *options, struct cloud *cloud, int what, char **problem)
{
    switch (what) {
    case 'e':
        options->estate = optarg;
        return true;
    case 'g':
        options->generate = optarg;
        return true;
    case 'o':
        options->log = optarg;
        return true;
    case 'p':
        return number_take("port", optarg, 65535, &options->port, problem);
    case 'l':
        return number_take(
            "latency", optarg, 600000, &options->latency_ms, problem);
    case 's':
        return number_take(
            "page-size", optarg, 100000, &options->page_size, problem);
    case 'f':
        return faults_add(cloud->faults, optarg, problem);
    case 'v':
        options->print_env = true;
        return true;
    case 'u':
        options->until_eof = true;
        return true;
    case 'h':
    case 'V':
        fputs(what == 'h' ? usage : "kvgov-cloud " VERSION "\n", stdout);
        options->leave = true;
        return true;
    }
    *problem = alloc_text("An option is not known or lacks its value; "
                          "--help lists them.");
    return false;
}

static bool options_parse(struct options *options, struct cloud *cloud,
    int argc, char **argv, char **problem)
{
    static const struct option known[] = {
        { "estate", required_argument, NULL, 'e' },
        { "generate", required_argument, NULL, 'g' },
        { "port", required_argument, NULL, 'p' },
        { "latency", required_argument, NULL, 'l' },
        { "fault", required_argument, NULL, 'f' },
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
    if (options->leave)
        return true;
    if (optind < argc) {
        *problem = alloc_format(
            "'%s' is not an option; --help lists them.", argv[optind]);
        return false;
    }
    if (options->page_size == 0)
        options->page_size = PAGE_SIZE_STANDARD;
    if (!options->estate == !options->generate) {
        *problem = alloc_text("Give either --estate FILE or --generate "
                              "vaults=N,subscriptions=M,seed=S.");
        return false;
    }
    return true;
}

static bool cloud_fill(
    struct cloud *cloud, const struct options *options, char **problem)
{
    struct generate_options generate = { 0 };

    cloud->page_size = options->page_size;
    cloud->latency_ms = (long)options->latency_ms;
    if (options->log) {
        cloud->log = fopen(options->log, "ae");
        if (!cloud->log) {
            *problem = alloc_format("The log '%s' cannot be opened (%s); name "
                                    "a file that can be written.",
                options->log, strerror(errno));
            return false;
        }
    }
    if (options->estate)
        return estate_load(&cloud->estate, options->estate, problem);
    return generate_parse(&generate, options->generate, problem) &&
           estate_generate(&cloud->estate, &generate, problem);
}

static void print_start(const struct cloud *cloud, bool environment)
{
    json_t *client =
        json_array_get(estate_member(&cloud->estate, "clients"), 0);
    const char *id = json_string_value(json_object_get(client, "appId"));
    const char *secret = json_string_value(json_object_get(client, "secret"));

    printf("kvgov-cloud: listening on %s\n", cloud->origin);
    if (environment)
        printf("KVGOV_ARM_ENDPOINT=%s\nAZURE_TENANT_ID=%s\n"
               "AZURE_CLIENT_ID=%s\nAZURE_CLIENT_SECRET=%s\n",
            cloud->origin, cloud->estate.tenant_id, id ? id : "",
            secret ? secret : "");
    fflush(stdout);
}

static bool cloud_serve(
    struct cloud *cloud, const struct options *options, char **problem)
{
    struct server *server =
        server_open(cloud, (unsigned)options->port, problem);

    if (!server)
        return false;
    if (faults_have(cloud->faults, FAULT_STALE_GRAPH))
        graph_freeze(cloud->graph, &cloud->estate);
    print_start(cloud, options->print_env);
    server_run(server, options->until_eof);
    server_close(server);
    return true;
}

static void cloud_init(struct cloud *cloud)
{
    cloud->access = access_new(&cloud->estate);
    cloud->identity = identity_new();
    cloud->faults = faults_new();
    cloud->graph = graph_new();
    cloud->counts = json_object();
}

static void cloud_done(struct cloud *cloud)
{
    graph_free(cloud->graph);
    faults_free(cloud->faults);
    identity_free(cloud->identity);
    access_free(cloud->access);
    for (size_t i = 0; i < cloud->operation_count; i++) {
        free(cloud->operations[i].id);
        free(cloud->operations[i].item_id);
    }
    free(cloud->operations);
    json_decref(cloud->counts);
    free(cloud->origin);
    estate_done(&cloud->estate);
    if (cloud->log)
        fclose(cloud->log);
}

int main(int argc, char **argv)
{
    struct cloud cloud = { 0 };
    struct options options = { 0 };
    char *problem = NULL;
    bool good;

    cloud_init(&cloud);
    good = options_parse(&options, &cloud, argc, argv, &problem);
    if (good && !options.leave)
        good = cloud_fill(&cloud, &options, &problem) &&
               cloud_serve(&cloud, &options, &problem);
    if (!good)
        fprintf(stderr, "kvgov-cloud: %s\n", problem ? problem : "failed.");
    free(problem);
    cloud_done(&cloud);
    return good ? 0 : 2;
}
