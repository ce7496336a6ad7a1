/* Who a token says that it is for. Only ever shown, never believed: nothing is
 * decided by it, and a token that cannot be read is as good as any other. */
#ifndef CLAIMS_H
#define CLAIMS_H

#include "base.h"

struct claims {
    char *user;     /* "pilar@contoso.example"; NULL for an application */
    char *app_name; /* NULL where the token does not say */
    char *app_id;
    char *tenant; /* GUID */
    char *object_id;
};

/* All NULL when `token` is no JWT. */
void claims_read(struct claims *claims, struct view token);
void claims_done(struct claims *claims);

#endif
