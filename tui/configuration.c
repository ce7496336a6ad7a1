/* The configuration as the command line meets it: loaded for every command,
 * checked and printed by one. */
#include "configuration.h"

#include <limits.h>
#include <stdio.h>

#include "command.h"
#include "kvgov/report.h"
#include "demo.h"

/* A simulated estate has a site of its own. */
static struct kv_config *load_config(const struct options *options)
{
    struct buf site = { .limit = PATH_MAX };
    struct kv_config *config;

    if (options->demo)
        demo_put_site_file(&site, options);
    config = kv_config_load(&(struct kv_config_options){
        .site_file = options->demo ? buf_text(&site) : NULL });
    buf_done(&site);
    return config;
}

enum kv_status configuration_load(struct configuration *out,
    const struct options *options, struct kv_error *err)
{
    const struct kv_setting *baseline = kv_setting_find("baseline");
    struct configuration configuration = { 0 };
    enum kv_status status = KV_OK;

    configuration.config = load_config(options);
    kv_policy_copy(
        &configuration.policy, kv_config_policy(configuration.config));
    if (options->baseline)
        status = kv_setting_parse(
            baseline, &configuration.policy, options->baseline, err);
    if (status == KV_OK)
        *out = configuration;
    else
        configuration_done(&configuration);
    return status;
}

void configuration_done(struct configuration *configuration)
{
    kv_policy_done(&configuration->policy);
    kv_config_free(configuration->config);
    configuration->config = NULL;
}

void configuration_complain(const struct kv_config *config)
{
    for (size_t i = 0; i < kv_config_problem_count(config); i++)
        fprintf(stderr, "kvgov: %s\n", kv_config_problem(config, i).text);
}

void configuration_say(
    const struct kv_config *config, struct kv_session *session)
{
    for (size_t i = 0; i < kv_config_problem_count(config); i++) {
        struct kv_config_problem problem = kv_config_problem(config, i);

        kv_session_say(session,
            problem.wrong ? KV_NOTICE_ERROR : KV_NOTICE_INFO, problem.text);
    }
}

static int print_config(const struct options *options)
{
    struct buf out = { .limit = (size_t)16 << 20 };
    struct buf site = { .limit = PATH_MAX };

    if (command_wants_json(options)) {
        kv_report_config_json(&out, options->config);
        return command_write_out(&out);
    }
    if (options->demo) {
        demo_put_site_file(&site, options);
        buf_puts(&out, "# The demo's estate has its own site configuration, "
                       "which stands in for\n# /etc/kvgov/config.ini: ");
        buf_put_visible(&out, buf_view(&site), false);
        buf_puts(&out, "\n\n");
        buf_done(&site);
    }
    kv_config_print(options->config, &out);
    return command_write_out(&out);
}

/* Whoever checks wants to hear of everything that does not hold as it was
 * written, be it only a name that nobody knows. */
int command_config(const struct options *options)
{
    const struct kv_config *config = options->config;
    size_t problems = kv_config_problem_count(config);
    int code = EXIT_CODE_OK;
    struct kv_error err;

    if (options->check == options->print) {
        kv_error_set(&err, KV_BAD_INPUT,
            "kvgov config needs one of --check and --print");
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    configuration_complain(config);
    if (options->print)
        return print_config(options);
    if (command_wants_json(options))
        code = print_config(options);
    else if (problems == 0)
        puts("the configuration is good");
    return problems > 0 ? EXIT_CODE_USAGE : code;
}
