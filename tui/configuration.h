/* The configuration as the command line meets it. */
#ifndef CONFIGURATION_H
#define CONFIGURATION_H

#include "kvgov/config.h"
#include "options.h"

struct kv_session;

struct configuration {
    struct kv_config *config;
    struct kv_policy policy; /* of the config, then of the options */
};

/* Reads the files and adds what the options say. Fails with KV_BAD_INPUT for
 * an option. */
KV_NODISCARD enum kv_status configuration_load(struct configuration *out,
    const struct options *options, struct kv_error *err);
void configuration_done(struct configuration *configuration);

/* What is wrong with the files: on stderr, or in the session's messages. */
void configuration_complain(const struct kv_config *config);
void configuration_say(
    const struct kv_config *config, struct kv_session *session);

/* kvgov config --check and --print. */
int command_config(const struct options *options);

#endif
