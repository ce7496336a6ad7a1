/* The demo: a simulated cloud beside this program, that dies with it. */
#ifndef DEMO_H
#define DEMO_H

#include "options.h"

struct demo;

/* Starts kvgov-cloud from the folder of this program or PATH, signs this
 * process in to it by the environment, and points options->arm_endpoint and,
 * unless one is given, options->state_dir to it. Fails with KV_BAD_CONFIG. */
KV_NODISCARD enum kv_status demo_start(
    struct demo **out, struct options *options, struct kv_error *err);
/* Ends the cloud and removes what was temporary. NULL is allowed. */
void demo_end(struct demo *demo);

/* Appends the file that is the site's configuration while the demo runs, in
 * place of /etc/kvgov/config.ini: beside its estate, ".ini" for ".json". It may
 * not be there. */
void demo_put_site_file(struct buf *out, const struct options *options);

#endif
