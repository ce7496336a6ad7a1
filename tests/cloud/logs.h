#ifndef CLOUD_LOGS_H
#define CLOUD_LOGS_H

#include <jansson.h>
#include <stdbool.h>

/* The queries that an audit log is asked with, and no others:
 *
 *   AZKVAuditLogs
 *   | where TimeGenerated > ago(30d)
 *   | where _ResourceId =~ '/subscriptions/...'       or in~ ('...', '...')
 *   | where OperationName in ('SecretBackup', ...)    or endswith 'Backup'
 *   | where HttpStatusCode >= 300                     or == 403, != 401
 *   | summarize Calls = count(), Last = max(TimeGenerated) by A, B, ...
 *   | project A, B                                    instead of summarize
 *   | take 1000
 *
 * Every stage may be absent or occur again; A and B are any columns of the
 * table, or A = tostring(A). Conditions may be joined by "and". */
struct log_query {
    const char *at; /* what is left of the text */
    json_t *rows;   /* those that are still in, owned */
    json_t *answer; /* {tables:[{name, columns, rows}]}, owned */
    char problem[160];
};

/* rows is an array of objects and is borrowed. On success the answer is the
 * caller's; otherwise problem says what was not understood. */
bool log_query_run(struct log_query *query, const char *text, json_t *rows);

#endif
