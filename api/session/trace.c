/* What is told of a request to who wants to see them all: where it went and how
 * that ended, and nothing that anybody could use. */
#include "inside.h"

#include <string.h>

#define PATH_LIMIT 4096
#define PROVIDERS "/providers/"

/* ---- whom it is for ---- */

/* The last one: settings of a vault are Microsoft.Insights' affair. */
static struct view provider_in(const char *path)
{
    struct view found = { NULL, 0 };

    for (const char *at = path; *at; at++)
        if (view_starts_nocase(view_of(at), view_of(PROVIDERS))) {
            found.data = at + strlen(PROVIDERS);
            found.size = strcspn(found.data, "/");
        }
    return found;
}

static bool is_at(const char *endpoint, const char *origin)
{
    return endpoint && *endpoint && http_same_origin(endpoint, origin);
}

/* What a path gives away where several services share one host, as on this
 * machine. In the order of asking. */
static const struct {
    const char *part;
    const char *name;
} path_rows[] = {
    { "/metadata/identity/", "managed identity" },
    { "/oauth2/", "login" },
    { "/.well-known/", "login" },
    { "/metadata/endpoints", "endpoints" },
    { "/msi/token", "managed identity" },
    { "/v1.0/", "Microsoft Graph" },
    { "/v1/workspaces/", "Log Analytics" },
};

static const char *name_of(
    const struct auth_cloud *cloud, const char *origin, const char *path)
{
    bool arm = !*origin || is_at(cloud->arm, origin);

    for (size_t i = 0; i < sizeof path_rows / sizeof *path_rows; i++)
        if (text_contains_nocase(path, path_rows[i].part))
            return path_rows[i].name;
    if (arm)
        return text_equal_nocase(path, "/batch") ? "batch"
                                                 : "Microsoft.Resources";
    if (is_at(cloud->login, origin))
        return "login";
    if (is_at(cloud->graph, origin))
        return "Microsoft Graph";
    return is_at(cloud->logs, origin) ? "Log Analytics" : NULL;
}

void trace_put_provider(struct buf *out, const struct auth_cloud *cloud,
    const char *origin, const char *path)
{
    struct view provider = provider_in(path);
    const char *name = name_of(cloud, origin, path);
    struct view host = view_of(origin);

    if (provider.size > 0 && (!*origin || is_at(cloud->arm, origin))) {
        buf_put_visible(out, provider, false);
        return;
    }
    view_cut(&host, '/');
    view_cut(&host, '/');
    if (name)
        buf_puts(out, name);
    else
        buf_put_visible(out, host, false);
}

/* ---- where it went ---- */

/* A secret's name may say what it opens. */
static void put_path(struct buf *out, struct view path)
{
    struct view rest = path;
    struct view before = { NULL, 0 };

    while (rest.size > 0) {
        struct view part = view_cut(&rest, '/');
        bool hidden = part.size > 0 &&
                      (view_equal_nocase(before, view_of("secrets")) ||
                          view_equal_nocase(before, view_of("deletedsecrets")));

        if (part.data != path.data)
            buf_putc(out, '/');
        if (hidden)
            buf_putc(out, '*');
        else
            buf_put_visible(out, part, false);
        before = part;
    }
}

void trace_request(void *context, const struct http_trace *trace)
{
    struct kv_session *session = context;
    const struct auth_cloud *cloud = auth_cloud(session->auth);
    struct buf path = { .limit = PATH_LIMIT };
    struct buf provider = { .limit = 256 };
    struct buf failure = { .limit = PATH_LIMIT };
    struct view host = view_of(trace->origin);

    view_cut(&host, '/');
    view_cut(&host, '/');
    put_path(&path, trace->path);
    trace_put_provider(&provider, cloud, trace->origin, buf_text(&path));
    buf_put_visible(&failure, view_of(trace->error), false);
    session->options.trace(session->options.trace_context,
        &(struct kv_trace){
            .method = http_method_name(trace->method),
            .host = host.size > 0 ? host.data : "",
            .path = buf_text(&path),
            .provider = buf_text(&provider),
            .failure = trace->status == KV_OK ? "" : buf_text(&failure),
            .code = trace->code,
            .bytes = trace->bytes,
            .elapsed_ms = trace->elapsed_ms,
            .inside = trace->inside,
        });
    buf_done(&path);
    buf_done(&provider);
    buf_done(&failure);
}
