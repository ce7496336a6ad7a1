/* What is told of requests to who wants to see them all. No query leaves here:
 * it may hold a signature. */
#include "http_inside.h"

#include "address.h"

#include <string.h>

static struct view path_of(const char *url)
{
    const char *path = address_host(url);

    path += strcspn(path, "/?#");
    return (struct view){ path, strcspn(path, "?#") };
}

void http_tell(const struct http *http, const struct job *job,
    const struct http_answer *answer)
{
    if (http->trace)
        http->trace(http->trace_context,
            &(struct http_trace){
                .method = job->request.method,
                .origin = job->host->origin,
                .path = path_of(job->request.url),
                .status = answer->status,
                .code = answer->code,
                .error = answer->error.text,
                .bytes = answer->body.size,
                .elapsed_ms = transfer_elapsed_ms(job->transfer),
            });
}

void http_tell_inside(struct http *http, const struct http_trace *part)
{
    struct http_trace trace = *part;

    if (!http->trace)
        return;
    trace.path = view_cut(&trace.path, '?');
    trace.path = view_cut(&trace.path, '#');
    trace.inside = true;
    http->trace(http->trace_context, &trace);
}
