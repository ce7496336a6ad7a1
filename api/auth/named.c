/* A cloud by name, or the one that the environment means. */
#include "cloud.h"

#include "file.h"

#include <string.h>

#define CONFIG_LIMIT 65536 /* bytes */
#define PATH_LIMIT 4096

static const char *variable(char **environment, const char *name)
{
    size_t size = strlen(name);

    for (char **each = environment; each && *each; each++)
        if (strncmp(*each, name, size) == 0 && (*each)[size] == '=')
            return *each + size + 1;
    return "";
}

/* The CLI's [cloud] section says "name = AzureUSGovernment". */
static struct view config_find(struct view text)
{
    bool inside = false;

    while (text.size > 0) {
        struct view line = view_trim(view_cut(&text, '\n'));
        struct view name = { 0 };

        if (line.size > 0 && line.data[0] == '[')
            inside = view_equal(line, view_of("[cloud]"));
        else
            name = view_trim(view_cut(&line, '='));
        if (inside && view_equal(name, view_of("name")))
            return view_trim(line);
    }
    return (struct view){ 0 };
}

/* As `az cloud set` leaves it; NULL where there is no such file. */
static const struct auth_cloud *cli_cloud(char **environment)
{
    const char *folder = variable(environment, "AZURE_CONFIG_DIR");
    const char *home = variable(environment, "HOME");
    struct buf path = { .limit = PATH_LIMIT };
    struct hidden text = { 0 };
    const struct auth_cloud *cloud = NULL;

    if (folder[0] == '/')
        buf_putf(&path, "%s/config", folder);
    else if (home[0] == '/')
        buf_putf(&path, "%s/.azure/config", home);
    if (path.size > 0 && !path.failed &&
        file_read(&text, buf_text(&path), CONFIG_LIMIT, NULL) == KV_OK) {
        char *name = mem_copy_view(config_find(hidden_view(&text)));

        cloud = cloud_find_name(name);
        mem_free(name);
    }
    hidden_done(&text);
    buf_done(&path);
    return cloud;
}

static const struct auth_cloud *environment_cloud(char **environment)
{
    const char *authority = variable(environment, "AZURE_AUTHORITY_HOST");
    struct buf login = { .limit = 512 };
    const struct auth_cloud *cloud;

    if (!*authority)
        return cli_cloud(environment);
    if (!strstr(authority, "://"))
        buf_puts(&login, "https://");
    buf_puts(&login, authority);
    cloud = cloud_find_login(buf_text(&login));
    buf_done(&login);
    return cloud;
}

static enum kv_status refuse(const char *name, struct kv_error *err)
{
    struct buf names = { .limit = 256 };

    cloud_put_names(&names);
    kv_error_set(err, KV_BAD_CONFIG,
        "%.60s is no cloud that kvgov knows; it knows %s, and any other by "
        "--arm-endpoint",
        name, buf_text(&names));
    buf_done(&names);
    return KV_BAD_CONFIG;
}

enum kv_status auth_find_arm(const char **out, const char *cloud,
    char **environment, struct kv_error *err)
{
    const struct auth_cloud *found =
        cloud ? cloud_find_name(cloud) : environment_cloud(environment);

    if (cloud && !found)
        return refuse(cloud, err);
    *out = found && found != cloud_find(NULL) ? found->arm : NULL;
    return KV_OK;
}
