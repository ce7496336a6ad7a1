/* A vault's 403 names its reason in innererror.code and its particulars only in
 * the message (Key Vault's REST error codes). */
#include "plane_error.h"

#include <string.h>

/* What follows `mark` in the message, up to one of `ends`. */
static struct view after(
    struct view message, const char *mark, const char *ends)
{
    struct view rest = message;
    size_t size = strlen(mark);
    size_t length = 0;

    while (rest.size > size && memcmp(rest.data, mark, size) != 0) {
        rest.data++;
        rest.size--;
    }
    if (rest.size <= size)
        return (struct view){ NULL, 0 };
    rest.data += size;
    rest.size -= size;
    while (length < rest.size && !strchr(ends, rest.data[length]))
        length++;
    rest.size = length;
    return view_trim(rest);
}

static void needs_address(struct buf *out, struct view message)
{
    struct view address = after(message, "Client address: ", "\r\n ");

    buf_puts(out, "a firewall rule for ");
    if (address.size > 0)
        buf_put(out, address);
    else
        buf_puts(out, "this machine's public address");
    buf_puts(out, ", or an approved private endpoint");
}

static void needs_link(struct buf *out, struct view message)
{
    (void)message;
    buf_puts(out, "a way through an approved private endpoint, since public "
                  "access is off: run kvgov inside that network, and see that "
                  "the vault's name resolves to a private address there");
}

static void needs_role(struct buf *out, struct view message)
{
    struct view action = after(message, "Action: '", "'\r\n");
    struct view reason = after(message, "DecisionReason: '", "'\r\n");

    buf_puts(out, "a role with the data action ");
    if (action.size > 0)
        buf_put(out, action);
    else
        buf_puts(out, "for this read");
    if (view_equal_nocase(reason, view_of("DeniedByDenyAssignment")))
        buf_puts(out, ", and no deny assignment against it");
}

/* "... does not have keys list permission on key vault ..." */
static void needs_policy(struct buf *out, struct view message)
{
    struct view permission = after(message, "does not have ", "\r\n");
    static const char end[] = " permission";
    size_t length = 0;

    while (length + sizeof end - 1 <= permission.size &&
           memcmp(permission.data + length, end, sizeof end - 1) != 0)
        length++;
    buf_puts(out, "an access policy with the permission ");
    if (permission.size >= sizeof end - 1 &&
        length + sizeof end - 1 <= permission.size)
        buf_put(out, (struct view){ permission.data, length });
    else
        buf_puts(out, "for this read");
}

static void needs_no_policy(struct buf *out, struct view message)
{
    (void)message;
    buf_puts(out, "an exemption from the Azure Policy that forbids this");
}

bool plane_error_needs(struct buf *out, const struct azure_error *error)
{
    static const struct {
        const char *code;
        void (*put)(struct buf *out, struct view message);
    } rows[] = {
        { "ForbiddenByFirewall", needs_address },
        { "ForbiddenByConnection", needs_link },
        { "ForbiddenByRbac", needs_role },
        { "AccessDenied", needs_policy },
        { "ForbiddenByPolicy", needs_no_policy },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (view_equal_nocase(error->inner, view_of(rows[i].code))) {
            rows[i].put(out, error->message);
            return true;
        }
    return false;
}
