/* Addresses as the transport needs them beside http.h: what is shown of one,
 * and whether it stays on this machine. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "http.h"

/* "management.azure.com" or "127.0.0.1:8443": what follows the scheme of an
 * origin. Borrowed from it. */
const char *address_host(const char *origin);

/* What follows the host, without query and fragment. Borrowed from `url`. */
struct view address_path(const char *url);

/* Whether an origin's host is 127.0.0.0/8, ::1, localhost or below that. */
bool address_is_loopback(const char *origin);
/* "kv-a.vault.localhost": a simulated vault, by name. */
bool address_is_below_localhost(const char *origin);

#endif
