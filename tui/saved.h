/* Saved views: the filter, the order and the columns of a list, by a name.
 * views.ini has a section for each. */
#ifndef SAVED_H
#define SAVED_H

#include "kvgov/error.h"
#include "list.h"

/* A name fits into one line of the file. */
#define SAVED_NAME_BYTES 40

/* Texts are owned. */
struct saved_view {
    char *name;
    char *screen; /* its title */
    char *filter;
    char *sort;    /* the title of a column, with "reversed" behind it or not */
    char *columns; /* "+MODEL -NET": those that do not go by the width */
};

/* Zero-initialise. In the order of the file. */
struct saved {
    struct saved_view *views;
    size_t count;
    size_t capacity;
};

/* Of the person's file, or of one; without one there are none. What cannot be
 * read fails with KV_BAD_INPUT, and says file and line. */
KV_NODISCARD enum kv_status saved_load(
    struct saved *saved, const char *path, struct kv_error *err);
/* Writes all of them, as a whole or not at all. Fails with KV_STORE. */
KV_NODISCARD enum kv_status saved_store(
    const struct saved *saved, const char *path, struct kv_error *err);
void saved_done(struct saved *saved);

/* NULL when there is none of that name, in any case. */
struct saved_view *saved_find(const struct saved *saved, const char *name);
/* What the list shows now, in place of the one of that name or as a new one.
 * Fails with KV_BAD_INPUT for a name or a filter that the file cannot hold. */
KV_NODISCARD enum kv_status saved_take(struct saved *saved, const char *name,
    const char *screen, const struct list *list, struct kv_error *err);
void saved_drop(struct saved *saved, struct saved_view *view);
/* Makes the list show it; columns that there are no more are left out. */
void saved_apply(const struct saved_view *view, struct list *list);

/* Appends the path of the person's views.ini; false without a folder. */
bool saved_path(struct buf *out);

#endif
