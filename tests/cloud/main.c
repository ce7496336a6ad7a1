/* kvgov-cloud: start and end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access.h"
#include "addresses.h"
#include "cloud.h"
#include "faults.h"
#include "generate.h"
#include "graph.h"
#include "identity.h"
#include "quota.h"
#include "load.h"
#include "machine.h"
#include "options.h"
#include "server.h"
#include "tls.h"

static bool cloud_fill(
    struct cloud *cloud, const struct options *options, char **problem)
{
    struct generate_options generate = { 0 };

    cloud->page_size = options->page_size;
    cloud->latency_ms = (long)options->latency_ms;
    cloud->suffix = alloc_text(options->suffix ? options->suffix : "localhost");
    cloud->suffix_told = options->suffix != NULL;
    cloud->machine = machine_new(options->arc_folder);
    faults_seed(cloud->faults, options->seed);
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

/* The client secret comes last: who reads this knows the end by it. */
static void print_start(const struct cloud *cloud,
    const struct options *options, const char *authority)
{
    json_t *client =
        json_array_get(estate_member(&cloud->estate, "clients"), 0);
    const char *id = json_string_value(json_object_get(client, "appId"));
    const char *secret = json_string_value(json_object_get(client, "secret"));

    printf("kvgov-cloud: listening on %s\n", cloud->origin);
    if (options->print_env) {
        printf("KVGOV_ARM_ENDPOINT=%s\n", cloud->origin);
        if (authority)
            printf("AZURE_AUTHORITY_HOST=%s/\nSSL_CERT_FILE=%s\n",
                cloud->origin, authority);
        if (options->machine)
            machine_print(cloud, options->machine, stdout);
        printf("AZURE_TENANT_ID=%s\nAZURE_CLIENT_ID=%s\n"
               "AZURE_CLIENT_SECRET=%s\n",
            cloud->estate.tenant_id, id ? id : "", secret ? secret : "");
    }
    fflush(stdout);
}

static bool cloud_serve(struct cloud *cloud, const struct options *options,
    const struct tls *tls, const char *authority, char **problem)
{
    struct server *server =
        server_open(cloud, (unsigned)options->port, tls, problem);

    if (!server)
        return false;
    if (cloud->suffix_told)
        addresses_move(cloud);
    if (faults_have(cloud->faults, FAULT_STALE_GRAPH))
        graph_freeze(cloud->graph, &cloud->estate);
    print_start(cloud, options, authority);
    server_run(server, options->until_eof);
    server_close(server);
    return true;
}

/* A file of the caller's stays, so that a client may go on reading it; one of
 * our own goes when we do. */
static bool cloud_serve_secure(
    struct cloud *cloud, const struct options *options, char **problem)
{
    struct tls tls = { 0 };
    char *authority = NULL;
    bool good = tls_new(&tls, cloud->suffix, problem);

    if (good)
        authority = tls_save_authority(&tls, options->authority, problem);
    good = authority && cloud_serve(cloud, options, &tls, authority, problem);
    if (authority && !options->authority)
        unlink(authority);
    free(authority);
    tls_done(&tls);
    return good;
}

static void cloud_init(struct cloud *cloud)
{
    cloud->access = access_new(&cloud->estate);
    cloud->identity = identity_new();
    cloud->faults = faults_new();
    cloud->limits = limits_new();
    cloud->graph = graph_new();
    cloud->counts = json_object();
    cloud->visits = json_object();
}

static void cloud_done(struct cloud *cloud)
{
    graph_free(cloud->graph);
    limits_free(cloud->limits);
    machine_free(cloud->machine);
    faults_free(cloud->faults);
    identity_free(cloud->identity);
    access_free(cloud->access);
    for (size_t i = 0; i < cloud->operation_count; i++) {
        free(cloud->operations[i].id);
        free(cloud->operations[i].item_id);
        item_free(cloud->operations[i].before);
    }
    free(cloud->operations);
    json_decref(cloud->counts);
    json_decref(cloud->visits);
    free(cloud->origin);
    free(cloud->suffix);
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
    if (good && !options.leave) {
        good = cloud_fill(&cloud, &options, &problem);
        if (good)
            good = options.tls
                       ? cloud_serve_secure(&cloud, &options, &problem)
                       : cloud_serve(&cloud, &options, NULL, NULL, &problem);
    }
    if (!good)
        fprintf(stderr, "kvgov-cloud: %s\n", problem ? problem : "failed.");
    free(problem);
    cloud_done(&cloud);
    return good ? 0 : 2;
}
