/* What a simulated cloud holds, and changing it as another client would. */
#include "kvgov_cloud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "test.h"
#include "web.h"

#define CONTROL_LIMIT (64u << 20)

/* NULL where it speaks plain HTTP. */
static const char *cloud_authority(const struct cloud *cloud)
{
    return cloud_variable(cloud, "SSL_CERT_FILE");
}

static json_t *cloud_get(const struct cloud *cloud, const char *path)
{
    return web_json(&(struct web_request){
        .origin = cloud->origin,
        .path = path,
        .authority = cloud_authority(cloud),
    });
}

static void control(
    struct cloud *cloud, const char *method, const char *path, const char *body)
{
    struct buf answer = { .limit = CONTROL_LIMIT };
    int status = web_send(&(struct web_request){ .origin = cloud->origin,
                              .authority = cloud_authority(cloud),
                              .method = method,
                              .path = path,
                              .content_type = "text/plain",
                              .body = body },
        &answer);

    if (status / 100 != 2)
        fail_with("%s %s (%s) answered %d: %s", method, path, body ? body : "",
            status, buf_text(&answer));
    buf_done(&answer);
}

void cloud_fault(struct cloud *cloud, const char *fault)
{
    control(cloud, "POST", "/_cloud/fault", fault);
}

void cloud_mend(struct cloud *cloud)
{
    control(cloud, "DELETE", "/_cloud/fault", NULL);
}

json_t *cloud_state(const struct cloud *cloud)
{
    return cloud_get(cloud, "/_cloud/state");
}

json_t *cloud_resource(const json_t *state, const char *name)
{
    const json_t *all = json_object_get(state, "resources");
    size_t index;
    json_t *item;

    json_array_foreach(all, index, item)
    {
        const char *other = json_string_value(json_object_get(item, "name"));

        if (other && strcasecmp(other, name) == 0)
            return item;
    }
    fail_with("the cloud has no resource %s", name);
}

const json_t *json_path(const json_t *value, const char *path)
{
    struct view rest = view_of(path);

    while (value && rest.size > 0) {
        struct view name = view_cut(&rest, '.');
        char *key = mem_copy_view(name);

        value = json_object_get(value, key);
        mem_free(key);
    }
    return value;
}

char *cloud_value(
    const struct cloud *cloud, const char *resource, const char *path)
{
    json_t *state = cloud_state(cloud);
    const json_t *value = json_path(cloud_resource(state, resource), path);
    char *text = value ? json_dumps(value,
                             JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY)
                       : NULL;
    char *copy = mem_copy_text(text ? text : "null");

    free(text);
    json_decref(state);
    return copy;
}

/* ---- writing as another client ---- */

static void token_fetch(struct cloud *cloud)
{
    struct buf path = { .limit = 4096 };
    struct buf form = { .limit = 4096 };

    buf_putf(&path, "/%s/oauth2/v2.0/token",
        cloud_variable(cloud, "AZURE_TENANT_ID"));
    buf_putf(&form,
        "grant_type=client_credentials&client_id=%s&client_secret=%s"
        "&scope=%s%%2F.default",
        cloud_variable(cloud, "AZURE_CLIENT_ID"),
        cloud_variable(cloud, "AZURE_CLIENT_SECRET"), cloud->origin);
    json_t *answer = web_json(&(struct web_request){ .origin = cloud->origin,
        .authority = cloud_authority(cloud),
        .method = "POST",
        .path = buf_text(&path),
        .content_type = "application/x-www-form-urlencoded",
        .body = buf_text(&form) });
    struct buf token = { .limit = 1u << 16 };
    buf_putf(&token, "Bearer %s",
        json_string_value(json_object_get(answer, "access_token")));
    cloud->token = mem_copy_text(buf_text(&token));
    buf_done(&token);
    json_decref(answer);
    buf_done(&form);
    buf_done(&path);
}

void cloud_change(
    struct cloud *cloud, const char *method, const char *path, const char *body)
{
    struct buf answer = { .limit = CONTROL_LIMIT };

    if (!cloud->token)
        token_fetch(cloud);
    int status = web_send(&(struct web_request){ .origin = cloud->origin,
                              .authority = cloud_authority(cloud),
                              .method = method,
                              .path = path,
                              .authorization = cloud->token,
                              .body = body },
        &answer);
    if (status / 100 != 2)
        fail_with(
            "%s %s answered %d: %s", method, path, status, buf_text(&answer));
    buf_done(&answer);
}

void cloud_patch(struct cloud *cloud, const char *resource, const char *body)
{
    json_t *state = cloud_state(cloud);
    struct buf path = { .limit = 4096 };

    buf_putf(&path, "%s?api-version=2026-02-01",
        json_string_value(
            json_object_get(cloud_resource(state, resource), "id")));
    cloud_change(cloud, "PATCH", buf_text(&path), body);
    buf_done(&path);
    json_decref(state);
}

/* ---- what was asked of it ---- */

long cloud_requests(const struct cloud *cloud, const char *method)
{
    json_t *counts = cloud_get(cloud, "/_cloud/requests");
    long sum = 0;
    const char *name;
    json_t *count;

    json_object_foreach(counts, name, count)
    {
        struct view rest = view_of(name);
        struct view verb = view_cut(&rest, ' ');

        if (!method || view_equal(verb, view_of(method)))
            sum += (long)json_integer_value(count);
    }
    json_decref(counts);
    return sum;
}

char *cloud_log(const struct cloud *cloud)
{
    return test_read_file(cloud->log_path, NULL);
}
