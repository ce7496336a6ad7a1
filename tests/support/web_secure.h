/* HTTPS for web.c alone. */
#ifndef SUPPORT_WEB_SECURE_H
#define SUPPORT_WEB_SECURE_H

#include "web.h"

/* As web_send(), to an https origin whose name is taken for this machine's,
 * whatever a name server would say. */
int web_send_secure(const struct web_request *request, struct buf *body);

#endif
