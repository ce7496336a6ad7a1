/* What a journal record says, as JSON and back. Which members there are is
 * known here and nowhere else. */
#ifndef BODY_H
#define BODY_H

#include "journal.h"

#include <jansson.h>

/* One line of JSON each, appended. */
void body_put_intent(struct buf *out, const struct journal_intent *intent);
void body_put_outcome(struct buf *out, const struct journal_outcome *outcome);
void body_put_note(
    struct buf *out, const char *who, const char *action, const char *reason);

/* NULL when it is no JSON object; json_decref() ends it. */
json_t *body_parse(struct view body);

/* Sets the members that the body has; the texts stay the body's. Members that
 * are missing or of another type are "" , 0 or false. */
void body_get_intent(struct kv_journal_entry *out, const json_t *body);
void body_get_outcome(struct kv_journal_entry *out, const json_t *body);
void body_get_note(struct kv_journal_entry *out, const json_t *body);

#endif
