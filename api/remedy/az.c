/* A step as a command, for those who must go through change control. */
#include "plan.h"

#include <string.h>

#define BODY_LIMIT (1u << 20)

/* In single quotes a shell leaves everything alone but the quote itself. */
static void put_quoted(struct buf *out, const char *text)
{
    buf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_puts(out, "'\\''");
        else
            buf_putc(out, *text);
    }
    buf_putc(out, '\'');
}

/* A vault or HSM itself takes a token that is for vaults, or for HSMs. */
static const char *audience_of(const char *path)
{
    if (path[0] == '/')
        return NULL;
    return strstr(path, ".managedhsm.") ? "https://managedhsm.azure.net"
                                        : "https://vault.azure.net";
}

static void put_lower(struct buf *out, const char *text)
{
    for (; *text; text++)
        buf_putc(out, (char)(*text | 0x20));
}

/* A backup is long and best not seen: the shell takes it from its file. */
static void put_backup(struct buf *out, const char *file)
{
    buf_puts(out, " --body \"{\\\"value\\\":\\\"$(cat ");
    put_quoted(out, file);
    buf_puts(out, ")\\\"}\"");
}

/* `az rest` sends exactly this request, to the cloud that az is set to. `az
 * keyvault update` would read the whole vault and PUT it back. */
void step_az(const struct step *step, struct buf *out)
{
    struct buf text = { .limit = BODY_LIMIT };

    step_address(step, &text);
    buf_puts(out, "az rest --method ");
    put_lower(out, step->call.method);
    buf_puts(out, " --url ");
    put_quoted(out, buf_text(&text));
    if (audience_of(step->call.path))
        buf_putf(out, " --resource %s", audience_of(step->call.path));
    if (step->give)
        put_backup(out, value_text(step->give, "file"));
    buf_clear(&text);
    step_body(step, &text, JSON_COMPACT);
    if (text.size > 0) {
        buf_puts(out, " --body ");
        put_quoted(out, buf_text(&text));
    }
    buf_done(&text);
}

/* `az rest` does not wait until Azure has made what it took. */
void step_az_wait(
    const struct step *step, const struct step *next, struct buf *out)
{
    size_t size = strlen(step->call.path);

    if (step->call.path[0] != '/' ||
        strncmp(next->call.path, step->call.path, size) != 0 ||
        next->call.path[size] != '/')
        return;
    buf_puts(out, "az resource wait --created --interval 5 --ids ");
    put_quoted(out, step->call.path);
    buf_putf(out, " --api-version %s\n", step->call.api_version);
}
