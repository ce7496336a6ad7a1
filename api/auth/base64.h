/* Base64 as tokens use it (RFC 7515 section 2: the URL alphabet, no padding)
 * and as header fields do (RFC 4648). */
#ifndef BASE64_H
#define BASE64_H

#include "hidden.h"

/* URL alphabet, no padding. */
void base64_put_url(struct buf *out, struct view bytes);
/* Plain alphabet, padded. */
void base64_put(struct buf *out, struct view bytes);

/* Either alphabet, padded or not. The caller ends *out, which is empty and
 * false is returned where `text` is no base64 or more than 64 KiB. */
bool base64_decode(struct hidden *out, struct view text);

#endif
