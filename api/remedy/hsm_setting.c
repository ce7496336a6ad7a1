/* Remedies for a managed HSM as a whole: the setting that lets Azure Resource
 * Manager manage its keys, and a full backup. */
#include "contents.h"

#include <string.h>

#define SETTING "/settings/AllowKeyManagementOperationsThroughARM"

void hsm_setting_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct view host = view_of(input->resource->uri);
    struct buf path = { .limit = 1024 };
    const struct live_answer *live;
    struct step *step;

    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    buf_put(&path, host);
    buf_puts(&path, SETTING);
    live = draft_read(draft, "%s?api-version=" PLANE_API, buf_text(&path));
    if (live && !live->body)
        preview_check(preview, KV_CHECK_BLOCK,
            "its setting cannot be read, which takes "
            "Microsoft.KeyVault/managedHsm/settings/read in the HSM and a way "
            "through its network rules: %s",
            live->why ? live->why : "");
    if (live && live->body) {
        json_t *before = value_at(live->body, "value");

        step = draft_step(draft, "PATCH", buf_text(&path), PLANE_API);
        step_set(step, "value", before, json_string("false"),
            json_incref(before));
        step_action_is(
            step, "Microsoft.KeyVault/managedHsm/settings/write", true);
        step->reversible = true;
    }
    preview->takes = "seconds";
    preview->undo = "yes, the value read now comes back";
    preview->impact =
        "Whoever may write to the HSM in Azure can no longer make or list its "
        "keys through Azure Resource Manager: templates and pipelines that do "
        "so fail. Local roles keep working.";
    buf_done(&path);
}

/* ---- hsm-backup ---- */

/* "https://NAME.blob.SUFFIX/CONTAINER": a signature in it would end in plan
 * files and journals. */
static enum kv_status container_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    const char *host = "https://";
    const char *container;

    (void)option;
    if (strncmp(value, host, strlen(host)) == 0 && !strpbrk(value, "?#\\ ")) {
        container = strchr(value + strlen(host), '/');
        if (container && container[1] && !strchr(container + 1, '/'))
            return KV_OK;
    }
    return kv_error_set(err, KV_BAD_INPUT,
        "Write the address of a blob container without a signature: "
        "https://NAME.blob.core.windows.net/CONTAINER.");
}

const struct option_row hsm_backup_options[] = {
    {
        .name = "container",
        .label = "Blob container",
        .help = "https://NAME.blob.core.windows.net/CONTAINER; the HSM writes "
                "there with its user-assigned identity",
        .accept = container_accept,
    },
    { 0 },
};

static bool has_identity(json_t *subject)
{
    return json_object_size(
               value_at(subject, "identity.userAssignedIdentities")) > 0;
}

static bool can_back_up(struct preview *preview,
    const struct plan_input *input, const char *container)
{
    if (!*container)
        preview_check(preview, KV_CHECK_BLOCK,
            "where the backup goes is not said: name a blob container");
    else if (!has_identity(input->subject))
        preview_check(preview, KV_CHECK_BLOCK,
            "the HSM has no user-assigned identity to write to storage with: "
            "attach one that has Storage Blob Data Contributor on %s",
            container);
    else
        return true;
    return false;
}

static void tell_backup(struct preview *preview)
{
    preview->takes = "minutes, more with many keys: the HSM works on it and "
                     "is asked until it is done";
    preview->undo = "no: delete the folder in the container by hand";
    preview->impact =
        "Nobody loses access and nothing in the HSM changes. Who can read the "
        "container gets the keys and local roles, encrypted to the security "
        "domain; restoring takes that domain and a quorum of its keys.";
    preview_check(preview, KV_CHECK_UNKNOWN,
        "whether the identity may write to the container, and a firewall or "
        "immutability policy there, is UNKNOWN: the HSM finds out");
    preview_check(preview, KV_CHECK_UNKNOWN,
        "whether the security domain and a quorum of its keys are at hand is "
        "UNKNOWN: without them no backup can be restored");
}

/* The HSM must be the one that was shown; nothing in it changes. */
void hsm_backup_plan(struct draft *draft, const struct plan_input *input)
{
    const char *container = input_option(input, "container");
    json_t *uri = value_at(input->subject, "properties.hsmUri");
    struct view host = view_of(input->resource->uri);
    struct buf path = { .limit = 1024 };
    struct step *step;

    if (!can_back_up(&draft->preview, input, container))
        return;
    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    buf_put(&path, host);
    buf_puts(&path, "/backup");
    step = draft_step(draft, "POST", buf_text(&path), PLANE_API);
    step_what(step, "back up the HSM");
    step_body_is(step, json_pack("{s:s, s:b}", "storageResourceUri", container,
                           "useManagedIdentity", 1));
    step_find_at(
        step, "%s?api-version=" KEY_VAULT_API, input->resource->id);
    step_set(step, "properties.hsmUri", uri, json_incref(uri), NULL);
    step_action_is(
        step, "Microsoft.KeyVault/managedHsm/backup/start/action", true);
    step->proof = PROOF_ANSWER;
    tell_backup(&draft->preview);
    buf_done(&path);
}
