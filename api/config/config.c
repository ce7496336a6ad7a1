/* Both files together: the user's values within the site's. */
#include "kvgov/config.h"

#include <stdlib.h>

#include "base.h"
#include "ini_file.h"

#define SITE_FILE "/etc/kvgov/config.ini"
#define LINE_BYTES 100u /* of a list, in print */

struct kv_config {
    struct ini_file site;
    struct ini_file user;
    struct kv_policy policy;
    const struct ini_file **from; /* by setting; NULL: the default */
    struct problems problems;
};

static char *user_path(void)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    struct buf path = { .limit = 4096 };
    char *copy;

    if (config && config[0] == '/')
        buf_putf(&path, "%s/kvgov/config.ini", config);
    else if (home && home[0] == '/')
        buf_putf(&path, "%s/.config/kvgov/config.ini", home);
    copy = path.size && !path.failed ? mem_copy_text(buf_text(&path)) : NULL;
    buf_done(&path);
    return copy;
}

/* ---- whose value holds ---- */

static unsigned line_in(const struct ini_file *file, size_t setting)
{
    return file->lines[setting];
}

/* Where one of two values is stricter it holds; where neither is, the
 * site's. */
static bool site_holds(const struct kv_config *config, size_t index)
{
    const struct kv_setting *setting = &kv_settings[index];

    if (!line_in(&config->site, index) || !line_in(&config->user, index))
        return line_in(&config->site, index) != 0;
    if (setting->strict == KV_STRICT_NEITHER)
        return !kv_setting_equal(
            setting, &config->user.policy, &config->site.policy);
    return kv_setting_looser(
        setting, &config->user.policy, &config->site.policy);
}

static void say_overruled(struct kv_config *config, size_t index)
{
    const struct kv_setting *setting = &kv_settings[index];
    struct buf site = { .limit = 256 };
    struct buf user = { .limit = 256 };

    kv_setting_put(setting, &config->user.policy, &user);
    kv_setting_put(setting, &config->site.policy, &site);
    problem_add(&config->problems, false,
        "%s:%u: %s = %s %s; %s of %s:%u holds", config->user.path,
        line_in(&config->user, index), setting->name, buf_text(&user),
        setting->strict == KV_STRICT_NEITHER
            ? "is not what the site set"
            : "asks for less than the site does",
        buf_text(&site), config->site.path, line_in(&config->site, index));
    buf_done(&site);
    buf_done(&user);
}

static void merge(struct kv_config *config)
{
    for (size_t i = 0; i < kv_settings_count; i++) {
        const struct ini_file *from = NULL;

        if (site_holds(config, i))
            from = &config->site;
        else if (line_in(&config->user, i))
            from = &config->user;
        if (from == &config->site && line_in(&config->user, i))
            say_overruled(config, i);
        config->from[i] = from;
        if (from)
            kv_setting_copy(&kv_settings[i], &config->policy, &from->policy);
    }
}

/* ---- public ---- */

struct kv_config *kv_config_load(const struct kv_config_options *options)
{
    struct kv_config *config = mem_alloc(sizeof *config);
    char *own = options->user_file ? NULL : user_path();

    config->from = mem_alloc(kv_settings_count * sizeof *config->from);
    kv_policy_copy(&config->policy, &kv_policy_default);
    ini_file_init(
        &config->site, options->site_file ? options->site_file : SITE_FILE);
    ini_file_init(&config->user, options->user_file ? options->user_file : own);
    ini_file_read(&config->site, &config->problems);
    ini_file_read(&config->user, &config->problems);
    merge(config);
    mem_free(own);
    return config;
}

void kv_config_free(struct kv_config *config)
{
    if (!config)
        return;
    ini_file_done(&config->site);
    ini_file_done(&config->user);
    kv_policy_done(&config->policy);
    problems_done(&config->problems);
    mem_free(config->from);
    mem_free(config);
}

const struct kv_policy *kv_config_policy(const struct kv_config *config)
{
    return &config->policy;
}

size_t kv_config_problem_count(const struct kv_config *config)
{
    return config->problems.count;
}

struct kv_config_problem kv_config_problem(
    const struct kv_config *config, size_t index)
{
    return config->problems.items[index];
}

void kv_config_put_origin(const struct kv_config *config,
    const struct kv_setting *setting, struct buf *out)
{
    const struct ini_file *from = config->from[setting - kv_settings];

    if (!from) {
        buf_puts(out, "default");
        return;
    }
    buf_put_visible(out, view_of(from->path), false);
    buf_putf(out, ":%u", from->lines[setting - kv_settings]);
}

/* Lines of a file have an end; a list goes on in the next one. */
static void print_value(struct view value, struct buf *out)
{
    size_t column = 0;

    while (value.size > 0) {
        struct view item = view_cut(&value, ',');

        if (column > 0 && column + item.size > LINE_BYTES) {
            buf_puts(out, "\n    ");
            column = 0;
        }
        buf_put_visible(out, item, false);
        if (value.size > 0)
            buf_putc(out, ',');
        column += item.size + 1;
    }
}

static void print_setting(const struct kv_config *config,
    const struct kv_setting *setting, struct buf *out)
{
    struct buf value = { .limit = SIZE_MAX };

    kv_setting_put(setting, &config->policy, &value);
    buf_putf(out, "\n# %s: ", setting->what);
    kv_setting_put_allowed(setting, out);
    buf_puts(out, "\n# from ");
    kv_config_put_origin(config, setting, out);
    buf_putf(out, "\n%s = ", setting->name);
    print_value(buf_view(&value), out);
    buf_putc(out, '\n');
    buf_done(&value);
}

void kv_config_print(const struct kv_config *config, struct buf *out)
{
    buf_puts(out, "[policy]\n");
    for (size_t i = 0; i < kv_settings_count; i++)
        print_setting(config, &kv_settings[i], out);
}
