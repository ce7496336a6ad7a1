/* The archive of backups: what a vault or HSM answered, encrypted by the
 * service, a file each, and a manifest for each vault that says which version
 * of which object a file has and how to tell that it is whole. Files are of
 * mode 0600: whoever may restore in the subscription can use them. */
#include "inside.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_LIMIT 4096
#define MANIFEST_LIMIT (64u << 20)
#define BLOB_LIMIT (64u << 20)
#define SUFFIX ".json"

static void put_folder(struct buf *out, const struct kv_session *session)
{
    buf_putf(out, "%s/backups", session->state_dir);
}

static void put_manifest_path(struct buf *out, const struct kv_session *session,
    const struct kv_resource *resource)
{
    put_folder(out, session);
    buf_putf(out, "/%s" SUFFIX, resource->name);
}

static enum kv_status make_folder(const char *path, struct kv_error *err)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return KV_OK;
    return kv_error_set(
        err, KV_STORE, "%s cannot be made: %s.", path, strerror(errno));
}

/* ---- manifests ---- */

/* One file's objects into the estate. */
static void note_object(
    struct kv_estate *estate, const char *resource_id, json_t *item)
{
    const char *object = json_string_value(json_object_get(item, "object"));
    struct buf id = { .limit = PATH_LIMIT };
    struct kv_backup *row;

    if (!object)
        return;
    buf_putf(&id, "%s/%s", resource_id, object);
    row = estate_row(estate, KV_SET_BACKUPS, buf_text(&id));
    if (!row)
        row = estate_add_row(estate, KV_SET_BACKUPS,
            &(struct kv_backup){
                .id = estate_text(estate, buf_view(&id)),
                .scope = estate_text(estate, view_of(resource_id)),
            });
    buf_done(&id);
    if (!row)
        return;
    row->version = estate_text(
        estate, view_of(json_string_value(json_object_get(item, "version"))));
    row->file = estate_text(
        estate, view_of(json_string_value(json_object_get(item, "file"))));
    row->updated_s = json_integer_value(json_object_get(item, "updated"));
    row->made_s = json_integer_value(json_object_get(item, "made"));
    row->drilled_s = json_integer_value(json_object_get(item, "drilled"));
}

static json_t *manifest_read(const char *path)
{
    struct buf text = { .limit = MANIFEST_LIMIT };
    struct kv_error err = { 0 };
    json_t *root = NULL;

    if (file_read_whole(&text, path, &err) == KV_OK)
        root = json_loadb(buf_text(&text), text.size, 0, NULL);
    buf_done(&text);
    return root;
}

static void note_manifest(struct kv_session *session, const char *path)
{
    json_t *root = manifest_read(path);
    const char *id = json_string_value(json_object_get(root, "resource"));
    size_t index;
    json_t *item;

    json_array_foreach(json_object_get(root, "objects"), index, item)
    {
        if (id)
            note_object(session->estate, id, item);
    }
    if (!id)
        message_add(session, KV_NOTICE_ERROR, NULL,
            "%s is no manifest of backups: what it lists counts as not backed "
            "up.",
            path);
    json_decref(root);
}

void archive_load(struct kv_session *session)
{
    struct buf folder = { .limit = PATH_LIMIT };
    DIR *dir = NULL;
    struct dirent *entry;

    if (session->state_dir && !session->options.no_files) {
        put_folder(&folder, session);
        dir = opendir(buf_text(&folder));
    }
    while (dir && (entry = readdir(dir))) {
        size_t size = strlen(entry->d_name);
        struct buf path = { .limit = PATH_LIMIT };

        if (size <= strlen(SUFFIX) ||
            strcmp(entry->d_name + size - strlen(SUFFIX), SUFFIX) != 0)
            continue;
        buf_putf(&path, "%s/%s", buf_text(&folder), entry->d_name);
        note_manifest(session, buf_text(&path));
        buf_done(&path);
    }
    if (dir)
        closedir(dir);
    buf_done(&folder);
}

