#ifndef CLOUD_OPTIONS_H
#define CLOUD_OPTIONS_H

#include <stdbool.h>

#include "cloud.h"

/* The command line; texts are borrowed from it. */
struct options {
    const char *estate;
    const char *generate;
    const char *log;
    const char *authority; /* where to write it; NULL: a file of its own */
    const char *suffix;
    const char *machine; /* which managed identity; NULL: none is told of */
    const char *arc_folder;
    unsigned long port;
    unsigned long latency_ms;
    unsigned long page_size;
    unsigned long seed;
    bool tls;
    bool print_env;
    bool until_eof;
    bool leave; /* help or version was asked for, and printed */
};

/* Also adds to cloud->faults. On failure returns false and one sentence in
 * *problem, which the caller frees. */
bool options_parse(struct options *options, struct cloud *cloud, int argc,
    char **argv, char **problem);

#endif
