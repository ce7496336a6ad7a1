/* The configuration: what a person wrote in config.ini, within what the site
 * wrote in /etc/kvgov/config.ini. Names and values are those of kv_settings. */
#ifndef KVGOV_CONFIG_H
#define KVGOV_CONFIG_H

#include "kvgov/policy.h"

struct kv_config;

struct kv_config_options {
    const char *user_file; /* NULL: of $XDG_CONFIG_HOME or ~/.config */
    const char *site_file; /* NULL: /etc/kvgov/config.ini */
};

/* One sentence each: where, what is wrong or not as written, what holds. */
struct kv_config_problem {
    bool wrong; /* else it is only not as it was meant */
    const char *text;
};

/* Reads both files; one that is not there says nothing. What cannot be used is
 * a problem and the value stays what it was, so that there always is a
 * configuration. The caller ends it with kv_config_free(). */
struct kv_config *kv_config_load(const struct kv_config_options *options);
void kv_config_free(struct kv_config *config); /* NULL is allowed */

const struct kv_policy *kv_config_policy(const struct kv_config *config);
size_t kv_config_problem_count(const struct kv_config *config);
struct kv_config_problem kv_config_problem(
    const struct kv_config *config, size_t index);
/* Appends "default", or the file and line that the value is from. */
void kv_config_put_origin(const struct kv_config *config,
    const struct kv_setting *setting, struct buf *out);

/* A file that sets every value to what it is, with what it means and where it
 * came from. */
void kv_config_print(const struct kv_config *config, struct buf *out);

#endif