/* ---- keeping ---- */

static json_t *hash_of(struct view text)
{
    char hash[DIGEST_SIZE];

    digest_hex(hash, text);
    return json_string(hash);
}

static json_t *manifest_new(
    const struct kv_session *session, const struct kv_resource *resource)
{
    const struct kv_subscription *subscription =
        resource->subscription < kv_estate_subscription_count(session->estate)
            ? kv_estate_subscription(session->estate, resource->subscription)
            : NULL;

    return json_pack("{s:i, s:s, s:s*, s:s*, s:s, s:[]}", "version", 1,
        "resource", resource->id, "subscription",
        subscription ? subscription->id : NULL, "location", resource->location,
        "restore",
        "only into a vault of this subscription and the same geography",
        "objects");
}

/* What the manifest has of an object, and its place; NULL: nothing. */
static json_t *manifest_find(json_t *manifest, json_t *object, size_t *place)
{
    json_t *list = json_object_get(manifest, "objects");

    for (*place = 0; *place < json_array_size(list); ++*place) {
        json_t *item = json_array_get(list, *place);

        if (json_equal(json_object_get(item, "object"), object))
            return item;
    }
    return NULL;
}

/* In place of what the manifest has of the object. */
static void manifest_set(json_t *manifest, json_t *item)
{
    json_t *list = json_object_get(manifest, "objects");
    size_t place;

    if (manifest_find(manifest, json_object_get(item, "object"), &place))
        (void)json_array_remove(list, place);
    (void)json_array_append(list, item);
}

static enum kv_status manifest_write(
    json_t *manifest, const char *path, struct kv_error *err)
{
    char *text = json_dumps(manifest, JSON_INDENT(1));
    enum kv_status status = file_write_whole(path, view_of(text), err);

    free(text);
    return status;
}

/* "FOLDER/VAULT.keys.NAME.VERSION.backup" */
static void put_file_path(struct buf *out, const struct kv_session *session,
    const struct kv_resource *resource, json_t *what)
{
    const char *folder = json_string_value(json_object_get(what, "folder"));
    const char *object = json_string_value(json_object_get(what, "object"));
    const char *version = json_string_value(json_object_get(what, "version"));
    struct view name = view_of(object);
    struct view kind = view_cut(&name, '/');

    if (folder && *folder)
        buf_puts(out, folder);
    else
        put_folder(out, session);
    buf_putf(out, "/%s.%.*s.%.*s.%s.backup", resource->name, (int)kind.size,
        kind.size > 0 ? kind.data : "", (int)name.size,
        name.size > 0 ? name.data : "", version ? version : "");
}

/* The blob first: a manifest never names a file that is not whole. */
static enum kv_status keep_value(struct kv_session *session,
    const struct kv_resource *resource, json_t *what, struct view value,
    struct kv_error *err)
{
    struct buf path = { .limit = PATH_LIMIT };
    struct buf manifest_path = { .limit = PATH_LIMIT };
    json_t *manifest;
    enum kv_status status;

    put_file_path(&path, session, resource, what);
    put_manifest_path(&manifest_path, session, resource);
    manifest = manifest_read(buf_text(&manifest_path));
    if (!manifest)
        manifest = manifest_new(session, resource);
    status = file_write_whole(buf_text(&path), value, err);
    if (status == KV_OK) {
        (void)json_object_del(what, "folder");
        (void)json_object_set_new(what, "made", json_integer(clock_now_s()));
        (void)json_object_set_new(what, "file", json_string(buf_text(&path)));
        (void)json_object_set_new(what, "sha256", hash_of(value));
        manifest_set(manifest, what);
        status = manifest_write(manifest, buf_text(&manifest_path), err);
    }
    if (status == KV_OK)
        note_object(session->estate, resource->id, what);
    json_decref(manifest);
    buf_done(&manifest_path);
    buf_done(&path);
    return status;
}

