/* One vault as lists show it: its cells, how they sort, what a filter finds. */
#ifndef VAULT_ROW_H
#define VAULT_ROW_H

#include "kvgov/posture.h"
#include "list.h"

enum vault_column {
    VAULT_COLUMN_SEVERITY,
    VAULT_COLUMN_NAME,
    VAULT_COLUMN_KIND,
    VAULT_COLUMN_SUBSCRIPTION,
    VAULT_COLUMN_REGION,
    VAULT_COLUMN_NETWORK,
    VAULT_COLUMN_COUNTS,
    VAULT_COLUMN_PURGE,
    VAULT_COLUMN_MODEL,
    VAULT_COLUMN_LOGS,
    VAULT_COLUMN_DATA,
    VAULT_COLUMN_CHANGED,
};
#define VAULT_COLUMN_COUNT 12

extern const struct list_column vault_columns[VAULT_COLUMN_COUNT];

struct vault_row {
    const struct kv_estate *estate;
    const struct kv_posture *posture;
    const struct kv_policy *policy;
    int64_t now_s;
    uint32_t resource;
};

void vault_row_cell(const struct vault_row *row, enum vault_column column,
    struct list_cell *out);
struct list_order vault_row_order(
    const struct vault_row *row, enum vault_column column);

/* The rest is for lists of vaults whose context is a screen. */
struct vault_row vault_row_of(const void *context, uint32_t item);
extern const struct filter_field vault_fields[];
bool vault_row_word(
    const void *context, uint32_t item, const struct filter_term *term);

#endif
