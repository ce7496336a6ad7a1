/* What leaves the console as a file or a text: the rows of a list with all
 * their columns, also those that the window has no room for. */
#ifndef EXPORT_H
#define EXPORT_H

#include "list.h"

enum export_format {
    EXPORT_CSV,
    EXPORT_JSON,
    EXPORT_MARKDOWN,
};

const char *export_ending(enum export_format format); /* "csv" */
/* The rows that the list shows, in its order. A cell that a spreadsheet would
 * take for a formula gets a ' before it in CSV. */
void export_list(
    const struct list *list, enum export_format format, struct buf *out);
/* One row: its cells with tabs between, or one JSON object. */
void export_row(const struct list *list, uint32_t item, struct buf *out);
void export_row_json(const struct list *list, uint32_t item, struct buf *out);

/* Writes a new file of mode 0600 into the user's folder of exports, named
 * `title` in lower case, the time and `ending`; *path gets its name. Fails
 * with KV_STORE. */
KV_NODISCARD enum kv_status export_save(const char *title, const char *ending,
    int64_t now_s, struct view text, struct buf *path, struct kv_error *err);

#endif