/* The backup was restored, and it was the same. */
static enum kv_status keep_drill(struct kv_session *session,
    const struct kv_resource *resource, json_t *what, struct kv_error *err)
{
    struct buf path = { .limit = PATH_LIMIT };
    enum kv_status status = KV_OK;
    json_t *manifest;
    json_t *item;
    size_t place;

    put_manifest_path(&path, session, resource);
    manifest = manifest_read(buf_text(&path));
    item = manifest_find(manifest, json_object_get(what, "object"), &place);
    if (item) {
        (void)json_object_set_new(item, "drilled", json_integer(clock_now_s()));
        status = manifest_write(manifest, buf_text(&path), err);
        note_object(session->estate, resource->id, item);
    }
    json_decref(manifest);
    buf_done(&path);
    return status;
}

enum kv_status archive_keep(struct kv_session *session, uint32_t resource,
    const char *what, struct view answer, struct kv_error *err)
{
    json_t *description = json_loads(what, 0, NULL);
    json_t *body = json_loadb(answer.data, answer.size, 0, NULL);
    json_t *value = json_object_get(body, "value");
    struct buf folder = { .limit = PATH_LIMIT };
    enum kv_status status;

    if (!session->state_dir || session->options.no_files) {
        status = kv_error_set(err, KV_STORE,
            "There is no place for backups: kvgov runs without files.");
    } else if (json_is_true(json_object_get(description, "drill"))) {
        status = keep_drill(session,
            kv_estate_resource(session->estate, resource), description, err);
    } else if (json_string_length(value) == 0) {
        status = kv_error_set(err, KV_PROTOCOL,
            "The service answered without a backup; nothing was kept.");
    } else {
        put_folder(&folder, session);
        status = make_folder(buf_text(&folder), err);
        if (status == KV_OK)
            status = keep_value(session,
                kv_estate_resource(session->estate, resource), description,
                (struct view){
                    json_string_value(value), json_string_length(value) },
                err);
    }
    json_decref(body);
    json_decref(description);
    buf_done(&folder);
    return status;
}

/* ---- giving back ---- */

/* A file that somebody changed is not what the service made. */
static enum kv_status give_file(
    json_t *item, struct buf *out, struct kv_error *err)
{
    const char *path = json_string_value(json_object_get(item, "file"));
    struct buf text = { .limit = BLOB_LIMIT };
    enum kv_status status = path ? file_read_whole(&text, path, err) : KV_STORE;
    json_t *hash = status == KV_OK ? hash_of(buf_view(&text)) : NULL;
    json_t *body = NULL;
    char *whole;

    if (hash && !json_equal(hash, json_object_get(item, "sha256")))
        status = kv_error_set(err, KV_STORE,
            "%s is not the backup that its manifest names: it was changed.",
            path);
    if (status == KV_OK)
        body = json_pack("{s:s}", "value", buf_text(&text));
    whole = json_dumps(body, JSON_COMPACT);
    if (whole)
        buf_puts(out, whole);
    free(whole);
    json_decref(body);
    json_decref(hash);
    buf_done(&text);
    return status;
}

enum kv_status archive_give(struct kv_session *session, uint32_t resource,
    const char *what, struct buf *out, struct kv_error *err)
{
    json_t *description = json_loads(what, 0, NULL);
    struct buf path = { .limit = PATH_LIMIT };
    enum kv_status status;
    json_t *manifest;
    json_t *item;
    size_t place;

    put_manifest_path(
        &path, session, kv_estate_resource(session->estate, resource));
    manifest = manifest_read(buf_text(&path));
    item =
        manifest_find(manifest, json_object_get(description, "object"), &place);
    if (item && json_equal(json_object_get(item, "version"),
                    json_object_get(description, "version")))
        status = give_file(item, out, err);
    else
        status = kv_error_set(err, KV_NOT_FOUND,
            "%s does not name a backup of this version any more.",
            buf_text(&path));
    json_decref(manifest);
    json_decref(description);
    buf_done(&path);
    return status;
}
