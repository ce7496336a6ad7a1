#ifndef CLOUD_MACHINE_H
#define CLOUD_MACHINE_H

#include <stdio.h>

#include "cloud.h"

/* The machine that the cloud's user sits at, as far as it has an identity. The
 * estate's "machine" says which: {"systemAssigned": PRINCIPAL, "userAssigned":
 * [PRINCIPAL, ...]}; without it, the machine is the first of "clients". */
struct machine;

/* The folder is where key files go, and makes it an Azure Arc machine; NULL is
 * a machine in Azure. */
struct machine *machine_new(const char *arc_folder);
/* Removes the key files. NULL is allowed. */
void machine_free(struct machine *machine);

/* Writes "NAME=value" lines for a client of one kind: "imds", "app-service" or
 * "arc". */
void machine_print(const struct cloud *cloud, const char *kind, FILE *out);

#endif
