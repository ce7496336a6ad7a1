/* The remedy that keeps backups of keys, secrets and certificates: as the
 * service encrypts them, in an archive of this machine. It changes nothing in
 * Azure. What backs a certificate is in the certificate's backup. */
#include "contents.h"

#include <string.h>

static enum kv_status folder_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    (void)option;
    if (!*value || (value[0] == '/' && !strstr(value, "/..")))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "Write a whole path that begins with /, or nothing for kvgov's own "
        "folder.");
}

const struct option_row backup_options[] = {
    INSIDE_OBJECTS_OPTION,
    {
        .name = "folder",
        .label = "Folder",
        .help = "a folder that exists; none: backups in kvgov's own folder",
        .accept = folder_accept,
    },
    { 0 },
};

/* Those without a backup in the archive since they changed. */
static bool is_due(const struct plan_input *input, const struct kv_object *object)
{
    const struct kv_backup *own =
        kv_estate_find_row(input->estate, KV_SET_BACKUPS, object->id);

    return !object->disabled && !object->managed &&
           !(own && own->updated_s >= object->updated_s);
}

/* A certificate as it is now: its own version, for the guard. */
static bool current_certificate(const struct inside *inside,
    const struct kv_object *object, struct inside_version *out)
{
    const char *id;

    *out = (struct inside_version){ 0 };
    out->item = inside_read(inside, object,
        "Microsoft.KeyVault/vaults/certificates/read", "/certificates/%s",
        object->name);
    id = value_text(out->item, "id");
    id = id ? strrchr(id, '/') : NULL;
    if (!id || strlen(id + 1) >= sizeof out->id || strchr(id + 1, '.'))
        return false;
    (void)snprintf(out->id, sizeof out->id, "%s", id + 1);
    (void)snprintf(out->find, sizeof out->find,
        "%s/certificates/%s?api-version=" PLANE_API, inside->host,
        object->name);
    return true;
}

static void back_up(
    const struct inside *inside, const struct kv_object *object)
{
    static const struct inside_right rights[] = {
        [KV_OBJECT_KEY] = { "keys/backup/action", "keys/backup/action" },
        [KV_OBJECT_SECRET] = { "secrets/backup/action", NULL },
        [KV_OBJECT_CERTIFICATE] = { "certificates/backup/action", NULL },
    };
    const char *name = inside_name(inside, object);
    struct inside_version version;
    struct buf path = { .limit = 512 };
    struct step *step;
    json_t *updated;

    if (object->kind == KV_OBJECT_CERTIFICATE
            ? !current_certificate(inside, object, &version)
            : !inside_current(inside, object, &version))
        return;
    if (!inside_has_room(inside))
        return;
    buf_putf(&path, "%s/%s/backup", inside->host, name);
    step = inside_step(inside, "POST", buf_text(&path), &rights[object->kind]);
    step_what(step, "back up %s", name);
    step_find_at(step, "%s", version.find);
    buf_clear(&path);
    buf_putf(&path, "%sattributes.updated", version.at);
    updated = value_at(version.item, "attributes.updated");
    step_set(step, buf_text(&path), updated, json_incref(updated), NULL);
    step_keep(step,
        json_pack("{s:s, s:s, s:I, s:s}", "object", name, "version", version.id,
            "updated", (json_int_t)json_integer_value(updated), "folder",
            input_option(inside->input, "folder")));
    step->proof = PROOF_ANSWER;
    buf_done(&path);
}

void backup_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct inside inside;

    if (inside_open_where(&inside, draft, input,
            INSIDE_KEYS | INSIDE_SECRETS | INSIDE_CERTIFICATES, is_due)) {
        for (size_t i = 0; i < inside.count; i++)
            if (!inside.objects[i]->managed)
                back_up(&inside, inside.objects[i]);
        inside_close(&inside, "what backs a certificate is in the backup of "
                              "the certificate");
    }
    preview->takes = "a second for each object";
    preview->undo = "no: delete the files by hand; what is in them cannot be "
                    "revoked";
    preview->impact =
        "Nobody loses access and nothing changes in Azure but its audit log. "
        "Whoever gets a file and may restore in this subscription and "
        "geography has the key or secret, also after it was deleted here: "
        "keep the files as you would the secrets.";
    preview_check(preview, KV_CHECK_WARN,
        "a backup can be restored only into a vault of the same subscription "
        "and geography, where the name is free");
    inside_done(&inside);
}
