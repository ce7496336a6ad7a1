/* What is told of requests to who wants to see them all. No query leaves here:
 * it may hold a signature. */
#include "http_inside.h"

#include "address.h"

#include <string.h>

void http_tell(const struct http *http, const struct job *job,
    const struct http_answer *answer)
{
    if (http->trace)
        http->trace(http->trace_context,
            &(struct http_trace){
                .method = job->request.method,
                .origin = job->host->origin,
                .path = address_path(job->request.url),
                .status = answer->status,
                .code = answer->code,
                .error = answer->error.text,
                .bytes = answer->body.size,
                .elapsed_ms = transfer_elapsed_ms(job->transfer),
            });
}

void http_tell_part(const struct http *http, const struct http_part *part)
{
    struct view path = view_of(part->path);

    path.size = strcspn(part->path, "?#");
    if (http->trace)
        http->trace(http->trace_context, &(struct http_trace){
                                             .method = HTTP_GET,
                                             .origin = "",
                                             .path = path,
                                             .code = part->code,
                                             .error = "",
                                             .bytes = part->bytes,
                                             .inside = true,
                                         });
}
